"""Banks, exams, courses and class hours for tests."""

import datetime as dt
from decimal import Decimal

from foundation.offers.types import Ref
from learning.courses.actions import plant_courses
from learning.courses.models import CoursePage, Lesson
from learning.exams import actions as exams_room
from learning.exams.models import Exam
from learning.hours import actions as hours
from learning.hours.enums import Delivery, Kind
from learning.questions import actions as questions_room
from learning.questions.enums import Kind as QuestionKind
from learning.questions.models import Bank
from learning.questions.rules import Draft


def credit(cadre, class_hours="2", *, delivery=Delivery.ONLINE, ended_on=dt.date(2026, 11, 24), source=None):
    """An entry of the ledger."""
    return hours.credit(
        cadre=cadre,
        class_hours=Decimal(class_hours),
        kind=Kind.IN_SERVICE,
        delivery=delivery,
        source=source or Ref("tests.source", 1, "公务用车管理"),
        evidence={"lessons": 2},
        rule_version="C1-8",
        ended_on=ended_on,
        actor=None,
    )


def drafts(count=4, kind=QuestionKind.SINGLE, *, key=("A",), marks="2", label="题"):
    """Good questions of a kind, with four options, or 正确 and 错误."""
    options = ("正确", "错误") if kind == QuestionKind.TRUE_FALSE else ("甲", "乙", "丙", "丁")
    return [
        Draft(
            kind=kind,
            stem=f"{label}{number}",
            options=options,
            key=key,
            marks=Decimal(marks),
            explanation="见条文",
            source="公务用车管理办法",
        )
        for number in range(1, count + 1)
    ]


def bank(name="业务题库", questions=None):
    """A bank with questions; four single choices with the key A unless told."""
    questions_room.import_questions(
        bank_name=name, drafts=drafts() if questions is None else questions, file_name="bank.xlsx", actor=None
    )
    return Bank.objects.get(name=name)


def exam(of=None, **fields):
    """An exam of all four questions of the bank, 20 minutes, pass at 60, two attempts."""
    fields = {"title": "章节测验", "question_count": 4, "minutes": 20, "pass_percent": 60, "max_attempts": 2} | fields
    return exams_room.save_exam(exam=Exam(bank=of or bank(), **fields), actor=None)


def right(sitting):
    """The right answers of a sitting, by slot, in the letters shown."""
    return {slot.number: slot.shown_key for slot in sitting.slots.select_related("version")}


def course(*materials, title="公务用车管理", quiz=None, live=True, **fields):
    """A course with a lesson for each material, published."""
    page = CoursePage(title=title, summary="学什么", quiz=quiz, live=False, **fields)
    page.lessons = [Lesson(title=f"{title}{n}", material=material) for n, material in enumerate(materials, start=1)]
    plant_courses(actor=None).add_child(instance=page)
    if live:
        page.save_revision().publish()
    return CoursePage.objects.get(pk=page.pk)
