"""The security and system administrators' screens, and the roles they give."""

import datetime as dt
import threading

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from foundation.audit.models import Entry
from foundation.jobs.enums import State
from foundation.jobs.models import Job
from foundation.jobs.tasks import sweep
from foundation.offers import clock
from foundation.people import actions
from foundation.people.account_queries import review
from foundation.people.enums import Event, Role
from foundation.people.models import Account, Cadre, RoleGrant, Unit
from foundation.people.todos import due
from foundation.rulebook.actions import set_value
from tests.factories.people import LONG_AGO, AccountFactory, CadreFactory, grant, office, section

pytestmark = pytest.mark.django_db
LIST = "/people/accounts/"


@pytest.fixture
def bureau():
    return office()


@pytest.fixture
def security(bureau, client):
    account = grant(AccountFactory(username="aq", name="石磊"), Role.SECURITY_ADMIN, bureau)
    client.force_login(account)
    return account


def names(response):
    return {account.name for account in response.context["accounts"]}


# ---------------------------------------------------------------- the list


def test_the_list_is_searched_and_narrowed(client, security, bureau):
    general, finance = section("办公室", bureau), section("财务处", bureau)
    wang, li = CadreFactory(unit=general, name="王伟", work_number="K0101"), CadreFactory(unit=finance, name="李娜")
    grant(li.account, Role.SECTION_HEAD, general)  # of another unit than the own
    off = CadreFactory(unit=finance, name="赵停").account
    actions.switch_account(account=off, is_active=False, actor=None)
    fresh = actions.open_account(username="hr", name="沈静", password="x", actor=None)
    actions.command_account()
    everybody = {"石磊", "王伟", "李娜", "赵停", "沈静"}

    def shown(**filters):
        return names(client.get(LIST, filters))

    assert shown() == everybody
    assert shown(sought="王") == shown(sought="k0101") == shown(sought=wang.account.username) == {"王伟"}
    assert shown(role="section_head") == {"李娜"}
    assert shown(unit=general.pk) == {"王伟", "李娜"}
    assert shown(unit=bureau.pk) == {"石磊", "王伟", "李娜", "赵停"}
    assert shown(state="off") == {"赵停"} and shown(state="on") == everybody - {"赵停"}
    assert shown(state="first") == {fresh.name}
    assert shown(sought="nobody") == set()
    assert (
        "有误" in client.get(LIST, {"state": "nonsense"}).content.decode()
        or names(client.get(LIST, {"state": "nonsense"})) == set()
    )
    assert client.get(LIST, {"page": "99999"}).status_code == client.get(LIST, {"page": "-1"}).status_code == 200


def test_the_list_is_narrowed_to_open_units_and_to_closed_ones_with_accounts(client, security, bureau):
    standing, empty, left, held = (section(name, bureau) for name in ("办公室", "空处", "旧处", "有角色的旧处"))
    CadreFactory(unit=left)
    CadreFactory(unit=empty, account=None)
    grant(AccountFactory(), Role.LIAISON, held)
    Unit.objects.filter(pk__in=[empty.pk, left.pk, held.pk]).update(is_open=False)
    assert list(client.get(LIST).context["form"].fields["unit"].queryset) == [bureau, standing, left, held]


def test_the_list_costs_the_same_for_3_and_for_300(client, security, bureau):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        return len(queries)

    client.get(LIST)
    few = cost()
    for cadre in CadreFactory.create_batch(300, unit=bureau):
        RoleGrant.objects.create(account=cadre.account, role=Role.LIAISON, unit=bureau, valid_from=LONG_AGO)
    assert cost() == few
    page = client.get(LIST, {"page": "16"})
    assert (page.context["found"], page.context["pages"], len(page.context["accounts"])) == (301, 16, 1)


# ---------------------------------------------------------------- an account


def test_an_account_is_opened_for_somebody_on_the_roster_and_its_password_shown_once(client, security, bureau):
    person = CadreFactory(unit=bureau, name="周立新", work_number="K7", account=None)
    page = client.post("/people/accounts/open/", {"username": "Zhou", "work_number": "K7"})
    password = page.context["password"]
    account = Account.objects.get(username="zhou")
    assert account.check_password(password) and account.must_change_password
    assert "no-store" in page["Cache-Control"] and password in page.content.decode()
    assert Cadre.objects.get(pk=person.pk).account == account and account.name == "周立新"
    assert password not in client.get(reverse("people:account", args=[account.pk])).content.decode()
    answers = {
        "work_number": client.post("/people/accounts/open/", {"username": "z2", "work_number": "K7"}),
        "username": client.post("/people/accounts/open/", {"username": "ZHOU", "name": "周"}),
        "name": client.post("/people/accounts/open/", {"username": "z3", "name": " "}),
    }
    assert answers["username"].context["form"].errors == {"username": ["已有这个账号，请换一个。"]}
    assert {field: list(answer.context["form"].errors) for field, answer in answers.items()} == {
        field: [field] for field in answers
    }
    assert Account.objects.count() == 2


def test_roles_are_given_and_ended_with_dates(client, security, bureau):
    account, today = AccountFactory(name="沈静"), clock.today()
    give = reverse("people:grant_role", args=[account.pk])
    yesterday, tomorrow = today - dt.timedelta(days=1), today + dt.timedelta(days=1)

    def faults(**data):
        answer = client.post(give, {"role": "hr", "unit": bureau.pk, "valid_from": today} | data)
        return list(answer.context["form"].errors) if answer.status_code == 200 else None

    assert faults(valid_from=yesterday) == ["valid_from"]
    assert faults(valid_to=yesterday) == ["valid_to"]
    assert faults(role="superuser") == ["role"]
    assert not RoleGrant.objects.filter(account=account).exists()
    assert faults(valid_to=tomorrow) is None
    assert faults(role="audit_admin", valid_from=tomorrow) == ["__all__"]  # administrators hold nothing beside it
    held = RoleGrant.objects.get(account=account)
    end = reverse("people:end_role", args=[held.pk])
    assert faults(valid_from=tomorrow) == ["__all__"]  # a double click, and the same role over the same days
    for day in (today - dt.timedelta(days=2), tomorrow + dt.timedelta(days=1)):
        assert client.post(end, {"last_day": day}).status_code == 200
    client.post(end, {"last_day": today})
    held.refresh_from_db()
    assert held.valid_to == today
    client.post(end, {"last_day": yesterday})  # it began today: taken back altogether
    assert not RoleGrant.objects.filter(account=account).exists()
    assert [e.event for e in Entry.objects.filter(actor_name="石磊").order_by("pk")] == [
        Event.ROLE_GRANTED,
        Event.ROLE_ENDED,
        Event.ROLE_ENDED,
    ]


def test_the_last_security_administrator_does_not_shut_the_office_out(client, security, bureau):
    own = RoleGrant.objects.get(account=security)
    end, today = reverse("people:end_role", args=[own.pk]), clock.today()
    assert client.post(end, {"last_day": today}).status_code == 409
    assert client.post(reverse("people:switch_account", args=[security.pk])).status_code == 409
    assert client.post(reverse("people:renew_password", args=[security.pk])).status_code == 409
    grant(AccountFactory(), Role.SECURITY_ADMIN, bureau)
    assert client.post(end, {"last_day": today}).status_code == 302


def test_an_account_is_switched_off_and_on(client, security):
    account = Account.objects.create_user("wang", "Right-password-1", name="王")
    switch = reverse("people:switch_account", args=[account.pk])
    client.post(switch)
    account.refresh_from_db()
    assert not account.is_active
    client.post(switch, {"on": "1"})
    account.refresh_from_db()
    assert account.is_active
    assert client.post(reverse("people:switch_account", args=[actions.command_account().pk])).status_code == 404


def test_switching_off_asks_first_and_a_second_click_does_nothing(client, security):
    account = Account.objects.create_user("wang", "Right-password-1", name="王")
    switch, page = (reverse(f"people:{name}", args=[account.pk]) for name in ("switch_account", "account"))
    assert f'href="{switch}"' in client.get(page).content.decode()
    assert "停用账号？" in client.get(switch).content.decode()
    account.refresh_from_db()
    assert account.is_active
    client.post(switch)
    for again in (client.post, client.get):
        answer = again(switch, follow=True)
        assert answer.redirect_chain == [(page, 302)] and "账号已经停用：王" in answer.content.decode()
    assert Entry.objects.filter(event=Event.ACCOUNT_SWITCHED).count() == 1
    client.post(switch, {"on": "1"})
    assert "账号本来就在启用中：王" in client.post(switch, {"on": "1"}, follow=True).content.decode()
    assert Entry.objects.filter(event=Event.ACCOUNT_SWITCHED).count() == 2


def test_a_new_first_password_asks_first_and_an_old_page_sets_none(client, security):
    account = Account.objects.create_user("wang", "Right-password-1", name="王")
    renew = reverse("people:renew_password", args=[account.pk])
    asked = client.get(renew)
    assert "设定新的初始密码？" in asked.content.decode() and "no-store" in asked["Cache-Control"]
    for unasked in ({}, {"seen": "x"}):
        assert "设定新的初始密码？" in client.post(renew, unasked).content.decode()
    account.refresh_from_db()
    assert account.check_password("Right-password-1")
    seen = {"seen": asked.context["seen"]}
    password = client.post(renew, seen).context["password"]
    assert client.post(renew, seen).status_code == 409  # the answer reloaded, or a page from before
    again = client.post(renew, seen, headers={"Referer": f"http://testserver{renew}"}, follow=True)
    assert "这次没有再设定" in again.content.decode() and "设定新的初始密码？" in again.content.decode()
    account.refresh_from_db()
    assert account.check_password(password)
    assert Entry.objects.filter(event=Event.PASSWORD_RESET).count() == 1
    assert client.post(renew, {"seen": again.context["seen"]}).context["password"] != password


def test_what_an_account_held_and_will_hold_stays_on_its_page(client, security, bureau, at):
    at("2026-11-25T09:00")
    client.force_login(security)
    account, today = AccountFactory(name="沈静"), clock.today()
    page = reverse("people:account", args=[account.pk])

    def give(role, first, last=None):
        dates = {"valid_from": first, "valid_to": last}
        return actions.grant_role(account=account, role=role, unit=bureau, actor=security, **dates)

    assert "还没有角色" in client.get(page).content.decode()
    give(Role.HR, LONG_AGO, dt.date(2021, 1, 1))
    mistaken = give(Role.EDITOR, today)
    client.post(reverse("people:end_role", args=[mistaken.pk]), {"last_day": today - dt.timedelta(days=1)})
    assert not RoleGrant.objects.filter(pk=mistaken.pk).exists()
    shown = client.get(page).content.decode()
    assert "还没有角色" not in shown and "现在没有角色" in shown
    assert '<h3 class="muted">人事</h3>' in shown and "2020年1月1日 至 2021年1月1日" in shown
    assert '<h3 class="muted">编辑</h3>' in shown and "2026-11-25 09:00 授予，2026-11-25 09:00 收回" in shown
    give(Role.TRAINER, today + dt.timedelta(days=7))
    shown = client.get(page).content.decode()
    assert "现在没有角色" not in shown and "未生效" in shown and "自 2026年12月2日 起" in shown
    assert shown.index("<h3>培训管理员</h3>") < shown.index('<h3 class="muted">人事</h3>')


def test_rights_are_reviewed_and_asked_for_again_after_the_offices_months(client, security, bureau, at):
    grant(AccountFactory(name="沈静"), Role.HR, bureau)
    ended = AccountFactory(name="旧人事")
    actions.grant_role(
        account=ended, role=Role.HR, unit=bureau, valid_from=LONG_AGO, valid_to=dt.date(2021, 1, 1), actor=None
    )
    at("2026-08-31T09:00")
    today = clock.today()
    set_value(
        code="H1.rights_review_months", value=6, unit=None, valid_from=today, valid_to=None, citation="某规定",
        today=today, actor=None,
    )  # fmt: skip
    client.force_login(security)
    assert "复核权限：谁有什么角色" in client.get("/desk/").content.decode()
    page = client.get("/people/rights/", {"role": "hr"})
    assert [row.account.name for row in page.context["rows"]] == ["沈静"]
    client.post("/people/rights/")
    [entry] = Entry.objects.filter(event=Event.RIGHTS_REVIEWED)
    assert entry.data == {"accounts": 2, "grants": 2}
    assert "复核权限：谁有什么角色" not in client.get("/desk/").content.decode()
    assert review(today=dt.date(2027, 2, 27)).is_due(dt.date(2027, 2, 27)) is False
    assert review(today=dt.date(2027, 2, 28)).is_due(dt.date(2027, 2, 28)) is True


def test_a_review_after_midnight_is_of_the_offices_day(client, security, bureau, at):
    at("2026-11-25T01:46")  # in UTC it is still the 24th
    today = clock.today()
    set_value(
        code="H1.rights_review_months", value=6, unit=None, valid_from=today, valid_to=None, citation="某规定",
        today=today, actor=None,
    )  # fmt: skip
    client.force_login(security)
    client.post("/people/rights/")
    page = client.get("/people/rights/").content.decode()
    assert "最近一次：2026年11月25日。" in page and "下一次应在 2027年5月25日 前。" in page


def test_parameters_of_sign_in_are_the_security_administrators_and_not_hrs(client, security, bureau):
    page = reverse("people:parameter", args=["H1.lockout_tries"])
    new = {"value": "4", "valid_from": clock.today(), "citation": "某规定"}
    hr = grant(AccountFactory(), Role.HR, bureau)
    client.force_login(hr)
    assert client.post(page, new).status_code == 403
    client.force_login(security)
    assert client.post(page, new).status_code == 302
    assert client.post(reverse("people:parameter", args=["A7.half_year_days"]), new).status_code == 403


# ---------------------------------------------------------------- the running system


def test_the_system_page_tells_of_the_machine_and_not_of_the_work(client, bureau):
    hr = AccountFactory(name="沈静")
    now = clock.now()
    job = {"kind": "appraisals.issue_documents", "owner": hr, "ids": {}, "created_at": now, "beat_at": now}
    Job.objects.create(**job, state=State.FAILED, message="周立新的通知书", finished_at=now)
    Job.objects.create(**job)
    client.force_login(grant(AccountFactory(), Role.SYSTEM_ADMIN, bureau))
    before = client.get("/people/system/")
    assert not before.context["lines"][-1].is_well  # no worker has been seen
    sweep()
    page = client.get("/people/system/")
    assert [line.is_well for line in page.context["lines"]] == [True] * 5
    work = page.context["work"]
    assert (work.queued, work.running, [failure.count for failure in work.failures]) == (1, 0, [1])
    shown = page.content.decode()
    assert not any(word in shown for word in ("周立新", "沈静"))


def test_a_test_mail_goes_out_or_says_why_not(client, bureau, settings):
    client.force_login(grant(AccountFactory(name="江帆"), Role.SYSTEM_ADMIN, bureau))
    assert client.post("/people/system/mail/", {"to": "nonsense"}).status_code == 200
    assert client.post("/people/system/mail/", {"to": "a@example.com"}).url == "/people/system/"
    assert [one.to for one in mail.outbox] == [["a@example.com"]]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    page = client.post("/people/system/mail/", {"to": "a@example.com"}).content.decode()
    assert "没有发出" in page and "127.0.0.1:1" in page


# ---------------------------------------------------------------- nobody above the three


def test_there_is_no_command_for_a_superuser():
    with pytest.raises((NotImplementedError, CommandError)):
        call_command("createsuperuser", "--noinput", username="root", name="root")
    assert not Account.objects.filter(username="root").exists()


@pytest.mark.parametrize("role", list(Role))
def test_wagtails_pages_of_users_and_groups_are_nobodys(client, bureau, role):
    account = grant(AccountFactory(), role, bureau)
    client.force_login(account)
    addresses = [
        "/admin/users/",
        "/admin/users/add/",
        f"/admin/users/{account.pk}/",
        f"/admin/users/edit/{account.pk}/",
        "/admin/groups/",
        "/admin/groups/add/",
        "/admin/groups/new/",
    ]
    answers = {address: client.get(address).status_code for address in addresses}
    assert set(answers.values()) <= {302, 403, 404}, answers
    client.post("/admin/groups/new/", {"name": "all"})
    client.post("/admin/users/add/", {"username": "root", "is_superuser": "on", "password1": "x", "password2": "x"})
    assert not Account.objects.filter(username="root").exists()


def test_the_database_keeps_the_administrators_apart(bureau):
    account = AccountFactory()

    def put(role, first, last=None):
        with transaction.atomic():
            return RoleGrant.objects.create(account=account, role=role, unit=bureau, valid_from=first, valid_to=last)

    put(Role.SYSTEM_ADMIN, dt.date(2026, 1, 1), dt.date(2026, 6, 30))
    for role in (Role.HR, Role.AUDIT_ADMIN, Role.SECURITY_ADMIN):
        with pytest.raises(IntegrityError):
            put(role, dt.date(2026, 6, 30))
    later = put(Role.HR, dt.date(2026, 7, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrant.objects.filter(pk=later.pk).update(valid_from=dt.date(2026, 6, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrant.objects.filter(pk=later.pk).update(role=Role.AUDIT_ADMIN, valid_from=dt.date(2026, 3, 1))


@pytest.mark.django_db(transaction=True)
def test_two_officers_at_once_do_not_make_an_administrator_of_hr():
    bureau, account = office(), AccountFactory()
    both, outcomes = threading.Barrier(2), []

    def give(role):
        try:
            with transaction.atomic():
                Account.objects.count()  # both transactions have begun
                if connection.vendor == "postgresql":
                    both.wait(10)
                RoleGrant.objects.create(account=account, role=role, unit=bureau, valid_from=LONG_AGO)
            outcomes.append("given")
        except IntegrityError:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=give, args=(role,)) for role in (Role.HR, Role.SECURITY_ADMIN)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["given", "refused"]
    assert RoleGrant.objects.filter(account=account).count() == 1


def test_the_system_administrators_desk_names_work_that_does_not_come_through(bureau, at):
    at("2026-11-24 09:00")
    system = grant(AccountFactory(), Role.SYSTEM_ADMIN, bureau)
    clerk = CadreFactory(unit=bureau)

    def ended(kind, state, hours_ago):
        when = clock.now() - dt.timedelta(hours=hours_ago)
        Job.objects.create(kind=kind, state=state, created_at=when, beat_at=when, finished_at=when, message="周立新")

    def asked(account):
        return [(todo.title, todo.url, todo.facts) for todo in due(account, clock.today())]

    ended("audit.verify", State.FAILED, 8 * 24)  # long ago
    ended("audit.seal", State.FAILED, 3)
    ended("audit.seal", State.DONE, 2)  # came through again
    assert asked(system) == []
    ended("audit.verify", State.DONE, 5)
    ended("audit.verify", State.FAILED, 4)
    ended("audit.verify", State.FAILED, 1)
    assert asked(system) == [("查看没有完成的后台任务", "/people/system/", ("验证审计链：2 个",))]
    assert asked(clerk.account) == []
