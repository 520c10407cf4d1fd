"""Writes to exams and sittings.

Answers are acknowledged after commit only: each action below is one transaction, and the view replies when it has
ended. The log of steps is append-only in the database, so it needs no audit entries of its own.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from foundation.audit.record import record
from foundation.offers.types import Ref, Refused
from foundation.people.models import Cadre
from learning.exams import queries, rules
from learning.exams.enums import OPEN, Event, State
from learning.exams.models import Exam, Sitting, SittingSlot, Step
from learning.questions.enums import Kind
from learning.questions.queries import newest_versions

_dice = secrets.SystemRandom()
_KIND_ORDER = list(Kind)
Key = tuple[int, int, int]  # epoch, slot, client_seq


@dataclass(frozen=True)
class Answer:
    """An answer as the browser sends it; (epoch, slot, client_seq) is its key within the sitting."""

    epoch: int
    slot: int
    client_seq: int
    letters: tuple[str, ...]

    @property
    def address(self) -> Key:
        """Its key within the sitting."""
        return self.epoch, self.slot, self.client_seq


@dataclass(frozen=True)
class Saved:
    """What became of a batch. kept: now in the log; late: those of them that stand there flagged as late."""

    sitting: Sitting
    kept: list[Key]
    late: list[Key]
    refused: list[Key]  # the paper has no place for them


def save_exam(*, exam: Exam, actor: Any) -> Exam:
    """Create or change an exam. Sittings under way keep their questions, deadline and rules.

    Raises Refused (bank_too_small).
    """
    refuse_undrawable(exam)
    with transaction.atomic():
        if exam.pk is None:
            exam.created_by = actor
        exam.save()
        record(
            Event.EXAM_SAVED,
            target=exam,
            actor=actor,
            bank=exam.bank_id,
            questions=exam.question_count,
            minutes=exam.minutes,
            pass_percent=exam.pass_percent,
            max_attempts=exam.max_attempts,
        )
    return exam


def refuse_undrawable(exam: Exam) -> None:
    """Raise Refused (bank_too_small) if the bank holds fewer questions in use than a paper needs."""
    have = newest_versions(exam.bank).count()
    if have < exam.question_count:
        raise Refused(
            "bank_too_small",
            _("题库“%(bank)s”在用的题目只有 %(have)s 题，不够抽取 %(need)s 题，请减少题量或先补充题库。")
            % {"bank": exam.bank, "have": have, "need": exam.question_count},
        )


def start_sitting(*, exam: Exam, cadre: Cadre, now: dt.datetime, actor: Any, source: Ref, return_url: str) -> Sitting:
    """Draw a paper and start the clock; while one for the same source is open, that one is returned.

    source: what the attempt is for; attempts are counted by it. return_url: a path of this site.
    Raises Refused when the attempts are used up (attempts_used) or the bank is too small (bank_too_small).
    """
    with transaction.atomic():
        Cadre.objects.select_for_update().get(pk=cadre.pk)  # double clicks are real
        earlier = queries.attempts(exam, cadre, source)
        held = earlier.filter(state__in=OPEN).first()
        if held is not None and not held.is_overdue(now):
            return held
        if held is not None:
            submit_sitting(sitting=held, now=now, actor=None)
        used = earlier.count()
        if used >= exam.max_attempts:
            raise Refused("attempts_used", _("作答次数已用完（共 %(n)s 次）。") % {"n": exam.max_attempts})
        pool = list(newest_versions(exam.bank))
        if len(pool) < exam.question_count:
            raise Refused(
                "bank_too_small",
                _("题库只有 %(have)s 题，不够抽取 %(need)s 题，请联系培训管理员。")
                % {"have": len(pool), "need": exam.question_count},
            )
        drawn = _dice.sample(pool, exam.question_count)
        drawn.sort(key=lambda version: _KIND_ORDER.index(Kind(version.kind)))  # stable: random within a kind
        sitting = Sitting.objects.create(
            exam=exam,
            cadre=cadre,
            source_label=source.label,
            source_pk=source.pk,
            source_name=source.name[:255],
            return_url=return_url,
            number=used + 1,
            state=State.IN_PROGRESS,
            started_at=now,
            deadline=now + dt.timedelta(minutes=exam.minutes),
            pass_percent=exam.pass_percent,
            multiple_marking=exam.multiple_marking,
            grace_seconds=exam.grace_seconds,
        )
        slots = []
        for number, version in enumerate(drawn, start=1):
            order = list(rules.LETTERS[: len(version.options)])
            if version.kind != Kind.TRUE_FALSE:  # 正确 stands above 错误 everywhere
                _dice.shuffle(order)
            slots.append(
                SittingSlot(sitting=sitting, number=number, version=version, option_order=order, marks=version.marks)
            )
        SittingSlot.objects.bulk_create(slots)
        record(Event.STARTED, target=sitting, actor=actor, number=sitting.number, questions=len(slots))
    return sitting


def open_paper(*, sitting: Sitting, actor: Any) -> Sitting:
    """Hand the paper to a page that has just been opened: from now on it leads, and older pages only watch.

    The answers that it is opened with become its own, under number 0: what an older page sends from now on is kept but
    replaces none of them (docs/decisions/006).
    """
    with transaction.atomic():
        locked = _lock(sitting)
        if locked.is_in_progress:
            locked.epoch += 1
            locked.save(update_fields=["epoch"])
            _carry_over(locked)
            if locked.epoch > 1:
                record(Event.TAKEN_OVER, target=locked, actor=actor, epoch=locked.epoch)
    return locked


def _carry_over(sitting: Sitting) -> None:
    """With the time at which each first came in: opening a page makes no late answer count, and no other one late."""
    standing = [step for step in rules.newest(queries.given(sitting)).values() if step.answer]
    _add_steps(
        sitting,
        [(Answer(sitting.epoch, step.slot, rules.CARRIED_OVER, step.answer), step.received_at) for step in standing],
    )


def save_answers(*, sitting: Sitting, answers: Sequence[Answer], now: dt.datetime) -> Saved:
    """Add answers to the log; returns what became of each, and the sitting as it stands.

    now: when they reached us, before any waiting for the lock. A repeated key is harmless, an answer of an older page
    or an older number never overwrites a newer one, and what comes after the deadline or after handing in is kept and
    flagged. An answer that the paper has no place for is left out; the others of its batch are kept all the same.
    """
    with transaction.atomic():
        locked = _lock(sitting)
        places = {slot.number: slot for slot in locked.slots.select_related("version")}
        fitting = [answer for answer in answers if _fits(answer, places, locked)]
        _add_steps(locked, [(answer, now) for answer in fitting])
        kept = [answer.address for answer in fitting]
        refused = [answer.address for answer in answers if not _fits(answer, places, locked)]
        flagged = set(  # read again: a repeat keeps the flag of its first arrival
            locked.steps.filter(is_late=True, slot__in={answer.slot for answer in fitting}).values_list(
                "epoch", "slot", "client_seq"
            )
        )
    return Saved(locked, kept, [key for key in kept if key in flagged], refused)


def save_form(*, sitting: Sitting, epoch: int, answers: Mapping[int, tuple[str, ...]], now: dt.datetime) -> Saved:
    """Save a whole paper as a page without script sends it: only what differs from the newest answers is a step."""
    with transaction.atomic():
        locked = _lock(sitting)
        held = rules.newest(queries.given(locked))
        number = (locked.steps.filter(epoch=epoch).aggregate(last=Max("client_seq"))["last"] or 0) + 1
        changed = [
            Answer(epoch, slot, number, letters)
            for slot, letters in answers.items()
            if letters != (held[slot].answer if slot in held else ())
        ]
        return save_answers(sitting=locked, answers=changed, now=now)


def _add_steps(sitting: Sitting, answers: Sequence[tuple[Answer, dt.datetime]]) -> None:
    """answers: each with the time at which it reached us."""
    assert sitting.deadline is not None
    Step.objects.bulk_create(
        [
            Step(
                sitting=sitting,
                epoch=answer.epoch,
                slot=answer.slot,
                client_seq=answer.client_seq,
                answer=list(answer.letters),
                received_at=at,
                is_late=at > sitting.deadline or not sitting.is_in_progress,
            )
            for answer, at in answers
        ],
        ignore_conflicts=True,
    )


def _fits(answer: Answer, places: Mapping[int, SittingSlot], sitting: Sitting) -> bool:
    slot = places.get(answer.slot)
    if slot is None or not 1 <= answer.epoch <= sitting.epoch:
        return False
    known = set(answer.letters) <= set(rules.LETTERS[: len(slot.option_order)])
    return known and (len(answer.letters) <= 1 or slot.version.kind == Kind.MULTIPLE)


def submit_sitting(*, sitting: Sitting, now: dt.datetime, actor: Any) -> Sitting:
    """Hand in, mark and release; a second time changes nothing and returns what stands.

    All kinds that can be drawn today are marked at once, so the sitting goes through to RELEASED. It counts as handed
    in at its last moment at the latest, however late the worker comes.
    actor: the candidate; None when the time was up and nobody pressed the button.
    """
    with transaction.atomic():
        locked = _lock(sitting)
        if not locked.is_in_progress:
            return locked
        counted = rules.newest(queries.given(locked), until=locked.last_moment)
        slots = list(locked.slots.select_related("version"))
        answers = {slot.number: counted[slot.number].answer if slot.number in counted else () for slot in slots}
        score = max_score = Decimal(0)
        for slot in slots:
            awarded = rules.award(answers[slot.number], slot.shown_key, slot.marks, locked.multiple_marking)
            slot.answer, slot.awarded = list(answers[slot.number]), awarded
            score, max_score = score + awarded, max_score + slot.marks
        SittingSlot.objects.bulk_update(slots, ["answer", "awarded"])
        locked.score, locked.max_score = score, max_score
        locked.is_passed = rules.percent(score, max_score) >= locked.pass_percent
        locked.submitted_at = min(now, locked.last_moment)
        locked.receipt = rules.receipt(locked.pk, locked.submitted_at, answers)
        locked.state = State.RELEASED
        locked.save()
        record(
            Event.SUBMITTED,
            target=locked,
            actor=actor,
            by_clock=actor is None,
            score=str(locked.score),
            max_score=str(locked.max_score),
            is_passed=locked.is_passed,
            receipt=locked.receipt,
        )
    return locked


def submit_if_overdue(*, sitting: Sitting, now: dt.datetime) -> Sitting:
    """Hand in for a candidate whose time is up: the worker does it, and each look at the sitting if it did not.

    Not before rules.COLLECT_AFTER: answers that came in time may still be on their way into the log.
    """
    return submit_sitting(sitting=sitting, now=now, actor=None) if sitting.is_overdue(now) else sitting


def _lock(sitting: Sitting) -> Sitting:
    return Sitting.objects.select_for_update(of=("self",)).select_related("exam", "cadre__unit").get(pk=sitting.pk)
