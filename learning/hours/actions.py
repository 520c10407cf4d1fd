"""Writes to the ledger of class hours."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction

from foundation.audit.record import record
from foundation.offers import clock
from foundation.offers.types import Ref
from foundation.people.models import Cadre
from learning.hours.enums import Delivery, Event, Kind
from learning.hours.models import HourEntry


def credit(
    *,
    cadre: Cadre,
    class_hours: Decimal,
    kind: Kind,
    delivery: Delivery,
    source: Ref,
    evidence: dict[str, Any],
    rule_version: str,
    ended_on: dt.date,
    actor: Any,
) -> HourEntry:
    """Enter class hours, once for a person and a source.

    Called again, also at the same moment by another process, it returns the entry that stands: the database's unique
    key decides the race. source: what gave the hours. evidence: plain JSON facts that show they were earned.
    """
    with transaction.atomic():
        entry, created = HourEntry.objects.get_or_create(
            cadre=cadre,
            source_label=source.label,
            source_pk=source.pk,
            reverses=None,
            defaults={
                "class_hours": class_hours,
                "kind": kind,
                "delivery": delivery,
                "source_name": source.name[:255],
                "evidence": evidence,
                "rule_version": rule_version,
                "ended_on": ended_on,
                "credited_at": clock.now(),
            },
        )
        if created:
            record(
                Event.CREDITED,
                target=entry,
                actor=actor,
                cadre=cadre.pk,
                class_hours=str(class_hours),
                source=f"{source.label}:{source.pk}",
            )
    return entry
