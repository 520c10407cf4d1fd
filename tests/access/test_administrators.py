"""The three administrators see no business data, and no address of Wagtail signs anybody in past our limits."""

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from foundation.people.models import Account
from tests.access.matrix import CASES
from tests.access.test_matrix import Story, addresses

# what is everybody's own, or theirs by their office: the only addresses of ours that open for the three
OWN = {
    "account_logout",
    "account_change_password",
    "desk:home",
    "desk:home_card",
    "desk:refresh",
    "desk:me",
    "desk:settings",
    "documents_verify:offline",
    "notices:list",
    "notices:preferences",
    "desk:components",
    "content:search",
    "content:suggest",
    "courses:recommended",
    "people_signin:security",
    "people_signin:enrol",
    "people_signin:enrol_picture",
    "people_signin:renew_codes",
    "people_signin:remove_factor",
    "people_signin:idle",
    "documents:mine",
    "documents_verify:page",
    "appraisals:mine",
    "appraisals:notices",
}
THEIRS = {
    "system": {"people:system", "people:test_mail"},
    "security": {
        "people:parameters",
        "people:parameter",
        "people:accounts",
        "people:open_account",
        "people:account",
        "people:grant_role",
        "people:end_role",
        "people:renew_password",
        "people:switch_account",
        "people:reset_factor",
        "people:rights",
    },
    "auditor": {"people:audit_log"},
}


@pytest.fixture
def story(db, settings):
    return Story(settings)


@pytest.mark.parametrize("who", THEIRS)
def test_an_administrator_opens_what_is_their_office_and_nothing_of_anybodys_business(who, story, client):
    client.force_login(story.accounts[who])
    opened, leaks = set(), []
    secrets = ("组员", "canteen", "食堂管理办法", "题1", "挂职锻炼", story.rows["document"])
    for case in CASES:
        answer = getattr(client, case.method)(
            reverse(case.name, args=[story.rows[key] for key in case.args]), case.data
        )
        if answer.status_code == 200:
            opened.add(case.name)
            if case.name not in THEIRS["security"] | THEIRS["auditor"]:
                page = b"".join(answer) if answer.streaming else answer.content
                leaks += [(case.name, word) for word in secrets if word in page.decode(errors="replace")]
        client.force_login(story.accounts[who])  # one of the addresses signs out
    assert opened == OWN | THEIRS[who]
    assert leaks == []


def test_the_security_administrator_sees_of_people_the_name_the_unit_and_the_number(story, client):
    member = Account.objects.get(name="组员")
    member.cadre.phone, member.cadre.post, member.cadre.rank = "13800001111", "组长", "三级主任科员"
    member.cadre.save()
    client.force_login(story.accounts["security"])
    for address in ("/people/accounts/", f"/people/accounts/{member.pk}/"):
        page = client.get(address).content.decode()
        assert "组员" in page and "办公室" in page and member.cadre.work_number in page
        assert not any(word in page for word in ("13800001111", "组长", "三级主任科员", "女"))


def doors(patterns, prefix=""):
    """Paths of third-party addresses whose name or view speaks of signing in, passwords or tokens."""
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from doors(pattern.url_patterns, path)
        elif isinstance(pattern, URLPattern):
            view = getattr(pattern.callback, "view_class", pattern.callback)
            words = f"{pattern.name} {view.__name__} {path}".lower()
            if any(word in words for word in ("login", "signin", "password", "token", "authenticate")):
                yield path


def test_wagtail_has_no_other_door(client, db):
    """Every address that sounds like one is asked with a right name and password; only ours lets in."""
    Account.objects.create_user("wang", "Right-password-1", name="王")
    sent = {"username": "wang", "login": "wang", "password": "Right-password-1"}
    found = sorted(set(doors(get_resolver().url_patterns)))
    assert "accounts/login/" in found and "admin/login/" in found and "_util/login/" in found
    let_in = []
    for path in found:
        address = "/" + path.replace("<int:page_view_restriction_id>", "1").replace("<int:page_id>", "1")
        address = address.replace("^", "").replace("$", "").replace("<int:pk>", "1").replace("<str:uidb64>", "MQ")
        address = address.replace("<str:token>", "x-y").replace("<path:code>", "x").replace("(?P<code>.*)", "x")
        client.post(address, sent)
        if "_auth_user_id" in client.session:
            let_in.append(path)
        client.logout()
    assert let_in == ["accounts/login/"]


def test_what_allauth_offers_beyond_our_needs_is_not_mounted():
    ours = {name for path, name, module in addresses(get_resolver().url_patterns) if module.startswith("allauth")}
    assert ours == {"account_login", "mfa_authenticate", "account_logout", "account_change_password"}
