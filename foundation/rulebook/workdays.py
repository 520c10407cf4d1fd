"""Working days: the State Council's published holidays and make-up days, with HR's own exceptions.

Day 1 is the day after the event (architecture.md, Time). The published calendar is PyPI's `holidays` (China). Days
that no notice has settled yet are counted by weekends and fixed holidays only and are *provisional*.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache

import holidays
from holidays.countries.china import ChinaStaticHolidays

from foundation.rulebook.models import DayException

LAST_PUBLISHED = max(ChinaStaticHolidays.special_public_holidays)
# a year's notice also moves the last days of the year before it: so far from 29 December on (2006, 2007, 2011, 2018)
PROVISIONAL_FROM = dt.date(LAST_PUBLISHED, 12, 25)
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Deadline:
    """A last day. is_provisional: it runs into days whose holidays are not published, and may still move (暂定)."""

    day: dt.date
    is_provisional: bool


@cache
def _china(year: int) -> holidays.HolidayBase:
    return holidays.country_holidays("CN", years=year)


def is_published_working_day(day: dt.date) -> bool:
    """Whether the day is a working day by make-up days, holidays and weekends alone."""
    return bool(_china(day.year).is_working_day(day))


def is_working_day(day: dt.date) -> bool:
    """Whether people are at work that day: HR's exception first, then the published calendar."""
    exception = DayException.objects.filter(day=day).values_list("is_working", flat=True).first()
    return is_published_working_day(day) if exception is None else exception


def is_provisional(day: dt.date) -> bool:
    """Whether a working-day clock that runs to this day may still move."""
    return day >= PROVISIONAL_FROM


def add_working_days(start: dt.date, count: int) -> Deadline:
    """The day on which the count-th working day after start falls (start itself is not counted)."""
    exceptions = dict(DayException.objects.filter(day__gt=start).values_list("day", "is_working"))
    day = start
    while count:
        day += ONE_DAY
        count -= exceptions.get(day, is_published_working_day(day))
    return Deadline(day, is_provisional(day))


def add_calendar_days(start: dt.date, count: int) -> dt.date:
    """The last day of a clock in calendar days (日): day 1 is the day after; a holiday at its end does not move it."""
    return start + count * ONE_DAY
