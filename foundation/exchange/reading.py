"""Reading spreadsheets that people send: recognised by content, measured before opening, parsed at a distance."""

from __future__ import annotations

import datetime as dt
import html
import json
import os
import re
import subprocess
import sys
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

from foundation.offers.types import Unreadable

Cell = str | float | int | bool | dt.date | None

MOST_BYTES = 20 * 2**20
MOST_UNPACKED = 400 * 2**20
MOST_RATIO = 250  # a bomb packs a thousandfold; honest sheets stay under fifty
MOST_ENTRIES = 2_000
MOST_ROWS = 200_000
MOST_COLUMNS = 256
MOST_CELLS = 5_000_000  # filled ones, of the whole file
MOST_TEXT = 64 * 2**20  # characters: one shared text may stand in a million cells
MEGABYTES = 2_048  # of address space for the parser
SECONDS = 60

_READER = Path(__file__).with_name("reader_process.py")
_REFERENCE = re.compile(rb'[ :"]r="([A-Z]{1,7})(\d{1,9})"')
# a formula that came to an error, or was never computed: the parser would call both empty
_FAILED = re.compile(
    rb'<c r="([A-Z]{1,3})(\d{1,7})"([^>]*)>(?:<f[^>]*/>|<f[^>]*>[^<]{0,9000}</f>)?<v>(#[^<]{1,20})</v>'
    rb'|<c r="([A-Z]{1,3})(\d{1,7})"(?![^>]* t="str")[^>]*>(?:<f[^>]*/>|<f[^>]*>[^<]{0,9000}</f>)'
    rb"(?:<v></v>|<v ?/>|</c>)"
)
_OVERLAP = 12_000  # bytes: longer than any cell that _FAILED looks for
NOT_COMPUTED = "#N/A"


@dataclass(frozen=True)
class Sheet:
    """One sheet: rows as a person counts them, the first row is rows[0]; empty cells are None."""

    name: str
    rows: list[list[Cell]]


def given_path(word: str) -> Path:
    """The path that a person typed after bin/manage, which itself changes to the project's folder: seen from the
    folder where the person stands (ZHIXING_CWD); without bin/manage, from the process's own."""
    return Path(os.environ.get("ZHIXING_CWD", "")) / word  # told by the caller, never configured: not in the settings


def read_sheets(path: Path) -> list[Sheet]:
    """All sheets of a workbook (.xlsx) or the one of a CSV text (UTF-8 or GB 18030).

    The kind is recognised by content, never by the name's ending. Raises Unreadable with a sentence for people when
    the file is missing, too large, broken, a bomb, or of another kind.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(8)
    except OSError as error:
        raise Unreadable(_("打不开文件 %(name)s。") % {"name": path.name}) from error
    if size > MOST_BYTES:
        raise Unreadable(_("文件超过 %(most)s MB，请拆分后再导入。") % {"most": MOST_BYTES // 2**20})
    if head.startswith(b"PK"):
        failed = _measure(path)
        return _with_failed(_parse(path, "workbook"), failed)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable(_("这是旧版 .xls 或加密的工作簿，请另存为不加密的 .xlsx 再导入。"))
    return _parse(path, "text")


Failed = dict[tuple[int, int], str]  # (row, column), from 0 → the error value


def _measure(path: Path) -> dict[str, Failed]:
    """Refuse bombs before anything unpacks them: entry count, unpacked size, ratio, far-away cell references.

    Returns the formulas that came to nothing, by sheet.
    """
    failed: dict[str, Failed] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
            if "xl/workbook.xml" not in names:
                raise Unreadable(_("这不是 Excel 工作簿（.xlsx）。"))
            unpacked = sum(entry.file_size for entry in entries)
            packed = max(1, sum(entry.compress_size for entry in entries))
            if len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED or unpacked / packed > MOST_RATIO:
                raise Unreadable(_("工作簿展开后过大，已拒绝打开。"))
            for entry in entries:
                if entry.filename.startswith("xl/worksheets/") and entry.filename.endswith(".xml"):
                    with archive.open(entry) as sheet:
                        failed[entry.filename] = _measure_references(sheet)
            return _by_sheet(archive, failed) if any(failed.values()) else {}
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError, RuntimeError) as error:
        raise Unreadable(_("工作簿已损坏或已加密，打不开。")) from error


def _measure_references(sheet: IO[bytes]) -> Failed:
    tail = b""
    failed: Failed = {}
    while chunk := sheet.read(2**20):
        for letters, digits in _REFERENCE.findall(tail[-40:] + chunk):
            if _column(letters) > MOST_COLUMNS or int(digits) > MOST_ROWS:
                raise Unreadable(
                    _("工作表里有远处的单元格（%(cell)s），超过 %(rows)s 行或 %(columns)s 列，请删除多余的行列。")
                    % {"cell": (letters + digits).decode(), "rows": MOST_ROWS, "columns": MOST_COLUMNS}
                )
        for letters, digits, _kind, value, letters2, digits2 in _FAILED.findall(tail + chunk):
            place = int(digits or digits2) - 1, _column(letters or letters2) - 1
            failed[place] = value.decode(errors="replace") or NOT_COMPUTED
        tail = (tail + chunk)[-_OVERLAP:]
    return failed


def _column(letters: bytes) -> int:
    """The number of a column, from 1."""
    column = 0
    for letter in letters:
        column = column * 26 + letter - 64
    return column


def _by_sheet(archive: zipfile.ZipFile, failed: dict[str, Failed]) -> dict[str, Failed]:
    """From the archive's file names to the sheets' names, through the workbook's relations."""
    try:
        book, relations = archive.read("xl/workbook.xml"), archive.read("xl/_rels/workbook.xml.rels")
    except KeyError:
        return {}
    targets = {}
    for relation in re.findall(rb"<Relationship [^>]*>", relations):
        found = dict(re.findall(rb'(Id|Target)="([^"]*)"', relation))
        targets[found.get(b"Id")] = "xl/" + found.get(b"Target", b"").decode().removeprefix("/xl/")
    sheets = {}
    for tag in re.findall(rb"<sheet [^>]*>", book):
        found = dict(re.findall(rb'(name|r:id)="([^"]*)"', tag))
        name = html.unescape(found.get(b"name", b"").decode())
        sheets[name] = failed.get(targets.get(found.get(b"r:id"), ""), {})
    return sheets


def _with_failed(sheets: list[Sheet], failed: dict[str, Failed]) -> list[Sheet]:
    """With the error values where the parser saw nothing."""
    for sheet in sheets:
        for (number, column), value in failed.get(sheet.name, {}).items():
            if number < len(sheet.rows):
                row = sheet.rows[number]
                row.extend([None] * (column + 1 - len(row)))
                row[column] = row[column] or value
    return sheets


def _parse(path: Path, kind: str) -> list[Sheet]:
    limits = [MEGABYTES, SECONDS, MOST_ROWS, MOST_COLUMNS, MOST_CELLS, MOST_TEXT]
    command = [sys.executable, "-I", str(_READER), kind, str(path), *map(str, limits)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise Unreadable(_("读取文件超过 %(n)s 秒，已停止。请拆分后再导入。") % {"n": SECONDS}) from error
    if done.returncode:
        raise Unreadable(_("文件打不开：内容已损坏，或者展开后过大。"))
    answer = json.loads(done.stdout.decode("utf-8", "surrogatepass"))
    if refused := answer.get("refused"):
        raise Unreadable(_sentence(refused))
    sheets = answer["sheets"]
    return [Sheet(name or path.stem, [[_cell(value) for value in row] for row in rows]) for name, rows in sheets]


def _sentence(refused: str) -> str:
    """What to tell people about a file that reader_process.py refused."""
    limits = {"rows": MOST_ROWS, "columns": MOST_COLUMNS, "cells": MOST_CELLS}
    return {
        "size": _("表格过大：最多 %(rows)s 行、%(columns)s 列、%(cells)s 个单元格，请拆分后再导入。") % limits,
        "text": _("表格里的文字过多，请拆分后再导入。"),
        "csv": _("CSV 文件的格式有误，读不出内容。"),
        "encoding": _("看不懂文件的编码，请另存为 UTF-8 或 GB 18030。"),
        "html": _("这是网页格式的表格（常由别的系统导出），请用 Excel 或 WPS 打开，另存为 .xlsx 再导入。"),
        "kind": _("这不是表格文件：请使用 .xlsx 或 .csv。"),
    }[refused]


def _cell(value: object) -> Cell:
    if isinstance(value, dict):
        return dt.date.fromisoformat(value["d"])
    if value == "":
        return None
    return value  # type: ignore[return-value]  # JSON holds nothing else here
