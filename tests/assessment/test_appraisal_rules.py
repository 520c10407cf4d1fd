"""Who takes part and how many may be 优秀 (rules.md A5, A7); no database."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.appraisals import rules
from assessment.appraisals.enums import CommentDue, Grade, TeamGrade, Treatment, UnitStanding
from assessment.appraisals.rules import Approval, Member, Pool, QuotaParameters, RollUp
from assessment.discipline.enums import Ceiling

CIVIL = frozenset({"civil_servant", "reference_managed"})
PARAMETERS = QuotaParameters()


@pytest.mark.parametrize(
    ("base", "percent", "quota"),
    [(4, 20, 0), (5, 20, 1), (9, 20, 1), (10, 20, 2), (23, 20, 4), (47, 20, 9), (4, 25, 1), (23, 25, 5), (47, 25, 11)],
)
def test_the_quota_is_rounded_down(base, percent, quota):
    assert rules.excellent_quota(base=base, percent=Decimal(percent)) == quota


@given(base=st.integers(0, 10_000_000), percent=st.integers(0, 25))
def test_the_quota_never_passes_the_percentage_and_wastes_less_than_one_person(base, percent):
    quota = rules.excellent_quota(base=base, percent=Decimal(percent))
    assert quota * 100 <= base * percent < (quota + 1) * 100


@pytest.mark.parametrize(
    ("category", "leading", "takes_part"),
    [
        ("civil_servant", False, True),
        ("reference_managed", False, True),
        ("civil_servant", True, False),
        ("institution_staff", False, False),
        ("support_worker", False, False),
        ("contract", False, False),
    ],
)
def test_who_takes_part_in_a_civil_servants_cycle(category, leading, takes_part):
    assert rules.takes_part(category=category, is_leading_member=leading) is takes_part


@pytest.mark.parametrize(
    ("ceiling", "comment", "treatment"),
    [
        (Ceiling.NONE, CommentDue.WRITTEN, Treatment.GRADED),
        (Ceiling.NOT_EXCELLENT, CommentDue.WRITTEN, Treatment.GRADED),
        (Ceiling.INCOMPETENT, CommentDue.WRITTEN, Treatment.GRADED),
        (Ceiling.NO_GRADE, CommentDue.ONLY, Treatment.COMMENT_ONLY),
        (Ceiling.NO_GRADE, CommentDue.NONE, Treatment.NEITHER),
        (Ceiling.NO_RULE, CommentDue.NONE, Treatment.UNDETERMINED),
        (Ceiling.NOT_APPRAISED, CommentDue.NONE, None),
        (Ceiling.APPRAISED_ELSEWHERE, CommentDue.NONE, None),
    ],
)
def test_how_somebody_takes_part(ceiling, comment, treatment):
    assert rules.treatment_of(ceiling, comment) == treatment


def test_grades_that_a_ceiling_leaves():
    every = [Grade.EXCELLENT, Grade.COMPETENT, Grade.BASICALLY_COMPETENT, Grade.INCOMPETENT]
    assert {ceiling: rules.allowed_grades(ceiling) for ceiling in Ceiling} == {
        Ceiling.NONE: every,
        Ceiling.NOT_EXCELLENT: every[1:],
        Ceiling.NO_GRADE: [Grade.NO_GRADE],
        Ceiling.INCOMPETENT: [Grade.INCOMPETENT],
        Ceiling.NOT_APPRAISED: [],
        Ceiling.APPRAISED_ELSEWHERE: [],
        Ceiling.NO_RULE: [],
    }


@pytest.mark.parametrize(
    ("counted", "attended", "expected", "fits"),
    [
        ((10, 1, 1), 12, 12, True),
        ((10, 1, 1), 12, 15, True),
        ((10, 1, 1), 11, 15, False),
        ((10, 1, 1), 13, 15, False),
        ((10, 1, 1), 12, 11, False),
    ],
)
def test_every_ballot_is_accounted_for(counted, attended, expected, fits):
    votes, abstained, invalid = counted
    known = {"votes": votes, "abstained": abstained, "invalid": invalid}
    assert rules.votes_add_up(**known, attended=attended, expected=expected) is fits


@pytest.mark.parametrize(
    ("year", "today", "allowed"),
    [
        (2026, dt.date(2026, 11, 24), True),
        (2026, dt.date(2027, 6, 30), True),
        (2026, dt.date(2026, 1, 1), True),
        (2026, dt.date(2027, 7, 1), False),
        (2027, dt.date(2026, 11, 24), False),
    ],
)
def test_when_a_year_may_be_opened(year, today, allowed):
    assert rules.may_open(year=year, today=today) is allowed


def test_the_base_is_who_should_take_part():
    office = [
        Member("civil_servant", False, Ceiling.NONE),
        Member("reference_managed", False, Ceiling.NOT_EXCELLENT),
        Member("civil_servant", False, Ceiling.NO_GRADE),
        Member("civil_servant", False, Ceiling.INCOMPETENT),
        Member("civil_servant", False, Ceiling.NO_RULE),
        Member("civil_servant", False, Ceiling.NOT_APPRAISED),
        Member("civil_servant", False, Ceiling.APPRAISED_ELSEWHERE),
        Member("civil_servant", True, Ceiling.NONE),
        Member("institution_staff", False, Ceiling.NONE),
        Member("contract", False, Ceiling.NOT_APPRAISED),
    ]
    assert rules.quota_base(office, categories=CIVIL) == 5
    assert rules.quota_base(office, categories=frozenset({"institution_staff", "support_worker"})) == 1


APPROVED = Approval(Decimal(25), "市公务员局", "公函〔2024〕12号", dt.date(2024, 12, 10))


@pytest.mark.parametrize(
    ("approval", "on", "percent"),
    [
        (None, dt.date(2025, 1, 1), 20),
        (APPROVED, dt.date(2024, 12, 9), 20),
        (APPROVED, dt.date(2024, 12, 10), 25),
        (Approval(Decimal(30), "市公务员局", "公函〔2024〕12号", dt.date(2024, 12, 10)), dt.date(2025, 1, 1), 25),
        (Approval(Decimal(22), "市公务员局", "公函〔2024〕12号", dt.date(2024, 12, 10)), dt.date(2025, 1, 1), 22),
        (Approval(Decimal(25), "", "公函〔2024〕12号", dt.date(2024, 12, 10)), dt.date(2025, 1, 1), 20),
        (Approval(Decimal(25), "市公务员局", "", dt.date(2024, 12, 10)), dt.date(2025, 1, 1), 20),
    ],
)
def test_25_percent_need_an_approval_on_record(approval, on, percent):
    assert rules.quota_percent(approval=approval, on=on, parameters=PARAMETERS) == percent


@pytest.mark.parametrize(
    ("standing", "approval", "percent"),
    [
        (UnitStanding.USUAL, None, 20),
        (UnitStanding.USUAL, APPROVED, 20),
        (UnitStanding.MERITORIOUS, None, 20),
        (UnitStanding.MERITORIOUS, APPROVED, 25),
        (UnitStanding.FAILED, APPROVED, 15),
    ],
)
def test_the_percentage_of_an_institution(standing, approval, percent):
    on = dt.date(2025, 1, 1)
    assert rules.institution_percent(standing=standing, approval=approval, on=on, parameters=PARAMETERS) == percent


@pytest.mark.parametrize(
    ("team", "percent", "main_leader"),
    [
        (TeamGrade.EXCELLENT, 30, Grade.EXCELLENT),
        (TeamGrade.GOOD, 25, Grade.EXCELLENT),
        (TeamGrade.FAIR, 20, Grade.COMPETENT),
        (TeamGrade.POOR, 15, Grade.BASICALLY_COMPETENT),
    ],
)
def test_leaders_have_a_pool_of_their_own(team, percent, main_leader):
    assert rules.leaders_percent(team, PARAMETERS) == percent
    assert rules.main_leader_ceiling(team) == main_leader


def test_small_units_leave_a_reserve_to_the_organ():
    pools = [Pool("办公室", 4, Decimal(20)), Pool("资产处", 9, Decimal(20)), Pool("服务处", 10, Decimal(20))]
    rolled = rules.roll_up(pools, percent=Decimal(20))
    assert rolled == RollUp({"办公室": 0, "资产处": 1, "服务处": 2}, quota=4, reserve=1, excess=0)


def test_a_generous_pool_does_not_widen_the_organs_quota():
    pools = [Pool("办公室", 20, Decimal(25)), Pool("资产处", 20, Decimal(20))]
    rolled = rules.roll_up(pools, percent=Decimal(20))
    assert rolled == RollUp({"办公室": 5, "资产处": 4}, quota=8, reserve=0, excess=1)


@given(st.lists(st.integers(0, 500), max_size=12))
def test_the_pools_and_the_reserve_are_the_organs_quota(bases):
    pools = [Pool(str(number), base, Decimal(20)) for number, base in enumerate(bases)]
    rolled = rules.roll_up(pools, percent=Decimal(20))
    assert sum(rolled.quotas.values()) + rolled.reserve == rolled.quota
    assert rolled.excess == 0


@pytest.mark.parametrize(("quota", "excellent", "left"), [(4, 0, 4), (4, 3, 1), (4, 4, 0), (4, 6, 0)])
def test_headroom_is_never_negative(quota, excellent, left):
    assert rules.headroom(quota=quota, excellent=excellent) == left
