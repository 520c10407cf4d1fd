"""Reads of the annual appraisal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from assessment.appraisals.enums import Grade, Stage
from assessment.appraisals.models import Appraisal, AppraisalCycle
from assessment.appraisals.rules import headroom
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


def to_review(user: Any) -> QuerySet[Appraisal]:
    """Appraisals of open cycles that the user reviews: their people, never themselves."""
    return (
        visible(user, Appraisal, action="review")
        .filter(cycle__stage=Stage.OPEN)
        .exclude(cadre__account=user.pk)
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
