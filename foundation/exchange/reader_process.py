"""The parser of what people send, in a process of its own with little memory: a crafted file kills it, not the site.

Called as `python -I reader_process.py workbook|text FILE MEGABYTES SECONDS ROWS COLUMNS CELLS TEXT`; prints one JSON
object: {"sheets": [[name, rows], …]}, or {"refused": code} with a code that reading.py has a sentence for.
A crafted cell reference makes the parser of workbooks abort the whole process (documents.md): hence the distance.
"""

import csv
import datetime as dt
import io
import json
import resource
import sys

ENCODINGS = ("utf-8-sig", "gb18030")  # the second is what Chinese Windows saves
WIDE = (b"\xff\xfe", b"\xfe\xff")  # UTF-16 with its mark: what Excel calls "Unicode text"
OTHER_KINDS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"{\\rtf", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")

FORMULAS = tuple("=+-@\t\r＝＋－＠")  # as in writing.py


class Refused(Exception):
    """The file is not taken; str() is the code."""


class Measure:
    """Counts what is handed back: the process that waits has to hold it."""

    def __init__(self, rows: int, columns: int, cells: int, text: int) -> None:
        self.rows, self.columns, self.cells, self.text = rows, columns, cells, text

    def row(self, number: int, values: list) -> list:
        """The row as JSON, without the empty end. Raises Refused beyond the limits."""
        while values and values[-1] in ("", None):
            values.pop()
        if number >= self.rows or len(values) > self.columns:
            raise Refused("size")
        self.cells -= sum(value not in ("", None) for value in values)
        self.text -= sum(len(value) for value in values if isinstance(value, str))
        if self.cells < 0:
            raise Refused("size")
        if self.text < 0:
            raise Refused("text")
        return [cell(value) for value in values]


def cell(value: object) -> object:
    """A cell as JSON: dates as {"d": ISO}, the rest as it is."""
    if isinstance(value, dt.datetime | dt.date):
        return {"d": value.isoformat()[:10]}
    if isinstance(value, dt.time | dt.timedelta):
        return str(value)
    return value


def workbook(path: str, measure: Measure) -> list:
    """The sheets of a workbook."""
    from python_calamine import CalamineWorkbook  # noqa: PLC0415  after the limit is set

    book = CalamineWorkbook.from_path(path)
    sheets = []
    for name in book.sheet_names:
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False, nrows=measure.rows + 1)
        sheets.append([name, [measure.row(number, row) for number, row in enumerate(rows)]])
    return sheets


def text(path: str, measure: Measure) -> list:
    """The one sheet of a CSV text; commas, tabs or semicolons."""
    with open(path, "rb") as file:
        raw = file.read()
    if raw.startswith(OTHER_KINDS):
        raise Refused("kind")
    written = decoded(raw)
    if written.lstrip()[:9].lower().startswith(("<html", "<!doctype", "<table", "<?xml")):
        raise Refused("html")
    top = "\n".join(written.splitlines()[:20])
    delimiter = max(",\t;", key=top.count)
    rows = csv.reader(io.StringIO(written, newline=""), delimiter=delimiter)
    try:
        return [["", [measure.row(n, [unquoted(value.strip()) for value in row]) for n, row in enumerate(rows)]]]
    except csv.Error as error:
        raise Refused("csv") from error


def unquoted(value: str) -> str:
    """Without the quote that writing.py sets before what a spreadsheet would take for a formula."""
    return value[1:] if value.startswith("'") and value.lstrip("'").startswith(FORMULAS) else value


def decoded(raw: bytes) -> str:
    """The text. Raises Refused for an encoding that is none of those people save."""
    encodings = ("utf-16",) if raw.startswith(WIDE) else ENCODINGS
    if b"\0" in raw and encodings is ENCODINGS:
        raise Refused("kind")
    for encoding in encodings:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused("encoding")


def main() -> None:
    kind, path = sys.argv[1:3]
    megabytes, seconds, *limits = map(int, sys.argv[3:])
    resource.setrlimit(resource.RLIMIT_AS, (megabytes * 2**20, megabytes * 2**20))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answer: dict[str, object]
    try:
        answer = {"sheets": {"workbook": workbook, "text": text}[kind](path, Measure(*limits))}
    except Refused as refusal:
        answer = {"refused": str(refusal)}
    # bytes: the encoding of stdout is the machine's, not ours
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode("utf-8", "surrogatepass"))


if __name__ == "__main__":
    main()
