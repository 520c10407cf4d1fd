"""Why a year is limited, in one Chinese and one English sentence each. Pure; dates are ISO in both languages.

Plain strings, not gettext: HR's 试算 prints both languages, and a decision's reason is kept as it was given.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from assessment.discipline.enums import Ceiling, Family
from assessment.discipline.rules import CUMULATION, UNKNOWN_END, Finding, Parameters, Period


@dataclass(frozen=True)
class Reason:
    """rule: its id in rules.md. ceiling: what it alone leaves of the year. on: the day of what happened."""

    rule: str
    zh: str
    en: str
    ceiling: Ceiling
    on: dt.date


@dataclass(frozen=True)
class Words:
    """等次 and 称职 belong to civil servants, 档次 and 合格 to institutions (A1-4)."""

    grade: str
    incompetent: str

    def of_year(self, ceiling: Ceiling, year: int) -> str:
        """What a ceiling means for a year, in Chinese."""
        return {
            Ceiling.NONE: f"不影响{year}年度{self.grade}",
            Ceiling.NOT_EXCELLENT: f"{year}年度不得确定为优秀{self.grade}",
            Ceiling.NO_GRADE: f"{year}年度只写评语、不确定{self.grade}",
            Ceiling.INCOMPETENT: f"{year}年度应确定为{self.incompetent}{self.grade}",
        }[ceiling]


CIVIL = Words("等次", "不称职")
INSTITUTION = Words("档次", "不合格")


def of_year(ceiling: Ceiling, year: int) -> str:
    """What a ceiling means for a year, in English."""
    return {
        Ceiling.NONE: f"the grade of {year} is not affected",
        Ceiling.NOT_EXCELLENT: f"{year} cannot be graded excellent",
        Ceiling.NO_GRADE: f"{year} gets a comment only and no grade",
        Ceiling.INCOMPETENT: f"{year} is to be graded incompetent",
    }[ceiling]


def of_finding(
    finding: Finding, *, year: int, ceiling: Ceiling, period: Period | None, as_of: dt.date, words: Words
) -> Reason:
    """What happened, what it leaves of the year, and until when it bars promotion."""
    zh, en = _bar(period, as_of) if period is not None else ("", "")
    last_year = finding.effective.year + len(finding.effect.years) - 1
    return Reason(
        finding.rule,
        f"{finding.effect.zh}自{finding.effective}起生效，{words.of_year(ceiling, year)}"
        f"（考核影响至{last_year}年度）{zh}。",
        f"{_capital(finding.effect.en)} effective {finding.effective}: {of_year(ceiling, year)} "
        f"(years affected: until {last_year}){en}.",
        ceiling,
        finding.effective,
    )


def _bar(period: Period, as_of: dt.date) -> tuple[str, str]:
    zh, en = "不得晋升职务、职级", "no promotion"
    if period.finding.effect.family == Family.INSTITUTION:
        zh = "不得晋升更高职务、岗位或等级"
    if period.finding.effect.pay_step:
        zh, en = f"{zh}和工资档次", f"{en} and no higher pay step"
    if period.last_day == UNKNOWN_END:
        return f"；{zh}，截止日期待恢复党员权利后确定", f"; {en}, until a day not yet known (rights not restored)"
    if not period.runs_on(as_of):
        return f"；{zh}的期间已于{period.last_day}届满", f"; {en} until {period.last_day}, which has passed"
    return f"；至{period.last_day}止{zh}", f"; {en} until {period.last_day}"


def of_cumulation(period: Period, parameters: Parameters) -> Reason:
    """Why a period ends later than its own months say."""
    effect, effective = period.finding.effect, period.finding.effective
    zh = en = ""
    if period.capped:
        zh = f"（最长{parameters.longest_months}个月）"
        en = f" (at most {parameters.longest_months} months)"
    zh_until = en_until = str(period.last_day)
    if period.last_day == UNKNOWN_END:
        zh_until, en_until = "尚不能确定之日", "a day not yet known"
    return Reason(
        CUMULATION[effect.family],
        f"{effect.zh}（{effective}生效）在前一处分期间内给予，期间为尚未执行的期限与新期限之和，至{zh_until}{zh}。",
        f"{_capital(effect.en)} effective {effective} fell into a running period: what was left and the new one, "
        f"until {en_until}{en}.",
        Ceiling.NONE,
        effective,
    )


def of_dismissal(finding: Finding, year: int) -> Reason:
    """开除: out of the population from then on."""
    return Reason(
        finding.rule,
        f"{finding.effect.zh}自{finding.effective}起生效，解除人事关系，{year}年度及以后不再参加考核。",
        f"{_capital(finding.effect.en)} effective {finding.effective}: the relationship has ended, not appraised for "
        f"{year} or any later year.",
        Ceiling.NOT_APPRAISED,
        finding.effective,
    )


def of_finding_without_rule(finding: Finding, year: int) -> Reason:
    """No table says what this action does to a person of this category (settled.md)."""
    return Reason(
        "A1-3",
        f"{finding.effect.zh}自{finding.effective}起生效，对该类人员{year}年度考核没有规定，至作出人工认定为止。",
        f"{_capital(finding.effect.en)} effective {finding.effective}: no rule says what it means for {year} in this "
        "category, until a person decides.",
        Ceiling.NO_RULE,
        finding.effective,
    )


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]
