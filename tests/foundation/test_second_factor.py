"""One-time codes and recovery codes: who must have them, that each counts once, and what the counter may do."""

import io
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.management import call_command
from django.urls import reverse
from PIL import Image

from foundation.audit.models import Entry
from foundation.offers import clock
from foundation.offers.types import Refused
from foundation.people import second_factor
from foundation.people.enums import Event, Role
from foundation.people.models import Account
from foundation.rulebook.actions import set_value
from tests.factories.people import AccountFactory, grant, office

pytestmark = pytest.mark.django_db
PASSWORD = "Right-password-1"
ENROL = "/accounts/security/factor/"


@pytest.fixture
def bureau():
    return office()


def wanted(of):
    today = clock.today()
    set_value(
        code="H1.second_factor", value=of, unit=None, valid_from=today, valid_to=None, citation="某规定", today=today,
        actor=None,
    )  # fmt: skip


def code(secret, later=0):
    """What the app shows now, or so many steps of 30 seconds later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later))


def person(name="wang"):
    return Account.objects.create_user(name, PASSWORD, name=name)


def with_factor(account):
    secret = second_factor.new_secret()
    codes = second_factor.add(account=account, secret=secret, code=code(secret, -1), session_key=None)
    return secret, codes


def sign_in(client, account):
    return client.post(reverse("account_login"), {"login": account.username, "password": PASSWORD})


def enter(client, digits):
    return client.post(reverse("mfa_authenticate"), {"code": digits})


@pytest.mark.parametrize(
    ("of", "due"), [("off", []), ("staff", ["hr", "audit"]), ("everyone", ["hr", "audit", "cadre"])]
)
def test_of_whom_it_is_wanted_is_a_parameter(bureau, of, due):
    people = {
        "hr": grant(person("hr"), Role.HR, bureau),
        "audit": grant(person("audit"), Role.AUDIT_ADMIN, bureau),
        "cadre": person("cadre"),
    }
    wanted(of)
    assert [name for name, account in people.items() if second_factor.is_due(account)] == due
    for account in people.values():
        with_factor(account)
    assert not any(second_factor.is_due(account) for account in people.values())


def test_the_shipped_rule_wants_it_of_staff(shipped_second_factor):
    assert shipped_second_factor.default == "staff"


def test_hr_adds_the_app_before_anything_else_and_sees_the_recovery_codes_once(client, bureau):
    wanted("staff")
    hr = grant(person(), Role.HR, bureau)
    sign_in(client, hr)
    for address in ("/desk/", "/admin/", "/people/items/"):
        assert client.get(address).url == ENROL
    page = client.get(ENROL)
    assert "退出登录" in page.content.decode() and "返回登录与安全" not in page.content.decode()
    secret = page.context["secret"].replace(" ", "")
    picture = client.get(reverse("people_signin:enrol_picture"))
    assert picture["Content-Type"] == "image/png" and "no-store" in picture["Cache-Control"]
    assert Image.open(io.BytesIO(picture.content)).width > 150
    assert client.get(ENROL).context["secret"].replace(" ", "") == secret  # reloaded: the app may have it already
    wrong = client.post(ENROL, {"code": "000000", "password": PASSWORD}).content.decode()
    assert "动态码不对。请核对手机时间" in wrong
    assert "密码不对" in client.post(ENROL, {"code": code(secret), "password": "nonsense"}).content.decode()
    assert not Authenticator.objects.exists()
    done = client.post(ENROL, {"code": code(secret), "password": PASSWORD})
    codes = done.context["codes"]
    assert len(set(codes)) == 10 and "no-store" in done["Cache-Control"]
    assert client.get("/desk/").status_code == 200
    assert client.get(ENROL).url == "/accounts/security/"
    shown = client.get("/accounts/security/").content.decode()
    assert "还剩 10 个没有用过的恢复码" in shown and not any(one in shown for one in codes)
    assert [e for e in Entry.objects.values_list("event", flat=True) if "factor_added" in e] == [Event.FACTOR_ADDED]


def test_who_adds_the_app_of_their_own_will_finds_the_way_back(client):
    client.force_login(person())
    page = client.get(ENROL).content.decode()
    assert '<a href="/accounts/security/">返回登录与安全</a>' in page and "退出登录" not in page


def test_the_database_keeps_neither_secret_nor_codes_in_the_clear():
    account = person()
    secret, codes = with_factor(account)
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in kept and not any(one in kept for one in codes)


def test_a_code_is_asked_after_the_password_and_counts_once(client):
    account = person()
    secret, _codes = with_factor(account)
    assert sign_in(client, account).url == reverse("mfa_authenticate")
    assert client.get("/desk/").status_code == 302  # not in yet
    good = code(secret)
    assert enter(client, f"{good[:3]} {good[3:]}").url == "/desk/"
    assert client.get("/desk/").status_code == 200
    thief = type(client)()  # looked over the shoulder
    sign_in(thief, account)
    assert "或者已经用过" in enter(thief, good).content.decode()
    # neither does an older one, within the 30 seconds that clocks may differ
    assert "或者已经用过" in enter(thief, code(secret, -1)).content.decode()
    assert enter(thief, code(secret, 1)).url == "/desk/"


def test_the_code_that_added_the_app_does_not_sign_in_as_well(client):
    account = person()
    secret = second_factor.new_secret()
    first = code(secret)
    second_factor.add(account=account, secret=secret, code=first, session_key=None)
    sign_in(client, account)
    assert "或者已经用过" in enter(client, first).content.decode()


def test_a_recovery_code_stands_in_once_and_is_counted(client):
    account = person()
    _secret, codes = with_factor(account)
    sign_in(client, account)
    assert enter(client, f"{codes[3][:4]} {codes[3][4:]}").url == "/desk/"
    assert "还剩 9 个" in client.get("/accounts/security/").content.decode()
    client.logout()
    sign_in(client, account)
    assert "不对，或者已经用过" in enter(client, codes[3]).content.decode()
    [used] = Entry.objects.filter(event=Event.RECOVERY_CODE_USED)
    assert used.data == {"left": 9}


def test_codes_are_not_guessed_for_long(client):
    account = person()
    secret, codes = with_factor(account)
    sign_in(client, account)
    answers = [enter(client, "000000").content.decode() for _ in range(6)]
    assert ["次数太多" in answer for answer in answers] == [False] * 5 + [True]
    assert "次数太多" in enter(client, code(secret)).content.decode()
    assert "次数太多" in enter(client, codes[0]).content.decode()
    assert Entry.objects.filter(event=Event.FACTOR_FAILED).count() == 5
    assert second_factor.standing(account).codes_left == 10


def test_somebody_elses_code_does_not_help(client):
    account, other = person(), person("other")
    with_factor(account)
    secret, codes = with_factor(other)
    sign_in(client, account)
    for digits in (code(secret), codes[0]):
        assert "不对，或者已经用过" in enter(client, digits).content.decode()
    assert second_factor.standing(other).codes_left == 10


def test_new_codes_and_turning_off_need_the_password_and_void_what_was(client):
    account = person()
    secret, codes = with_factor(account)
    client.force_login(account)
    renew, remove = reverse("people_signin:renew_codes"), reverse("people_signin:remove_factor")
    for address in (renew, remove):
        assert "密码不对" in client.post(address, {"password": "nonsense"}).content.decode()
    fresh = client.post(renew, {"password": PASSWORD}).context["codes"]
    assert not set(fresh) & set(codes)
    assert second_factor.accept(account=account, code=codes[0]) is None
    assert second_factor.accept(account=account, code=fresh[0]) is not None
    assert client.post(remove, {"password": PASSWORD}).url == "/accounts/security/"
    assert not Authenticator.objects.exists()
    with pytest.raises(Refused):
        second_factor.renew_codes(account=account)
    assert second_factor.accept(account=account, code=code(secret, 1)) is None


def test_lost_phone_and_codes_are_reset_at_the_counter_with_a_reason(client, bureau):
    security, other_admin = (
        grant(person("aq"), Role.SECURITY_ADMIN, bureau),
        grant(person("xt"), Role.SYSTEM_ADMIN, bureau),
    )
    account = person()
    with_factor(account)
    address = reverse("people:reset_factor", args=[account.pk])
    client.force_login(other_admin)
    assert client.post(address, {"reason": "手机丢失"}).status_code == 403
    client.force_login(security)
    assert "有 1 处需要修改" in client.post(address, {"reason": " "}).content.decode()
    assert client.post(address, {"reason": "手机丢失，核对工作证"}).url == reverse("people:account", args=[account.pk])
    assert not Authenticator.objects.exists()
    [entry] = Entry.objects.filter(event=Event.FACTOR_RESET)
    assert (entry.target_name, entry.actor_name, entry.data["reason"]) == ("wang", "aq", "手机丢失，核对工作证")


def test_the_security_administrators_own_lost_phone_is_reset_on_the_server(capsys, bureau):
    security = grant(person("aq"), Role.SECURITY_ADMIN, bureau)
    with_factor(security)
    call_command("account", "aq", "--reset-factor", "手机丢失，单位领导在场")
    assert not Authenticator.objects.exists()
    [entry] = Entry.objects.filter(event=Event.FACTOR_RESET)
    assert (entry.actor_name, entry.data["reason"]) == ("命令行", "手机丢失，单位领导在场")


def test_two_pages_that_add_the_app_at_once_leave_one(client):
    account = AccountFactory()
    with_factor(account)
    with pytest.raises(Refused) as refused:
        with_factor(account)
    assert refused.value.code == "has_factor"
    assert second_factor.standing(account).codes_left == 10
