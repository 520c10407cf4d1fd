"""Drill: kill -9 the worker, the web process and beat at each step of a job of 300 items; every item is done once.

Run by `bin/drill kill-jobs`. The site is bin/serve with a data folder of its own; the job is the real one that issues
an appraisal's papers (250 notices and 50 certificates). Takes about two minutes.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import http.cookiejar
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PORT = os.environ.get("PORT") or "8790"
URL = f"http://127.0.0.1:{PORT}"
PEOPLE, ITEMS = 250, 300
# a kill when at least so many items are done: the first before the job begins, the last while it ends
STEPS = [
    (0, ["worker"]),
    (1, ["worker"]),
    (30, ["web"]),
    (60, ["worker", "web"]),
    (100, ["beat"]),
    (140, ["worker", "beat"]),
    (180, ["worker", "web", "beat"]),
    (230, ["worker"]),
    (280, ["worker"]),
    (300, ["worker"]),
]
SECONDS = 420


class Served:
    """bin/serve and its three processes."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.environ = dict(os.environ, ZHIXING_DATA=str(data), PORT=PORT, PYTHONUNBUFFERED="1")
        self.before_the_job: Callable[[], object] = lambda: None
        self.start()

    def start(self) -> None:
        """Start it, with a log of its own."""
        self.path = self.data / f"serve-{time.monotonic_ns()}.log"
        self.process = subprocess.Popen(
            [str(ROOT / "bin" / "serve"), "--empty"],
            env=self.environ,
            stdout=self.path.open("wb"),
            stderr=subprocess.STDOUT,
        )

    def wait(self) -> None:
        """Until it is ready."""
        until = time.monotonic() + 180
        while "Ready: " not in self.path.read_text(errors="replace"):
            assert self.process.poll() is None and time.monotonic() < until, "the site did not come up"
            time.sleep(0.2)

    def kill(self, name: str) -> None:
        """kill -9 the process and all that it has forked; one that is just coming back is waited for."""
        until = time.monotonic() + 10
        while not self._kill(name):
            assert time.monotonic() < until, f"there is no {name} to kill"
            time.sleep(0.05)

    def _kill(self, name: str) -> bool:
        words = {"web": "granian", "worker": " worker ", "beat": " beat "}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, ValueError):
                continue
            if parent == self.process.pid and words[name] in command:
                os.killpg(int(folder.name), signal.SIGKILL)
                return True
        return False

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(60)


class Visitor:
    """A signed-in officer without a browser."""

    def __init__(self) -> None:
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def get(self, path: str) -> str:
        return self.opener.open(URL + path, timeout=30).read().decode()

    def post(self, path: str, **fields: str) -> str:
        token = next(cookie.value for cookie in self.jar if cookie.name == "csrftoken")
        data = urllib.parse.urlencode({**fields, "csrfmiddlewaretoken": token}).encode()
        return self.opener.open(urllib.request.Request(URL + path, data, {"Referer": URL + path}), timeout=30).geturl()


def prepare() -> int:
    """An office whose appraisal is final: 250 people, 50 of them 优秀; returns the cycle."""
    from django.utils import timezone

    from assessment.appraisals.models import Appraisal, AppraisalCycle
    from foundation.people import actions
    from foundation.people.enums import Category, Role, Sex
    from foundation.people.models import Account, Cadre
    from foundation.rulebook.actions import set_value

    now = timezone.now()
    today = now.date()
    office = actions.create_unit(name="演练局", parent=None, on=today, actor=None)
    hr = Account.objects.create_user("hr", "drill-password", name="人事")
    actions.grant_role(account=hr, role=Role.HR, unit=office, valid_from=today, actor=None)
    set_value(
        code="H1.second_factor", value="off", unit=None, valid_from=today, valid_to=None, citation="演练", today=today,
        actor=None,
    )  # fmt: skip
    common = {"unit": office, "sex": Sex.FEMALE, "category": Category.CIVIL_SERVANT, "as_of": today}
    cadres = Cadre.objects.bulk_create(
        Cadre(work_number=f"K{n:04}", name=f"演练{n:04}", **common) for n in range(PEOPLE)
    )
    cycle = AppraisalCycle.objects.create(
        year=today.year, unit=office, base=PEOPLE, quota_percent=20, opened_on=today, opened_by=hr, stage="final",
        notice_from=today - dt.timedelta(days=9), notice_to=today - dt.timedelta(days=1),
        finalised_on=today,
    )  # fmt: skip
    Appraisal.objects.bulk_create(
        Appraisal(
            cycle=cycle, year=cycle.year, cadre=cadre, unit=office, unit_name=office.name, name=cadre.name,
            work_number=cadre.work_number, treatment="graded", comment="好", proposed_grade="competent",
            reviewed_at=now,
            grade="excellent" if n < ITEMS - PEOPLE else "competent", decided_at=now,
        )
        for n, cadre in enumerate(cadres)
    )  # fmt: skip
    return cycle.pk


def begin(served: Served) -> tuple[Visitor, str]:
    """Set up Django on the served data, make the office, sign HR in and start the job; returns the job's page too."""
    served.wait()
    import django

    django.setup()
    cycle = prepare()
    officer = Visitor()
    officer.get("/accounts/login/")
    officer.post("/accounts/login/", login="hr", password="drill-password")
    served.before_the_job()
    page = officer.post(f"/admin/appraisals/{cycle}/issue/")
    assert "/jobs/" in page, page
    return officer, page


def wait_for(condition: Callable[[Any], bool]) -> Any:
    """The job, once the condition holds for it or it has ended."""
    from foundation.jobs.models import Job

    until = time.monotonic() + SECONDS
    while True:
        job = Job.objects.exclude(owner=None).get()  # beat has jobs of its own
        if condition(job) or not job.is_open:
            return job
        assert time.monotonic() < until, f"stuck at {job.done}/{job.total} ({job.state})"
        time.sleep(0.02)


def findings(job: Any) -> dict[str, bool]:
    """What must hold in the end, in words."""
    from django.db.models import Count

    from foundation.audit.models import Entry
    from foundation.documents.models import IssuedDocument

    documents = list(IssuedDocument.objects.all())
    twice = IssuedDocument.objects.values("kind", "holder_pk").annotate(n=Count("pk")).filter(n__gt=1)
    damaged = [one.serial for one in documents if hashlib.sha256(one.path.read_bytes()).hexdigest() != one.sha256]
    return {
        "the job is done": job.state == "done",
        f"{ITEMS} documents": len(documents) == ITEMS,
        "no serial twice": len({one.serial for one in documents}) == ITEMS,
        "nobody's document twice": not twice.exists(),
        "no file missing or damaged": not damaged,
        f"{ITEMS} entries of the audit trail": Entry.objects.filter(event="document.issued").count() == ITEMS,
        "the merged file is there": bool(job.result_path and job.result_path.read_bytes().startswith(b"%PDF")),
    }


def report(found: dict[str, bool]) -> None:
    """Print what holds and what does not; exit 1 if anything does not."""
    for finding, holds in found.items():
        print(f"  {'ok  ' if holds else 'FAIL'}  {finding}")
    sys.exit(0 if all(found.values()) else 1)


def serve() -> Served:
    """A site on a data folder of its own; this process will look into the same data."""
    data = Path(tempfile.mkdtemp(prefix="zhixing-drill-"))
    os.environ.update(ZHIXING_DATA=str(data), DJANGO_SETTINGS_MODULE="config.settings")
    sys.path[:0] = [str(ROOT / "site"), str(ROOT)]
    return Served(data)


def main() -> None:
    served = serve()
    served.before_the_job = lambda: served.kill("worker")  # started while nobody is there to take it
    officer, page = begin(served)
    began, kills = time.monotonic(), 1
    for least, names in STEPS:
        if not wait_for(lambda job, least=least: job.done >= least).is_open:
            break
        for name in names:
            served.kill(name)
            kills += 1
    job = wait_for(lambda job: False)
    found = findings(job)
    print(f"{kills} kills in {time.monotonic() - began:.0f} s")
    found["the web answers, signed in as before"] = "下载结果" in answer(officer, page)
    found["bin/serve ends with 0"] = served.stop() == 0
    report(found)


def answer(officer: Visitor, page: str) -> str:
    """The job's page; the web process may still be coming back."""
    for _attempt in range(30):
        try:
            return officer.get(urllib.parse.urlparse(page).path)
        except (OSError, sqlite3.Error):
            time.sleep(0.5)
    return ""


if __name__ == "__main__":
    main()
