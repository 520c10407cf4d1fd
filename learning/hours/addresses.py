"""Numbers in the addresses of the learning rooms' lists."""

from __future__ import annotations

import re

from django.http import QueryDict

_NUMBER = re.compile(r"[0-9]{1,18}")  # every such number fits the database's bigint


def number_in(query: QueryDict, name: str) -> int | None:
    """The number under that name, e.g. where a keyset goes on; None for anything else, which is the first page."""
    written = query.get(name, "")
    return int(written) if _NUMBER.fullmatch(written) else None
