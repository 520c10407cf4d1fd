"""How many class hours somebody owes, for which time, and what counts. Pure: no ORM, no clock.

干部教育培训工作条例（2023）Arts 14 and 15, as in rules.md C1-1 to C1-8.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from learning.hours.enums import Delivery

PLAN_YEARS = 5
YEARLY = Decimal(90)  # C1-2, in a year
FIVE_YEARLY = Decimal(550)  # C1-1, in five years
RULE_VERSION = "干部教育培训工作条例（2023）第十四条"
HOURS_PER_DAY = Decimal("7.5")  # 90 class hours are 12 days
MOST_LEAVE = Fraction(1, 7)  # C1-5

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

    def covers(self, day: dt.date) -> bool:
        """Whether a class that ended on the day falls into it."""
        return self.first_year <= day.year <= self.last_year


@dataclass(frozen=True)
class Training:
    """A finished training. is_recognised: an online course that the competent department counts as 集中培训 (C1-8)."""

    ended_on: dt.date
    class_hours: Decimal
    delivery: str
    is_recognised: bool = False


@dataclass(frozen=True)
class RankPeriod:
    """A rank (职级) and the day from which somebody held it."""

    rank: str
    since: dt.date


def plan_period(year: int, plan_from: int) -> tuple[int, int]:
    """The planning period that the year lies in (C1: not a rolling five years, in practice)."""
    first = plan_from + (year - plan_from) // PLAN_YEARS * PLAN_YEARS
    return first, first + PLAN_YEARS - 1


def rolling_period(year: int) -> tuple[int, int]:
    """The five years that end with the year, shown beside the planning period (C1)."""
    return year - PLAN_YEARS + 1, year


def rank_on(held: Iterable[RankPeriod], day: dt.date) -> str:
    """The rank held on a day; empty before the first."""
    past = [period for period in held if period.since <= day]
    return max(past, key=lambda period: period.since).rank if past else ""


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


def counts(training: Training) -> bool:
    """Whether it is concentrated training: 脱产培训, or an online course recognised as such (C1-8)."""
    if training.delivery == Delivery.ONLINE:
        return training.is_recognised
    return training.delivery == Delivery.OFFJOB


def counted_hours(trainings: Iterable[Training], owed: Requirement) -> Decimal:
    """The hours that fill a requirement; a class counts in the year in which it ends."""
    return sum(
        (training.class_hours for training in trainings if counts(training) and owed.covers(training.ended_on)),
        Decimal(0),
    )


def class_hours(days: Decimal, per_day: Decimal = HOURS_PER_DAY) -> Decimal:
    """Days of training as class hours. per_day: 7.5 by the regulation's own numbers, local systems differ (C1)."""
    return days * per_day


def must_withdraw(*, leave_hours: Decimal, class_hours: Decimal) -> bool:
    """Whether leave passed a seventh of a full-time training (C1-5)."""
    return Fraction(leave_hours) > Fraction(class_hours) * MOST_LEAVE


def make_up_by(appointed_on: dt.date) -> dt.date:
    """The last day to make up training after an appointment without it: within one year (C1-4, C2)."""
    if (appointed_on.month, appointed_on.day) == (2, 29):
        return dt.date(appointed_on.year + 1, 2, 28)
    return appointed_on.replace(year=appointed_on.year + 1)


def is_behind(owed: Requirement, done: Decimal, today: dt.date) -> bool:
    """Whether fewer hours are done than an even pace asks for by today."""
    start = dt.date(owed.first_year, 1, 1)
    days = (dt.date(owed.last_year, 12, 31) - start).days + 1
    passed = min(max((today - start).days, 0), days)
    return done * days < owed.class_hours * passed
