"""My desk and the shell around it: what is due first, and only what the person can open."""

import datetime as dt

import pytest
from django.utils import translation

from desk.templatetags.desk import deadline
from foundation.notices.actions import notify
from foundation.offers import clock
from foundation.people.enums import Role
from foundation.people.models import OpenItem
from learning.courses.actions import open_lesson, start_quiz
from learning.exams.actions import submit_sitting
from tests.factories import learning
from tests.factories.content import material, portal
from tests.factories.people import AccountFactory, CadreFactory, grant, office, section

TODAY = dt.date(2026, 11, 24)
QUERIES_COMING_BACK = 20
NOW = dt.datetime(2026, 11, 24, 2, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("due", "zh", "en"),
    [
        (dt.date(2026, 11, 24), "今天截止", None),
        (dt.date(2026, 11, 23), "11月23日 已逾期", None),
        (dt.date(2026, 11, 25), "11月25日 截止（还剩 1 天）", None),
        (dt.date(2026, 11, 27), "11月27日 截止（还剩 3 天）", None),
        (dt.date(2026, 11, 28), "11月28日 截止", "Due 28 Nov"),
        (dt.date(2027, 1, 5), "2027年1月5日 截止", "Due 5 Jan 2027"),
    ],
)
def test_a_deadline_as_people_write_it(due, zh, en):
    with translation.override("zh-hans"):
        assert deadline(due, TODAY) == zh
    if en:
        with translation.override("en"):
            assert deadline(due, TODAY) == en


@pytest.fixture
def cadre(db, at):
    """Somebody of an office on its day."""
    at("2026-11-24 10:00")
    return CadreFactory(unit=section("综合保障处", office()), name="周立新", rank="三级主任科员")


def course(title, **fields):
    return learning.course(material(f"m-{title}"), title=title, **fields)


def test_what_is_due_today_stands_first_and_holds_the_only_primary_button(client, cadre):
    portal()
    course("不急的课", obligation="required", deadline=TODAY + dt.timedelta(days=30))
    course("今天到期的课", obligation="required", deadline=TODAY)
    client.force_login(cadre.account)
    page = client.get("/desk/").content.decode()
    todos = page[page.index('<ul class="todo">') :]
    assert todos.index("今天到期的课") < todos.index("不急的课")
    main = page[: page.index("</main>")]  # beyond it stands the dialog of an idle session
    assert (main.count('<li class="now">'), main.count('class="btn p"')) == (1, 1)
    assert "2026年11月24日 星期二" in page


def test_more_than_six_are_a_page_of_their_own(client, cadre):
    portal()
    for n in range(8):
        course(f"课程{n}", obligation="required", deadline=TODAY + dt.timedelta(days=n + 5))
    client.force_login(cadre.account)
    short, whole = client.get("/desk/").content.decode(), client.get("/desk/?all").content.decode()
    assert [("课程7" in page, "全部待办" in page) for page in (short, whole)] == [(False, True), (True, False)]


def test_the_cards_show_ones_own_and_nobody_elses(client, cadre):
    portal()
    colleague = CadreFactory(unit=cadre.unit)
    exam = learning.exam()
    begun, theirs = course("我在学的课", quiz=exam), course("别人在学的课", obligation="elective")
    for person, what in ((cadre, begun), (colleague, theirs)):
        open_lesson(lesson=what.lessons.get(), cadre=person, now=NOW, actor=person.account)
    notify(to=cadre.account, kind="people.role_granted", dedupe="a", context=told("综合保障处"))
    notify(to=colleague.account, kind="people.role_granted", dedupe="b", context=told("别的处"))
    client.force_login(cadre.account)
    page = client.get("/desk/").content.decode()
    learning_card = page[page.index('id="h-learn"') :]
    assert ("我在学的课" in learning_card, "别人在学的课" in page, "别的处" in page) == (True, False, False)
    assert "h-results" not in page


def told(unit):
    return {"role": "liaison", "unit": unit, "day": "2026-11-24"}


def test_a_marked_paper_is_a_result(client, cadre):
    portal()
    what = course("有测验的课", quiz=learning.exam())
    sitting = start_quiz(course=what, cadre=cadre, now=NOW, actor=cadre.account, return_url="/courses/")
    submit_sitting(sitting=sitting, now=NOW + dt.timedelta(minutes=1), actor=cadre.account)
    client.force_login(cadre.account)
    page = client.get("/desk/").content.decode()
    assert ("h-results" in page, "0 分 不合格" in page) == (True, True)


@pytest.mark.parametrize("count", [1, 3])
def test_the_desk_costs_the_same_for_one_and_for_three(client, cadre, count, django_assert_num_queries):
    portal()
    for n in range(count):
        what = course(f"课程{n}", obligation="required")
        open_lesson(lesson=what.lessons.get(), cadre=cadre, now=NOW, actor=cadre.account)
        notify(to=cadre.account, kind="people.role_granted", dedupe=str(n), context=told("综合保障处"))
    client.force_login(cadre.account)
    client.get("/desk/")
    with django_assert_num_queries(33):
        client.get("/desk/")


def test_coming_back_brings_the_list_and_every_count(client, cadre):
    portal()
    for n in range(8):
        course(f"课程{n}", obligation="required", deadline=TODAY + dt.timedelta(days=n + 5))
    notify(to=cadre.account, kind="people.role_granted", dedupe="a", context=told("综合保障处"))
    client.force_login(cadre.account)
    short, whole = (client.get(f"/desk/refresh/{which}").content.decode() for which in ("", "?all"))
    assert [("课程5" in part, "课程7" in part) for part in (short, whole)] == [(True, False), (True, True)]
    assert short.count('hx-swap-oob="true"') == 3
    assert ('aria-label="8 项待办">8<' in short, "通知，1 条未读" in short) == (True, True)
    assert "<html" not in short
    colleague = CadreFactory(unit=cadre.unit, name="段文").account
    client.force_login(colleague)
    assert 'aria-label="通知"' in client.get("/desk/refresh/").content.decode()


def test_only_what_is_done_becomes_a_toast_and_an_error_stays(client, cadre):
    client.force_login(cadre.account)
    done = client.post("/notices/preferences/", {"wanted": "people.role_granted"}, follow=True).content.decode()
    note = done[done.index('<p class="note ok" data-toast>') :]
    assert "已保存通知设置。" in note[: note.index("</p>")]
    portal()
    what = course("下架的课")
    lesson = what.lessons.get()
    open_lesson(lesson=lesson, cadre=cadre, now=clock.now(), actor=cadre.account)
    what.unpublish()
    read = f"/courses/{what.pk}/lessons/{lesson.pk}/read/"
    refused = client.post(read, HTTP_REFERER="http://testserver/desk/", follow=True).content.decode()
    assert ('<p class="note err">' in refused, "data-toast" in refused) == (True, False)


@pytest.mark.parametrize("count", [1, 5])
def test_coming_back_costs_the_same_for_one_and_for_five(client, cadre, count, django_assert_num_queries):
    portal()
    for n in range(count):
        course(f"课程{n}", obligation="required")
    client.force_login(cadre.account)
    client.get("/desk/refresh/")
    with django_assert_num_queries(QUERIES_COMING_BACK):
        client.get("/desk/refresh/")


def test_a_role_without_pages_is_told_so(client, cadre):
    grant(cadre.account, Role.MARKER, cadre.unit)
    client.force_login(cadre.account)
    assert "你的角色“阅卷人”的工作页面还没有建成" in client.get("/desk/").content.decode()


def test_nothing_due_offers_something_to_do(client, cadre):
    editor = grant(AccountFactory(), Role.EDITOR, cadre.unit)
    for account, offer in ((cadre.account, "去看课程"), (editor, "打开管理后台"), (AccountFactory(), "看看学习资料")):
        client.force_login(account)
        assert offer in client.get("/desk/").content.decode()


def test_hr_finds_what_hr_has_to_do_and_nobody_else_does(client, cadre):
    OpenItem.objects.create(cadre=cadre, remark="挂职锻炼")
    hr = grant(AccountFactory(), Role.HR, cadre.unit)
    for account, sees in ((hr, True), (cadre.account, False)):
        client.force_login(account)
        assert ("补全花名册备注" in client.get("/desk/").content.decode()) == sees


def test_the_administrators_sentences_stand_where_they_are_set(client, db, settings):
    assert 'class="strip"' not in client.get("/settings/").content.decode()
    settings.ZHIXING_STRIP, settings.ZHIXING_SUPPORT, settings.ZHIXING_FILING = "内部系统", "电话 2345", "备案 1 号"
    page = client.get("/settings/").content.decode()
    assert all(text in page for text in ('class="strip"', "内部系统", "电话 2345", "备案 1 号"))


def test_the_home_card_names_the_first_two(client, cadre):
    portal()
    for n in range(3):
        course(f"课程{n}", obligation="required", deadline=TODAY + dt.timedelta(days=n))
    client.force_login(cadre.account)
    card = client.get("/desk/home-card/").content.decode()
    assert ("有 3 件事要办" in card, "课程0" in card, "课程1" in card, "课程2" in card) == (True, True, True, False)
