"""Reads of uploads: what the check found, sorted as people look at it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from foundation.exchange.models import Upload
from foundation.exchange.reading import Sheet
from foundation.exchange.tables import MARKS, Table, plain_heading, text
from foundation.offers.lists import Change, Column, KeptList, Problem

SAMPLES = 3


@dataclass(frozen=True)
class Report:
    """What the check found of an upload."""

    problems: list[Problem]
    changes: list[Change]


@dataclass(frozen=True)
class Sort:
    """Problems of one sort: the same fault of the same column, whatever stands in the cells."""

    key: str
    column: str
    what: str
    level: str
    count: int


@dataclass(frozen=True)
class Heading:
    """A heading of the file, with the column that it is taken for and some of what stands under it."""

    plain: str
    written: str
    column: str
    samples: list[str]
    is_unknown: bool


def uploads_of(account: Any) -> QuerySet[Upload]:
    """The account's own uploads: nobody reads another's."""
    return Upload.objects.filter(owner=account).select_related("job")


def report_of(upload: Upload) -> Report:
    """What the check found; empty before it, and once it has been swept."""
    if upload.is_swept or not upload.report_path.exists():
        return Report([], [])
    written = json.loads(upload.report_path.read_text(encoding="utf-8"))
    return Report(
        [Problem(**problem) for problem in written["problems"]], [Change(**change) for change in written["changes"]]
    )


def sort_of(problem: Problem) -> str:
    """A problem's sort: its column and sentence without what it quotes and counts."""
    sentence = re.sub(r"“[^”]*”", "“…”", problem.what)
    return f"{problem.level}|{problem.column}|{re.sub(r'[0-9A-Za-z+]+', '…', sentence)}"


def sorts_of(problems: Iterable[Problem]) -> list[Sort]:
    """The sorts of problems that there are, faults first, the frequent before the rare."""
    count = Counter(sort_of(problem) for problem in problems)
    sorts = [Sort(key, *_parts(key), count=number) for key, number in count.items()]
    return sorted(sorts, key=lambda sort: (sort.level, -sort.count))


def _parts(key: str) -> tuple[str, str, str]:
    level, column, what = key.split("|", 2)
    return column, what, level


def headings_of(sheets: Sequence[Sheet], table: Table, chosen: Mapping[str, str]) -> list[Heading]:
    """The headings of the file's table, in their order."""
    if not table.heading_row:
        return []
    rows = sheets[table.sheet].rows
    names = {plain_heading(heading): name for name, heading in table.headings.items()}
    found: list[Heading] = []
    for place, cell in enumerate(rows[table.heading_row - 1]):
        plain = plain_heading(cell)
        if not plain or plain == MARKS or plain in {heading.plain for heading in found}:
            continue
        under = [text(row[place]) for row in rows[table.heading_row :] if place < len(row) and text(row[place])]
        unknown = plain not in names and plain not in chosen
        found.append(Heading(plain, text(cell), names.get(plain, ""), under[:SAMPLES], unknown))
    return found


def missing_columns(kept: KeptList, names: Iterable[str]) -> list[Column]:
    """The needed columns that are not among the names."""
    given = set(names)
    return [column for column in kept.columns if column.required and column.name not in given]
