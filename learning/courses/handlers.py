"""Long work of the courses room."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from foundation.offers import clock
from foundation.offers.types import Handler, Progress
from learning.courses import actions, queries

MOST = 1_000  # in one job; the next one comes in a minute


def settle_completions(*, actor: Any, progress: Progress) -> None:
    """Complete courses whose quiz was handed in by the clock (every minute, by beat). Safe to run twice."""
    today = clock.today()
    found = list(queries.passed_but_open()[:MOST])
    for done, enrolment in enumerate(found, start=1):
        actions.settle(enrolment=enrolment, today=today, actor=None)
        progress(done, len(found))


HANDLERS = [Handler(kind="courses.settle_completions", title=_("结算完成的课程"), run=settle_completions)]
