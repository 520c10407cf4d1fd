"""Long work of the audit room."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.audit import actions
from foundation.audit.enums import Event
from foundation.audit.models import Entry
from foundation.audit.record import record
from foundation.audit.verification import verify
from foundation.offers import clock
from foundation.offers.types import Handler, Progress, Refused


def seal(*, actor: Any, progress: Progress) -> None:
    """Seal what was written since the last time (every minute, by beat)."""
    actions.seal(now=clock.now())


def verify_chain(*, actor: Any, progress: Progress) -> None:
    """Verify the whole trail; the finding is the job's message, and an entry of its own.

    Needs no scope: it tells numbers of entries, nothing of what they say.
    """
    found = verify(progress=progress)
    with transaction.atomic():
        record(
            Event.VERIFIED,
            target=Entry.objects.latest("pk"),  # the job's own start was recorded: there is one
            actor=actor,
            entries=found.entries,
            sealed=found.sealed,
            first_broken=found.first_broken,
        )
    if found.faults:
        raise Refused("audit_broken", _("审计链不完整。%(fault)s。") % {"fault": found.faults[0]})
    counts = {"entries": found.entries, "sealed": found.sealed}
    progress(1, 1, _("审计链完整：共 %(entries)s 条记录，其中 %(sealed)s 条已封存，与导出的链头一致。") % counts)


HANDLERS = [
    Handler(kind="audit.seal", title=gettext_lazy("封存审计记录"), run=seal),
    Handler(
        kind="audit.verify",
        title=gettext_lazy("验证审计链"),
        run=verify_chain,
        done_url=lambda: reverse("people:audit_log"),
    ),
]
