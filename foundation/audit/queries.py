"""Reads of the trail: what is under seal and what is not, and the log as the audit administrator searches it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import Exists, Min, Model, OuterRef, QuerySet
from django.utils import timezone

from foundation.audit.enums import Event
from foundation.audit.models import Entry, Seal, Segment
from foundation.offers.find import modules

OPEN_AT_MOST = dt.timedelta(days=1)  # no honest transaction stays open longer (docs/scope-and-audit.md)
MANY = 1_000
VERIFY_EVERY = dt.timedelta(days=30)  # no rule names an interval; so often the desk asks for it


def settled() -> int:
    """The entry number up to which no honest entry can still appear, or 0.

    Numbers are taken when an entry is written and show when its transaction commits, so a lower one may come after a
    higher one was sealed; but not a day later. Reckoned from the last sealing, not from now: while the sealer stands
    still, late entries wait for it without becoming suspect.
    """
    last = Segment.objects.order_by("-number").first()
    if last is None:
        return 0
    old = Segment.objects.filter(sealed_at__lte=last.sealed_at - OPEN_AT_MOST).order_by("-number")
    return old.values_list("highest_entry", flat=True).first() or 0


def unsealed() -> QuerySet[Entry]:
    """Entries without a seal. Bound it by ``pk__gt=settled()``: the whole table is long."""
    return Entry.objects.filter(~Exists(Seal.objects.filter(entry_id=OuterRef("pk"))))


def first_at(*, event: str, targets: Iterable[Model], actor: Any) -> dt.datetime | None:
    """When somebody first did this to one of these rows, which are of one table."""
    rows = list(targets)
    entries = Entry.objects.filter(event=event, target_id__in=[str(row.pk) for row in rows], actor_id=actor.pk)
    labels = {row._meta.label_lower for row in rows}
    moment: dt.datetime | None = entries.filter(target_label__in=labels).aggregate(first=Min("at"))["first"]
    return moment


@dataclass(frozen=True)
class Sealing:
    """How far the chain reaches."""

    last: Segment | None
    waiting: int  # entries not yet sealed, counted up to MANY + 1


def sealing() -> Sealing:
    """The last segment, and how many entries wait for the next one."""
    waiting = unsealed().filter(pk__gt=settled())[: MANY + 1].count()
    return Sealing(last=Segment.objects.order_by("-number").first(), waiting=waiting)


def last_verification() -> Entry | None:
    """The entry of the latest verification from the screen; its data names the first broken entry, if there was one."""
    return Entry.objects.filter(event=Event.VERIFIED).order_by("-at", "-pk").first()


def log(
    *,
    event: str = "",
    actor: str = "",
    target: tuple[str, str] | None = None,
    since: dt.date | None = None,
    until: dt.date | None = None,
) -> QuerySet[Entry]:
    """The entries that fit, the newest first; page through them with older().

    actor: the name as the entry keeps it. target: label and number, e.g. ``("people.cadre", "15")``. since, until: the
    office's calendar days, both included.
    """
    entries = Entry.objects.order_by("-at", "-pk")
    if event:
        entries = entries.filter(event=event)
    if actor:
        entries = entries.filter(actor_name=actor)
    if target:
        entries = entries.filter(target_label=target[0], target_id=target[1])
    if since:
        entries = entries.filter(at__gte=_midnight(since))
    if until:
        entries = entries.filter(at__lt=_midnight(until + dt.timedelta(days=1)))
    return entries


def older(entries: QuerySet[Entry], *, than: Entry) -> QuerySet[Entry]:
    """The rest of log() behind an entry."""
    return entries.filter(at__lte=than.at).exclude(at=than.at, pk__gte=than.pk)


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))


@cache
def event_names() -> dict[str, Any]:
    """What people call the events of all rooms, by code: each room's enums.py has a class Event."""
    return {
        event.value: event.label
        for module in modules("enums")
        if hasattr(module, "Event")  # a room without acts of its own has choices only
        for event in module.Event
    }
