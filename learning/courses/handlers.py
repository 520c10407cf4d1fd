"""Long work of the courses room."""

from __future__ import annotations

import logging
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.offers.types import Handler, Progress, Refused
from learning.courses import actions, queries

log = logging.getLogger(__name__)

MOST = 1_000  # in one job; the next one comes in a minute


def settle_completions(*, actor: Any, progress: Progress) -> None:
    """Complete courses whose quiz was handed in by the clock (every minute, by beat). Safe to run twice.

    Raises Refused with their number at the end if some could not be settled; the log names them.
    """
    found = list(queries.passed_but_open()[:MOST])
    failed = 0
    for done, enrolment in enumerate(found, start=1):
        try:
            actions.settle(enrolment=enrolment, actor=None)
        except Exception:  # whatever is wrong with one, everybody else's hours are credited
            log.exception("enrolment %s could not be settled", enrolment.pk)
            failed += 1
        progress(done, len(found))
    if failed:
        raise Refused(
            "not_all", gettext("有 %(n)s 人的课程没有结算，其余已结算；请系统管理员查看日志。") % {"n": failed}
        )


HANDLERS = [Handler(kind="courses.settle_completions", title=_("结算完成的课程"), run=settle_completions)]
