"""Long work: done once, told all the way, seen by its owner only, taken up again when its worker dies."""

import datetime as dt
import subprocess
import sys
from pathlib import Path

import pytest
from django.urls import reverse

from foundation.jobs import actions, processes
from foundation.jobs.enums import State
from foundation.jobs.models import Job
from foundation.offers import clock
from foundation.offers.find import handlers
from foundation.offers.types import Handler, Refused
from tests.factories.people import AccountFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def offer():
    """Put a handler on offer for one test."""
    kinds = []

    def add(run, kind="test.work"):
        handlers()[kind] = Handler(kind=kind, title="试验任务", run=run)
        kinds.append(kind)
        return kind

    yield add
    for kind in kinds:
        del handlers()[kind]


@pytest.fixture
def owner():
    return AccountFactory(name="发起人")


def test_a_job_runs_with_its_owner_and_ids_and_a_second_knock_does_nothing(offer, owner, settings):
    calls = []

    def run(*, actor, progress, number):
        calls.append((actor, number))
        progress(1, 2, "一半")
        Path(settings.PRIVATE_ROOT).mkdir()
        (Path(settings.PRIVATE_ROOT) / "out.txt").write_text("结果")
        return "out.txt"

    job = actions.start(offer(run), actor=owner, number=7)
    actions.run(job.pk)
    actions.run(job.pk)
    job.refresh_from_db()
    assert calls == [(owner, 7)]
    assert (job.state, job.done, job.total, job.result) == (State.DONE, 1, 2, "out.txt")


def test_a_refusal_is_told_and_an_error_gets_a_number_but_no_detail(offer, owner):
    def refuse(*, actor, progress):
        raise Refused("no", "规则不允许。")

    def fail(*, actor, progress):
        raise ValueError("李四的手机号 13900000000")

    refused = actions.start(offer(refuse, "test.refuse"), actor=owner)
    failed = actions.start(offer(fail, "test.fail"), actor=owner)
    for job in (refused, failed):
        actions.run(job.pk)
        job.refresh_from_db()
        assert job.state == State.FAILED
    assert refused.message == "规则不允许。"
    assert str(failed.pk)[:8].upper() in failed.message and "139" not in failed.message


def test_a_cancelled_job_stops_at_its_next_item(offer, owner):
    done = []

    def run(*, actor, progress):
        for item in range(5):
            progress(item, 5)
            done.append(item)
            if item == 1:
                actions.cancel(job=Job.objects.get(), actor=actor)

    job = actions.start(offer(run), actor=owner)
    actions.run(job.pk)
    job.refresh_from_db()
    assert done == [0, 1]
    assert job.state == State.CANCELLED
    with pytest.raises(Refused):
        actions.cancel(job=job, actor=owner)


def test_a_job_whose_worker_died_is_taken_up_again_but_not_for_ever(offer, owner):
    job = actions.start(offer(lambda **ids: None), actor=owner)
    long_ago = clock.now() - dt.timedelta(minutes=10)
    Job.objects.update(state=State.RUNNING, beat_at=long_ago, attempts=1)
    assert actions.sweep() == 1
    job.refresh_from_db()
    assert job.state == State.QUEUED
    Job.objects.update(state=State.RUNNING, beat_at=long_ago, attempts=actions.MOST_ATTEMPTS)
    assert actions.sweep() == 0
    job.refresh_from_db()
    assert job.state == State.FAILED


def test_a_job_of_a_process_that_is_gone_is_taken_up_at_once_and_a_living_ones_is_left(offer, owner):
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    name = processes._named(process.pid)
    job = actions.start(offer(lambda **ids: None), actor=owner)
    Job.objects.update(state=State.RUNNING, beat_at=clock.now(), attempts=1, worker=name)
    assert actions.sweep() == 0
    process.communicate(b"\n")
    assert actions.sweep() == 1
    job.refresh_from_db()
    assert (job.state, job.worker) == (State.QUEUED, "")


def test_a_worker_elsewhere_is_given_its_time(offer, owner):
    actions.start(offer(lambda **ids: None), actor=owner)
    Job.objects.update(state=State.RUNNING, beat_at=clock.now(), attempts=1, worker="another-host/1/1")
    assert actions.sweep() == 0


def test_a_stalled_worker_that_comes_back_finds_the_job_no_longer_its_own(offer, owner):
    done = []

    def run(*, actor, progress):
        for item in range(3):
            progress(item, 3)
            done.append(item)
            if item == 0:  # meanwhile swept and claimed by another worker
                Job.objects.update(worker="another-host/1/1")

    job = actions.start(offer(run), actor=owner)
    actions.run(job.pk)
    job.refresh_from_db()
    assert done == [0]
    assert (job.state, job.worker) == (State.RUNNING, "another-host/1/1")


def test_cuts_count_only_while_nothing_gets_done(offer, owner):
    def run(*, actor, progress):
        progress(7, 9)
        raise SystemExit

    job = actions.start(offer(run), actor=owner)
    Job.objects.update(attempts=4, done=3)
    with pytest.raises(SystemExit):
        actions.run(job.pk)
    job.refresh_from_db()
    assert (job.attempts, job.done) == (1, 7)


def test_at_a_workers_start_every_waiting_job_is_knocked_for(offer, owner):
    actions.start(offer(lambda **ids: None), actor=owner)
    assert actions.sweep() == 0
    assert actions.sweep(at_start=True) == 1


def test_only_the_owner_sees_a_job_and_its_result(offer, owner, client, settings):
    job = actions.start(offer(lambda **ids: None), actor=owner)
    Path(settings.PRIVATE_ROOT).mkdir()
    (Path(settings.PRIVATE_ROOT) / "names.pdf").write_bytes(b"%PDF secret")
    Job.objects.update(state=State.DONE, result="names.pdf", finished_at=clock.now())
    pages = [reverse(f"jobs:{name}", args=[job.pk]) for name in ("progress", "result")]
    client.force_login(AccountFactory(name="同事"))
    assert [client.get(page).status_code for page in pages] == [404, 404]
    assert client.post(reverse("jobs:retry", args=[job.pk])).status_code == 404
    client.force_login(owner)
    assert client.get(pages[0]).status_code == 200
    assert b"".join(client.get(pages[1]).streaming_content) == b"%PDF secret"
