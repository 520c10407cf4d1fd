"""Who takes part, how many may be 优秀, and whether a step is allowed. Pure: no ORM, no clock.

Every answer that limits a person names its rule of rules.md. What facts leave of a year: eligibility.py; what a grade
brings: consequences.py.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, Decimal

from assessment.appraisals.enums import GRADES, CommentDue, Grade, TeamGrade, Treatment, UnitStanding
from assessment.discipline.enums import Ceiling
from foundation.people.enums import Category


@dataclass(frozen=True)
class QuotaParameters:
    """Percentages of 优秀; defaults are those of rules.md A5, A5-4 and A7b Art 15."""

    percent: Decimal = Decimal(20)
    approved_percent: Decimal = Decimal(25)
    institution_low_percent: Decimal = Decimal(15)
    leaders_percent: Decimal = Decimal(25)
    leaders_percent_by_team: Mapping[TeamGrade, Decimal] = field(
        default_factory=lambda: {
            TeamGrade.EXCELLENT: Decimal(30),
            TeamGrade.FAIR: Decimal(20),
            TeamGrade.POOR: Decimal(15),
        }
    )


@dataclass(frozen=True)
class Approval:
    """A higher percentage is a record of who approved it, in which document and when, not a switch (A5-6)."""

    percent: Decimal
    approved_by: str
    document: str
    approved_on: dt.date


@dataclass(frozen=True)
class Member:
    """Somebody on the unit's list, for counting the base."""

    category: str
    is_leading_member: bool
    ceiling: Ceiling


@dataclass(frozen=True)
class Pool:
    """A part of the organ whose 优秀 are counted by themselves (a division, or several small ones together)."""

    name: str
    base: int
    percent: Decimal


@dataclass(frozen=True)
class RollUp:
    """quotas: of each pool, rounded down. quota: of the organ. reserve: what rounding left for the organ to give.
    excess: by how much the pools together pass the organ's quota."""

    quotas: Mapping[str, int]
    quota: int
    reserve: int
    excess: int


def takes_part(*, category: str, is_leading_member: bool) -> bool:
    """Whether the procedure of a civil servants' cycle is the person's.

    Leading members are appraised by the authority above (A1-2); institution staff and support workers have their own
    procedure and grades (A1-3), contract staff have none. What the year's facts make of it: eligibility.py.
    """
    return category in {Category.CIVIL_SERVANT, Category.REFERENCE_MANAGED} and not is_leading_member


_LEADING = re.compile(
    r"(?:长|主任|书记|组长)$"
)  # 处长, 副科长, 办公室主任, 党支部书记; a rank is no post: 一级主任科员 ends otherwise


def is_leading_post(post: str) -> bool:
    """Whether a post's name is that of somebody who leads a section or helps to (A6-2 asks for a democratic evaluation
    of them). Names differ from office to office: HR has the last word on each mark."""
    return any(_LEADING.search(part) for part in re.split(r"[、，,；;\s]+", post.strip()) if part)


def treatment_of(ceiling: Ceiling, comment: CommentDue) -> Treatment | None:
    """How somebody takes part in the year (A7); None: not appraised here, and not counted in the base (A5-4)."""
    if ceiling in {Ceiling.NOT_APPRAISED, Ceiling.APPRAISED_ELSEWHERE}:
        return None
    if ceiling == Ceiling.NO_RULE:
        return Treatment.UNDETERMINED
    if ceiling == Ceiling.NO_GRADE:
        return Treatment.COMMENT_ONLY if comment == CommentDue.ONLY else Treatment.NEITHER
    return Treatment.GRADED


def excellent_quota(*, base: int, percent: Decimal) -> int:
    """How many may be 优秀: within percent of those who should take part, rounded down (A5-1, A5-4, A5-5).

    base: people who should take part, those without a grade included. percent: 20, or 25 with an approval on record.
    """
    return int((Decimal(base) * percent / 100).to_integral_value(ROUND_FLOOR))


def quota_base(members: Iterable[Member], *, categories: frozenset[str]) -> int:
    """How many should take part: those without a grade included, those appraised elsewhere or not at all excluded.

    Leading members are in a pool of their own (A5-4); contract staff have no procedure (A1-3). categories: those
    whose procedure it is, so that 等次 and 档次 are never counted together (A1-4).
    """
    outside = {Ceiling.NOT_APPRAISED, Ceiling.APPRAISED_ELSEWHERE}
    return sum(
        member.category in categories and not member.is_leading_member and member.ceiling not in outside
        for member in members
    )


def quota_percent(*, approval: Approval | None, on: dt.date, parameters: QuotaParameters) -> Decimal:
    """The percentage of a civil servants' cycle: 20, or up to 25 as approved and on record by that day (A5-1, A5-6)."""
    if approval is None or approval.approved_on > on or not approval.approved_by or not approval.document:
        return parameters.percent
    return min(approval.percent, parameters.approved_percent)


def institution_percent(
    *, standing: UnitStanding, approval: Approval | None, on: dt.date, parameters: QuotaParameters
) -> Decimal:
    """The percentage of an institution: 15 where it failed, 25 where it has merit and an approval, else 20 (A7b 15)."""
    if standing == UnitStanding.FAILED:
        return parameters.institution_low_percent
    if standing == UnitStanding.MERITORIOUS:
        return quota_percent(approval=approval, on=on, parameters=parameters)
    return parameters.percent


def leaders_percent(team: TeamGrade, parameters: QuotaParameters) -> Decimal:
    """The percentage of a leadership team's own pool, by the team's grade (A5-4)."""
    return parameters.leaders_percent_by_team.get(team, parameters.leaders_percent)


def main_leader_ceiling(team: TeamGrade) -> Grade:
    """The best grade that a team's main leader normally gets (A5-4): a warning, never a decision."""
    if team == TeamGrade.POOR:
        return Grade.BASICALLY_COMPETENT
    return Grade.COMPETENT if team == TeamGrade.FAIR else Grade.EXCELLENT


def roll_up(pools: Iterable[Pool], *, percent: Decimal) -> RollUp:
    """The pools' quotas beside the organ's: each is rounded down, so small units leave a reserve (A5-5).

    percent: the organ's own; a pool may have more or less (A5-6), the organ's quota still holds.
    """
    parts = list(pools)
    quotas = {pool.name: excellent_quota(base=pool.base, percent=pool.percent) for pool in parts}
    quota = excellent_quota(base=sum(pool.base for pool in parts), percent=percent)
    given = sum(quotas.values())
    return RollUp(quotas, quota, reserve=max(0, quota - given), excess=max(0, given - quota))


def headroom(*, quota: int, excellent: int) -> int:
    """How many more may be 优秀; never negative."""
    return max(0, quota - excellent)


def allowed_grades(ceiling: Ceiling) -> list[Grade]:
    """The grades that a ceiling leaves to propose or decide (B4); none where a person has to determine it first."""
    if ceiling == Ceiling.NO_GRADE:
        return [Grade.NO_GRADE]
    if ceiling == Ceiling.INCOMPETENT:
        return [Grade.INCOMPETENT]
    if ceiling == Ceiling.NOT_EXCELLENT:
        return GRADES[1:]
    return list(GRADES) if ceiling == Ceiling.NONE else []


def votes_add_up(*, votes: int, abstained: int, invalid: int, attended: int, expected: int) -> bool:
    """Whether every ballot of those who came is accounted for, and no more came than were expected (A6-2)."""
    return votes + abstained + invalid == attended <= expected


def may_open(*, year: int, today: dt.date) -> bool:
    """Whether the year's appraisal may be opened: at its end, or at the start of the next year (A3).

    No national date says when "year end" begins; the organ's own plan does. So: from the year itself until the
    middle of the next.
    """
    return dt.date(year, 1, 1) <= today <= dt.date(year + 1, 6, 30)


def year_to_open(today: dt.date) -> int:
    """The year that is appraised about now: the one before, as long as it may still be opened (A3)."""
    return today.year - 1 if may_open(year=today.year - 1, today=today) else today.year
