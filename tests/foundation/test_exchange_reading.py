"""Files that people send, and files made to harm: each is answered by a sentence, and each is really made here."""

import datetime as dt
import io
import time
import zipfile

import openpyxl
import pytest
import xlsxwriter

from foundation.exchange import reading
from foundation.exchange.reading import read_sheets
from foundation.offers.types import Unreadable

NAMES = [["工号", "姓名"], ["A1", "李𬭎"]]


@pytest.fixture
def book(tmp_path):
    """Write a workbook of the rows; returns its path."""

    def write(rows=NAMES, **cells):
        path = tmp_path / "book.xlsx"
        made = openpyxl.Workbook()
        for row in rows:
            made.active.append(row)
        for place, value in cells.items():
            made.active[place] = value
        made.save(path)
        return path

    return write


def reworked(path, changes=None, extra=None):
    """The workbook with some of its parts rewritten (name → function of bytes) and others added."""
    out = io.BytesIO()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            content = source.read(entry)
            target.writestr(entry.filename, (changes or {}).get(entry.filename, lambda same: same)(content))
        for name, content in (extra or {}).items():
            target.writestr(name, content)
    path.write_bytes(out.getvalue())
    return path


def refused(path):
    """The sentence that the file is answered with."""
    with pytest.raises(Unreadable) as problem:
        read_sheets(path)
    return str(problem.value)


SHEET = "xl/worksheets/sheet1.xml"


def test_a_zip_bomb_is_refused_before_it_is_unpacked(book):
    path = reworked(book(), extra={"xl/media/image1.bin": bytes(300 * 2**20)})
    assert path.stat().st_size < 2**20
    started = time.monotonic()
    assert "展开后过大" in refused(path)
    assert time.monotonic() - started < 2


def test_many_small_parts_are_a_bomb_too(book):
    assert "展开后过大" in refused(reworked(book(), extra={f"xl/media/{n}": b"x" for n in range(2_001)}))


@pytest.mark.parametrize("cell", ["XFD1", "A1048576", "ZZZZZZ1", "A999999999"])
def test_a_far_away_cell_is_refused_by_its_reference(book, cell):
    path = reworked(book(), {SHEET: lambda xml: xml.replace(b'r="A2"', f'r="{cell}"'.encode())})
    assert cell in refused(path)


@pytest.mark.parametrize(
    "disguise",
    [
        lambda xml: xml.replace(b'r="A2"', b"r='XFD1048576'"),  # other quotation marks
        lambda xml: xml.replace(b'r="A2"', b'\nr = "XFD1048576"'),
        lambda xml: xml.replace(b"<sheetData>", b"<sheetData>" + b"<row/>" * 200_001),  # no references at all
    ],
    ids=["quotes", "spaces", "unnumbered"],
)
def test_a_reference_in_disguise_costs_the_parser_its_life_and_not_ours(book, disguise):
    path = reworked(book(), {SHEET: disguise})
    try:
        sheets = read_sheets(path)
    except Unreadable as problem:
        assert "过大" in str(problem)
    else:
        assert len(sheets[0].rows) <= reading.MOST_ROWS


def test_one_shared_text_in_many_cells_is_refused_by_what_it_would_become(tmp_path):
    path = tmp_path / "shared.xlsx"
    made = xlsxwriter.Workbook(str(path))
    sheet = made.add_worksheet()
    for row in range(3_000):
        sheet.write_string(row, 0, "长" * 32_000)
    made.close()
    assert path.stat().st_size < 2**20
    assert "文字过多" in refused(path)


def test_entities_are_not_expanded(book):
    doctype = b'<!DOCTYPE x [<!ENTITY a "' + b"a" * 1000 + b'"><!ENTITY b "' + b"&a;" * 1000 + b'">]>'
    path = reworked(book(), {SHEET: lambda xml: xml.replace(b"<worksheet", doctype + b"<worksheet", 1)})
    try:
        assert sum(len(str(cell)) for row in read_sheets(path)[0].rows for cell in row) < 1_000
    except Unreadable as problem:
        assert "损坏" in str(problem)


def test_a_part_that_lies_about_its_size_is_refused(book):
    path = reworked(book([["工号"], ["A" * 30_000]]))
    raw = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        entry = archive.getinfo(SHEET)
    size = entry.file_size.to_bytes(4, "little")
    path.write_bytes(bytes(raw).replace(size, (10).to_bytes(4, "little")))
    assert "损坏" in refused(path)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"%PDF-1.7\n1 0 obj", "不是表格文件"),
        (b"\x89PNG\r\n\x1a\n", "不是表格文件"),
        (b"{\\rtf1 hello}", "不是表格文件"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧版 .xls"),
        ("<html><table><tr><td>工号</td></tr></table></html>".encode(), "网页格式"),
        (b"a\0b", "不是表格文件"),
        (b"\xff\xff\xff,\x81", "编码"),
        (b"PK\x03\x04 broken", "打不开"),
    ],
    ids=["pdf", "png", "rtf", "xls", "html", "binary", "encoding", "zip"],
)
@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_another_kind_behind_the_ending(tmp_path, content, sentence, ending):
    path = tmp_path / f"roster.{ending}"
    path.write_bytes(content)
    assert sentence in refused(path)


def test_a_word_document_is_no_workbook(tmp_path):
    path = tmp_path / "roster.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert "不是 Excel 工作簿" in refused(path)


def test_a_workbook_named_csv_and_a_csv_named_workbook_are_read(book, tmp_path):
    path = book().rename(tmp_path / "roster.csv")
    assert read_sheets(path)[0].rows == NAMES
    text = tmp_path / "roster.xlsx"
    text.write_text("工号,姓名\nA1,李𬭎\n")
    assert read_sheets(text)[0].rows == NAMES


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_encodings_and_delimiters_as_people_save_them(tmp_path, encoding, delimiter):
    path = tmp_path / "roster.csv"
    path.write_bytes(f"工号{delimiter}姓名\r\nA1{delimiter}李𬭎\r\n".encode(encoding))
    assert read_sheets(path)[0].rows == NAMES


def test_limits_of_size_rows_columns_and_cells(tmp_path, monkeypatch, book):
    path = tmp_path / "long.csv"
    path.write_text("a\n" * 200_001)
    assert "200000 行" in refused(path)
    path.write_text("a," * 256 + "a\n")
    assert "256 列" in refused(path)
    path.write_text("a,b\n" * 6)
    assert len(read_sheets(path)[0].rows) == 6
    monkeypatch.setattr(reading, "MOST_CELLS", 11)
    assert "11 个单元格" in refused(path)
    path.write_bytes(b"a" * (reading.MOST_BYTES + 1))
    assert "20 MB" in refused(path)
    path.write_text(f'"{"a" * 200_000}"')
    assert "格式有误" in refused(path)


def test_a_parser_that_does_not_end_is_stopped(tmp_path, monkeypatch, book):
    monkeypatch.setattr(reading, "SECONDS", 0.01)
    assert "已停止" in refused(book())


def test_a_parser_without_memory_ends_alone(book, monkeypatch):
    monkeypatch.setattr(reading, "MEGABYTES", 1)
    assert "展开后过大" in refused(book())


def test_formulas_that_came_to_nothing_are_no_empty_cells(tmp_path):
    path = tmp_path / "formulas.xlsx"
    made = xlsxwriter.Workbook(str(path))
    made.add_worksheet("说明").write_string(0, 0, "请看下一页")
    sheet = made.add_worksheet("人员 & 单位")
    sheet.write_row(0, 0, ["工号", "姓名", "单位"])
    sheet.write_formula(1, 0, '="A"&1', None, "A1")
    sheet.write_formula(1, 1, "=NA()", None, "#N/A")
    made.close()
    assert read_sheets(path)[1].rows[1] == ["A1", "#N/A"]


def test_a_formula_that_was_never_computed_is_told(book):
    assert read_sheets(book(B2="=A2&A2"))[0].rows[1] == ["A1", "#N/A"]


def test_a_formula_that_came_to_an_empty_text_is_an_empty_cell(book):
    formula = b'<c r="B2" t="str"><f>IF(A2="","x","")</f><v></v></c>'  # as Excel writes it
    path = reworked(
        book([["工号", "姓名"], ["A1"]]), {SHEET: lambda xml: xml.replace(b"</row></s", formula + b"</row></s")}
    )
    assert read_sheets(path)[0].rows[1] in (["A1"], ["A1", None])


def test_numbers_dates_and_times_keep_their_kind(book):
    path = book([[1, 1.5, True, dt.date(1985, 3, 1), dt.datetime(1985, 3, 1, 8), "001"]])  # noqa: DTZ001
    assert read_sheets(path)[0].rows == [[1.0, 1.5, True, dt.date(1985, 3, 1), dt.date(1985, 3, 1), "001"]]
