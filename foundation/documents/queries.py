"""Reads of the register."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from foundation.documents.models import IssuedDocument


def of_holder(account: Any) -> QuerySet[IssuedDocument]:
    """The person's own documents, the newest first."""
    return IssuedDocument.objects.filter(holder_account=account).order_by("-pk")


def readable_by(account: Any) -> QuerySet[IssuedDocument]:
    """Documents whose file the person may open: their own, and those that they issued."""
    return IssuedDocument.objects.filter(Q(holder_account=account) | Q(issued_by=account))
