"""Who takes part and how many may be 优秀 (rules.md A5, A7); no database."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.appraisals import rules
from assessment.appraisals.enums import Grade, Treatment


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
    ("probation_to", "treatment"),
    [
        (None, Treatment.GRADED),
        (dt.date(2027, 6, 30), Treatment.COMMENT_ONLY),
        (dt.date(2026, 12, 31), Treatment.COMMENT_ONLY),
        (dt.date(2026, 12, 30), Treatment.GRADED),
    ],
)
def test_a_recruit_on_probation_gets_a_comment_and_no_grade(probation_to, treatment):
    how = rules.participation(year=2026, probation_to=probation_to)
    assert how.treatment == treatment
    assert ("A7" in str(how.reason)) is (treatment == Treatment.COMMENT_ONLY)


def test_grades_that_may_be_given():
    assert rules.allowed_grades(Treatment.COMMENT_ONLY) == [Grade.NO_GRADE]
    assert Grade.NO_GRADE not in rules.allowed_grades(Treatment.GRADED)


@pytest.mark.parametrize(
    ("year", "today", "allowed"),
    [
        (2026, dt.date(2026, 11, 24), True),
        (2026, dt.date(2027, 6, 30), True),
        (2026, dt.date(2027, 7, 1), False),
        (2027, dt.date(2026, 11, 24), False),
    ],
)
def test_when_a_year_may_be_opened(year, today, allowed):
    assert rules.may_open(year=year, today=today) is allowed
