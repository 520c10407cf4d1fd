"""The sealer: lays the chain over entries that were written without one.

Why not chain at once: every business transaction would then wait for the one before it to commit. So entries are
written freely, and the sealer comes after them. On PostgreSQL an entry's number is taken when it is written and shows
when its transaction commits; a high-water mark ("everything after number n") would therefore skip, for ever, an entry
of a slow transaction. The sealer asks instead which *visible* entries have *no seal*: a late lower number simply lands
in the next segment, and nothing waits for anybody. So that it need not compare the whole table each minute, it looks
no further back than queries.settled(): a transaction would have to stay open for a day to come too late, and an entry
that shows up behind that line is named by verify_audit, never passed over in silence. On SQLite there is one writer at
a time, so numbers come in the order of commits and nobody is ever late.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction

from foundation.audit import heads
from foundation.audit.enums import Event
from foundation.audit.models import Entry, Seal, Segment
from foundation.audit.queries import settled, unsealed
from foundation.audit.record import record
from foundation.audit.rules import GENESIS, link

log = logging.getLogger(__name__)

BATCH = 1_000  # entries a segment and a transaction: on SQLite nobody else writes meanwhile (some 50 ms)
_LOCK = 0x5EA1  # PostgreSQL's advisory lock of the sealer


def seal(*, now: dt.datetime) -> int:
    """Seal what is visible and has no seal, and export the heads; returns how many entries were sealed.

    Call it outside a transaction: each segment is a short one of its own, and a head is exported once its segment is
    committed. Two sealers at once, or one cut off anywhere, do no harm.
    """
    _begin_heads()
    sealed = 0
    after = settled()
    while batch := _seal_segment(after=after, now=now):
        heads.export()
        sealed += len(batch)
        after = batch[-1].pk  # this run only goes forward; a late lower number waits for the next run
    heads.export()  # also what a process left out that died before it could
    return sealed


def note_look(*, filters: Mapping[str, str], before: int | None, actor: Any) -> None:
    """Note that somebody looked at the log, for what, and how far back; the target is its newest entry just then."""
    with transaction.atomic():
        # there is one: whoever may look was given a role, which was recorded
        record(Event.LOG_READ, target=Entry.objects.latest("pk"), actor=actor, filters=dict(filters), before=before)


def _seal_segment(*, after: int, now: dt.datetime) -> list[Entry]:
    with transaction.atomic():
        _one_sealer_at_a_time()
        batch = list(unsealed().filter(pk__gt=after).order_by("pk")[:BATCH])
        if not batch:
            return []
        last = Segment.objects.order_by("-number").first()
        segment = Segment(
            number=last.number + 1 if last else 1,
            first_entry=batch[0].pk,
            highest_entry=max(batch[-1].pk, last.highest_entry if last else 0),
            count=len(batch),
            previous_head=last.head if last else GENESIS,
            sealed_at=now,
        )
        digest = segment.previous_head
        seals = []
        for position, entry in enumerate(batch, start=1):
            digest = link(digest, entry.facts)
            seals.append(Seal(entry_id=entry.pk, segment=segment, position=position, digest=digest))
        segment.head = link(digest, segment.facts)
        segment.save(force_insert=True)
        Seal.objects.bulk_create(seals)
    return batch


def _one_sealer_at_a_time() -> None:
    """Until the transaction's end. SQLite needs nothing more: its transactions begin IMMEDIATE."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _begin_heads() -> None:
    """A heads file that was moved away begins anew, but not unnoticed: the trail tells of it."""
    last = Segment.objects.order_by("-number").first()  # asked first: another sealer may be at the very first segment
    if heads.begin() and last is not None:
        log.warning("the exported heads of the audit chain are gone; %s segments are exported again", last.number)
        with transaction.atomic():
            record(Event.HEADS_RESTARTED, target=last, actor=None, segments=last.number)
