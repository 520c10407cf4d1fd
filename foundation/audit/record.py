"""The one way into the audit trail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Model
from django.utils import translation

from foundation.audit.enums import Event
from foundation.audit.models import Entry
from foundation.offers import clock


def record(event: str, *, target: Model, actor: Any, **data: Any) -> Entry:
    """Add an entry; called by hand inside the action's transaction, so that both stand or neither.

    event: a value of the room's Event enum, e.g. ``appraisal.decided``. target: a saved row; its name is kept as
    it is now. actor: an account, or None for the system itself. data: plain JSON values, never secrets.
    Raises RuntimeError outside a transaction: an entry without its act, or an act without its entry, would lie.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("audit.record must be called inside the action's transaction")
    with translation.override(settings.LANGUAGE_CODE):  # the trail reads the same whoever acted
        entry = _entry(event, target, actor, data)
    entry.save(force_insert=True)
    return entry


def record_many(entries: Iterable[tuple[str, Model, Mapping[str, Any]]], *, actor: Any) -> int:
    """Add many entries of one act, like an import, in a few statements: (event, target, data) each, as record() takes
    them. Returns how many. Raises RuntimeError outside a transaction."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("audit.record_many must be called inside the action's transaction")
    with translation.override(settings.LANGUAGE_CODE):
        made = [_entry(event, target, actor, dict(data)) for event, target, data in entries]
    Entry.objects.bulk_create(made, batch_size=1000)
    return len(made)


def record_read(*, targets: Iterable[Model], actor: Any, purpose: str, event: str = Event.READ) -> None:
    """Note that a person was shown sensitive rows; called by the view or action that hands them out, before it does.

    One entry a row, in one statement and a transaction of its own: a read changes nothing, so there is no act to stand
    or fall with, but an entry that cannot be written is a read that does not happen. targets: the rows shown (a page
    of them, never a whole table). purpose: why, in the words of the screen. event: the room's own name for this kind
    of reading, where it has one (``document.opened``).
    """
    with transaction.atomic(), translation.override(settings.LANGUAGE_CODE):
        Entry.objects.bulk_create(_entry(event, target, actor, {"purpose": str(purpose)}) for target in targets)


def _entry(event: str, target: Model, actor: Any, data: dict[str, Any]) -> Entry:
    return Entry(
        at=clock.now(),
        event=event,
        actor_id=getattr(actor, "pk", None),
        actor_name=str(actor) if actor is not None else "",
        target_label=target._meta.label_lower,
        target_id=str(target.pk),
        target_name=str(target)[:255],
        data=data,
    )
