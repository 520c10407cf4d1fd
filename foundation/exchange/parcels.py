"""Files on their way into an importer that keeps no list: tried out when they come, brought in once confirmed.

Nothing of them stands in the database. They lie in a folder of their own below PRIVATE_ROOT that names its owner, and
go with the old uploads (actions.sweep).
"""

from __future__ import annotations

import json
import unicodedata
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from foundation.exchange.reading import MOST_BYTES
from foundation.jobs.actions import start
from foundation.jobs.models import Job
from foundation.offers.find import file_screens
from foundation.offers.types import FileScreen, Importer, Refused, Unreadable

BRING_IN = "exchange.bring_in_files"
LONGEST_NAME = 80  # characters: file systems take 255 bytes, Chinese has three in each


@dataclass
class Parcel:
    """What somebody sent: trial is the importer's answer when it came, outcome the one of the import; job does it."""

    pk: str
    importer_name: str
    owner: int
    arguments: dict[str, str]
    files: list[str] = field(default_factory=list)
    trial: dict[str, Any] = field(default_factory=dict)
    accepted: bool = False
    job: str = ""
    outcome: dict[str, Any] = field(default_factory=dict)

    @property
    def importer(self) -> Importer:
        """What takes it."""
        return file_screens()[self.importer_name]

    @property
    def screen(self) -> FileScreen:
        """The importer's page."""
        screen = self.importer.screen
        assert screen is not None
        return screen

    @property
    def folder(self) -> Path:
        return Path(settings.PRIVATE_ROOT) / "uploads" / self.pk

    @property
    def path(self) -> Path:
        """What the importer is given: the one file, or the folder of all."""
        inside = self.folder / "files"
        return inside if self.screen.most > 1 else inside / self.files[0]

    @property
    def may_be_confirmed(self) -> bool:
        """Taken by the importer, something to write, and not under way yet."""
        return self.accepted and not self.job and self.screen.writes(self.trial) > 0

    def run(self, *, dry_run: bool, actor: Any) -> tuple[dict[str, Any], bool]:
        """The importer's answer, and whether it took the files; what cannot be read is an answer, too."""
        try:
            return self.importer.run(self.path, dry_run=dry_run, actor=actor, **self.arguments)
        except Unreadable as problem:
            return self.importer.unreadable(str(problem)), False

    def save(self) -> None:
        """Write what is known of it, whole or not at all."""
        draft = self.folder / "parcel.draft"
        draft.write_text(json.dumps(asdict(self), ensure_ascii=False), encoding="utf-8")
        draft.chmod(0o600)
        draft.replace(self.folder / "parcel.json")


def receive(*, importer: Importer, files: Iterable[Any], arguments: Mapping[str, str], owner: Any) -> Parcel:
    """Keep uploaded files and try them out; nothing is written to the room. files: Django's UploadedFile.

    Raises Unreadable for a name that is there twice or of a kind that is not taken, and for a file that is too large;
    nothing is kept then.
    """
    parcel = Parcel(pk=str(uuid.uuid4()), importer_name=importer.name, owner=owner.pk, arguments=dict(arguments))
    named = [(_safe_name(file.name), file) for file in files]
    _check(named, parcel.screen)
    inside = parcel.folder / "files"
    inside.mkdir(mode=0o700, parents=True)
    for name, file in named:
        with (inside / name).open("wb") as kept:
            (inside / name).chmod(0o600)
            for chunk in file.chunks():
                kept.write(chunk)
        parcel.files.append(name)
    parcel.trial, parcel.accepted = parcel.run(dry_run=True, actor=owner)
    parcel.save()
    return parcel


def _safe_name(name: str) -> str:
    """The last part of a name without signs that are no text; its ending stays."""
    plain = "".join(sign for sign in Path(name).name if unicodedata.category(sign)[0] != "C").strip(" .")
    path = Path(plain)
    return f"{path.stem[: LONGEST_NAME - len(path.suffix)]}{path.suffix}"


def _check(named: list[tuple[str, Any]], screen: FileScreen) -> None:
    seen: set[str] = set()
    for name, file in named:
        if Path(name).suffix.lower() not in screen.endings or not Path(name).stem:
            raise Unreadable(
                _("不能导入“%(name)s”，只能是 %(endings)s 文件。")
                % {"name": name, "endings": "、".join(screen.endings)}
            )
        if file.size > MOST_BYTES:
            facts = {"name": name, "most": MOST_BYTES // 2**20}
            raise Unreadable(_("“%(name)s”超过 %(most)s MB，请拆分后再导入。") % facts)
        if name.casefold() in seen:
            raise Unreadable(_("有两个文件都叫“%(name)s”，请改名后再传。") % {"name": name})
        seen.add(name.casefold())


def parcel_of(account: Any, pk: Any) -> Parcel | None:
    """The account's own parcel; None where it is gone or somebody else's."""
    try:
        known = json.loads(
            (Path(settings.PRIVATE_ROOT) / "uploads" / str(uuid.UUID(str(pk))) / "parcel.json").read_text()
        )
    except (OSError, ValueError):
        return None
    parcel = Parcel(**known)
    return parcel if parcel.owner == account.pk and parcel.importer_name in file_screens() else None


def confirm(*, parcel: Parcel, actor: Any) -> Job:
    """Start the import. Raises Refused where there is nothing to confirm, or where it was confirmed before."""
    if not parcel.may_be_confirmed:
        raise Refused("not_confirmable", _("这些文件已经确认过，或者没有可以导入的内容。"))
    with transaction.atomic():
        try:
            (parcel.folder / "confirmed").touch(mode=0o600, exist_ok=False)  # of two clicks one gets through
        except FileExistsError:
            raise Refused("confirmed", _("已经确认过，正在导入。")) from None
        try:
            job = start(BRING_IN, actor=actor, parcel=parcel.pk)
            parcel.job = str(job.pk)
            parcel.save()
        except BaseException:
            (parcel.folder / "confirmed").unlink()
            raise
    return job


def bring_in(*, parcel: Parcel, actor: Any) -> None:
    """Do the import, once; a second run finds the outcome. Raises Refused with the importer's first word against it."""
    if parcel.outcome:
        return
    outcome, accepted = parcel.run(dry_run=False, actor=actor)
    if not accepted:
        problems = outcome.get("problems") or [{"what": _("文件没有通过检查。")}]
        raise Refused("not_accepted", problems[0]["what"])
    parcel.outcome = outcome
    parcel.save()
