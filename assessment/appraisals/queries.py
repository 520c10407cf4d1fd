"""Reads of the annual appraisal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from assessment.appraisals.enums import Grade, Stage
from assessment.appraisals.models import Appraisal, AppraisalCycle
from assessment.appraisals.rules import headroom
from foundation.people.models import Account, Unit
from foundation.people.queries import kept_apart
from foundation.people.scope import visible


@dataclass(frozen=True)
class Standing:
    """A cycle in numbers."""

    people: int
    reviewed: int
    decided: int
    excellent: int
    quota: int

    @property
    def headroom(self) -> int:
        """How many more may be 优秀."""
        return headroom(quota=self.quota, excellent=self.excellent)

    @property
    def is_decided(self) -> bool:
        """Whether everybody's outcome stands."""
        return self.decided == self.people


def standing(cycle: AppraisalCycle) -> Standing:
    """The cycle's counts, in one query."""
    counts = cycle.appraisals.aggregate(
        people=Count("pk"),
        reviewed=Count("pk", filter=~Q(reviewed_at=None)),
        decided=Count("pk", filter=~Q(decided_at=None)),
        excellent=Count("pk", filter=Q(grade=Grade.EXCELLENT)),
    )
    return Standing(quota=cycle.quota, **counts)


def reviewable(user: Any, today: dt.date) -> QuerySet[Appraisal]:
    """Appraisals of the user's people, never their own (nobody reads what is written about them before it is final)
    nor those of people whom they avoid in office."""
    people = visible(user, Appraisal, action="review").exclude(cadre__in=kept_apart(user, today))
    return people.select_related("cycle__unit")


def to_review(user: Any, today: dt.date) -> QuerySet[Appraisal]:
    """Those of open cycles."""
    return reviewable(user, today).filter(cycle__stage=Stage.OPEN)


def people_of(cycle: AppraisalCycle, *, reader: Any) -> list[Appraisal]:
    """Everybody of a cycle for committee and HR. While the result is not final the reader's own row says nothing of
    what others wrote and decided: it carries ``is_veiled``."""
    people = list(cycle.appraisals.select_related("reviewed_by", "cadre"))
    for one in people:
        one.is_veiled = one.cadre.account_id == reader.pk and not cycle.is_final  # type: ignore[attr-defined]  # for the page
    return people


def appraised_elsewhere(cycle: AppraisalCycle) -> QuerySet[Appraisal]:
    """People who are in the cycle's unit now, but stand in another cycle of the same year."""
    return (
        Appraisal.objects.filter(year=cycle.year, cadre__unit__path__startswith=cycle.unit.path)
        .exclude(cycle=cycle)
        .select_related("cycle__unit")
    )


def mine(user: Any) -> QuerySet[Appraisal]:
    """The user's own appraisals whose result is final."""
    return Appraisal.objects.filter(cadre__account=user.pk, cycle__stage=Stage.FINAL).order_by("-year")


def notices(user: Any) -> QuerySet[AppraisalCycle]:
    """Cycles in public notice inside the organ that the user works for (rules.md A6-5: never outside)."""
    cadre = getattr(user, "cadre", None)
    if cadre is None:
        return AppraisalCycle.objects.none()
    organ = cadre.unit.path[: cadre.unit.steplen]
    return AppraisalCycle.objects.filter(stage=Stage.PUBLIC_NOTICE, unit__path__startswith=organ).select_related("unit")


def accounts_of_unit(unit: Unit, *, on: dt.date) -> Iterator[Account]:
    """Accounts of the people who serve in the unit or below it on a day."""
    serving = Q(cadre__left_on=None) | Q(cadre__left_on__gt=on)
    found = Account.objects.filter(serving, is_active=True, cadre__unit__path__startswith=unit.path)
    return found.iterator(chunk_size=500)
