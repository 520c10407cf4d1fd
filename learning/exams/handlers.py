"""Long work of the exams room."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from foundation.offers import clock
from foundation.offers.types import Handler, Progress
from learning.exams import actions
from learning.exams.enums import State
from learning.exams.models import Sitting

MOST = 1_000  # in one job; the next one comes in half a minute


def submit_overdue(*, actor: Any, progress: Progress) -> None:
    """Hand in every sitting whose time is up (every half minute, by beat). Safe to run twice."""
    now = clock.now()
    late = Sitting.objects.filter(state=State.IN_PROGRESS, deadline__lt=now).select_related("exam").order_by("deadline")
    found = list(late[:MOST])
    for done, sitting in enumerate(found, start=1):
        actions.submit_if_overdue(sitting=sitting, now=now)
        progress(done, len(found))


HANDLERS = [Handler(kind="exams.submit_overdue", title=_("收取到时的试卷"), run=submit_overdue)]
