"""How long do 50,000 rows of a roster take, beside bare reading and bulk insert of the same rows in the same run?

    DATABASE_URL=postgres://user@host/name .venv/bin/python bench/roster.py [ROWS]
    .venv/bin/python bench/roster.py [ROWS]          (SQLite)

A workbook of so many people is written first. The floor: the parser alone, in this process, and one bulk insert each of
the same people, their dated states and the same audit entries, in one transaction. Beside it bin/manage import's own
function, then the same file once more, when nothing changes. Each in a process of its own, whose peak memory is told;
in a database of its own beside the named one (name_bench_roster), which it makes and drops; the role needs CREATEDB.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "site")]
GIVEN = os.environ.get("DATABASE_URL", "")
NAME = urlsplit(GIVEN).path.lstrip("/") + "_bench_roster" if GIVEN else ""
STEP = sys.argv[1] if len(sys.argv) > 2 else ""
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))


def setup(folder: str) -> None:
    os.environ |= {"DJANGO_SETTINGS_MODULE": "config.settings", "ZHIXING_DATA": folder, "AUDIT_HEADS": ""}
    if GIVEN and not urlsplit(GIVEN).path.endswith("_bench_roster"):
        os.environ["DATABASE_URL"] = urlsplit(GIVEN)._replace(path=f"/{NAME}").geturl()
    import django

    django.setup()


def cpu() -> float:
    """Seconds of processor that this process and its parser have had; the database's own only where it is in here."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def write_roster(path: Path, rows: int) -> None:
    """A workbook as HR keeps it, of so many people in 200 sections."""
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet("花名册")
    sheet.write_row(0, 0, ["某市机关事务管理局干部花名册"])
    sheet.write_row(1, 0, ["填报单位：人事处", "截止日期：2026年10月31日"])
    headings = (
        "序号 工号 姓名 性别 民族 出生年月 参加工作时间 政治面貌 学历 学位 单位 职务 职级 任现职务时间 任现职级时间"
    )
    sheet.write_row(2, 0, [*headings.split(), "人员类别", "是否领导成员", "手机号码"])
    surnames, given = "赵钱孙李周吴郑王冯陈", "伟芳娜敏静强磊洋艳勇"
    for n in range(rows):
        name = surnames[n % 10] + given[n // 10 % 10] + given[n // 100 % 10]
        born, began = f"{1965 + n % 35}.{n % 12 + 1:02}", f"{1990 + n % 33}-{n % 12 + 1:02}"
        person = [n + 1, f"B{n:06}", name, "男女"[n % 2], "汉族", born, began, "中共党员", "大学本科", "学士"]
        service = [f"第{n % 200 + 1}处", "科员", "四级主任科员", "2024.01", "2024-01", "公务员", "否", f"138{n:08}"]
        sheet.write_row(n + 3, 0, person + service)
    book.close()


def bare(path: Path) -> dict[str, float]:
    """The parser, and one bulk insert of what the import wrote: the rows are taken from the file's own import."""
    from django.db import transaction
    from python_calamine import CalamineWorkbook

    from foundation.audit.models import Entry
    from foundation.people.models import Cadre, CadreState

    start, used = time.perf_counter(), cpu()
    CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    read, used_reading = time.perf_counter() - start, cpu() - used
    cadres, states = list(Cadre.objects.all()), list(CadreState.objects.all())
    entries = list(Entry.objects.filter(event="cadre.added"))
    numbers = {cadre.pk: cadre for cadre in cadres}
    for cadre in cadres:
        cadre.phone  # noqa: B018  opened: the insert has to seal it, as the import has
    with transaction.atomic():
        CadreState.objects.all().delete()
        Cadre.objects.all().delete()
    for row in (*cadres, *states, *entries):
        row.pk = None
        row._state.adding = True
    start, used = time.perf_counter(), cpu()
    with transaction.atomic():
        Cadre.objects.bulk_create(cadres, batch_size=1000)
        for state in states:
            state.cadre = numbers[state.cadre_id]
        CadreState.objects.bulk_create(states, batch_size=1000)
        Entry.objects.bulk_create(entries, batch_size=1000)
    return {"read": read, "insert": time.perf_counter() - start, "cpu": used_reading + cpu() - used}


def bring_in(path: Path) -> dict[str, float]:
    from foundation.exchange.imports import import_file
    from foundation.people.actions import command_account
    from foundation.people.roster import ROSTER

    start, used = time.perf_counter(), cpu()
    answer, accepted = import_file(ROSTER, path, dry_run=False, actor=command_account())
    took, used = time.perf_counter() - start, cpu() - used
    assert accepted, answer["problems"][:3]
    return {
        "import": took,
        "cpu": used,
        "new": answer["new"],
        "changed": answer["changed"],
        "unchanged": answer["unchanged"],
    }


def empty() -> None:
    """Nobody on the roster; the trail, which cannot be emptied, stays and weighs on all alike."""
    from foundation.people.models import Cadre, CadreState

    CadreState.objects.all().delete()
    Cadre.objects.all().delete()


def step(name: str, folder: str, path: Path) -> dict[str, float]:
    """One measurement in a process of its own."""
    done = subprocess.run(
        [sys.executable, __file__, name, folder, str(path)], stdout=subprocess.PIPE, check=True, env=os.environ
    )
    return json.loads(done.stdout.splitlines()[-1])


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) == 2 else 50_000
    with tempfile.TemporaryDirectory(prefix="zhixing-bench-") as folder:
        path = Path(folder) / "roster.xlsx"
        write_roster(path, rows)
        if GIVEN:
            import psycopg

            with psycopg.connect(GIVEN, autocommit=True) as server:
                server.execute(f'DROP DATABASE IF EXISTS "{NAME}"')
                server.execute(f'CREATE DATABASE "{NAME}"')
        try:
            setup(folder)
            from django.core.management import call_command
            from django.db import connection

            call_command("migrate", verbosity=0)
            vendor = connection.vendor
            connection.close()
            print(f"{vendor}: {rows:,} rows, {path.stat().st_size / 2**20:.1f} MB; best of {ROUNDS}\n")
            first, again, floor = [], [], []
            for _round in range(ROUNDS):
                step("empty", folder, path)
                first.append(step("import", folder, path))
                again.append(step("import", folder, path))
                floor.append(step("bare", folder, path))
            bottom = min(floor, key=lambda one: one["read"] + one["insert"])
            total = bottom["read"] + bottom["insert"]
            print(f"{'':<44}{'seconds':>9}{'× floor':>9}{'CPU s':>9}{'× floor':>9}{'peak MB':>9}")
            title = f"floor: read {bottom['read']:.1f}, insert {bottom['insert']:.1f}"
            print(f"{title:<44}{total:9.1f}{1:9.2f}{bottom['cpu']:9.1f}{1:9.2f}{bottom['peak']:9.0f}")
            for title, runs in (("import, all new", first), ("the same again, nothing changes", again)):
                best = min(runs, key=lambda one: one["import"])
                assert best["new"] + best["changed"] + best["unchanged"] == rows
                ratio, ratio_cpu = best["import"] / total, best["cpu"] / bottom["cpu"]
                times = f"{best['import']:9.1f}{ratio:9.2f}{best['cpu']:9.1f}{ratio_cpu:9.2f}"
                print(f"{title:<44}{times}{best['peak']:9.0f}")
        finally:
            if GIVEN:
                with psycopg.connect(GIVEN, autocommit=True) as server:
                    server.execute(f'DROP DATABASE IF EXISTS "{NAME}" WITH (FORCE)')


if STEP:
    setup(sys.argv[2])
    found = {"bare": bare, "import": bring_in, "empty": lambda _path: empty() or {}}[STEP](Path(sys.argv[3]))
    # of this process and of the parser, which is one of its own: the larger of them ran while the other waited
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(json.dumps({**found, "peak": peak / 1024}))
else:
    main()
