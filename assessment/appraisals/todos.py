"""What the annual appraisal asks of people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from assessment.appraisals.enums import Stage
from assessment.appraisals.models import AppraisalCycle
from assessment.appraisals.queries import notices, to_review
from foundation.offers.types import Todo
from foundation.people.scope import visible


def due(user: Any, today: dt.date) -> Iterator[Todo]:
    """Reviews to write, grades to decide, notices to end, notices to read."""
    people = to_review(user, today).aggregate(all=Count("pk"), done=Count("pk", filter=~Q(reviewed_at=None)))
    if people["all"] > people["done"]:
        yield Todo(
            title=_("写年度考核评语、提出建议等次"),
            url=reverse("appraisals:review"),
            action=_("去评鉴"),
            icon="pencil",
            progress=(people["done"], people["all"]),
        )
    for cycle in _with_counts(visible(user, AppraisalCycle, action="decide").filter(stage=Stage.OPEN)):
        if cycle.ready > cycle.decided:
            yield Todo(
                title=_("确定等次：%(cycle)s") % {"cycle": cycle},
                url=reverse("appraisals:committee_cycle", args=[cycle.pk]),
                action=_("去确定"),
                icon="users",
                progress=(cycle.decided, cycle.people),
            )
    for cycle in _with_counts(visible(user, AppraisalCycle, action="manage").exclude(stage=Stage.FINAL)):
        url = reverse("appraisals_admin:cycle", args=[cycle.pk])
        if cycle.is_open and cycle.decided == cycle.people:
            yield Todo(title=_("等次已全部确定，可以公示：%(cycle)s") % {"cycle": cycle}, url=url, action=_("去公示"))
        elif cycle.is_notice_over(today):
            yield Todo(title=_("公示期满，可以确认结果：%(cycle)s") % {"cycle": cycle}, url=url, action=_("去确认"))
    for cycle in notices(user):
        if cycle.is_notice_over(today):
            continue  # whoever had something to object had the time
        yield Todo(
            title=_("优秀等次公示：%(cycle)s") % {"cycle": cycle},
            url=reverse("appraisals:notice", args=[cycle.pk]),
            action=_("查看公示"),
            icon="speakerphone",
            due=cycle.notice_to,
        )


def _with_counts(cycles: Any) -> Any:
    return cycles.select_related("unit").annotate(
        people=Count("appraisals"),
        ready=Count("appraisals", filter=~Q(appraisals__reviewed_at=None)),
        decided=Count("appraisals", filter=~Q(appraisals__decided_at=None)),
    )
