"""What a year's grade brings: counters and proposals, never decisions (rules.md A8, A9-2, A7b). Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from assessment.appraisals.enums import Grade
from assessment.discipline.remedies import Remedy, after_personnel_decision

COUNTED = frozenset({Grade.EXCELLENT, Grade.COMPETENT})
LOW = frozenset({Grade.BASICALLY_COMPETENT, Grade.INCOMPETENT})


@dataclass(frozen=True)
class Parameters:
    """Defaults are those of rules.md A8."""

    merit_years: int = 3
    pay_step_years: int = 2
    level_years: int = 5
    rank_months_saved: int = 6


@dataclass(frozen=True)
class Record:
    """A person's decided years, and when their counters last paid out (None: never).

    A year in which nobody appraised the person is simply not there; so is a year not yet decided.
    """

    grades: Mapping[int, Grade]
    merit_in: int | None = None
    pay_step_from: int | None = None  # the last year that the last step was given for
    level_from: int | None = None
    is_under_investigation: bool = False
    was_demoted_by_sanction: bool = False


@dataclass(frozen=True)
class Counters:
    """excellent_run: 优秀 years in a row up to the year, since the last 三等功. Years for pay and level add up."""

    excellent_run: int
    incompetent_run: int
    basically_competent_run: int
    no_grade_run: int
    pay_step_years: int
    level_years: int


@dataclass(frozen=True)
class Proposal:
    """Something that people have to decide or do. what: identifier; rule: id in rules.md."""

    what: str
    rule: str
    zh: str
    en: str


def counters(record: Record, year: int) -> Counters:
    """How the years count up to a year. A year without a grade breaks a run and neither counts nor resets a sum."""
    return Counters(
        excellent_run=_run(record, year, Grade.EXCELLENT, after=record.merit_in),
        incompetent_run=_run(record, year, Grade.INCOMPETENT),
        basically_competent_run=_run(record, year, Grade.BASICALLY_COMPETENT),
        no_grade_run=_run(record, year, Grade.NO_GRADE),
        pay_step_years=_counted(record, year, after=record.pay_step_from),
        level_years=_counted(record, year, after=record.level_from),
    )


def _run(record: Record, year: int, grade: Grade, *, after: int | None = None) -> int:
    length = 0
    while record.grades.get(year - length) == grade and (after is None or year - length > after):
        length += 1
    return length


def _counted(record: Record, year: int, *, after: int | None) -> int:
    return sum(
        grade in COUNTED and one <= year and (after is None or one > after) for one, grade in record.grades.items()
    )


def year_counts(grade: Grade) -> bool:
    """Whether the year counts for tenure, pay step, level and bonus (A8, Arts 20 to 23; A7b Arts 28 to 31)."""
    return grade in COUNTED


def bars_promotion_in(record: Record, year: int) -> bool:
    """Whether the grade of the year before bars promotion (A8: 基本称职 and worse; 选拔任用条例 Art 24)."""
    return record.grades.get(year - 1) in LOW


def proposals(record: Record, year: int, *, is_institution: bool, parameters: Parameters) -> list[Proposal]:
    """What the year's grade asks people to decide or to do; nobody under investigation is rewarded or promoted (B1)."""
    grade = record.grades.get(year)
    if grade is None:
        return []
    counted = counters(record, year)
    if is_institution:
        found = list(_of_institution(record, grade, year, counted))
    else:
        found = list(_of_civil_servant(record, grade, year, counted, parameters))
    if record.is_under_investigation:
        found = [proposal for proposal in found if proposal.what not in WITHHELD]
        found.append(
            Proposal(
                "withheld",
                "B1/52",
                f"立案审查调查尚未结案，{year}年度的奖励和晋升待结案后办理。",
                f"Under investigation: rewards and promotion for {year} wait until the case is closed.",
            )
        )
    return found


WITHHELD = frozenset({"commendation", "merit_third", "rank_time", "pay_step", "level", "salary_grade"})


def _of_civil_servant(
    record: Record, grade: Grade, year: int, counted: Counters, parameters: Parameters
) -> Iterator[Proposal]:
    if grade == Grade.EXCELLENT:
        yield from _of_excellent(year, counted, parameters)
    if grade in COUNTED:
        yield from _of_counted(year, counted, parameters)
    elif grade == Grade.BASICALLY_COMPETENT:
        yield from _of_basically_competent(year)
    elif grade == Grade.INCOMPETENT:
        yield from _of_incompetent(record, year, counted)
    else:
        yield Proposal(
            "uncounted",
            "A8/no_grade",
            f"{year}年度不确定等次，本年度不计算为晋升级别、档次和任职年限，不发年度考核奖金，至{year}年12月31日止。",
            f"No grade for {year}: the year (until {year}-12-31) does not count for pay, level or tenure, no bonus.",
        )


def _of_excellent(year: int, counted: Counters, parameters: Parameters) -> Iterator[Proposal]:
    yield Proposal(
        "commendation",
        "A8/19(1)",
        f"{year}年度优秀，当年给予嘉奖，在本机关范围内通报表扬。",
        f"Excellent in {year}: a commendation for the year, made known inside the organ.",
    )
    yield Proposal(
        "rank_time",
        "A8/19(1)",
        f"{year}年度优秀，晋升上一职级所要求的年限缩短{parameters.rank_months_saved}个月。",
        f"Excellent in {year}: the years required for the next rank are shortened by {parameters.rank_months_saved} "
        "months.",
    )
    if counted.excellent_run >= parameters.merit_years:
        yield Proposal(
            "merit_third",
            "A8/19(2)",
            f"{year - counted.excellent_run + 1}至{year}年度连续{counted.excellent_run}年优秀，可记三等功。",
            f"Excellent in {counted.excellent_run} consecutive years until {year}: third-class merit may be given.",
        )


def _of_counted(year: int, counted: Counters, parameters: Parameters) -> Iterator[Proposal]:
    if counted.pay_step_years >= parameters.pay_step_years:
        yield Proposal(
            "pay_step",
            "A8/20(1)",
            f"至{year}年度累计{counted.pay_step_years}年称职以上，可在级别内晋升一个工资档次。",
            f"{counted.pay_step_years} years competent or better until {year}: one pay step up.",
        )
    if counted.level_years >= parameters.level_years:
        yield Proposal(
            "level",
            "A8/20(2)",
            f"至{year}年度累计{counted.level_years}年称职以上，可在职务职级对应范围内晋升一个级别。",
            f"{counted.level_years} years competent or better until {year}: one level up.",
        )


def _of_basically_competent(year: int) -> Iterator[Proposal]:
    yield Proposal(
        "admonition",
        "A8/21",
        f"{year}年度基本称职，应予诫勉，责令作出书面检查、限期改进；至{year + 1}年12月31日不得晋升，"
        "本年度不计算年限、不发奖金。",
        f"Basically competent in {year}: an admonition, a written self-criticism and a deadline to improve; no "
        f"promotion until {year + 1}-12-31, the year does not count, no bonus.",
    )


def _of_incompetent(record: Record, year: int, counted: Counters) -> Iterator[Proposal]:
    if counted.incompetent_run > 1:
        yield Proposal(
            "dismissal",
            "A8/88(1)",
            f"{year - counted.incompetent_run + 1}至{year}年度连续不称职，予以辞退。",
            f"Incompetent in {counted.incompetent_run} consecutive years until {year}: to be dismissed (辞退).",
        )
    elif record.was_demoted_by_sanction:
        yield Proposal(
            "no_second_demotion",
            "B4",
            f"{year}年度不称职，因同一处分已降低职务，至{year}年度不再重复降低。",
            f"Incompetent in {year}, the sanction has already lowered the post: no second demotion for {year}.",
        )
    else:
        yield Proposal(
            "demotion",
            "A8/22",
            f"{year}年度不称职，按照规定程序降低一个职务或者职级层次任职，本年度（至{year}年12月31日）不计算年限、不发奖金。",
            f"Incompetent in {year}: one layer of post or rank down; the year (until {year}-12-31) does not count, "
            "no bonus.",
        )


def _of_institution(record: Record, grade: Grade, year: int, counted: Counters) -> Iterator[Proposal]:
    if grade in COUNTED:
        yield Proposal(
            "salary_grade",
            "A7b/28",
            f"{year}年度合格以上，增加一级薪级工资，发放绩效工资，本年度（至{year}年12月31日）计算任职年限。",
            f"Qualified or better in {year}: one salary grade, performance pay, the year (until {year}-12-31) counts.",
        )
    elif grade == Grade.BASICALLY_COMPETENT:
        yield Proposal(
            "self_criticism",
            "A7b/28-31",
            f"{year}年度基本合格，责令作出书面检查，不增加薪级，本年度不计算年限，至{year + 1}年12月31日不得晋升。",
            f"Basically qualified in {year}: a written self-criticism, no salary grade, the year does not count, no "
            f"promotion until {year + 1}-12-31.",
        )
        if counted.basically_competent_run > 1:
            yield _change_of_post(
                "post_adjusted", "基本合格", "basically qualified", year, counted.basically_competent_run
            )
    elif grade == Grade.INCOMPETENT:
        yield from _of_unqualified(record, year, counted)
    else:
        yield Proposal(
            "uncounted",
            "A7b/28-31",
            f"{year}年度不确定档次，不增加薪级，本年度（至{year}年12月31日）不计算年限。",
            f"No grade for {year}: no salary grade, the year (until {year}-12-31) does not count.",
        )
        if counted.no_grade_run > 1:
            yield _change_of_post("post_may_change", "不确定档次", "without a grade", year, counted.no_grade_run)


def _of_unqualified(record: Record, year: int, counted: Counters) -> Iterator[Proposal]:
    if counted.incompetent_run > 1:
        yield Proposal(
            "contract_end",
            "A7b/28-31",
            f"{year - counted.incompetent_run + 1}至{year}年度连续不合格，可以解除聘用合同。",
            f"Unqualified in {counted.incompetent_run} consecutive years until {year}: the contract may be ended.",
        )
    elif record.was_demoted_by_sanction:
        yield Proposal(
            "no_second_demotion",
            "A7b/28-31",
            f"{year}年度不合格，因处分已降低岗位等级，至{year}年度不再重复降低。",
            f"Unqualified in {year}, the sanction has already lowered the post: no second lowering for {year}.",
        )
    else:
        yield Proposal(
            "post_lowered",
            "A7b/28-31",
            f"{year}年度不合格，降低一级岗位等级，本年度（至{year}年12月31日）不计算年限。",
            f"Unqualified in {year}: one post level down, the year (until {year}-12-31) does not count.",
        )


def _change_of_post(what: str, zh: str, en: str, year: int, run: int) -> Proposal:
    return Proposal(
        what,
        "A7b/28-31",
        f"{year - run + 1}至{year}年度连续{run}年{zh}，应研究调整岗位。",
        f"{run} consecutive years {en} until {year}: consider a change of post.",
    )


def is_reviewable(grade: Grade, *, is_institution: bool) -> bool:
    """Whether the law opens 复核 and 申诉 against the grade: 不称职 only, in institutions 基本合格 too (A9-2).

    For the others the organ may offer an inner 异议 channel, which is not to be called 申诉.
    """
    return grade == Grade.INCOMPETENT or (is_institution and grade == Grade.BASICALLY_COMPETENT)


def remedies(grade: Grade, known_on: dt.date, *, is_institution: bool) -> tuple[Remedy, ...]:
    """The remedies against a grade. The periods of institution staff were not read: they carry no deadline."""
    if not is_reviewable(grade, is_institution=is_institution):
        return ()
    if not is_institution:
        return after_personnel_decision(known_on)
    zh = f"{known_on}知道考核结果，可按有关规定申请复核、提出申诉，期限至有关规定所定之日。"
    en = f"Result known on {known_on}: a review and an appeal are open until the day that the regulations set."
    return (Remedy("review", "A9-2", None, zh, en), Remedy("appeal", "A9-2", None, zh, en))
