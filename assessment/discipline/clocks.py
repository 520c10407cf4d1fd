"""Periods and deadlines: months, calendar days, working days. Pure: working days come in as a callable.

Day 1 is the day after the event; a clock of calendar days or months does not roll over (architecture.md, Time).
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

ONE_DAY = dt.timedelta(days=1)
SATURDAY = 5


@dataclass(frozen=True)
class Span:
    """Days from first to last, both included."""

    first: dt.date
    last: dt.date


@dataclass(frozen=True)
class Deadline:
    """The last day on which something may be done. provisional: it lies in a year whose holidays are not published."""

    last_day: dt.date
    provisional: bool = False


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day of a later month, or that month's last day where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def period_end(first: dt.date, months: int) -> dt.date:
    """The last day of a period that begins on first (B1: effective + n months − 1 day)."""
    return add_months(first, months) - ONE_DAY


def within_days(event: dt.date, days: int) -> Deadline:
    """A statute's 日: calendar days, no roll-over (A9-5)."""
    return Deadline(event + dt.timedelta(days=days))


def within_months(event: dt.date, months: int) -> Deadline:
    """A statute's 月 after an event: the day of the same number, or the month's last."""
    return Deadline(add_months(event, months))


def is_working_day(day: dt.date, exceptions: Mapping[dt.date, bool]) -> bool:
    """Monday to Friday, unless the day is a published holiday (False) or a make-up day (True)."""
    return exceptions.get(day, day.weekday() < SATURDAY)


def within_working_days(
    event: dt.date, days: int, *, is_working: Callable[[dt.date], bool], last_published: int
) -> Deadline:
    """The days-th working day after an event (A6-5, B3). last_published: the last year whose holidays are known."""
    day = event
    while days:
        day += ONE_DAY
        days -= is_working(day)
    return Deadline(day, provisional=day.year > last_published)


def days_covered(spans: Iterable[Span], within: Span) -> int:
    """How many days of ``within`` lie in at least one of the spans."""
    total = 0
    counted_to = within.first - ONE_DAY
    for span in sorted(spans, key=lambda span: span.first):
        first = max(span.first, counted_to + ONE_DAY)
        last = min(span.last, within.last)
        if first <= last:
            total += (last - first).days + 1
            counted_to = last
    return total
