"""The house's Celery tasks. run_job is the only one that does work; the others knock for it."""

from celery import shared_task
from celery.signals import worker_ready
from django.core.cache import cache

from foundation.jobs import actions
from foundation.jobs.queries import HEARTBEAT
from foundation.offers import clock


@shared_task(name="jobs.run_job", acks_late=True)
def run_job(job_id: str) -> None:
    """Run one job by its id; the Job row decides whether there is anything to do."""
    actions.run(job_id)


@shared_task(name="jobs.sweep")
def sweep() -> None:
    """Put stale jobs back in the queue (every 20 seconds, by beat); that it runs shows beat and worker alive."""
    cache.set(HEARTBEAT, clock.now(), timeout=None)
    actions.sweep()


@shared_task(name="jobs.start_by_beat")
def start_by_beat(kind: str) -> None:
    """Start a job of the system's own, by beat."""
    actions.start(kind, actor=None)


@worker_ready.connect
def sweep_at_start(**kwargs: object) -> None:
    """A worker that comes up first looks for jobs that its predecessor left behind."""
    actions.sweep(at_start=True)
