"""How a person takes part in a year's appraisal, and the best it can bring. Pure: no ORM, no clock.

Facts in, explanation out: rules.md A7, A7b, B4 and B4b, with section 0 and settled.md before them. Everything that
bears on the year is a Reason with a ceiling of its own; the explanation is the heaviest of them.
"""

from __future__ import annotations

from dataclasses import dataclass

from assessment.appraisals.conduct import bars_of, promotion_block, reasons_of_conduct
from assessment.appraisals.enums import CommentDue
from assessment.appraisals.facts import Facts, Parameters
from assessment.appraisals.place import reasons_of_place
from assessment.discipline import rules
from assessment.discipline.enums import Ceiling
from assessment.discipline.reasons import Reason
from assessment.discipline.rules import Block

# what governs where several apply; the first four in the order of rules.ORDER
PRECEDENCE = (*rules.ORDER, Ceiling.NO_RULE, Ceiling.APPRAISED_ELSEWHERE, Ceiling.NOT_APPRAISED)
COMMENTED = frozenset({Ceiling.NONE, Ceiling.NOT_EXCELLENT, Ceiling.INCOMPETENT})


@dataclass(frozen=True)
class Explanation:
    """The answer of HR's 试算, heaviest reason first. provisional: an open case may still change the year."""

    ceiling: Ceiling
    comment: CommentDue
    provisional: bool
    promotion_block: Block | None
    pay_step_block: Block | None
    reasons: tuple[Reason, ...]


def explain(facts: Facts, parameters: Parameters) -> Explanation:
    """What the facts leave of the year, and which bars run on as_of."""
    findings = rules.standing(facts.actions, facts.cases, facts.as_of)
    bars = bars_of(facts, findings, parameters)
    found = sorted(
        [*reasons_of_place(facts, parameters), *reasons_of_conduct(facts, findings, bars, parameters)],
        key=lambda one: (-PRECEDENCE.index(one.ceiling), one.on, one.rule, one.zh),
    )
    ceiling = found[0].ceiling if found else Ceiling.NONE
    is_open = any(case.is_open_in(facts.year, facts.as_of) for case in facts.cases)
    is_ours = ceiling not in {Ceiling.NOT_APPRAISED, Ceiling.APPRAISED_ELSEWHERE}
    return Explanation(
        ceiling=ceiling,
        comment=comment_due(ceiling, is_open),
        provisional=is_open and is_ours,
        promotion_block=promotion_block(facts, bars),
        pay_step_block=rules.pay_step_block(bars, facts.as_of),
        reasons=tuple(found),
    )


def comment_due(ceiling: Ceiling, is_open: bool) -> CommentDue:
    """Whether a ceiling leaves a comment to write (contracts.md). is_open: a case of the year is not closed."""
    if ceiling in COMMENTED:
        return CommentDue.WRITTEN
    if ceiling == Ceiling.NO_GRADE and not is_open:
        return CommentDue.ONLY
    return CommentDue.NONE
