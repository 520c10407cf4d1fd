"""How many class hours somebody owes, and for which time. Pure: no ORM, no clock.

干部教育培训工作条例（2023）Art 14, as in rules.md C1-1, C1-2, C1-8.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

PLAN_YEARS = 5
YEARLY = Decimal(90)  # C1-2, in a year
FIVE_YEARLY = Decimal(550)  # C1-1, in five years
RULE_VERSION = "干部教育培训工作条例（2023）第十四条"

# 四级调研员 and above; 一级主任科员 and below. Ranks of other series and posts without a rank are judged by people:
# which level a post has depends on the organ's own level, which the roster does not say.
_FIVE_YEARLY_RANKS = ("调研员", "巡视员")
_YEARLY_RANKS = ("科员",)  # 主任科员 too
_GOVERNED = {"civil_servant", "reference_managed"}


@dataclass(frozen=True)
class Requirement:
    """Hours of concentrated training owed within a span of years; both years belong to it."""

    class_hours: Decimal
    first_year: int
    last_year: int

    @property
    def is_yearly(self) -> bool:
        """Whether it is owed anew each year."""
        return self.first_year == self.last_year


def plan_period(year: int, plan_from: int) -> tuple[int, int]:
    """The planning period that the year lies in (C1: not a rolling five years, in practice)."""
    first = plan_from + (year - plan_from) // PLAN_YEARS * PLAN_YEARS
    return first, first + PLAN_YEARS - 1


def requirement(*, category: str, rank: str, year: int, plan_from: int) -> Requirement | None:
    """What the regulation asks of a person in a year; None where it does not say (需人工认定).

    category: code of people.enums.Category. rank: 职级 as on the roster, e.g. 三级主任科员.
    """
    if category not in _GOVERNED:
        return None
    if rank.endswith(_FIVE_YEARLY_RANKS):
        first, last = plan_period(year, plan_from)
        return Requirement(FIVE_YEARLY, first, last)
    if rank.endswith(_YEARLY_RANKS):
        return Requirement(YEARLY, year, year)
    return None


def is_behind(owed: Requirement, done: Decimal, today: dt.date) -> bool:
    """Whether fewer hours are done than an even pace asks for by today."""
    start = dt.date(owed.first_year, 1, 1)
    days = (dt.date(owed.last_year, 12, 31) - start).days + 1
    passed = min(max((today - start).days, 0), days)
    return done * days < owed.class_hours * passed
