"""Batches: a text and the people who get it, from the first draft to the last paper. Scope is the caller's business."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.audit.record import record
from foundation.documents.enums import Event
from foundation.documents.models import Batch, Recipient
from foundation.offers import clock
from foundation.offers.types import Ref, Refused

MOST_PEOPLE = 5000


def make_batch(*, kind: str, unit: Ref, actor: Any, **words: Any) -> Batch:
    """A new batch in the name of a unit. words: title, subtitle, honorific, text, signer, year, dated_on."""
    with transaction.atomic():
        batch = Batch.objects.create(
            kind=kind, unit_pk=unit.pk, unit_name=unit.name, made_by=actor, made_at=clock.now(), **words
        )
        record(Event.BATCH_MADE, target=batch, actor=actor, kind=kind, unit=unit.pk)
    return batch


def change_batch(*, batch: Batch, actor: Any, **words: Any) -> None:
    """Write other words. Raises Refused once issuing has begun."""
    with transaction.atomic():
        locked = _open(batch)
        for name, value in words.items():
            setattr(locked, name, value)
        locked.save(update_fields=list(words))
        record(Event.BATCH_CHANGED, target=locked, actor=actor, words=sorted(words))


def add_recipients(*, batch: Batch, people: Iterable[Recipient], actor: Any) -> int:
    """Add people (unsaved recipients); who is there already stays as they were. Returns how many came new.

    Raises Refused once issuing has begun, or for more than MOST_PEOPLE in all.
    """
    with transaction.atomic():
        locked = _open(batch)
        there = set(locked.recipients.values_list("holder_label", "holder_pk"))
        new = []
        for person in people:
            if (person.holder_label, person.holder_pk) not in there:
                there.add((person.holder_label, person.holder_pk))
                person.batch = locked
                new.append(person)
        if len(there) > MOST_PEOPLE:
            raise Refused("too_many", _("一个批次最多 %(n)s 人，请分成几个批次。") % {"n": MOST_PEOPLE})
        Recipient.objects.bulk_create(new, batch_size=500)
        if new:
            record(Event.BATCH_CHANGED, target=locked, actor=actor, added=[person.holder_pk for person in new])
    return len(new)


def remove_recipient(*, batch: Batch, recipient: int, actor: Any) -> None:
    """Take a person out again; one that somebody else took out is out. Raises Refused once issuing has begun."""
    with transaction.atomic():
        locked = _open(batch)
        person = locked.recipients.filter(pk=recipient).first()
        if person is not None:
            person.delete()
            record(Event.BATCH_CHANGED, target=locked, actor=actor, removed=[person.holder_pk])


def close_batch(*, batch: Batch, actor: Any) -> Batch:
    """Let words and people stand, for issuing; a closed one stays as it is. Raises Refused where nobody is in it."""
    with transaction.atomic():
        locked = Batch.objects.select_for_update().get(pk=batch.pk)
        if locked.is_closed:
            return locked
        people = locked.recipients.count()
        if not people:
            raise Refused("nobody", _("还没有人员。请先添加人员，再签发。"))
        locked.closed_at = clock.now()
        locked.save(update_fields=["closed_at"])
        record(Event.BATCH_CLOSED, target=locked, actor=actor, people=people)
    return locked


def discard_batch(*, batch: Batch, actor: Any) -> None:
    """Delete a draft. Raises Refused once issuing has begun: papers rest on it."""
    with transaction.atomic():
        locked = _open(batch)
        record(Event.BATCH_DISCARDED, target=locked, actor=actor)
        locked.delete()


def _open(batch: Batch) -> Batch:
    locked = Batch.objects.select_for_update().filter(pk=batch.pk).first()
    if locked is None:
        raise Refused("discarded", _("这个批次已经删除。"))
    if locked.is_closed:
        raise Refused("batch_closed", _("这个批次已经签发，不能再修改。需要更正的，到文书登记里逐份重新签发。"))
    return locked
