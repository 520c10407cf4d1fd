"""Spreadsheets that we give out. Nothing in them is a formula, whatever people wrote."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import IO, Any

import xlsxwriter
from django.utils.translation import gettext as _

from foundation.exchange.reading import Cell, Sheet
from foundation.exchange.tables import MARKS, Table, text
from foundation.offers.lists import Column, Problem, Value, Write

# what a spreadsheet takes for the begin of a formula; the full-width ones, too, in some
FORMULAS = tuple("=+-@\t\r＝＋－＠")
MOST_COMMENTS = 5_000  # beyond that, the column of problems tells alone: each comment is a drawing
_BOOK = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False, "nan_inf_to_errors": True}
_TYPED_ROWS = 10_000  # drop-downs go down to here at least, for rows still to be written


def write_xlsx(
    file: IO[bytes],
    *,
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Mapping[str, Value]],
    above: Sequence[str] = (),
) -> int:
    """A list as a workbook: typed columns, frozen headings with a filter, drop-downs for choices. Returns the rows.

    above: lines over the headings. Rows are written as they come: memory does not grow with them.
    """
    book = xlsxwriter.Workbook(file, {**_BOOK, "constant_memory": True})
    sheet = book.add_worksheet(_sheet_name(title))
    heading = book.add_format({"bold": True, "bg_color": "#E8EEF5", "bottom": 1, "num_format": "@"})
    large, small = book.add_format({"bold": True, "font_size": 14}), book.add_format()
    formats = {
        Write.TEXT: book.add_format({"num_format": "@"}),
        Write.DATE: book.add_format({"num_format": "yyyy-mm-dd"}),
        Write.NUMBER: book.add_format({"num_format": "General"}),
    }
    for number, line in enumerate(above):
        sheet.write_string(number, 0, line, small if number else large)
    top = len(above)
    for place, column in enumerate(columns):
        sheet.set_column(place, place, max(column.width, 2 * len(column.headings[0]) + 3), formats[column.write])
        sheet.write_string(top, place, column.headings[0], heading)
    count = 0
    for row in rows:
        count += 1
        for place, column in enumerate(columns):
            _write(sheet, (top + count, place), row.get(column.name), formats[column.write], formats[Write.DATE])
    last = top + max(count, 1)
    sheet.freeze_panes(top + 1, min(3, len(columns) - 1))
    sheet.autofilter(top, 0, last, len(columns) - 1)
    for place, column in enumerate(columns):
        if column.choices:
            rule = {"validate": "list", "source": list(column.choices), "error_type": "warning"}
            sheet.data_validation(top + 1, place, max(last, _TYPED_ROWS), place, rule)
    book.close()
    return count


def write_csv(
    file: IO[bytes], *, columns: Sequence[Column], rows: Iterable[Mapping[str, Value]], above: Sequence[str] = ()
) -> int:
    """A list as CSV, UTF-8 with a mark, so that Excel reads it right. Returns the rows."""
    out = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    writer = csv.writer(out)
    for line in above:
        writer.writerow([quoted(line)])
    writer.writerow([column.headings[0] for column in columns])
    count = 0
    for row in rows:
        count += 1
        writer.writerow([quoted(row.get(column.name)) for column in columns])
    out.flush()
    out.detach()
    return count


def quoted(value: Value) -> Value:
    """A text with a quote before what a spreadsheet would take for a formula; reader_process.py takes it off again."""
    if isinstance(value, str) and value.lstrip("'").startswith(FORMULAS):
        return f"'{value}"
    return value


def write_marked(file: IO[bytes], *, sheets: Sequence[Sheet], table: Table, problems: Sequence[Problem]) -> None:
    """The cells of an uploaded file, those with problems in red with the sentence beside them; a column says again what
    is wrong with the row, a last sheet lists everything. It can be mended and uploaded again as it is.

    Written anew rather than copied: what else the file holds is not opened here.
    """
    book = xlsxwriter.Workbook(file, _BOOK)
    plain, date = book.add_format(), book.add_format({"num_format": "yyyy-mm-dd"})
    red = book.add_format({"bg_color": "#F8D7DA", "font_color": "#9C0006", "bold": True})
    red_date = book.add_format({"bg_color": "#F8D7DA", "font_color": "#9C0006", "num_format": "yyyy-mm-dd"})
    amber = book.add_format({"bg_color": "#FFF3CD"})
    amber_date = book.add_format({"bg_color": "#FFF3CD", "num_format": "yyyy-mm-dd"})
    looks = {"bad": (red, red_date), "warning": (amber, amber_date)}
    names: set[str] = set()
    for number, source in enumerate(sheets):
        sheet = book.add_worksheet(_sheet_name(source.name, names))
        told = problems if number == table.sheet else []
        places = _places(source, table) if told else {}
        marks: dict[tuple[int, int], list[Problem]] = {}
        for problem in told:
            if problem.row and problem.column in places:
                marks.setdefault((problem.row - 1, places[problem.column]), []).append(problem)
        for row, cells in enumerate(source.rows):
            for place, value in enumerate(cells):
                found = marks.get((row, place))
                form, form_date = looks[_worst(found)] if found else (plain, date)
                _write(sheet, (row, place), value, form, form_date)
        for nth, ((row, place), found) in enumerate(marks.items()):
            cells = source.rows[row] if row < len(source.rows) else []
            if place >= len(cells) or cells[place] is None:
                sheet.write_blank(row, place, None, looks[_worst(found)][0])
            if nth < MOST_COMMENTS:
                sheet.write_comment(row, place, "\n".join(problem.what for problem in found), {"x_scale": 2})
        if told and table.heading_row:
            _write_problem_column(sheet, source, table, told, plain=plain, form=red)
    _write_problem_sheet(book, problems, names)
    book.close()


def _write_problem_column(
    sheet: Any, source: Sheet, table: Table, problems: Sequence[Problem], *, plain: Any, form: Any
) -> None:
    headings = [text(cell) for cell in source.rows[table.heading_row - 1]]
    place = headings.index(MARKS) if MARKS in headings else max(len(row) for row in source.rows)
    sheet.set_column(place, place, 60)
    sheet.write_string(table.heading_row - 1, place, MARKS, form)
    for row in table.rows:  # an older mark is no longer true
        sheet.write_blank(row.number - 1, place, None, plain)
    by_row: dict[int, list[str]] = {}
    for problem in problems:
        if problem.row > table.heading_row:
            sentence = f"{problem.column}：{problem.what}" if problem.column else problem.what
            by_row.setdefault(problem.row, []).append(sentence)
    for number, sentences in by_row.items():
        sheet.write_string(number - 1, place, "".join(sentences), form)


def _write_problem_sheet(book: Any, problems: Sequence[Problem], names: set[str]) -> None:
    sheet = book.add_worksheet(_sheet_name(MARKS, names))
    bold = book.add_format({"bold": True})
    for place, (heading, width) in enumerate(((_("行"), 8), (_("列"), 16), (_("程度"), 8), (MARKS, 80))):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, heading, bold)
    for number, problem in enumerate(problems, start=1):
        sheet.write_string(number, 0, str(problem.row) if problem.row else _("整个文件"))
        sheet.write_string(number, 1, problem.column)
        sheet.write_string(number, 2, _("错误") if problem.level == "bad" else _("提醒"))
        sheet.write_string(number, 3, problem.what)


def _places(source: Sheet, table: Table) -> dict[str, int]:
    """Heading → its place in the row of headings, the first of two."""
    if not table.heading_row:
        return {}
    places: dict[str, int] = {}
    for place, cell in enumerate(source.rows[table.heading_row - 1]):
        places.setdefault(text(cell), place)
    return places


def _worst(problems: Sequence[Problem]) -> str:
    return "bad" if any(problem.level == "bad" for problem in problems) else "warning"


def _write(sheet: Any, at: tuple[int, int], value: Cell, form: Any, form_date: Any) -> None:
    """A cell by its type; a text is a text, whatever it looks like."""
    match value:
        case None | "":
            pass
        case bool():
            sheet.write_boolean(*at, value, form)
        case dt.date():
            sheet.write_datetime(*at, dt.datetime(value.year, value.month, value.day), form_date)  # noqa: DTZ001
        case int() | float():
            sheet.write_number(*at, value, form)
        case _:
            sheet.write_string(*at, value, form)


def _sheet_name(name: str, taken: set[str] | None = None) -> str:
    """A name that Excel takes, unlike those already taken."""
    plain = re.sub(r"[\[\]:*?/\\]", " ", name).strip(" '")[:28] or "Sheet"
    taken = set() if taken is None else taken
    found, number = plain, 2
    while found.lower() in taken:
        found, number = f"{plain} {number}", number + 1
    taken.add(found.lower())
    return found
