"""What happens to pages, in the office's audit trail.

Wagtail writes its own log of pages in one place, with the person who acted, whichever way they came: editor, list of
pages, schedule or import. Its hooks know only requests, and its signal of publishing also speaks of a page that is only
timed. That log can be changed by whoever keeps the database; so what it says of what readers see is said here as well.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from wagtail.models import PageLogEntry

from content.enums import Event
from content.models import PortalPage
from foundation.audit.record import record

EVENTS = {
    "wagtail.publish": Event.PAGE_PUBLISHED,
    "wagtail.publish.scheduled": Event.PAGE_PUBLISHED,
    "wagtail.unpublish": Event.PAGE_UNPUBLISHED,
    "wagtail.unpublish.scheduled": Event.PAGE_UNPUBLISHED,
    "wagtail.delete": Event.PAGE_DELETED,
    "wagtail.move": Event.PAGE_MOVED,
}


def note(*, instance: PageLogEntry, created: bool, raw: bool, **_signal: Any) -> None:
    """Record what Wagtail has just logged of a page of the portal. On a timed page the revision's author acted; of one
    that expired, nobody."""
    if raw or not created or instance.action not in EVENTS:
        return
    model = instance.page.specific_class
    if model is None or not issubclass(model, PortalPage):  # Wagtail's welcome page
        return
    author = instance.revision.user if instance.revision else None
    facts: dict[str, Any] = {"timed": True} if instance.action.endswith(".scheduled") else {}
    if instance.action == "wagtail.move":
        facts = {"before": instance.data["source"]["id"], "after": instance.data["destination"]["id"]}
    page = model(pk=instance.page_id, title=instance.label)
    with transaction.atomic():  # Wagtail publishes without one
        record(EVENTS[instance.action], target=page, actor=instance.user or author, **facts)
