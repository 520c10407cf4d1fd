"""What a grade brings: counters, proposals and remedies (rules.md A8, A9-2, A7b). No database."""

import datetime as dt

import pytest

from assessment.appraisals import consequences
from assessment.appraisals.consequences import Counters, Parameters, Record
from assessment.appraisals.enums import Grade
from assessment.discipline.clocks import Deadline

PARAMETERS = Parameters()
LETTERS = {"优": "excellent", "称": "competent", "基": "basically_competent", "不": "incompetent", "无": "no_grade"}


def grades(letters, until=2024):
    """The years up to ``until``, one letter each; · is a year in which nobody appraised the person."""
    first = until - len(letters) + 1
    return {first + number: Grade(LETTERS[letter]) for number, letter in enumerate(letters) if letter != "·"}


def asked(letters, *, institution=False, **record):
    found = consequences.proposals(
        Record(grades(letters), **record), 2024, is_institution=institution, parameters=PARAMETERS
    )
    assert all(one.zh.endswith("。") and one.en.endswith(".") and one.rule for one in found)
    assert all("202" in one.zh and "202" in one.en for one in found)
    return {one.what: one.rule for one in found}


@pytest.mark.parametrize(
    ("letters", "run", "pay", "level"),
    [
        ("优优优", 3, 3, 3),
        ("优称优", 1, 3, 3),
        ("优无优", 1, 2, 2),  # a year without a grade breaks the run; it neither counts nor resets the sum
        ("优·优", 1, 2, 2),
        ("称基称不称", 0, 3, 3),
        ("无", 0, 0, 0),
        ("", 0, 0, 0),
    ],
)
def test_counters(letters, run, pay, level):
    counted = consequences.counters(Record(grades(letters)), 2024)
    assert (counted.excellent_run, counted.pay_step_years, counted.level_years) == (run, pay, level)


def test_counters_restart_where_they_paid_out_and_do_not_look_ahead():
    record = Record(grades("优优优优优"), merit_in=2022, pay_step_from=2023, level_from=2020)
    assert consequences.counters(record, 2024) == Counters(2, 0, 0, 0, 1, 4)
    assert consequences.counters(record, 2023) == Counters(1, 0, 0, 0, 0, 3)


def test_runs_of_low_years():
    assert consequences.counters(Record(grades("不不")), 2024).incompetent_run == 2
    assert consequences.counters(Record(grades("不无不")), 2024).incompetent_run == 1
    assert consequences.counters(Record(grades("基基")), 2024).basically_competent_run == 2
    assert consequences.counters(Record(grades("无无无")), 2024).no_grade_run == 3


@pytest.mark.parametrize(
    ("letters", "record", "expected"),
    [
        ("", {}, {}),
        ("称", {}, {}),
        ("称称", {}, {"pay_step": "A8/20(1)"}),
        ("称无称", {}, {"pay_step": "A8/20(1)"}),
        ("称称称称称", {"pay_step_from": 2023}, {"level": "A8/20(2)"}),
        ("称称称称", {"pay_step_from": 2023}, {}),
        ("优", {}, {"commendation": "A8/19(1)", "rank_time": "A8/19(1)"}),
        (
            "优优优",
            {"pay_step_from": 2024},
            {"commendation": "A8/19(1)", "rank_time": "A8/19(1)", "merit_third": "A8/19(2)"},
        ),
        ("优优优", {"pay_step_from": 2024, "merit_in": 2022}, {"commendation": "A8/19(1)", "rank_time": "A8/19(1)"}),
        ("优优优", {"is_under_investigation": True}, {"withheld": "B1/52"}),
        ("基", {"is_under_investigation": True}, {"admonition": "A8/21", "withheld": "B1/52"}),
        ("基", {}, {"admonition": "A8/21"}),
        ("不", {}, {"demotion": "A8/22"}),
        ("不", {"was_demoted_by_sanction": True}, {"no_second_demotion": "B4"}),
        ("不不", {}, {"dismissal": "A8/88(1)"}),
        ("不无不", {}, {"demotion": "A8/22"}),
        ("无", {}, {"uncounted": "A8/no_grade"}),
    ],
)
def test_what_a_civil_servants_year_asks(letters, record, expected):
    assert asked(letters, **record) == expected


@pytest.mark.parametrize(
    ("letters", "record", "expected"),
    [
        ("优优优", {}, {"salary_grade": "A7b/28"}),  # never 三等功 in an institution
        ("称", {}, {"salary_grade": "A7b/28"}),
        ("称", {"is_under_investigation": True}, {"withheld": "B1/52"}),
        ("基", {}, {"self_criticism": "A7b/28-31"}),
        ("基基", {}, {"self_criticism": "A7b/28-31", "post_adjusted": "A7b/28-31"}),
        ("不", {}, {"post_lowered": "A7b/28-31"}),
        ("不", {"was_demoted_by_sanction": True}, {"no_second_demotion": "A7b/28-31"}),
        ("不不", {}, {"contract_end": "A7b/28-31"}),
        ("无", {}, {"uncounted": "A7b/28-31"}),
        ("无无", {}, {"uncounted": "A7b/28-31", "post_may_change": "A7b/28-31"}),
    ],
)
def test_what_a_year_in_an_institution_asks(letters, record, expected):
    assert asked(letters, institution=True, **record) == expected


@pytest.mark.parametrize(
    ("letters", "institution", "what", "sentence"),
    [
        ("优优优", False, "merit_third", "2022至2024年度连续3年优秀，可记三等功。"),
        ("优", False, "rank_time", "2024年度优秀，晋升上一职级所要求的年限缩短6个月。"),
        ("称称", False, "pay_step", "至2024年度累计2年称职以上，可在级别内晋升一个工资档次。"),
        ("基", False, "admonition", "至2025年12月31日不得晋升"),
        ("不不", False, "dismissal", "2023至2024年度连续不称职，予以辞退。"),
        ("基", True, "self_criticism", "至2025年12月31日不得晋升。"),
        ("基基", True, "post_adjusted", "2023至2024年度连续2年基本合格，应研究调整岗位。"),
        ("无无", True, "post_may_change", "2023至2024年度连续2年不确定档次，应研究调整岗位。"),
        ("不不", True, "contract_end", "2023至2024年度连续不合格，可以解除聘用合同。"),
    ],
)
def test_the_sentences(letters, institution, what, sentence):
    found = consequences.proposals(Record(grades(letters)), 2024, is_institution=institution, parameters=PARAMETERS)
    assert sentence in next(one.zh for one in found if one.what == what)


def test_until_when_promotion_is_barred_in_english():
    for institution in (False, True):
        found = consequences.proposals(Record(grades("基")), 2024, is_institution=institution, parameters=PARAMETERS)
        assert "until 2025-12-31" in found[0].en


@pytest.mark.parametrize(
    ("letters", "barred"), [("优", False), ("称", False), ("基", True), ("不", True), ("无", False), ("", False)]
)
def test_the_grade_of_the_year_before_bars_promotion(letters, barred):
    assert consequences.bars_promotion_in(Record(grades(letters)), 2025) is barred
    assert consequences.bars_promotion_in(Record(grades(letters)), 2024) is False


@pytest.mark.parametrize("letter", LETTERS)
def test_which_years_count(letter):
    assert consequences.year_counts(Grade(LETTERS[letter])) is (letter in "优称")


@pytest.mark.parametrize(
    ("letter", "institution", "reviewable"),
    [
        ("优", False, False),
        ("称", False, False),
        ("基", False, False),  # never call it 申诉 (K8)
        ("不", False, True),
        ("无", False, False),
        ("称", True, False),
        ("基", True, True),
        ("不", True, True),
        ("无", True, False),
    ],
)
def test_against_which_grades_a_review_may_be_asked(letter, institution, reviewable):
    grade = Grade(LETTERS[letter])
    assert consequences.is_reviewable(grade, is_institution=institution) is reviewable
    assert bool(consequences.remedies(grade, dt.date(2025, 1, 20), is_institution=institution)) is reviewable


def test_the_remedies_and_their_clocks():
    known = dt.date(2025, 1, 20)
    civil = consequences.remedies(Grade.INCOMPETENT, known, is_institution=False)
    assert [(one.name, one.deadline) for one in civil] == [
        ("review", Deadline(dt.date(2025, 2, 19))),
        ("appeal", Deadline(dt.date(2025, 2, 19))),
    ]
    institution = consequences.remedies(Grade.BASICALLY_COMPETENT, known, is_institution=True)
    assert [(one.name, one.rule, one.deadline) for one in institution] == [
        ("review", "A9-2", None),
        ("appeal", "A9-2", None),
    ]
