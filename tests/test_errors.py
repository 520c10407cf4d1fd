"""Error pages: the real status, a sentence that says what to do, and a number under which the log knows more."""

import logging
import re

import pytest
from django.core.exceptions import RequestDataTooBig
from django.http import Http404
from django.test import Client, RequestFactory
from django.urls import path, reverse

from config import urls
from desk import errors
from foundation.offers.types import Refused
from foundation.people.enums import BACK_OFFICE, Role
from tests.factories.people import AccountFactory, grant, office

pytestmark = pytest.mark.django_db
NUMBER = re.compile(r"[0-9A-F]{4}-[0-9A-F]{2}")


def broken(request):
    raise ZeroDivisionError("the story's fault")


def refuses(request):
    raise Refused("quota_full", "优秀名额已满。")


def crowded(request):
    return errors.too_many(request)


def reads_post(request):
    return errors.bad_request(request, ValueError(request.POST))


urlpatterns = [
    path("broken/", broken),
    path("refuses/", refuses),
    path("crowded/", crowded),
    path("reads/", reads_post),
    *urls.urlpatterns,
]
handler400, handler403, handler404 = urls.handler400, urls.handler403, urls.handler404
handler500 = urls.handler500


@pytest.fixture(autouse=True)
def _addresses(settings):
    settings.ROOT_URLCONF = __name__


@pytest.fixture
def visitor():
    return Client(raise_request_exception=False)


def number_of(response):
    return NUMBER.search(response.content.decode()).group()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_each_page_has_its_status_language_and_theme(visitor, settings, language, theme):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
    visitor.force_login(AccountFactory(language=language, theme=theme))
    visitor.cookies.load({"theme": theme, settings.LANGUAGE_COOKIE_NAME: language})
    answers = {
        "/no-such-page/": visitor.get("/no-such-page/"),
        "/people/audit/": visitor.get("/people/audit/"),
        "/settings/save/": visitor.get(reverse("desk:save_settings")),
        "/refuses/": visitor.get("/refuses/"),
        "/crowded/": visitor.get("/crowded/"),
        "/reads/": visitor.post("/reads/", {"a": "x" * 2 * 1024 * 1024}),
        "400": visitor.post("/reads/", {"a": "x"}),
    }
    statuses = {name: answer.status_code for name, answer in answers.items()}
    assert statuses == {
        "/no-such-page/": 404,
        "/people/audit/": 403,
        "/settings/save/": 405,
        "/refuses/": 409,
        "/crowded/": 429,
        "/reads/": 413,
        "400": 400,
    }
    lang = "zh-CN" if language == "zh-hans" else "en"
    for answer in answers.values():
        page = answer.content.decode()
        assert f'<html lang="{lang}" data-theme="{theme}"' in page
        assert '<nav aria-label="' not in page  # the portal's frame without its navigation
    assert answers["/crowded/"].headers["Retry-After"] == "60"


def test_a_missing_role_is_named_and_who_gives_it(client, caplog):
    bureau = office()
    grant(AccountFactory(name="安然"), Role.SECURITY_ADMIN, bureau)
    grant(AccountFactory(name="旧人", is_active=False), Role.SECURITY_ADMIN, bureau)
    account = AccountFactory()
    client.force_login(account)
    with caplog.at_level(logging.WARNING):
        response = client.get("/people/audit/")
    page = response.content.decode()
    assert ("审计管理员" in page, "请联系安全管理员 安然 授予角色" in page, "旧人" in page) == (True, True, False)
    assert f"{number_of(response)}: 403 GET /people/audit/, account {account.pk}" in caplog.text


def test_a_button_s_address_opened_by_hand_says_what_it_is(client):
    """As after a session that ended under the button: signing in leads to its address."""
    hr = grant(AccountFactory(), Role.HR, office())
    client.force_login(hr)
    answer = client.get("/admin/appraisals/1/take-in/")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert "请回到原来的页面再做一次" in answer.content.decode()


def test_the_back_office_says_the_same(client):
    editor = grant(AccountFactory(), Role.EDITOR, office())
    client.force_login(editor)
    page = client.get("/admin/appraisals/").content.decode()
    assert ("打开这个页面需要以下角色之一" in page, "人事" in page) == (True, True)


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN])
def test_the_back_offices_door_says_which_roles_open_it_and_who_gives_them(client, role):
    bureau = office()
    grant(AccountFactory(name="安然"), Role.SECURITY_ADMIN, bureau)
    client.force_login(grant(AccountFactory(), role, bureau))
    answer = client.get("/admin/", follow=True)
    page = answer.content.decode()
    assert answer.status_code == 403 and "系统管理员，并告诉他" not in page
    assert all(f"<li>{role.label}</li>" in page for role in BACK_OFFICE)
    assert "请联系安全管理员" in page and "安然" in page


def test_a_missing_page_offers_search_and_tells_no_number(client):
    page = client.get("/no-such-page/").content.decode()
    assert ('action="/search/"' in page, "编号" in page) == (True, False)


def test_the_number_of_a_fault_stands_beside_its_traceback(visitor, caplog):
    response = visitor.get("/broken/")
    page = response.content.decode()
    assert response.status_code == 500
    assert f"编号 {number_of(response)}" in page
    for needed in ("<link", "<script", "<style", "src="):
        assert needed not in page  # nothing else has to work
    faults = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert [record.getMessage() for record in faults] == [f"{number_of(response)}: GET /broken/"]
    assert "the story's fault" in caplog.text


def test_a_form_whose_token_is_old_is_not_sent_back_with_a_new_one():
    checking = Client(enforce_csrf_checks=True)
    response = checking.post("/settings/save/", {"theme": "dark", "next": "https://evil.example"})
    page = response.content.decode()
    assert (response.status_code, "页面已过期" in page) == (403, True)
    assert ("evil" in page, 'method="post"' in page) == (False, False)


def test_an_error_before_anybody_is_known_has_a_page_too():
    request = RequestFactory().get("/")
    for answer, status in (
        (errors.not_found(request, Http404()), 404),
        (errors.bad_request(request, RequestDataTooBig()), 413),
        (errors.no_permission(request, Exception()), 403),
    ):
        assert answer.status_code == status
