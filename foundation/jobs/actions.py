"""Starting, running, cancelling and sweeping of jobs."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any
from uuid import UUID

from celery import current_app
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from foundation.audit.record import record
from foundation.jobs import processes
from foundation.jobs.enums import OPEN, Event, State
from foundation.jobs.models import Job
from foundation.jobs.notice_kinds import ENDED
from foundation.offers import clock
from foundation.offers.find import handlers
from foundation.offers.tell import tell
from foundation.offers.types import Refused

log = logging.getLogger(__name__)

STALE = dt.timedelta(seconds=90)  # no progress for this long: its worker is gone
MOST_ATTEMPTS = 5  # in a row, without an item done in between
KEEP_BEATS = dt.timedelta(days=1)  # the system's own finished jobs: thousands a day, each of them dull
KEEP_UNTAKEN = dt.timedelta(days=1)  # a result that is read once
KNOCKS = 1000  # at most, in one sweep


class Cancelled(Exception):
    """Raised by progress() inside a handler when its owner cancelled the job."""


def start(kind: str, *, actor: Any, **ids: Any) -> Job:
    """Save a job and enqueue it after commit.

    kind: of a Handler on offer (KeyError otherwise). actor: the account that owns the job and may see its result;
    None for the system. ids: plain JSON values that the handler takes.
    """
    handlers()[kind]
    now = clock.now()
    with transaction.atomic():
        job = Job.objects.create(kind=kind, owner=actor, ids=ids, created_at=now, beat_at=now)
        if actor is not None:
            record(Event.STARTED, target=job, actor=actor, kind=kind, ids=ids)
        transaction.on_commit(lambda: _enqueue(job.pk))
    return job


def _enqueue(job_id: UUID) -> None:
    try:
        current_app.send_task("jobs.run_job", args=[str(job_id)])  # by name: tasks.py imports this module
    except (OSError, OperationalError):  # the broker is away; the sweep will knock again
        log.exception("job %s could not be enqueued", job_id)


def run(job_id: str | UUID) -> None:
    """Do the job's work, once: a second worker that comes with the same job finds it taken and leaves.

    The handler is safe to run twice, so a job whose worker was killed is taken up again by sweep().
    """
    claimed = Job.objects.filter(pk=job_id, state=State.QUEUED).update(
        state=State.RUNNING, attempts=F("attempts") + 1, beat_at=clock.now(), message="", worker=processes.this()
    )
    if not claimed:
        return
    job = Job.objects.select_related("owner").get(pk=job_id)

    def progress(done: int, total: int, message: Any = "") -> None:
        changes = {"done": done, "total": total, "message": str(message)[:500], "beat_at": clock.now()}
        if done > job.done:  # further than any attempt before: the cuts so far do not count against it
            changes["attempts"] = 1
        alive = Job.objects.filter(pk=job.pk, state=State.RUNNING, worker=processes.this()).update(**changes)
        if not alive:
            raise Cancelled

    try:
        result = job.handler.run(actor=job.owner, progress=progress, **job.ids)
    except Cancelled:
        return
    except Refused as refusal:
        _finish(job, State.FAILED, message=str(refusal))
    except Exception:
        log.exception("job %s (%s) failed", job.pk, job.kind)
        number = str(job.pk)[:8].upper()
        _finish(
            job,
            State.FAILED,
            message=_("系统出了问题，已记录编号 %(number)s。已完成的部分保留，可以重试。") % {"number": number},
        )
    else:
        _finish(job, State.DONE, result=result or "")


def _finish(job: Job, state: State, **fields: Any) -> None:
    mine = Job.objects.filter(pk=job.pk, state=State.RUNNING, worker=processes.this())
    with transaction.atomic():
        if mine.update(state=state, finished_at=clock.now(), worker="", **fields):
            _tell_owner(job, state)


def _tell_owner(job: Job, state: State) -> None:
    if job.owner is not None:
        told = {"job": str(job.pk), "kind": job.kind, "state": state}
        tell(to=job.owner, kind=ENDED, context=told, dedupe=f"{ENDED}:{job.pk}")


def cancel(*, job: Job, actor: Any) -> None:
    """Stop a job after the item that it is at. Raises Refused when it has already ended."""
    with transaction.atomic():
        ended = Job.objects.filter(pk=job.pk, state__in=OPEN).update(state=State.CANCELLED, finished_at=clock.now())
        if not ended:
            raise Refused("job_ended", _("任务已经结束，不能取消。"))
        record(Event.CANCELLED, target=job, actor=actor)


def retry(*, job: Job, actor: Any) -> Job:
    """Start the same work again; what was done stays done. Raises Refused while the job is still open."""
    if job.is_open:
        raise Refused("job_open", _("任务还在进行中。"))
    return start(job.kind, actor=actor, **job.ids)


def take_result(*, job: Job, actor: Any) -> bytes:
    """The bytes of a result that is read once; from then on they are nowhere any more. Raises Refused the second time.

    The file is read before the row is let go: what cannot be read is not lost.
    """
    path, read = job.result_path, job.handler.read_once
    with transaction.atomic():
        locked = Job.objects.select_for_update().get(pk=job.pk)
        if path is None or read is None or locked.result != job.result or not path.is_file():
            raise Refused("taken", _("结果文件已经下载过，只能下载一次。需要的话请重新生成。"))
        data = read(path)
        locked.result = ""
        locked.message = _("结果文件已经下载，系统不再保存。")
        locked.save(update_fields=["result", "message"])
        record(Event.RESULT_TAKEN, target=locked, actor=actor)
        path.unlink()
    return data


def _forget_untaken(now: dt.datetime) -> None:
    """What was to be read once and nobody fetched within a day."""
    once = [kind for kind, handler in handlers().items() if handler.read_once]
    for job in Job.objects.filter(kind__in=once, finished_at__lt=now - KEEP_UNTAKEN).exclude(result=""):
        if job.result_path:
            job.result_path.unlink(missing_ok=True)
        Job.objects.filter(pk=job.pk).update(result="", message=_("结果文件超过一天没有下载，已经删除。"))


def sweep(*, at_start: bool = False) -> int:
    """Put jobs whose worker is gone back in the queue; called at worker start and by beat.

    A worker is gone when its process on this machine is no longer there, or when it has not reported for STALE (it may
    have been on another machine). Jobs that wait for a message which was lost with a killed worker are knocked for
    again: at a worker's start all of them, later those that have waited for STALE. Knocking twice is harmless.

    Returns how many jobs were knocked for. A job that was cut off MOST_ATTEMPTS times without getting any further is
    given up with a sentence; its owner can start it again.
    """
    now = clock.now()
    Job.objects.filter(owner=None, state=State.DONE, finished_at__lt=now - KEEP_BEATS).delete()
    _forget_untaken(now)
    running = Job.objects.filter(state=State.RUNNING).values_list("pk", "worker", "beat_at")
    gone = [pk for pk, worker, beat_at in running if beat_at < now - STALE or processes.is_gone(worker)]
    lost = Job.objects.filter(pk__in=gone, state=State.RUNNING)
    for job in lost.filter(attempts__gte=MOST_ATTEMPTS).select_related("owner"):
        with transaction.atomic():
            given_up = lost.filter(pk=job.pk).update(
                state=State.FAILED, finished_at=now, message=_("任务多次中断，请联系系统管理员。"), worker=""
            )
            if given_up:
                _tell_owner(job, State.FAILED)
    lost.update(state=State.QUEUED, worker="")
    waiting = Job.objects.filter(state=State.QUEUED)
    if not at_start:
        waiting = waiting.filter(Q(pk__in=gone) | Q(beat_at__lt=now - STALE))
    ids = list(waiting.order_by("created_at").values_list("pk", flat=True)[:KNOCKS])
    Job.objects.filter(pk__in=ids).update(beat_at=now)
    for job_id in ids:
        _enqueue(job_id)
    return len(ids)
