"""What a year can still bring, person by person (rules.md A7, A7b, B4, B4b; settled.md). No database.

Each row of a table is a person: the facts as HR writes them, then the ceiling, the heaviest reason's rule and a part
of its sentence. ``promotion`` and ``pay`` are the last days of the bars that run on as_of, "?" where no end is known.
"""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.appraisals import facts_json
from assessment.appraisals.eligibility import PRECEDENCE, explain
from assessment.appraisals.enums import CommentDue
from assessment.appraisals.facts import Facts, Parameters
from assessment.discipline import rules
from assessment.discipline.enums import Action, Ceiling
from assessment.discipline.rules import EFFECTS, Case, Finding
from foundation.people.enums import Category

PARAMETERS = Parameters()


def person(year, as_of, *, category="civil_servant", **facts):
    return facts_json.facts({"id": "x", "year": year, "as_of": as_of, "category": category, **facts})


def institution(year, as_of, **facts):
    return person(year, as_of, category="institution_staff", **facts)


def done(*pairs, voided=None):
    """actions=done(("admin.demerit", "2024-11-20"))"""
    return [{"code": code, "effective": effective, "voided": voided} for code, effective in pairs]


def case(opened, closed=None, outcome=None):
    return [{"opened": opened, "closed": closed, "outcome": outcome}]


def leave(kind, first, last=None):
    return {"kind": kind, "from": first, "to": last}


move = leave


def check(facts, ceiling, rule, sentence, parameters=PARAMETERS):
    answer = explain(facts, parameters)
    assert answer.ceiling.value == ceiling
    assert answer.reasons[0].rule == rule
    assert sentence in answer.reasons[0].zh
    assert all(reason.zh.endswith("。") and reason.en.endswith(".") for reason in answer.reasons)
    return answer


def until(block):
    return None if block is None else "?" if block.until is None else block.until.isoformat()


# --- the ten vectors of B4 --------------------------------------------------------------------------------------------

DEMERIT_AND_SERIOUS_WARNING = done(("party.serious_warning", "2024-05-10"), ("admin.demerit", "2024-05-10"))
WARNING_AND_DEMERIT = done(("party.warning", "2024-05-10"), ("admin.demerit", "2024-05-10"))
PROBATION_AND_REMOVAL = done(("party.probation_1y", "2024-03-05"), ("admin.removal", "2024-03-05"))


@pytest.mark.parametrize(
    ("facts", "ceiling", "rule", "sentence", "bars"),
    [
        pytest.param(
            person(2024, "2024-12-31", actions=done(("admin.demerit", "2024-11-20"))),
            "no_grade",
            "B4/admin.demerit",
            "政务记过自2024-11-20起生效，2024年度只写评语、不确定等次（考核影响至2024年度）；至2025-11-19止不得晋升职务、职级和工资档次。",
            ("2025-11-19", "2025-11-19"),
            id="1a-记过-当年",
        ),
        pytest.param(
            person(2025, "2025-11-19", actions=done(("admin.demerit", "2024-11-20"))),
            "none",
            "B4/admin.demerit",
            "不影响2025年度等次（考核影响至2024年度）；至2025-11-19止不得晋升",
            ("2025-11-19", "2025-11-19"),
            id="1b-记过-次年",
        ),
        pytest.param(
            person(2024, "2025-01-20", actions=done(("admin.major_demerit", "2024-01-10"))),
            "no_grade",
            "B4/admin.major_demerit",
            "2024年度只写评语、不确定等次（考核影响至2025年度）；至2025-07-09止",
            ("2025-07-09", "2025-07-09"),
            id="2a-记大过-当年",
        ),
        pytest.param(
            person(2025, "2026-01-20", actions=done(("admin.major_demerit", "2024-01-10"))),
            "no_grade",
            "B4/admin.major_demerit",
            "2025年度只写评语、不确定等次（考核影响至2025年度）；不得晋升职务、职级和工资档次的期间已于2025-07-09届满。",
            (None, None),
            id="2b-记大过-次年",
        ),
        pytest.param(
            person(2024, "2025-01-20", actions=done(("admin.warning", "2024-12-30"))),
            "not_excellent",
            "B4/admin.warning",
            "政务警告自2024-12-30起生效，2024年度不得确定为优秀等次（考核影响至2024年度）；至2025-06-29止不得晋升职务、职级。",
            ("2025-06-29", None),
            id="3a-警告-当年",
        ),
        pytest.param(
            person(2025, "2025-06-29", actions=done(("admin.warning", "2024-12-30"))),
            "none",
            "B4/admin.warning",
            "不影响2025年度等次",
            ("2025-06-29", None),
            id="3b-警告-次年",
        ),
        pytest.param(
            person(2024, "2025-01-20", actions=DEMERIT_AND_SERIOUS_WARNING),
            "no_grade",
            "B4/admin.demerit",
            "2024年度只写评语、不确定等次",
            ("2025-11-09", "2025-05-09"),
            id="4-党内严重警告与记过",
        ),
        pytest.param(
            person(2024, "2025-01-20", actions=WARNING_AND_DEMERIT),
            "no_grade",
            "B4/admin.demerit",
            "2024年度只写评语、不确定等次",
            ("2025-05-09", "2025-05-09"),
            id="5-党内警告与记过",
        ),
        pytest.param(
            person(2024, "2025-01-20", actions=PROBATION_AND_REMOVAL),
            "incompetent",
            "B4/party.probation_1y",
            "留党察看一年自2024-03-05起生效，2024年度应确定为不称职等次（考核影响至2025年度）；不得晋升职务、职级，截止日期待恢复党员权利后确定。",
            ("?", "2026-03-04"),
            id="6a-留党察看与撤职-当年",
        ),
        pytest.param(
            person(2025, "2026-01-20", actions=PROBATION_AND_REMOVAL),
            "no_grade",
            "B4/admin.removal",
            "2025年度只写评语、不确定等次（考核影响至2025年度）；至2026-03-04止",
            ("?", "2026-03-04"),
            id="6b-留党察看与撤职-次年",
        ),
        pytest.param(
            person(2024, "2025-04-01", cases=case("2024-10-08", "2025-03-20", "admin.warning")),
            "not_excellent",
            "A7/28",
            "2024-10-08立案，2025-03-20结案（政务警告），补定等次，2024年度不得确定为优秀等次。",
            ("2025-09-19", None),
            id="7a-结案警告-立案年",
        ),
        pytest.param(
            person(2025, "2026-01-20", cases=case("2024-10-08", "2025-03-20", "admin.warning")),
            "not_excellent",
            "B4/admin.warning",
            "政务警告自2025-03-20起生效，2025年度不得确定为优秀等次",
            (None, None),
            id="7b-结案警告-次年",
        ),
        pytest.param(
            person(2024, "2025-04-01", cases=case("2024-10-08", "2025-03-20", "admin.demerit")),
            "no_grade",
            "A7/28",
            "2024-10-08立案，2025-03-20结案（政务记过），不再补定，2024年度只写评语、不确定等次。",
            ("2026-03-19", "2026-03-19"),
            id="8a-结案记过-立案年",
        ),
        pytest.param(
            person(2025, "2026-01-20", cases=case("2024-10-08", "2025-03-20", "admin.demerit")),
            "no_grade",
            "B4/admin.demerit",
            "政务记过自2025-03-20起生效，2025年度只写评语",
            ("2026-03-19", "2026-03-19"),
            id="8b-结案记过-次年",
        ),
        pytest.param(
            person(2024, "2025-01-20", actions=done(("admonition", "2024-12-15"))),
            "not_excellent",
            "B4/admonition",
            "诫勉自2024-12-15起生效，2024年度不得确定为优秀等次（考核影响至2024年度）；至2025-06-14止不得晋升职务、职级。",
            ("2025-06-14", None),
            id="9-诫勉",
        ),
    ],
)
def test_vectors_of_b4(facts, ceiling, rule, sentence, bars):
    answer = check(facts, ceiling, rule, sentence)
    assert (until(answer.promotion_block), until(answer.pay_step_block)) == bars
    assert answer.comment == ("only" if ceiling == "no_grade" else "written")
    assert answer.provisional is False


def test_vector_10_exactly_half_a_year_of_sick_leave_is_graded():
    half = [leave("sick", "2024-03-01", "2024-08-30")]  # 183 days
    answer = explain(person(2024, "2025-01-20", leaves=half), PARAMETERS)
    assert (answer.ceiling, answer.comment, answer.reasons) == (Ceiling.NONE, CommentDue.WRITTEN, ())


# --- the four vectors of B4b ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "ceiling", "rule", "sentence"),
    [
        pytest.param(
            institution(2024, "2025-01-20", joined="2024-08-01", first_job=True),
            "no_grade",
            "A7b/37",
            "2024-08-01到本单位，首次就业，至2024-12-31工作不满半年，2024年度只写评语、不确定档次。",
            id="首次就业八月",
        ),
        pytest.param(
            institution(2024, "2025-01-20", actions=done(("inst.post_downgrade", "2024-05-06"))),
            "no_grade",
            "B4b/inst.post_downgrade",
            "降低岗位等级自2024-05-06起生效，2024年度只写评语、不确定档次（考核影响至2025年度）；至2026-05-05止不得晋升更高职务、岗位或等级。",
            id="降低岗位等级-当年",
        ),
        pytest.param(
            institution(2025, "2026-01-20", actions=done(("inst.post_downgrade", "2024-05-06"))),
            "no_grade",
            "B4b/inst.post_downgrade",
            "2025年度只写评语、不确定档次",
            id="降低岗位等级-次年",
        ),
    ],
)
def test_vectors_of_b4b(facts, ceiling, rule, sentence):
    assert check(facts, ceiling, rule, sentence).comment == "only"


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param(
            institution(2024, "2025-01-20", joined="2024-03-01", first_job=True, probation_until="2025-02-28"),
            id="首次就业三月，试用期内",
        ),
        pytest.param(
            institution(2024, "2025-01-20", joined="2024-08-01", months_elsewhere_this_year=7),
            id="当年在其他单位七个月",
        ),
    ],
)
def test_vectors_of_b4b_that_are_graded(facts):
    answer = explain(facts, PARAMETERS)
    assert (answer.ceiling, answer.comment, answer.reasons) == (Ceiling.NONE, CommentDue.WRITTEN, ())


# --- every action, every year it touches ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "ceilings", "promotion", "pay"),
    [
        ("admin.warning", ["not_excellent", "none"], "2024-08-19", None),
        ("admin.demerit", ["no_grade", "none"], "2025-02-19", "2025-02-19"),
        ("admin.major_demerit", ["no_grade", "no_grade", "none"], "2025-08-19", "2025-08-19"),
        ("admin.downgrade", ["no_grade", "no_grade", "none"], "2026-02-19", "2026-02-19"),
        ("admin.removal", ["no_grade", "no_grade", "none"], "2026-02-19", "2026-02-19"),
        ("party.warning", ["not_excellent", "none"], "2025-02-19", None),
        ("party.serious_warning", ["no_grade", "none"], "2025-08-19", None),
        ("party.post_removal", ["incompetent", "none"], "2026-02-19", None),
        ("party.probation_1y", ["incompetent", "no_grade", "none"], "?", None),
        ("party.probation_2y", ["incompetent", "no_grade", "no_grade", "none"], "?", None),
        ("party.expulsion", ["incompetent", "no_grade", "no_grade", "none"], None, None),
        ("org.adjust", ["not_excellent", "none"], "2025-02-19", None),
        ("org.resign", ["no_grade", "none"], "2026-02-19", None),
        ("org.remove", ["no_grade", "none"], "2026-02-19", None),
        ("org.demote", ["no_grade", "none"], "2026-02-19", None),
        ("admonition", ["not_excellent", "none"], "2024-08-19", None),
    ],
)
@pytest.mark.parametrize("category", ["civil_servant", "reference_managed", "institution_staff", "support_worker"])
def test_each_action_in_each_year(code, ceilings, promotion, pay, category):
    actions = done((code, "2024-02-20"))
    found = [
        explain(person(2024 + number, "2024-03-01", category=category, actions=actions), PARAMETERS)
        for number in range(len(ceilings))
    ]
    assert [answer.ceiling.value for answer in found] == ceilings
    assert {until(answer.promotion_block) for answer in found} == {promotion}
    assert {until(answer.pay_step_block) for answer in found} == {pay}
    assert found[0].reasons[0].rule == f"B4/{code}"
    assert EFFECTS[Action(code)].zh in found[0].reasons[0].zh
    before = person(2023, "2024-03-01", category=category, actions=actions)
    assert explain(before, PARAMETERS).ceiling == Ceiling.NONE


@pytest.mark.parametrize(
    ("code", "ceilings", "promotion"),
    [
        ("inst.warning", ["not_excellent", "none"], "2024-08-19"),
        ("inst.demerit", ["no_grade", "none"], "2025-02-19"),
        ("inst.post_downgrade", ["no_grade", "no_grade", "none"], "2026-02-19"),
    ],
)
@pytest.mark.parametrize("category", ["institution_staff", "support_worker"])
def test_each_action_of_institutions(code, ceilings, promotion, category):
    found = [
        explain(person(2024 + n, "2024-03-01", category=category, actions=done((code, "2024-02-20"))), PARAMETERS)
        for n in range(len(ceilings))
    ]
    assert [answer.ceiling.value for answer in found] == ceilings
    assert {until(answer.promotion_block) for answer in found} == {promotion}
    assert {until(answer.pay_step_block) for answer in found} == {None}
    assert found[0].reasons[0].rule == f"B4b/{code}"


def test_the_names_of_actions_are_the_same_on_screens_and_in_reasons():
    assert {action: str(action.label) for action in Action} == {action: EFFECTS[action].zh for action in Action}


# --- people -----------------------------------------------------------------------------------------------------------

AS_OF = "2025-01-20"


@pytest.mark.parametrize(
    ("facts", "ceiling", "rule", "sentence"),
    [
        pytest.param(
            person(2024, AS_OF, leaves=[leave("sick", "2024-03-01", "2024-08-31")]),
            "no_grade",
            "A7/27",
            "2024-03-01至2024-08-31病假、事假在2024年内累计184天，超过半年（183天），参加考核，不确定等次。",
            id="病假184天",
        ),
        pytest.param(
            person(2024, AS_OF, leaves=[leave("sick", "2023-10-01", "2024-04-30"), leave("personal", "2024-11-01")]),
            "none",
            None,
            "",
            id="病假跨年，只算当年：121天加61天",
        ),
        pytest.param(
            person(2024, AS_OF, leaves=[leave("sick", "2023-10-01", "2024-05-02"), leave("personal", "2024-11-01")]),
            "no_grade",
            "A7/27",
            "2024-01-01至2024-12-31病假、事假在2024年内累计184天",
            id="病假跨年加事假：123天加61天",
        ),
        pytest.param(
            person(
                2024,
                AS_OF,
                leaves=[leave("sick", "2024-01-01", "2024-05-31"), leave("personal", "2024-03-01", "2024-07-01")],
            ),
            "none",
            None,
            "",
            id="重叠的日子只算一次：183天",
        ),
        pytest.param(
            person(2024, "2024-08-30", leaves=[leave("sick", "2024-03-01", "2024-12-31")]),
            "none",
            None,
            "",
            id="未来的病假尚不存在：至今183天",
        ),
        pytest.param(
            person(2024, "2024-08-31", leaves=[leave("sick", "2024-03-01")]),
            "no_grade",
            "A7/27",
            "2024-03-01至2024-08-31",
            id="仍在休的病假算到当日",
        ),
        pytest.param(
            person(
                2024,
                AS_OF,
                leaves=[leave(kind, "2024-01-01", "2024-12-31") for kind in ("maternity", "annual", "work_injury")],
            ),
            "none",
            None,
            "",
            id="产假、年休假、工伤不算",
        ),
        pytest.param(
            institution(2024, AS_OF, leaves=[leave("maternity", "2024-01-01", "2024-12-31")]),
            "none",
            None,
            "",
            id="事业编产假照常定档",
        ),
        pytest.param(
            institution(
                2024,
                AS_OF,
                leaves=[leave("sick", "2024-01-01", "2024-03-31")],
                assignments=[move("study", "2024-06-01", "2024-09-30") | {"sent": False}],
            ),
            "no_grade",
            "A7b/41",
            "2024-01-01至2024-09-30病假、事假、非单位派出学习在2024年内累计213天，超过半年（183天），参加考核，不确定档次。",
            id="事业编病假加自行学习",
        ),
        pytest.param(
            person(2024, AS_OF, assignments=[move("study", "2024-01-01", "2024-12-31") | {"sent": False}]),
            "none",
            None,
            "",
            id="公务员自行学习没有规定",
        ),
        pytest.param(
            person(2024, AS_OF, assignments=[move("study", "2024-02-26", "2024-12-31")]),
            "none",
            "A7/26",
            "2024-02-26至2024-12-31由本单位派出学习，2024年度由本单位根据学习表现考核。",
            id="派出学习由派出单位考核",
        ),
        pytest.param(
            institution(2024, AS_OF, assignments=[move("study", "2023-02-26", "2024-01-01")]),
            "none",
            "A7b/38",
            "2024-01-01至2024-01-01由本单位派出学习",
            id="事业编派出学习",
        ),
        pytest.param(
            person(2024, AS_OF, assignments=[move("study", "2023-02-26", "2023-12-31")]),
            "none",
            None,
            "",
            id="去年的学习",
        ),
        pytest.param(
            person(2024, AS_OF, joined="2024-07-01", first_job=True, probation_until="2025-06-30"),
            "no_grade",
            "A7/25",
            "新录用人员，试用期至2025-06-30，2024年度只写评语、不确定等次。",
            id="试用期内",
        ),
        pytest.param(
            person(2024, AS_OF, probation_until="2024-12-31"),
            "no_grade",
            "A7/25",
            "试用期至2024-12-31",
            id="试用期至年末",
        ),
        pytest.param(person(2024, AS_OF, probation_until="2024-12-30"), "none", None, "", id="年末前转正"),
        pytest.param(
            person(2024, AS_OF, joined="2024-11-01", first_job=True), "none", None, "", id="公务员没有不满半年的规定"
        ),
        pytest.param(
            person(2024, AS_OF, category="support_worker", joined="2024-11-01"),
            "no_grade",
            "A7b/37",
            "2024-11-01到本单位，当年在其他单位工作0个月，至2024-12-31工作不满半年",
            id="工勤参照事业单位",
        ),
        pytest.param(
            institution(2024, AS_OF, joined="2024-07-03", first_job=True), "no_grade", "A7b/37", "首次就业", id="182天"
        ),
        pytest.param(institution(2024, AS_OF, joined="2024-07-02", first_job=True), "none", None, "", id="183天即半年"),
        pytest.param(
            institution(2024, AS_OF, joined="2024-07-03", first_job=True, months_elsewhere_this_year=6),
            "no_grade",
            "A7b/37",
            "首次就业",
            id="首次就业没有在其他单位的时间",
        ),
        pytest.param(
            institution(2024, AS_OF, joined="2024-11-01", months_elsewhere_this_year=3.5),
            "no_grade",
            "A7b/37",
            "当年在其他单位工作3.5个月",
            id="两处相加不满半年",
        ),
        pytest.param(
            institution(2024, AS_OF, joined="2024-11-01", months_elsewhere_this_year=4),
            "none",
            None,
            "",
            id="两处相加半年",
        ),
        pytest.param(institution(2024, AS_OF, joined="2023-12-31", first_job=True), "none", None, "", id="去年末到岗"),
        pytest.param(institution(2024, AS_OF, joined="2024-01-01", first_job=True), "none", None, "", id="元旦到岗"),
        pytest.param(
            institution(2024, AS_OF, joined="2024-12-31", first_job=True),
            "no_grade",
            "A7b/37",
            "2024-12-31到本单位",
            id="年末到岗",
        ),
        pytest.param(
            person(2024, AS_OF, leading_member=True),
            "appraised_elsewhere",
            "A1-2",
            "领导班子成员，2024年度（至2024-12-31）由主管机关考核，不在本单位确定等次。",
            id="领导班子成员",
        ),
        pytest.param(
            person(2024, AS_OF, assignments=[move("retired", "2024-12-31")]),
            "not_appraised",
            "A7",
            "自2024-12-31起退休，至2024-12-31不在职，不参加2024年度考核。",
            id="年末当日已退休",
        ),
        pytest.param(
            person(2024, AS_OF, assignments=[move("retired", "2025-01-01")]), "none", None, "", id="年末仍在职"
        ),
        pytest.param(
            person(2024, "2024-12-15", assignments=[move("retired", "2024-12-20")]), "none", None, "", id="退休尚未发生"
        ),
        pytest.param(
            person(2024, "2024-12-20", assignments=[move("retired", "2024-12-20")]),
            "not_appraised",
            "A7",
            "自2024-12-20起退休",
            id="退休当日",
        ),
        pytest.param(
            person(2024, AS_OF, assignments=[move("resigned", "2024-06-03")]),
            "not_appraised",
            "A7",
            "起辞职",
            id="辞职",
        ),
        pytest.param(
            person(2024, AS_OF, assignments=[move("dismissed", "2024-06-03", "2024-12-30")]),
            "none",
            None,
            "",
            id="辞退后恢复",
        ),
        pytest.param(
            person(2024, AS_OF, assignments=[move("dismissed", "2024-06-03", "2024-12-31")]),
            "not_appraised",
            "A7",
            "起辞退",
            id="年末仍被辞退",
        ),
        pytest.param(
            person(2024, "2024-10-01", assignments=[move("dismissed", "2024-06-03", "2024-11-30")]),
            "not_appraised",
            "A7",
            "起辞退",
            id="恢复尚未发生",
        ),
        pytest.param(
            person(2024, AS_OF, joined="2024-09-01", assignments=[move("resigned", "2023-06-03")]),
            "none",
            None,
            "",
            id="辞职后又来",
        ),
        pytest.param(
            person(2024, AS_OF, assignments=[move("resigned", "2024-06-03"), move("transfer_in", "2025-01-02")]),
            "not_appraised",
            "A7",
            "起辞职",
            id="次年才回来",
        ),
        pytest.param(
            person(2024, AS_OF, assignments=[move("transfer_out", "2024-12-31")]),
            "appraised_elsewhere",
            "A7/26",
            "2024-12-31调出，至2024-12-31不在本单位，由现工作单位进行2024年度考核并确定等次。",
            id="调出",
        ),
        pytest.param(
            person(2024, AS_OF, assignments=[move("transfer_out", "2025-01-01")]), "none", None, "", id="次年才调出"
        ),
        pytest.param(
            person(2024, AS_OF, assignments=[move("transfer_in", "2024-10-08")]),
            "none",
            "A7/26",
            "2024-10-08调入，2024年度（至2024-12-31）由本单位考核并确定等次，原单位提供材料。",
            id="调入",
        ),
        pytest.param(
            person(2024, AS_OF, assignments=[move("transfer_out", "2024-03-01"), move("transfer_in", "2024-10-08")]),
            "none",
            "A7/26",
            "2024-10-08调入",
            id="调出又调入",
        ),
        pytest.param(
            institution(
                2024, AS_OF, assignments=[move("transfer_in", "2024-03-01"), move("transfer_out", "2024-10-08")]
            ),
            "appraised_elsewhere",
            "A7b/37",
            "2024-10-08调出",
            id="调入又调出",
        ),
        pytest.param(
            person(2024, AS_OF, assignments=[move("transfer_in", "2023-10-08")]), "none", None, "", id="去年调入"
        ),
        pytest.param(
            person(2024, AS_OF, assignments=[move("transfer_in", "2025-01-06")]),
            "appraised_elsewhere",
            "A7/26",
            "2025-01-06才到本单位，至2024-12-31尚未到岗，由原单位负责2024年度考核。",
            id="次年调入",
        ),
        pytest.param(
            person(2024, AS_OF, joined="2025-01-02", first_job=True),
            "not_appraised",
            "A7/26",
            "此前未参加工作，不参加2024年度考核",
            id="次年才录用",
        ),
        pytest.param(
            person(2024, "2024-06-01", joined="2024-06-02"),
            "appraised_elsewhere",
            "A7/26",
            "至2024-06-01尚未到岗",
            id="尚未到岗",
        ),
        pytest.param(person(2024, "2024-06-01", joined="2024-06-01"), "none", None, "", id="到岗当日"),
        pytest.param(
            person(2024, AS_OF, assignments=[move("secondment", "2024-07-01", "2024-12-31")]),
            "appraised_elsewhere",
            "A7/26",
            "2024-07-01至2024-12-31挂职、援派在外，2024年内共184天，超过半年（183天），由该工作单位考核，听取本单位意见。",
            id="挂职过半年",
        ),
        pytest.param(
            person(2024, AS_OF, assignments=[move("secondment", "2024-07-02")]),
            "none",
            "A7/26",
            "2024-07-02至2024-12-31挂职、援派在外，2024年内共183天，未超过半年（183天），仍由本单位考核，听取对方意见。",
            id="挂职恰好半年",
        ),
        pytest.param(
            institution(2025, "2026-01-20", assignments=[move("secondment", "2024-07-02", "2025-12-30")]),
            "appraised_elsewhere",
            "A7b/38",
            "2025-01-01至2025-12-30挂职、援派在外，2025年内共364天",
            id="事业编援派",
        ),
        pytest.param(
            person(2024, AS_OF, cases=case("2024-12-31")),
            "no_grade",
            "A7/28",
            "2024-12-31立案审查调查，至2025-01-20尚未结案，2024年度参加考核，不写评语、不确定等次，结案前不得晋升。",
            id="年末立案",
        ),
        pytest.param(
            institution(2024, AS_OF, cases=case("2024-10-08", "2025-03-01", "none")),
            "no_grade",
            "A7b/42",
            "至2025-01-20尚未结案",
            id="结案尚未发生",
        ),
        pytest.param(
            person(2024, AS_OF, cases=case("2025-01-06")),
            "none",
            "B1/52",
            "2025-01-06立案审查调查，至2025-01-20尚未结案，不影响2024年度，结案前不得晋升。",
            id="次年立案只冻结晋升",
        ),
        pytest.param(person(2024, AS_OF, cases=case("2025-01-21")), "none", None, "", id="立案尚未发生"),
        pytest.param(
            person(2024, AS_OF, cases=case("2024-10-08", "2025-01-20", "none")),
            "none",
            "A7/28",
            "2024-10-08立案，2025-01-20结案（未受处分），补定等次，不影响2024年度等次。",
            id="免予处分后补定",
        ),
        pytest.param(
            person(2024, AS_OF, cases=case("2024-10-08", "2025-01-20")),
            "none",
            "A7/28",
            "2024-10-08立案，2025-01-20结案（未记载处分），补定等次，不影响2024年度等次。",
            id="结案而未记载处分",
        ),
        pytest.param(
            person(2024, AS_OF, cases=case("2024-10-08", None, "admin.warning")),
            "no_grade",
            "A7/28",
            "至2025-01-20尚未结案",
            id="未结案的结果尚不存在",
        ),
        pytest.param(
            institution(2024, AS_OF, cases=case("2024-10-08", "2025-01-10", "inst.warning")),
            "not_excellent",
            "A7b/42",
            "结案（事业单位警告），补定档次，2024年度不得确定为优秀档次",
            id="事业单位警告后补定",
        ),
        pytest.param(
            person(2024, AS_OF, cases=case("2024-10-08", "2025-01-10", "party.warning")),
            "not_excellent",
            "A7/28",
            "结案（党内警告），补定等次",
            id="党内警告后补定",
        ),
        pytest.param(
            person(2023, AS_OF, cases=case("2023-10-08", "2025-01-10", "party.serious_warning")),
            "no_grade",
            "A7/28",
            "结案（党内严重警告），不再补定，2023年度",
            id="立案跨两年，第一年",
        ),
        pytest.param(
            person(2024, AS_OF, cases=case("2023-10-08", "2025-01-10", "org.adjust")),
            "no_grade",
            "A7/28",
            "结案（调整职务），不再补定，2024年度",
            id="立案跨两年，第二年",
        ),
        pytest.param(
            person(2024, AS_OF, cases=case("2024-10-08", "2025-01-10", "admonition")),
            "none",
            "A7/28",
            "结案（诫勉），补定等次，不影响2024年度等次。",
            id="结案后诫勉不加重立案年",
        ),
        pytest.param(
            person(2025, "2026-01-05", cases=case("2024-10-08", "2025-01-10", "admonition")),
            "not_excellent",
            "B4/admonition",
            "诫勉自2025-01-10起生效，2025年度不得确定为优秀等次",
            id="诫勉在其当年",
        ),
        pytest.param(
            person(2024, AS_OF, cases=case("2024-02-08", "2024-12-31", "none")), "none", None, "", id="年内立案年内结案"
        ),
        pytest.param(
            person(2024, AS_OF, cases=case("2024-02-08", "2024-12-31", "admin.warning")),
            "not_excellent",
            "B4/admin.warning",
            "政务警告自2024-12-31起生效",
            id="年内结案，只算处分",
        ),
        pytest.param(
            person(2023, AS_OF, cases=case("2024-02-08", "2024-12-31", "admin.demerit")),
            "none",
            "B4/admin.demerit",
            "不影响2023年度等次",
            id="立案前的年度不受影响",
        ),
        pytest.param(
            person(2024, AS_OF, cases=case("2024-10-08"), actions=done(("party.post_removal", "2024-05-06"))),
            "incompetent",
            "B4/party.post_removal",
            "2024年度应确定为不称职等次",
            id="在案，已撤销党内职务",
        ),
        pytest.param(
            institution(2024, AS_OF, actions=done(("party.expulsion", "2024-05-06"))),
            "incompetent",
            "B4/party.expulsion",
            "开除党籍自2024-05-06起生效，2024年度应确定为不合格档次（考核影响至2026年度）。",
            id="事业编不合格",
        ),
        pytest.param(
            person(2024, AS_OF, actions=done(("admin.dismissal", "2024-12-31"))),
            "not_appraised",
            "B4/admin.dismissal",
            "政务开除自2024-12-31起生效，解除人事关系，2024年度及以后不再参加考核。",
            id="开除",
        ),
        pytest.param(
            institution(2026, "2027-01-20", actions=done(("inst.dismissal", "2024-12-31"))),
            "not_appraised",
            "B4b/inst.dismissal",
            "2026年度及以后不再参加考核",
            id="事业单位开除",
        ),
        pytest.param(
            person(2024, AS_OF, actions=done(("admin.dismissal", "2025-01-01"))), "none", None, "", id="次年开除"
        ),
        pytest.param(
            person(2024, AS_OF, leading_member=True, actions=done(("admin.dismissal", "2024-05-06"))),
            "not_appraised",
            "B4/admin.dismissal",
            "解除人事关系",
            id="开除重于由上级考核",
        ),
        pytest.param(
            person(2024, AS_OF, actions=done(("admin.demerit", "2024-05-06"), voided="2025-01-20")),
            "none",
            None,
            "",
            id="已撤销的处分如同没有",
        ),
        pytest.param(
            person(2024, AS_OF, actions=done(("admin.demerit", "2024-05-06"), voided="2025-01-21")),
            "no_grade",
            "B4/admin.demerit",
            "政务记过",
            id="撤销尚未发生",
        ),
        pytest.param(
            person(
                2024,
                AS_OF,
                cases=case("2023-10-08", "2024-05-06", "admin.demerit"),
                actions=done(("admin.demerit", "2024-05-06"), voided="2025-01-20"),
            ),
            "none",
            None,
            "",
            id="案件的处分已撤销",
        ),
        pytest.param(
            person(
                2023,
                AS_OF,
                cases=case("2023-10-08", "2024-05-06", "admin.demerit"),
                actions=done(("admin.demerit", "2024-05-06"), voided="2025-01-20"),
            ),
            "none",
            "A7/28",
            "2024-05-06结案（未受处分），补定等次",
            id="案件的处分已撤销，立案年补定",
        ),
        pytest.param(
            person(2024, AS_OF, actions=done(("admin.demerit", "2025-01-21"))), "none", None, "", id="处分尚未作出"
        ),
        pytest.param(
            person(2024, AS_OF, actions=done(("inst.demerit", "2024-05-06"))),
            "no_rule",
            "A1-3",
            "事业单位记过自2024-05-06起生效，对该类人员2024年度考核没有规定，至作出人工认定为止。",
            id="公务员档案里的事业单位处分",
        ),
        pytest.param(
            person(2025, AS_OF, actions=done(("inst.demerit", "2024-05-06"))), "none", None, "", id="该表也不及于次年"
        ),
        pytest.param(
            person(2024, AS_OF, actions=done(("inst.dismissal", "2024-05-06"))),
            "no_rule",
            "A1-3",
            "事业单位开除",
            id="公务员与事业单位开除",
        ),
        pytest.param(
            person(2023, AS_OF, actions=done(("inst.dismissal", "2024-05-06"))), "none", None, "", id="开除之前的年度"
        ),
        pytest.param(
            person(2024, AS_OF, category="contract"),
            "not_appraised",
            "A1-3",
            "聘用人员不参加2024年度考核（至2024-12-31）。",
            id="聘用人员",
        ),
        pytest.param(
            person(2024, AS_OF, category="contract", actions=done(("admin.warning", "2023-05-06"))),
            "no_rule",
            "A1-3",
            "政务警告自2023-05-06起生效",
            id="聘用人员受处分",
        ),
        pytest.param(
            person(2024, AS_OF, category="contract", actions=done(("party.warning", "2024-12-31"))),
            "no_rule",
            "A1-3",
            "党内警告自2024-12-31起生效",
            id="聘用人员年末受处分",
        ),
        pytest.param(
            person(2024, AS_OF, category="contract", actions=done(("admin.warning", "2025-01-06"))),
            "not_appraised",
            "A1-3",
            "聘用人员不参加",
            id="聘用人员次年受处分",
        ),
        pytest.param(
            person(2024, AS_OF, category="contract", cases=case("2024-05-06")),
            "no_rule",
            "A1-3",
            "2024-05-06立案审查调查，至2025-01-20尚未结案，对聘用人员没有规定，需人工认定。",
            id="聘用人员在案",
        ),
        pytest.param(
            person(2024, AS_OF, category="contract", cases=case("2024-05-06", "2024-08-06", "none")),
            "not_appraised",
            "A1-3",
            "聘用人员不参加",
            id="聘用人员的案件已了结",
        ),
        pytest.param(
            person(
                2024,
                AS_OF,
                cases=case("2024-10-08", "2025-01-10", "admin.major_demerit"),
                actions=done(("admonition", "2023-05-06"), ("admin.demerit", "2023-05-06")),
            ),
            "no_grade",
            "A7/28",
            "2025-01-10结案（政务记大过）",
            id="有旧处分的人结案记大过",
        ),
        pytest.param(
            person(
                2024, AS_OF, category="contract", assignments=[move("resigned", "2024-05-06")], cases=case("2024-03-06")
            ),
            "not_appraised",
            "A7",
            "起辞职",
            id="聘用人员已离开",
        ),
    ],
)
def test_people(facts, ceiling, rule, sentence):
    if rule is None:
        answer = explain(facts, PARAMETERS)
        assert (answer.ceiling.value, answer.reasons) == (ceiling, ())
    else:
        answer = check(facts, ceiling, rule, sentence)
    assert answer.comment == {
        "no_grade": "none" if answer.provisional else "only",
        "none": "written",
        "not_excellent": "written",
        "incompetent": "written",
    }.get(ceiling, "none")


@pytest.mark.parametrize(
    ("facts", "provisional", "promotion"),
    [
        pytest.param(person(2024, AS_OF, cases=case("2024-10-08")), True, "?", id="在案"),
        pytest.param(institution(2024, AS_OF, cases=case("2024-10-08")), True, "?", id="事业编在案"),
        pytest.param(person(2023, AS_OF, cases=case("2024-10-08")), False, "?", id="立案前的年度"),
        pytest.param(person(2024, AS_OF, category="contract", cases=case("2024-10-08")), True, None, id="聘用人员"),
        pytest.param(person(2024, AS_OF, leading_member=True, cases=case("2024-10-08")), False, "?", id="由上级考核"),
        pytest.param(
            person(2024, AS_OF, assignments=[move("retired", "2024-11-01")], cases=case("2024-10-08")),
            False,
            "?",
            id="已退休",
        ),
        pytest.param(person(2024, AS_OF, cases=case("2024-10-08", "2025-01-20", "none")), False, None, id="已结案"),
    ],
)
def test_an_open_case_makes_our_result_provisional_and_freezes_promotion(facts, provisional, promotion):
    answer = explain(facts, PARAMETERS)
    assert (answer.provisional, until(answer.promotion_block), answer.pay_step_block) == (provisional, promotion, None)


def test_an_outcome_that_stands_in_the_actions_too_counts_once():
    twice = person(
        2025,
        "2025-12-31",
        cases=case("2024-10-08", "2025-03-20", "admin.demerit"),
        actions=done(("admin.demerit", "2025-03-20")),
    )
    once = replace(twice, actions=())
    assert explain(twice, PARAMETERS) == explain(once, PARAMETERS)
    assert until(explain(twice, PARAMETERS).promotion_block) == "2026-03-19"


def test_reasons_stand_heaviest_first_and_name_the_cumulation_last():
    facts = person(
        2024,
        "2025-01-20",
        leaves=[leave("sick", "2024-01-01", "2024-12-31")],
        assignments=[move("transfer_in", "2024-01-01")],
        actions=done(
            ("admin.warning", "2024-03-01"), ("party.post_removal", "2024-06-01"), ("admin.demerit", "2024-06-01")
        ),
    )
    assert [reason.rule for reason in explain(facts, PARAMETERS).reasons] == [
        "B4/party.post_removal",
        "A7/27",
        "B4/admin.demerit",
        "B4/admin.warning",
        "A7/26",
        "B1/10",
    ]


@pytest.mark.parametrize(
    ("facts", "english"),
    [
        (
            person(2024, AS_OF, actions=done(("admin.demerit", "2024-11-20"))),
            "Administrative demerit effective 2024-11-20: 2024 gets a comment only and no grade (years affected: until "
            "2024); no promotion and no higher pay step until 2025-11-19.",
        ),
        (
            person(2024, AS_OF, actions=done(("party.probation_2y", "2024-11-20"))),
            "Two years of probation within the Party effective 2024-11-20: 2024 is to be graded incompetent (years "
            "affected: until 2026); no promotion, until a day not yet known (rights not restored).",
        ),
        (
            person(2024, AS_OF, actions=done(("admonition", "2024-02-20"))),
            "Admonition effective 2024-02-20: 2024 cannot be graded excellent (years affected: until 2024); no "
            "promotion until 2024-08-19, which has passed.",
        ),
        (
            person(2024, AS_OF, cases=case("2024-10-08")),
            "Case opened on 2024-10-08 and not closed until 2025-01-20: 2024 gets no comment and no grade for now, no "
            "promotion until it is closed.",
        ),
        (
            person(2024, AS_OF, cases=case("2024-10-08", "2025-01-10", "none")),
            "Case opened on 2024-10-08 and closed on 2025-01-10 (no sanction), graded afterwards: the grade of 2024 is "
            "not affected.",
        ),
        (
            person(2024, AS_OF, cases=case("2024-10-08", "2025-01-10", "admin.demerit")),
            "Case opened on 2024-10-08 and closed on 2025-01-10 (administrative demerit), not graded afterwards: 2024 "
            "gets a comment only and no grade.",
        ),
    ],
)
def test_the_english_sentence(facts, english):
    assert explain(facts, PARAMETERS).reasons[0].en == english


# --- what a local notice may change -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "parameters", "ceiling"),
    [
        (
            person(2024, AS_OF, leaves=[leave("sick", "2024-01-01", "2024-06-30")]),
            Parameters(half_year_days=181),
            "no_grade",
        ),
        (
            person(2024, AS_OF, cases=case("2024-10-08", "2025-01-10", "admin.warning")),
            Parameters(discipline=rules.Parameters(regraded_may_be_excellent=True)),
            "none",
        ),
        (
            institution(2024, AS_OF, actions=done(("admin.warning", "2024-05-06"))),
            Parameters(discipline=rules.Parameters(administrative_binds_institution=False)),
            "no_rule",
        ),
        (
            institution(2024, AS_OF, actions=done(("admin.warning", "2023-05-06"))),
            Parameters(discipline=rules.Parameters(administrative_binds_institution=False)),
            "none",
        ),
        (
            person(2024, AS_OF, actions=done(("admin.warning", "2024-05-06"))),
            Parameters(discipline=rules.Parameters(administrative_binds_institution=False)),
            "not_excellent",
        ),
        (
            institution(2024, AS_OF, actions=done(("party.warning", "2024-05-06"))),
            Parameters(discipline=rules.Parameters(administrative_binds_institution=False)),
            "not_excellent",
        ),
    ],
)
def test_parameters(facts, parameters, ceiling):
    assert explain(facts, parameters).ceiling.value == ceiling


# --- properties -------------------------------------------------------------------------------------------------------

days = st.dates(dt.date(2021, 1, 1), dt.date(2026, 12, 31))
ordered = st.sampled_from([code for code in Action if not EFFECTS[code].leaves and not code.startswith("inst.")])
findings = st.builds(Finding, code=ordered, effective=days)
open_cases = st.builds(Case, opened=days)
circumstances = st.builds(
    Facts,
    year=st.integers(2021, 2027),
    as_of=st.dates(dt.date(2021, 1, 1), dt.date(2028, 12, 31)),
    category=st.sampled_from([one for one in Category if one != Category.CONTRACT]),
    probation_until=st.none() | days,
    cases=st.lists(open_cases, max_size=1).map(tuple),
    actions=st.lists(findings, max_size=4).map(tuple),
)


@given(facts=circumstances, more=findings)
def test_one_more_finding_never_raises_the_ceiling_nor_ends_a_bar_sooner(facts, more):
    before = explain(facts, PARAMETERS)
    after = explain(replace(facts, actions=(*facts.actions, more)), PARAMETERS)
    assert rules.ORDER.index(after.ceiling) >= rules.ORDER.index(before.ceiling)
    if before.promotion_block is not None:
        assert after.promotion_block is not None
        assert (after.promotion_block.until or dt.date.max) >= (before.promotion_block.until or dt.date.max)


@given(facts=circumstances, data=st.data())
def test_the_order_of_facts_does_not_matter(facts, data):
    shuffled = replace(facts, actions=tuple(data.draw(st.permutations(facts.actions))))
    assert explain(shuffled, PARAMETERS) == explain(facts, PARAMETERS)


@given(facts=circumstances, gone=findings, data=st.data())
def test_a_voided_action_is_as_if_it_had_never_been_from_the_day_of_voiding(facts, gone, data):
    others = tuple(one for one in facts.actions if (one.code, one.effective) != (gone.code, gone.effective))
    facts = replace(facts, actions=others)
    voided = data.draw(st.dates(gone.effective, dt.date(2028, 12, 31)))
    recorded = replace(facts, actions=(*others, replace(gone, voided=voided)))
    without = facts if voided <= facts.as_of else replace(facts, actions=(*others, gone))
    assert explain(recorded, PARAMETERS) == explain(without, PARAMETERS)


@given(facts=circumstances)
def test_the_ceiling_is_that_of_the_heaviest_reason_and_reasons_are_in_order(facts):
    answer = explain(facts, PARAMETERS)
    weights = [PRECEDENCE.index(reason.ceiling) for reason in answer.reasons]
    assert weights == sorted(weights, reverse=True)
    assert PRECEDENCE.index(answer.ceiling) == max(weights, default=0)
