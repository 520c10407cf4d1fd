"""Telling people, and what they do with it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from django.conf import settings
from django.db import transaction

from foundation.jobs.actions import start
from foundation.notices.enums import Mail
from foundation.notices.models import MailChoice, Notice
from foundation.notices.queries import notices_of, wanting_mail
from foundation.offers import clock
from foundation.offers.find import notice_kinds
from foundation.people.models import Account

SEND_MAIL = "notices.send_mail"
BATCH = 500


def notify(*, to: Account | Iterable[Account], kind: str, context: Mapping[str, Any], dedupe: str) -> None:
    """Tell an account, or several, in the caller's transaction: the act and its notice stand or fall together.

    kind: of a NoticeKind on offer (KeyError otherwise). context: plain JSON values from which the sentence is made when
    it is read (dates as ISO text, choices as codes). dedupe: says once and for all what this notice is about; the same
    again changes nothing, so that a job that is run twice tells nobody twice. Accounts that are switched off get none.
    Mail goes out after commit as a job; whatever becomes of it, the act stands and so does the notice.
    """
    notice_kinds()[kind]
    accounts = iter([to] if isinstance(to, Account) else to)
    values = json.loads(json.dumps(dict(context)))
    now = clock.now()
    is_mail_due = False
    with transaction.atomic():
        while batch := list(islice(accounts, BATCH)):
            reachable = {one.pk for one in batch if one.is_active and one.email} if settings.ZHIXING_MAIL else set()
            mailed = wanting_mail(reachable, kind) if reachable else set()
            is_mail_due = is_mail_due or bool(mailed)
            Notice.objects.bulk_create(
                (
                    Notice(
                        account=one,
                        kind=kind,
                        context=values,
                        dedupe=dedupe,
                        created_at=now,
                        mail=Mail.DUE if one.pk in mailed else Mail.NONE,
                    )
                    for one in batch
                    if one.is_active
                ),
                ignore_conflicts=True,
            )
        if is_mail_due:
            start(SEND_MAIL, actor=None)


def mark_read(*, notice: Notice, now: dt.datetime) -> None:
    """The person has opened the notice; the first time counts."""
    Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=now)


def mark_all_read(*, account: Any, until: int, now: dt.datetime) -> int:
    """Put aside everything up to the newest notice that the page showed: what came since stays unread.

    Returns how many were unread.
    """
    return notices_of(account).filter(pk__lte=until, read_at=None).update(read_at=now)


def choose_mail(*, account: Any, wanted: Iterable[str]) -> None:
    """Keep which kinds of notice the person wants by mail as well; all others stay on the portal only."""
    chosen = set(wanted)
    with transaction.atomic():
        MailChoice.objects.bulk_create(
            [MailChoice(account=account, kind=code, by_email=code in chosen) for code in notice_kinds()],
            update_conflicts=True,
            unique_fields=["account", "kind"],
            update_fields=["by_email"],
        )
