"""First passwords on paper: who may get one from HR, the password itself, the sealed file until it is fetched."""

from __future__ import annotations

import base64
import secrets
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from foundation.audit.record import record
from foundation.jobs.actions import start
from foundation.jobs.enums import OPEN
from foundation.jobs.models import Job
from foundation.offers import clock
from foundation.offers.types import Refused
from foundation.people.enums import Event
from foundation.people.models import Account, Cadre, Unit
from foundation.people.scope import active_grants, grants_in_force, visible
from foundation.rulebook import keyring

PRINT_SLIPS = "people.print_slips"

# no two of these look alike in print: no 0 o, 1 l i, 2 z, 5 s, 6 b, 8, 9 g q, u v
ALPHABET = "acdefhjkmnprtwxy347"
GROUPS, GROUP = 3, 5  # 15 characters of 19: 63 bits


def readable_password() -> str:
    """A random password that can be read from paper and typed without mistakes, e.g. hkt4m-wx7na-d3hcy."""
    while True:
        password = "-".join("".join(secrets.choice(ALPHABET) for _n in range(GROUP)) for _n in range(GROUPS))
        if any(character.isdigit() for character in password):  # three classes, as password rules like it
            return password


def candidates(account: Any, *, unit: Unit, used_too: bool) -> QuerySet[Cadre]:
    """The people of a unit and under it who may get a slip from this officer: with an account that has no role,
    within the officer's scope. used_too: also those who have signed in already, whose present password then ends."""
    with_roles = grants_in_force(on=clock.today()).values("account")
    people = (
        visible(account, Cadre, action="change")
        .filter(unit__path__startswith=unit.path, account__is_active=True)
        .exclude(account__in=with_roles)
    )
    if not used_too:
        people = people.filter(account__last_login=None)
    return people.select_related("account", "unit").order_by("unit__path", "work_number")


def renew_first_password(*, account: Account, actor: Any) -> str:
    """Set a random password and return it; the trail tells that it was done, never what it is.

    Raises Refused for an account that is switched off, the actor's own, and one that holds any role: roles reach other
    people's data, and who could set their password could act in their name.
    """
    with transaction.atomic():
        locked = Account.objects.select_for_update().get(pk=account.pk)
        if not locked.is_active:
            raise Refused("account_off", _("账号已停用。"))
        if locked.pk == actor.pk:
            raise Refused("own_account", _("不能给自己打印密码条，请自己修改密码。"))
        if active_grants(locked).exists():
            raise Refused("account_has_role", _("账号有管理或业务角色，请系统管理员重置密码。"))
        password = readable_password()
        locked.set_password(password)
        locked.save(update_fields=["password"])
        record(Event.PASSWORD_RESET, target=locked, actor=actor, by="slip")
    return password


def start_printing(*, unit: Unit, used_too: bool, actor: Any) -> Job:
    """Start the job; an officer's job that is still open, or whose file waits to be fetched, comes first.

    A second one would change passwords that are already on their way to paper: a double click, or impatience.
    """
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=actor.pk)
        earlier = Job.objects.filter(kind=PRINT_SLIPS, owner=actor)
        waiting = earlier.filter(Q(state__in=OPEN) | ~Q(result="")).order_by("-created_at").first()
        return waiting or start(PRINT_SLIPS, actor=actor, unit=unit.pk, used_too=used_too)


def seal_file(path: Path, pdf: bytes) -> None:
    """Write a PDF of passwords so that only the program can read it: under the key of encrypted fields."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(keyring.encrypt(base64.b64encode(pdf).decode()))


def unseal_file(path: Path) -> bytes:
    """The PDF of seal_file()."""
    return base64.b64decode(keyring.decrypt(path.read_text()))
