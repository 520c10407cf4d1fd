"""Lists that people keep in spreadsheets: what a room offers, and what its import answers.

A room offers a KeptList with its Importer (importers.py). The wizard and the export of foundation/exchange, and
bin/manage import, work with any of them; who may do what comes in as a callable.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

Value = str | int | float | bool | dt.date | None


class Write(StrEnum):
    """How an export writes a column."""

    TEXT = "text"  # also for numbers that are names, and months: 1985.10 would become 1985.1
    DATE = "date"
    NUMBER = "number"


@dataclass(frozen=True)
class Column:
    """A column that a list knows: its name there, the headings people use for it, whether it must be there.

    choices: what may be written, offered as a drop-down in exports. width: in characters, in exports.
    """

    name: str
    headings: tuple[str, ...]
    required: bool = False
    ignored: bool = False  # known, but never imported, like 序号
    write: Write = Write.TEXT
    choices: tuple[str, ...] = ()
    width: int = 12


@dataclass(frozen=True)
class Problem:
    """Something to mend in the file. row: the sheet's own number (0 = the file); column: the heading."""

    row: int
    column: str
    what: str
    level: str = "bad"  # or "warning"

    def answer(self) -> dict[str, Any]:
        """As contracts.md has it."""
        return asdict(self)


@dataclass(frozen=True)
class Change:
    """What an import does to one field of somebody who was there before. who: as people name the row."""

    row: int
    who: str
    field: str
    before: str
    after: str


class Became(StrEnum):
    """What an import makes of a row."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    BAD = "bad"


@dataclass(frozen=True)
class Outcome:
    """What an import did, or in a dry run would do. became: the sheet's row number → what became of it."""

    became: Mapping[int, Became]
    problems: Sequence[Problem]
    changes: Sequence[Change] = ()

    @classmethod
    def of(cls, became: Mapping[int, Became], problems: Iterable[Problem], changes: Iterable[Change] = ()) -> Outcome:
        """With the problems in the file's order; a bad file makes all its rows bad."""
        ordered = sorted(problems, key=lambda problem: problem.row)
        bad = {problem.row for problem in ordered if problem.level == "bad"}
        settled = {row: Became.BAD if bad & {0, row} else what for row, what in became.items()}
        return cls(settled, ordered, list(changes))

    @property
    def accepted(self) -> bool:
        """Whether nothing is bad: one bad row and nothing is written."""
        return not any(problem.level == "bad" for problem in self.problems)

    @property
    def warnings(self) -> int:
        """How many problems are warnings."""
        return sum(problem.level == "warning" for problem in self.problems)

    def answer(self) -> dict[str, Any]:
        """As contracts.md has it."""
        count = Counter(self.became.values())
        return {
            **{what.value: count[what] for what in Became},
            "warnings": self.warnings,
            "problems": [problem.answer() for problem in self.problems],
        }

    @property
    def fingerprint(self) -> str:
        """The same for the same outcome: whether what a person saw is still what would happen."""
        seen = [
            sorted((row, what.value) for row, what in self.became.items()),
            [problem.answer() for problem in self.problems],
            [asdict(change) for change in self.changes],
        ]
        return hashlib.sha256(json.dumps(seen, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True)
class Export:
    """A list as it goes out. above: the lines over the headings, as the import reads them; rows: column → value."""

    above: Sequence[str]
    rows: Iterable[Mapping[str, Value]]


@dataclass(frozen=True)
class KeptList:
    """A list that people keep in spreadsheets.

    may_use: whether the account may import and export it at all. office: under which key the account's office
    remembers headings. take: ``take(table, dry_run=, actor=, scoped=)`` with a foundation.exchange.tables.Table,
    called inside a transaction that the caller takes back when the run is dry or the outcome is bad; scoped: only
    rows within the actor's reach, others are bad. export: what the account may see of it. url: where the people of
    the list are looked at afterwards.
    """

    name: str
    title: Any
    columns: Sequence[Column]
    may_use: Callable[[Any], bool]
    office: Callable[[Any], str]
    take: Callable[..., Outcome]
    export: Callable[[Any], Export]
    url: Callable[[], str] | None = None
