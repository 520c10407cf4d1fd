"""The way of a file into a list: received, headings matched, checked, confirmed, brought in. Nothing is written before
the last step, and that one writes exactly what the person saw when they confirmed."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from foundation.audit.record import record
from foundation.exchange import imports
from foundation.exchange.enums import Event, State
from foundation.exchange.models import KnownHeading, Upload
from foundation.exchange.reading import MOST_BYTES
from foundation.exchange.tables import Table
from foundation.jobs.actions import start
from foundation.jobs.models import Job
from foundation.offers.lists import KeptList, Outcome
from foundation.offers.types import Progress, Refused, Unreadable

CHECK, BRING_IN = "exchange.check", "exchange.bring_in"
KEEP = dt.timedelta(days=7)  # uploads with people's data; then only the counts stay
AT_ONCE = 256 * 1024  # bytes, some 3,000 rows: checked while the person waits; larger files are a job's work


def receive(
    *, kept: KeptList, name: str, chunks: Iterable[bytes], owner: Any, now: dt.datetime
) -> tuple[Upload, Table]:
    """Keep a file that somebody uploaded, and read it once. Raises Unreadable when it is no spreadsheet or too large;
    nothing is kept then."""
    upload = Upload(list_name=kept.name, owner=owner, file_name=Path(name).name[:255], created_at=now)
    upload.folder.mkdir(mode=0o700, parents=True)
    try:
        digest, size = hashlib.sha256(), 0
        with upload.path.open("wb") as file:
            upload.path.chmod(0o600)
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                if size > MOST_BYTES:
                    raise Unreadable(_("文件超过 %(most)s MB，请拆分后再导入。") % {"most": MOST_BYTES // 2**20})
                file.write(chunk)
        upload.sha256, upload.size = digest.hexdigest(), size
        upload.chosen = remembered(kept, owner)
        table = imports.read_table(kept, upload.path, upload.chosen)
    except BaseException:
        shutil.rmtree(upload.folder)
        raise
    with transaction.atomic():
        upload.save(force_insert=True)
        record(Event.RECEIVED, target=upload, actor=owner, list=kept.name, sha256=upload.sha256)
    return upload, table


def remembered(kept: KeptList, account: Any) -> dict[str, str]:
    """What the account's office said of headings before: plain heading → column name, or "": left out."""
    known = KnownHeading.objects.filter(office=kept.office(account), list_name=kept.name)
    return dict(known.values_list("heading", "column"))


def match_headings(*, upload: Upload, chosen: Mapping[str, str], actor: Any) -> None:
    """Say which heading is which column ("": left out), and remember it for the office's next file."""
    with transaction.atomic():
        held = _open(upload)
        held.chosen = {**held.chosen, **chosen}
        held.state = State.RECEIVED
        held.save(update_fields=["chosen", "state"])
        office = held.kept.office(actor)
        KnownHeading.objects.bulk_create(
            [
                KnownHeading(office=office, list_name=held.list_name, heading=heading[:200], column=column)
                for heading, column in chosen.items()
            ],
            update_conflicts=True,
            unique_fields=["office", "list_name", "heading"],
            update_fields=["column"],
        )


def check(*, upload: Upload, actor: Any) -> Job | None:
    """Find out what an import would do; for a large file by a job, which is returned then."""
    if upload.size <= AT_ONCE:
        with transaction.atomic():
            _open(upload)
            Upload.objects.filter(pk=upload.pk).update(state=State.RECEIVED, language=translation.get_language())
        run_check(upload=upload, actor=actor)
        return None
    with transaction.atomic():
        held = _open(upload)
        held.state, held.language = State.CHECKING, translation.get_language() or ""
        held.job = start(CHECK, actor=actor, upload=str(held.pk))
        held.save(update_fields=["state", "language", "job"])
    return held.job


def run_check(*, upload: Upload, actor: Any) -> None:
    """The dry run: what it finds is kept beside the file, its fingerprint in the row."""
    upload.refresh_from_db()
    with translation.override(upload.language):
        table = imports.read_table(upload.kept, upload.path, upload.chosen)
        with transaction.atomic():
            held = Upload.objects.select_for_update().get(pk=upload.pk)
            if held.state in (State.CONFIRMED, State.DONE, State.DISCARDED):
                return  # a second worker came late
            outcome = imports.take(held.kept, table, dry_run=True, actor=actor, scoped=True)
            _write_report(held, outcome)
            held.state = State.CHECKED
            held.fingerprint = outcome.fingerprint
            held.counts = _counts(outcome)
            held.save(update_fields=["state", "fingerprint", "counts"])
    upload.refresh_from_db()


def confirm(*, upload: Upload, fingerprint: str, actor: Any) -> Job:
    """Start the import of what was seen. A second click gets the same job.

    Raises Refused where the page is older than the last check, or where there is nothing that may be written.
    """
    with transaction.atomic():
        held = Upload.objects.select_for_update(of=("self",)).select_related("job").get(pk=upload.pk)
        if held.state in (State.CONFIRMED, State.DONE) and held.job and not held.is_stuck:
            return held.job
        if held.state != State.CHECKED or held.fingerprint != fingerprint:
            raise Refused("stale_page", _("这一页之后文件又检查过一次。请看完新的检查结果，再确认导入。"))
        if not held.may_be_confirmed:
            raise Refused("nothing_to_write", _("文件里还有错误，或者没有要写入的内容，不能导入。"))
        held.state = State.CONFIRMED
        held.job = start(BRING_IN, actor=actor, upload=str(held.pk))
        held.save(update_fields=["state", "job"])
        return held.job


def bring_in(*, upload: Upload, progress: Progress, actor: Any, now: dt.datetime) -> None:
    """Write what was confirmed; once, however often it is run: the list's rows and the upload's DONE stand or fall
    together.

    Raises Refused, and writes nothing, when the file, the data or the actor's reach has changed since the check, so
    that something else would happen than the person saw.
    """
    total = upload.counts["rows"]
    progress(0, total, _("正在读取文件"))
    if hashlib.sha256(upload.path.read_bytes()).hexdigest() != upload.sha256:
        raise Refused("file_changed", _("服务器上的文件与上传时不同，没有导入。请重新上传。"))
    with translation.override(upload.language):
        table = imports.read_table(upload.kept, upload.path, upload.chosen)
        progress(0, total, _("正在核对并写入"))
        with transaction.atomic():
            held = Upload.objects.select_for_update().get(pk=upload.pk)
            if held.state == State.DONE:
                return  # an earlier run was cut off after its commit
            if held.state != State.CONFIRMED:
                raise Refused("not_confirmed", _("这份文件没有等待导入。"))
            outcome = imports.take(held.kept, table, dry_run=False, actor=actor, scoped=True)
            if as_seen := outcome.fingerprint == held.fingerprint:
                held.state, held.finished_at = State.DONE, now
                held.save(update_fields=["state", "finished_at"])
                record(Event.IMPORTED, target=held, actor=actor, list=held.list_name, **held.counts)
            else:
                transaction.set_rollback(True)
    if not as_seen:
        Upload.objects.filter(pk=upload.pk, state=State.CONFIRMED).update(state=State.STALE)
        raise Refused("stale", _("检查之后，系统里的数据或你的权限有了变化，所以没有导入。请重新检查，再确认。"))
    progress(total, total, _("已导入"))


def discard(*, upload: Upload, actor: Any, now: dt.datetime) -> None:
    """Give the file up; it is deleted at once."""
    with transaction.atomic():
        held = _open(upload)
        held.state, held.swept_at = State.DISCARDED, now
        held.save(update_fields=["state", "swept_at"])
        record(Event.DISCARDED, target=held, actor=actor)
        transaction.on_commit(lambda: shutil.rmtree(held.folder, ignore_errors=True))


def sweep(*, now: dt.datetime) -> int:
    """Delete the files of uploads that are older than KEEP, and folders that no row knows of. Returns how many."""
    old = Upload.objects.filter(swept_at=None, created_at__lt=now - KEEP).select_related("job")
    swept = 0
    for upload in old:
        if upload.job is not None and upload.job.is_open:
            continue
        shutil.rmtree(upload.folder, ignore_errors=True)
        state = upload.state if upload.state == State.DONE else State.DISCARDED
        swept += Upload.objects.filter(pk=upload.pk, state=upload.state).update(swept_at=now, state=state)
    root = Path(settings.PRIVATE_ROOT) / "uploads"
    known = {str(pk) for pk in Upload.objects.filter(swept_at=None).values_list("pk", flat=True)}
    for folder in root.iterdir() if root.is_dir() else ():
        if folder.name not in known and folder.stat().st_mtime < (now - KEEP).timestamp():
            shutil.rmtree(folder, ignore_errors=True)
            swept += 1
    return swept


def _open(upload: Upload) -> Upload:
    """The row, locked. Raises Refused where it can no longer be changed."""
    held = Upload.objects.select_for_update(of=("self",)).select_related("job").get(pk=upload.pk)
    if not held.is_open:
        raise Refused("upload_closed", _("这份文件已经导入、正在处理或已经清除，不能再改。"))
    return held


def _counts(outcome: Outcome) -> dict[str, int]:
    answer = outcome.answer()
    return {
        "rows": len(outcome.became),
        **{key: answer[key] for key in ("new", "changed", "unchanged", "bad", "warnings")},
        "faults": sum(problem.level == "bad" for problem in outcome.problems),
        "changes": len(outcome.changes),
    }


def _write_report(upload: Upload, outcome: Outcome) -> None:
    report = {
        "problems": [problem.answer() for problem in outcome.problems],
        "changes": [asdict(change) for change in outcome.changes],
    }
    draft = upload.report_path.with_suffix(".draft")
    draft.write_text(json.dumps(report, ensure_ascii=False), encoding="utf-8")
    draft.chmod(0o600)
    draft.replace(upload.report_path)
