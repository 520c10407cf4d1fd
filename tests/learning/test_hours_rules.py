"""Who owes how many class hours, for which time (rules.md C1-1, C1-2, C1-8)."""

import datetime as dt
from decimal import Decimal

import pytest

from learning.hours.rules import Requirement, is_behind, plan_period, requirement

YEAR = Requirement(Decimal(90), 2026, 2026)
PLAN = Requirement(Decimal(550), 2023, 2027)


@pytest.mark.parametrize(
    ("category", "rank", "owed"),
    [
        ("civil_servant", "二级科员", YEAR),
        ("civil_servant", "三级主任科员", YEAR),
        ("reference_managed", "一级主任科员", YEAR),
        ("civil_servant", "四级调研员", PLAN),
        ("civil_servant", "一级巡视员", PLAN),
        ("civil_servant", "", None),
        ("institution_staff", "", None),
        ("support_worker", "", None),
        ("contract", "一级科员", None),
    ],
)
def test_requirement(category, rank, owed):
    assert requirement(category=category, rank=rank, year=2026, plan_from=2023) == owed


@pytest.mark.parametrize(
    ("year", "period"), [(2022, (2018, 2022)), (2023, (2023, 2027)), (2027, (2023, 2027)), (2028, (2028, 2032))]
)
def test_the_planning_period_is_not_a_rolling_one(year, period):
    assert plan_period(year, 2023) == period


@pytest.mark.parametrize(
    ("done", "day", "behind"),
    [
        ("0", dt.date(2026, 1, 1), False),
        ("45", dt.date(2026, 7, 2), False),
        ("44", dt.date(2026, 7, 5), True),
        ("90", dt.date(2027, 3, 1), False),
        ("89.5", dt.date(2027, 3, 1), True),
    ],
)
def test_behind_an_even_pace(done, day, behind):
    assert is_behind(YEAR, Decimal(done), day) is behind
