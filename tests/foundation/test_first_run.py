"""An empty office is opened once, by three different people, from the machine itself or with its code."""

import json
import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from foundation.audit.models import Entry
from foundation.offers import clock
from foundation.offers.types import Refused
from foundation.people import actions, first_run
from foundation.people.enums import Event, Role
from foundation.people.first_run import Administrator
from foundation.people.models import Account, RoleGrant, Unit
from foundation.people.scope import has_role
from tests.factories.people import AccountFactory, office

pytestmark = pytest.mark.django_db
PAGE = "/accounts/first-run/"
THREE = [
    Administrator(Role.SYSTEM_ADMIN, "xt", "江帆"),
    Administrator(Role.SECURITY_ADMIN, "aq", "石磊"),
    Administrator(Role.AUDIT_ADMIN, "sj", "方正"),
]
FILLED = {
    "name": "江州市机关事务管理局",
    "units": "办公室\n人事处\n\n财务处\n",
    "system_admin_username": "xt",
    "system_admin_name": "江帆",
    "security_admin_username": "aq",
    "security_admin_name": "石磊",
    "audit_admin_username": "sj",
    "audit_admin_name": "方正",
}
FAR = {"REMOTE_ADDR": "10.0.0.9"}


@pytest.fixture(autouse=True)
def data(settings, tmp_path):
    settings.DATA = tmp_path
    actions.command_account()  # bin/serve has prepared the site


def opened(administrators=THREE, name="江州市机关事务管理局", units=("办公室",)):
    return first_run.open_office(
        name=name, units=units, administrators=administrators, today=clock.today(), actor=actions.command_account()
    )


def test_the_page_opens_the_office_shows_the_passwords_once_and_is_gone(client):
    assert client.get(PAGE).status_code == 200
    done = client.post(PAGE, FILLED)
    accounts = {one.account.username: one.password for one in done.context["opened"]}
    assert [(unit.name, unit.depth) for unit in Unit.objects.all()] == [
        ("江州市机关事务管理局", 1),
        ("办公室", 2),
        ("人事处", 2),
        ("财务处", 2),
    ]
    shown = done.content.decode()
    assert all(password in shown for password in accounts.values()) and "no-store" in done["Cache-Control"]
    for username, role in (("xt", Role.SYSTEM_ADMIN), ("aq", Role.SECURITY_ADMIN), ("sj", Role.AUDIT_ADMIN)):
        account = Account.objects.get(username=username)
        assert account.check_password(accounts[username]) and account.must_change_password
        assert has_role(account, role)
    assert client.get(PAGE).status_code == client.post(PAGE, FILLED).status_code == 404
    assert Account.objects.count() == 4
    assert Entry.objects.filter(event=Event.OFFICE_OPENED).count() == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"audit_admin_name": "石磊"}, "三位管理员必须是三个不同的人"),
        ({"audit_admin_username": "AQ"}, "三位管理员必须是三个不同的人"),
        ({"audit_admin_username": "a b"}, "用户名"),
        ({"units": "办公室\n办公室"}, "内设机构的名称有重复"),
        ({"units": "办" * 101}, "单位名称最长 100 个字"),
        ({"audit_admin_name": ""}, "有 1 处需要修改"),
        ({"name": "   "}, "有 1 处需要修改"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(client, change, sentence):
    page = client.post(PAGE, FILLED | change).content.decode()
    assert sentence in page
    assert "江帆" in page  # what was typed stands there still
    assert not Unit.objects.exists() and first_run.is_open() and not RoleGrant.objects.exists()


@pytest.mark.parametrize(
    "request_from",
    [
        FAR,
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "10.0.0.9"},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_FORWARDED": "for=10.0.0.9"},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_REAL_IP": "10.0.0.9"},
    ],
)
def test_from_elsewhere_it_needs_the_code(client, request_from):
    code = first_run.code()
    assert client.get(PAGE, **request_from).status_code == 403
    assert client.post(PAGE, FILLED, **request_from).status_code == 403
    assert client.post(PAGE, FILLED | {"code": "nonsense"}, **request_from).status_code == 403
    assert first_run.is_open()
    assert client.get(PAGE, {"code": code}, **request_from).status_code == 200
    assert client.post(PAGE, FILLED | {"code": code}, **request_from).status_code == 200
    assert not first_run.is_open() and not first_run.code_file().exists()


@pytest.mark.parametrize("setting", ["PRODUCTION", "ALLAUTH_TRUSTED_PROXY_COUNT"])
def test_in_production_and_behind_a_proxy_the_machine_itself_needs_it_too(client, settings, setting):
    setattr(settings, setting, 1)
    headers = {"HTTP_X_FORWARDED_FOR": "127.0.0.1"} if setting.startswith("ALL") else {}
    assert client.get(PAGE, **headers).status_code == 403


def test_the_code_is_not_guessed(client):
    first_run.code()
    answers = [client.post(PAGE, {"code": f"guess-{n}"}, **FAR).content.decode() for n in range(11)]
    assert ["次数太多" in answer for answer in answers] == [False] * 10 + [True]


def test_an_office_whose_roster_came_first_keeps_its_units(client):
    bureau = office("江州市机关事务管理局")
    page = client.get(PAGE)
    assert "单位已经有了：江州市机关事务管理局" in page.content.decode() and "name" not in page.context["form"].fields
    client.post(PAGE, FILLED)
    assert list(Unit.objects.all()) == [bureau]
    assert set(RoleGrant.objects.values_list("unit", flat=True)) == {bureau.pk}


def test_it_is_not_there_where_anybody_has_an_account(client):
    AccountFactory()
    assert client.get(PAGE).status_code == 404
    with pytest.raises(Refused) as refused:
        opened()
    assert refused.value.code == "opened"
    assert not Unit.objects.exists()


@pytest.mark.parametrize(
    "administrators",
    [THREE[:2], [*THREE[:2], THREE[1]], [*THREE, THREE[0]], [*THREE[:2], Administrator(Role.HR, "hr", "沈静")]],
)
def test_it_takes_the_three_and_no_others(administrators):
    with pytest.raises(Refused) as refused:
        opened(administrators)
    assert refused.value.code == "not_three"
    assert not Unit.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_wins():
    actions.command_account()
    start, outcomes = threading.Barrier(2), []

    def run(prefix):
        start.wait(10)
        try:
            opened([Administrator(one.role, prefix + one.username, one.name) for one in THREE], name=prefix)
            outcomes.append(prefix)
        except Refused as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(prefix,)) for prefix in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    [winner] = [outcome for outcome in outcomes if outcome != "opened"]
    assert sorted(outcomes) == sorted([winner, "opened"])
    assert Unit.objects.filter(depth=1).values_list("name", flat=True).get() == winner
    assert Account.objects.exclude(username="command").count() == 3


# ---------------------------------------------------------------- the command


def test_the_command_opens_an_office_too(capsys):
    arguments = [
        "--name",
        "江州市机关事务管理局",
        "--units",
        "办公室,人事处",
        "--system",
        "xt:江帆",
        "--security",
        "aq：石磊",
    ]
    with pytest.raises(CommandError, match="--audit"):
        call_command("init_office", *arguments)
    assert first_run.is_open()
    call_command("init_office", *arguments, "--audit", "sj:方正")
    answer = json.loads(capsys.readouterr().out)
    assert (answer["office"], answer["units"]) == ("江州市机关事务管理局", 2)
    assert [(one["role"], one["username"], one["name"]) for one in answer["accounts"]] == [
        ("system_admin", "xt", "江帆"),
        ("security_admin", "aq", "石磊"),
        ("audit_admin", "sj", "方正"),
    ]
    assert Account.objects.get(username="aq").check_password(answer["accounts"][1]["password"])
    with pytest.raises(CommandError, match="已经设置过"):
        call_command("init_office", *arguments, "--audit", "sj:方正")


def test_the_address_with_the_code_is_printed_until_somebody_has_an_account(capsys):
    call_command("first_run")
    assert f"{reverse('people_signin:first_run')}?code={first_run.code()}" in capsys.readouterr().out
    AccountFactory()
    call_command("first_run")
    assert capsys.readouterr().out == ""
