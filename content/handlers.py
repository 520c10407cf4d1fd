"""Work on pages that nobody is there to do."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.db import transaction
from django.utils.translation import gettext_lazy

from foundation.offers.types import Handler, Progress

PUBLISH_SCHEDULED = "content.publish_scheduled"


def publish_scheduled(*, actor: Any, progress: Progress) -> None:
    """Publish what editors have timed, and take down what has expired (every minute, by beat): Wagtail's own work.

    All of it or nothing: Wagtail clears a page's date before it saves the page, so a killed worker would forget one.
    """
    with transaction.atomic():
        call_command("publish_scheduled")


HANDLERS = [Handler(kind=PUBLISH_SCHEDULED, title=gettext_lazy("按时发布和撤下页面"), run=publish_scheduled)]
