"""The roster exactly as HR keeps it, and copies of it that went wrong."""

import datetime as dt
import json

import openpyxl
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation.audit.models import Entry
from foundation.exchange.imports import import_file
from foundation.exchange.tables import month
from foundation.offers.types import Unreadable
from foundation.people.actions import command_account, create_unit
from foundation.people.careers import change_state
from foundation.people.models import Cadre, OpenItem, Unit
from foundation.people.roster import ROSTER as ROSTER_LIST
from foundation.rulebook.encrypted import Sealed
from tests.factories.people import office

ROSTER = settings.INPUT / "roster.xlsx"
needs_input = pytest.mark.skipif(not ROSTER.exists(), reason="the folder of real inputs is not here (ZHIXING_INPUT)")
pytestmark = pytest.mark.django_db

HEADINGS = ["序号", "工号", "姓名", "性别", "出生年月", "单位", "职务", "职级", "人员类别", "备注"]
LI = [1, "A1", "李𬭎", "男", "1970-03", "办公室", "", "四级调研员", "公务员", ""]


@pytest.fixture
def sheet(tmp_path):
    """Write a roster with the given people's rows; returns its path."""

    def write(*rows, title="某市机关事务管理局干部花名册", headings=HEADINGS, day="2026年10月31日"):
        book = openpyxl.Workbook()
        for row in ([title], [f"截止日期：{day}"], headings, *rows, ["合计", "", f"{len(rows)}人"]):
            book.active.append(row)
        path = tmp_path / "roster.xlsx"
        book.save(path)
        return path

    return write


def run(path, *, dry_run=False):
    return import_file(ROSTER_LIST, path, dry_run=dry_run, actor=command_account())


def counts(answer):
    return [answer[key] for key in ("new", "changed", "unchanged", "bad", "warnings")]


def entries(event):
    return list(Entry.objects.filter(event=event).order_by("pk").values_list("target_name", "data"))


@needs_input
def test_the_real_roster_comes_in_whole_and_a_second_time_changes_nothing(capsys):
    with pytest.raises(SystemExit) as exit_:
        call_command("import", "roster", str(ROSTER))
    first = json.loads(capsys.readouterr().out)
    assert exit_.value.code == 0
    assert counts(first) == [317, 0, 0, 0, 2]
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
    assert counts(second) == [0, 0, 317, 0, 2]
    assert OpenItem.objects.count() == 2
    assert Entry.objects.filter(event="cadre.added").count() == 317
    assert not Entry.objects.filter(event="cadre.changed").exists()


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


def opened(rows):
    """Rows with their encrypted values in plain."""
    return [tuple(value.open() if isinstance(value, Sealed) else value for value in row) for row in rows]


FULL = [*HEADINGS, "是否领导成员", "手机号码"]
ZHANG = [1, "A1", "张三", "男", "1970-03", "办公室", "主任", "一级调研员", "公务员", "", "是", "13800000000"]
WANG = [2, "A2", "王五", "女", "2003.03", "人事处", "", "", "公务员", "试用期（2026.07入职）", "否", "13900000000"]
LIN = [*WANG[:5], "办公室", *WANG[6:]]
SHORT = ["工号", "姓名", "性别", "单位", "人员类别"]
KEPT = (
    "is_leading_member", "phone", "post", "rank", "birth_month", "remarks", "probation_from", "probation_to"
)  # fmt: skip


def test_a_column_that_the_sheet_does_not_have_leaves_everybodys_field_as_it_was(sheet):
    run(sheet(ZHANG, WANG, headings=FULL))
    before = opened(Cadre.objects.values_list(*KEPT))
    answer, _accepted = run(
        sheet(
            ["A1", "张三", "男", "人事处", "公务员"],
            ["A2", "王五", "女", "人事处", "公务员"],
            ["A3", "钱七", "女", "人事处", "公务员"],  # new: nothing is known of the rest
            headings=SHORT,
            day="2026年11月1日",
        )
    )
    assert counts(answer) == [1, 2, 0, 0, 0]
    assert before == [
        (True, "13800000000", "主任", "一级调研员", dt.date(1970, 3, 1), "", None, None),
        (False, "13900000000", "", "", dt.date(2003, 3, 1), WANG[9].translate({0xFF08: "(", 0xFF09: ")"}),
         dt.date(2026, 7, 1), dt.date(2027, 6, 30)),
    ]  # fmt: skip
    assert opened(Cadre.objects.values_list(*KEPT)) == [*before, (False, "", "", "", None, "", None, None)]
    assert set(Cadre.objects.values_list("unit__name", "as_of")) == {("人事处", dt.date(2026, 11, 1))}


def test_an_emptied_cell_empties_the_field_and_an_emptied_remark_ends_the_probation(sheet):
    run(sheet(ZHANG, WANG, headings=FULL))
    run(sheet([*ZHANG[:-1], ""], [*WANG[:9], "", *WANG[10:]], headings=FULL))
    assert opened(Cadre.objects.values_list("phone", "remarks", "probation_to")) == [
        ("", "", None),
        ("13900000000", "", None),
    ]


def test_a_roster_of_an_earlier_day_does_not_undo_a_later_one(sheet):
    run(sheet(ZHANG, headings=FULL))
    older = sheet([*ZHANG[:7], "四级调研员", *ZHANG[8:]], LIN, headings=FULL, day="2024年1月1日")
    answer, accepted = run(older)
    assert not accepted and counts(answer) == [0, 0, 0, 2, 0]
    [problem] = answer["problems"]
    assert (problem["row"], problem["level"]) == (0, "bad")
    assert "2024年1月1日" in problem["what"] and "2026年10月31日" in problem["what"]
    assert list(Cadre.objects.values_list("name", "rank", "as_of")) == [("张三", "一级调研员", dt.date(2026, 10, 31))]


def test_a_roster_of_a_day_before_hrs_last_change_is_refused_and_the_change_stands(sheet):
    roster = sheet(LI)
    run(roster)
    li, on = Cadre.objects.get(), dt.date(2026, 11, 10)
    finance = create_unit(name="财务处", parent=li.unit.get_parent(), on=li.as_of, actor=None)
    change_state(cadre=li, on=on, changes={"unit": finance}, reason="轮岗", today=on, actor=None)
    answer, accepted = run(roster)
    assert not accepted and "导入会把新情况改回旧情况" in answer["problems"][0]["what"]
    li.refresh_from_db()
    assert (li.unit, li.states.count()) == (finance, 2)


def test_an_earlier_roster_of_other_people_comes_in(sheet):
    run(sheet(ZHANG, headings=FULL))
    answer, accepted = run(sheet(LIN, headings=FULL, day="2026年9月30日"))
    assert accepted and counts(answer) == [1, 0, 0, 0, 0]


def test_a_state_date_of_the_future_is_doubted(sheet):
    answer, accepted = run(sheet(ZHANG, headings=FULL, day="2126年10月31日"))
    assert accepted and counts(answer) == [1, 0, 0, 0, 1]
    assert "2126年10月31日" in answer["problems"][0]["what"]


@pytest.mark.parametrize("day", ["2026年11月31日", "2026年13月1日", "0000年1月1日"])
def test_a_state_date_that_is_no_day_is_refused_with_the_other_faults(sheet, day):
    answer, accepted = run(sheet(ZHANG, [*WANG[:3], "南", *WANG[4:]], headings=FULL, day=day))
    assert not accepted and counts(answer) == [0, 0, 0, 2, 0]
    assert [(p["row"], p["column"]) for p in answer["problems"]] == [(0, ""), (5, "性别")]
    assert day in answer["problems"][0]["what"]
    assert not Cadre.objects.exists() and not Unit.objects.exists()


def test_without_a_title_row_and_with_two_offices_it_is_asked_which(sheet):
    office("甲局"), office("乙局")
    answer, accepted = run(sheet(LI, title=""))
    assert not accepted and counts(answer) == [0, 0, 0, 1, 0]
    [first, *_rest] = answer["problems"]
    assert first["row"] == 0 and "甲局、乙局" in first["what"] and "标题行" in first["what"]


def test_somebody_who_stands_twice_in_the_file_and_once_in_the_system_is_counted_right(sheet):
    run(sheet(ZHANG, headings=FULL))
    twice = [*ZHANG[:6], "处长", *ZHANG[7:]]
    answer, accepted = run(sheet(twice, twice, LIN, headings=FULL))
    assert not accepted and answer["problems"][0]["row"] == 5
    assert counts(answer) == [1, 1, 0, 1, 0]
    assert Cadre.objects.get().post == "主任"


def test_the_trail_tells_of_everybody_who_came_and_what_changed_of_whom(sheet):
    run(sheet(ZHANG, WANG, [*LI[:1], "A3", *LI[2:], "", ""], headings=FULL))
    zhang = {"name": "张三", "post": "主任", "rank": "一级调研员", "category": "civil_servant"}
    assert entries("cadre.added")[0] == ("张三", {"after": zhang | {"unit": "办公室", "is_leading_member": True}})
    assert [name for name, _data in entries("cadre.added")] == ["张三", "王五", "李𬭎"]
    run(
        sheet(
            [*ZHANG[:5], "人事处", *ZHANG[6:8], "参公", "", "否", "13811111111"],
            WANG,  # only the state date moves
            [*LI[:1], "A3", *LI[2:], "", "13822222222"],
            headings=FULL,
            day="2026年11月1日",
        )
    )
    assert entries("cadre.changed") == [
        (
            "张三",
            {
                "before": {"unit": "办公室", "category": "civil_servant", "is_leading_member": True},
                "after": {"unit": "人事处", "category": "reference_managed", "is_leading_member": False},
                "also": ["phone"],
            },
        ),
        ("李𬭎", {"before": {}, "after": {}, "also": ["phone"]}),
    ]
    assert not any("138" in str(data) for _name, data in entries("cadre.changed") + entries("cadre.added"))


def test_a_refused_or_dry_roster_leaves_no_entry_of_anybody(sheet):
    run(sheet(ZHANG, headings=FULL), dry_run=True)
    run(sheet(ZHANG, ZHANG, headings=FULL))
    assert entries("cadre.added") == entries("roster.imported") == []


@pytest.mark.parametrize("name", ["\ufa45野", "\uf92c平", "买买提·艾力", "王　五", "Ａ．艾力"], ids=ascii)
def test_a_name_keeps_its_characters(sheet, name):
    answer, _accepted = run(sheet([1, "A1", f"　{name} ", *LI[3:]]))
    assert Cadre.objects.get().name == name and answer["bad"] == 0


@pytest.mark.parametrize(
    ("character", "code"),
    [
        ("\u200b", "U+200B"),
        ("\u202e", "U+202E"),
        ("\ufeff", "U+FEFF"),
        ("\u0085", "U+0085"),
        ("\n", "U+000A"),
        ("\U000f0000", "U+F0000"),
        ("\u0378", "U+0378"),
        ("\uffff", "U+FFFF"),
    ],
    ids=ascii,
)
def test_characters_without_a_shape_are_refused_by_their_code(tmp_path, character, code):
    path = tmp_path / "roster.csv"
    path.write_text(f'某局干部花名册\n工号,姓名,性别,单位,人员类别\nA1,"王{character}五",男,办公室,公务员\n')
    answer, accepted = run(path)
    assert not accepted and [(p["row"], p["column"]) for p in answer["problems"]] == [(3, "姓名")]
    assert code in answer["problems"][0]["what"]


def test_a_line_break_in_a_remark_or_post_is_a_space(sheet):
    run(sheet([1, "A1", "李四", "男", "1970-03", "办公室", "副主任\n（主持工作）", "", "公务员", ""]))
    assert Cadre.objects.get().post == "副主任 （主持工作）"


def test_a_character_that_no_face_of_the_documents_has_is_told_and_let_in(sheet):
    """𠮷 is in no face; U+323B0 is younger than the Unicode of Python 3.11, and somebody's name all the same."""
    rows = [[n, f"A{n}", name, *LI[3:]] for n, name in enumerate(["𠮷田", "王\U000323b0", "李𬭎", "\ufa45"], start=1)]
    answer, accepted = run(sheet(*rows))
    assert accepted and counts(answer) == [4, 0, 0, 0, len(answer["problems"])]
    told = {(p["row"], p["column"], p["level"]) for p in answer["problems"]}
    assert {(4, "姓名", "warning"), (5, "姓名", "warning")} <= told and (6, "姓名", "warning") not in told
    assert "“𠮷”（U+20BB7）" in answer["problems"][0]["what"] and "U+323B0" in answer["problems"][1]["what"]


def test_three_rows_ask_the_database_no_more_than_one(sheet):
    run(sheet(LI))
    asked = []
    for size in (1, 3):
        rows = [[n, f"B{size}{n}", *LI[2:]] for n in range(size)]
        with CaptureQueriesContext(connection) as queries:
            run(sheet(*rows))
        asked.append(len(queries))
    assert asked[0] == asked[1]


@pytest.mark.parametrize(
    "written",
    [
        "2026年10月31日",
        "2026.10.31",
        "2026-10-31",
        "2026/10/31",
        "20261031",
        "２０２６．１０．３１",
        "2026年10月31日（周六）",
    ],
)
def test_the_state_date_is_read_however_it_is_written(sheet, written):
    answer, _accepted = run(sheet(ZHANG, headings=FULL, day=written))
    assert counts(answer) == [1, 0, 0, 0, 0]
    assert Cadre.objects.get().as_of == dt.date(2026, 10, 31)


@pytest.mark.parametrize("written", ["十月底", "2026年10月", "31.10.2026", "见附件"])
def test_a_state_date_that_cannot_be_read_is_told_and_never_silently_today(sheet, written):
    answer, accepted = run(sheet(ZHANG, headings=FULL, day=written))
    assert accepted and counts(answer) == [1, 0, 0, 0, 1]
    assert written in answer["problems"][0]["what"] and "按今天" in answer["problems"][0]["what"]


def test_a_row_may_tell_its_own_state_date_and_probation(sheet):
    headings = [*FULL, "状态日期", "试用期自", "试用期至"]
    zhang = [*ZHANG, "2026-11-02", dt.date(2026, 8, 1), "2027.7.31"]
    run(sheet(zhang, [*WANG, "", "", ""], headings=headings))
    assert list(Cadre.objects.values_list("work_number", "as_of", "probation_from", "probation_to")) == [
        ("A1", dt.date(2026, 11, 2), dt.date(2026, 8, 1), dt.date(2027, 7, 31)),
        ("A2", dt.date(2026, 10, 31), dt.date(2026, 7, 1), dt.date(2027, 6, 30)),
    ]
    answer, accepted = run(
        sheet([*zhang[:-3], "2026-11-01", *zhang[-2:]], [*WANG, "2月30日", "", ""], headings=headings)
    )
    assert not accepted
    assert [(p["row"], p["column"]) for p in answer["problems"]] == [(4, "状态日期"), (5, "状态日期")]


# what goes wrong with a roster in practice: cell → what stands there now
DAMAGE = {
    "B4": None,  # no work number
    "C5": None,  # no name
    "B7": "JG00003",  # a number twice: that of row 6
    "D8": "南",
    "F9": "1985.13",
    "F10": "不详",
    "F11": "2031-05",  # not yet
    "K12": "综合三处",
    "P13": "临时工",
    "Q14": "大概",
    "C15": "王\ue000五",  # private use: no paper can show it
    "C16": "赵\u200b六",  # invisible
    "G17": 1985.1,  # January or October?
    "S18": "试用期（2026.13入职）",
    "N19": "#REF!",
    "R20": "1" * 40,  # longer than any telephone number
    "D21": "男女",
}


@needs_input
def test_a_damaged_copy_of_the_real_roster_is_told_all_its_faults_at_once(tmp_path):
    book = openpyxl.load_workbook(ROSTER)
    for cell, value in DAMAGE.items():
        book.active[cell] = value
    path = tmp_path / "damaged.xlsx"
    book.save(path)
    run(ROSTER)
    before = list(Cadre.objects.order_by("pk").values_list("name", "sex", "unit", "birth_month", "as_of"))
    answer, accepted = run(path)
    assert not accepted
    assert before == list(Cadre.objects.order_by("pk").values_list("name", "sex", "unit", "birth_month", "as_of"))
    heading = {cell.column_letter: cell.value for cell in book.active[3]}
    told = {(p["row"], p["column"]) for p in answer["problems"] if p["level"] == "bad"}
    assert told == {(int(cell[1:]), heading[cell[0]]) for cell in DAMAGE}
    assert counts(answer) == [0, 0, 317 - len(DAMAGE), len(DAMAGE), 2]
    assert len({p["what"] for p in answer["problems"]}) >= 12


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
