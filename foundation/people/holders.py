"""Which rows are the person behind an account: what rooms below keep for a row of the roster is theirs."""

from __future__ import annotations

from typing import Any

from foundation.offers.types import Ref
from foundation.people.models import Cadre


def refs(account: Any) -> list[Ref]:
    """The account's own row of the roster, if it has one today."""
    return [Ref.to(cadre) for cadre in Cadre.objects.filter(account=account)]
