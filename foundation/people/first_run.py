"""Opening an empty office: its units and its three administrators, all or nothing, once for ever."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from foundation.audit.record import record
from foundation.offers.types import Refused
from foundation.people import actions
from foundation.people.enums import ADMINISTRATORS, Event, Role
from foundation.people.models import Account, Unit

# forwarding proxies name themselves in one of these: then 127.0.0.1 is the proxy and not the person
_FORWARDED = ("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip", "Forwarded", "Via")
_LOCAL = {"127.0.0.1", "::1"}


@dataclass(frozen=True)
class Administrator:
    """Who is to hold one of the three roles."""

    role: Role
    username: str
    name: str


@dataclass(frozen=True)
class Opened:
    """An account that was opened, with its first password: shown once, kept nowhere."""

    role: Role
    account: Account
    password: str


def is_open() -> bool:
    """Whether nobody has an account yet (the command's own is no person's)."""
    return not Account.objects.exclude(username=actions.COMMAND).exists()


def open_office(
    *, name: str, units: Sequence[str], administrators: Sequence[Administrator], today: dt.date, actor: Any
) -> list[Opened]:
    """Open the office with its top units and three administrators, each over the whole office.

    On an installation that has units already (a roster was imported first) these stay, and name and units are not
    used. Raises Refused when somebody has an account (two at once: one wins), when the three are not three different
    people, and for what open_account refuses; nothing is written then.
    """
    _check_three(administrators)
    with transaction.atomic():
        # whoever comes second waits here and then finds the first one's accounts
        Account.objects.select_for_update().get(pk=actions.command_account().pk)
        if not is_open():
            raise Refused("opened", _("这个单位已经设置过了。"))
        office = Unit.objects.filter(depth=1).first() or _found(name, units, today, actor)
        opened = []
        for one in administrators:
            password = actions.new_first_password()
            account = actions.open_account(username=one.username, name=one.name.strip(), password=password, actor=actor)
            actions.grant_role(account=account, role=one.role, unit=office, valid_from=today, actor=actor)
            opened.append(Opened(one.role, account, password))
        record(Event.OFFICE_OPENED, target=office, actor=actor)
        code_file().unlink(missing_ok=True)
    return opened


def _check_three(administrators: Sequence[Administrator]) -> None:
    if {one.role for one in administrators} != ADMINISTRATORS or len(administrators) != len(ADMINISTRATORS):
        raise Refused("not_three", _("要有系统管理员、安全管理员、审计管理员各一人。"))
    if not all(one.username.strip() and one.name.strip() for one in administrators):
        raise Refused("empty", _("三位管理员的账号和姓名都要填写。"))
    for words in ([one.username for one in administrators], [one.name for one in administrators]):
        if len({word.strip().lower() for word in words}) < len(words):
            raise Refused("same_person", _("三位管理员必须是三个不同的人。"))


def _found(name: str, units: Sequence[str], today: dt.date, actor: Any) -> Unit:
    sections = [unit.strip() for unit in units if unit.strip()]
    if not name.strip():
        raise Refused("no_name", _("请填写单位名称。"))
    if len(set(sections)) < len(sections):
        raise Refused("unit_twice", _("内设机构的名称有重复。"))
    if any(len(word) > Unit._meta.get_field("name").max_length for word in (name.strip(), *sections)):
        raise Refused("too_long", _("单位名称最长 100 个字。"))
    office = actions.create_unit(name=name.strip(), parent=None, on=today, actor=actor)
    for section in sections:
        actions.create_unit(name=section, parent=office, on=today, actor=actor)
    return office


def code_file() -> Any:
    """Where the one-time code lies while nobody has an account."""
    return settings.DATA / "secrets" / "first-run"


def code() -> str:
    """The one-time code, made when it is first asked for."""
    path = code_file()
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        draft.write_text(actions.new_first_password())
        draft.chmod(0o600)
        draft.replace(path)
    return path.read_text()


def knows_code(typed: str) -> bool:
    """Whether the words are the code's."""
    path = code_file()
    return path.exists() and secrets.compare_digest(typed.strip().encode(), path.read_text().encode())


def is_at_the_machine(request: HttpRequest) -> bool:
    """Whether the request comes from the machine itself, straight.

    Never in production, nor where a proxy stands in front: to us everybody behind a proxy on this machine would come
    from 127.0.0.1, and not every proxy says that it is one.
    """
    if settings.PRODUCTION or settings.ALLAUTH_TRUSTED_PROXY_COUNT:
        return False
    return request.META.get("REMOTE_ADDR") in _LOCAL and not any(name in request.headers for name in _FORWARDED)
