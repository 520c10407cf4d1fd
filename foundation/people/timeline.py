"""A person's record as one line of time, the newest first: read by HR's page of the person."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from foundation.people.careers import DATED
from foundation.people.models import Assignment, Cadre, CadreState, Leave, Relation


@dataclass(frozen=True)
class Difference:
    """One field that a state says otherwise than the one before it."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Event:
    """Something of a person's record. what: state, leave, assignment or relation; row: the one that tells it, to
    correct or take back."""

    what: str
    first: dt.date
    last: dt.date | None
    title: str
    row: CadreState | Leave | Assignment | Relation
    runs: bool = False  # from first to last, rather than on one day
    detail: str = ""
    differences: tuple[Difference, ...] = ()


def timeline(cadre: Cadre) -> list[Event]:
    """Everything on record about a person; four queries."""
    events = [*_states(cadre), *_leaves(cadre), *_assignments(cadre), *_relations(cadre)]
    return sorted(events, key=lambda event: (event.first, event.what), reverse=True)


def _states(cadre: Cadre) -> list[Event]:
    found: list[Event] = []
    before: CadreState | None = None
    for state in cadre.states.select_related("unit").order_by("valid_from"):
        title = _("变动") if before else _("列入花名册")
        differences = tuple(
            Difference(_label(name), _shown(before, name) if before else "", _shown(state, name))
            for name in DATED
            if (getattr(before, name) != getattr(state, name) if before else _shown(state, name))
        )
        found.append(Event("state", state.valid_from, None, title, state, detail=state.reason, differences=differences))
        before = state
    return found


def _label(name: str) -> str:
    return str(CadreState._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def _shown(state: CadreState, name: str) -> str:
    """A field's value as people read it."""
    value: Any = getattr(state, name)
    if name == "category":
        return str(state.get_category_display())
    if name == "is_leading_member":
        return _("是") if value else ""
    if isinstance(value, dt.date):
        return f"{value:%Y.%m}"
    return str(value or "")


def _leaves(cadre: Cadre) -> list[Event]:
    return [
        Event(
            "leave",
            leave.valid_from,
            leave.valid_to,
            leave.get_kind_display(),
            leave,
            runs=True,
            detail=leave.reference,
        )
        for leave in cadre.leaves.all()
    ]


def _assignments(cadre: Cadre) -> list[Event]:
    return [
        Event(
            "assignment",
            move.valid_from,
            move.valid_to,
            move.get_kind_display(),
            move,
            runs=True,
            detail=" ".join(part for part in (move.place, move.reference) if part),
        )
        for move in cadre.assignments.all()
    ]


def _relations(cadre: Cadre) -> list[Event]:
    pairs = Relation.objects.filter(Q(cadre=cadre) | Q(other=cadre)).select_related("cadre", "other")
    return [
        Event(
            "relation",
            pair.valid_from,
            pair.valid_to,
            _("回避关系：%(kinship)s") % {"kinship": pair.get_kinship_display()},
            pair,
            runs=True,
            detail=(pair.other if pair.cadre_id == cadre.pk else pair.cadre).name,
        )
        for pair in pairs
    ]
