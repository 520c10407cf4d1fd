"""Writes that an account's own sign-in makes: passwords, failed and good attempts, personal settings."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.audit.record import record
from foundation.offers import clock
from foundation.offers.types import Refused
from foundation.people.actions import COMMAND, MOST_FORMER, command_account
from foundation.people.enums import Event
from foundation.people.models import Account, FormerPassword, Unit
from foundation.people.sessions import end_sessions
from foundation.rulebook.queries import parameter


def change_password(*, account: Account, password: str, session_key: str | None) -> None:
    """The owner's new password, which the policy has passed; the account's other sessions end."""
    now = clock.now()
    with transaction.atomic():
        stored = Account.objects.select_for_update().get(pk=account.pk)
        FormerPassword.objects.create(account=stored, password=stored.password, created_at=now)
        kept = list(stored.former_passwords.values_list("pk", flat=True)[:MOST_FORMER])
        stored.former_passwords.exclude(pk__in=kept).delete()
        account.set_password(password)
        account.must_change_password = False
        account.password_changed_at = now
        account.save(update_fields=["password", "must_change_password", "password_changed_at"])
        record(Event.PASSWORD_CHANGED, target=account, actor=account)
        end_sessions(account=account, actor=account, but=session_key, reason=str(Event.PASSWORD_CHANGED))


def password_is_stale(account: Account, *, today: dt.date) -> bool:
    """Whether the office's days for a password are over. One that nobody chose yet is a first password."""
    if account.password_changed_at is None:
        return False
    days: int = parameter("H1.password_days", on=today)
    return account.password_changed_at + dt.timedelta(days=days) < clock.now()


def note_failed_sign_in(*, username: str, address: str, locked: str) -> None:
    """An entry for a failed attempt; the same work whether the name is anybody's or not, so that time tells nothing.

    The typed name is not kept: people type their password there. Nobody's name counts against the system account.
    locked: the limit that this attempt reached, or nothing.
    """
    names = [username.strip().lower(), COMMAND]
    found = {account.username: account for account in Account.objects.filter(username__in=names)}
    known = found.get(names[0])
    target = known or found.get(COMMAND) or command_account()
    with transaction.atomic():
        record(Event.SIGN_IN_FAILED, target=target, actor=None, address=address, is_known=known is not None)
        if locked:
            record(Event.SIGN_IN_LOCKED, target=target, actor=None, address=address, limit=locked)


def note_sign_in(*, account: Account, address: str) -> None:
    """An entry for a session that began."""
    with transaction.atomic():
        record(Event.SIGNED_IN, target=account, actor=account, address=address)


def note_failed_code(*, account: Account) -> None:
    """An entry for a wrong or used code after the right password."""
    with transaction.atomic():
        record(Event.FACTOR_FAILED, target=account, actor=None)


def save_preferences(*, account: Account, language: str, theme: str, text_size: str) -> None:
    """How the pages look for this person, on every device. No audit: nobody else is concerned."""
    account.language, account.theme, account.text_size = language, theme, text_size
    account.save(update_fields=["language", "theme", "text_size"])


def review_rights(*, office: Unit, accounts: int, grants: int, actor: Any) -> None:
    """The security administrator has gone through who holds what (rules.md H1: periodic review)."""
    if not grants:
        raise Refused("nothing", _("现在没有任何授权，无需复核。"))
    with transaction.atomic():
        record(Event.RIGHTS_REVIEWED, target=office, actor=actor, accounts=accounts, grants=grants)


def note_sign_out(*, user: Account | None, **_signal: Any) -> None:
    """An entry for a session that its owner ended, here or in Wagtail's admin; idleness ends in a sign-out too."""
    if user is not None:
        with transaction.atomic():
            record(Event.SIGNED_OUT, target=user, actor=user)
