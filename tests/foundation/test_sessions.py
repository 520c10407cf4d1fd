"""Where somebody is signed in: seen, ended at once, ended by idleness, never in the middle of an exam."""

import datetime as dt

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse

from foundation.audit.models import Entry
from foundation.offers import clock
from foundation.people import actions
from foundation.people.enums import Event, Role
from foundation.people.models import Account
from foundation.people.sessions import device
from foundation.rulebook.actions import set_value
from learning.courses.actions import start_quiz
from tests.factories import learning
from tests.factories.content import material, portal
from tests.factories.people import AccountFactory, CadreFactory, grant, office

pytestmark = pytest.mark.django_db
PASSWORD = "Right-password-1"
PAGE = "/accounts/security/"
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/86.0.4240.75 Safari/537.36"
)


def signed_in(username, address="10.0.0.1", agent=CHROME):
    client = Client(headers={"User-Agent": agent}, REMOTE_ADDR=address)
    client.post(reverse("account_login"), {"login": username, "password": PASSWORD})
    assert is_in(client)
    return client


def is_in(client):
    return client.get("/desk/").status_code == 200


@pytest.fixture
def wang():
    return Account.objects.create_user("wang", PASSWORD, name="王")


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (CHROME, "Chrome 86 · Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox 128 · Linux"),
        (
            "Mozilla/5.0 (Linux; Android 14) Chrome/126.0 Mobile Safari/537.36",
            "Chrome 126 · Android",
        ),
        ("curl/8.0", "无法识别的设备"),
        ("", "无法识别的设备"),
    ],
)
def test_a_device_in_a_few_words(agent, words):
    assert device(agent) == words


def test_the_owner_sees_the_own_sessions_and_ends_one_at_once(wang):
    Account.objects.create_user("li", PASSWORD, name="李")
    office_pc, phone, stranger = signed_in("wang"), signed_in("wang", "10.0.0.2"), signed_in("li", "10.0.0.3")
    shown = office_pc.get(PAGE)
    places = shown.context["places"]
    assert {(place.address, place.is_this) for place in places} == {("10.0.0.1", True), ("10.0.0.2", False)}
    [other] = [place for place in places if not place.is_this]
    end = reverse("people_signin:end_session", args=[other.pk])
    assert stranger.post(end).status_code == 404
    assert is_in(phone)
    assert office_pc.post(end).url == PAGE
    assert [is_in(client) for client in (phone, office_pc, stranger)] == [False, True, True]
    assert office_pc.post(end).status_code == 404  # twice
    [this] = office_pc.get(PAGE).context["places"]
    assert (
        office_pc.post(reverse("people_signin:end_session", args=[this.pk])).status_code == 404
    )  # that is signing out


def test_all_others_end_at_once(wang):
    here, there, elsewhere = signed_in("wang"), signed_in("wang"), signed_in("wang")
    here.post(reverse("people_signin:end_others"))
    assert [is_in(client) for client in (here, there, elsewhere)] == [True, False, False]
    [entry] = Entry.objects.filter(event=Event.SESSIONS_ENDED)
    assert (entry.target_name, entry.data["count"]) == ("王", 2)


def test_a_new_password_ends_the_others(wang):
    here, there = signed_in("wang"), signed_in("wang")
    fresh = "Another-password-1"
    here.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": fresh, "password2": fresh})
    assert [is_in(here), is_in(there)] == [True, False]
    assert [place.is_this for place in here.get(PAGE).context["places"]] == [True]


@pytest.mark.parametrize(
    ("act", "data"), [("end_account_sessions", {}), ("switch_account", {}), ("renew_password", {"seen": "0"})]
)
def test_the_security_administrator_ends_them_all(act, data, wang):
    there, elsewhere = signed_in("wang"), signed_in("wang", "10.0.0.2")
    security = Client()
    security.force_login(grant(AccountFactory(), Role.SECURITY_ADMIN, office()))
    security.post(reverse(f"people:{act}", args=[wang.pk]), data)
    assert not is_in(there) and not is_in(elsewhere)
    assert not UserSession.objects.exists()


# ---------------------------------------------------------------- idleness


def left(client):
    return client.get("/accounts/idle/", headers={"Accept": "application/json"})


def test_idle_for_the_offices_minutes_and_the_sign_in_page_says_so(wang, at):
    at("2026-11-24T09:00")
    client = signed_in("wang")
    at("2026-11-24T09:29")
    assert is_in(client)
    at("2026-11-24T10:00")
    away = client.get("/hours/?year=2026", follow=True)
    assert away.redirect_chain[0][0] == "/accounts/login/?next=%2Fhours%2F%3Fyear%3D2026"
    assert "你有 30 分钟没有操作，已自动退出。请重新登录。" in away.content.decode()
    assert not is_in(client)
    assert Entry.objects.filter(event=Event.IDLED_OUT, target_name="王").count() == 1


def test_the_minutes_are_a_parameter(wang, at):
    at("2026-11-24T09:00")
    today = clock.today()
    set_value(
        code="H1.idle_minutes", value=10, unit=None, valid_from=today, valid_to=None, citation="某规定", today=today,
        actor=None,
    )  # fmt: skip
    client = signed_in("wang")
    at("2026-11-24T09:11")
    assert "10 分钟没有操作" in client.get("/desk/", follow=True).content.decode()


def test_looking_at_the_clock_is_no_activity_but_saying_so_is(wang, at):
    at("2026-11-24T09:00")
    client = signed_in("wang")
    for minute in (10, 20, 25):
        at(f"2026-11-24T09:{minute}")
        assert left(client).json()["left"] // 60 == pytest.approx(29 - minute, abs=1)
    client.post("/accounts/idle/")
    assert left(client).json()["left"] // 60 == pytest.approx(29, abs=1)
    at("2026-11-24T09:56")
    answer = left(client)
    assert (answer.status_code, answer.json()["code"]) == (401, "idle")


def test_a_part_of_a_page_leads_the_whole_page_away(wang, at):
    at("2026-11-24T09:00")
    client = signed_in("wang")
    at("2026-11-24T09:31")
    answer = client.get("/desk/home-card/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/news/"})
    assert answer["HX-Redirect"] == "/accounts/login/?next=%2Fnews%2F"


def test_the_presence_of_wagtails_editor_keeps_nobody_signed_in(at, wang):
    grant(wang, Role.EDITOR, office())
    at("2026-11-24T09:00")
    client = signed_in("wang")
    at("2026-11-24T09:20")
    client.post("/admin/editing-sessions/ping/wagtailcore/page/1/")
    at("2026-11-24T09:31")
    assert not is_in(client)


def test_never_in_the_exam_room_while_somebody_thinks(at, wang):
    at("2026-11-24T09:00")
    cadre = CadreFactory(unit=office(), account=wang)
    portal()
    course = learning.course(material("canteen"), quiz=learning.exam(minutes=120))
    sitting = start_quiz(course=course, cadre=cadre, now=clock.now(), actor=wang, return_url="/courses/")
    client = signed_in("wang")
    assert client.get(reverse("exams:room", args=[sitting.pk])).status_code == 200
    at("2026-11-24T10:55")  # the network was away, or there is no script: nothing was sent
    saved = client.post(reverse("exams:submit", args=[sitting.pk]), {"whole": "1", "epoch": "1"})
    assert saved.status_code == 302 and "login" not in saved.url
    at("2026-11-24T11:40")
    assert not is_in(client)


# ---------------------------------------------------------------- a day that begins


def wagtail_answers(client):
    """Whether the person may publish, and what three of Wagtail's addresses answer."""
    return [client.get(address).status_code for address in ("/admin/", "/admin/pages/", "/admin/images/")]


def test_an_editor_whose_role_ends_at_midnight_publishes_at_2359_and_not_at_midnight(at, wang):
    bureau, page = office(), portal()
    at("2026-11-24T23:50")
    actions.grant_role(
        account=wang, role=Role.EDITOR, unit=bureau, valid_from=dt.date(2026, 1, 1), valid_to=dt.date(2026, 11, 24),
        actor=None,
    )  # fmt: skip
    client = signed_in("wang")
    at("2026-11-24T23:59")
    column = page.get_children().get(title="新闻动态")
    assert wagtail_answers(client) == [200, 302, 200]  # pages lead to the one root the editor may see
    assert column.permissions_for_user(Account.objects.get(pk=wang.pk)).can_publish()
    at("2026-11-25T00:00")
    assert wagtail_answers(client) == [302, 302, 302]
    assert client.get("/admin/", follow=True).status_code == 403
    assert not column.permissions_for_user(Account.objects.get(pk=wang.pk)).can_publish()
    assert list(wang.groups.all()) == []


def test_a_role_that_begins_at_midnight_opens_the_door_without_a_new_sign_in(at, wang):
    at("2026-11-24T23:50")
    actions.grant_role(account=wang, role=Role.EDITOR, unit=office(), valid_from=dt.date(2026, 11, 25), actor=None)
    client = signed_in("wang")
    assert client.get("/admin/").status_code == 302
    at("2026-11-25T00:01")
    assert client.get("/admin/").status_code == 200
