"""Reads of the running system: how long work stands, without what it is about."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from celery import current_app
from django.core.cache import cache
from django.db.models import Count, Max, Q
from kombu.exceptions import OperationalError

from foundation.jobs.enums import State
from foundation.jobs.models import Job
from foundation.offers.find import handlers

HEARTBEAT = "jobs.heartbeat"  # cache key: when beat's sweep last ran in a worker
ALIVE = dt.timedelta(seconds=90)  # beat sweeps every 20 seconds


@dataclass(frozen=True)
class Failures:
    """Jobs of one kind that failed."""

    title: Any
    count: int
    last_at: dt.datetime


@dataclass(frozen=True)
class Work:
    """The state of long work. heartbeat: beat called and a worker answered; None where neither was seen."""

    heartbeat: dt.datetime | None
    is_alive: bool
    queued: int
    running: int
    failures: list[Failures]


def work(*, now: dt.datetime, since: dt.datetime) -> Work:
    """Queue, heartbeat, and what failed since a moment by kind; four queries."""
    open_now = dict(
        Job.objects.filter(state__in=[State.QUEUED, State.RUNNING]).values_list("state").annotate(Count("pk"))
    )
    failed = (
        Job.objects.filter(state=State.FAILED, finished_at__gte=since)
        .values("kind")
        .annotate(count=Count("pk"), last_at=Max("finished_at"))
        .order_by("kind")
    )
    seen = cache.get(HEARTBEAT)
    return Work(
        heartbeat=seen,
        is_alive=seen is not None and now - seen < ALIVE,
        queued=open_now.get(State.QUEUED, 0),
        running=open_now.get(State.RUNNING, 0),
        failures=[Failures(_title(row["kind"]), row["count"], row["last_at"]) for row in failed],
    )


def unmended(*, since: dt.datetime) -> list[Failures]:
    """What failed since a moment, by kind; without the kinds of work that have come through again after it."""
    ended = Job.objects.filter(finished_at__gte=since).values("kind")
    failed = Q(state=State.FAILED)
    rows = ended.annotate(
        count=Count("pk", filter=failed),
        last_at=Max("finished_at", filter=failed),
        done_at=Max("finished_at", filter=Q(state=State.DONE)),
    ).order_by("kind")
    return [
        Failures(_title(row["kind"]), row["count"], row["last_at"])
        for row in rows
        if row["count"] and (row["done_at"] is None or row["done_at"] < row["last_at"])
    ]


def _title(kind: str) -> Any:
    offered = handlers().get(kind)
    return offered.title if offered else kind


def broker_fault() -> str:
    """Why the queue's broker cannot be reached, or nothing; waits two seconds at most."""
    try:
        with current_app.connection_for_write(connect_timeout=2) as connection:
            connection.ensure_connection(max_retries=1, timeout=2)
    except (OSError, OperationalError) as fault:
        return f"{type(fault).__name__}: {fault}"
    return ""
