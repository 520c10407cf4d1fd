"""Where a person belongs in a year and whether they worked long enough to be graded (rules.md A7, A7b). Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from assessment.appraisals.enums import Absence, Move
from assessment.appraisals.facts import Assignment, Facts, Parameters
from assessment.discipline.clocks import Span
from assessment.discipline.enums import Ceiling
from assessment.discipline.reasons import Reason
from foundation.people.enums import Category

DEPARTURES = frozenset({Move.RETIRED, Move.RESIGNED, Move.DISMISSED})


def reasons_of_place(facts: Facts, parameters: Parameters) -> Iterator[Reason]:
    """Everything but conduct that bears on the year (A7, A7b)."""
    yield from _departure(facts)
    if facts.category == Category.CONTRACT:
        return
    yield from _leading_member(facts)
    yield from _arrival(facts)
    yield from _transfer(facts)
    yield from _secondment(facts, parameters)
    yield from _study(facts)
    yield from _long_absence(facts, parameters)
    yield from _probation(facts) if facts.is_civil_servant else _short_service(facts, parameters)


def _arrived(facts: Facts) -> list[dt.date]:
    """The days, known on as_of, on which the person came to this unit."""
    days = [move.first for move in facts.assignments if move.kind == Move.TRANSFER_IN]
    if facts.joined is not None:
        days.append(facts.joined)
    return [day for day in days if day <= facts.as_of]


def _gone(facts: Facts, kinds: frozenset[Move]) -> Iterator[Assignment]:
    """Moves after which the person was not here on the last day of the year."""
    end = facts.last_day
    back = max((day for day in _arrived(facts) if day <= end), default=dt.date.min)
    for move in facts.assignments:
        is_over = move.last is not None and move.last < end and move.last <= facts.as_of
        if move.kind in kinds and back <= move.first <= min(end, facts.as_of) and not is_over:
            yield move


def _departure(facts: Facts) -> Iterator[Reason]:
    """Who is not in post on 31 December is not appraised (A7 [likely])."""
    zh = {Move.RETIRED: "退休", Move.RESIGNED: "辞职", Move.DISMISSED: "辞退"}
    en = {Move.RETIRED: "Retired", Move.RESIGNED: "Resigned", Move.DISMISSED: "Dismissed"}
    for move in _gone(facts, DEPARTURES):
        yield Reason(
            "A7",
            f"自{move.first}起{zh[move.kind]}，至{facts.last_day}不在职，不参加{facts.year}年度考核。",
            f"{en[move.kind]} from {move.first}, not in post until {facts.last_day}: not appraised for {facts.year}.",
            Ceiling.NOT_APPRAISED,
            move.first,
        )


def _leading_member(facts: Facts) -> Iterator[Reason]:
    if facts.leading_member:
        yield Reason(
            "A1-2",
            f"领导班子成员，{facts.year}年度（至{facts.last_day}）由主管机关考核，不在本单位确定{facts.words.grade}。",
            f"Member of the leadership team: appraised for {facts.year} (until {facts.last_day}) by the authority "
            "above, not here.",
            Ceiling.APPRAISED_ELSEWHERE,
            facts.first_day,
        )


def _arrival(facts: Facts) -> Iterator[Reason]:
    """Who came after the year (or after as_of) was not here to be appraised."""
    here_until = min(facts.last_day, facts.as_of)
    days = [move.first for move in facts.assignments if move.kind == Move.TRANSFER_IN]
    came = facts.joined or min(days, default=None)
    if came is None or came <= here_until:
        return
    if facts.first_job:
        zh, en, ceiling = "此前未参加工作，不参加", "not employed before, not appraised for", Ceiling.NOT_APPRAISED
    else:
        zh, en, ceiling = "由原单位负责", "the former unit appraises", Ceiling.APPRAISED_ELSEWHERE
    yield Reason(
        facts.rule("26", "37"),
        f"{came}才到本单位，至{here_until}尚未到岗，{zh}{facts.year}年度考核。",
        f"Joined this unit on {came}, not here until {here_until}: {en} {facts.year}.",
        ceiling,
        came,
    )


def _transfer(facts: Facts) -> Iterator[Reason]:
    rule = facts.rule("26", "37")
    for move in _gone(facts, frozenset({Move.TRANSFER_OUT})):
        yield Reason(
            rule,
            f"{move.first}调出，至{facts.last_day}不在本单位，由现工作单位进行{facts.year}年度考核并确定{facts.words.grade}。",
            f"Transferred out on {move.first}, away until {facts.last_day}: the present unit appraises and grades "
            f"{facts.year}.",
            Ceiling.APPRAISED_ELSEWHERE,
            move.first,
        )
    for move in facts.assignments:
        if move.kind == Move.TRANSFER_IN and facts.first_day <= move.first <= min(facts.last_day, facts.as_of):
            yield Reason(
                rule,
                f"{move.first}调入，{facts.year}年度（至{facts.last_day}）由本单位考核并确定{facts.words.grade}，原单位提供材料。",
                f"Transferred in on {move.first}: this unit appraises and grades {facts.year} (until "
                f"{facts.last_day}), the former unit supplies material.",
                Ceiling.NONE,
                move.first,
            )


def _secondment(facts: Facts, parameters: Parameters) -> Iterator[Reason]:
    """The unit where more than half of the year was worked appraises; exactly half stays here (settled.md)."""
    spans = [facts.span(move) for move in facts.assignments if move.kind == Move.SECONDMENT]
    days = facts.days_in_year(spans)
    if not days:
        return
    first, last = _bounds(facts, spans)
    half = parameters.half_year_days
    rule = facts.rule("26", "38")
    if days > half:
        yield Reason(
            rule,
            f"{first}至{last}挂职、援派在外，{facts.year}年内共{days}天，超过半年（{half}天），由该工作单位考核，听取本单位意见。",
            f"Seconded from {first} to {last}, {days} days of {facts.year}, more than half of the year ({half} days): "
            "appraised there, this unit is heard.",
            Ceiling.APPRAISED_ELSEWHERE,
            first,
        )
    else:
        yield Reason(
            rule,
            f"{first}至{last}挂职、援派在外，{facts.year}年内共{days}天，未超过半年（{half}天），仍由本单位考核，听取对方意见。",
            f"Seconded from {first} to {last}, {days} days of {facts.year}, no more than half of the year ({half} "
            "days): appraised here, the other unit is heard.",
            Ceiling.NONE,
            first,
        )


def _study(facts: Facts) -> Iterator[Reason]:
    """Sent to study: the sending unit appraises."""
    spans = [facts.span(move) for move in facts.assignments if move.kind == Move.STUDY and move.sent]
    if facts.days_in_year(spans):
        first, last = _bounds(facts, spans)
        yield Reason(
            facts.rule("26", "38"),
            f"{first}至{last}由本单位派出学习，{facts.year}年度由本单位根据学习表现考核。",
            f"Sent to study from {first} to {last}: appraised for {facts.year} by this unit on conduct in study.",
            Ceiling.NONE,
            first,
        )


def _long_absence(facts: Facts, parameters: Parameters) -> Iterator[Reason]:
    """Sick and personal leave together over half of the year: takes part without a grade (A7 Art 27, A7b Art 41).

    Maternity, annual and work-injury leave do not count. Study that the unit did not send to counts in institutions.
    """
    spans = [facts.span(leave) for leave in facts.leaves if leave.kind in {Absence.SICK, Absence.PERSONAL}]
    zh, en = "病假、事假", "Sick and personal leave"
    if not facts.is_civil_servant:
        spans += [facts.span(move) for move in facts.assignments if move.kind == Move.STUDY and not move.sent]
        zh, en = "病假、事假、非单位派出学习", "Sick leave, personal leave and study not sent by the unit"
    days = facts.days_in_year(spans)
    half = parameters.half_year_days
    if days > half:
        first, last = _bounds(facts, spans)
        yield Reason(
            facts.rule("27", "41"),
            f"{first}至{last}{zh}在{facts.year}年内累计{days}天，超过半年（{half}天），参加考核，不确定{facts.words.grade}。",
            f"{en} from {first} to {last}, {days} days of {facts.year}, more than half of the year ({half} days): "
            "takes part, no grade.",
            Ceiling.NO_GRADE,
            first,
        )


def _bounds(facts: Facts, spans: list[Span]) -> tuple[dt.date, dt.date]:
    """The first and last day of the spans within the year."""
    inside = [span for span in spans if span.first <= facts.last_day and span.last >= facts.first_day]
    first = min(span.first for span in inside)
    last = max(span.last for span in inside)
    return max(first, facts.first_day), min(last, facts.last_day)


def _probation(facts: Facts) -> Iterator[Reason]:
    """A civil servant on probation at the end of the year gets a comment only (A7 Art 25)."""
    until = facts.probation_until
    if until is not None and until >= facts.last_day:
        yield Reason(
            "A7/25",
            f"新录用人员，试用期至{until}，{facts.year}年度只写评语、不确定等次。",
            f"New recruit on probation until {until}: {facts.year} gets a comment only and no grade.",
            Ceiling.NO_GRADE,
            facts.first_day,
        )


def _short_service(facts: Facts, parameters: Parameters) -> Iterator[Reason]:
    """Institutions: less than half of the year at work here, other units counted unless it is a first job (A7b Art 37).

    A month at another unit counts for a sixth of the half year.
    """
    if facts.joined is None or not facts.first_day <= facts.joined <= min(facts.last_day, facts.as_of):
        return
    here = (facts.last_day - facts.joined).days + 1
    half = parameters.half_year_days
    elsewhere = Decimal(0) if facts.first_job else facts.months_elsewhere
    if 6 * here + elsewhere * half >= 6 * half:
        return
    zh, en = "首次就业", "first job"
    if not facts.first_job:
        zh, en = f"当年在其他单位工作{elsewhere}个月", f"{elsewhere} months at other units in the year"
    yield Reason(
        "A7b/37",
        f"{facts.joined}到本单位，{zh}，至{facts.last_day}工作不满半年，{facts.year}年度只写评语、不确定档次。",
        f"Joined this unit on {facts.joined}, {en}, less than half of the year until {facts.last_day}: {facts.year} "
        "gets a comment only and no grade.",
        Ceiling.NO_GRADE,
        facts.joined,
    )
