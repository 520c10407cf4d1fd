"""Reading the ledger: what somebody has, and what they owe."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum

from foundation.people.models import Cadre
from foundation.rulebook.queries import parameter
from learning.hours import rules
from learning.hours.enums import Delivery
from learning.hours.models import HourEntry

RING = Decimal("351.9")  # circumference of the ring's circle, radius 56


@dataclass(frozen=True)
class Balance:
    """A person's class hours of a year beside what the regulation asks.

    concentrated, online, other: hours of the year. counted: concentrated hours within the span of ``owed`` (the year,
    or the planning period). online_owed: the organ's own number; None where it has not set one, and for people of whom
    the regulation does not say what they owe. Online hours never count towards ``owed`` (rules.md C1-8).
    """

    year: int
    concentrated: Decimal
    online: Decimal
    other: Decimal
    counted: Decimal
    rolling: Decimal
    owed: rules.Requirement | None
    online_owed: Decimal | None
    is_behind: bool

    @property
    def missing(self) -> Decimal:
        """Concentrated hours still owed."""
        return max(self.owed.class_hours - self.counted, Decimal(0)) if self.owed else Decimal(0)

    @property
    def online_missing(self) -> Decimal:
        """Online hours still owed by the organ's own number."""
        return max(self.online_owed - self.online, Decimal(0)) if self.online_owed is not None else Decimal(0)

    @property
    def arc(self) -> str:
        """The drawn part of the ring, as an SVG dash pattern."""
        share = min(self.counted / self.owed.class_hours, Decimal(1)) if self.owed else Decimal(0)
        return f"{max(share, Decimal(0)) * RING:.1f} {RING}"


def years_of(cadre: Cadre) -> list[int]:
    """Years in which the person has entries, newest first."""
    return [day.year for day in HourEntry.objects.filter(cadre=cadre).dates("ended_on", "year", order="DESC")]


def totals_by_delivery(cadre: Cadre, first_year: int, last_year: int) -> dict[str, Decimal]:
    """Sums of class hours by delivery from the first to the last year, both included."""
    rows = (
        HourEntry.objects.filter(cadre=cadre, ended_on__year__gte=first_year, ended_on__year__lte=last_year)
        .values_list("delivery")
        .annotate(Sum("class_hours"))
    )
    return dict(rows)


def balance_of(cadre: Cadre, year: int, today: dt.date) -> Balance:
    """What the person has in a year and owes for it; parameters as they stand today, or stood at the year's end."""
    on = min(today, dt.date(year, 12, 31))
    totals = totals_by_delivery(cadre, year, year)
    owed = rules.requirement(
        category=cadre.category, rank=cadre.rank, year=year, plan_from=parameter("C1-1.plan_from", on=on)
    )
    online_owed = parameter("C1-7.online_hours", on=on)
    concentrated = totals.get(Delivery.OFFJOB, Decimal(0))
    counted = rolling = concentrated
    if owed and not owed.is_yearly:
        counted = totals_by_delivery(cadre, owed.first_year, owed.last_year).get(Delivery.OFFJOB, Decimal(0))
        rolling = totals_by_delivery(cadre, year - rules.PLAN_YEARS + 1, year).get(Delivery.OFFJOB, Decimal(0))
    return Balance(
        year=year,
        concentrated=concentrated,
        online=totals.get(Delivery.ONLINE, Decimal(0)),
        other=totals.get(Delivery.THEORY_STUDY_GROUP, Decimal(0)) + totals.get(Delivery.SELF_STUDY, Decimal(0)),
        counted=counted,
        rolling=rolling,
        owed=owed,
        online_owed=None if owed is None or online_owed is None else Decimal(str(online_owed)),
        is_behind=owed is not None and rules.is_behind(owed, counted, today),
    )
