"""A course from the trainer's editor to the cadre's ledger."""

import datetime as dt
import json
import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupPagePermission, PageViewRestriction
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from foundation.audit.models import Entry
from foundation.jobs import actions as jobs
from foundation.offers import clock
from foundation.offers.types import Refused
from foundation.people.actions import sync_groups
from foundation.people.enums import Role
from foundation.rulebook.models import Value
from learning.courses import actions, queries
from learning.courses.models import Completion, CourseIndexPage, CoursePage, Enrolment, LessonProgress
from learning.courses.rules import SHORTEST_READING
from learning.courses.todos import due
from learning.exams import actions as exams
from learning.exams.models import Exam, Sitting
from learning.hours.models import HourEntry
from learning.questions.models import Bank, Question
from tests.factories.content import material, portal
from tests.factories.learning import bank, course, drafts, exam, right
from tests.factories.people import AccountFactory, CadreFactory, grant, office, section

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 24)
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def bureau():
    portal()
    return section("综合保障处", office())


@pytest.fixture
def zhou(bureau):
    return CadreFactory(name="周立新", unit=bureau, rank="三级主任科员")


@pytest.fixture
def chen(bureau):
    return CadreFactory(name="陈静", unit=bureau, rank="三级主任科员")


@pytest.fixture
def trainer(bureau):
    account = grant(AccountFactory(name="培训员"), Role.TRAINER, bureau)
    sync_groups(account=account)
    return account


def read_all(client, of):
    for lesson in of.lessons.all():
        read_lesson(client, of, lesson)


def read_lesson(client, of, lesson):
    """Open it, and come back when it has been open long enough."""
    client.get(reverse("courses:lesson", args=[of.pk, lesson.pk]))
    with clock.set_to(clock.now() + SHORTEST_READING):
        return client.post(reverse("courses:read", args=[of.pk, lesson.pk]))


def answer(client, sitting, answers):
    steps = [{"epoch": sitting.epoch, "slot": n, "seq": n, "answer": list(letters)} for n, letters in answers.items()]
    return client.post(
        reverse("exams:save", args=[sitting.pk]),
        json.dumps({"epoch": sitting.epoch, "steps": steps}),
        content_type="application/json",
    )


def build_in_the_editor(client, trainer):
    """What a trainer does in the back office: an exam over a bank, and a published course with two lessons."""
    materials = [material("canteen"), material("canteen-2")]
    index = actions.plant_courses(actor=trainer)
    client.force_login(trainer)
    quiz = {"title": "章节测验", "bank": bank().pk, "question_count": 4, "minutes": 20, "pass_percent": 80}
    quiz |= {"max_attempts": 2, "multiple_marking": "all_or_nothing", "grace_seconds": 0}
    client.post(reverse("exams_admin:add"), quiz)
    form = {
        "title": "食堂管理",
        "slug": "canteen",
        "summary": "讲食堂管理办法。",
        "class_hours": "2.5",
        "kind": "in_service",
        "obligation": "required",
        "deadline": "2026-12-31",
        "quiz": Exam.objects.get().pk,
        "lessons": inline_formset(
            [{"title": f"第{n}课", "material": page.pk} for n, page in enumerate(materials, start=1)]
        ),
    }
    form |= {name: 0 for name in ("comments-TOTAL_FORMS", "comments-INITIAL_FORMS", "comments-MIN_NUM_FORMS")}
    add = reverse("wagtailadmin_pages:add", args=["courses", "coursepage", index.pk])
    client.post(add, nested_form_data(form) | {"action-publish": "action-publish"})
    return CoursePage.objects.get()


def test_from_the_trainers_editor_to_the_ledger(client, trainer, zhou, chen):
    """One story: build, publish, read, sit, reload, hand in twice, be credited once."""
    page = build_in_the_editor(client, trainer)
    assert (page.live, [lesson.title for lesson in page.lessons.all()]) == (True, ["第1课", "第2课"])
    assert (page.quiz.title, page.quiz.created_by) == ("章节测验", trainer)

    client.force_login(zhou.account)
    assert [todo.title for todo in due(zhou.account, TODAY)] == ["必修课：食堂管理"]
    assert client.get("/courses/canteen/").url == f"/courses/{page.pk}/"
    assert "第1课" in client.get(f"/courses/{page.pk}/").content.decode()
    assert not Enrolment.objects.exists()
    lesson = page.lessons.first()
    assert "用餐实行预约" in client.get(reverse("courses:lesson", args=[page.pk, lesson.pk])).content.decode()
    read_all(client, page)
    assert LessonProgress.objects.filter(cadre=zhou, read_at__isnull=False).count() == 2
    assert not Completion.objects.exists()

    assert "开始作答" in client.get(f"/courses/{page.pk}/quiz/").content.decode()
    started = client.post(f"/courses/{page.pk}/quiz/", {"agree": "on"})
    again = client.post(f"/courses/{page.pk}/quiz/", {"agree": "on"})
    assert started.url == again.url
    sitting = Sitting.objects.get()
    client.get(started.url)
    sitting.refresh_from_db()
    keys = right(sitting)
    assert answer(client, sitting, keys).status_code == 200
    body = client.get(started.url).content.decode()  # a reload
    assert body.count(" checked") == 4
    assert all(f'name="q{n}" value="{letters[0]}" checked' in body for n, letters in keys.items())
    assert [todo.action for todo in due(zhou.account, TODAY)] == ["继续作答"]

    client.force_login(chen.account)
    assert client.get(started.url).status_code == 404
    assert answer(client, sitting, keys).status_code == 404

    client.force_login(zhou.account)
    sitting.refresh_from_db()
    for _twice in range(2):
        done = client.post(reverse("exams:submit", args=[sitting.pk]), {"epoch": sitting.epoch})
        assert done.url == f"/courses/{page.pk}/quiz/result/"
        assert "合格" in client.get(done.url).content.decode()
    entry = HourEntry.objects.get()
    enrolment = Enrolment.objects.get()
    assert (entry.cadre, entry.class_hours, entry.delivery, entry.kind) == (
        zhou,
        Decimal("2.5"),
        "online",
        "in_service",
    )
    assert (entry.source_label, entry.source_pk, entry.source_name) == ("courses.enrolment", enrolment.pk, "食堂管理")
    assert entry.evidence["quiz_best"] == 100
    assert Completion.objects.get().hour_entry == entry
    assert list(due(zhou.account, TODAY)) == []
    assert Entry.objects.filter(event="course.completed").count() == 1
    assert "食堂管理" in client.get("/hours/").content.decode()


def test_a_failed_quiz_leaves_the_course_open_and_may_be_repeated(client, zhou):
    page = course(material("canteen"), quiz=exam(pass_percent=80))
    client.force_login(zhou.account)
    read_all(client, page)
    client.post(f"/courses/{page.pk}/quiz/")
    sitting = Sitting.objects.get()
    client.get(reverse("exams:room", args=[sitting.pk]))
    sitting.refresh_from_db()
    answer(client, sitting, {1: right(sitting)[1]})
    done = client.post(reverse("exams:submit", args=[sitting.pk]), {"epoch": 1})
    assert "再次作答" in client.get(done.url).content.decode()
    assert "章节测验：最高 25，需 80" in client.get(f"/courses/{page.pk}/").content.decode()
    assert not HourEntry.objects.exists()
    client.post(f"/courses/{page.pk}/quiz/")
    assert Sitting.objects.count() == 2


def test_a_course_without_quiz_is_completed_by_its_last_lesson(client, zhou):
    page = course(material("canteen"), class_hours=Decimal(1))
    client.force_login(zhou.account)
    read_all(client, page)
    read_all(client, page)
    assert HourEntry.objects.get().class_hours == 1


def test_the_job_completes_a_course_whose_quiz_was_handed_in_by_the_clock(client, zhou, chen):
    page = course(material("canteen"), quiz=exam())
    for cadre, reads in ((zhou, True), (chen, False)):
        client.force_login(cadre.account)
        if reads:
            read_all(client, page)
        began = clock.now() - dt.timedelta(minutes=30)
        sitting = actions.start_quiz(course=page, cadre=cadre, now=began, actor=cadre.account, return_url="/courses/")
        sitting = exams.open_paper(sitting=sitting, actor=cadre.account)
        answers = [exams.Answer(1, slot, 1, letters) for slot, letters in right(sitting).items()]
        exams.save_answers(sitting=sitting, answers=answers, now=began)
    for _twice in range(2):
        for kind in ("exams.submit_overdue", "courses.settle_completions"):
            jobs.run(jobs.start(kind, actor=None).pk)
    assert set(Sitting.objects.values_list("state", "is_passed")) == {("released", True)}
    assert [entry.cadre for entry in HourEntry.objects.all()] == [zhou]
    assert list(queries.passed_but_open()) == []


def test_the_organs_shortest_reading_time(client, zhou):
    Value.objects.create(code="C3-7.reading_minutes", value=5, valid_from=dt.date(2020, 1, 1))
    page = course(material("canteen"))
    lesson = page.lessons.get()
    client.force_login(zhou.account)
    assert "打开本讲满 5 分钟" in client.get(reverse("courses:lesson", args=[page.pk, lesson.pk])).content.decode()
    assert client.post(reverse("courses:read", args=[page.pk, lesson.pk])).status_code == 409
    progress = LessonProgress.objects.select_related("lesson__course", "cadre").get()
    assert progress.read_at is None
    later = progress.opened_at + dt.timedelta(minutes=5)
    assert actions.mark_read(progress=progress, now=later, today=TODAY, actor=zhou.account) is not None


def test_a_lesson_is_not_read_when_it_has_just_opened(client, zhou):
    page = course(material("canteen"))
    lesson = page.lessons.get()
    client.force_login(zhou.account)
    address = reverse("courses:lesson", args=[page.pk, lesson.pk])
    body = client.get(address).content.decode()
    progress = LessonProgress.objects.get()
    from_then = f"{timezone.localtime(progress.opened_at + SHORTEST_READING):%H:%M:%S}"
    assert f"我已读完（{from_then} 起）" in body
    refused = client.post(reverse("courses:read", args=[page.pk, lesson.pk]))
    assert (refused.status_code, f"{from_then} 起可以确认读完" in refused.content.decode()) == (409, True)
    with clock.set_to(progress.opened_at + SHORTEST_READING):
        assert "起）" not in client.get(address).content.decode()
        assert client.post(reverse("courses:read", args=[page.pk, lesson.pk])).status_code == 302
    assert client.post(reverse("courses:read", args=[page.pk, lesson.pk])).status_code == 302  # a second click
    assert HourEntry.objects.count() == 1


def test_a_draft_is_seen_by_nobody_and_a_withdrawn_course_by_those_who_began_it(client, zhou, chen):
    draft = course(material("draft"), title="草稿课程", live=False)
    page = course(material("canteen"), material("canteen-2"), quiz=exam())
    lesson = page.lessons.first()
    client.force_login(zhou.account)
    client.get(reverse("courses:lesson", args=[page.pk, lesson.pk]))
    page.unpublish()
    assert client.get(f"/courses/{draft.pk}/").status_code == 404
    assert client.get(reverse("courses:lesson", args=[draft.pk, draft.lessons.get().pk])).status_code == 404
    assert "已经下架" in client.get(f"/courses/{page.pk}/").content.decode()
    progress = LessonProgress.objects.select_related("lesson__course", "cadre").get()
    with pytest.raises(Refused):
        actions.mark_read(progress=progress, now=clock.now(), today=TODAY, actor=zhou.account)
    assert client.post(f"/courses/{page.pk}/quiz/").status_code == 409
    client.force_login(chen.account)
    assert client.get(f"/courses/{page.pk}/").status_code == 404
    assert client.get(reverse("courses:lesson", args=[page.pk, lesson.pk])).status_code == 404
    assert "公务用车管理" not in client.get("/courses/").content.decode()


def test_a_lesson_does_not_show_a_material_that_was_withdrawn(client, zhou):
    text = material("canteen")
    page = course(text)
    text.unpublish()
    client.force_login(zhou.account)
    body = client.get(reverse("courses:lesson", args=[page.pk, page.lessons.get().pk])).content.decode()
    assert ("用餐实行预约" in body, "正在修订" in body, "我已读完" in body) == (False, True, False)


@pytest.mark.parametrize(
    ("restriction", "is_open"),
    [
        ({"restriction_type": "password", "password": "x"}, False),
        ({"restriction_type": "groups"}, False),
        ({"restriction_type": "login"}, True),
    ],
)
def test_a_course_is_no_way_round_the_restrictions_of_a_material(client, zhou, restriction, is_open):
    text = material("canteen")
    page = course(text)
    PageViewRestriction.objects.create(page=text, **restriction)
    client.force_login(zhou.account)
    body = client.get(reverse("courses:lesson", args=[page.pk, page.lessons.get().pk])).content.decode()
    assert ("用餐实行预约" in body, "我已读完" in body, "没有对你开放" in body) == (is_open, is_open, not is_open)
    read_lesson(client, page, page.lessons.get())
    assert LessonProgress.objects.filter(read_at__isnull=False).exists() is is_open


def test_a_lesson_that_is_taken_out_leaves_what_people_read(client, zhou, chen):
    """The trainer publishes the course without its first lesson: Zhou's reading stays, with its title, and what Chen
    has still to read is still asked."""
    page = course(material("a"), material("b"), quiz=exam())
    first, second = page.lessons.all()
    for cadre, lessons in ((zhou, [first]), (chen, [first])):
        client.force_login(cadre.account)
        for lesson in lessons:
            read_lesson(client, page, lesson)
    began = clock.now()
    sitting = actions.start_quiz(course=page, cadre=chen, now=began, actor=chen.account, return_url="/courses/")
    exams.open_paper(sitting=sitting, actor=chen.account)
    exams.save_answers(
        sitting=sitting, answers=[exams.Answer(1, n, 1, key) for n, key in right(sitting).items()], now=began
    )
    exams.submit_sitting(sitting=sitting, now=began, actor=chen.account)
    edited = CoursePage.objects.get(pk=page.pk)
    edited.lessons.remove(edited.lessons.get(pk=first.pk))
    edited.save_revision().publish()
    kept = LessonProgress.objects.filter(read_at__isnull=False).values_list("cadre", "course", "lesson", "lesson_title")
    assert set(kept) == {(cadre.pk, page.pk, None, "公务用车管理1") for cadre in (zhou, chen)}
    assert list(queries.passed_but_open()) == []
    client.force_login(zhou.account)
    body = client.get(f"/courses/{page.pk}/").content.decode()
    assert "读完全部课时：已读 0，共 1" in body
    assert not Completion.objects.exists()
    client.force_login(chen.account)
    read_lesson(client, page, second)
    assert Completion.objects.get().enrolment.cadre == chen


def test_hours_are_of_the_year_in_which_the_work_was_done(client, zhou):
    """Zhou reads and answers on New Year's Eve; the clock collects the paper and the course after midnight."""
    page = course(material("canteen"), quiz=exam(minutes=20))
    eve = dt.datetime(2026, 12, 31, 15, 30, tzinfo=dt.UTC)  # 23:30 in the office
    progress = actions.open_lesson(lesson=page.lessons.get(), cadre=zhou, now=eve, actor=zhou.account)
    actions.mark_read(progress=progress, now=eve + MINUTE, today=dt.date(2026, 12, 31), actor=zhou.account)
    sitting = actions.start_quiz(course=page, cadre=zhou, now=eve, actor=zhou.account, return_url="/courses/")
    exams.open_paper(sitting=sitting, actor=zhou.account)
    answers = [exams.Answer(1, slot, 1, letters) for slot, letters in right(sitting).items()]
    exams.save_answers(sitting=sitting, answers=answers, now=eve + dt.timedelta(minutes=5))
    done = exams.submit_if_overdue(sitting=sitting, now=eve + dt.timedelta(minutes=31))  # 00:01
    assert done.submitted_at == sitting.deadline
    actions.settle(enrolment=Enrolment.objects.get(), actor=None)
    assert HourEntry.objects.get().ended_on == dt.date(2026, 12, 31)
    assert Completion.objects.get().completed_on == dt.date(2026, 12, 31)


def test_the_last_lesson_dates_the_hours_when_the_quiz_was_passed_before(zhou):
    page = course(material("canteen"), quiz=exam())
    november = dt.datetime(2026, 11, 2, 1, tzinfo=dt.UTC)
    sitting = actions.start_quiz(course=page, cadre=zhou, now=november, actor=zhou.account, return_url="/courses/")
    exams.open_paper(sitting=sitting, actor=zhou.account)
    answers = [exams.Answer(1, slot, 1, letters) for slot, letters in right(sitting).items()]
    exams.save_answers(sitting=sitting, answers=answers, now=november)
    exams.submit_sitting(sitting=sitting, now=november, actor=zhou.account)
    read_at = dt.datetime(2027, 1, 4, 1, tzinfo=dt.UTC)
    progress = actions.open_lesson(lesson=page.lessons.get(), cadre=zhou, now=read_at, actor=zhou.account)
    actions.mark_read(progress=progress, now=read_at + MINUTE, today=dt.date(2027, 1, 4), actor=zhou.account)
    assert HourEntry.objects.get().ended_on == dt.date(2027, 1, 4)


def test_one_enrolment_that_cannot_be_settled_does_not_hold_up_the_others(zhou, chen):
    """Zhou's result was damaged by hand and has no percentage; Chen's is in order."""
    began = clock.now() - dt.timedelta(minutes=30)
    for cadre in (zhou, chen):
        page = course(material(f"m{cadre.pk}"), title=cadre.name, quiz=exam(bank(f"题库{cadre.pk}")))
        progress = actions.open_lesson(lesson=page.lessons.get(), cadre=cadre, now=began, actor=cadre.account)
        actions.mark_read(progress=progress, now=began + MINUTE, today=TODAY, actor=cadre.account)
        sitting = actions.start_quiz(course=page, cadre=cadre, now=began, actor=cadre.account, return_url="/courses/")
        exams.open_paper(sitting=sitting, actor=cadre.account)
        answers = [exams.Answer(1, slot, 1, letters) for slot, letters in right(sitting).items()]
        exams.save_answers(sitting=sitting, answers=answers, now=began)
        exams.submit_sitting(sitting=sitting, now=began, actor=cadre.account)
    Sitting.objects.filter(cadre=zhou).update(score=0, max_score=0)
    job = jobs.start("courses.settle_completions", actor=None)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.message) == ("failed", "有 1 人的课程没有结算，其余已结算；请系统管理员查看日志。")
    assert [completion.enrolment.cadre for completion in Completion.objects.all()] == [chen]


def test_while_a_paper_is_collected_every_page_says_so(client, zhou):
    page = course(material("canteen"), quiz=exam(), obligation="required")
    began = clock.now() - dt.timedelta(minutes=20, seconds=1)
    actions.start_quiz(
        course=page, cadre=zhou, now=began, actor=zhou.account, return_url=f"/courses/{page.pk}/quiz/result/"
    )
    client.force_login(zhou.account)
    for address in (f"/courses/{page.pk}/", f"/courses/{page.pk}/quiz/"):
        body = client.get(address).content.decode()
        assert ("正在收卷" in body, "继续作答" in body, "开始作答" in body) == (True, False, False), address
    [todo] = due(zhou.account, TODAY)
    assert (todo.title, todo.action) == ("章节测验（正在收卷）", "查看答卷")
    assert client.get(f"/courses/{page.pk}/quiz/result/").url == reverse("exams:room", args=[Sitting.objects.get().pk])


@pytest.mark.parametrize("number", ["9" * 30, "9" * 5000, "-1", "1.5", "٣", "x", ""])
def test_a_number_in_an_address_that_is_none_shows_the_first_page(client, zhou, number):
    page = course(material("canteen"))
    client.force_login(zhou.account)
    listed = client.get("/courses/", {"before": number})
    assert [standing.course for standing in listed.context["standings"]] == [page]
    assert client.get("/hours/", {"year": number}).context["year"] == clock.today().year


def test_numbers_of_rows_that_cannot_be_are_not_found(client, zhou):
    client.force_login(zhou.account)
    for number in ("9" * 18, "9" * 30, "9" * 5000):
        for address in ("/courses/{}/", "/courses/1/lessons/{}/", "/courses/{}/quiz/", "/exams/{}/"):
            assert client.get(address.format(number)).status_code == 404, (len(number), address)


def test_a_lesson_belongs_to_its_course(client, zhou):
    one, other = course(material("canteen")), course(material("canteen-2"), title="另一门")
    client.force_login(zhou.account)
    assert client.get(reverse("courses:lesson", args=[one.pk, other.lessons.get().pk])).status_code == 404
    assert client.get(f"/courses/{one.pk}/quiz/").status_code == 404
    assert not Enrolment.objects.exists()


def test_somebody_outside_the_roster_is_told_why(client, bureau):
    page = course(material("canteen"), quiz=exam())
    client.force_login(AccountFactory())
    for address in (
        "/courses/",
        f"/courses/{page.pk}/",
        reverse("courses:lesson", args=[page.pk, page.lessons.get().pk]),
        f"/courses/{page.pk}/quiz/",
        f"/courses/{page.pk}/quiz/result/",
    ):
        response = client.get(address)
        assert (response.status_code, "花名册" in response.content.decode()) == (403, True)
    client.logout()
    assert client.get("/courses/").url == "/accounts/login/?next=/courses/"


def test_what_is_due_are_required_and_begun_courses_that_are_not_completed(client, zhou):
    required = course(material("a"), title="必修", obligation="required", deadline=dt.date(2026, 11, 1))
    begun = course(material("b"), material("c"), title="选修已开始")
    done = course(material("d"), title="选修已完成")
    course(material("e"), title="选修未开始")
    course(material("f"), title="必修草稿", obligation="required", live=False)
    client.force_login(zhou.account)
    client.get(reverse("courses:lesson", args=[begun.pk, begun.lessons.first().pk]))
    read_all(client, done)
    todos = {todo.title: todo for todo in due(zhou.account, TODAY)}
    assert set(todos) == {"必修课：必修", "课程：选修已开始"}
    assert todos["必修课：必修"].facts == ("已逾期", "1 学时")
    assert (todos["必修课：必修"].due, todos["课程：选修已开始"].progress) == (required.deadline, (0, 2))


def test_lists_ask_the_database_as_often_for_three_courses_as_for_one(client, zhou):
    client.force_login(zhou.account)
    quiz = exam()
    asked = []
    for number in range(1, 4):
        page = course(material(f"m{number}"), title=f"课程{number}", quiz=quiz, obligation="required")
        client.get(reverse("courses:lesson", args=[page.pk, page.lessons.get().pk]))
        client.get("/courses/")
        with CaptureQueriesContext(connection) as list_queries:
            assert len(client.get("/courses/").context["standings"]) == number
        with CaptureQueriesContext(connection) as todo_queries:
            assert len(list(due(zhou.account, TODAY))) == number
        asked.append((len(list_queries), len(todo_queries)))
    assert asked[0] == asked[2]


def test_the_list_goes_on_by_keyset(client, zhou, monkeypatch):
    monkeypatch.setattr("learning.courses.views.PAGE", 2)
    pages = [course(material(f"m{n}"), title=f"课程{n}") for n in range(3)]
    client.force_login(zhou.account)
    first = client.get("/courses/").context
    assert [s.course.pk for s in first["standings"]] == [pages[2].pk, pages[1].pk]
    second = client.get("/courses/", {"before": first["next_before"]}).context
    assert ([s.course.pk for s in second["standings"]], second["next_before"]) == ([pages[0].pk], None)


# ---------------------------------------------------------------- back office


def test_planting_again_changes_nothing(bureau):
    index = actions.plant_courses(actor=None)
    assert actions.plant_courses(actor=None) == index
    assert CourseIndexPage.objects.count() == 1
    permissions = GroupPagePermission.objects.filter(group__name="role:trainer")
    assert sorted(permissions.values_list("page__slug", "permission__codename")) == [
        ("courses", "add_page"),
        ("courses", "change_page"),
        ("courses", "publish_page"),
    ]


def test_planting_needs_the_portal():
    with pytest.raises(Refused) as refusal:
        actions.plant_courses(actor=None)
    assert refusal.value.code == "no_home"


@pytest.mark.parametrize("role", [Role.EDITOR, Role.HR])
def test_banks_and_exams_are_for_trainers(client, bureau, role):
    quiz = exam()
    account = grant(AccountFactory(), role, bureau)
    sync_groups(account=account)
    client.force_login(account)
    for name, arguments in [
        ("banks:index", []),
        ("banks:index_results", []),
        ("banks:add", []),
        ("banks:edit", [quiz.bank_id]),
        ("banks:inspect", [quiz.bank_id]),
        ("banks:delete", [quiz.bank_id]),
        ("banks:history", [quiz.bank_id]),
        ("banks:usage", [quiz.bank_id]),
        ("exams_admin:index", []),
        ("exams_admin:add", []),
        ("exams_admin:edit", [quiz.pk]),
        ("exams_admin:copy", [quiz.pk]),
        ("exams_admin:delete", [quiz.pk]),
        ("exams_admin:history", [quiz.pk]),
        ("exams_admin:usage", [quiz.pk]),
        ("exam_chooser:choose", []),
        ("exam_chooser:choose_results", []),
        ("exam_chooser:chosen", [quiz.pk]),
    ]:
        assert client.get(reverse(name, args=arguments)).status_code == 403, name
    client.post(reverse("banks:edit", args=[quiz.bank_id]), {"name": "改名"})
    assert Bank.objects.get().name == "业务题库"


def test_a_trainer_sees_the_banks_questions_and_deletes_nothing(client, trainer):
    quiz = exam()
    client.force_login(trainer)
    index = client.get(reverse("banks:index"))
    assert [row.question_count for row in index.context["object_list"]] == [4]
    body = client.get(reverse("banks:inspect", args=[quiz.bank_id])).content.decode()
    assert all(f"题{n}" in body for n in range(1, 5))
    client.post(reverse("banks:delete", args=[quiz.bank_id]))
    client.post(reverse("exams_admin:delete", args=[quiz.pk]))
    assert (Bank.objects.count(), Exam.objects.count()) == (1, 1)
    client.post(reverse("banks:add"), {"name": "新题库"})
    client.post(reverse("banks:edit", args=[quiz.bank_id]), {"name": "旧题库"})
    assert set(Bank.objects.values_list("name", "created_by")) == {("新题库", trainer.pk), ("旧题库", None)}
    events = Entry.objects.filter(actor_id=trainer.pk).values_list("event", flat=True)
    assert set(events) == {"bank.created", "bank.renamed"}


QUIZ = {"title": "章节测验", "minutes": 20, "pass_percent": 80, "max_attempts": 2} | {
    "multiple_marking": "all_or_nothing",
    "grace_seconds": 0,
}


def test_an_exam_of_more_questions_than_its_bank_holds_is_refused_on_its_form(client, trainer):
    kept = exam()
    client.force_login(trainer)
    form = QUIZ | {"bank": kept.bank_id, "question_count": 50}
    for name, arguments in (("add", []), ("edit", [kept.pk]), ("copy", [kept.pk])):
        response = client.post(reverse(f"exams_admin:{name}", args=arguments), form)
        assert response.status_code == 200, name
        assert "只有 4 题，不够抽取 50 题" in str(response.context["form"].errors["question_count"]), name
        assert 'value="50"' in response.content.decode(), name
    assert list(Exam.objects.values_list("question_count", flat=True)) == [4]
    assert client.post(reverse("exams_admin:edit", args=[kept.pk]), form | {"question_count": 3}).status_code == 302
    kept.refresh_from_db()
    assert kept.question_count == 3


def test_a_course_is_not_published_overdue_nor_with_a_quiz_that_cannot_be_drawn(client, trainer):
    """A new or changed deadline lies ahead; an old one that has passed does not stand in the way of other changes."""
    page = build_in_the_editor(client, trainer)
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])

    def publish(**changed):
        lessons = [
            {"id": lesson.pk, "title": lesson.title, "material": lesson.material_id} for lesson in page.lessons.all()
        ]
        fields = {name: getattr(page, name) for name in ("title", "slug", "summary", "class_hours", "kind")}
        fields |= {"obligation": "required", "deadline": "2026-12-31", "quiz": page.quiz_id}
        fields |= {name: 0 for name in ("comments-TOTAL_FORMS", "comments-INITIAL_FORMS", "comments-MIN_NUM_FORMS")}
        fields |= {"lessons": inline_formset(lessons, initial=len(lessons))} | changed
        return client.post(address, nested_form_data(fields) | {"action-publish": "action-publish"})

    refused = publish(deadline="2026-11-23")
    assert "早于今天" in str(refused.context["form"].errors["deadline"])
    page.refresh_from_db()
    assert page.deadline == dt.date(2026, 12, 31)
    page.deadline = dt.date(2026, 11, 1)  # it was published in October, say
    page.save_revision().publish()
    assert publish(deadline="2026-11-01", summary="改过的简介").status_code == 302
    page.refresh_from_db()
    assert (page.summary, page.deadline) == ("改过的简介", dt.date(2026, 11, 1))
    other = exam(bank("小题库", questions=drafts(2)), question_count=2)
    Question.objects.filter(bank=other.bank).update(withdrawn_at=clock.now())
    refused = publish(deadline="2026-11-01", quiz=other.pk)
    assert "只有 0 题，不够抽取 2 题" in str(refused.context["form"].errors["quiz"])
    page.refresh_from_db()
    assert page.quiz_id != other.pk


def test_the_list_says_what_is_overdue(client, zhou):
    past = {"deadline": dt.date(2026, 11, 1)}
    course(material("a"), title="必修逾期", obligation="required", **past)
    done = course(material("b"), title="必修已完成", obligation="required", **past)
    course(material("c"), title="选修", **past)
    course(material("d"), title="必修今天到期", obligation="required", deadline=clock.today())
    client.force_login(zhou.account)
    read_all(client, done)
    cards = client.get("/courses/").content.decode().split('<li class="card">')[1:]
    assert {re.search("<h2><a[^>]*>(.*?)</a>", card)[1]: "已逾期" in card for card in cards} == {
        "必修逾期": True,
        "必修已完成": False,
        "选修": False,
        "必修今天到期": False,
    }


def test_a_trainer_whose_role_has_ended_is_out_at_once(client, trainer):
    exam()
    client.force_login(trainer)
    assert client.get(reverse("exams_admin:index")).status_code == 200
    trainer.grants.update(valid_to=dt.date(2020, 12, 31))
    assert client.get(reverse("exams_admin:index")).status_code == 403


def test_nobody_restricts_who_sees_a_course(client, trainer):
    """People meet courses at /courses/, where Wagtail's restrictions do not reach: setting one would deceive."""
    page = course(material("canteen"))
    client.force_login(trainer)
    address = reverse("wagtailadmin_pages:set_privacy", args=[page.pk])
    assert client.get(address).status_code == 302
    client.post(address, {"restriction_type": "login"})
    assert not PageViewRestriction.objects.exists()


def test_a_course_that_somebody_began_cannot_be_deleted(client, trainer, zhou):
    page = course(material("canteen"))
    fresh = course(material("canteen-2"), title="没人学过", live=False)
    client.force_login(zhou.account)
    client.get(reverse("courses:lesson", args=[page.pk, page.lessons.get().pk]))
    client.force_login(trainer)
    for target in (page, fresh):
        client.post(reverse("wagtailadmin_pages:delete", args=[target.pk]))
    assert list(CoursePage.objects.all()) == [page]


def test_the_portals_home_recommends_what_is_not_done_yet_and_never_a_short_row(client, zhou, chen):
    """The required first, the nearest deadline before; a visitor and somebody off the roster see none."""
    text = material("m-row")
    day = dt.date(2026, 12, 1)
    done = course(text, title="学完的课")
    for title, fields in (
        ("选修一", {"obligation": "elective"}),
        ("必修晚", {"obligation": "required", "deadline": day + dt.timedelta(days=9)}),
        ("必修早", {"obligation": "required", "deadline": day}),
    ):
        course(text, title=title, **fields)
    course(text, title="没有发布的课", live=False)
    lesson = done.lessons.get()
    progress = actions.open_lesson(lesson=lesson, cadre=zhou, now=clock.now(), actor=zhou.account)
    actions.mark_read(progress=progress, now=clock.now() + MINUTE, today=clock.today(), actor=zhou.account)

    def row(account=None):
        client.logout()
        if account:
            client.force_login(account)
        page = client.get("/courses/recommended/")
        shown = [found.title for found in page.context["courses"]]
        return page.status_code, shown, "h-courses" in page.content.decode()

    assert row(zhou.account) == (200, ["必修早", "必修晚", "选修一"], True)
    assert row(chen.account) == (200, ["必修早", "必修晚", "选修一", "学完的课"], True)
    assert row(AccountFactory()) == row() == (200, [], False)
    CoursePage.objects.get(title="选修一").unpublish()
    assert row(zhou.account) == (200, [], False)  # two would look forgotten
    home = client.get("/").content.decode()
    assert "/courses/recommended/" in home
    client.logout()
    assert "/courses/recommended/" not in client.get("/").content.decode()
