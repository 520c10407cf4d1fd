"""What a password must be like, and how a first one is made. No database, no clock."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

# without 0 O o 1 l I: read aloud at a counter, typed from a slip of paper
_UPPER = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_LOWER = "abcdefghijkmnpqrstuvwxyz"
_DIGITS = "23456789"
_GROUP = 4


def classes(password: str) -> int:
    """How many of the four kinds the password has: lower case, upper case, digits, everything else."""
    kinds = {
        "lower" if char.islower() else "upper" if char.isupper() else "digit" if char.isdigit() else "other"
        for char in password
    }
    return len(kinds)


def first_password(*, length: int) -> str:
    """A random first password of at least that many characters, with all four kinds, in groups of four.

    About 21 bits a group, so 63 for the usual three: nobody guesses it in the days until it is changed.
    """
    return "-".join(_groups(max(12, length)))


def _groups(length: int) -> Iterator[str]:
    written = 0
    while written < length:
        group = [secrets.choice(_UPPER), secrets.choice(_LOWER), secrets.choice(_DIGITS), secrets.choice(_LOWER)]
        secrets.SystemRandom().shuffle(group)
        yield "".join(group)
        written += _GROUP
