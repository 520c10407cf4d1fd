"""Writes to the banks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from foundation.audit.record import record
from learning.questions.enums import Event
from learning.questions.models import Bank, Question, QuestionVersion
from learning.questions.rules import Draft

BATCH = 500


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
            [
                QuestionVersion(
                    question=question,
                    number=1,
                    kind=draft.kind,
                    stem=draft.stem,
                    options=list(draft.options),
                    key=list(draft.key),
                    marks=draft.marks,
                    explanation=draft.explanation,
                    source=draft.source[:255],
                    topic=draft.topic[:100],
                )
                for question, draft in zip(questions, fresh.values(), strict=True)
            ],
            batch_size=BATCH,
        )
        existing = len(drafts) - len(fresh)
        record(Event.IMPORTED, target=bank, actor=actor, file=file_name, added=len(fresh), existing=existing)
    return existing
