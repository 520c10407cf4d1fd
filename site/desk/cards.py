"""What my desk shows beside the to-dos: courses to go on with, the latest results, the latest notices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from assessment.appraisals.enums import Stage
from assessment.appraisals.queries import mine
from desk.templatetags.desk import plain
from foundation.notices.queries import notices_of
from foundation.people.models import Cadre
from learning.courses.queries import due_courses, standings
from learning.exams.queries import released

COURSES = RESULTS = NOTICES = 3


@dataclass(frozen=True)
class Result:
    """A line of 最近结果. kind: of its chip (ui/spec.md 5.8); a grade is never green or red."""

    title: str
    url: str
    kind: str
    icon: str
    words: str


def desk_cards(account: Any) -> dict[str, Any]:
    """The cards of one person; for somebody who is not on the roster only their notices."""
    cadre = getattr(account, "cadre", None)
    return {
        "learning": _begun(cadre) if cadre else [],
        "results": _results(cadre, account) if cadre else [],
        "notices": notices_of(account)[:NOTICES],
    }


def _begun(cadre: Cadre) -> list[Any]:
    """Courses that the person is in the middle of, the latest begun first."""
    found = due_courses(cadre).filter(enrolments__cadre=cadre).order_by("-enrolments__pk")
    return standings(cadre, found[:COURSES])


def _results(cadre: Cadre, account: Any) -> list[Result]:
    """The latest appraisal whose result stands, and the latest marked papers."""
    year = mine(account).filter(cycle__stage=Stage.FINAL, reopened_on=None)[:1]
    lines = [
        Result(
            title=_("%(year)s 年度考核") % {"year": one.year},
            url=reverse("appraisals:mine"),
            kind="act",
            icon="",
            words=_("等次：%(grade)s") % {"grade": one.get_grade_display()},
        )
        for one in year
    ]
    for sitting in released(cadre)[: RESULTS - len(lines)]:
        words = _("%(n)s 分 合格") if sitting.is_passed else _("%(n)s 分 不合格")
        lines.append(
            Result(
                title=sitting.exam.title,
                url=reverse("exams:result", args=[sitting.pk]),
                kind="ok" if sitting.is_passed else "err",
                icon="check" if sitting.is_passed else "alert-circle",
                words=words % {"n": plain(sitting.percent)},
            )
        )
    return lines
