"""bin/manage import roster FILE: all or nothing; a dry run is the real run minus the write."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.audit.record import record
from foundation.exchange.reading import read_sheets
from foundation.exchange.tables import Problem, Row, Table, find_table, text
from foundation.offers import clock
from foundation.offers.types import Importer
from foundation.people import actions
from foundation.people.enums import Event
from foundation.people.models import Cadre, OpenItem, Unit
from foundation.people.resources import COLUMNS, RosterResource, probation

_TITLE = "干部花名册"
_STATE_DATE = re.compile(r"截止日期[:：]\s*(\d{4})年(\d{1,2})月(\d{1,2})日")


def import_roster(path: Path, *, dry_run: bool, actor: Any) -> tuple[dict[str, Any], bool]:
    """Import a roster; returns the answer of contracts.md and whether it was accepted.

    One bad row and nothing is written. People who are absent from the file are untouched. On an empty installation
    the office named in the title row and its units are created. Raises Unreadable for a file that is no spreadsheet.
    """
    today = clock.today()
    table = find_table(read_sheets(path), COLUMNS)
    problems = list(table.problems)
    if any(problem.level == "bad" for problem in problems):
        return _answer(problems, bad=len(table.rows)), False
    as_of = _state_date(table) or today
    table, items = _derive(table, as_of=as_of, today=today, problems=problems)
    with transaction.atomic():
        units = _units(table, as_of=as_of, actor=actor, problems=problems)
        result, row_problems = RosterResource(units=units, today=today).run(table)
        problems += row_problems
        bad_rows = {problem.row for problem in problems if problem.level == "bad"}
        accepted = not bad_rows
        if accepted and not dry_run:
            _open_items(items)
            for office in Unit.objects.filter(pk__in={unit.get_root().pk for unit in units.values()}):
                counts = {key: result.totals[key] for key in ("new", "update", "skip")}
                record(Event.ROSTER_IMPORTED, target=office, actor=actor, file=path.name, **counts)
        else:
            transaction.set_rollback(True)
    answer = _answer(
        problems,
        new=result.totals["new"],
        changed=result.totals["update"],
        unchanged=result.totals["skip"],
        bad=len(bad_rows - {0}) or len(table.rows) * bool(bad_rows),
    )
    # a row with a fault that the resource does not see (a number twice) was counted there as new
    answer["new"] = len(table.rows) - answer["changed"] - answer["unchanged"] - answer["bad"]
    return answer, accepted


def _answer(
    problems: list[Problem], *, new: int = 0, changed: int = 0, unchanged: int = 0, bad: int = 0
) -> dict[str, Any]:
    ordered = sorted(problems, key=lambda problem: problem.row)
    return {
        "new": new,
        "changed": changed,
        "unchanged": unchanged,
        "bad": bad,
        "warnings": sum(problem.level == "warning" for problem in ordered),
        "problems": [problem.answer() for problem in ordered],
    }


def _state_date(table: Table) -> dt.date | None:
    for cells in table.above:
        for cell in cells:
            if match := _STATE_DATE.search(cell):
                return dt.date(int(match[1]), int(match[2]), int(match[3]))
    return None


def _derive(
    table: Table, *, as_of: dt.date, today: dt.date, problems: list[Problem]
) -> tuple[Table, list[tuple[str, str]]]:
    """Clean the cells, find numbers given twice, and read the remarks: a dated one becomes dates, an undated one a
    warning and an item for HR to complete (never a date of our own: settled.md)."""
    rows: list[Row] = []
    items: list[tuple[str, str]] = []
    seen: dict[str, int] = {}
    for row in table.rows:
        cells = dict(row.cells) | {"as_of": as_of, "probation_from": None, "probation_to": None}
        for name in ("work_number", "name", "sex", "unit", "category", "phone", "remarks"):
            cells[name] = text(cells.get(name))
        number = str(cells["work_number"])
        if number and number in seen:
            what = _("工号 %(number)s 与第 %(row)s 行重复。") % {"number": number, "row": seen[number]}
            problems.append(Problem(row.number, table.headings["work_number"], what))
        seen.setdefault(number, row.number)
        remark = str(cells["remarks"])
        if remark:
            try:
                period = probation(remark, today=today)
            except ValueError as error:
                period = None
                problems.append(Problem(row.number, table.headings["remarks"], str(error)))
            else:
                if period is None:
                    what = _("备注“%(remark)s”没有起止日期，已列入人事处待补全事项。") % {"remark": remark}
                    problems.append(Problem(row.number, table.headings["remarks"], what, "warning"))
                    items.append((number, remark))
            if period:
                cells["probation_from"], cells["probation_to"] = period
        rows.append(Row(row.number, cells))
    return replace(table, rows=rows), items


def _units(table: Table, *, as_of: dt.date, actor: Any, problems: list[Problem]) -> dict[str, Unit]:
    """The office's units by name, the office itself among them; created on an empty installation."""
    title = next((cell for cells in table.above for cell in cells if _TITLE in cell), "")
    name = title.replace(_TITLE, "").strip()
    office = Unit.objects.filter(depth=1, name=name).first()
    if office is None and not Unit.objects.exists():
        if not name:
            problems.append(
                Problem(0, "", _("系统里还没有单位，花名册的标题行也没有写单位名称（如“某某局干部花名册”）。"))
            )
            return {}
        office = actions.create_unit(name=name, parent=None, on=as_of, actor=actor)
        for unit_name in dict.fromkeys(str(row.cells["unit"]) for row in table.rows if row.cells["unit"]):
            actions.create_unit(name=unit_name, parent=office, on=as_of, actor=actor)
    elif office is None and name:
        known = "、".join(Unit.objects.filter(depth=1).values_list("name", flat=True))
        what = _("花名册的单位“%(name)s”不在系统里（已有：%(known)s）。") % {"name": name, "known": known}
        problems.append(Problem(0, "", what))
        return {}
    office = office or Unit.objects.get(depth=1)
    return {unit.name: unit for unit in Unit.objects.filter(path__startswith=office.path)}


def _open_items(items: list[tuple[str, str]]) -> None:
    cadres = dict(
        Cadre.objects.filter(work_number__in=[number for number, _r in items]).values_list("work_number", "pk")
    )
    for number, remark in items:
        OpenItem.objects.get_or_create(cadre_id=cadres[number], remark=remark)


def unreadable(sentence: str) -> dict[str, Any]:
    """The answer for a file that is no spreadsheet."""
    return _answer([Problem(0, "", sentence)])


IMPORTERS = [Importer(name="roster", help="干部花名册（.xlsx、.csv）", run=import_roster, unreadable=unreadable)]
