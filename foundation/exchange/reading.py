"""Reading spreadsheets that people send: recognised by content, measured before opening, parsed at a distance."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import os
import re
import subprocess
import sys
import zipfile
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
MEGABYTES = 2_048  # of address space for the parser
SECONDS = 60

_READER = Path(__file__).with_name("reader_process.py")
_REFERENCE = re.compile(rb'[ :"]r="([A-Z]{1,7})(\d{1,9})"')


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
        _measure(path)
        return _read_workbook(path)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable(_("这是旧版 .xls 或加密的工作簿，请另存为不加密的 .xlsx 再导入。"))
    return [_read_text(path)]


def _measure(path: Path) -> None:
    """Refuse bombs before anything unpacks them: entry count, unpacked size, ratio, far-away cell references."""
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
                        _measure_references(sheet)
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError) as error:
        raise Unreadable(_("工作簿已损坏或已加密，打不开。")) from error


def _measure_references(sheet: IO[bytes]) -> None:
    tail = b""
    while chunk := sheet.read(2**20):
        for letters, digits in _REFERENCE.findall(tail + chunk):
            column = 0
            for letter in letters:
                column = column * 26 + letter - 64
            if column > MOST_COLUMNS or int(digits) > MOST_ROWS:
                raise Unreadable(
                    _("工作表里有远处的单元格（%(cell)s），超过 %(rows)s 行或 %(columns)s 列，请删除多余的行列。")
                    % {"cell": (letters + digits).decode(), "rows": MOST_ROWS, "columns": MOST_COLUMNS}
                )
        tail = (tail + chunk)[-40:]


def _read_workbook(path: Path) -> list[Sheet]:
    command = [sys.executable, "-I", str(_READER), str(path), str(MEGABYTES), str(MOST_ROWS), str(MOST_COLUMNS)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise Unreadable(_("读取工作簿超过 %(n)s 秒，已停止。") % {"n": SECONDS}) from error
    if done.returncode:
        raise Unreadable(_("工作簿已损坏，读不出内容。"))
    return [Sheet(name, [[_cell(value) for value in row] for row in rows]) for name, rows in json.loads(done.stdout)]


def _cell(value: object) -> Cell:
    if isinstance(value, dict):
        return dt.date.fromisoformat(value["d"])
    if value == "":
        return None
    return value  # type: ignore[return-value]  # JSON holds nothing else here


def _read_text(path: Path) -> Sheet:
    raw = path.read_bytes()
    if b"\0" in raw:
        raise Unreadable(_("这不是表格文件：请使用 .xlsx 或 .csv。"))
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        rows: list[list[Cell]] = []
        try:
            for row in csv.reader(io.StringIO(text)):
                if len(rows) > MOST_ROWS or len(row) > MOST_COLUMNS:
                    raise Unreadable(_("表格过大，请拆分后再导入。"))
                rows.append([value.strip() or None for value in row])
        except csv.Error as error:
            raise Unreadable(_("CSV 文件的格式有误，读不出内容。")) from error
        return Sheet(path.stem, rows)
    raise Unreadable(_("看不懂文件的编码，请另存为 UTF-8 或 GB 18030。"))
