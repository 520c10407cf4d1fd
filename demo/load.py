"""Loading the demo office into an empty installation."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from wagtail.rich_text import RichText

from assessment.appraisals.actions import open_cycle
from content.actions import import_material, plant_site
from content.enums import ColumnKind
from content.models import ColumnPage, NewsPage, StudyMaterialPage
from demo.office import OFFICE, PASSWORD, PEOPLE, SECTIONS, rows
from foundation.people import actions as people
from foundation.people.careers import take_roster
from foundation.people.models import Account, Cadre, OpenItem, Unit
from foundation.rulebook.actions import set_value
from learning.courses.actions import plant_courses
from learning.courses.enums import Obligation
from learning.courses.models import CoursePage, Lesson
from learning.exams.actions import save_exam
from learning.exams.models import Exam
from learning.questions.actions import import_questions
from learning.questions.enums import Kind
from learning.questions.models import Bank
from learning.questions.rules import Draft

LESSONS = [
    ("学习机关事务管理条例", "office-affairs-administration-2012"),
    ("学习公共机构节能条例", "public-institution-energy-saving-2017"),
]
DATA = Path(__file__).with_name("data")


def load(*, today: dt.date, actor: Any) -> bool:
    """Load the demo office; False where there is any unit already: it is never mixed into somebody's data."""
    if Unit.objects.exists():
        return False
    with transaction.atomic():
        _people(today, actor)
        plant_site(office=OFFICE, actor=actor)
        _content(today, actor)
        _learning(today, actor)
        _assessment(today)
    return True


def _people(today: dt.date, actor: Any) -> None:
    founded = dt.date(today.year - 3, 1, 1)
    office = people.create_unit(name=OFFICE, parent=None, on=founded, actor=actor)
    units = {name: people.create_unit(name=name, parent=office, on=founded, actor=actor) for name in SECTIONS}
    hashed = make_password(PASSWORD)
    accounts = {
        person.username: Account.objects.create(username=person.username, name=person.name, password=hashed)
        for person in PEOPLE
    }
    cadres = Cadre.objects.bulk_create(
        Cadre(unit=units[str(row.pop("section"))], account=accounts.get(str(row.pop("username"))), **row)
        for row in rows(today)
    )
    take_roster(cadres=cadres, on=founded)
    set_value(
        code="H1.second_factor",
        value="off",
        unit=None,
        valid_from=founded,
        valid_to=None,
        citation="演示机关：所有人用同一个公开的密码，动态码没有意义",
        today=today,
        actor=actor,
    )
    for person in PEOPLE:
        unit = units[person.section] if person.own_section else office
        for role in person.roles:
            people.grant_role(account=accounts[person.username], role=role, unit=unit, valid_from=founded, actor=actor)


def _content(today: dt.date, actor: Any) -> None:
    for path in sorted((DATA / "materials").glob("*.md")):
        import_material(text=path.read_text(encoding="utf-8"), slug=path.stem, source="", actor=actor)
    column = ColumnPage.objects.get(kind=ColumnKind.NEWS)
    for item in json.loads((DATA / "news.json").read_text(encoding="utf-8")):
        page = NewsPage(
            title=item["title"].replace("2026", str(today.year)),
            date=today - dt.timedelta(days=item["days_ago"]),
            source=item["source"],
            summary=item["summary"],
            body=[("formatted_text", RichText(item["body"]))],
            live=False,
        )
        column.add_child(instance=page)
        page.save_revision(user=actor).publish(user=actor, skip_permission_checks=True)


def _learning(today: dt.date, actor: Any) -> None:
    drafts = [
        Draft(
            kind=Kind(item["kind"]),
            stem=item["stem"],
            options=tuple(item["options"]),
            key=tuple(item["key"]),
            marks=Decimal(2),
            explanation=item["explanation"],
            source=item["source"],
            topic="机关事务管理",
        )
        for item in json.loads((DATA / "questions.json").read_text(encoding="utf-8"))
    ]
    import_questions(bank_name="机关事务管理条例题库", drafts=drafts, file_name="questions.json", actor=actor)
    quiz = Exam(
        title="机关事务管理条例测验",
        bank=Bank.objects.get(name="机关事务管理条例题库"),
        question_count=10,
        minutes=15,
        pass_percent=60,
        created_by=actor,
    )
    save_exam(exam=quiz, actor=actor)
    index = plant_courses(actor=actor)
    course = CoursePage(
        title="机关事务管理条例学习",
        summary="机关事务工作的基本法规：经费、资产、办公用房、公务用车、后勤服务和公务接待怎么管。",
        class_hours=Decimal(2),
        obligation=Obligation.REQUIRED,
        deadline=today + dt.timedelta(days=21),
        quiz=quiz,
        live=False,
        owner=actor,
    )
    for title, slug in LESSONS:
        course.lessons.add(Lesson(title=title, material=StudyMaterialPage.objects.get(slug=slug)))
    index.add_child(instance=course)
    course.save_revision(user=actor).publish(user=actor, skip_permission_checks=True)


def _assessment(today: dt.date) -> None:
    """This year's appraisal of 综合保障处 is open: its head has people to review."""
    hr = Account.objects.get(username="hr")
    open_cycle(year=today.year, unit=Unit.objects.get(name="综合保障处"), actor=hr, today=today)
    for name, remark in (("办公室", "挂职锻炼"), ("资产管理处", "病假7个月")):
        somebody = Cadre.objects.filter(unit__name=name, account=None)[0]
        OpenItem.objects.create(cadre=somebody, remark=remark)
