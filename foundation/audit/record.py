"""The one way into the audit trail."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Model
from django.utils import translation

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
        return Entry.objects.create(
            at=clock.now(),
            event=event,
            actor_id=getattr(actor, "pk", None),
            actor_name=str(actor) if actor is not None else "",
            target_label=target._meta.label_lower,
            target_id=str(target.pk),
            target_name=str(target)[:255],
            data=data,
        )
