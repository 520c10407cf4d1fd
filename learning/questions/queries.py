"""Reading the banks."""

from __future__ import annotations

from django.db.models import Count, F, Max, Q, QuerySet

from learning.questions.models import Bank, QuestionVersion


def all_newest_versions(bank: Bank) -> QuerySet[QuestionVersion]:
    """The version of each of the bank's questions that counts now, withdrawn ones too, in the order they came in."""
    return (
        QuestionVersion.objects.filter(question__bank=bank)
        .annotate(newest=Max("question__versions__number"))
        .filter(number=F("newest"))
        .select_related("question")
        .order_by("question_id")
    )


def newest_versions(bank: Bank) -> QuerySet[QuestionVersion]:
    """What can be drawn from the bank: the newest version of each question that is not withdrawn."""
    return all_newest_versions(bank).filter(question__withdrawn_at=None)


def banks_with_counts() -> QuerySet[Bank]:
    """All banks, each with ``question_count``: of those that can be drawn."""
    return Bank.objects.annotate(question_count=Count("questions", filter=Q(questions__withdrawn_at=None)))
