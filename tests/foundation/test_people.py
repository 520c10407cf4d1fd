"""Accounts, roles and scope."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
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
