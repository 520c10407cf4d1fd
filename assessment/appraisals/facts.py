"""What is on record about a person on a day, as plain values: the input of the rules of eligibility. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from assessment.appraisals.enums import Absence, Move
from assessment.discipline import reasons, rules
from assessment.discipline.clocks import Span, days_covered
from assessment.discipline.reasons import Words
from assessment.discipline.rules import Case, Finding
from foundation.people.enums import Category

CIVIL_SERVANTS = frozenset({Category.CIVIL_SERVANT, Category.REFERENCE_MANAGED})


@dataclass(frozen=True)
class Parameters:
    """Numbers that a local notice may set; defaults are those of settled.md."""

    half_year_days: int = 183
    discipline: rules.Parameters = field(default_factory=rules.Parameters)


@dataclass(frozen=True)
class Leave:
    kind: Absence
    first: dt.date
    last: dt.date | None = None  # None: still running


@dataclass(frozen=True)
class Assignment:
    """first of a departure: the first day out. sent: by the unit (study)."""

    kind: Move
    first: dt.date
    last: dt.date | None = None
    sent: bool = True


@dataclass(frozen=True)
class Facts:
    """What is on record about a person on as_of; later facts do not exist yet. joined: this unit."""

    year: int
    as_of: dt.date
    category: Category
    leading_member: bool = False
    joined: dt.date | None = None
    first_job: bool = False
    months_elsewhere: Decimal = Decimal(0)  # at other units, in the year
    probation_until: dt.date | None = None
    leaves: tuple[Leave, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    cases: tuple[Case, ...] = ()
    actions: tuple[Finding, ...] = ()

    @property
    def first_day(self) -> dt.date:
        return dt.date(self.year, 1, 1)

    @property
    def last_day(self) -> dt.date:
        return dt.date(self.year, 12, 31)

    @property
    def is_civil_servant(self) -> bool:
        """Civil servants and those managed by reference to their law (A1-3)."""
        return self.category in CIVIL_SERVANTS

    @property
    def words(self) -> Words:
        return reasons.CIVIL if self.is_civil_servant else reasons.INSTITUTION

    def rule(self, civil: str, institution: str) -> str:
        """The id of the rule that governs this category."""
        return f"A7/{civil}" if self.is_civil_servant else f"A7b/{institution}"

    def span(self, one: Leave | Assignment) -> Span:
        """The days of a leave or assignment that exist on as_of."""
        return Span(one.first, min(one.last or self.as_of, self.as_of))

    def days_in_year(self, spans: list[Span]) -> int:
        """Days of the year in at least one of the spans."""
        return days_covered(spans, Span(self.first_day, self.last_day))
