"""The roster exactly as HR keeps it, and copies of it that went wrong."""

import datetime as dt
import json

import openpyxl
import pytest
from django.conf import settings
from django.core.management import call_command

from foundation.audit.models import Entry
from foundation.exchange.tables import month
from foundation.offers.types import Unreadable
from foundation.people.actions import command_account
from foundation.people.importers import import_roster
from foundation.people.models import Cadre, OpenItem, Unit
from tests.factories.people import office

ROSTER = settings.INPUT / "roster.xlsx"
needs_input = pytest.mark.skipif(not ROSTER.exists(), reason="the folder of real inputs is not here (ZHIXING_INPUT)")
pytestmark = pytest.mark.django_db

HEADINGS = ["序号", "工号", "姓名", "性别", "出生年月", "单位", "职务", "职级", "人员类别", "备注"]
LI = [1, "A1", "李𬭎", "男", "1970-03", "办公室", "", "四级调研员", "公务员", ""]


@pytest.fixture
def sheet(tmp_path):
    """Write a roster with the given people's rows; returns its path."""

    def write(*rows, title="某市机关事务管理局干部花名册", headings=HEADINGS):
        book = openpyxl.Workbook()
        for row in ([title], ["截止日期：2026年10月31日"], headings, *rows, ["合计", "", f"{len(rows)}人"]):
            book.active.append(row)
        path = tmp_path / "roster.xlsx"
        book.save(path)
        return path

    return write


def run(path, *, dry_run=False):
    return import_roster(path, dry_run=dry_run, actor=command_account())


@needs_input
def test_the_real_roster_comes_in_whole_and_a_second_time_changes_nothing(capsys):
    with pytest.raises(SystemExit) as exit_:
        call_command("import", "roster", str(ROSTER))
    first = json.loads(capsys.readouterr().out)
    counts = ("new", "changed", "unchanged", "bad", "warnings")
    assert exit_.value.code == 0
    assert [first[key] for key in counts] == [317, 0, 0, 0, 2]
    assert [(p["row"], p["column"], p["level"]) for p in first["problems"]] == [
        (81, "备注", "warning"),
        (124, "备注", "warning"),
    ]
    assert Unit.objects.get(depth=1).name == "市机关事务管理局"
    assert Unit.objects.filter(depth=2).count() == 12
    assert Cadre.objects.get(work_number="JG00155").name == "李𬭎"
    assert Cadre.objects.filter(category="civil_servant").count() == 180
    on_probation = Cadre.objects.exclude(probation_from=None).get()
    assert (on_probation.probation_from, on_probation.probation_to) == (dt.date(2026, 7, 1), dt.date(2027, 6, 30))
    assert set(OpenItem.objects.values_list("remark", flat=True)) == {"挂职锻炼", "病假7个月"}

    second, accepted = run(ROSTER)
    assert accepted
    assert [second[key] for key in counts] == [0, 0, 317, 0, 2]
    assert OpenItem.objects.count() == 2


@needs_input
def test_a_dry_run_answers_the_same_and_writes_nothing():
    answer, accepted = run(ROSTER, dry_run=True)
    assert accepted and answer["new"] == 317
    assert not Cadre.objects.exists() and not Unit.objects.exists()
    assert not Entry.objects.filter(event="roster.imported").exists()


def test_one_bad_row_and_nothing_is_written_but_every_fault_is_named(sheet):
    path = sheet(
        LI,
        [2, "A1", "王五", "男", "1985.03", "办公室", "", "", "公务员", ""],
        [3, "", "赵六", "南", "1985.13", "办公室", "", "", "公务人员", ""],
        [4, "A4", "", "女", "2099-01", "办公室", "", "", "参公", ""],
        [5, "A5", "钱\ue000七", "女", 1985.1, "办公室", "", "", "事业", ""],
    )
    answer, accepted = run(path)
    assert not accepted
    assert (answer["new"], answer["bad"], Cadre.objects.count(), Unit.objects.count()) == (1, 4, 0, 0)
    assert {(p["row"], p["column"]) for p in answer["problems"]} == {
        (5, "工号"),
        (6, "工号"),
        (6, "性别"),
        (6, "出生年月"),
        (6, "人员类别"),
        (7, "姓名"),
        (7, "出生年月"),
        (8, "姓名"),
        (8, "出生年月"),
    }
    said = {(p["row"], p["column"]): p["what"] for p in answer["problems"]}
    assert "第 4 行重复" in said[5, "工号"]
    assert "U+E000" in said[8, "姓名"]
    assert "1985.01 或 1985.10" in said[8, "出生年月"]


def test_a_missing_heading_is_named_beside_the_unknown_one(sheet):
    answer, accepted = run(sheet(LI, headings=["序号", "工号", "人名", *HEADINGS[3:]]))
    assert not accepted
    assert answer["problems"] == [
        {"row": 0, "column": "姓名", "what": "缺少必需的列“姓名”。不认识的列：人名。", "level": "bad"}
    ]


def test_people_who_are_not_in_the_file_stay_and_a_changed_one_changes(sheet):
    run(sheet(LI, [2, "A2", "王五", "男", "1985.03", "人事处", "", "", "公务员", ""]))
    answer, _accepted = run(sheet([1, "A1", "李𬭎", "男", "1970-03", "人事处", "处长", "四级调研员", "公务员", ""]))
    assert (answer["new"], answer["changed"], answer["unchanged"]) == (0, 1, 0)
    assert list(Cadre.objects.values_list("work_number", "post", "unit__name")) == [
        ("A1", "处长", "人事处"),
        ("A2", "", "人事处"),
    ]


def test_another_offices_roster_is_refused(sheet):
    office("省机关事务管理局")
    answer, accepted = run(sheet(LI))
    assert not accepted and "省机关事务管理局" in answer["problems"][0]["what"]
    assert not Cadre.objects.exists()


@pytest.mark.parametrize("content", [b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0 old", b"\x00\x01\x02 binary"])
def test_what_is_no_spreadsheet_is_answered_by_a_sentence(tmp_path, content):
    path = tmp_path / "roster.xlsx"
    path.write_bytes(content)
    with pytest.raises(Unreadable):
        run(path)


@pytest.mark.parametrize("name", ["roster", "questions", "materials"])
def test_an_unreadable_file_exits_with_2_and_still_lists_one_problem(tmp_path, capsys, name):
    extra = ["--bank", "题库"] if name == "questions" else []
    with pytest.raises(SystemExit) as exit_:
        call_command("import", name, str(tmp_path / "nowhere.xlsx"), *extra)
    answer = json.loads(capsys.readouterr().out)
    assert exit_.value.code == 2
    assert len(answer["problems"]) == 1 and "nowhere.xlsx" in answer["problems"][0]["what"]


def test_a_far_away_cell_is_refused_before_it_can_kill_the_parser(sheet):
    path = sheet(LI)
    book = openpyxl.load_workbook(path)
    book.active["XFD1048576"] = "bomb"
    book.save(path)
    with pytest.raises(Unreadable, match="XFD1048576"):
        run(path)


@pytest.mark.parametrize(
    "written",
    ["1985.03", "198503", "1985年3月", "1985-03", 198503.0, dt.date(1985, 3, 9), "１９８５．０３", "1985年03月"],
)
def test_months_as_people_write_them(written):
    assert month(written, today=dt.date(2026, 11, 24)) == dt.date(1985, 3, 1)


@pytest.mark.parametrize("written", ["1985.13", "85.03", "不详", 1985.1, "198500", "1985.00", "2026-12", "19853"])
def test_what_is_no_month(written):
    with pytest.raises(ValueError, match="“"):
        month(written, today=dt.date(2026, 11, 24))
