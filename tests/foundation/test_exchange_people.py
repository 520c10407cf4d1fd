"""Leaves, assignments and accounts as HR writes them down, by the same ways as the roster."""

import datetime as dt
import json

import pytest
from django.core.management import call_command

from foundation.audit.models import Entry
from foundation.exchange.imports import import_file, read_table, take
from foundation.exchange.writing import write_csv, write_xlsx
from foundation.offers.find import kept_lists
from foundation.people import careers
from foundation.people.actions import command_account
from foundation.people.enums import Role
from foundation.people.models import Account, Assignment, Cadre, Leave, RoleGrant
from tests.factories.people import LONG_AGO, AccountFactory, CadreFactory, grant, office, section

pytestmark = pytest.mark.django_db


@pytest.fixture
def bureau():
    """An office with two sections; 李 in one, 王 in the other."""
    found = office()
    CadreFactory(work_number="A1", name="李𬭎", unit=section("办公室", found), account=None)
    CadreFactory(work_number="A2", name="王五", unit=section("财务处", found), account=None)
    return found


@pytest.fixture
def bring(tmp_path):
    """Import a CSV text into a list; the answer's counts and its problems by row and heading."""

    def run(name, text, *, dry_run=False, actor=None):
        path = tmp_path / "list.csv"
        path.write_text(text)
        kept = kept_lists()[name]
        if actor is None:
            answer, _accepted = import_file(kept, path, dry_run=dry_run, actor=command_account())
        else:
            outcome = take(kept, read_table(kept, path), dry_run=dry_run, actor=actor, scoped=True)
            answer = outcome.answer()
        counts = [answer[key] for key in ("new", "changed", "unchanged", "bad", "warnings")]
        return counts, {(p["row"], p["column"]): p["what"] for p in answer["problems"]}

    return run


LEAVES = "工号,姓名,假别,开始日期,结束日期,批准文号\n"


def leaves():
    return list(Leave.objects.order_by("pk").values_list("cadre__name", "kind", "valid_from", "valid_to", "reference"))


def test_leaves_come_in_change_and_stay(bureau, bring):
    text = LEAVES + "A1,李𬭎,病假,2026-03-01,2026.10.5,〔2026〕3号\nA2,,年假,2026年7月6日,2026年7月10日,\n"
    assert bring("leaves", text, dry_run=True)[0] == [2, 0, 0, 0, 0] and not Leave.objects.exists()
    assert bring("leaves", text) == ([2, 0, 0, 0, 0], {})
    assert leaves() == [
        ("李𬭎", "sick", dt.date(2026, 3, 1), dt.date(2026, 10, 5), "〔2026〕3号"),
        ("王五", "annual", dt.date(2026, 7, 6), dt.date(2026, 7, 10), ""),
    ]
    assert bring("leaves", text)[0] == [0, 0, 2, 0, 0]
    assert bring("leaves", text.replace("2026.10.5", "2026-11-05"))[0] == [0, 1, 1, 0, 0]
    assert leaves()[0][3] == dt.date(2026, 11, 5)
    [entry] = Entry.objects.filter(event="leave.corrected")
    assert entry.data["before"]["valid_to"] == "2026-10-05" and entry.data["after"]["valid_to"] == "2026-11-05"


def test_a_running_leave_that_ends_makes_room_for_the_next(bureau, bring):
    bring("leaves", LEAVES + "A1,,病假,2026-03-01,,\n")
    # the new one stands first in the file
    text = LEAVES + "A1,,病假,2026-06-01,,\nA1,,病假,2026-03-01,2026-05-31,\n"
    assert bring("leaves", text) == ([1, 1, 0, 0, 0], {})


def test_every_fault_of_a_list_of_leaves_is_told_at_once(bureau, bring):
    text = LEAVES + (
        "A9,,病假,2026-03-01,,\nA1,张三,病假,2026-03-01,,\n,,病假,2026-03-01,,\nA1,,探亲,2月30日,2026-13-01,\n"
        "A1,,事假,,,\nA2,,事假,2026-05-02,2026-05-01,\nA2,,病假,2026-06-01,2026-06-09,\nA2,,病假,2026-06-01,,\n"
        "A2,,病假,2026-06-09,,\n"
    )
    counts, told = bring("leaves", text)
    assert counts == [1, 0, 0, 8, 0] and not Leave.objects.exists()
    assert set(told) == {
        (2, "工号"), (3, "姓名"), (4, "工号"), (5, "假别"), (5, "开始日期"), (5, "结束日期"), (6, "开始日期"),
        (7, "开始日期"), (9, "开始日期"), (10, "开始日期"),
    }  # fmt: skip
    assert "与第 8 行" in told[9, "开始日期"] and "重叠" in told[10, "开始日期"] and "早于" in told[7, "开始日期"]


def test_hr_of_a_section_neither_writes_nor_learns_of_another_sections_people(bureau, bring):
    hr = grant(AccountFactory(), Role.HR, Cadre.objects.get(work_number="A1").unit)
    text = LEAVES + "A1,,病假,2026-03-01,,\nA2,别的名字,病假,2026-03-01,,\nA9,,病假,2026-03-01,,\n"
    counts, told = bring("leaves", text, actor=hr)
    assert counts == [1, 0, 0, 2, 0]
    assert told[3, "工号"].replace("A2", "…") == told[4, "工号"].replace("A9", "…")  # there or not: the same sentence


ASSIGNMENTS = "工号,姓名,种类,开始日期,结束日期,对方单位,由本单位派出,批准文号\n"


def test_assignments_come_in_and_a_departure_ends_the_roles(bureau, bring):
    li = Cadre.objects.get(work_number="A1")
    careers.take_roster(cadres=list(Cadre.objects.all()), on=LONG_AGO)
    li.account = grant(AccountFactory(), Role.SECTION_HEAD, li.unit)
    li.save()
    text = ASSIGNMENTS + "A2,,挂职锻炼,2026-03-01,2026-08-31,某县政府,是,\nA1,,退休,2026-06-01,,,否,人发〔2026〕1号\n"
    assert bring("assignments", text) == ([2, 0, 0, 0, 0], {})
    assert set(Assignment.objects.values_list("cadre__name", "kind", "place", "is_sent", "reference")) == {
        ("王五", "secondment", "某县政府", True, ""),
        ("李𬭎", "retired", "", False, "人发〔2026〕1号"),
    }
    assert RoleGrant.objects.get().valid_to == dt.date(2026, 5, 31)
    assert Cadre.objects.get(work_number="A1").left_on == dt.date(2026, 6, 1)
    assert bring("assignments", text)[0] == [0, 0, 2, 0, 0]
    changed = text.replace("某县政府,是", "某县县委,否")
    assert bring("assignments", changed)[0] == [0, 1, 1, 0, 0]
    assert Assignment.objects.get(kind="secondment").is_sent is False


ACCOUNTS = "工号,姓名,账号\n"


def test_accounts_are_opened_without_a_password_in_sight(bureau, bring, tmp_path, capsys):
    path = tmp_path / "accounts.csv"
    path.write_text(ACCOUNTS + "A1,李𬭎,\nA2,王五,WangWu\n")
    with pytest.raises(SystemExit) as exit_:
        call_command("import", "accounts", str(path))
    answer = json.loads(capsys.readouterr().out)
    assert exit_.value.code == 0
    assert answer == {"new": 2, "changed": 0, "unchanged": 0, "bad": 0, "warnings": 0, "problems": []}
    assert set(Cadre.objects.values_list("name", "account__username")) == {("李𬭎", "a1"), ("王五", "wangwu")}
    assert not any(account.has_usable_password() for account in Account.objects.filter(cadre__isnull=False))
    assert bring("accounts", path.read_text())[0] == [0, 0, 2, 0, 0]


def test_what_is_wrong_with_accounts(bureau, bring):
    AccountFactory(username="taken")
    bring("accounts", ACCOUNTS + "A1,,first\n")
    counts, told = bring("accounts", ACCOUNTS + "A1,,second\nA2,,taken\nA2,,other\n")
    assert counts == [0, 0, 0, 3, 0] and "first" in told[2, "账号"] and "与第 3 行" in told[4, "工号"]
    assert bring("accounts", ACCOUNTS + "A2,,有 空格\n")[0] == [0, 0, 0, 1, 0]
    assert Cadre.objects.get(work_number="A2").account is None


@pytest.mark.parametrize("name", ["leaves", "assignments", "accounts"])
@pytest.mark.parametrize("write", [write_xlsx, write_csv])
def test_each_list_reads_its_own_export_back_unchanged(bureau, bring, name, write, tmp_path):
    careers.take_roster(cadres=list(Cadre.objects.all()), on=LONG_AGO)
    bring("leaves", LEAVES + "A1,,病假,2026-03-01,,=1+1\nA2,,工伤,2026-03-01,2026-04-01,\nA2,,产假,2027-03-01,,\n")
    bring(
        "assignments",
        ASSIGNMENTS
        + "A1,,调出,2026-03-01,2026-04-30,别处,,\nA2,,援派,2026-03-01,,+新疆,是,\nA1,,学习,2025-03-01,,,否,\n",
    )
    bring("accounts", ACCOUNTS + "A1,,\nA2,,王五\n")
    rows = {"leaves": 3, "assignments": 3, "accounts": 2}[name]
    kept = kept_lists()[name]
    hr = grant(AccountFactory(), Role.HR, bureau)
    out = kept.export(hr)
    columns = [column for column in kept.columns if not column.ignored]
    path = tmp_path / "out"
    options = {"title": "表"} if write is write_xlsx else {}
    with path.open("wb") as file:
        assert write(file, columns=columns, rows=out.rows, above=out.above, **options) == rows
    outcome = take(kept, read_table(kept, path), dry_run=False, actor=hr, scoped=True)
    assert (outcome.answer()["unchanged"], list(outcome.problems), list(outcome.changes)) == (rows, [], [])
    section_hr = grant(AccountFactory(), Role.HR, Cadre.objects.get(work_number="A1").unit)
    assert {row["work_number"] for row in kept.export(section_hr).rows} == {"A1"}


@pytest.mark.parametrize("name", ["leaves", "assignments", "accounts"])
def test_an_export_asks_the_database_as_often_for_three_as_for_one(bureau, name, django_assert_num_queries, bring):
    hr = grant(AccountFactory(), Role.HR, bureau)
    careers.take_roster(cadres=list(Cadre.objects.all()), on=LONG_AGO)
    for number in ("A1", "A2"):
        bring("leaves", LEAVES + f"{number},,病假,2026-03-01,,\n")
        bring("assignments", ASSIGNMENTS + f"{number},,挂职,2026-03-01,,,是,\n")
        bring("accounts", ACCOUNTS + f"{number},,\n")
        with django_assert_num_queries(4):
            list(kept_lists()[name].export(hr).rows)
