"""Long work of the exams room."""

from __future__ import annotations

import logging
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.offers import clock
from foundation.offers.types import Handler, Progress, Refused
from learning.exams import actions, rules
from learning.exams.enums import State
from learning.exams.models import Sitting

log = logging.getLogger(__name__)

MOST = 1_000  # in one job; the next one comes in half a minute


def submit_overdue(*, actor: Any, progress: Progress) -> None:
    """Hand in every sitting whose time is up (every half minute, by beat). Safe to run twice.

    Raises Refused with their number at the end if some could not be handed in; the log names them.
    """
    now = clock.now()
    late = Sitting.objects.filter(state=State.IN_PROGRESS, deadline__lt=now - rules.COLLECT_AFTER).order_by("deadline")
    found = list(late[:MOST])
    failed = 0
    for done, sitting in enumerate(found, start=1):
        try:
            actions.submit_if_overdue(sitting=sitting, now=now)
        except Exception:  # whatever is wrong with one paper, everybody else's is collected
            log.exception("sitting %s could not be handed in", sitting.pk)
            failed += 1
        progress(done, len(found))
    if failed:
        raise Refused("not_all", gettext("有 %(n)s 份试卷没有收上，其余已收；请系统管理员查看日志。") % {"n": failed})


HANDLERS = [Handler(kind="exams.submit_overdue", title=_("收取到时的试卷"), run=submit_overdue)]
