"""Courses on the portal: list, course, lesson, quiz. For people on the roster."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from content.models import StudyMaterialPage
from foundation.offers import clock
from foundation.offers.types import Refused
from foundation.people.models import Cadre
from foundation.rulebook.queries import parameter
from learning.courses import actions, queries, rules
from learning.courses.enums import Obligation
from learning.courses.models import Completion, CoursePage, Lesson, LessonProgress
from learning.courses.queries import Standing
from learning.exams import actions as exams
from learning.exams.views import lobby, show_result
from learning.hours.addresses import number_in
from learning.hours.cadre_only import cadre_only

PAGE = 24
ROW, SHORTEST_ROW = 4, 3  # courses on the portal's home (ui/spec.md 7.1)


def _course(cadre: Cadre, pk: int) -> CoursePage:
    return get_object_or_404(queries.courses_for(cadre), id=pk)  # pk, the link to Page, raises for huge numbers


def _lesson(cadre: Cadre, pk: int, lesson: int) -> Lesson:
    return get_object_or_404(
        Lesson.objects.select_related("material"), pk=lesson, course__in=queries.courses_for(cadre).filter(id=pk)
    )


def _is_open_to(request: HttpRequest, material: StudyMaterialPage) -> bool:
    """Whether the person may read the material where it stands: a course is no way round its restrictions."""
    return material.live and all(found.accept_request(request) for found in material.get_view_restrictions())


def _standing(cadre: Cadre, course: CoursePage) -> Standing:
    """Where the person stands, after what the clock has brought: a sitting run out, a course thereby completed."""
    standing = queries.standing(cadre, course)
    if standing.open_sitting is not None:
        exams.submit_if_overdue(sitting=standing.open_sitting, now=clock.now())
        standing = queries.standing(cadre, course)
    if standing.enrolment is not None and standing.completed_on is None and standing.is_complete:
        actions.settle(enrolment=standing.enrolment, actor=None)
        standing = queries.standing(cadre, course)
    return standing


@cadre_only
@require_GET
def courses(request: HttpRequest, *, cadre: Cadre) -> HttpResponse:
    """课程列表, newest first; by keyset, so that it stays quick with many."""
    shown = request.GET.get("show", "")
    found = CoursePage.objects.live().select_related("quiz").order_by("-pk")
    if shown in Obligation.values:
        found = found.filter(obligation=shown)
    before = number_in(request.GET, "before")
    page = list(found.filter(pk__lt=before)[: PAGE + 1] if before is not None else found[: PAGE + 1])
    return render(
        request,
        "courses/list.html",
        {
            "standings": queries.standings(cadre, page[:PAGE]),
            "count": found.count(),
            "next_before": page[PAGE - 1].pk if len(page) > PAGE else None,
            "shown": shown,
            "obligations": Obligation,
            "today": clock.today(),
        },
    )


@cadre_only
@require_GET
def detail(request: HttpRequest, pk: int, *, cadre: Cadre) -> HttpResponse:
    """课程: what it is about, its lessons, and what is left."""
    course = _course(cadre, pk)
    standing = _standing(cadre, course)
    return render(
        request,
        "courses/detail.html",
        {
            "course": course,
            "standing": standing,
            "is_collecting": standing.open_sitting is not None and standing.open_sitting.is_collecting(clock.now()),
            "is_past_deadline": course.is_past_deadline(clock.today()),
        },
    )


@cadre_only
@require_GET
def lesson(request: HttpRequest, pk: int, lesson: int, *, cadre: Cadre) -> HttpResponse:
    """课时: the material, and 「我已读完」. The first lesson opened enrols the person."""
    found = _lesson(cadre, pk, lesson)
    now = clock.now()
    progress = actions.open_lesson(lesson=found, cadre=cadre, now=now, actor=request.user)
    course = _course(cadre, pk)
    standing = queries.standing(cadre, course)
    place = standing.lessons.index(found)
    minutes = parameter("C3-7.reading_minutes", on=clock.today())
    readable_at = rules.readable_at(progress.opened_at, minutes)
    return render(
        request,
        "courses/lesson.html",
        {
            "course": course,
            "standing": standing,
            "lesson": found,
            "page": found.material,
            "is_open": _is_open_to(request, found.material),
            "progress": progress,
            "place": place + 1,
            "previous": standing.lessons[place - 1] if place else None,
            "next": standing.lessons[place + 1] if place + 1 < len(standing.lessons) else None,
            "reading_minutes": minutes,
            "readable_at": readable_at if now < readable_at else None,
        },
    )


@cadre_only
@require_POST
def read(request: HttpRequest, pk: int, lesson: int, *, cadre: Cadre) -> HttpResponse:
    """我已读完: on to the next lesson, or back to the course."""
    found = _lesson(cadre, pk, lesson)
    progress = get_object_or_404(
        LessonProgress.objects.select_related("lesson", "course", "cadre"), cadre=cadre, lesson=found
    )
    if not _is_open_to(request, found.material):
        raise Refused("material_closed", _("这份资料正在修订或没有对你开放，暂时不能确认读完。"))
    completion = actions.mark_read(progress=progress, now=clock.now(), today=clock.today(), actor=request.user)
    if completion is not None:
        _congratulate(request, completion)
        return redirect("courses:detail", pk=pk)
    following = queries.standing(cadre, _course(cadre, pk)).next_lesson
    return redirect("courses:lesson", pk=pk, lesson=following.pk) if following else redirect("courses:detail", pk=pk)


@require_GET
def recommended(request: HttpRequest) -> HttpResponse:
    """推荐课程 on the portal's home: a row of up to four, none of fewer than three, and nothing for people who may not
    open courses."""
    cadre = getattr(request.user, "cadre", None)
    found = list(queries.recommended(cadre)[:ROW]) if cadre else []
    return render(request, "courses/_row.html", {"courses": found if len(found) >= SHORTEST_ROW else []})


@cadre_only
@require_http_methods(["GET", "HEAD", "POST"])
def quiz(request: HttpRequest, pk: int, *, cadre: Cadre) -> HttpResponse:
    """章节测验: the lobby; POST begins."""
    course = _course(cadre, pk)
    if course.quiz is None:
        raise Http404
    if request.method == "POST":
        sitting = actions.start_quiz(
            course=course,
            cadre=cadre,
            now=clock.now(),
            actor=request.user,
            return_url=reverse("courses:quiz_result", args=[pk]),
        )
        return redirect("exams:room", pk=sitting.pk)
    return lobby(
        request,
        exam=course.quiz,
        attempts=_standing(cadre, course).sittings,
        start_url=reverse("courses:quiz", args=[pk]),
        back_url=reverse("courses:detail", args=[pk]),
        back_title=course.title,
    )


@cadre_only
@require_GET
def quiz_result(request: HttpRequest, pk: int, *, cadre: Cadre) -> HttpResponse:
    """Where the exam room sends the candidate: the newest result, and the hours if that completed the course."""
    course = _course(cadre, pk)
    before = queries.standing(cadre, course)
    standing = _standing(cadre, course)
    if standing.open_sitting is not None:
        return redirect("exams:room", pk=standing.open_sitting.pk)
    latest = next((sitting for sitting in standing.sittings if sitting.is_released), None)
    if latest is None:
        return redirect("courses:detail", pk=pk)
    if before.completed_on is None and standing.completed_on is not None:
        _congratulate(request, Completion.objects.get(enrolment=standing.enrolment))
    return show_result(
        request,
        latest,
        back_url=reverse("courses:detail", args=[pk]),
        retry_url=reverse("courses:quiz", args=[pk]) if standing.may_retry and not latest.is_passed else "",
    )


def _congratulate(request: HttpRequest, completion: Completion) -> None:
    hours = f"{completion.hour_entry.class_hours.normalize():f}"
    messages.success(request, _("课程已完成，记入网络培训 %(n)s 学时。") % {"n": hours})
