"""Long work of people: the papers of a batch, first-password slips, and what a new day brings."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.documents import actions as documents
from foundation.documents import fonts
from foundation.documents.models import IssuedDocument
from foundation.documents.preview import plain
from foundation.offers import clock
from foundation.offers.find import kinds
from foundation.offers.types import Handler, Progress, Ref, Refused
from foundation.people import slips
from foundation.people.actions import renew_first_password
from foundation.people.careers import refresh_people
from foundation.people.enums import Role
from foundation.people.kinds import DATA, SLIP, batches
from foundation.people.queries import touched_between
from foundation.people.reorganise import refresh_units
from foundation.people.scope import role_units

ISSUE_BATCH = "people.issue_batch"
NEW_DAY = "people.new_day"
_LOOK_BACK = dt.timedelta(days=31)  # an office that was switched off over a holiday catches up


def issue_batch(*, actor: Any, progress: Progress, batch: int, packing: str) -> str:
    """A paper for everybody of a closed batch, in one merged file or as a zip of the signed singles.

    Safe to run twice: what stands is not issued again, and what was revoked stays revoked (issuing it anew is the
    register's business). A name that no face can print stops its own paper and nobody else's.
    """
    found = batches(actor).filter(pk=batch).first()
    if found is None:
        raise Refused("out_of_scope", _("这个批次不在你的管理范围内。"))
    people = list(found.recipients.all())
    revoked = set(
        IssuedDocument.objects.filter(source_label="documents.batch", source_pk=found.pk)
        .exclude(revoked_at=None)
        .filter(superseded_by=None)
        .values_list("holder_pk", flat=True)
    )
    refused: list[str] = []
    left_out = [person.holder_name for person in people if person.holder_pk in revoked]

    def issued() -> Iterator[IssuedDocument]:
        for done, person in enumerate(people):
            progress(done, len(people), person.holder_name)
            if person.holder_pk in revoked:
                continue
            data = DATA[found.kind](found, name=person.holder_name, facts=person.facts)
            try:
                yield documents.issue(kind=found.kind, holder=person.ref, source=Ref.to(found), data=data, actor=actor)
            except Refused as refusal:
                refused.append(f"{person.holder_name}：{refusal}")

    name = Path("results") / f"batch-{found.pk}.{'zip' if packing == 'zip' else 'pdf'}"
    gather = documents.zipped if packing == "zip" else documents.merge
    gather(issued(), Path(settings.PRIVATE_ROOT) / name)
    summary = _("共 %(n)s 份") % {"n": len(people) - len(refused) - len(left_out)}
    if left_out:
        summary += _("；已撤销、没有重新签发 %(n)s 份") % {"n": len(left_out)}
    if refused:
        summary += _("；未签发 %(n)s 份：%(who)s") % {"n": len(refused), "who": "；".join(refused)}
    progress(len(people), len(people), summary)
    return str(name)


def print_slips(*, actor: Any, progress: Progress, unit: int, used_too: bool) -> str:
    """New first passwords for a unit's people, on slips; the file is sealed and handed out once.

    Whoever's rule says no is left out and named. Cut off and run again, everybody gets another password: the slips of
    the first attempt were never there.
    """
    where = role_units(actor, Role.HR).filter(pk=unit).first()
    if where is None:
        raise Refused("out_of_scope", _("这个单位不在你的管理范围内。"))
    found = slips.candidates(actor, unit=where, used_too=used_too)
    people = [(cadre, cadre.account) for cadre in found if cadre.account]
    made, refused = [], []
    for done, (cadre, account) in enumerate(people):
        progress(done, len(people), cadre.name)
        lost = fonts.missing(f"{cadre.name}{cadre.unit.name}{account.username}")
        if lost:  # before the password is another one: a slip that cannot be drawn must cost nobody theirs
            refused.append(_("%(name)s：文书字库没有“%(lost)s”") % {"name": cadre.name, "lost": "".join(lost)})
            continue
        try:
            password = renew_first_password(account=account, actor=actor)
        except Refused as refusal:
            refused.append(f"{cadre.name}：{refusal}")
        else:
            made.append(
                {"name": cadre.name, "unit": cadre.unit.name, "username": account.username, "password": password}
            )
    if not made:
        raise Refused("nobody", _("没有可以打印密码条的人。") + "；".join(refused))
    name = Path("results") / f"slips-{secrets.token_hex(8)}.pdf"
    slips.seal_file(Path(settings.PRIVATE_ROOT) / name, plain(kinds()[SLIP], {"slips": made}))
    summary = _("共 %(n)s 条") % {"n": len(made)}
    if refused:
        summary += _("；没有打印 %(n)s 人：%(who)s") % {"n": len(refused), "who": "；".join(refused)}
    progress(len(people), len(people), summary)
    return str(name)


def new_day(*, actor: Any, progress: Progress) -> None:
    """Bring today's columns in line with what was planned for today (every hour, by beat): it needs no scope, for it
    tells nobody anything."""
    today = clock.today()
    refresh_units(today=today)
    refresh_people(touched_between(today - _LOOK_BACK, today), today=today)


HANDLERS = [
    Handler(
        kind=ISSUE_BATCH,
        title=gettext_lazy("签发批次文书"),
        run=issue_batch,
        done_url=lambda batch, packing: reverse("certificates_admin:batch", args=[batch]),
        may_read=lambda account, batch, packing: batches(account).filter(pk=batch).exists(),
    ),
    Handler(
        kind=slips.PRINT_SLIPS,
        title=gettext_lazy("打印首次登录密码条"),
        run=print_slips,
        done_url=lambda unit, used_too: reverse("certificates_admin:slips"),
        may_read=lambda account, unit, used_too: role_units(account, Role.HR).filter(pk=unit).exists(),
        read_once=slips.unseal_file,
    ),
    Handler(kind=NEW_DAY, title=gettext_lazy("按生效日期更新人员和单位"), run=new_day),
]
