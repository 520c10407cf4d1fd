"""Reading the rule book."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q

from foundation.offers.find import parameters
from foundation.rulebook.models import Value


def parameter(code: str, *, on: dt.date, unit: int | None = None) -> Any:
    """The value of a parameter on a day.

    unit: the id of a unit whose own value goes before the organ's. Returns the newest valid row's value, else the
    offer's shipped default. Raises KeyError for a code that no room offers.
    """
    offer = parameters()[code]
    rows = Value.objects.filter(Q(valid_to=None) | Q(valid_to__gte=on), code=code, valid_from__lte=on).order_by(
        "-valid_from"
    )
    own = rows.filter(unit_id=unit).first() if unit is not None else None
    chosen = own or rows.filter(unit_id=None).first()
    return chosen.value if chosen else offer.default
