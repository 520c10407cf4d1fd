"""The heads of the chain, outside the database: one line of JSON a segment in settings.AUDIT_HEADS.

Whoever can write to the database can write a whole new chain that fits in itself; it will not fit these lines. The
file belongs where the database's administrator cannot write (docs/scope-and-audit.md).
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from foundation.audit.models import Segment

_TAIL = 4096  # bytes, some ten lines


@dataclass(frozen=True)
class Head:
    """A line of the file."""

    segment: int
    head: str
    first_entry: int
    count: int
    sealed_at: str


def exported() -> Iterator[Head]:
    """The lines in the file's order; none where there is no file. A line cut off by a power failure is passed over:
    the next export writes it again, and a gap is noticed by its number."""
    path = Path(settings.AUDIT_HEADS)
    if path.exists():
        with path.open("rb") as file:
            for line in file:
                yield from _read(line)


def begin() -> bool:
    """Make an empty file where there is none; whether it was missing. Of two sealers at once, one is told so."""
    path = Path(settings.AUDIT_HEADS)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        path.touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def export() -> None:
    """Append the segments that the file does not have yet, and see them safely on the disk. begin() comes first.

    Called after the segments are committed; what a dead process left out, the next one appends.
    """
    with Path(settings.AUDIT_HEADS).open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # two sealers: the second finds the lines of the first
        missing = Segment.objects.filter(number__gt=_last(file)).order_by("number")
        if _is_torn(file):
            file.write(b"\n")
        for segment in missing.iterator():
            file.write(_line(segment))
        file.flush()
        os.fsync(file.fileno())


def _line(segment: Segment) -> bytes:
    head = Head(
        segment=segment.number,
        head=segment.head,
        first_entry=segment.first_entry,
        count=segment.count,
        sealed_at=segment.sealed_at.isoformat(),
    )
    return json.dumps(asdict(head)).encode() + b"\n"


def _read(line: bytes) -> Iterator[Head]:
    try:
        yield Head(**json.loads(line))
    except (ValueError, TypeError):
        return


def _last(file: BinaryIO) -> int:
    size = file.seek(0, os.SEEK_END)
    file.seek(max(size - _TAIL, 0))
    heads = [head for line in file.read().splitlines() for head in _read(line)]
    return heads[-1].segment if heads else 0


def _is_torn(file: BinaryIO) -> bool:
    if file.seek(0, os.SEEK_END) == 0:
        return False
    file.seek(-1, os.SEEK_END)
    return file.read(1) != b"\n"
