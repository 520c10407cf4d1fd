"""A list of people as an office keeps it in a sheet: by work number, or by name and unit; every wrong row is told."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from foundation.exchange.reading import read_sheets
from foundation.exchange.tables import Row, Table, find_table, text, verbatim
from foundation.offers.lists import Column, Problem
from foundation.people.models import Cadre

COLUMNS = [
    Column("index", ("序号",), ignored=True),
    Column("work_number", ("工号", "人员编号", "编号")),
    Column("name", ("姓名",)),
    Column("unit", ("单位", "处室", "部门", "所在单位")),
]


def people_of_file(path: Path, *, among: QuerySet[Cadre]) -> tuple[list[Cadre], list[Problem]]:
    """The people of a sheet, in its order, and what is wrong with it; all or nothing is the caller's decision.

    among: whom the reader may name; somebody else is not told apart from nobody. Two queries for any number of rows.
    Raises Unreadable for a file that is no sheet.
    """
    table = find_table(read_sheets(path), COLUMNS)
    problems = [problem for problem in table.problems if problem.level == "bad"]
    if not problems and not {"work_number", "name"} & set(table.headings):
        problems.append(Problem(0, "", _("没有找到“工号”或“姓名”列。")))
    if problems:
        return [], problems
    if not table.rows:
        return [], [Problem(0, "", _("表里没有人员。"))]
    by_number, by_name = _known(table, among)
    found: dict[int, Cadre] = {}
    for row in table.rows:
        try:
            cadre = _person(row, by_number, by_name)
        except ValueError as error:
            problems.append(Problem(row.number, "", str(error)))
            continue
        if cadre.pk in found:
            problems.append(Problem(row.number, "", _("%(name)s 在表里出现了两次。") % {"name": cadre.name}))
        found[cadre.pk] = cadre
    return list(found.values()), problems


def _known(table: Table, among: QuerySet[Cadre]) -> tuple[dict[str, Cadre], dict[str, list[Cadre]]]:
    numbers = {number for row in table.rows if (number := text(row.cells.get("work_number")))}
    names = {name for row in table.rows if (name := verbatim(row.cells.get("name")))}
    people = among.select_related("unit")
    by_number = {cadre.work_number: cadre for cadre in people.filter(work_number__in=numbers)}
    by_name: defaultdict[str, list[Cadre]] = defaultdict(list)
    for cadre in people.filter(name__in=names):
        by_name[cadre.name].append(cadre)
    return by_number, by_name


def _person(row: Row, by_number: dict[str, Cadre], by_name: dict[str, list[Cadre]]) -> Cadre:
    """Whom the row means. Raises ValueError with the reason why that cannot be told."""
    number = text(row.cells.get("work_number"))
    name, unit = verbatim(row.cells.get("name")), text(row.cells.get("unit"))
    words = {"number": number, "name": name, "unit": unit}
    if number:
        cadre = by_number.get(number)
        if cadre is None:
            raise ValueError(_("你管理的人员里没有工号 %(number)s。") % words)
        if name and cadre.name != name:
            raise ValueError(_("工号 %(number)s 是 %(real)s，不是 %(name)s。") % {**words, "real": cadre.name})
        return cadre
    if not name:
        raise ValueError(_("这一行没有工号，也没有姓名。"))
    called = [cadre for cadre in by_name.get(name, []) if not unit or cadre.unit.name == unit]
    if not called:
        sentence = _("你管理的人员里，%(unit)s没有 %(name)s。") if unit else _("你管理的人员里没有 %(name)s。")
        raise ValueError(sentence % words)
    if len(called) > 1:
        raise ValueError(_("有 %(n)s 位 %(name)s，请写工号。") % {**words, "n": len(called)})
    return called[0]
