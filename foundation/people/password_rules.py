"""What a password must be like, and how a first one is made. No database, no clock."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

# read aloud at a counter, typed from a slip of paper: nothing that looks like something else (0 O o, 1 l I i, 2 Z z,
# 5 S s, 6 b, 8 B, 9 g q, u v), and no letter whose cases differ in size only (C c, K k, P p, W w, X x)
_UPPER = "ADEFHNRT"
_LOWER = "adefhjmnrty"
_DIGITS = "347"
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

    About 15 bits a group, so 60 for the usual four: nobody guesses it in the days until it is changed.
    """
    return "-".join(_groups(max(16, length)))


def _groups(length: int) -> Iterator[str]:
    written = 0
    while written < length:
        group = [secrets.choice(_UPPER), secrets.choice(_LOWER), secrets.choice(_DIGITS), secrets.choice(_LOWER)]
        secrets.SystemRandom().shuffle(group)
        yield "".join(group)
        written += _GROUP
