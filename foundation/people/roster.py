"""The roster, in and out: all or nothing (contracts.md, import roster)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.results import RowResult

from foundation.audit.record import record, record_many
from foundation.documents import fonts
from foundation.exchange.resources import printable
from foundation.exchange.tables import DAY, Row, Table, day_of, text, verbatim
from foundation.offers import clock
from foundation.offers.lists import Became, Change, Export, KeptList, Outcome, Problem, Value
from foundation.people import actions, careers
from foundation.people.enums import Event
from foundation.people.keepers import is_keeper, office_key, office_of, reach_of
from foundation.people.models import Cadre, OpenItem, Unit
from foundation.people.resources import CATEGORIES, COLUMNS, MONTHS, SEXES, RosterResource, probation
from foundation.people.scope import visible

TOLD = ("name", "unit", "post", "rank", "category", "is_leading_member")  # in the audit trail, with their values
BECAME = {"new": Became.NEW, "update": Became.CHANGED, "skip": Became.UNCHANGED}

_TITLE = "干部花名册"
_STATE_DATE = re.compile(r"截止(?:日期|时间)?\s*[:：]\s*(\S.*)")


def take_roster(table: Table, *, dry_run: bool, actor: Any, scoped: bool) -> Outcome:
    """Take a roster in. People who are absent from it are untouched.

    scoped: only into units of the actor as HR. Else, on an empty installation, the office named in the title row and
    its units are created.
    """
    today = clock.today()
    # one roster at a time: two at once would both find the same person new
    list(Unit.objects.select_for_update(no_key=True).filter(depth=1).values_list("pk", flat=True))
    problems = list(table.problems)
    as_of = _state_date(table, today=today, problems=problems)
    table, items = _derive(table, as_of=as_of, today=today, problems=problems)
    reach = reach_of(actor) if scoped else None
    units = _units(table, as_of=as_of, actor=actor, reach=reach, problems=problems)
    result, row_problems = RosterResource(units=units, reach=reach, today=today).run(table)
    problems += row_problems
    became = {
        row.number: BECAME.get(done.import_type, Became.BAD) for row, done in zip(table.rows, result.rows, strict=True)
    }
    updates = [
        (row, done) for row, done in zip(table.rows, result.rows, strict=True) if done.is_update() and done.original
    ]
    if reach is not None:
        what = _("这个工号的人员不在你的管理范围内。")
        strangers = [row for row, done in updates if done.original.unit_id not in reach]
        problems += [Problem(row.number, table.headings["work_number"], what) for row in strangers]
        # nothing more is said of them: what the system knows of other units' people is not for this officer
        updates = [(row, done) for row, done in updates if done.original.unit_id in reach]
    _refuse_older(table, updates, problems=problems)
    outcome = Outcome.of(became, problems, _changes(updates))
    if outcome.accepted and not dry_run:
        _open_items(items)
        _date(result.rows)
        _record(result.rows, actor=actor)
        for office in Unit.objects.filter(pk__in={unit.get_root().pk for unit in units.values()}):
            counts = {key: result.totals[key] for key in ("new", "update", "skip")}
            record(Event.ROSTER_IMPORTED, target=office, actor=actor, **counts)
    return outcome


def _state_date(table: Table, *, today: dt.date, problems: list[Problem]) -> dt.date:
    """The day whose state the roster tells, from the note above the headings; today where there is none.

    A day that cannot be read is a warning, for then today stands in; one that does not exist is bad.
    """
    written = next((match for cells in table.above for cell in cells if (match := _STATE_DATE.search(cell))), None)
    if written is None:
        return today
    found = DAY.match(written[1])
    if found is None:
        what = _("“%(written)s”看不出是哪一天，按今天（%(today)s）导入；请写成“截止日期：2026年10月31日”的样子。")
        what %= {"written": written[0], "today": date_format(today)}
        problems.append(Problem(0, "", what, "warning"))
        return today
    try:
        day = day_of(found)
    except ValueError:
        problems.append(Problem(0, "", _("“%(written)s”：没有这一天，请改正。") % {"written": written[0]}))
        return today
    if day > today:
        what = _("“%(written)s”在今天之后；导入后，截止日期更早的花名册不能再导入。") % {"written": written[0]}
        problems.append(Problem(0, "", what, "warning"))
    return day


_LABELS = {column.name: column.headings[0] for column in COLUMNS}
Update = tuple[Row, RowResult]  # a row of the file, and somebody who changes by it


def _refuse_older(table: Table, updates: Sequence[Update], *, problems: list[Problem]) -> None:
    """A roster of an earlier day must not undo what a later one told of the same people."""
    older = [(row, done) for row, done in updates if done.original.as_of > done.instance.as_of]
    if not older:
        return
    what = _("花名册的截止日期（%(day)s）早于系统里这些人员的状态日期（%(newest)s），导入会把新情况改回旧情况。")
    if "as_of" in table.headings:
        for row, done in older:
            days = {"day": date_format(done.instance.as_of), "newest": date_format(done.original.as_of)}
            problems.append(Problem(row.number, table.headings["as_of"], what % days))
    else:
        newest = max(done.original.as_of for _row, done in older)
        days = {"day": date_format(older[0][1].instance.as_of), "newest": date_format(newest)}
        problems.append(Problem(0, "", what % days))


def _changes(updates: Sequence[Update]) -> Iterator[Change]:
    """Who changes in which field, as the officer reads it. The state date moves with every roster and is no change."""
    for row, done in updates:
        for name in RosterResource.Meta.fields:
            if name != "as_of" and getattr(done.original, name) != getattr(done.instance, name):
                who = f"{done.original.work_number} {done.original.name}"
                label = _LABELS[name]
                yield Change(row.number, who, label, _shown(done.original, name), _shown(done.instance, name))


def _shown(cadre: Cadre, name: str) -> str:
    """A field as people read it; of the telephone number, which is kept encrypted, only its end."""
    value = _written(cadre, name)
    if name == "phone" and value:
        return f"…{str(value)[-4:]}"
    return "" if value is None else str(value)


def _date(rows: Sequence[RowResult]) -> None:
    """Write what was told of people into their dated record, each from their own state date on."""
    came: dict[dt.date, list[Cadre]] = {}
    for row in rows:
        if row.is_new() or row.is_update():
            came.setdefault(row.instance.as_of, []).append(row.instance)
    for day, cadres in came.items():
        careers.take_roster(cadres=cadres, on=day)


def _record(rows: Sequence[RowResult], *, actor: Any) -> None:
    """An entry for everybody who came or changed: what decides about their appraisal with its values, of anything
    else, like the telephone number, only that it changed. The state date moves with every roster and is no change."""
    record_many(_entries(rows), actor=actor)


def _entries(rows: Sequence[RowResult]) -> Iterator[tuple[str, Cadre, dict[str, Any]]]:
    for row in rows:
        after = _told(row.instance)
        if row.is_new():
            yield Event.CADRE_ADDED, row.instance, {"after": after}
        elif row.is_update():
            before = _told(row.original)
            changed = [name for name in TOLD if before[name] != after[name]]
            also = [
                name
                for name in RosterResource.Meta.fields
                if name not in {*TOLD, "as_of"} and getattr(row.original, name) != getattr(row.instance, name)
            ]
            if changed or also:
                told = {name: before[name] for name in changed}, {name: after[name] for name in changed}
                yield Event.CADRE_CHANGED, row.instance, {"before": told[0], "after": told[1], "also": also}


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
        cells = dict(row.cells)
        # a row may tell its own day, as our exports do; an empty cell means the file's
        cells["as_of"] = cells["as_of"] if text(cells.get("as_of")) else as_of
        for column in cells.keys() & {"work_number", "sex", "unit", "category", "phone", "remarks"}:
            cells[column] = text(cells[column])
        cells["name"] = name = verbatim(cells["name"])
        problems += _doubts(row.number, table.headings["name"], name)
        number = str(cells["work_number"])
        if number and number in seen:
            what = _("工号“%(number)s”与第 %(row)s 行重复。") % {"number": number, "row": seen[number]}
            problems.append(Problem(row.number, table.headings["work_number"], what))
        seen.setdefault(number, row.number)
        own_period = bool(text(cells.get("probation_from")) or text(cells.get("probation_to")))
        if "remarks" in cells and not own_period:
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
            if period and not own_period:
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


def _units(
    table: Table, *, as_of: dt.date, actor: Any, reach: frozenset[int] | None, problems: list[Problem]
) -> dict[str, Unit]:
    """The office's units by name, the office itself among them; created on an empty installation.

    reach: the units that the actor may write to; other offices are not named to them. None: all.
    """
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
        known = "、".join(unit.name for unit in _offices(reach))
        what = _("花名册的单位“%(name)s”不在系统里（已有：%(known)s）。") % {"name": name, "known": known}
        problems.append(Problem(0, "", what))
        return {}
    elif office is None:
        offices = _offices(reach)
        if len(offices) > 1:
            known = "、".join(unit.name for unit in offices)
            what = _("系统里有几个单位（%(known)s），请在标题行写明是哪一个（如“某某局干部花名册”）。") % {
                "known": known
            }
            problems.append(Problem(0, "", what))
            return {}
        [office] = offices
    # of two of the same name the one that stands still
    return {unit.name: unit for unit in Unit.objects.filter(path__startswith=office.path).order_by("is_open", "path")}


def _offices(reach: frozenset[int] | None) -> list[Unit]:
    """The offices, to be named to the actor: those with a unit within reach."""
    offices = list(Unit.objects.filter(depth=1))
    if reach is None:
        return offices
    roots = {path[: Unit.steplen] for path in Unit.objects.filter(pk__in=reach).values_list("path", flat=True)}
    return [office for office in offices if office.path in roots]


def _open_items(items: list[tuple[str, str]]) -> None:
    cadres = dict(
        Cadre.objects.filter(work_number__in=[number for number, _r in items]).values_list("work_number", "pk")
    )
    for number, remark in items:
        OpenItem.objects.get_or_create(cadre_id=cadres[number], remark=remark)


def export_roster(account: Any) -> Export:
    """The people in service whom the account keeps as HR, as take_roster() reads them."""
    gone = Q(left_on__lte=clock.today())
    people = visible(account, Cadre, action="change").exclude(gone).select_related("unit").order_by("work_number")
    office = office_of(account)
    return Export(
        above=[f"{office}{_TITLE}" if office else _TITLE],
        rows=({name: _written(cadre, name) for name in RosterResource.Meta.fields} for cadre in people.iterator(2000)),
    )


_WORDS: dict[str, dict[str, str]] = {  # stored → the first of the words that the import knows
    "sex": {stored: word for word, stored in reversed(SEXES.items())},
    "category": {stored: word for word, stored in reversed(CATEGORIES.items())},
}


def _written(cadre: Cadre, name: str) -> Value:
    """A field as the roster has it."""
    value = getattr(cadre, name)
    if name in _WORDS:
        return _WORDS[name].get(value, "")
    if name == "is_leading_member":
        return "是" if value else "否"
    if name == "unit":
        return str(value.name) if value else ""
    if name in MONTHS:
        return f"{value:%Y.%m}" if value else ""
    return value


ROSTER = KeptList(
    name="roster",
    title=gettext_lazy("干部花名册"),
    columns=COLUMNS,
    may_use=is_keeper,
    office=office_key,
    take=take_roster,
    export=export_roster,
    url=lambda: reverse("people_admin:cadres"),
)
