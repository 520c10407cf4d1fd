"""Periods, cumulation, clocks and remedies (rules.md B1, B2, A9; settled.md). No database."""

import datetime as dt
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.discipline import clocks, reasons, remedies, rules
from assessment.discipline.clocks import Deadline, Span
from assessment.discipline.enums import Action, Ceiling
from assessment.discipline.rules import Case, Finding, Parameters

PARAMETERS = Parameters()
day = dt.date.fromisoformat


def finding(code, effective, **more):
    return Finding(Action(code), day(effective), **more)


def last_days(*findings, parameters=PARAMETERS):
    standing = rules.standing(findings, [], dt.date(2099, 12, 31))
    return {
        f"{one.finding.code} {one.finding.effective}": "?" if one.last_day == rules.UNKNOWN_END else str(one.last_day)
        for one in rules.periods(standing, parameters)
    }


# --- periods ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "effective", "last_day"),
    [
        ("admin.warning", "2024-01-10", "2024-07-09"),
        ("admin.demerit", "2024-01-10", "2025-01-09"),
        ("admin.major_demerit", "2024-01-10", "2025-07-09"),
        ("admin.downgrade", "2024-01-10", "2026-01-09"),
        ("admin.removal", "2024-01-10", "2026-01-09"),
        ("party.warning", "2024-01-10", "2025-01-09"),
        ("party.serious_warning", "2024-01-10", "2025-07-09"),
        ("party.post_removal", "2024-01-10", "2026-01-09"),
        ("org.adjust", "2024-01-10", "2025-01-09"),
        ("org.resign", "2024-01-10", "2026-01-09"),
        ("org.remove", "2024-01-10", "2026-01-09"),
        ("org.demote", "2024-01-10", "2026-01-09"),
        ("admonition", "2024-01-10", "2024-07-09"),
        ("inst.warning", "2024-01-10", "2024-07-09"),
        ("inst.demerit", "2024-01-10", "2025-01-09"),
        ("inst.post_downgrade", "2024-01-10", "2026-01-09"),
        ("admin.warning", "2024-08-31", "2025-02-27"),  # clipped to the month's end, then a day before
        ("admin.demerit", "2024-02-29", "2025-02-27"),
        ("admin.warning", "2024-01-01", "2024-06-30"),
        ("admin.warning", "2023-12-31", "2024-06-29"),
        ("party.probation_1y", "2024-01-10", "?"),
    ],
)
def test_the_period_of_each_action(code, effective, last_day):
    assert last_days(finding(code, effective)) == {f"{code} {effective}": last_day}


@pytest.mark.parametrize("code", ["admin.dismissal", "party.expulsion", "inst.dismissal"])
def test_actions_without_a_period(code):
    assert last_days(finding(code, "2024-01-10")) == {}


def test_a_serious_warning_in_lieu_of_removal_runs_two_years():
    one = finding("party.serious_warning", "2024-01-10", in_lieu_of_removal=True)
    assert last_days(one) == {"party.serious_warning 2024-01-10": "2026-01-09"}


def test_after_probation_in_the_party_the_two_years_run_from_restoration():
    one = finding("party.probation_1y", "2024-01-10", restored=day("2025-01-15"))
    assert last_days(one) == {"party.probation_1y 2024-01-10": "2027-01-14"}
    not_yet = rules.standing([one], [], day("2025-01-14"))
    assert rules.periods(not_yet, PARAMETERS)[0].last_day == rules.UNKNOWN_END
    assert rules.standing([one], [], day("2025-01-15"))[0].restored == day("2025-01-15")


def test_local_numbers_are_parameters():
    local = Parameters(admonition_months=12, adjustment_months=6, organisational_months=12, restoration_months=12)
    assert last_days(
        finding("admonition", "2024-01-10"),
        finding("org.adjust", "2024-01-10"),
        finding("org.demote", "2024-01-10"),
        finding("party.probation_2y", "2024-01-10", restored=day("2026-01-10")),
        parameters=local,
    ) == {
        "admonition 2024-01-10": "2025-01-09",
        "org.adjust 2024-01-10": "2024-07-09",
        "org.demote 2024-01-10": "2025-01-09",
        "party.probation_2y 2024-01-10": "2027-01-09",
    }


# --- cumulation -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "last_day"),
    [
        # 行政机关公务员处分条例 Art 10: what is left of the first, then the second
        (("admin.warning", "2024-01-10"), ("admin.demerit", "2024-05-01"), "2025-07-09"),
        (("admin.demerit", "2024-01-10"), ("admin.warning", "2024-05-01"), "2025-07-09"),
        (("admin.warning", "2024-01-10"), ("admin.warning", "2024-07-09"), "2025-01-09"),  # on the last day: still runs
        (("admin.warning", "2024-01-10"), ("admin.warning", "2024-07-10"), "2025-01-09"),  # a day later: its own six
        (("admin.warning", "2024-01-10"), ("admin.warning", "2024-07-11"), "2025-01-10"),
        (("admin.downgrade", "2024-01-10"), ("admin.removal", "2024-02-10"), "2028-01-09"),  # 23 + 24 months
        # Party sanctions: the same, no cap
        (("party.warning", "2024-01-10"), ("party.serious_warning", "2024-05-01"), "2026-07-09"),
        (("party.post_removal", "2024-01-10"), ("party.post_removal", "2024-01-11"), "2028-01-09"),
        (("party.probation_1y", "2024-01-10"), ("party.warning", "2025-05-01"), "?"),
        # institutions (settled.md)
        (("inst.demerit", "2024-01-10"), ("inst.warning", "2024-05-01"), "2025-07-09"),
        # different families, measures and admonitions run side by side
        (("party.warning", "2024-01-10"), ("admin.demerit", "2024-05-01"), "2025-04-30"),
        (("org.adjust", "2024-01-10"), ("org.adjust", "2024-05-01"), "2025-04-30"),
        (("admonition", "2024-01-10"), ("admonition", "2024-05-01"), "2024-10-31"),
        # of one day: the heaviest is executed
        (("admin.demerit", "2024-01-10"), ("admin.warning", "2024-01-10"), "2024-07-09"),
    ],
)
def test_a_sanction_during_a_running_one(first, second, last_day):
    assert last_days(finding(*first), finding(*second))[" ".join(second)] == last_day


def test_three_administrative_sanctions_are_capped_at_48_months_from_the_last():
    three = [finding("admin.downgrade", f"2024-0{month}-10") for month in (1, 2, 3)]
    found = rules.periods(three, PARAMETERS)
    assert [(str(one.last_day), one.added, one.capped) for one in found] == [
        ("2026-01-09", False, False),
        ("2028-01-09", True, False),
        ("2028-03-09", True, True),
    ]
    assert last_days(*three, parameters=Parameters(longest_months=36))["admin.downgrade 2024-02-10"] == "2027-02-09"


def test_a_period_of_exactly_48_months_is_not_capped():
    found = rules.periods(
        [finding("admin.downgrade", "2024-01-10"), finding("admin.removal", "2024-01-11")],
        Parameters(longest_months=48),
    )
    assert [(str(one.last_day), one.capped) for one in found] == [("2026-01-09", False), ("2028-01-09", False)]
    exact = rules.periods([finding("admin.warning", "2024-01-10")], Parameters(longest_months=6))
    assert (str(exact[0].last_day), exact[0].capped) == ("2024-07-09", False)


def test_three_party_sanctions_have_no_cap():
    three = [finding("party.post_removal", f"2024-0{month}-10") for month in (1, 2, 3)]
    assert last_days(*three)["party.post_removal 2024-03-10"] == "2030-01-09"


def test_restoration_within_another_period_begins_after_it():
    assert (
        last_days(
            finding("party.warning", "2024-01-10"),
            finding("party.probation_1y", "2024-05-01", restored=day("2024-12-01")),
        )["party.probation_1y 2024-05-01"]
        == "2027-01-09"
    )


def test_the_longer_of_two_older_periods_is_what_runs():
    """A short one given on the day of a long one does not hide it from a third."""
    found = last_days(
        finding("admin.demerit", "2024-01-10"),
        finding("admin.warning", "2024-01-10"),
        finding("admin.warning", "2024-12-01"),
    )
    assert found["admin.warning 2024-12-01"] == "2025-07-09"


def test_the_bars_take_the_longest_and_pay_only_what_bars_pay():
    found = rules.periods(
        [finding("admin.demerit", "2024-01-10"), finding("party.serious_warning", "2024-01-10")], PARAMETERS
    )
    assert rules.promotion_block(found, day("2024-06-01")) == rules.Block(day("2025-07-09"))
    assert rules.pay_step_block(found, day("2024-06-01")) == rules.Block(day("2025-01-09"))
    assert rules.pay_step_block(found, day("2025-01-09")) == rules.Block(day("2025-01-09"))
    assert rules.pay_step_block(found, day("2025-01-10")) is None
    assert rules.promotion_block([], day("2024-06-01")) is None


def test_the_sentence_on_cumulation():
    found = rules.periods([finding("admin.downgrade", f"2024-0{month}-10") for month in (1, 2, 3)], PARAMETERS)
    second, third = (reasons.of_cumulation(one, PARAMETERS) for one in found[1:])
    assert second.rule == "B1/10"
    assert second.zh == (
        "政务降级（2024-02-10生效）在前一处分期间内给予，期间为尚未执行的期限与新期限之和，至2028-01-09。"
    )
    assert second.en == (
        "Administrative demotion in level effective 2024-02-10 fell into a running period: what was left and the new "
        "one, until 2028-01-09."
    )
    assert third.zh.endswith("至2028-03-09（最长48个月）。")
    assert third.en.endswith("until 2028-03-09 (at most 48 months).")
    party = rules.periods(
        [finding("party.probation_1y", "2024-01-10"), finding("party.warning", "2024-05-01")], PARAMETERS
    )
    unknown = reasons.of_cumulation(party[1], PARAMETERS)
    assert (unknown.rule, unknown.ceiling) == ("B2/21", Ceiling.NONE)
    assert unknown.zh.endswith("至尚不能确定之日。")
    assert unknown.en.endswith("until a day not yet known.")
    inst = rules.periods([finding("inst.demerit", "2024-01-10"), finding("inst.warning", "2024-05-01")], PARAMETERS)
    assert reasons.of_cumulation(inst[1], PARAMETERS).rule == "B4b/periods"


administrative = st.sampled_from([code for code in Action if code.startswith("admin.") and code != "admin.dismissal"])
three_findings = st.lists(
    st.builds(Finding, administrative, st.dates(day("2023-01-01"), day("2025-12-31"))), max_size=4
)


@given(three_findings)
def test_no_administrative_period_is_longer_than_48_months_or_shorter_than_its_own(findings):
    for one in rules.periods(rules.standing(findings, [], day("2026-12-31")), PARAMETERS):
        own = clocks.period_end(one.finding.effective, one.finding.effect.months)
        assert own <= one.last_day <= clocks.period_end(one.finding.effective, 48)


# --- findings of a year -----------------------------------------------------------------------------------------------


def test_the_heaviest_governs():
    order = [Ceiling.NONE, Ceiling.NOT_EXCELLENT, Ceiling.NO_GRADE, Ceiling.INCOMPETENT]
    for one, other in itertools.product(order, order):
        assert rules.heaviest([one, other]) == order[max(order.index(one), order.index(other))]
    assert rules.heaviest([]) == Ceiling.NONE


def test_several_findings_of_a_year():
    found = [
        finding("admonition", "2024-03-01"),
        finding("admin.demerit", "2023-03-01"),
        finding("admin.removal", "2023-05-01"),
    ]
    assert rules.ceiling(found, 2024) == Ceiling.NO_GRADE
    assert rules.ceiling(found, 2025) == Ceiling.NONE
    assert rules.ceiling(found, 2022) == Ceiling.NONE


def test_standing_findings_are_in_order_each_once_and_without_the_voided():
    warning, demerit = finding("admin.warning", "2024-05-01"), finding("admin.demerit", "2024-03-01")
    gone = finding("party.warning", "2024-04-01", voided=day("2024-06-01"))
    closed = Case(day("2023-11-01"), day("2024-05-01"), "admin.warning")
    assert rules.standing([warning, demerit, gone, warning], [closed], day("2024-06-01")) == [demerit, warning]
    assert [one.code for one in rules.standing([gone], [closed], day("2024-05-31"))] == [
        "party.warning",
        "admin.warning",
    ]
    assert rules.standing([warning], [closed], day("2024-04-30")) == []
    assert (
        rules.standing(
            [], [Case(day("2023-11-01"), day("2024-05-01"), "none"), Case(day("2023-11-01"))], day("2024-06-01")
        )
        == []
    )


@pytest.mark.parametrize(
    ("case", "as_of", "is_open", "open_in_2024", "was_open_at_the_end_of_2024"),
    [
        (Case(day("2024-10-08")), "2024-10-07", False, False, False),
        (Case(day("2024-10-08")), "2024-10-08", True, True, False),
        (Case(day("2024-12-31")), "2025-01-01", True, True, False),
        (Case(day("2025-01-01")), "2025-01-01", True, False, False),
        (Case(day("2024-10-08"), day("2025-01-01"), "none"), "2024-12-31", True, True, False),
        (Case(day("2024-10-08"), day("2025-01-01"), "none"), "2025-01-01", False, False, True),
        (Case(day("2024-10-08"), day("2024-12-31"), "none"), "2025-01-01", False, False, False),
        (Case(day("2024-12-31"), day("2025-01-01"), "none"), "2025-01-01", False, False, True),
        (Case(day("2025-01-01"), day("2025-01-02"), "none"), "2025-01-03", False, False, False),
    ],
)
def test_when_a_case_is_open(case, as_of, is_open, open_in_2024, was_open_at_the_end_of_2024):
    on = day(as_of)
    assert case.is_open(on) is is_open
    assert case.is_open_in(2024, on) is open_in_2024
    assert case.was_open_at_the_end_of(2024, on) is was_open_at_the_end_of_2024


def test_what_an_open_case_leaves():
    one = Case(day("2024-10-08"))
    ask = {"as_of": day("2025-02-01"), "findings": [], "parameters": PARAMETERS}
    assert rules.case_ceiling(one, year=2024, **ask) == Ceiling.NO_GRADE
    assert rules.case_ceiling(one, year=2023, **ask) == Ceiling.NONE


# --- clocks -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2024-01-31", 1, "2024-02-29"),
        ("2023-01-31", 1, "2023-02-28"),
        ("2024-01-31", 3, "2024-04-30"),
        ("2024-11-30", 1, "2024-12-30"),
        ("2024-12-15", 1, "2025-01-15"),
        ("2024-12-15", 12, "2025-12-15"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2024-05-20", 0, "2024-05-20"),
    ],
)
def test_months_are_clipped_at_their_end(start, months, end):
    assert clocks.add_months(day(start), months) == day(end)


SPRING_FESTIVAL = {
    **{dt.date(2025, 1, 28) + dt.timedelta(days=number): False for number in range(8)},
    day("2025-01-26"): True,  # Sundays and Saturdays worked for it
    day("2025-02-08"): True,
}


@pytest.mark.parametrize(
    ("event", "days", "last_day"),
    [
        ("2025-01-20", 5, "2025-01-26"),  # Tuesday to Friday, and the make-up Sunday
        ("2025-01-24", 1, "2025-01-26"),
        ("2025-01-27", 1, "2025-02-05"),  # the holiday between
        ("2025-02-06", 2, "2025-02-08"),  # a make-up Saturday
        ("2025-03-07", 5, "2025-03-14"),  # Friday: day 1 is Monday
        ("2025-03-08", 1, "2025-03-10"),
        ("2025-03-10", 15, "2025-03-31"),  # 函询: 15 working days
        ("2025-03-10", 0, "2025-03-10"),
    ],
)
def test_working_days(event, days, last_day):
    deadline = clocks.within_working_days(
        day(event), days, is_working=lambda one: clocks.is_working_day(one, SPRING_FESTIVAL), last_published=2025
    )
    assert deadline == Deadline(day(last_day))


def test_a_deadline_in_a_year_not_yet_published_is_provisional():
    def count(event):
        return clocks.within_working_days(
            day(event), 3, is_working=lambda one: clocks.is_working_day(one, {}), last_published=2025
        )

    assert count("2025-12-26") == Deadline(day("2025-12-31"), provisional=False)
    assert count("2025-12-29") == Deadline(day("2026-01-01"), provisional=True)


def test_calendar_days_and_months_do_not_roll_over():
    assert clocks.within_days(day("2024-12-13"), 15) == Deadline(day("2024-12-28"))  # a Saturday
    assert clocks.within_months(day("2024-12-31"), 2) == Deadline(day("2025-02-28"))


@pytest.mark.parametrize(
    ("spans", "days"),
    [
        ([], 0),
        ([("2024-01-01", "2024-12-31")], 366),
        ([("2023-01-01", "2025-12-31")], 366),
        ([("2024-05-01", "2024-05-01")], 1),
        ([("2024-05-01", "2024-05-10"), ("2024-05-05", "2024-05-12")], 12),
        ([("2024-05-05", "2024-05-06"), ("2024-05-01", "2024-05-10")], 10),
        ([("2024-05-01", "2024-05-10"), ("2024-05-11", "2024-05-12")], 12),
        ([("2024-05-01", "2024-05-02"), ("2024-06-01", "2024-06-02")], 4),
        ([("2023-05-01", "2023-12-31"), ("2025-01-01", "2025-02-01")], 0),
        ([("2023-05-01", "2024-01-01"), ("2024-12-31", "2025-02-01")], 2),
    ],
)
def test_days_of_a_year_covered_by_a_union(spans, days):
    year = Span(day("2024-01-01"), day("2024-12-31"))
    assert clocks.days_covered([Span(day(first), day(last)) for first, last in spans], year) == days


# --- remedies ---------------------------------------------------------------------------------------------------------


def test_review_and_direct_appeal_within_30_days_of_knowing():
    review, appeal = remedies.after_personnel_decision(day("2025-01-20"))
    assert (review.name, review.rule, review.deadline) == ("review", "A9-1", Deadline(day("2025-02-19")))
    assert review.zh == "2025-01-20知道该人事处理，可在2025-02-19前（含当日）向原处理机关申请复核。"
    assert review.en == "Known on 2025-01-20: a review may be asked of the original organ until 2025-02-19."
    assert (appeal.name, appeal.rule, appeal.deadline) == ("appeal", "A9-1", Deadline(day("2025-02-19")))
    assert appeal.zh == "2025-01-20知道该人事处理，也可不经复核，在2025-02-19前（含当日）直接提出申诉。"
    assert appeal.en == "Known on 2025-01-20: an appeal without review may be made until 2025-02-19."


def test_appeal_within_15_days_of_the_decision_on_the_review():
    appeal = remedies.after_review(day("2025-03-10"))
    assert (appeal.name, appeal.rule, appeal.deadline) == ("appeal", "A9-1", Deadline(day("2025-03-25")))
    assert "2025-03-10接到复核决定，可在2025-03-25前" in appeal.zh
    assert appeal.en == "Decision on the review received on 2025-03-10: an appeal may be made until 2025-03-25."


def test_when_the_organ_has_to_answer():
    assert remedies.review_due(day("2025-01-20")) == Deadline(day("2025-02-19"))
    assert remedies.appeal_due(day("2025-01-20")) == Deadline(day("2025-03-21"))
    assert remedies.appeal_due(day("2025-01-20"), is_extended=True) == Deadline(day("2025-04-20"))
    assert remedies.reexamination_due(day("2025-01-31")) == Deadline(day("2025-02-28"))
    assert remedies.second_review_due(day("2025-01-31")) == Deadline(day("2025-03-31"))


def test_a_sanction_of_the_supervisory_organ_has_its_own_road():
    first = remedies.after_administrative_sanction(day("2025-01-31"))
    assert (first.name, first.rule, first.deadline) == ("reexamination", "B1/56", Deadline(day("2025-02-28")))
    assert "可在2025-02-28前（含当日）向作出决定的监察机关申请复审" in first.zh
    assert "until 2025-02-28" in first.en
    second = remedies.after_reexamination(day("2025-04-15"))
    assert (second.name, second.rule, second.deadline) == ("review", "B1/56", Deadline(day("2025-05-15")))
    assert "可在2025-05-15前（含当日）向上一级监察机关申请复核" in second.zh
    assert "until 2025-05-15" in second.en
