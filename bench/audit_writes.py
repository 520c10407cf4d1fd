"""Do audit writes queue behind each other? 2,000 of them at once, beside the same transactions without any.

    DATABASE_URL=postgres://user@host/name .venv/bin/python bench/audit_writes.py
    .venv/bin/python bench/audit_writes.py          (SQLite: one writer at a time, with and without the audit)

40 threads do 50 short transactions each: one business row of the thread's own is updated, and one entry is recorded.
The floor is the same loop without record(), in the same run. Works in a database of its own beside the named one
(name_bench_audit), which it makes and drops; the role needs CREATEDB.
"""

from __future__ import annotations

import os
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "site")]
SCRATCH = tempfile.TemporaryDirectory(prefix="zhixing-bench-")
GIVEN = os.environ.get("DATABASE_URL", "")
NAME = urlsplit(GIVEN).path.lstrip("/") + "_bench_audit" if GIVEN else ""
os.environ |= {"DJANGO_SETTINGS_MODULE": "config.settings", "ZHIXING_DATA": SCRATCH.name, "AUDIT_HEADS": ""}
if GIVEN:
    os.environ["DATABASE_URL"] = urlsplit(GIVEN)._replace(path=f"/{NAME}").geturl()

import django

django.setup()

import psycopg
from django.core.management import call_command
from django.db import connection, models, transaction

from foundation.audit.actions import seal
from foundation.audit.models import Entry
from foundation.audit.record import record
from foundation.offers import clock

THREADS, EACH, ROUNDS, HELD = 40, 50, 3, 2.0


class Desk(models.Model):
    """A business row; each thread has one, so that nothing but the audit could make them wait."""

    n = models.IntegerField(default=0)

    class Meta:
        app_label = "audit"
        managed = False
        db_table = "bench_desk"


@contextmanager
def database():
    """A fresh database with the audit's tables, dropped afterwards."""
    if GIVEN:
        with psycopg.connect(GIVEN, autocommit=True) as server:
            server.execute(f'DROP DATABASE IF EXISTS "{NAME}"')
            server.execute(f'CREATE DATABASE "{NAME}"')
    try:
        call_command("migrate", "audit", verbosity=0)
        with connection.schema_editor() as editor:
            editor.create_model(Desk)
        Desk.objects.bulk_create(Desk(pk=pk) for pk in range(THREADS + 1))
        yield
    finally:
        connection.close()
        if GIVEN:
            with psycopg.connect(GIVEN, autocommit=True) as server:
                server.execute(f'DROP DATABASE "{NAME}" WITH (FORCE)')


def act(pk: int, audited: bool) -> None:
    """One business act."""
    with transaction.atomic():
        Desk.objects.filter(pk=pk).update(n=models.F("n") + 1)
        if audited:
            record("bench.done", target=Desk(pk=pk), actor=None, before="核定前", after="核定后", number=pk)


def storm(*, audited: bool, beside=None) -> tuple[float, list[float]]:
    """All threads at once: seconds from the first begin to the last end, and each transaction's seconds.

    beside: runs in one more thread meanwhile; the storm begins once it calls the function that it is given.
    """
    gate, begun, ended = threading.Barrier(THREADS + 1), threading.Event(), threading.Event()
    took: list[float] = []

    def worker(pk: int) -> None:
        connection.ensure_connection()
        gate.wait()
        for _n in range(EACH):
            start = time.perf_counter()
            act(pk, audited)
            took.append(time.perf_counter() - start)
        connection.close()

    def other() -> None:
        beside(begun.set, ended)
        connection.close()

    threads = [threading.Thread(target=worker, args=(pk,)) for pk in range(1, THREADS + 1)]
    extra = [threading.Thread(target=other)] if beside else []
    for thread in [*extra, *threads]:
        thread.start()
    if beside:
        begun.wait()
    gate.wait()
    start = time.perf_counter()
    for thread in threads:
        thread.join()
    total = time.perf_counter() - start
    ended.set()
    for thread in extra:
        thread.join()
    assert len(took) == THREADS * EACH, "a transaction failed"
    return total, took


def hold_open(begin, ended) -> None:
    """One act that has recorded its entry and then stays open for a while."""
    with transaction.atomic():
        Desk.objects.filter(pk=0).update(n=0)
        record("bench.slow", target=Desk(pk=0), actor=None)
        begin()
        time.sleep(HELD)


def keep_sealing(begin, ended) -> None:
    """The sealer, without a pause."""
    begin()
    while not ended.is_set():
        seal(now=clock.now())


def line(title: str, total: float, took: list[float], floor: float | None) -> None:
    cuts = quantiles(took, n=100, method="inclusive")
    ms = [1000 * cuts[49], 1000 * cuts[94], 1000 * cuts[98], 1000 * max(took)]
    ratio = f"{total / floor:6.2f}" if floor else "      "
    print(f"{title:<42}{total:8.2f} s{''.join(f'{value:9.1f}' for value in ms)}  {ratio}", flush=True)


def main() -> None:
    with database():
        server = connection.vendor
        print(f"{server}: {THREADS} threads × {EACH} transactions, the best of {ROUNDS} runs each; milliseconds\n")
        print(f"{'':<42}{'total':>10}{'p50':>9}{'p95':>9}{'p99':>9}{'longest':>9}  × floor")
        storm(audited=True)  # warm up
        runs: dict[bool, list[tuple[float, list[float]]]] = {False: [], True: []}
        for _round in range(ROUNDS):
            for audited in (False, True):  # by turns: what else the machine does falls on both
                runs[audited].append(storm(audited=audited))
        (floor, bare), (total, took) = min(runs[False]), min(runs[True])
        line("floor: business row only", floor, bare, None)
        line("business row + record()", total, took, floor)
        line(f"floor, one act open for {HELD:.0f} s", *storm(audited=False, beside=hold_open), floor)
        line(f"+ record(), one act open for {HELD:.0f} s", *storm(audited=True, beside=hold_open), floor)
        seal(now=clock.now())
        line("+ record(), the sealer without a pause", *storm(audited=True, beside=keep_sealing), floor)
        while seal(now=clock.now()):
            pass
        for _n in range(10):
            storm(audited=True)
        waiting = Entry.objects.count()
        start = time.perf_counter()
        sealed = seal(now=clock.now())
        print(f"\nsealing {sealed} of {waiting} entries alone: {sealed / (time.perf_counter() - start):,.0f} a second")


main()
