"""Writes to courses: planting the index, coming along in a course, completing it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.models import Permission
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import GroupPagePermission, Page

from content.models import HomePage
from foundation.audit.record import record
from foundation.offers.types import Refused
from foundation.people.actions import role_group
from foundation.people.enums import Role
from foundation.people.models import Cadre
from foundation.rulebook.queries import parameter
from learning.courses import queries, rules
from learning.courses.enums import Event
from learning.courses.models import Completion, CourseIndexPage, CoursePage, Enrolment, Lesson, LessonProgress
from learning.exams import actions as exams
from learning.exams.models import Sitting
from learning.hours import actions as hours
from learning.hours.enums import Delivery, Kind

TRAINERS_ON_PAGES = ("add_page", "change_page", "publish_page")
RULE_VERSION = "rules.md C1-8"


def plant_courses(*, actor: Any) -> CourseIndexPage:
    """Put the courses' page under the portal's home and let trainers work there; again changes nothing.

    Banks and exams need no grant here: their back-office pages ask for the role itself.
    Raises Refused (no_home) while the portal has not been planted.
    """
    with transaction.atomic():
        Page.objects.select_for_update().get(depth=1)
        index = CourseIndexPage.objects.first()
        if index is None:
            home = HomePage.objects.first()
            if home is None:
                raise Refused("no_home", _("门户还没有初始化，请先建立门户首页。"))
            index = CourseIndexPage(title="课程", slug="courses", live=False, owner=actor)
            home.add_child(instance=index)
            index.save_revision(user=actor).publish(user=actor, skip_permission_checks=True)
            record(Event.PLANTED, target=index, actor=actor)
        group = role_group(Role.TRAINER)
        for permission in Permission.objects.filter(
            content_type__app_label="wagtailcore", codename__in=TRAINERS_ON_PAGES
        ):
            GroupPagePermission.objects.get_or_create(group=group, page_id=index.pk, permission=permission)
    return index


def open_lesson(*, lesson: Lesson, cadre: Cadre, now: dt.datetime, actor: Any) -> LessonProgress:
    """Come to a lesson; the first one of a course enrols the person."""
    with transaction.atomic():
        enrolment, begun = Enrolment.objects.get_or_create(
            course=lesson.course, cadre=cadre, defaults={"began_at": now}
        )
        if begun:
            record(Event.BEGUN, target=enrolment, actor=actor, course=lesson.course_id)
        progress, _opened = LessonProgress.objects.get_or_create(
            cadre=cadre,
            lesson=lesson,
            defaults={"opened_at": now, "course": lesson.course, "lesson_title": lesson.title},
        )
    return progress


def mark_read(*, progress: LessonProgress, now: dt.datetime, today: dt.date, actor: Any) -> Completion | None:
    """我已读完. Returns the completion if this was the last thing left.

    Raises Refused: withdrawn; too_soon, before the shortest reading time (the organ's own is parameter
    C3-7.reading_minutes).
    """
    _refuse_withdrawn(progress.course)
    minutes = parameter("C3-7.reading_minutes", on=today)
    from_then = rules.readable_at(progress.opened_at, minutes)
    if progress.read_at is None and now < from_then:
        told = {"n": minutes, "time": f"{timezone.localtime(from_then):%H:%M:%S}"}
        if minutes:
            raise Refused("too_soon", _("每课时至少阅读 %(n)s 分钟，%(time)s 起可以确认读完。") % told)
        raise Refused("too_soon", _("本讲刚刚打开，请读完后再确认，%(time)s 起可以确认读完。") % told)
    with transaction.atomic():
        held = LessonProgress.objects.select_for_update().get(pk=progress.pk)
        if held.read_at is None:
            held.read_at = now
            held.save(update_fields=["read_at"])
            record(Event.LESSON_READ, target=held, actor=actor, cadre=held.cadre_id, lesson=held.lesson_id)
        enrolment = Enrolment.objects.select_related("course__quiz", "cadre").get(
            course=progress.course, cadre=progress.cadre
        )
        return settle(enrolment=enrolment, actor=actor)


def start_quiz(*, course: CoursePage, cadre: Cadre, now: dt.datetime, actor: Any, return_url: str) -> Sitting:
    """Sit the course's quiz; who goes straight to it is enrolled by that.

    Raises Refused: withdrawn, no_quiz, and what exams.start_sitting refuses.
    """
    _refuse_withdrawn(course)
    if course.quiz is None:
        raise Refused("no_quiz", _("这门课程没有测验。"))
    with transaction.atomic():
        enrolment, begun = Enrolment.objects.get_or_create(course=course, cadre=cadre, defaults={"began_at": now})
        if begun:
            record(Event.BEGUN, target=enrolment, actor=actor, course=course.pk)
        return exams.start_sitting(
            exam=course.quiz, cadre=cadre, now=now, actor=actor, source=enrolment.ref, return_url=return_url
        )


def _refuse_withdrawn(course: CoursePage) -> None:
    if not course.live:
        raise Refused("withdrawn", _("这门课程已经下架，学习记录保留，不能继续学习。"))


def settle(*, enrolment: Enrolment, actor: Any) -> Completion | None:
    """Complete the course if nothing is left, and credit its hours once; None while something is.

    Completed on, and hours of, the day on which the last thing was done, however much later somebody comes to say so.
    Safe to call again and again: after a lesson read, a quiz handed in, at each look at the course, and by the job.
    """
    with transaction.atomic():
        Enrolment.objects.select_for_update().get(pk=enrolment.pk)
        held = Completion.objects.filter(enrolment=enrolment).first()
        if held is not None:
            return held
        course = enrolment.course
        standing = queries.standing(enrolment.cadre, course)
        if not standing.is_complete or standing.last_done_at is None:
            return None
        ended_on = timezone.localtime(standing.last_done_at).date()
        best = standing.quiz.best if standing.quiz else None
        entry = hours.credit(
            cadre=enrolment.cadre,
            class_hours=course.class_hours,
            kind=Kind(course.kind),
            delivery=Delivery.ONLINE,
            source=enrolment.ref,
            evidence={
                "course": course.pk,
                "lessons": [lesson.title for lesson in standing.lessons],
                "quiz_best": best,
                "sittings": [sitting.pk for sitting in standing.sittings],
            },
            rule_version=RULE_VERSION,
            ended_on=ended_on,
            actor=actor,
        )
        completion = Completion.objects.create(enrolment=enrolment, completed_on=ended_on, hour_entry=entry)
        record(Event.COMPLETED, target=completion, actor=actor, course=course.pk, hour_entry=entry.pk)
    return completion
