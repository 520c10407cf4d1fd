"""Reads of the register."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from foundation.documents.models import IssuedDocument
from foundation.offers.find import kinds, modules


def of_holder(account: Any) -> QuerySet[IssuedDocument]:
    """The person's own documents, the newest first.

    Also those of the rows that are the person today: a document issued before the account was opened, or linked to
    the roster, names the row only.
    """
    condition = Q(holder_account=account)
    for module in modules("holders"):
        for ref in module.refs(account):
            condition |= Q(holder_label=ref.label, holder_pk=ref.pk)
    return IssuedDocument.objects.filter(condition).order_by("-pk")


def may_open(account: Any, document: IssuedDocument) -> bool:
    """Whether the person may open the file: their own, or what the kind's room lets them read today.

    Having issued a document opens nothing: who holds the office now reads, who held it does not.
    """
    if of_holder(account).filter(pk=document.pk).exists():
        return True
    may_read = document.offer.may_read
    return may_read is not None and may_read(account, document.source_pk)


def register(account: Any) -> QuerySet[IssuedDocument]:
    """The rows that the account looks after today, the newest first: of each kind what its room says."""
    condition = Q(pk__in=[])
    for kind in kinds().values():
        if kind.keeps is not None:
            condition |= Q(kind=kind.code) & kind.keeps(account)
    return IssuedDocument.objects.filter(condition).order_by("-pk")
