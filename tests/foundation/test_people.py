"""Accounts, roles and scope."""

import datetime as dt
import json

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.http import Http404
from django.urls import reverse

from foundation.offers.types import Refused
from foundation.people import actions
from foundation.people.enums import Role
from foundation.people.models import Account, Cadre, OpenItem
from foundation.people.scope import fetch, has_role, visible
from tests.factories.people import LONG_AGO, AccountFactory, CadreFactory, grant, office, section

pytestmark = pytest.mark.django_db
YESTERDAY = dt.date(2026, 11, 23)


def test_there_is_no_superuser_not_even_in_the_database():
    with pytest.raises(NotImplementedError):
        Account.objects.create_superuser("root", "x")
    account = AccountFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.filter(pk=account.pk).update(is_superuser=True)


def test_a_head_sees_the_own_subtree_and_a_cadre_only_themself():
    bureau = office()
    general, finance = section("办公室", bureau), section("财务处", bureau)
    wang, li = CadreFactory(unit=general, name="王"), CadreFactory(unit=finance, name="李")
    head = grant(AccountFactory(), Role.SECTION_HEAD, general)
    assert list(visible(head, Cadre)) == [wang]
    assert list(visible(wang.account, Cadre)) == [wang]
    assert list(visible(AccountFactory(), Cadre)) == []
    with pytest.raises(Http404):
        fetch(head, Cadre, pk=li.pk)
    with pytest.raises(PermissionDenied):
        fetch(head, Cadre, pk=wang.pk, action="change")


def test_a_role_ends_with_its_last_day():
    bureau = office()
    hr = AccountFactory()
    actions.grant_role(account=hr, role=Role.HR, unit=bureau, valid_from=LONG_AGO, valid_to=YESTERDAY, actor=None)
    CadreFactory(unit=bureau)
    assert not has_role(hr, Role.HR)
    assert list(visible(hr, Cadre)) == []


def test_an_administrator_holds_no_other_role():
    bureau = office()
    for first, second in (
        (Role.SYSTEM_ADMIN, Role.HR),
        (Role.HR, Role.AUDIT_ADMIN),
        (Role.SECURITY_ADMIN, Role.AUDIT_ADMIN),
    ):
        account = grant(AccountFactory(), first, bureau)
        with pytest.raises(Refused) as refused:
            grant(account, second, bureau)
        assert refused.value.code == "roles_exclude"


def test_sign_in_says_the_same_for_an_unknown_user_and_a_wrong_password(client):
    Account.objects.create_user("wang", "right-password-1", name="王")
    url = reverse("account_login")
    answers = [
        client.post(url, {"login": name, "password": "wrong-password-1"}).content.decode()
        for name in ("wang", "nobody")
    ]
    texts = [answer.split('class="note err')[1].split("</div>")[0] for answer in answers]
    assert texts[0] == texts[1]
    assert client.post(url, {"login": "wang", "password": "right-password-1"}).url == reverse("desk:home")


def test_the_admins_own_sign_in_leads_to_ours(client):
    assert client.get("/admin/login/").url.startswith(reverse("account_login"))
    assert client.get("/admin/", follow=True).redirect_chain[-1][0].startswith(reverse("account_login"))
    assert client.get("/_util/login/").url == reverse("account_login")
    client.force_login(AccountFactory())
    assert client.get("/admin/", follow=True).status_code == 403


def test_language_theme_and_size_are_the_persons_and_safe(client):
    answer = client.post(
        reverse("desk:save_settings"),
        {"language": "en", "theme": "dark", "size": "huge", "next": "https://elsewhere.example/"},
    )
    assert answer.url == "/"
    page = client.get(reverse("desk:settings")).content.decode()
    assert '<html lang="en" data-theme="dark" data-size="normal">' in page


def test_an_open_item_is_completed_once_and_only_by_hr(client):
    bureau = office()
    tan = CadreFactory(unit=section("资产管理处", bureau), name="谭勇博")
    item = OpenItem.objects.create(cadre=tan, remark="挂职锻炼")
    hr, other_hr = (grant(AccountFactory(), Role.HR, bureau) for _ in range(2))
    far_hr = grant(AccountFactory(), Role.HR, office("省机关事务管理局"))
    url = reverse("people:complete_item", args=[item.pk])
    client.force_login(far_hr)
    assert client.get(url).status_code == 404
    assert "谭勇博" not in client.get(reverse("people:items")).content.decode()
    client.force_login(hr)
    assert "补全花名册备注" in client.get(reverse("desk:home")).content.decode()
    assert "有 1 处需要修改" in client.post(url, {"answer": ""}).content.decode()
    client.post(url, {"answer": "2026-03-01 至 2026-12-31 挂职"})
    item.refresh_from_db()
    assert item.answer == "2026-03-01 至 2026-12-31 挂职"
    with pytest.raises(Refused):
        actions.complete_item(item=item, answer="别的", now=item.completed_at, actor=other_hr)


def answer_to(client, username, password):
    page = client.post(reverse("account_login"), {"login": username, "password": password}).content.decode()
    return page.split('class="note err')[1].split("</div>")[0] if "note err" in page else ""


def test_a_disabled_account_is_answered_like_a_wrong_password(client):
    account = Account.objects.create_user("wang", "right-password-1", name="王")
    actions.switch_account(account=account, is_active=False, actor=None)
    off, wrong = (answer_to(client, "wang", password) for password in ("right-password-1", "wrong-password-1"))
    assert off == wrong != ""


def test_a_username_is_one_whatever_the_case_of_its_letters(client):
    actions.open_account(username="Wang", name="王", password="right-password-1", actor=None)
    with pytest.raises(Refused):
        actions.open_account(username="wANG", name="汪", password="other-password-1", actor=None)
    with pytest.raises(Refused):
        actions.open_account(username="wang/../x", name="坏", password=None, actor=None)
    answer = client.post(reverse("account_login"), {"login": "WANG", "password": "right-password-1"})
    assert answer.url == reverse("desk:home")


def test_administrators_exclude_other_roles_also_when_these_begin_later():
    bureau, account = office(), AccountFactory()
    tomorrow = dt.date(2099, 1, 1)
    actions.grant_role(account=account, role=Role.HR, unit=bureau, valid_from=tomorrow, actor=None)
    with pytest.raises(Refused):
        grant(account, Role.SYSTEM_ADMIN, bureau)


def test_the_counter_gives_and_ends_roles_links_people_and_switches_off(capsys):
    bureau = office()
    CadreFactory(unit=bureau, work_number="K1", name="周立新", account=None)

    def counter(*arguments):
        call_command("account", *arguments)
        return json.loads(capsys.readouterr().out)

    assert counter("Zhou", "--name", "周立新", "--role", "hr")["roles"] == ["hr"]
    assert counter("zhou", "--role", "hr")["roles"] == ["hr"]  # twice on one day is no error
    assert counter("zhou", "--cadre", "K1", "--end", "hr") == {
        "username": "zhou",
        "name": "周立新",
        "password": None,
        "roles": [],
    }
    assert Cadre.objects.get(work_number="K1").account.username == "zhou"
    counter("zhou", "--disable")
    assert not Account.objects.get(username="zhou").is_active
    with pytest.raises(CommandError):
        counter("li", "--cadre", "K1")
    assert not Account.objects.filter(username="li").exists()
