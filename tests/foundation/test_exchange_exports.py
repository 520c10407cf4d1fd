"""What goes out: typed, never a formula, and read back as it went."""

import csv
import datetime as dt
import io

import openpyxl
import pytest
from django.conf import settings
from django.urls import reverse

from foundation.audit.models import Entry
from foundation.exchange.imports import import_file, read_table, take
from foundation.exchange.reading import read_sheets
from foundation.exchange.writing import write_csv, write_xlsx
from foundation.offers.find import kept_lists
from foundation.offers.lists import Column, Write
from foundation.people.actions import command_account
from foundation.people.enums import Role
from foundation.people.models import Cadre
from foundation.people.roster import ROSTER as ROSTER_LIST
from tests.factories.people import AccountFactory, CadreFactory, grant, office, section

FILE = settings.INPUT / "roster.xlsx"
needs_input = pytest.mark.skipif(not FILE.exists(), reason="the folder of real inputs is not here (ZHIXING_INPUT)")
DANGEROUS = ["=1+1", "+86 139", "-1", "@SUM(A1)", "＝1", "＋1", "－1", "＠x", "'=1", "''+x"]
HARMLESS = ["张三", "'", "'引号'", "1-2", "a=b", "00123", "1985.10", "https://example.org", "{=1}"]
COLUMNS = (
    Column("text", ("文字",)),
    Column("day", ("日期",), write=Write.DATE),
    Column("count", ("数目",), write=Write.NUMBER),
    Column("answer", ("是否",), choices=("是", "否")),
)


def saved(tmp_path, write, **options):
    path = tmp_path / "out.xlsx"
    with path.open("wb") as file:
        write(file, columns=COLUMNS, **options)
    return path


@pytest.mark.parametrize("value", DANGEROUS + HARMLESS)
def test_a_text_is_a_text_in_a_workbook_and_comes_back_as_it_was(tmp_path, value):
    path = saved(tmp_path, write_xlsx, title="表", rows=[{"text": value}])
    cell = openpyxl.load_workbook(path).active["A2"]
    assert (cell.data_type, cell.value) == ("s", value)
    assert read_sheets(path)[0].rows[1] == [value]


@pytest.mark.parametrize("value", [*DANGEROUS, "\t=1", "\r=1"])
def test_in_csv_a_formula_is_quoted_and_comes_back_as_it_was(tmp_path, value):
    path = saved(tmp_path, write_csv, rows=[{"text": value}])
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    [_head, row] = csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""))
    assert row[0] == f"'{value}"
    assert read_sheets(path)[0].rows[1][0] == value


@pytest.mark.parametrize("value", HARMLESS)
def test_in_csv_other_texts_stay_as_they_are(tmp_path, value):
    path = saved(tmp_path, write_csv, rows=[{"text": value}])
    assert path.read_text("utf-8-sig").splitlines()[1].split(",")[0].strip('"') == value.strip('"')
    assert read_sheets(path)[0].rows[1][0] == value


def test_columns_are_typed_and_the_headings_stay_in_sight(tmp_path):
    rows = [{"text": "007", "day": dt.date(2026, 10, 31), "count": 3, "answer": "是"}, {}]
    path = saved(tmp_path, write_xlsx, title="某/表", rows=rows, above=["某局名册", "截止日期：2026年10月31日"])
    sheet = openpyxl.load_workbook(path).active
    assert sheet.title == "某 表"
    assert [cell.value for cell in sheet[3]] == ["文字", "日期", "数目", "是否"]
    assert [cell.value for cell in sheet[4]] == ["007", dt.datetime(2026, 10, 31), 3, "是"]  # noqa: DTZ001
    assert (sheet["A4"].number_format, sheet["B4"].number_format) == ("@", "yyyy-mm-dd")
    assert sheet.column_dimensions["A"].width >= 12
    assert sheet.freeze_panes == "D4" and sheet.auto_filter.ref == "A3:D5"
    [rule] = sheet.data_validations.dataValidation
    assert rule.formula1 == '"是,否"' and str(rule.sqref).startswith("D4:D")


def download(client, kind):
    response = client.get(reverse("exchange_admin:export", args=["roster", kind]))
    assert response.status_code == 200
    return b"".join(response.streaming_content)


@needs_input
@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_real_roster_reads_its_own_export_back_unchanged(client, tmp_path, kind):
    import_file(ROSTER_LIST, FILE, dry_run=False, actor=command_account())
    Cadre.objects.filter(work_number="JG00007").update(post="=cmd|' /C calc'!A0", phone="+8613900000000")
    Cadre.objects.filter(work_number="JG00008").update(as_of=dt.date(2026, 11, 20))  # of a later roster
    Cadre.objects.filter(work_number="JG00009").update(
        probation_from=dt.date(2026, 8, 1), probation_to=dt.date(2027, 7, 31)
    )
    hr = grant(AccountFactory(), Role.HR, Cadre.objects.first().unit.get_root())
    client.force_login(hr)
    path = tmp_path / f"out.{kind}"
    path.write_bytes(download(client, kind))
    for scoped, actor in ((False, command_account()), (True, hr)):
        outcome = take(ROSTER_LIST, read_table(ROSTER_LIST, path), dry_run=False, actor=actor, scoped=scoped)
        answer = outcome.answer()
        assert [answer[key] for key in ("new", "changed", "unchanged", "bad", "warnings")] == [0, 0, 317, 0, 2]
        assert outcome.changes == []
    assert "JG00007" in path.read_bytes().decode("utf-8", "replace") or kind == "xlsx"
    entry = Entry.objects.get(event="exchange.exported")
    assert entry.data == {"list": "roster", "kind": kind, "rows": 317} and entry.actor_id == hr.pk


@pytest.mark.django_db
def test_an_export_holds_the_people_within_reach_and_nobody_else(client):
    bureau = office()
    general, finance = section("办公室", bureau), section("财务处", bureau)
    CadreFactory(work_number="A1", unit=general), CadreFactory(work_number="A2", unit=finance, name="财务的人")
    client.force_login(grant(AccountFactory(), Role.HR, general))
    text = download(client, "csv").decode("utf-8-sig")
    assert "A1" in text and "A2" not in text and "财务的人" not in text


@pytest.mark.django_db
def test_an_export_asks_the_database_as_often_for_three_people_as_for_one(client, django_assert_num_queries):
    bureau = office()
    CadreFactory(unit=bureau)
    hr = grant(AccountFactory(), Role.HR, bureau)
    roster = kept_lists()["roster"]
    with django_assert_num_queries(4):
        assert len(list(roster.export(hr).rows)) == 1
    CadreFactory(unit=bureau), CadreFactory(unit=bureau)
    with django_assert_num_queries(4):
        assert len(list(roster.export(hr).rows)) == 3
