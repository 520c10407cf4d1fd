"""bin/manage import roster FILE: all or nothing; a dry run is the real run minus the write."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from import_export.results import RowResult

from foundation.audit.record import record
from foundation.documents import fonts
from foundation.exchange.reading import read_sheets
from foundation.exchange.resources import printable
from foundation.exchange.tables import Problem, Row, Table, find_table, text, verbatim
from foundation.offers import clock
from foundation.offers.types import Importer
from foundation.people import actions, careers
from foundation.people.enums import Event
from foundation.people.models import Cadre, OpenItem, Unit
from foundation.people.resources import COLUMNS, RosterResource, probation

TOLD = ("name", "unit", "post", "rank", "category", "is_leading_member")  # in the audit trail, with their values

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
    as_of = _state_date(table, today=today, problems=problems)
    table, items = _derive(table, as_of=as_of, today=today, problems=problems)
    with transaction.atomic():
        units = _units(table, as_of=as_of, actor=actor, problems=problems)
        result, row_problems = RosterResource(units=units, today=today).run(table)
        problems += row_problems
        _refuse_older(result.rows, as_of=as_of, problems=problems)
        bad_rows = {problem.row for problem in problems if problem.level == "bad"}
        accepted = not bad_rows
        if accepted and not dry_run:
            _open_items(items)
            came = [row.instance for row in result.rows if row.is_new() or row.is_update()]
            careers.take_roster(cadres=came, on=as_of)
            _record(result.rows, actor=actor)
            for office in Unit.objects.filter(pk__in={unit.get_root().pk for unit in units.values()}):
                counts = {key: result.totals[key] for key in ("new", "update", "skip")}
                record(Event.ROSTER_IMPORTED, target=office, actor=actor, file=path.name, **counts)
        else:
            transaction.set_rollback(True)
    became = Counter(
        "bad" if bad_rows & {0, row.number} else done.import_type
        for row, done in zip(table.rows, result.rows, strict=True)
    )
    return _answer(
        problems, new=became["new"], changed=became["update"], unchanged=became["skip"], bad=became["bad"]
    ), accepted


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


def _state_date(table: Table, *, today: dt.date, problems: list[Problem]) -> dt.date:
    """The day whose state the roster tells, from the note above the headings; today where there is none."""
    written = next((match for cells in table.above for cell in cells if (match := _STATE_DATE.search(cell))), None)
    if written is None:
        return today
    try:
        day = dt.date(int(written[1]), int(written[2]), int(written[3]))
    except ValueError:
        problems.append(Problem(0, "", _("“%(written)s”：没有这一天，请改正。") % {"written": written[0]}))
        return today
    if day > today:
        what = _("“%(written)s”在今天之后；导入后，截止日期更早的花名册不能再导入。") % {"written": written[0]}
        problems.append(Problem(0, "", what, "warning"))
    return day


def _refuse_older(rows: Sequence[RowResult], *, as_of: dt.date, problems: list[Problem]) -> None:
    """A roster of an earlier day must not undo what a later one told of the same people."""
    newest = max((row.original.as_of for row in rows if row.is_update()), default=as_of)
    if newest > as_of:
        what = _("花名册的截止日期（%(day)s）早于系统里这些人员的状态日期（%(newest)s），导入会把新情况改回旧情况。")
        problems.append(Problem(0, "", what % {"day": date_format(as_of), "newest": date_format(newest)}))


def _record(rows: Sequence[RowResult], *, actor: Any) -> None:
    """An entry for everybody who came or changed: what decides about their appraisal with its values, of anything
    else, like the telephone number, only that it changed. The state date moves with every roster and is no change."""
    for row in rows:
        after = _told(row.instance)
        if row.is_new():
            record(Event.CADRE_ADDED, target=row.instance, actor=actor, after=after)
        elif row.is_update():
            before = _told(row.original)
            changed = [name for name in TOLD if before[name] != after[name]]
            also = [
                name
                for name in RosterResource.Meta.fields
                if name not in {*TOLD, "as_of"} and getattr(row.original, name) != getattr(row.instance, name)
            ]
            if changed or also:
                record(
                    Event.CADRE_CHANGED,
                    target=row.instance,
                    actor=actor,
                    before={name: before[name] for name in changed},
                    after={name: after[name] for name in changed},
                    also=also,
                )


def _told(cadre: Cadre) -> dict[str, Any]:
    return {name: getattr(cadre, name) for name in TOLD} | {"unit": cadre.unit.name}


def _derive(
    table: Table, *, as_of: dt.date, today: dt.date, problems: list[Problem]
) -> tuple[Table, list[tuple[str, str]]]:
    """Clean the cells, find numbers given twice and names that no paper can show, and read the remarks: a dated one
    becomes dates, an undated one a warning and an item for HR to complete (never a date of our own: settled.md)."""
    rows: list[Row] = []
    items: list[tuple[str, str]] = []
    seen: dict[str, int] = {}
    for row in table.rows:
        cells = dict(row.cells) | {"as_of": as_of}
        for column in cells.keys() & {"work_number", "sex", "unit", "category", "phone", "remarks"}:
            cells[column] = text(cells[column])
        cells["name"] = name = verbatim(cells["name"])
        problems += _doubts(row.number, table.headings["name"], name)
        number = str(cells["work_number"])
        if number and number in seen:
            what = _("工号 %(number)s 与第 %(row)s 行重复。") % {"number": number, "row": seen[number]}
            problems.append(Problem(row.number, table.headings["work_number"], what))
        seen.setdefault(number, row.number)
        if "remarks" in cells:
            cells |= {"probation_from": None, "probation_to": None}
        if remark := str(cells.get("remarks", "")):
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


def _doubts(row: int, heading: str, name: str) -> list[Problem]:
    """Warnings of characters that are in the name by right and in no face of the documents."""
    try:
        strangers = fonts.missing(printable(name))
    except ValueError:
        return []  # told as bad
    what = _("姓名中的“%(character)s”（%(code)s）不在文书字库里，证书和通知书印不出来，请联系系统管理员补充字库。")
    return [
        Problem(row, heading, what % {"character": character, "code": f"U+{ord(character):04X}"}, "warning")
        for character in strangers
    ]


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
    elif office is None:
        offices = list(Unit.objects.filter(depth=1))
        if len(offices) > 1:
            known = "、".join(unit.name for unit in offices)
            what = _("系统里有几个单位（%(known)s），请在标题行写明是哪一个（如“某某局干部花名册”）。") % {
                "known": known
            }
            problems.append(Problem(0, "", what))
            return {}
        [office] = offices
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
