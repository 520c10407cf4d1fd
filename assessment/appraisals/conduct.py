"""What findings and cases mean for a person of a category in a year (rules.md B4, B4b, A7 Art 28). Pure."""

from __future__ import annotations

from collections.abc import Iterator

from assessment.appraisals.facts import Facts, Parameters
from assessment.discipline import reasons, rules
from assessment.discipline.enums import Ceiling, Family
from assessment.discipline.reasons import Reason
from assessment.discipline.rules import Block, Case, Finding, Period
from foundation.people.enums import Category


def _has_table(facts: Facts, finding: Finding, parameters: Parameters) -> bool:
    """Whether a rule says what the finding means for somebody of this category (B4, B4b; settled.md)."""
    family = finding.effect.family
    if facts.is_civil_servant:
        return family != Family.INSTITUTION
    if facts.category == Category.CONTRACT:
        return False
    return family != Family.ADMINISTRATIVE or parameters.discipline.administrative_binds_institution


def bars_of(facts: Facts, findings: list[Finding], parameters: Parameters) -> list[Period]:
    """The periods of the findings that a table governs."""
    governed = [finding for finding in findings if _has_table(facts, finding, parameters)]
    return rules.periods(governed, parameters.discipline)


def promotion_block(facts: Facts, bars: list[Period]) -> Block | None:
    """An open case freezes promotion whatever its year (政务处分法 Art 52)."""
    if facts.category != Category.CONTRACT and any(case.is_open(facts.as_of) for case in facts.cases):
        return Block(None)
    return rules.promotion_block(bars, facts.as_of)


def reasons_of_conduct(
    facts: Facts, findings: list[Finding], bars: list[Period], parameters: Parameters
) -> Iterator[Reason]:
    """What findings and cases leave of the year, and which bars run."""
    by_finding = {period.finding: period for period in bars}
    for finding in findings:
        yield from _finding(facts, finding, by_finding.get(finding), parameters)
    for period in bars:
        if period.added and period.runs_on(facts.as_of):
            yield reasons.of_cumulation(period, parameters.discipline)
    if facts.category == Category.CONTRACT:
        yield from _contract(facts, findings)
        return
    for case in facts.cases:
        yield from _case(facts, case, findings, parameters)


def _finding(facts: Facts, finding: Finding, period: Period | None, parameters: Parameters) -> Iterator[Reason]:
    if not _has_table(facts, finding, parameters):
        if _may_touch(facts, finding):
            yield reasons.of_finding_without_rule(finding, facts.year)
        return
    if finding.effect.leaves:
        if finding.effective <= facts.last_day:
            yield reasons.of_dismissal(finding, facts.year)
        return
    ceiling = rules.ceiling_in(finding, facts.year)
    if ceiling != Ceiling.NONE or (period is not None and period.runs_on(facts.as_of)):
        yield reasons.of_finding(
            finding, year=facts.year, ceiling=ceiling, period=period, as_of=facts.as_of, words=facts.words
        )


def _may_touch(facts: Facts, finding: Finding) -> bool:
    """Whether a finding without a rule needs a person's judgement for the year.

    One of another category's table: in the years that its own table names. Contract staff have no table at all, so
    nothing says when it stops to matter.
    """
    if facts.category == Category.CONTRACT or finding.effect.leaves:
        return finding.effective <= facts.last_day
    return rules.ceiling_in(finding, facts.year) != Ceiling.NONE


def _contract(facts: Facts, findings: list[Finding]) -> Iterator[Reason]:
    """Contract staff are not appraised; with a finding or an open case a person has to say what it means."""
    is_clean = True
    for case in facts.cases:
        if case.is_open_in(facts.year, facts.as_of):
            is_clean = False
            yield Reason(
                "A1-3",
                f"{case.opened}立案审查调查，至{facts.as_of}尚未结案，对聘用人员没有规定，需人工认定。",
                f"Case opened on {case.opened} and not closed until {facts.as_of}: no rule for contract staff, a "
                "person has to decide.",
                Ceiling.NO_RULE,
                case.opened,
            )
    if is_clean and not any(_may_touch(facts, finding) for finding in findings):
        yield Reason(
            "A1-3",
            f"聘用人员不参加{facts.year}年度考核（至{facts.last_day}）。",
            f"Contract staff are not appraised for {facts.year} (until {facts.last_day}).",
            Ceiling.NOT_APPRAISED,
            facts.first_day,
        )


def _case(facts: Facts, case: Case, findings: list[Finding], parameters: Parameters) -> Iterator[Reason]:
    rule = facts.rule("28", "42")
    if case.is_open_in(facts.year, facts.as_of):
        yield Reason(
            rule,
            f"{case.opened}立案审查调查，至{facts.as_of}尚未结案，{facts.year}年度参加考核，不写评语、不确定"
            f"{facts.words.grade}，结案前不得晋升。",
            f"Case opened on {case.opened} and not closed until {facts.as_of}: {facts.year} gets no comment and no "
            "grade for now, no promotion until it is closed.",
            Ceiling.NO_GRADE,
            case.opened,
        )
        return
    if case.is_open(facts.as_of):
        yield Reason(
            "B1/52",
            f"{case.opened}立案审查调查，至{facts.as_of}尚未结案，不影响{facts.year}年度，结案前不得晋升。",
            f"Case opened on {case.opened} and not closed until {facts.as_of}: {facts.year} is not affected, no "
            "promotion until it is closed.",
            Ceiling.NONE,
            case.opened,
        )
        return
    if not case.was_open_at_the_end_of(facts.year, facts.as_of):
        return
    ceiling = rules.case_ceiling(
        case, year=facts.year, as_of=facts.as_of, findings=findings, parameters=parameters.discipline
    )
    zh, en = _outcome(case, findings)
    if ceiling == Ceiling.NO_GRADE:
        zh_then, en_then = "不再补定", "not graded afterwards"
    else:
        zh_then, en_then = f"补定{facts.words.grade}", "graded afterwards"
    yield Reason(
        rule,
        f"{case.opened}立案，{case.closed}结案（{zh}），{zh_then}，{facts.words.of_year(ceiling, facts.year)}。",
        f"Case opened on {case.opened} and closed on {case.closed} ({en}), {en_then}: "
        f"{reasons.of_year(ceiling, facts.year)}.",
        ceiling,
        case.opened,
    )


def _outcome(case: Case, findings: list[Finding]) -> tuple[str, str]:
    brought = [finding.effect for finding in findings if case.brought(finding)]
    if brought:
        return "、".join(effect.zh for effect in brought), ", ".join(effect.en for effect in brought)
    if case.outcome is None:
        return "未记载处分", "no sanction on record"
    return "未受处分", "no sanction"
