"""Who is signed in where: the sessions of an account, and ending them at once."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from foundation.audit.record import record
from foundation.people.enums import Event
from foundation.people.models import Account

HELD_UNTIL = "held_until"  # session key: a moment (seconds since 1970) before which idleness does not sign out

_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("QQBrowser", "QQ"), ("Firefox", "Firefox"), ("Chrome", "Chrome"))
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True)
class Place:
    """A session as its owner, or the security administrator, sees it."""

    pk: int
    device: str
    address: str
    began_at: dt.datetime
    seen_at: dt.datetime
    is_this: bool


def places(account: Account, *, session_key: str | None = None) -> list[Place]:
    """Where the account is signed in, the latest seen first; sessions that ended by themselves are forgotten."""
    found = sorted(UserSession.objects.purge_and_list(account), key=lambda row: row.last_seen_at, reverse=True)
    return [
        Place(
            pk=row.pk,
            device=device(row.user_agent),
            address=row.ip,
            began_at=row.created_at,
            seen_at=row.last_seen_at,
            is_this=row.session_key == session_key,
        )
        for row in found
    ]


def device(user_agent: str) -> str:
    """Browser and system in a few words, from what the browser says about itself."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    version = re.search(r"(?:Edg|OPR|QQBrowser|Firefox|Chrome)/(\d+)", user_agent)
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    words = [f"{browser} {version[1]}" if browser and version else browser, system]
    return " · ".join(word for word in words if word) or _("无法识别的设备")


def end_sessions(
    *, account: Account, actor: Any, only: int | None = None, but: str | None = None, reason: str = ""
) -> int:
    """End the account's sessions at once; returns how many. only: one row of places(); but: the key of one to keep."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    with transaction.atomic():
        rows = UserSession.objects.select_for_update().filter(user=account)
        if only is not None:
            rows = rows.filter(pk=only)
        if but is not None:
            rows = rows.exclude(session_key=but)
        ended = list(rows)
        for row in ended:
            store().delete(row.session_key)
            row.delete()
        if ended:
            record(Event.SESSIONS_ENDED, target=account, actor=actor, count=len(ended), reason=reason)
    return len(ended)


def hold(request: HttpRequest, *, until: dt.datetime) -> None:
    """Nobody is signed out for being idle before that moment: an exam goes on while its candidate thinks."""
    request.session[HELD_UNTIL] = until.timestamp()
