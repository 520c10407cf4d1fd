"""Getting in with a password: limits, the policy, first and stale passwords, and what the trail keeps of it."""

import json

import argon2
import pytest
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from foundation.audit.models import Entry
from foundation.offers import clock
from foundation.offers.types import Refused
from foundation.people import actions
from foundation.people.account_actions import change_password
from foundation.people.enums import Event, Role
from foundation.people.hashers import HouseArgon2
from foundation.people.models import Account
from foundation.people.password_rules import classes, first_password
from foundation.people.validators import OfficePolicy
from foundation.rulebook.actions import set_value
from tests.factories.people import AccountFactory, CadreFactory, grant, office, section

pytestmark = pytest.mark.django_db
RIGHT, WRONG = "Right-password-1", "Wrong-password-1"
LOGIN = "/accounts/login/"


def put(code, value):
    today = clock.today()
    set_value(
        code=code, value=value, unit=None, valid_from=today, valid_to=None, citation="某规定", today=today, actor=None
    )


def wang(**fields):
    return Account.objects.create_user("wang", RIGHT, name="王", **fields)


def attempt(client, username, password, address="10.0.0.1"):
    return client.post(LOGIN, {"login": username, "password": password}, REMOTE_ADDR=address)


def said(response):
    """The sentences of the error summary; empty when the person got in."""
    page = response.content.decode()
    return page.split('class="note err')[1].split("</ul>")[0].split("<ul>")[1] if "note err" in page else ""


def events(*kinds):
    return list(Entry.objects.filter(event__in=kinds).order_by("pk").values_list("event", flat=True))


# ---------------------------------------------------------------- limits


def test_five_wrong_passwords_lock_this_computer_for_this_account_and_say_for_how_long(client):
    wang()
    answers = [said(attempt(client, "wang", WRONG)) for _ in range(6)]
    assert ["账号或密码不对" in answer for answer in answers] == [True] * 4 + [False] * 2
    assert all("登录失败次数太多，请 15 分钟后再试" in answer for answer in answers[4:])
    assert "请 15 分钟后再试" in said(attempt(client, "WANG ", RIGHT))  # the right password does not help, nor spelling
    assert events(Event.SIGN_IN_FAILED, Event.SIGN_IN_LOCKED) == [Event.SIGN_IN_FAILED] * 5 + [Event.SIGN_IN_LOCKED]


def test_a_colleague_who_guesses_does_not_lock_the_owner_out(client):
    wang()
    for _ in range(6):
        attempt(client, "wang", WRONG, address="10.0.0.66")
    assert attempt(client, "wang", RIGHT, address="10.0.0.1").status_code == 302


def test_guessing_from_many_computers_locks_the_account_but_not_for_long(client):
    wang()
    for number in range(20):
        attempt(client, "wang", WRONG, address=f"10.0.1.{number}")
    assert "请 5 分钟后再试" in said(attempt(client, "wang", RIGHT, address="10.0.0.1"))


def test_one_password_tried_on_many_names_stops_that_computer_and_nobody_elses(client):
    wang()
    for number in range(50):
        attempt(client, f"name{number}", WRONG, address="10.0.0.66")
    assert "这台电脑登录失败次数太多" in said(attempt(client, "wang", RIGHT, address="10.0.0.66"))
    assert attempt(client, "wang", RIGHT, address="10.0.0.1").status_code == 302


def test_a_good_sign_in_forgets_the_failures_before_it_and_costs_no_try(client):
    wang()
    for _round in range(3):
        for _ in range(4):
            assert "账号或密码不对" in said(attempt(client, "wang", WRONG))
        assert attempt(client, "wang", RIGHT).status_code == 302
        client.logout()


def test_the_number_of_tries_is_the_offices_own(client):
    wang()
    put("H1.lockout_tries", 3)
    answers = [said(attempt(client, "wang", WRONG)) for _ in range(3)]
    assert ["次数太多" in answer for answer in answers] == [False, False, True]


def test_a_name_that_nobody_has_is_locked_in_the_same_words(client):
    wang()
    put("H1.lockout_tries", 3)
    known, unknown = ([said(attempt(client, name, WRONG)) for _ in range(4)] for name in ("wang", "nobody"))
    assert known == unknown


# ---------------------------------------------------------------- the same answer, the same work


@pytest.fixture
def hashes(settings, monkeypatch):
    """Argon2 as the house sets it, and a count of the hashes that are computed."""
    settings.PASSWORD_HASHERS = ["foundation.people.hashers.HouseArgon2"]
    counted = []
    for name in ("hash_secret", "verify_secret"):
        real = getattr(argon2.low_level, name)

        def counting(*arguments, real=real, **options):
            counted.append(1)
            return real(*arguments, **options)

        for module in (argon2.low_level, argon2._password_hasher):
            monkeypatch.setattr(module, name, counting, raising=False)
    return counted


def test_unknown_wrong_and_switched_off_cost_one_hash_and_as_many_queries(client, hashes):
    for name in ("wang", "off"):
        Account.objects.create_user(name, RIGHT, name=name, is_active=name != "off")
    actions.command_account()
    attempt(client, "warm", WRONG)
    costs, answers = [], set()
    for name, password in (("nobody", WRONG), ("wang", WRONG), ("off", RIGHT), ("off", WRONG)):
        hashes.clear()
        with CaptureQueriesContext(connection) as queries:
            answers.add(said(attempt(client, name, password)))
        costs.append((len(hashes), len(queries)))
    assert costs[0][0] == 1 and costs[0][1] > 0
    assert len(set(costs)) == len(answers) == 1


def test_argon2_is_set_as_settled_and_an_old_hash_is_brought_up_to_it(client, settings):
    settings.PASSWORD_HASHERS = [
        "foundation.people.hashers.HouseArgon2",
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    ]
    assert (HouseArgon2.memory_cost, HouseArgon2.time_cost, HouseArgon2.parallelism) == (19 * 1024, 2, 1)
    account = wang()
    Account.objects.update(password=make_password(RIGHT, hasher="pbkdf2_sha256"))
    assert attempt(client, "wang", RIGHT).status_code == 302
    account.refresh_from_db()
    assert account.password.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")


# ---------------------------------------------------------------- the policy


@pytest.mark.parametrize(
    ("password", "kinds"), [("aaaa", 1), ("aA", 2), ("aA1", 3), ("aA1-", 4), ("密码", 1), ("", 0), ("a密1", 3)]
)
def test_kinds_of_characters(password, kinds):
    assert classes(password) == kinds


@pytest.mark.parametrize("length", [8, 12, 13, 64])
def test_a_first_password_meets_the_strictest_policy_and_can_be_read_aloud(length):
    made = {first_password(length=length) for _ in range(50)}
    assert len(made) == 50
    assert all(len(one) >= length and classes(one) == 4 and not set(one) & set("0Oo1lI") for one in made)


def test_the_policy_says_everything_that_is_missing_at_once():
    with pytest.raises(ValidationError) as refused:
        OfficePolicy().validate("abc", AccountFactory())
    assert refused.value.messages == [
        "密码太短，至少要 8 个字符，现在是 3 个。",
        "密码要包含大写字母、小写字母、数字、其他符号这四类中的至少 3 类，现在是 1 类。",
    ]
    with pytest.raises(ValidationError, match="不能含有账号"):
        OfficePolicy().validate("Zhouwei-2026", AccountFactory(username="zhouwei"))


def test_the_last_five_passwords_do_not_come_back():
    account = wang()
    for number in range(6):
        change_password(account=account, password=f"Other-password-{number}", session_key=None)
    for password, is_free in [(f"Other-password-{n}", n < 1) for n in range(6)] + [(RIGHT, True)]:
        try:
            OfficePolicy().validate(password, account)
        except ValidationError as refused:
            assert not is_free and refused.messages == ["新密码不能与最近 5 次用过的密码相同，包括现在的。"]
        else:
            assert is_free, password
    put("H1.password_history", 0)
    with pytest.raises(ValidationError, match="不能与现在的密码相同"):
        OfficePolicy().validate("Other-password-5", account)


# ---------------------------------------------------------------- first and stale passwords


def change(client, old, new, again=None):
    return client.post(
        reverse("account_change_password"), {"oldpassword": old, "password1": new, "password2": again or new}
    )


def test_a_first_password_is_changed_before_anything_else(client):
    bureau = office()
    security = grant(AccountFactory(), Role.SECURITY_ADMIN, bureau)
    account = actions.open_account(username="hr", name="沈静", password=None, actor=security)
    first = actions.renew_first_password(account=account, actor=security)
    attempt(client, "hr", first)
    for address in ("/desk/", "/admin/", "/accounts/security/", reverse("hours:ledger")):
        assert client.get(address).url == reverse("account_change_password")
    asked = client.get("/accounts/idle/", headers={"Accept": "application/json"})
    assert asked.status_code == 200  # the clock may be looked at
    refused = client.post("/desk/home-card/", headers={"Accept": "application/json"})
    assert (refused.status_code, refused.json()["code"]) == (403, "password")
    assert "请先换成只有你自己知道的密码" in client.get(reverse("account_change_password")).content.decode()
    assert "新密码不能与" in change(client, first, first).content.decode()
    assert "密码太短" in change(client, first, "Ab1").content.decode()
    two = change(client, first, "ab").content.decode()  # of one field
    assert "密码太短" in two and "这四类中的至少" in two and "有 2 处需要修改" in two
    assert "现在的密码不对" in change(client, "nonsense", RIGHT).content.decode()
    assert change(client, first, RIGHT).url == "/desk/"
    assert client.get("/desk/").status_code == 200
    account.refresh_from_db()
    assert (account.must_change_password, account.password_changed_at is not None) == (False, True)
    assert events(Event.PASSWORD_RESET, Event.PASSWORD_CHANGED) == [Event.PASSWORD_RESET, Event.PASSWORD_CHANGED]


def test_a_password_is_changed_after_the_offices_days(client, at):
    account = wang()
    at("2026-08-01T09:00")
    change_password(account=account, password=WRONG, session_key=None)
    at("2026-10-29T09:00")
    attempt(client, "wang", WRONG)
    assert client.get("/desk/").status_code == 200
    client.logout()
    at("2026-10-31T09:00")
    attempt(client, "wang", WRONG)
    assert client.get("/desk/").url == reverse("account_change_password")
    assert "到了更换的时间" in client.get(reverse("account_change_password")).content.decode()
    change(client, WRONG, "Newest-password-1")
    assert client.get("/desk/").status_code == 200


def test_nobody_renews_a_password_beyond_their_right():
    bureau = office()
    general, finance = section("办公室", bureau), section("财务处", bureau)
    hr = grant(AccountFactory(), Role.HR, general)
    member, head = CadreFactory(unit=general).account, CadreFactory(unit=general).account
    grant(head, Role.SECTION_HEAD, general)
    stranger = CadreFactory(unit=finance).account
    made = actions.renew_first_password(account=member, actor=hr)
    member.refresh_from_db()
    assert member.check_password(made) and member.must_change_password
    for account, code in ((head, "holds_role"), (stranger, "out_of_scope"), (AccountFactory(), "out_of_scope")):
        with pytest.raises(Refused) as refused:
            actions.renew_first_password(account=account, actor=hr)
        assert refused.value.code == code
    with pytest.raises(Refused):
        actions.renew_first_password(account=member, actor=member)
    for account in (head, stranger):
        actions.renew_first_password(account=account, actor=grant(AccountFactory(), Role.SECURITY_ADMIN, bureau))


# ---------------------------------------------------------------- what the trail keeps


def test_the_trail_knows_who_signed_in_and_from_where_and_no_password_nor_typed_name(client):
    account = wang()
    attempt(client, "wang", WRONG)
    attempt(client, "my-Secret-1", WRONG)  # typed into the wrong field
    attempt(client, "wang", RIGHT)
    client.post(reverse("account_logout"))
    entries = list(Entry.objects.order_by("pk").values_list("event", "target_name", "actor_name"))
    assert entries == [
        (Event.SIGN_IN_FAILED, "王", ""),
        (Event.SIGN_IN_FAILED, "命令行", ""),
        (Event.SIGNED_IN, "王", "王"),
        (Event.SIGNED_OUT, "王", "王"),
    ]
    kept = json.dumps(list(Entry.objects.values_list("data", flat=True)))
    assert "10.0.0.1" in kept and not any(word in kept for word in (WRONG, RIGHT, "my-Secret"))
    assert Entry.objects.filter(target_id=str(account.pk)).count() == 3


# ---------------------------------------------------------------- language, theme, type size


def test_an_english_browser_gets_chinese_until_its_owner_says_otherwise_and_the_choice_follows(client):
    account = grant(wang(), Role.EDITOR, office())
    english = {"Accept-Language": "en-US,en;q=0.9"}
    attempt(client, "wang", RIGHT)
    assert 'lang="zh-CN"' in client.get("/desk/", headers=english).content.decode()
    assert 'lang="zh-hans"' in client.get("/admin/", headers=english).content.decode()
    client.post(reverse("desk:save_settings"), {"language": "en", "theme": "dark", "size": "large"})
    account.refresh_from_db()
    assert (account.language, account.theme, account.text_size) == ("en", "dark", "large")
    client.logout()
    other = type(client)()
    attempt(other, "wang", RIGHT)
    assert '<html lang="en" data-theme="dark" data-size="large">' in other.get("/desk/").content.decode()
    assert 'lang="en"' in other.get("/admin/").content.decode()
    # half an answer changes half of it, nonsense nothing
    other.post(reverse("desk:save_settings"), {"theme": "light", "size": "huge"})
    account.refresh_from_db()
    assert (account.language, account.theme, account.text_size) == ("en", "light", "large")
