"""What counts in a sitting, and what it is worth. Pure: no ORM, no clock."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from learning.exams.enums import MultipleMarking
from learning.questions.rules import LETTERS

# An answer that reached us in time may still wait for the database: SQLite gives a lock up after 20 s (settings). The
# clock collects a paper only when no such answer can be waiting any more.
COLLECT_AFTER = dt.timedelta(seconds=25)

# The client_seq of the answers that a page is opened with; pages count their own from 1.
CARRIED_OVER = 0


@dataclass(frozen=True)
class Given:
    """An answer as it came in. Its order within a slot is (epoch, client_seq), never the time of arrival.

    client_seq: CARRIED_OVER for an answer that the page of this epoch was opened with.
    """

    slot: int
    epoch: int
    client_seq: int
    answer: tuple[str, ...]
    received_at: dt.datetime


def last_moment(deadline: dt.datetime, grace_seconds: int) -> dt.datetime:
    """Until when an answer counts: the deadline, and the exam's grace (settled.md, Exams; 0 unless set)."""
    return deadline + dt.timedelta(seconds=grace_seconds)


def newest(steps: Iterable[Given], *, until: dt.datetime | None = None) -> dict[int, Given]:
    """The answer of each slot that counts: the one with the highest (epoch, client_seq), received by ``until``.

    The order of arrival makes no difference: an older answer that comes late never overwrites a newer one, and none of
    an older page what the page that leads was opened with. It may fill what stood unanswered there.
    """
    found: dict[int, Given] = {}
    for step in steps:
        if until is not None and step.received_at > until:
            continue
        held = found.get(step.slot)
        if held is None or (held.epoch, held.client_seq) < (step.epoch, step.client_seq):
            found[step.slot] = step
    return found


def shown_key(key: Sequence[str], option_order: Sequence[str]) -> tuple[str, ...]:
    """The key in the letters that the candidate saw. option_order: the bank's letters in the order shown."""
    return tuple(LETTERS[position] for position, letter in enumerate(option_order) if letter in key)


def award(
    answer: Sequence[str], key: Sequence[str], marks: Decimal, multiple_marking: MultipleMarking | str
) -> Decimal:
    """Marks for an answer: exact, or half for a part of several right options without a wrong one (if so marked).

    answer, key: in the same letters. A single choice has a key of one, so a part of it is nothing or all.
    """
    chosen, right = set(answer), set(key)
    if chosen == right:
        return marks
    if multiple_marking == MultipleMarking.PART and chosen and chosen < right:
        return (marks / 2).quantize(Decimal("0.01"))
    return Decimal(0)


def percent(score: Decimal, max_score: Decimal) -> Decimal:
    """The score out of a hundred, unrounded."""
    return score * 100 / max_score


def receipt(sitting: int, submitted_at: dt.datetime, answers: Mapping[int, Sequence[str]]) -> str:
    """A hash over what was handed in: the candidate keeps it, the office can compute it again from the steps."""
    handed_in = {
        "sitting": sitting,
        "submitted_at": submitted_at.astimezone(dt.UTC).isoformat(),
        "answers": {str(slot): list(answers[slot]) for slot in sorted(answers)},
    }
    return hashlib.sha256(json.dumps(handed_in, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
