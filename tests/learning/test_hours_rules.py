"""Who owes how many class hours, for which time (rules.md C1-1, C1-2, C1-8)."""

import datetime as dt
from decimal import Decimal

import pytest

from learning.hours import rules
from learning.hours.rules import RankPeriod, Requirement, Training, is_behind, plan_period, requirement

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
        ("44.9", dt.date(2026, 7, 2), False),  # 182 of 365 days have passed: 44.88 class hours
        ("44.8", dt.date(2026, 7, 2), True),
        ("0.24", dt.date(2026, 1, 2), True),
        ("0.25", dt.date(2026, 1, 2), False),
        ("44", dt.date(2026, 7, 5), True),
        ("90", dt.date(2027, 3, 1), False),
        ("89.5", dt.date(2027, 3, 1), True),
    ],
)
def test_behind_an_even_pace(done, day, behind):
    assert is_behind(YEAR, Decimal(done), day) is behind


def test_the_pace_of_a_planning_period_is_even_over_its_days():
    # 1826 days; 913 of them have passed on 2 July 2025: half of 550
    assert is_behind(PLAN, Decimal(275), dt.date(2025, 7, 2)) is False
    assert is_behind(PLAN, Decimal("274.5"), dt.date(2025, 7, 2)) is True
    assert is_behind(PLAN, Decimal(0), dt.date(2022, 6, 1)) is False


def test_which_requirement_is_owed_anew_each_year():
    assert (YEAR.is_yearly, PLAN.is_yearly) == (True, False)


def test_the_five_years_that_end_with_a_year():
    assert rules.rolling_period(2026) == (2022, 2026)


def test_the_rank_held_on_a_day_decides():
    held = [RankPeriod("四级调研员", dt.date(2026, 7, 1)), RankPeriod("一级主任科员", dt.date(2021, 3, 1))]
    assert rules.rank_on(held, dt.date(2021, 2, 28)) == ""
    assert rules.rank_on(held, dt.date(2026, 6, 30)) == "一级主任科员"
    assert rules.rank_on(held, dt.date(2026, 7, 1)) == "四级调研员"
    owed = [
        requirement(category="civil_servant", rank=rules.rank_on(held, day), year=2026, plan_from=2023)
        for day in (dt.date(2026, 6, 30), dt.date(2026, 12, 31))
    ]
    assert owed == [YEAR, PLAN]


@pytest.mark.parametrize(
    ("delivery", "recognised", "counts"),
    [
        ("offjob", False, True),
        ("online", False, False),  # never fills the 90 or the 550 (C1-8)
        ("online", True, True),
        ("theory_study_group", False, False),
        ("self_study", True, False),
    ],
)
def test_what_counts(delivery, recognised, counts):
    assert rules.counts(Training(dt.date(2026, 5, 8), Decimal(30), delivery, recognised)) is counts


def test_a_class_counts_in_the_year_in_which_it_ends():
    attended = [
        Training(dt.date(2025, 12, 31), Decimal(30), "offjob"),
        Training(dt.date(2026, 1, 1), Decimal(20), "offjob"),
        Training(dt.date(2026, 12, 31), Decimal("7.5"), "offjob"),
        Training(dt.date(2026, 6, 1), Decimal(60), "online"),
        Training(dt.date(2027, 1, 1), Decimal(15), "offjob"),
        Training(dt.date(2028, 1, 1), Decimal(15), "offjob"),
    ]
    assert rules.counted_hours(attended, YEAR) == Decimal("27.5")
    assert rules.counted_hours(attended, PLAN) == Decimal("72.5")
    assert rules.counted_hours([], YEAR) == 0


def test_ninety_class_hours_are_twelve_days():
    assert rules.class_hours(Decimal(12)) == rules.YEARLY
    assert rules.class_hours(Decimal("0.5")) == Decimal("3.75")
    assert rules.class_hours(Decimal(12), per_day=Decimal(8)) == Decimal(96)


@pytest.mark.parametrize(("leave", "withdraw"), [("10", False), ("10.5", True), ("0", False)])
def test_leave_of_more_than_a_seventh_ends_the_training(leave, withdraw):
    assert rules.must_withdraw(leave_hours=Decimal(leave), class_hours=Decimal(70)) is withdraw


@pytest.mark.parametrize(
    ("appointed", "last_day"),
    [
        (dt.date(2026, 3, 1), dt.date(2027, 3, 1)),
        (dt.date(2024, 2, 29), dt.date(2025, 2, 28)),
        (dt.date(2023, 2, 28), dt.date(2024, 2, 28)),
        (dt.date(2024, 1, 29), dt.date(2025, 1, 29)),
    ],
)
def test_training_is_made_up_within_a_year_of_the_appointment(appointed, last_day):
    assert rules.make_up_by(appointed) == last_day
