"""What is due in courses: a quiz that is running, then courses to take or to go on with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.offers import clock
from foundation.offers.types import Todo
from learning.courses import queries


def due(user: Any, today: dt.date) -> Iterator[Todo]:
    """The person's own, if they stand on the roster."""
    cadre = getattr(user, "cadre", None)
    if cadre is None:
        return
    now = clock.now()
    found = queries.standings(cadre, queries.due_courses(cadre))
    for standing in sorted(found, key=lambda standing: standing.open_sitting is None):
        course, sitting = standing.course, standing.open_sitting
        if sitting is not None and sitting.deadline is not None and course.quiz is not None:
            until = timezone.localtime(sitting.deadline)
            is_collecting = sitting.is_collecting(now)
            title = _("%(quiz)s（正在收卷）") if is_collecting else _("%(quiz)s（作答中）")
            yield Todo(
                title=title % {"quiz": course.quiz.title},
                url=reverse("exams:room", args=[sitting.pk]),
                action=_("查看答卷") if is_collecting else _("继续作答"),
                icon="clipboard-check",
                facts=(course.title, _("%(time)s 到时交卷") % {"time": f"{until:%H:%M}"}),
                due=until.date(),
            )
            continue
        facts = [_("%(n)s 学时") % {"n": f"{course.class_hours.normalize():f}"}]
        if course.is_past_deadline(today):
            facts.insert(0, _("已逾期"))
        title = _("必修课：%(title)s") if course.is_required else _("课程：%(title)s")
        yield Todo(
            title=title % {"title": course.title},
            url=reverse("courses:detail", args=[course.pk]),
            action=_("继续学习") if standing.enrolment else _("开始学习"),
            icon="school",
            facts=tuple(facts),
            due=course.deadline,
            progress=standing.progress,
        )
