"""Long work on uploads: the check of a large file, the import, and the sweeping of old files."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.exchange import actions, parcels
from foundation.exchange.models import Upload
from foundation.exchange.queries import uploads_of
from foundation.offers import clock
from foundation.offers.types import Handler, Progress, Refused, Unreadable


def _upload(pk: str, actor: Any) -> Upload:
    """The actor's own upload. Raises Refused where it is gone, or where they may no longer keep the list."""
    upload = uploads_of(actor).filter(pk=pk, swept_at=None).first()
    if upload is None:
        raise Refused("upload_gone", _("文件已经清除，请重新上传。"))
    if not upload.kept.may_use(actor):
        raise Refused("not_allowed", _("你已经没有导入%(list)s的权限。") % {"list": upload.kept.title})
    return upload


def check(*, actor: Any, progress: Progress, upload: str) -> None:
    """Find out what an import would do."""
    found = _upload(upload, actor)
    progress(0, 1, _("正在逐行检查"))
    try:
        actions.run_check(upload=found, actor=actor)
    except Unreadable as problem:
        raise Refused("unreadable", str(problem)) from problem
    progress(1, 1, _("已检查"))


def bring_in(*, actor: Any, progress: Progress, upload: str) -> None:
    """Write what was confirmed."""
    try:
        actions.bring_in(upload=_upload(upload, actor), progress=progress, actor=actor, now=clock.now())
    except Unreadable as problem:
        raise Refused("unreadable", str(problem)) from problem


def bring_in_files(*, actor: Any, progress: Progress, parcel: str) -> None:
    """Bring in files that were confirmed."""
    found = parcels.parcel_of(actor, parcel)
    if found is None:
        raise Refused("upload_gone", _("文件已经清除，请重新上传。"))
    if not found.screen.may_use(actor):
        raise Refused("not_allowed", _("你已经没有导入%(list)s的权限。") % {"list": found.screen.title})
    progress(0, len(found.files), _("正在导入"))
    parcels.bring_in(parcel=found, actor=actor)
    progress(len(found.files), len(found.files), _("已导入"))


def sweep(*, actor: Any, progress: Progress) -> None:
    """Delete uploads that have lain for long (every day, by beat)."""
    actions.sweep(now=clock.now())


def _page(upload: str) -> str:
    return reverse("exchange_admin:upload", args=[upload])


def _parcel_page(parcel: str) -> str:
    return reverse("exchange_admin:parcel", args=[parcel])


HANDLERS = [
    Handler(kind=actions.CHECK, title=gettext_lazy("检查待导入的文件"), run=check, done_url=_page),
    Handler(kind=actions.BRING_IN, title=gettext_lazy("导入表格"), run=bring_in, done_url=_page),
    Handler(kind=parcels.BRING_IN, title=gettext_lazy("导入文件"), run=bring_in_files, done_url=_parcel_page),
    Handler(kind="exchange.sweep", title=gettext_lazy("清除过期的上传文件"), run=sweep),
]
