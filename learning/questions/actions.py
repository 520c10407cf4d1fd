"""Writes to the banks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.audit.record import record
from foundation.offers.types import Refused
from learning.questions.enums import Event
from learning.questions.models import Bank, Question, QuestionVersion
from learning.questions.rules import Draft

BATCH = 500
WORDING = ("kind", "stem", "options", "key", "marks", "explanation", "source", "topic")  # what a version holds


def create_bank(*, name: str, actor: Any) -> Bank:
    """Open a bank, or return the one of that name."""
    with transaction.atomic():
        bank, created = Bank.objects.get_or_create(name=name, defaults={"created_by": actor})
        if created:
            record(Event.BANK_CREATED, target=bank, actor=actor)
    return bank


def rename_bank(*, bank: Bank, name: str, actor: Any) -> Bank:
    """Give a bank another name."""
    with transaction.atomic():
        bank.name = name
        bank.save(update_fields=["name"])
        record(Event.BANK_RENAMED, target=bank, actor=actor, name=name)
    return bank


def import_questions(*, bank_name: str, drafts: Sequence[Draft], file_name: str, actor: Any) -> int:
    """Add the questions that the bank does not hold yet; opens the bank if there is none of that name.

    drafts: good ones only (rules.faults). Returns how many stood in the bank, or earlier in the same file, already.
    """
    with transaction.atomic():
        bank = create_bank(name=bank_name, actor=actor)
        Bank.objects.select_for_update().get(pk=bank.pk)  # two imports into one bank come one after the other
        known = set(bank.questions.values_list("fingerprint", flat=True))
        fresh: dict[str, Draft] = {}
        for draft in drafts:
            if draft.fingerprint not in known:
                fresh.setdefault(draft.fingerprint, draft)
        questions = Question.objects.bulk_create(
            [Question(bank=bank, fingerprint=fingerprint) for fingerprint in fresh], batch_size=BATCH
        )
        QuestionVersion.objects.bulk_create(
            [_version(question, 1, draft) for question, draft in zip(questions, fresh.values(), strict=True)],
            batch_size=BATCH,
        )
        existing = len(drafts) - len(fresh)
        record(Event.IMPORTED, target=bank, actor=actor, file=file_name, added=len(fresh), existing=existing)
    return existing


def add_question(*, bank: Bank, draft: Draft, actor: Any) -> Question:
    """A question written by hand; draft: a good one (rules.faults). Raises Refused where the bank holds it already."""
    with transaction.atomic():
        held = Bank.objects.select_for_update().get(pk=bank.pk)
        _refuse_twin(held, draft)
        question = Question.objects.create(bank=held, fingerprint=draft.fingerprint)
        _version(question, 1, draft).save()
        record(Event.ADDED, target=question, actor=actor)
    return question


def revise_question(*, seen: QuestionVersion, draft: Draft, actor: Any) -> QuestionVersion:
    """A new wording, key or marks: a version after the one that was seen. Papers that were drawn keep theirs.

    Raises Refused when somebody else has revised the question meanwhile, and for one that the bank holds already.
    """
    with transaction.atomic():
        bank = Bank.objects.select_for_update().get(pk=seen.question.bank_id)
        question = Question.objects.get(pk=seen.question_id)
        newest = question.versions.order_by("number").last()
        if newest is None or newest.pk != seen.pk:
            raise Refused("stale", _("这道题刚被修订过，请核对现在的内容，再重新填写。"))
        fresh = _version(question, newest.number + 1, draft)
        changed = [name for name in WORDING if getattr(fresh, name) != getattr(newest, name)]
        if not changed:
            raise Refused("unchanged", _("内容没有变化。"))
        if draft.fingerprint != question.fingerprint:
            _refuse_twin(bank, draft)
            question.fingerprint = draft.fingerprint
            question.save(update_fields=["fingerprint"])
        fresh.save()
        record(Event.REVISED, target=question, actor=actor, version=fresh.number, changed=changed)
    return fresh


def withdraw_question(*, question: Question, now: dt.datetime, actor: Any) -> Question:
    """Draw it no more; withdrawing twice is one. Papers that hold it are not touched."""
    return _set_withdrawn(question, now, Event.WITHDRAWN, actor)


def restore_question(*, question: Question, actor: Any) -> Question:
    """Draw it again."""
    return _set_withdrawn(question, None, Event.RESTORED, actor)


def _set_withdrawn(question: Question, at: dt.datetime | None, event: Event, actor: Any) -> Question:
    with transaction.atomic():
        Bank.objects.select_for_update().get(pk=question.bank_id)
        fresh = Question.objects.select_related("bank").get(pk=question.pk)
        if (fresh.withdrawn_at is None) != (at is None):
            fresh.withdrawn_at = at
            fresh.save(update_fields=["withdrawn_at"])
            record(event, target=fresh, actor=actor)
    return fresh


def _refuse_twin(bank: Bank, draft: Draft) -> None:
    if bank.questions.filter(fingerprint=draft.fingerprint).exists():
        raise Refused("twin", _("题库里已有题干、选项和答案都相同的题。"))


def _version(question: Question, number: int, draft: Draft) -> QuestionVersion:
    return QuestionVersion(
        question=question,
        number=number,
        kind=draft.kind,
        stem=draft.stem,
        options=list(draft.options),
        key=list(draft.key),
        marks=draft.marks,
        explanation=draft.explanation,
        source=draft.source[:255],
        topic=draft.topic[:100],
    )
