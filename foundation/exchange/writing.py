"""Writing workbooks that people open: every text stays text, whatever it begins with."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter

MOST_WIDE = 50  # characters of a column


def workbook(name: str, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """An .xlsx of one sheet: bold headings that stay in sight, dates as dates; nothing is ever taken for a formula.

    rows: str, int, date or None, in the order of the headings; read once.
    """
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True})
    sheet = book.add_worksheet(name[:31])
    bold = book.add_format({"bold": True, "bottom": 1})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    widths = [_width(heading) for heading in headings]
    for column, heading in enumerate(headings):
        sheet.write_string(0, column, heading, bold)
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if value is None or value == "":
                continue
            if isinstance(value, dt.date):
                sheet.write_datetime(number, column, dt.datetime(value.year, value.month, value.day), day)  # noqa: DTZ001  a day has no zone
            elif isinstance(value, int):
                sheet.write_number(number, column, value)
            else:
                sheet.write_string(number, column, str(value))
            widths[column] = max(widths[column], _width(value))
    for column, width in enumerate(widths):
        sheet.set_column(column, column, min(width + 2, MOST_WIDE))
    sheet.freeze_panes(1, 0)
    book.close()
    return made.getvalue()


def _width(value: Any) -> int:
    """In columns of a digit: a Chinese character takes two."""
    return sum(2 if ord(character) > 0x2E7F else 1 for character in str(value))
