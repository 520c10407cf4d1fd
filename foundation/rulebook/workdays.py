"""Working days: the State Council's published holidays and make-up days, with HR's own exceptions.

Day 1 is the day after the event (architecture.md, Time). The published calendar is PyPI's `holidays` (China): a
year that has not been published yet is counted by weekends and fixed holidays only and is *provisional*.
"""

from __future__ import annotations

import datetime as dt
from functools import cache

import holidays
from holidays.countries.china import ChinaStaticHolidays

from foundation.rulebook.models import DayException

LAST_PUBLISHED = max(ChinaStaticHolidays.special_public_holidays)


@cache
def _china(year: int) -> holidays.HolidayBase:
    return holidays.country_holidays("CN", years=year)


def is_working_day(day: dt.date, exceptions: dict[dt.date, bool]) -> bool:
    """Whether people are at work that day: exceptions first, then make-up days, holidays and weekends."""
    if day in exceptions:
        return exceptions[day]
    return bool(_china(day.year).is_working_day(day))


def add_working_days(start: dt.date, count: int) -> dt.date:
    """The day on which the count-th working day after start falls (start itself is not counted)."""
    exceptions = dict(
        DayException.objects.filter(day__gte=start, day__lte=start + dt.timedelta(days=count * 4 + 60)).values_list(
            "day", "is_working"
        )
    )
    day = start
    while count:
        day += dt.timedelta(days=1)
        count -= is_working_day(day, exceptions)
    return day
