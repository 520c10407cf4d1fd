"""The parser of workbooks, run in a process of its own with little memory: a crafted file kills it, not the site.

Called as `python -I reader_process.py FILE MEGABYTES ROWS COLUMNS`; prints one JSON list of [name, rows] a sheet.
A crafted cell reference makes the parser abort the whole process (documents.md): hence the distance.
"""

import datetime as dt
import json
import resource
import sys


def cell(value: object) -> object:
    """A cell as JSON: dates as {"d": ISO}, the rest as it is."""
    if isinstance(value, dt.datetime | dt.date):
        return {"d": value.isoformat()[:10]}
    if isinstance(value, dt.time | dt.timedelta):
        return str(value)
    return value


def main() -> None:
    path, megabytes, most_rows, most_columns = sys.argv[1], *map(int, sys.argv[2:5])
    resource.setrlimit(resource.RLIMIT_AS, (megabytes * 2**20, megabytes * 2**20))
    from python_calamine import CalamineWorkbook  # noqa: PLC0415  after the limit is set

    book = CalamineWorkbook.from_path(path)
    sheets = []
    for name in book.sheet_names:
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False, nrows=most_rows + 1)
        sheets.append([name, [[cell(value) for value in row[:most_columns]] for row in rows]])
    json.dump(sheets, sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main()
