"""How entries become a chain: pure functions of plain values. Change nothing here: old chains would no longer verify.

A digest is SHA-256 in hex. The chain begins with GENESIS; each entry's digest covers the one before it and the entry's
canonical bytes; a segment's head covers its last entry's digest and the segment's own facts, and the next segment's
first entry goes on from that head.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from typing import Any

GENESIS = "0" * 64


def canonical(facts: Mapping[str, Any]) -> bytes:
    """The one byte string for these facts, the same whichever database they come back from.

    Moments become ISO text in UTC with six digits of microseconds, keys are sorted (jsonb forgets their order), a
    float without fraction becomes a whole number (jsonb gives 1e16 back as one). Lone surrogates, which SQLite stores
    and PostgreSQL refuses, pass through: one bad character must not stop the sealer for everybody.
    """
    text = json.dumps(_plain(facts), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat(timespec="microseconds")
    return value


def link(previous: str, facts: Mapping[str, Any]) -> str:
    """The digest of these facts, standing after the digest before them."""
    return hashlib.sha256(previous.encode("ascii") + canonical(facts)).hexdigest()
