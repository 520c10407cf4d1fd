"""Reading notices; everybody reads their own and nobody else's."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from foundation.notices.models import MailChoice, Notice, known
from foundation.offers.find import notice_kinds

MANY = 99  # the pip says 99+ beyond


def notices_of(account: Any) -> QuerySet[Notice]:
    """The person's notices, newest first."""
    return known(account=account)


def unread_count(account: Any) -> int:
    """How many are unread, counted up to MANY + 1."""
    return notices_of(account).filter(read_at=None).order_by()[: MANY + 1].count()


def mail_choices(account: Any) -> dict[str, bool]:
    """For each kind on offer, whether the person gets mail about it."""
    chosen = dict(MailChoice.objects.filter(account=account).values_list("kind", "by_email"))
    return {code: chosen.get(code, kind.by_email) for code, kind in notice_kinds().items()}


def wanting_mail(accounts: Iterable[int], kind: str) -> set[int]:
    """Which of the accounts get mail about the kind; in one query."""
    default = notice_kinds()[kind].by_email
    chosen = dict(MailChoice.objects.filter(account__in=list(accounts), kind=kind).values_list("account", "by_email"))
    return {pk for pk in accounts if chosen.get(pk, default)}
