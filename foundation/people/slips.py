"""First passwords on paper: who may get one from HR, the password itself, the sealed file until it is fetched."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from foundation.jobs.actions import start
from foundation.jobs.enums import OPEN
from foundation.jobs.models import Job
from foundation.offers import clock
from foundation.people.models import Account, Cadre, Unit
from foundation.people.scope import grants_in_force, visible
from foundation.rulebook import keyring

PRINT_SLIPS = "people.print_slips"


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
