"""What an action leaves of a year's appraisal, and how long it bars promotion and pay steps. Pure: no ORM, no clock.

The table is rules.md B4 and B4b with section 0 and settled.md before them. Years are calendar years, never the
period of the sanction (K2): the period bars promotion, the year bears on the grade.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter
from types import MappingProxyType

from assessment.discipline.clocks import ONE_DAY, period_end
from assessment.discipline.enums import NO_SANCTION, Action, Ceiling, Family

NONE, NOT_EXCELLENT, NO_GRADE, INCOMPETENT = ORDER = (
    Ceiling.NONE,
    Ceiling.NOT_EXCELLENT,
    Ceiling.NO_GRADE,
    Ceiling.INCOMPETENT,
)
UNKNOWN_END = dt.date.max  # a period whose last day nobody knows yet is later than all others


@dataclass(frozen=True)
class Parameters:
    """Numbers that a local notice may set, or that were not read in full; defaults are those of rules.md."""

    admonition_months: int = 6  # B3 [likely]
    adjustment_months: int = 12  # B3, 调整职务 [likely]
    organisational_months: int = 24  # B3, 责令辞职、免职、降职: the longer of 12/24 (contracts.md)
    restoration_months: int = 24  # B2, after the rights of a member are restored
    longest_months: int = 48  # B1, 政务处分法 Art 15 and 处分条例 Art 10
    regraded_may_be_excellent: bool = False  # B4 vector 7 [unsure]
    administrative_binds_institution: bool = True  # A7b/B4b, admin.* on institution managers [unsure]


@dataclass(frozen=True)
class Effect:
    """One row of the table.

    years: what the action leaves of the year in which it takes effect, of the next, and so on. months: how long it
    bars promotion, None where it bars none, a parameter where a local notice may say. pay_step: it bars a rise of the
    pay step as well. after_restoration: the months begin when the rights of a Party member are restored.
    """

    zh: str
    en: str
    family: Family
    years: tuple[Ceiling, ...]
    months: int | Callable[[Parameters], int] | None = None
    pay_step: bool = False
    after_restoration: bool = False
    leaves: bool = False


_ADMIN, _PARTY, _INST = Family.ADMINISTRATIVE, Family.PARTY, Family.INSTITUTION
_ORG = Family.ORGANISATIONAL
_RESTORATION = attrgetter("restoration_months")
_MEASURE = attrgetter("organisational_months")

EFFECTS = MappingProxyType(
    {
        Action.ADMIN_WARNING: Effect("政务警告", "administrative warning", _ADMIN, (NOT_EXCELLENT,), 6),
        Action.ADMIN_DEMERIT: Effect("政务记过", "administrative demerit", _ADMIN, (NO_GRADE,), 12, True),
        Action.ADMIN_MAJOR_DEMERIT: Effect(
            "政务记大过", "administrative major demerit", _ADMIN, (NO_GRADE, NO_GRADE), 18, True
        ),
        Action.ADMIN_DOWNGRADE: Effect(
            "政务降级", "administrative demotion in level", _ADMIN, (NO_GRADE, NO_GRADE), 24, True
        ),
        Action.ADMIN_REMOVAL: Effect(
            "政务撤职", "administrative removal from post", _ADMIN, (NO_GRADE, NO_GRADE), 24, True
        ),
        Action.ADMIN_DISMISSAL: Effect("政务开除", "administrative dismissal", _ADMIN, (), leaves=True),
        Action.PARTY_WARNING: Effect("党内警告", "Party warning", _PARTY, (NOT_EXCELLENT,), 12),
        Action.PARTY_SERIOUS_WARNING: Effect("党内严重警告", "serious Party warning", _PARTY, (NO_GRADE,), 18),
        Action.PARTY_POST_REMOVAL: Effect("撤销党内职务", "removal from Party posts", _PARTY, (INCOMPETENT,), 24),
        Action.PARTY_PROBATION_1Y: Effect(
            "留党察看一年",
            "one year of probation within the Party",
            _PARTY,
            (INCOMPETENT, NO_GRADE),
            _RESTORATION,
            after_restoration=True,
        ),
        Action.PARTY_PROBATION_2Y: Effect(
            "留党察看二年",
            "two years of probation within the Party",
            _PARTY,
            (INCOMPETENT, NO_GRADE, NO_GRADE),
            _RESTORATION,
            after_restoration=True,
        ),
        Action.PARTY_EXPULSION: Effect(
            "开除党籍", "expulsion from the Party", _PARTY, (INCOMPETENT, NO_GRADE, NO_GRADE)
        ),
        Action.ORG_ADJUST: Effect(
            "调整职务", "post adjustment", _ORG, (NOT_EXCELLENT,), attrgetter("adjustment_months")
        ),
        Action.ORG_RESIGN: Effect("责令辞职", "ordered resignation", _ORG, (NO_GRADE,), _MEASURE),
        Action.ORG_REMOVE: Effect("免职", "removal as an organisational measure", _ORG, (NO_GRADE,), _MEASURE),
        Action.ORG_DEMOTE: Effect("降职", "demotion as an organisational measure", _ORG, (NO_GRADE,), _MEASURE),
        Action.ADMONITION: Effect(
            "诫勉", "admonition", Family.ADMONITION, (NOT_EXCELLENT,), attrgetter("admonition_months")
        ),
        Action.INST_WARNING: Effect("事业单位警告", "institution warning", _INST, (NOT_EXCELLENT,), 6),
        Action.INST_DEMERIT: Effect("事业单位记过", "institution demerit", _INST, (NO_GRADE,), 12),
        Action.INST_POST_DOWNGRADE: Effect(
            "降低岗位等级", "lowering of the post's level", _INST, (NO_GRADE, NO_GRADE), 24
        ),
        Action.INST_DISMISSAL: Effect("事业单位开除", "institution dismissal", _INST, (), leaves=True),
    }
)

# a case that ends with one of these may be graded after all (section 0 on A7; A7b Art 42)
WARNINGS = frozenset({Action.ADMIN_WARNING, Action.PARTY_WARNING, Action.INST_WARNING})

# families in which a new sanction adds to what is left of the running one (B1, B2, settled.md), with the rule
CUMULATION = MappingProxyType({_ADMIN: "B1/10", _PARTY: "B2/21", _INST: "B4b/periods"})


@dataclass(frozen=True)
class Finding:
    """An action as decided. restored: when a Party member's rights were; in_lieu_of_removal: 严重警告 for a member who
    holds no Party post to be removed from (B2); case: the key of the case that it came of, where one is named."""

    code: Action
    effective: dt.date
    voided: dt.date | None = None
    restored: dt.date | None = None
    in_lieu_of_removal: bool = False
    case: int | None = None

    @property
    def effect(self) -> Effect:
        return EFFECTS[self.code]

    @property
    def rule(self) -> str:
        table = "B4b" if self.effect.family == Family.INSTITUTION else "B4"
        return f"{table}/{self.code.value}"


@dataclass(frozen=True)
class Case:
    """An investigation (立案审查调查).

    outcome: NO_SANCTION or an action's code; it exists from the day of closing. A closed case without one has brought
    no sanction that anybody recorded. voided: the day from which the outcome does not count any more. key: by which
    findings name it.
    """

    opened: dt.date
    closed: dt.date | None = None
    outcome: str | None = None
    voided: dt.date | None = None
    key: int | None = None

    def is_open(self, as_of: dt.date) -> bool:
        """Whether it has begun and nobody can know its end yet."""
        return self.opened <= as_of and (self.closed is None or self.closed > as_of)

    def is_open_in(self, year: int, as_of: dt.date) -> bool:
        """Whether the year cannot be graded because of it (A7 Art 28)."""
        return self.is_open(as_of) and self.opened <= dt.date(year, 12, 31)

    def was_open_at_the_end_of(self, year: int, as_of: dt.date) -> bool:
        """Whether it has been closed since, in a later year."""
        return self.closed is not None and self.opened <= dt.date(year, 12, 31) < self.closed <= as_of

    def brought(self, finding: Finding) -> bool:
        """Whether the finding came of it: it names the case, or it is the outcome on the day of closing."""
        is_named = self.key is not None and finding.case == self.key
        return is_named or (finding.code, finding.effective) == (self.outcome, self.closed)


@dataclass(frozen=True)
class Period:
    """How long a finding bars promotion. added: to what was left of a running one; capped: at the longest allowed."""

    finding: Finding
    last_day: dt.date
    added: bool
    capped: bool = False

    def runs_on(self, day: dt.date) -> bool:
        """day: on or after the finding took effect."""
        return day <= self.last_day


@dataclass(frozen=True)
class Block:
    """until: the last day, None where the end is not yet known."""

    until: dt.date | None


def heaviest(ceilings: Iterable[Ceiling]) -> Ceiling:
    """影响较重: of several, the one that weighs most on the year (B4, Combining)."""
    return max(ceilings, key=ORDER.index, default=NONE)


def standing(actions: Iterable[Finding], cases: Iterable[Case], as_of: dt.date) -> list[Finding]:
    """The findings that stand on a day, oldest first: known by then, not voided by then (B5-2), each once.

    A closed case's outcome counts like an action of the day of closing, until that action is in the record too: then
    the record says from which day, and whether it has been voided.
    """
    recorded = [finding for finding in actions if finding.effective <= as_of]
    recorded += [
        Finding(Action(case.outcome), case.closed, case.voided, case=case.key)
        for case in cases
        if case.closed is not None
        and case.outcome not in {None, NO_SANCTION}
        and not any(finding.code == case.outcome and case.brought(finding) for finding in recorded)
    ]
    alive = {
        replace(finding, voided=None, restored=_known(finding.restored, as_of))
        for finding in recorded
        if finding.effective <= as_of and _known(finding.voided, as_of) is None
    }
    return sorted(alive, key=lambda finding: (finding.effective, finding.code))


def _known(day: dt.date | None, as_of: dt.date) -> dt.date | None:
    return None if day is None or day > as_of else day


def ceiling_in(finding: Finding, year: int) -> Ceiling:
    """What the finding leaves of a year; the year in which it took effect is the first (B4)."""
    since = year - finding.effective.year
    years = finding.effect.years
    return years[since] if 0 <= since < len(years) else NONE


def ceiling(findings: Iterable[Finding], year: int) -> Ceiling:
    """What several findings leave of a year."""
    return heaviest(ceiling_in(finding, year) for finding in findings)


def case_ceiling(
    case: Case, *, year: int, as_of: dt.date, findings: Iterable[Finding], parameters: Parameters
) -> Ceiling:
    """What a case leaves of a year, its outcome's own year aside (A7 Art 28, A7b Art 42; B4 vectors 7 and 8).

    A year at whose end the case was open is graded afterwards (补定等次) if it brought no sanction, a warning, or
    an admonition, which is none; else the year stays without a grade. findings: those that stand, so that an outcome
    voided since is none.
    """
    if case.is_open_in(year, as_of):
        return NO_GRADE
    if not case.was_open_at_the_end_of(year, as_of):
        return NONE
    outcomes = {finding.code for finding in findings if case.brought(finding)} - {Action.ADMONITION}
    if not outcomes:
        return NONE
    if outcomes <= WARNINGS:
        return NONE if parameters.regraded_may_be_excellent else NOT_EXCELLENT
    return NO_GRADE


def months_of(finding: Finding, parameters: Parameters) -> int | None:
    """How long the finding bars promotion if nothing else runs; None where it bars none."""
    row = EFFECTS[Action.PARTY_POST_REMOVAL] if finding.in_lieu_of_removal else finding.effect
    return row.months(parameters) if callable(row.months) else row.months


def periods(findings: Iterable[Finding], parameters: Parameters) -> list[Period]:
    """The period of each finding that has one.

    A sanction during a running one of its family: what is left, then the new one; at most 48 months from its own day
    for administrative sanctions (处分条例 Art 10), no cap for Party sanctions (section 0). Sanctions of one day run
    side by side: the heaviest is executed (政务处分法 Art 15). Measures and admonitions add nothing: the longer
    governs.
    """
    barring = [finding for finding in findings if finding.effect.months is not None]
    families = groupby(
        sorted(barring, key=lambda one: (one.effect.family, one.effective)), key=attrgetter("effect.family")
    )
    return [period for _family, members in families for period in _in_turn(members, parameters)]


def _in_turn(members: Iterable[Finding], parameters: Parameters) -> Iterator[Period]:
    running_to = dt.date.min
    for _day, together in groupby(members, key=attrgetter("effective")):
        of_the_day = [_period(finding, running_to, parameters) for finding in together]
        running_to = max(running_to, *(period.last_day for period in of_the_day))
        yield from of_the_day


def _period(finding: Finding, running_to: dt.date, parameters: Parameters) -> Period:
    family = finding.effect.family
    added = family in CUMULATION and finding.effective <= running_to
    begins = finding.restored if finding.effect.after_restoration else finding.effective
    if begins is None or (added and running_to == UNKNOWN_END):
        return Period(finding, UNKNOWN_END, added)
    if added:
        begins = max(begins, running_to + ONE_DAY)
    months = months_of(finding, parameters)
    assert months is not None  # periods() asks only for findings that bar promotion
    last_day = period_end(begins, months)
    longest = period_end(finding.effective, parameters.longest_months)
    if family == Family.ADMINISTRATIVE and last_day > longest:
        return Period(finding, longest, added, capped=True)
    return Period(finding, last_day, added)


def promotion_block(of: Iterable[Period], as_of: dt.date) -> Block | None:
    """The bar to promotion that runs on a day; the longest governs."""
    return _block((period.last_day for period in of), as_of)


def pay_step_block(of: Iterable[Period], as_of: dt.date) -> Block | None:
    """The bar to a rise of the pay step that runs on a day (政务处分法 Arts 19, 20)."""
    return _block((period.last_day for period in of if period.finding.effect.pay_step), as_of)


def _block(last_days: Iterable[dt.date], as_of: dt.date) -> Block | None:
    last = max(last_days, default=dt.date.min)
    if last < as_of:
        return None
    return Block(None if last == UNKNOWN_END else last)
