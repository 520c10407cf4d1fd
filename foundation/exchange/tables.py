"""Finding a table in a sheet as people keep it: title rows above, headings in their own words, a total row below."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from foundation.exchange.reading import Cell, Sheet
from foundation.offers.lists import Column, Problem

LOOK_FOR_HEADINGS = 10  # rows from the top
TOTAL_ROWS = ("合计", "总计", "小计", "共计")
MARKS = "问题"  # the heading of the column that writing.write_marked adds: no data, and no unknown column


@dataclass(frozen=True)
class Row:
    """A person's row. cells: only of columns that the sheet has, and what was derived from them: what is not there is
    not imported, and stays as it was."""

    number: int
    cells: dict[str, Cell]


@dataclass(frozen=True)
class Table:
    """The people's rows of a sheet. above: the texts of the rows over the headings, row by row."""

    above: list[list[str]]
    headings: dict[str, str]  # column name → the heading as it stands in the file
    rows: list[Row]
    problems: list[Problem]
    sheet: int = 0  # which sheet of the workbook
    heading_row: int = 0  # the sheet's own number; 0 where no headings were found


def verbatim(value: Cell) -> str:
    """A cell as it stands, for names: only the space around it goes, and whole numbers have no decimal point.

    Normalising would write another character for a compatibility ideograph, like 海 for U+FA45 海: another name.
    """
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()


def text(value: Cell) -> str:
    """A cell as text in one spelling: NFKC, no space around it, whole numbers without a decimal point."""
    return unicodedata.normalize("NFKC", verbatim(value)).strip()


def plain_heading(heading: Cell) -> str:
    """A heading without spaces and marks, by which it is known."""
    return re.sub(r"[\s（）()*：:]", "", text(heading))


def find_table(sheets: Sequence[Sheet], columns: Sequence[Column], chosen: Mapping[str, str] | None = None) -> Table:
    """The table of the first sheet that has most of the headings.

    Unknown headings become warnings, or are named beside the needed ones that are missing (which are bad). Blank
    rows and total rows (合计 …) are no people's rows. chosen: what a person said of headings, by plain_heading():
    the column's name, or "" for one to leave out; it goes before what is known.
    """
    named = {column.name: column for column in columns}
    known = {plain_heading(heading): column for column in columns for heading in column.headings}
    known |= {heading: named[name] for heading, name in (chosen or {}).items() if name in named}
    left_out = {heading for heading, name in (chosen or {}).items() if not name} | {MARKS}
    best: tuple[int, Sheet, int] | None = None
    which = 0
    for number, sheet in enumerate(sheets):
        for index, row in enumerate(sheet.rows[:LOOK_FOR_HEADINGS]):
            hits = sum(plain_heading(value) in known for value in row)
            if hits and (best is None or hits > best[0]):
                best, which = (hits, sheet, index), number
    if best is None:
        what = _("前 %(n)s 行里没有找到表头。") % {"n": LOOK_FOR_HEADINGS}
        return Table([], {}, [], [Problem(0, "", what)])
    _hits, sheet, at = best
    places: dict[int, Column] = {}
    unknown: list[str] = []
    for index, value in enumerate(sheet.rows[at]):
        column = None if plain_heading(value) in left_out else known.get(plain_heading(value))
        if column is not None and column not in places.values():
            places[index] = column
        elif text(value) and plain_heading(value) not in left_out:
            unknown.append(text(value))
    headings = {column.name: text(sheet.rows[at][index]) for index, column in places.items()}
    missing = [column for column in columns if column.required and column.name not in headings]
    problems = []
    for column in missing:
        what = _("缺少必需的列“%(column)s”。") % {"column": column.headings[0]}
        if unknown:
            what += _("不认识的列：%(unknown)s。") % {"unknown": "、".join(unknown)}
        problems.append(Problem(0, column.headings[0], what))
    if not missing:
        what = _("不认识这一列，没有导入。")
        problems.extend(Problem(at + 1, heading, what, "warning") for heading in unknown)
    rows = []
    for number, row in enumerate(sheet.rows[at + 1 :], start=at + 2):
        if all(text(value) == "" for value in row) or plain_heading(row[0]) in TOTAL_ROWS:
            continue
        cells = {column.name: row[i] if i < len(row) else None for i, column in places.items() if not column.ignored}
        rows.append(Row(number, cells))
    above = [[text(value) for value in row if text(value)] for row in sheet.rows[:at]]
    return Table(above, headings, rows, problems, which, at + 1)


_MONTH = re.compile(r"(\d{4})(?:年(\d{1,2})月?|-(\d{1,2})|\.(\d{2})|\.([2-9])|(\d{2}))(?:[-.]?\d{1,2}日?)?")


def month(value: Cell, *, today: dt.date) -> dt.date | None:
    """A month as people write it, as its first day: 1985.03, 198503, 1985年3月, 1985-03, or a real date.

    None for an empty cell. Raises ValueError with a sentence for what is no month, lies in the future, or cannot be
    told apart: the number 1985.1 may be January or October.
    """
    if isinstance(value, dt.date):
        found = value.replace(day=1)
    else:
        written = text(value)
        if not written:
            return None
        if re.fullmatch(r"\d{4}\.1", written):
            raise ValueError(
                _("“%(value)s”分不清是 1 月还是 10 月，请写成 %(year)s.01 或 %(year)s.10。")
                % {"value": written, "year": written[:4]}
            )
        match = _MONTH.fullmatch(written)
        number = int(next(part for part in match.groups()[1:] if part)) if match else 0
        if match is None or not 1 <= number <= 12 or not 1900 <= int(match[1]) <= 2200:
            raise ValueError(_("“%(value)s”不是年月，请写成 1985.03 的样子。") % {"value": written})
        found = dt.date(int(match[1]), number, 1)
    if found > today:
        raise ValueError(_("“%(value)s”在今天之后。") % {"value": text(value) or value})
    return found


# 2026年10月31日, 2026.10.31, 2026-10-31, 2026/10/31, 20261031
DAY = re.compile(r"(\d{4})(?:\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})日?|(\d{2})(\d{2}))(?!\d)")


def day_of(match: re.Match[str]) -> dt.date:
    """The day that DAY found. Raises ValueError where there is no such day."""
    return dt.date(int(match[1]), int(match[2] or match[4]), int(match[3] or match[5]))


def day(value: Cell) -> dt.date | None:
    """A day as people write it, or a real date; None for an empty cell. Raises ValueError with a sentence."""
    if isinstance(value, dt.date):
        return value
    written = text(value)
    if not written:
        return None
    match = DAY.fullmatch(written)
    if match is None:
        raise ValueError(_("“%(value)s”不是日期，请写成 2026-10-31 的样子。") % {"value": written})
    try:
        return day_of(match)
    except ValueError as error:
        raise ValueError(_("“%(value)s”：没有这一天，请改正。") % {"value": written}) from error
