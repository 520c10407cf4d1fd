"""HR as the keeper of the lists of people: who may, for which office, within which units."""

from __future__ import annotations

from typing import Any

from foundation.people.enums import Role
from foundation.people.models import Unit
from foundation.people.scope import has_role, role_units


def is_keeper(account: Any) -> bool:
    """Whether the account keeps any list of people today."""
    return has_role(account, Role.HR)


def office_of(account: Any) -> Unit | None:
    """The office that the account keeps people of; of several, the first."""
    unit = role_units(account, Role.HR).order_by("path").first()
    return unit.get_root() if unit else None


def office_key(account: Any) -> str:
    """Under which key an office remembers its headings."""
    office = office_of(account)
    return str(office.pk) if office else ""


def reach_of(account: Any) -> frozenset[int]:
    """The units whose people the account keeps, as primary keys."""
    return frozenset(role_units(account, Role.HR).values_list("pk", flat=True))
