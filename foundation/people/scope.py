"""The one place that says who sees which rows. "Who may" is settled here; "is it allowed now" by a rule in the action.

Both questions ask the model's Policy: unit subtree × role, or the row's own owner.
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.http import Http404

from foundation.offers import clock
from foundation.offers.find import modules
from foundation.people.enums import Role
from foundation.people.models import RoleGrant, Unit
from foundation.people.policies import Policy

M = TypeVar("M", bound=Model)


class MissingRole(PermissionDenied):
    """403 that can say which roles open the page."""

    def __init__(self, *roles: Role) -> None:
        super().__init__()
        self.roles = sorted(roles)


@cache
def _policies() -> dict[type[Model], Policy]:
    return {policy.model: policy for module in modules("policies") for policy in module.POLICIES}


def grants_in_force(*, on: dt.date) -> QuerySet[RoleGrant]:
    """Everybody's roles in force on a day."""
    return RoleGrant.objects.filter(Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=on)


def active_grants(account: Any, *, on: dt.date | None = None) -> QuerySet[RoleGrant]:
    """The account's roles in force on a day (today unless told)."""
    if not getattr(account, "is_active", False) or account.pk is None:
        return RoleGrant.objects.none()
    return grants_in_force(on=on or clock.today()).filter(account=account)


def has_role(account: Any, *roles: Role) -> bool:
    """Whether the account holds one of the roles today, over any unit."""
    return active_grants(account).filter(role__in=roles).exists()


def holders(role: Role, *, most: int = 3) -> list[str]:
    """Names of accounts that hold the role today, over any unit; the first few."""
    day = clock.today()
    grants = RoleGrant.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=day), role=role, valid_from__lte=day, account__is_active=True
    )
    return list(grants.order_by("account__name").values_list("account__name", flat=True).distinct()[:most])


def role_units(account: Any, *roles: Role) -> QuerySet[Unit]:
    """The units of the account's roles with everything under them."""
    return Unit.objects.filter(_within(account, frozenset(roles), ""))


def _within(account: Any, roles: frozenset[Role], unit: str) -> Q:
    """A condition on rows whose unit lies in the subtree of one of the account's grants; one query, no loop in SQL."""
    paths = list(active_grants(account).filter(role__in=roles).values_list("unit__path", flat=True).distinct())
    key = f"{unit}__path__startswith" if unit else "path__startswith"
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(**{key: path})
    return condition


def visible(user: Any, model: type[M], *, action: str = "view") -> QuerySet[M]:
    """The rows of a model on which the user may do the action: a queryset, empty where there are none.

    Raises KeyError for a model without a policy: nothing is visible by accident.
    """
    policy = _policies()[model]
    condition = _within(user, policy.actions.get(action, frozenset()), policy.unit)
    if policy.own and action in policy.own_actions and getattr(user, "pk", None):
        condition |= Q(**{policy.own: user.pk})
    return model._default_manager.filter(condition)


def may(user: Any, model: type[Model], *, action: str) -> bool:
    """Whether the user could do the action on any row: the role, or a row of their own."""
    policy = _policies()[model]
    if has_role(user, *policy.actions.get(action, frozenset())):
        return True
    return bool(policy.own) and action in policy.own_actions


def require(user: Any, model: type[Model], *, action: str) -> None:
    """Raises MissingRole where the user could do the action on no row at all."""
    if not may(user, model, action=action):
        raise MissingRole(*_policies()[model].actions.get(action, frozenset()))


def fetch(user: Any, model: type[M], *, pk: Any, action: str = "view") -> M:
    """The row, if the user may do the action on it.

    Raises MissingRole (403) where the role is missing altogether, Http404 where the row is out of scope or does
    not exist; a hidden policy answers 404 to both (settled.md, Privacy of records).
    """
    row = visible(user, model, action=action).filter(pk=pk).first()
    if row is not None:
        return row
    if not _policies()[model].hidden:
        require(user, model, action=action)
    raise Http404
