"""Reading the rule book."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db.models import F, Q, QuerySet

from foundation.offers.find import parameters
from foundation.rulebook.models import Value
from foundation.rulebook.rules import loaded


def in_force(*, on: dt.date) -> QuerySet[Value]:
    """The values that hold on a day, of all parameters and units; the newest first."""
    return Value.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=on, is_withdrawn=False
    ).order_by("-valid_from")


def parameter(code: str, *, on: dt.date, unit: int | None = None) -> Any:
    """The value of a parameter on a day: int, Decimal, bool, word, row → Decimal; None: 未设定.

    unit: the id of a unit whose own value goes before the organ's. Where neither has one, the offer's shipped default.
    Raises KeyError for a code that no room offers. One query by index and no cache: a cache would have to be emptied
    in every process at once, and a quota must not depend on which of them answers.
    """
    offer = parameters()[code]
    chosen = (
        in_force(on=on)
        .filter(Q(unit_id=None) | Q(unit_id=unit), code=code)
        .order_by(F("unit_id").asc(nulls_last=True), "-valid_from")
        .first()
    )
    return loaded(offer, chosen.value if chosen else offer.default)


def parameters_of_units(codes: Collection[str], *, on: dt.date, units: Collection[int]) -> dict[int, dict[str, Any]]:
    """What parameter() answers for each of the units and codes, in one query however many they are."""
    rows = in_force(on=on).filter(Q(unit_id=None) | Q(unit_id__in=units), code__in=codes)
    known: dict[tuple[int | None, str], Any] = {}
    for row in rows:  # the newest first
        known.setdefault((row.unit_id, row.code), row.value)
    offers = parameters()
    return {
        unit: {
            code: loaded(offers[code], known.get((unit, code), known.get((None, code), offers[code].default)))
            for code in codes
        }
        for unit in units
    }


def organ_values(*, on: dt.date) -> dict[str, Value]:
    """The organ's own values on a day, by code; a parameter that is not in it has its shipped default."""
    return {value.code: value for value in in_force(on=on).filter(unit_id=None)}


def history(code: str, *, units: Collection[int]) -> QuerySet[Value]:
    """All values that were ever set, withdrawn ones included: the organ's, and those of the units; newest first."""
    return Value.objects.filter(Q(unit_id=None) | Q(unit_id__in=units), code=code).order_by(
        "-valid_from", F("unit_id").asc(nulls_first=True), "-pk"
    )
