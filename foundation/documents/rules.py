"""Serials, check codes, masked names: pure text and arithmetic."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import unicodedata
from collections.abc import Collection, Mapping
from typing import Any

# Crockford's base 32: no I, L, O, U, so that a person who types from paper cannot go wrong
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM_LENGTH = 10  # 50 bits: not to be guessed through a door that answers 30 times a minute
HASH_BITS = 96
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})
# a serial without anything between its parts; letters that people misread may stand in the last part alone
_SERIAL = re.compile(rf"([A-Z]{{2}})([0-9]{{4}})([{ALPHABET}OIL]{{{RANDOM_LENGTH}}})")


def base32(number: int, length: int) -> str:
    """The number's lowest 5 × length bits."""
    return "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(length)))


def serial(prefix: str, year: int, number: int) -> str:
    """KH-2026-7K3M9QZ2XA, from a random number."""
    return f"{prefix}-{year}-{base32(number, RANDOM_LENGTH)}"


def typed_serial(text: str) -> str:
    """A serial as a person typed it, in the form of the register: full-width letters, dashes of any kind or none,
    spaces anywhere. What has not the form of a serial stays without spaces as it is."""
    parts = _SERIAL.fullmatch(_compact(text))
    if parts is None:
        return "".join(text.upper().split())
    return f"{parts[1]}-{parts[2]}-{parts[3].translate(_MISREAD)}"


def typed_hash(text: str) -> str:
    """A check code as a person typed it, without groups and misread letters."""
    return _compact(text).translate(_MISREAD)


def _compact(text: str) -> str:
    """Capitals of ordinary width, without spaces and dashes (Unicode's Pd, and the minus sign)."""
    plain = unicodedata.normalize("NFKC", text).upper()
    return "".join(
        character
        for character in plain
        if not character.isspace() and character != "\u2212" and unicodedata.category(character) != "Pd"
    )


def grouped(text: str) -> str:
    """In groups of four, as printed."""
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4))


def facts_hash(*, serial: str, kind: str, holder: str, issued_on: dt.date, data: Mapping[str, Any]) -> str:
    """96 bits of SHA-256 over the canonical facts: sorted keys, no blanks, UTF-8; as 20 characters of base 32."""
    facts = {"serial": serial, "kind": kind, "holder": holder, "issued_on": issued_on.isoformat(), "data": data}
    canonical = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    number = int.from_bytes(hashlib.sha256(canonical).digest()[: HASH_BITS // 8], "big")
    return base32(number, -(-HASH_BITS // 5))


def masked(name: str) -> str:
    """周*新: the first and the last character; of two only the first."""
    if len(name) <= 2:
        return f"{name[:1]}*"
    return f"{name[0]}{'*' * (len(name) - 2)}{name[-1]}"


_FIELD = re.compile(r"\{([^{}]*)\}")


def unknown_fields(text: str, known: Collection[str]) -> list[str]:
    """What stands in braces and is no field, in order; a brace without its partner counts as one."""
    names = [name for name in _FIELD.findall(text) if name not in known]
    return names + re.findall(r"[{}]", _FIELD.sub("", text))


def filled(text: str, values: Mapping[str, str]) -> list[str]:
    """The paragraphs of a text with its fields {姓名} … filled in; blank lines are left out."""
    whole = _FIELD.sub(lambda match: values[match[1]], text)
    return [line.strip() for line in whole.splitlines() if line.strip()]
