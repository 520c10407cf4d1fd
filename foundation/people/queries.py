"""Reads of people: the tree of units and the state of a person on any day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from foundation.people.enums import DEPARTURES, AssignmentKind
from foundation.people.models import Assignment, Cadre, CadreState, Leave, Relation, Unit, UnitPeriod

AWAY = frozenset({AssignmentKind.SECONDMENT, AssignmentKind.STUDY})


def in_force(day: dt.date) -> Q:
    """The condition that a row with valid_from and valid_to (both included, no end: still running) covers the day."""
    return Q(valid_from__lte=day) & (Q(valid_to=None) | Q(valid_to__gte=day))


@dataclass(frozen=True)
class UnitThen:
    """A unit as it stood on some day, with what hung under it."""

    pk: int
    name: str
    parent: int | None
    depth: int  # 1: an office


def tree_on(day: dt.date) -> list[UnitThen]:
    """All units of a day, each before those under it, siblings in the order of their opening; two queries."""
    periods = list(UnitPeriod.objects.filter(in_force(day)).order_by("unit_id"))
    children: dict[int | None, list[UnitPeriod]] = {}
    for period in periods:
        children.setdefault(period.parent_id, []).append(period)
    found: list[UnitThen] = []

    def walk(parent: int | None, depth: int) -> None:
        for period in children.get(parent, ()):
            found.append(UnitThen(period.unit_id, period.name, parent, depth))
            walk(period.unit_id, depth + 1)

    walk(None, 1)
    return found


def subtree_on(unit: Unit, day: dt.date) -> frozenset[int]:
    """The unit and what hung under it on the day, as primary keys; empty when it did not stand that day."""
    inside: set[int] = set()
    for then in tree_on(day):
        if then.pk == unit.pk or then.parent in inside:
            inside.add(then.pk)
    return frozenset(inside)


@dataclass(frozen=True)
class Standing:
    """What is on record about a person on one day. state: None when that day lies before everything known."""

    cadre: Cadre
    day: dt.date
    state: CadreState | None
    departure: Assignment | None  # in force: the person is not in service
    away: tuple[Assignment, ...]  # secondments and studies of that day
    leaves: tuple[Leave, ...]

    @property
    def in_service(self) -> bool:
        """Known that day, and not departed."""
        return self.state is not None and self.departure is None

    @property
    def on_probation(self) -> bool:
        return self.cadre.is_on_probation(self.day)


def states_on(day: dt.date) -> QuerySet[CadreState]:
    """The state of everybody on a day, one row a person at most."""
    later = CadreState.objects.filter(
        cadre=OuterRef("cadre"), valid_from__gt=OuterRef("valid_from"), valid_from__lte=day
    )
    return CadreState.objects.filter(~Exists(later), valid_from__lte=day)


def standings_on(cadres: Iterable[Cadre], day: dt.date) -> list[Standing]:
    """What is on record about each of the people on a day, in their order; three queries however many they are."""
    people = list(cadres)
    keys = [cadre.pk for cadre in people]
    states = {state.cadre_id: state for state in states_on(day).filter(cadre__in=keys).select_related("unit")}
    moves: dict[int, list[Assignment]] = {}
    for move in Assignment.objects.filter(in_force(day), cadre__in=keys).order_by("valid_from"):
        moves.setdefault(move.cadre_id, []).append(move)
    leaves: dict[int, list[Leave]] = {}
    for leave in Leave.objects.filter(in_force(day), cadre__in=keys).order_by("valid_from"):
        leaves.setdefault(leave.cadre_id, []).append(leave)
    return [
        Standing(
            cadre=cadre,
            day=day,
            state=states.get(cadre.pk),
            departure=next((move for move in moves.get(cadre.pk, ()) if move.kind in DEPARTURES), None),
            away=tuple(move for move in moves.get(cadre.pk, ()) if move.kind in AWAY),
            leaves=tuple(leaves.get(cadre.pk, ())),
        )
        for cadre in people
    ]


def standing_on(cadre: Cadre, day: dt.date) -> Standing:
    """What is on record about one person on a day."""
    [standing] = standings_on([cadre], day)
    return standing


def serving_on(day: dt.date, *, units: Iterable[int]) -> QuerySet[Cadre]:
    """Those in service in the units on a day, whoever left or came since."""
    gone = Assignment.objects.filter(in_force(day), kind__in=DEPARTURES, cadre=OuterRef("cadre"))
    states = states_on(day).filter(~Exists(gone), unit__in=list(units))
    return Cadre.objects.filter(pk__in=states.values("cadre"))


def headcounts_on(day: dt.date) -> dict[int, int]:
    """How many people were in service in each unit on a day, by the unit's key; units without any are left out."""
    gone = Assignment.objects.filter(in_force(day), kind__in=DEPARTURES, cadre=OuterRef("cadre"))
    rows = states_on(day).filter(~Exists(gone)).order_by().values("unit").annotate(people=Count("pk"))
    return {row["unit"]: row["people"] for row in rows}


def touched_between(first: dt.date, last: dt.date) -> frozenset[int]:
    """Those of whom something begins, or ended the day before, within the days: their columns of today may be stale."""
    yesterday = (first - dt.timedelta(days=1), last - dt.timedelta(days=1))
    began = CadreState.objects.filter(valid_from__range=(first, last)).values_list("cadre", flat=True)
    moved = Assignment.objects.filter(
        Q(valid_from__range=(first, last)) | Q(valid_to__range=yesterday), kind__in=DEPARTURES
    ).values_list("cadre", flat=True)
    return frozenset(began) | frozenset(moved)


def kept_apart(account: Any, day: dt.date) -> frozenset[int]:
    """The people on whom the account never says or decides anything: its own person, and those who stand in an
    avoidance relation to it (回避), as primary keys."""
    cadre = Cadre.objects.filter(account=account.pk).first()
    return frozenset() if cadre is None else avoided_by(cadre, day) | {cadre.pk}


def avoided_by(cadre: Cadre, day: dt.date) -> frozenset[int]:
    """Those whom the person neither reviews nor rates on the day (回避), as primary keys."""
    pairs = Relation.objects.filter(in_force(day)).filter(Q(cadre=cadre) | Q(other=cadre))
    return frozenset({key for pair in pairs.values_list("cadre", "other") for key in pair} - {cadre.pk})
