"""The demo's banks, courses, sittings and class hours, through the actions that people use."""

from __future__ import annotations

import datetime as dt
import json
import random
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.urls import reverse
from django.utils import timezone

from content.models import StudyMaterialPage
from demo.office import PEOPLE, Days, at_work
from foundation.offers.types import Ref
from foundation.people.enums import Category
from foundation.people.models import Cadre
from learning.courses import actions as courses
from learning.courses.enums import Obligation
from learning.courses.models import CoursePage, Enrolment, Lesson
from learning.exams import actions as exams
from learning.exams.models import Exam, SittingSlot
from learning.hours import actions as hours
from learning.hours.enums import Delivery, Kind
from learning.hours.rules import RULE_VERSION
from learning.questions.actions import import_questions
from learning.questions.enums import Kind as QuestionKind
from learning.questions.models import Bank
from learning.questions.rules import LETTERS, Draft

DATA = Path(__file__).with_name("data")
SEED = 20260702
QUESTIONS = 10  # of a quiz; six right ones pass
CLASS = "demo.class"  # what gave the hours of a class that no room keeps yet


def load_learning(days: Days, actor: Any) -> None:
    """Banks, the two courses, and who has learnt what, this year and the last."""
    told = json.loads((DATA / "learning.json").read_text(encoding="utf-8"))
    fill_banks(told["banks"], actor)
    index = courses.plant_courses(actor=actor)
    required, elective = (_course(row, index, days, actor) for row in told["courses"])
    pick = random.Random(SEED)
    learners = _learners()
    _classes(told["classes"], days, learners, pick, actor)
    _study(required, elective, days, learners, pick)


def drafts() -> list[Draft]:
    """All questions of demo/data/questions.json; topic: the statute's name."""
    return [
        Draft(
            kind=QuestionKind(item["kind"]),
            stem=item["stem"],
            options=tuple(item["options"]),
            key=tuple(item["key"]),
            marks=Decimal(2),
            explanation=item["explanation"],
            source=item["source"],
            topic=item["source"].partition("第")[0],
        )
        for item in json.loads((DATA / "questions.json").read_text(encoding="utf-8"))
    ]


def fill_banks(banks: dict[str, str], actor: Any) -> None:
    """Each statute's questions into its bank."""
    every = drafts()
    for name in dict.fromkeys(banks.values()):
        mine = [draft for draft in every if banks[draft.topic] == name]
        import_questions(bank_name=name, drafts=mine, file_name="questions.json", actor=actor)


def _course(row: dict[str, Any], index: Any, days: Days, actor: Any) -> CoursePage:
    quiz = Exam(
        title=row["quiz"],
        bank=Bank.objects.get(name=row["bank"]),
        question_count=QUESTIONS,
        minutes=15,
        pass_percent=60,
        created_by=actor,
    )
    exams.save_exam(exam=quiz, actor=actor)
    is_required = row["obligation"] == Obligation.REQUIRED
    course = CoursePage(
        title=row["title"],
        summary=row["summary"],
        class_hours=Decimal(row["class_hours"]),
        obligation=row["obligation"],
        deadline=days.today + dt.timedelta(days=21) if is_required else None,
        quiz=quiz,
        live=False,
        owner=actor,
    )
    for title, slug in row["lessons"]:
        course.lessons.add(Lesson(title=title, material=StudyMaterialPage.objects.get(slug=slug)))
    index.add_child(instance=course)
    course.save_revision(user=actor).publish(user=actor, skip_permission_checks=True)
    return CoursePage.objects.select_related("quiz").get(pk=course.pk)


def _learners() -> list[Cadre]:
    """Civil servants in service with an account, but none of those on the sign-in page: their desk keeps its work."""
    return list(
        Cadre.objects.filter(category=Category.CIVIL_SERVANT, left_on=None, account__isnull=False)
        .exclude(account__username__in=[person.username for person in PEOPLE])
        .select_related("account")
        .order_by("work_number")
    )


def _classes(rows: list[dict[str, Any]], days: Days, learners: list[Cadre], pick: random.Random, actor: Any) -> None:
    """Concentrated training: HR enters who was there."""
    named = list(Cadre.objects.filter(account__username__in=("cadre", "head", "liaison", "hr", "trainer")))
    for number, row in enumerate(rows, start=1):
        if "share" in row:
            ended_on = days.since_settled(row["share"])
        else:
            ended_on = at_work(dt.date(days.finished, row["month"], row["day"]))
        wanted = [one for one in learners if one.title.startswith("副") or "处长" in one.post]
        group = wanted if row["kind"] == Kind.ON_APPOINTMENT else learners
        people = pick.sample(group, row["people"])
        if row.get("named"):
            people += named
        for cadre in people:
            hours.credit(
                cadre=cadre,
                class_hours=Decimal(row["class_hours"]),
                kind=Kind(row["kind"]),
                delivery=Delivery.OFFJOB,
                source=Ref(CLASS, number, row["name"]),
                evidence={"class": row["name"], "roster": "签到表"},
                rule_version=RULE_VERSION,
                ended_on=ended_on,
                actor=actor,
            )


def _study(required: CoursePage, elective: CoursePage, days: Days, learners: list[Cadre], pick: random.Random) -> None:
    """Some completed the elective course last year; in the required one some have passed, some failed, some read on."""
    year = dt.date(days.finished, 1, 10)
    last_year = pick.sample(learners, 8)
    for number, cadre in enumerate(last_year):
        _complete(elective, cadre, at_work(year + dt.timedelta(days=40 * number)), right=[6 + number % 5])
    this_year = pick.sample([one for one in learners if one not in last_year], 32)
    for number, cadre in enumerate(this_year):
        day = days.ago(2 + number % 26)
        if number < 4:
            _complete(elective, cadre, day, right=[7 + number % 3])
        elif number < 16:
            _complete(required, cadre, day, right=[6 + number % 5])
        elif number < 20:
            _complete(required, cadre, day, right=[3 + number % 3, 8])
        elif number < 25:
            _complete(required, cadre, day, right=[2 + number % 4])
        else:
            _read(required, cadre, day, lessons=1)
    for cadre in Cadre.objects.filter(account__username="cadre").select_related("account"):
        _read(required, cadre, days.ago(3), lessons=1)
        _complete(elective, cadre, at_work(dt.date(days.finished, 11, 12)), right=[9])
    # HR's desk has enough on it
    _complete(required, Cadre.objects.select_related("account").get(account__username="hr"), days.ago(9), right=[9])


def _complete(course: CoursePage, cadre: Cadre, day: dt.date, *, right: list[int]) -> None:
    """Read all lessons on a day, then sit the quiz once for each number of right answers."""
    _read(course, cadre, day, lessons=course.lessons.count())
    for number, count in enumerate(right):
        _sit(course, cadre, _at(day, 15 + number), count)
    courses.settle(enrolment=Enrolment.objects.get(course=course, cadre=cadre), actor=cadre.account)


def _read(course: CoursePage, cadre: Cadre, day: dt.date, *, lessons: int) -> None:
    for number, lesson in enumerate(course.lessons.all()[:lessons]):
        progress = courses.open_lesson(lesson=lesson, cadre=cadre, now=_at(day, 9 + number), actor=cadre.account)
        done = _at(day, 9 + number) + dt.timedelta(minutes=35)
        courses.mark_read(progress=progress, now=done, today=day, actor=cadre.account)


def _sit(course: CoursePage, cadre: Cadre, now: dt.datetime, right: int) -> None:
    back = reverse("courses:quiz_result", args=[course.pk])
    sitting = courses.start_quiz(course=course, cadre=cadre, now=now, actor=cadre.account, return_url=back)
    sitting = exams.open_paper(sitting=sitting, actor=cadre.account)
    slots = sitting.slots.select_related("version")
    answers = [
        exams.Answer(sitting.epoch, slot.number, 1, slot.shown_key if slot.number <= right else _wrong(slot))
        for slot in slots
    ]
    exams.save_answers(sitting=sitting, answers=answers, now=now + dt.timedelta(minutes=8))
    exams.submit_sitting(sitting=sitting, now=now + dt.timedelta(minutes=9), actor=cadre.account)


def _wrong(slot: SittingSlot) -> tuple[str, ...]:
    """One letter: of a single choice a wrong one, of a multiple choice too few."""
    if slot.version.kind == QuestionKind.MULTIPLE:
        return (slot.shown_key[0],)
    return (next(letter for letter in LETTERS if letter not in slot.shown_key),)


def _at(day: dt.date, hour: int) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(hour)))
