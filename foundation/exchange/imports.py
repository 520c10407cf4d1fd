"""Bringing a kept list in, for the wizard and for bin/manage import: a dry run is the real run minus the write."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.exchange.reading import read_sheets
from foundation.exchange.tables import Table, find_table, verbatim
from foundation.offers.lists import Became, KeptList, Outcome, Problem
from foundation.offers.types import Importer

ERROR_VALUES = {"#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!"}


def read_table(kept: KeptList, path: Path, chosen: Mapping[str, str] | None = None) -> Table:
    """The list's table in a file, with the problems of its headings and of formulas that came to nothing.

    Raises Unreadable for a file that is no spreadsheet.
    """
    table = find_table(read_sheets(path), kept.columns, chosen)
    failed = [
        Problem(row.number, table.headings[name], _("单元格是公式错误 %(value)s，请改正。") % {"value": verbatim(cell)})
        for row in table.rows
        for name, cell in row.cells.items()
        if isinstance(cell, str) and cell.strip() in ERROR_VALUES
    ]
    return replace(table, problems=[*table.problems, *failed])


def take(kept: KeptList, table: Table, *, dry_run: bool, actor: Any, scoped: bool) -> Outcome:
    """Take the table's rows in, all or none of them. Runs inside the caller's transaction where there is one."""
    if any(problem.level == "bad" and problem.row == 0 for problem in table.problems):  # headings: rows mean nothing
        return Outcome.of({row.number: Became.BAD for row in table.rows}, table.problems)
    with transaction.atomic(), _uncollected():
        outcome = kept.take(table, dry_run=dry_run, actor=actor, scoped=scoped)
        if dry_run or not outcome.accepted:
            transaction.set_rollback(True)
    return outcome


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the cycle collector: rows by the ten thousand are no cycles, and looking through all of them again and
    again was a quarter of an import's time. Of two threads in here the first to leave switches it on for both."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def import_file(kept: KeptList, path: Path, *, dry_run: bool, actor: Any) -> tuple[dict[str, Any], bool]:
    """bin/manage import: the answer of contracts.md, and whether the data was accepted.

    The command line is the operator's, who has the whole database: no row is out of reach.
    """
    outcome = take(kept, read_table(kept, path), dry_run=dry_run, actor=actor, scoped=False)
    return outcome.answer(), outcome.accepted


def unreadable(sentence: str) -> dict[str, Any]:
    """The answer for a file that is no spreadsheet."""
    return Outcome.of({}, [Problem(0, "", sentence)]).answer()


def importer(kept: KeptList, *, help: str) -> Importer:
    """The offer of a kept list to bin/manage import and to the wizard."""
    return Importer(name=kept.name, help=help, run=partial(import_file, kept), unreadable=unreadable, kept=kept)
