"""Who takes part, how many may be 优秀, and whether a step is allowed. Pure: no ORM, no clock.

Every answer that limits a person names its rule of rules.md.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from django.utils.translation import gettext_lazy as _

from assessment.appraisals.enums import Grade, Treatment
from foundation.people.enums import Category


@dataclass(frozen=True)
class Participation:
    """How somebody takes part, and why if it is not the usual way."""

    treatment: Treatment
    rule: str = ""
    reason: object = ""


def takes_part(*, category: str, is_leading_member: bool, began: dt.date | None = None, year: int = 0) -> bool:
    """Whether the person is in the population of a civil servants' cycle.

    Leading members are appraised by the authority above (A1-2); institution staff and support workers have their own
    procedure and grades (A1-3), contract staff have none. began: the first working month or day; who began after the
    year's end has no part in it (A5-4: the base is those who should take part).
    """
    if began is not None and began > dt.date(year, 12, 31):
        return False
    return category in {Category.CIVIL_SERVANT, Category.REFERENCE_MANAGED} and not is_leading_member


def participation(*, year: int, probation_to: dt.date | None) -> Participation:
    """How a member of the population takes part in that year's appraisal.

    A recruit whose probation has not ended within the calendar year gets a comment and no grade (A7, Art. 25).
    """
    if probation_to is not None and probation_to >= dt.date(year, 12, 31):
        reason = _("试用期至 %(day)s，只写评语，不确定等次（规则 A7，公务员考核规定第二十五条）")
        return Participation(Treatment.COMMENT_ONLY, "A7", reason % {"day": probation_to.isoformat()})
    return Participation(Treatment.GRADED)


def excellent_quota(*, base: int, percent: Decimal) -> int:
    """How many may be 优秀: within percent of those who should take part, rounded down (A5-1, A5-4, A5-5).

    base: people who should take part, those without a grade included. percent: 20, or 25 with an approval on record.
    """
    return int((Decimal(base) * percent / 100).to_integral_value(ROUND_FLOOR))


def headroom(*, quota: int, excellent: int) -> int:
    """How many more may be 优秀; never negative."""
    return max(0, quota - excellent)


def allowed_grades(treatment: str) -> list[Grade]:
    """The grades that may be proposed or decided for somebody who takes part that way."""
    if treatment == Treatment.COMMENT_ONLY:
        return [Grade.NO_GRADE]
    return [Grade.EXCELLENT, Grade.COMPETENT, Grade.BASICALLY_COMPETENT, Grade.INCOMPETENT]


def may_open(*, year: int, today: dt.date) -> bool:
    """Whether the year's appraisal may be opened: at its end, or at the start of the next year (A3).

    No national date says when "year end" begins; the organ's own plan does. So: from the year itself until the
    middle of the next.
    """
    return dt.date(year, 1, 1) <= today <= dt.date(year + 1, 6, 30)
