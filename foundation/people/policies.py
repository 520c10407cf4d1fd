"""How models hang on a unit, and which roles may do what with them.

Each room declares its policies in its own policies.py; foundation/people/scope.py asks them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Model

from foundation.people.enums import Role
from foundation.people.models import Account, Assignment, Cadre, CadreState, Leave, OpenItem, Relation, RoleGrant, Unit


@dataclass(frozen=True)
class Policy:
    """One declaration a model.

    unit: the lookup from the model to the unit that it hangs on, e.g. ``cadre__unit``; "" when it is one itself.
    own: the lookup to the account whose own row it is; its owner may do the actions in ``own_actions``.
    actions: for each action, the roles that may do it within their unit's subtree.
    hidden: out of reach is 404 even for a missing role (settled.md: discipline and integrity).
    """

    model: type[Model]
    unit: str
    actions: Mapping[str, frozenset[Role]]
    own: str | None = None
    own_actions: frozenset[str] = field(default_factory=frozenset)
    hidden: bool = False


HR_ALONE = {"view": frozenset({Role.HR}), "change": frozenset({Role.HR})}
POLICIES = [
    Policy(
        model=Cadre,
        unit="unit",
        own="account",
        own_actions=frozenset({"view"}),
        actions={
            "view": frozenset({Role.HR, Role.SECTION_HEAD, Role.LIAISON, Role.LEADER}),
            "change": frozenset({Role.HR}),
        },
    ),
    Policy(
        model=OpenItem,
        unit="cadre__unit",
        actions=HR_ALONE,
    ),
    Policy(
        model=Unit,
        unit="",
        actions={
            "view": frozenset({Role.HR, Role.SECTION_HEAD, Role.LIAISON, Role.LEADER}),
            "change": frozenset({Role.HR}),
        },
    ),
    Policy(
        model=CadreState,
        unit="cadre__unit",
        actions=HR_ALONE,
    ),
    Policy(
        model=Leave,
        unit="cadre__unit",
        own="cadre__account",
        own_actions=frozenset({"view"}),
        actions=HR_ALONE,
    ),
    Policy(
        model=Assignment,
        unit="cadre__unit",
        own="cadre__account",
        own_actions=frozenset({"view"}),
        actions=HR_ALONE,
    ),
    Policy(
        model=Relation,
        unit="cadre__unit",
        actions=HR_ALONE,
    ),
    # accounts and roles hang on no unit of the person: their administrator's scope is the office (rules.md H1)
    Policy(
        model=Account,
        unit="cadre__unit",
        actions={"password": frozenset({Role.HR})},
    ),
    Policy(
        model=RoleGrant,
        unit="unit",
        actions={"view": frozenset({Role.SECURITY_ADMIN}), "change": frozenset({Role.SECURITY_ADMIN})},
    ),
]
