"""Rows of a spreadsheet to people of the roster, and their cells to values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from import_export.widgets import Widget

from foundation.exchange.resources import KEYS
from foundation.exchange.tables import Row, Table, text, verbatim
from foundation.offers.lists import Column, Problem
from foundation.people.models import Cadre
from foundation.people.scope import visible

PERSON = (
    Column("number", ("序号",), ignored=True),
    Column("work_number", ("工号", "人员编号", "职工编号", "编号"), required=True, width=14),
    Column("name", ("姓名", "名字")),
)


def match_people(table: Table, *, actor: Any, scoped: bool) -> tuple[dict[int, Cadre], list[Problem]]:
    """Row number → the person whose work number it has, and what is wrong with those that have none.

    scoped: among those whom the actor keeps as HR; of others is not even said that they are there. A name, where the
    row has one, has to be the person's: it finds the mistyped number.
    """
    known = visible(actor, Cadre, action="change") if scoped else Cadre.objects.all()
    numbers = list({text(row.cells["work_number"]) for row in table.rows} - {""})
    people: dict[str, Cadre] = {}
    for start in range(0, len(numbers), KEYS):
        some = known.filter(work_number__in=numbers[start : start + KEYS]).select_related("account")
        people |= {cadre.work_number: cadre for cadre in some}
    found: dict[int, Cadre] = {}
    problems = []
    for row in table.rows:
        number = text(row.cells["work_number"])
        cadre = people.get(number)
        name = verbatim(row.cells.get("name"))
        if not number:
            problems.append(Problem(row.number, table.headings["work_number"], _("不能为空。")))
        elif cadre is None:
            what = _("你管理的花名册里没有工号“%(number)s”。") if scoped else _("花名册里没有工号“%(number)s”。")
            problems.append(Problem(row.number, table.headings["work_number"], what % {"number": number}))
        elif name and name != cadre.name:
            what = _("工号“%(number)s”的人员不叫“%(name)s”，请核对。") % {"number": number, "name": name}
            problems.append(Problem(row.number, table.headings["name"], what))
        else:
            found[row.number] = cadre
    return found, problems


def clean_cells(
    row: Row, headings: Mapping[str, str], widgets: Mapping[str, Widget]
) -> tuple[dict[str, Any], list[Problem]]:
    """The row's values by column, of the columns that the file has; and every cell that cannot be read."""
    values: dict[str, Any] = {}
    problems = []
    for name, widget in widgets.items():
        if name in row.cells:
            try:
                values[name] = widget.clean(row.cells[name])
            except ValueError as error:
                problems.append(Problem(row.number, headings[name], str(error)))
    return values, problems


def twice(rows: Mapping[int, Any], heading: str, say: Callable[[int], str]) -> Iterator[Problem]:
    """A problem for each row whose key an earlier one has. rows: row number → key; say: the sentence, from the earlier
    row's number."""
    seen: dict[Any, int] = {}
    for number, key in rows.items():
        if key in seen:
            yield Problem(number, heading, say(seen[key]))
        seen.setdefault(key, number)
