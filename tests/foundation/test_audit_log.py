"""The audit administrator's screen: who may look, what is seen, and that looking is an entry itself."""

import datetime as dt

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils.formats import date_format

from foundation.audit import actions
from foundation.audit.enums import Event
from foundation.audit.models import Entry
from foundation.audit.queries import event_names
from foundation.audit.record import record, record_read
from foundation.jobs import actions as jobs
from foundation.jobs.enums import State
from foundation.jobs.models import Job
from foundation.offers import clock
from foundation.people import actions as actions_of_people
from foundation.people.enums import Role
from foundation.people.todos import due
from tests.factories.people import AccountFactory, CadreFactory, grant, office, section
from tests.foundation.test_audit_chain import as_owner_of

pytestmark = pytest.mark.django_db
PAGE = "/people/audit/"


@pytest.fixture(autouse=True)
def heads(tmp_path, settings):
    settings.AUDIT_HEADS = tmp_path / "heads.jsonl"


@pytest.fixture
def bureau():
    return office()


@pytest.fixture
def auditor(bureau, client):
    account = grant(AccountFactory(name="秦审"), Role.AUDIT_ADMIN, bureau)
    client.force_login(account)
    return account


@pytest.fixture
def zhou(bureau):
    return CadreFactory(name="周立新", unit=section("综合保障处", bureau))


def note(event, target, actor, at=None, **data):
    with transaction.atomic():
        entry = record(event, target=target, actor=actor, **data)
    if at:
        with as_owner_of("audit_entry"):
            Entry.objects.filter(pk=entry.pk).update(at=at)
    return entry


def shown(response):
    return [line.entry.pk for line in response.context["lines"]]


def test_only_the_audit_administrator_gets_in(bureau, client, zhou):
    for role in (Role.HR, Role.LEADER, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN):
        client.force_login(grant(AccountFactory(), role, bureau))
        assert client.get(PAGE).status_code == 403
        assert client.post(reverse("people:audit_verify")).status_code == 403
    client.force_login(zhou.account)
    assert client.get(PAGE).status_code == 403
    assert not Entry.objects.filter(event=Event.LOG_READ).exists() and not Job.objects.exists()


def test_the_page_tells_who_did_what_to_whom_but_no_business_contents(auditor, client, zhou):
    boss = AccountFactory(name="王芳")
    note("appraisal.reviewed", zhou, boss, comment="工作拖拉，建议基本称职", proposed_grade="basically_competent")
    page = client.get(PAGE).content.decode()
    for word in ("王芳", "审核评鉴", "周立新", "干部", "授予角色"):
        assert word in page
    assert "拖拉" not in page and "competent" not in page


def test_each_look_is_an_entry_with_what_was_looked_for(auditor, client, zhou):
    client.get(PAGE, {"actor": "王芳", "event": "role.granted", "since": "2026-11-01", "before": "1"})
    look = Entry.objects.get(event=Event.LOG_READ)
    assert (look.actor_name, look.target_label) == ("秦审", "audit.entry")
    assert look.data["filters"] == {"event": "role.granted", "actor": "王芳", "since": "2026-11-01"}
    page = client.get(PAGE).content.decode()
    assert "查看审计记录" in page and "操作人：王芳" in page


def test_filters_take_what_fits_and_nothing_else(auditor, client, zhou):
    wang, li = AccountFactory(name="王芳"), AccountFactory(name="李强")
    old = note("cadre.changed", zhou, wang, at=dt.datetime(2026, 3, 1, 15, 59, 59, tzinfo=dt.UTC))  # 1 March, 23:59:59
    next_day = note("cadre.changed", zhou, wang, at=dt.datetime(2026, 3, 1, 16, 0, tzinfo=dt.UTC))  # 2 March, 0:00
    mine = note("item.completed", zhou, li)
    other = note("cadre.changed", wang, li)

    def rows(**filters):
        return shown(client.get(PAGE, filters))

    assert rows(event="cadre.changed") == [other.pk, next_day.pk, old.pk]
    assert rows(actor="李强") == [other.pk, mine.pk]
    assert rows(target=f"people.cadre:{zhou.pk}") == [mine.pk, next_day.pk, old.pk]
    assert rows(since="2026-03-01", until="2026-03-01") == [old.pk]
    assert rows(since="2026-03-02", actor="王芳") == [next_day.pk]
    assert rows(event="cadre.changed", actor="李强", target=f"people.account:{wang.pk}") == [other.pk]
    assert rows(actor="赵六") == []


def test_an_account_is_found_by_its_name_and_other_targets_by_a_click(auditor, client, zhou):
    wang, _namesake = AccountFactory(name="王芳"), AccountFactory(name="李强", username="li1")
    of_wang, of_li = note("account.switched", wang, None, is_active=True), AccountFactory(name="李强", username="li2")
    of_li = note("account.switched", of_li, None, is_active=True)

    def asked(target):
        response = client.get(PAGE, {"target": target})
        return shown(response), response.context["form"].errors.get("target", [""])[0]

    assert asked("王芳") == ([of_wang.pk], "")
    assert Entry.objects.latest("pk").data["filters"] == {"target": f"people.account:{wang.pk}"}
    assert asked(" LI2 ") == ([of_li.pk], "")
    assert asked("李强") == ([], "不止一个账号的姓名是“李强”，请填账号名，或点表中的对象。")
    assert asked("财务处") == ([], "没有“财务处”这个账号。其他对象请点表中的对象，不用自己写。")


def test_entries_of_roles_and_switches_say_which(auditor, client, zhou, bureau):
    shen = AccountFactory(name="沈静")
    held = actions_of_people.grant_role(
        account=shen, role=Role.HR, unit=zhou.unit, valid_from=dt.date(2026, 11, 1), actor=auditor
    )
    actions_of_people.end_role(grant=held, last_day=dt.date(2026, 11, 24), actor=auditor)
    actions_of_people.switch_account(account=shen, is_active=False, actor=auditor)
    actions_of_people.switch_account(account=shen, is_active=True, actor=auditor)
    lines = client.get(PAGE, {"actor": "秦审"}).context["lines"]
    assert [(line.entry.event, line.detail) for line in lines if line.entry.event != Event.LOG_READ] == [
        ("account.switched", "已启用"),
        ("account.switched", "已停用"),
        ("role.ended", "最后一天：2026年11月24日"),
        ("role.granted", "人事 · 综合保障处"),
    ]


@pytest.mark.parametrize(
    "filters",
    [{"since": "2026-03-02", "until": "2026-03-01"}, {"target": "周立新"}, {"event": "x"}, {"since": "gestern"}],
)
def test_a_filter_that_makes_no_sense_is_told_and_shows_nothing(filters, auditor, client):
    response = client.get(PAGE, filters)
    assert response.status_code == 200
    assert response.context["form"].errors and shown(response) == []
    assert "<title>错误：" in response.content.decode()


def test_pages_lead_back_without_a_gap_even_within_one_moment(auditor, client, zhou):
    moment = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    ids = [note("cadre.changed", zhou, None, at=moment).pk for _n in range(45)]
    found, before = [], {}
    for length in (20, 20, 5):
        response = client.get(PAGE, {"event": "cadre.changed", **before})
        assert len(shown(response)) == length
        found += shown(response)
        before = {"before": response.context["older"]}
    assert found == ids[::-1]
    for nonsense in ("x", "9" * 18, "9" * 5000, "-1"):
        assert len(shown(client.get(PAGE, {"before": nonsense}))) == 20
    assert before == {"before": None}


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_for_one_row_and_for_three(rows, auditor, client, zhou, django_assert_num_queries):
    for _n in range(rows):
        note("cadre.changed", zhou, None)
    actions.seal(now=clock.now())
    client.get(PAGE)
    with django_assert_num_queries(26):
        assert len(shown(client.get(PAGE, {"event": "cadre.changed"}))) == rows


def test_every_rooms_events_have_a_name_and_an_unknown_one_shows_its_code(auditor, client, zhou):
    assert event_names()["appraisal.decided"] == "确定等次" and event_names()["document.opened"] == "打开文书"
    note("gone.room", zhou, None)
    assert "gone.room" in client.get(PAGE).content.decode()


def test_verification_runs_as_a_job_and_tells_its_finding(auditor, client, zhou):
    actions.seal(now=clock.now())
    client.post(reverse("people:audit_verify"))
    whole = Job.objects.get()
    jobs.run(whole.pk)
    whole.refresh_from_db()
    entries = Entry.objects.exclude(event=Event.VERIFIED).count()
    assert (whole.state, whole.owner) == (State.DONE, auditor)
    assert whole.message == f"审计链完整：共 {entries} 条记录，其中 {entries - 1} 条已封存，与导出的链头一致。"

    first = Entry.objects.order_by("pk")[0]
    with as_owner_of("audit_entry") as cursor:
        cursor.execute("UPDATE audit_entry SET actor_name = '别人' WHERE id = %s", [first.pk])
    client.post(reverse("people:audit_verify"))
    broken = Job.objects.exclude(pk=whole.pk).get()
    jobs.run(broken.pk)
    broken.refresh_from_db()
    assert broken.state == State.FAILED
    assert broken.message == f"审计链不完整。第 {first.pk} 号记录（第 1 段）：记录与封存时不一致。"
    findings = Entry.objects.filter(event=Event.VERIFIED).order_by("pk")
    assert [entry.data["first_broken"] for entry in findings] == [None, first.pk]
    assert f"第 {first.pk} 号记录有问题" in client.get(PAGE).content.decode()


def test_the_page_says_how_far_the_seals_reach(auditor, client, zhou):
    assert "还没有封存过" in client.get(PAGE).content.decode()
    jobs.run(jobs.start("audit.seal", actor=None).pk)
    response = client.get(PAGE)
    last = response.context["sealing"].last
    assert last.number == 1 and last.head[:32] in response.content.decode()
    assert response.context["sealing"].waiting == 1  # the look just now


def test_reading_sensitive_rows_is_one_entry_a_row_with_its_purpose(auditor, client, zhou, django_assert_num_queries):
    chen = CadreFactory(name="陈静", unit=zhou.unit)
    hr = AccountFactory(name="王芳")
    with django_assert_num_queries(3):  # savepoint, one statement, release
        record_read(targets=[zhou, chen], actor=hr, purpose="考察谈话前查阅廉政档案")
    found = Entry.objects.filter(event=Event.READ).order_by("pk")
    assert [(entry.actor_name, entry.target_name, entry.data) for entry in found] == [
        ("王芳", "周立新", {"purpose": "考察谈话前查阅廉政档案"}),
        ("王芳", "陈静", {"purpose": "考察谈话前查阅廉政档案"}),
    ]
    record_read(targets=[zhou], actor=hr, purpose="下载", event="document.opened")
    assert Entry.objects.latest("pk").event == "document.opened"
    page = client.get(PAGE, {"event": "record.read"}).content.decode()
    assert "考察谈话前查阅廉政档案" in page


def test_the_desk_asks_for_a_verification_until_there_is_a_recent_one_and_tells_of_a_finding(auditor, client, zhou, at):
    def asked():
        return [(todo.title, *todo.facts) for todo in due(auditor, clock.today())]

    def verify():
        jobs.run(jobs.start("audit.verify", actor=auditor).pk)

    actions.seal(now=clock.now())
    assert asked() == [("验证审计链", "还没有验证过")]
    assert list(due(zhou.account, clock.today())) == []
    verify()
    assert asked() == []
    today = clock.today()
    at(f"{today + dt.timedelta(days=29)} 09:00")
    assert asked() == []
    at(f"{today + dt.timedelta(days=30)} 09:00")
    assert asked() == [("验证审计链", f"上次验证：{date_format(today)}")]
    first = Entry.objects.order_by("pk")[0]
    with as_owner_of("audit_entry") as cursor:
        cursor.execute("UPDATE audit_entry SET actor_name = '别人' WHERE id = %s", [first.pk])
    verify()
    assert asked() == [("审计链验证发现问题，请核查", f"第 {first.pk} 号记录有问题")]
    [finding] = due(auditor, clock.today())
    client.force_login(auditor)  # the first session has ended by itself
    assert len(shown(client.get(finding.url))) == 2
