"""Proofs of employment: one person, one purpose, one paper."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from foundation.documents.actions import issue
from foundation.documents.batches import add_recipients, close_batch, make_batch
from foundation.documents.models import IssuedDocument
from foundation.offers.types import Ref, Refused
from foundation.people.kinds import DATA, EMPLOYMENT, recipients
from foundation.people.models import Cadre, Unit


def prove_employment(
    *, cadre: Cadre, unit: Unit, text: str, signer: str, dated_on: dt.date, actor: Any
) -> IssuedDocument:
    """Issue the proof in the unit's name, at once; text is its purpose, which may be empty.

    The one in force for the same purpose, signer and day is returned as it is: a button is pressed twice.
    Raises Refused for somebody who had left by that day, and where the paper cannot be drawn; nothing is kept then.
    """
    with transaction.atomic():
        locked = Cadre.objects.select_for_update(of=("self",)).select_related("unit").get(pk=cadre.pk)
        if locked.left_on is not None and locked.left_on <= dated_on:
            left = {"name": locked.name, "day": date_format(locked.left_on)}
            raise Refused("left", _("%(name)s 已于 %(day)s 离开，不能开具在职证明。") % left)
        [person] = recipients([locked], kind=EMPLOYMENT)
        same = {"text": text, "signer": signer, "dated_on": dated_on}
        for document in IssuedDocument.objects.filter(
            kind=EMPLOYMENT, holder_label=person.holder_label, holder_pk=person.holder_pk, revoked_at=None
        ):
            said = {"text": document.data["purpose"], "signer": document.data["signer"]}
            if {**said, "dated_on": dt.date.fromisoformat(document.data["dated_on"])} == same:
                return document
        batch = make_batch(kind=EMPLOYMENT, unit=Ref.to(unit), actor=actor, title="在职证明", **same)
        add_recipients(batch=batch, people=[person], actor=actor)
        batch = close_batch(batch=batch, actor=actor)
        data = DATA[EMPLOYMENT](batch, name=person.holder_name, facts=person.facts)
        return issue(kind=EMPLOYMENT, holder=person.ref, source=Ref.to(batch), data=data, actor=actor)
