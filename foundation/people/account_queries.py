"""Reads of accounts, for the security administrator: name, unit and work number, and nothing of anybody's business."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from allauth.mfa.models import Authenticator
from django.db.models import Count, Exists, Max, OuterRef, Prefetch, Q, QuerySet
from django.utils.timezone import localdate

from foundation.audit.models import Entry
from foundation.people.actions import COMMAND
from foundation.people.enums import Event, Role
from foundation.people.models import Account, Cadre, RoleGrant, Unit
from foundation.people.queries import in_force
from foundation.rulebook.queries import parameter


class State(StrEnum):
    """What the list of accounts is narrowed to."""

    ON = "on"
    OFF = "off"
    FIRST = "first"  # its first password was never changed
    NO_FACTOR = "no_factor"


def people() -> QuerySet[Account]:
    """All accounts of people: the command's own is nobody's."""
    return Account.objects.exclude(username=COMMAND)


def accounts(
    *, on: dt.date, sought: str = "", role: str = "", unit: Unit | None = None, state: str = ""
) -> QuerySet[Account]:
    """Accounts as the list shows them, with ``has_factor``, their person's unit and ``roles_now``.

    sought: part of the account, the name or the work number. unit: of the person, or of a role held; with all under it.
    """
    factor = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
    found = people().annotate(has_factor=Exists(factor))
    if sought:
        found = found.filter(
            Q(username__icontains=sought) | Q(name__icontains=sought) | Q(cadre__work_number__icontains=sought)
        )
    grants = RoleGrant.objects.filter(in_force(on))
    if role:
        found = found.filter(Exists(grants.filter(account=OuterRef("pk"), role=role)))
    if unit:
        over = grants.filter(account=OuterRef("pk"), unit__path__startswith=unit.path)
        found = found.filter(Q(cadre__unit__path__startswith=unit.path) | Exists(over))
    if state:
        found = found.filter(
            {
                State.ON: Q(is_active=True),
                State.OFF: Q(is_active=False),
                State.FIRST: Q(must_change_password=True),
                State.NO_FACTOR: Q(has_factor=False),
            }[State(state)]
        )
    roles_now = Prefetch("grants", queryset=grants.select_related("unit").order_by("role"), to_attr="roles_now")
    return found.select_related("cadre__unit").prefetch_related(roles_now).order_by("username")


def units_of_accounts(*, on: dt.date) -> QuerySet[Unit]:
    """Where the list may be narrowed to: open units, and closed ones where accounts still stand."""
    people_there = Cadre.objects.filter(unit=OuterRef("pk"), account__isnull=False)
    roles_there = RoleGrant.objects.filter(in_force(on), unit=OuterRef("pk"))
    return Unit.objects.filter(Q(is_open=True) | Exists(people_there) | Exists(roles_there))


def grants_of(account: Account) -> QuerySet[RoleGrant]:
    """All roles that the account ever held or will, the latest first."""
    return account.grants.select_related("unit").order_by("-valid_from", "role", "pk")


@dataclass(frozen=True)
class TakenBack:
    """A role that ended before its first day was over: no row is left of it, but it may have been used."""

    role: str
    unit: str
    given: dt.datetime
    ended: dt.datetime


def taken_back(account: Account) -> list[TakenBack]:
    """The account's roles that only the audit trail still tells of, the latest first."""
    of_grants = Entry.objects.filter(target_label=RoleGrant._meta.label_lower)
    kept = {str(pk) for pk in account.grants.values_list("pk", flat=True)}
    given = of_grants.filter(event=Event.ROLE_GRANTED, data__account=account.pk).order_by("-at", "-pk")
    gone = [entry for entry in given if entry.target_id not in kept]
    ends = of_grants.filter(event=Event.ROLE_ENDED, target_id__in=[entry.target_id for entry in gone]).order_by("pk")
    ended = dict(ends.values_list("target_id", "at"))  # the last one took it back
    units = Unit.objects.in_bulk({entry.data["unit"] for entry in gone})
    return [
        TakenBack(
            role=str(Role(entry.data["role"]).label),
            unit=units[entry.data["unit"]].name,
            given=entry.at,
            ended=ended[entry.target_id],
        )
        for entry in gone
    ]


@dataclass(frozen=True)
class Review:
    """The periodic review of rights (rules.md H1)."""

    last: dt.date | None
    months: int | None  # between two reviews; None: not set
    due: dt.date | None

    def is_due(self, today: dt.date) -> bool:
        """Whether the next review should have been."""
        return self.months is not None and (self.due is None or self.due <= today)


def review(*, today: dt.date) -> Review:
    """When the rights were last gone through, by the audit trail, and when they should be again."""
    last = Entry.objects.filter(event=Event.RIGHTS_REVIEWED).aggregate(at=Max("at"))["at"]
    day = localdate(last) if last else None
    months: int | None = parameter("H1.rights_review_months", on=today)
    return Review(last=day, months=months, due=_months_later(day, months) if day and months else None)


def _months_later(day: dt.date, months: int) -> dt.date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first = dt.date(year, month + 1, 1)
    return first + dt.timedelta(days=day.day - 1) if day.day <= 28 else first + dt.timedelta(days=27)


def holders(*, on: dt.date) -> QuerySet[RoleGrant]:
    """Everybody's roles of a day, by role: who holds what, over what, until when."""
    return (
        RoleGrant.objects.filter(in_force(on))
        .select_related("account", "unit", "account__cadre__unit")
        .order_by("role", "account__username", "unit__path")
    )


def counts(*, on: dt.date) -> dict[Role, int]:
    """How many accounts hold each role on a day."""
    rows = RoleGrant.objects.filter(in_force(on)).values_list("role").annotate(n=Count("account", distinct=True))
    return {Role(role): n for role, n in rows}
