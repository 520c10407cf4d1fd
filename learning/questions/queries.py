"""Reading the banks."""

from __future__ import annotations

from django.db.models import Count, F, Max, QuerySet

from learning.questions.models import Bank, QuestionVersion


def newest_versions(bank: Bank) -> QuerySet[QuestionVersion]:
    """The version of each of the bank's questions that counts now, in the order they came in."""
    return (
        QuestionVersion.objects.filter(question__bank=bank)
        .annotate(newest=Max("question__versions__number"))
        .filter(number=F("newest"))
        .order_by("question_id")
    )


def banks_with_counts() -> QuerySet[Bank]:
    """All banks, each with ``question_count``."""
    return Bank.objects.annotate(question_count=Count("questions"))
