"""Reading courses: where a person stands, in one course or in many at once."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When

from foundation.people.models import Cadre
from learning.courses import rules
from learning.courses.enums import Obligation
from learning.courses.models import Completion, CoursePage, Enrolment, Lesson, LessonProgress
from learning.exams.enums import State
from learning.exams.models import Sitting


@dataclass(frozen=True)
class Standing:
    """A person in a course.

    enrolment: None before the first lesson. read: when each lesson that was read was, by its id. sittings: of the quiz,
    newest first.
    """

    course: CoursePage
    enrolment: Enrolment | None
    lessons: list[Lesson]
    read: Mapping[int, dt.datetime]
    sittings: list[Sitting]
    completed_on: dt.date | None

    @property
    def quiz(self) -> rules.QuizStanding | None:
        if self.course.quiz is None:
            return None
        released = [sitting for sitting in self.sittings if sitting.is_released]
        return rules.QuizStanding(
            pass_percent=self.course.quiz.pass_percent,
            best=max((sitting.percent for sitting in released), default=None),
            is_passed=any(sitting.is_passed for sitting in released),
        )

    @property
    def items(self) -> list[rules.Item]:
        """The checklist."""
        return rules.checklist(len(self.read), len(self.lessons), self.quiz)

    @property
    def is_complete(self) -> bool:
        """Whether the checklist is done: hours are due, or credited already."""
        return rules.is_complete(self.items)

    @property
    def last_done_at(self) -> dt.datetime | None:
        """When the last lesson was read or the quiz first passed, whichever came later; None while nothing is done."""
        passed = [sitting.submitted_at for sitting in self.sittings if sitting.is_passed and sitting.submitted_at]
        return max([*self.read.values(), *passed[-1:]], default=None)

    @property
    def progress(self) -> tuple[int, int]:
        """Steps done, and all: each lesson is one, and so is the quiz."""
        done = len(self.read) + bool(self.quiz and self.quiz.is_passed)
        return done, len(self.lessons) + bool(self.quiz)

    @property
    def next_lesson(self) -> Lesson | None:
        """The first lesson that is not read yet."""
        return next((lesson for lesson in self.lessons if lesson.pk not in self.read), None)

    @property
    def open_sitting(self) -> Sitting | None:
        """The quiz that the person is in right now."""
        return next((sitting for sitting in self.sittings if sitting.is_in_progress), None)

    @property
    def may_retry(self) -> bool:
        """Whether an attempt at the quiz is left."""
        return self.course.quiz is not None and len(self.sittings) < self.course.quiz.max_attempts


def courses_for(cadre: Cadre) -> QuerySet[CoursePage]:
    """Courses that the person may open: the published ones, and withdrawn ones that they have begun."""
    return CoursePage.objects.filter(
        Q(live=True) | Q(pk__in=Enrolment.objects.filter(cadre=cadre).values("course"))
    ).select_related("quiz")


def due_courses(cadre: Cadre) -> QuerySet[CoursePage]:
    """Published courses that the person has to take or has begun, and has not completed."""
    mine = Enrolment.objects.filter(cadre=cadre)
    return (
        CoursePage.objects.live()
        .filter(Q(obligation=Obligation.REQUIRED) | Q(pk__in=mine.values("course")))
        .exclude(pk__in=mine.filter(completion__isnull=False).values("course"))
        .select_related("quiz")
    )


def recommended(cadre: Cadre) -> QuerySet[CoursePage]:
    """Published courses that the person has not completed: required ones first, by deadline, then the newest."""
    done = Completion.objects.filter(enrolment__cadre=cadre).values("enrolment__course")
    is_elective = Case(When(obligation=Obligation.REQUIRED, then=Value(0)), default=Value(1))
    return (
        CoursePage.objects.live().exclude(pk__in=done).order_by(is_elective, F("deadline").asc(nulls_last=True), "-pk")
    )


def standings(cadre: Cadre, courses: Iterable[CoursePage]) -> list[Standing]:
    """Where the person stands in each course, in the order given; always the same few queries."""
    courses = list(courses)
    enrolments = {e.course_id: e for e in Enrolment.objects.filter(cadre=cadre, course__in=courses)}
    completions = dict(
        Completion.objects.filter(enrolment__in=enrolments.values()).values_list("enrolment__course", "completed_on")
    )
    lessons = defaultdict(list)
    for lesson in Lesson.objects.filter(course__in=courses).order_by("course", "sort_order"):
        lessons[lesson.course_id].append(lesson)
    read: defaultdict[int, dict[int, dt.datetime]] = defaultdict(dict)
    for course, lesson_id, read_at in LessonProgress.objects.filter(
        cadre=cadre, lesson__course__in=courses
    ).values_list("lesson__course", "lesson", "read_at"):
        if read_at is not None:
            read[course][lesson_id] = read_at
    sittings = defaultdict(list)
    by_enrolment = {enrolment.pk: course for course, enrolment in enrolments.items()}
    for sitting in Sitting.objects.filter(
        cadre=cadre, source_label=Enrolment._meta.label_lower, source_pk__in=by_enrolment
    ).order_by("-number"):
        sittings[by_enrolment[sitting.source_pk]].append(sitting)
    return [
        Standing(
            course=course,
            enrolment=enrolments.get(course.pk),
            lessons=lessons[course.pk],
            read=read[course.pk],
            sittings=[sitting for sitting in sittings[course.pk] if sitting.exam_id == course.quiz_id],
            completed_on=completions.get(course.pk),
        )
        for course in courses
    ]


def standing(cadre: Cadre, course: CoursePage) -> Standing:
    """Where the person stands in a course."""
    return standings(cadre, [course])[0]


def passed_but_open() -> QuerySet[Enrolment]:
    """Enrolments with nothing left but to say so: all lessons read, the quiz passed (handed in by the clock)."""
    passed = Sitting.objects.filter(
        source_label=Enrolment._meta.label_lower, state=State.RELEASED, is_passed=True
    ).values("source_pk")
    read = LessonProgress.objects.filter(cadre=OuterRef(OuterRef("cadre")), lesson__isnull=False, read_at__isnull=False)
    unread = Lesson.objects.filter(course=OuterRef("course")).exclude(pk__in=read.values("lesson"))
    return Enrolment.objects.filter(~Exists(unread), pk__in=passed, completion=None).select_related(
        "course__quiz", "cadre"
    )
