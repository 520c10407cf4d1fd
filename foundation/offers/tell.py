"""Telling somebody, for rooms that stand below notices; those above call notices.notify themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from foundation.offers.find import modules


def tell(*, to: Any, kind: str, context: Mapping[str, Any], dedupe: str) -> None:
    """As foundation.notices.actions.notify, which is found as an offer: imports go down only."""
    for module in modules("tellers"):
        module.notify(to=to, kind=kind, context=context, dedupe=dedupe)
