"""bin/manage import questions FILE --bank NAME: the good ones are written, the others named (contracts.md)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.exchange.reading import read_sheets
from foundation.offers.types import Importer, Unreadable
from learning.questions import actions
from learning.questions.rules import Draft
from learning.questions.sheets import BadQuestion, Fault, read_questions

WORKBOOKS = (b"PK", b"\xd0\xcf\x11\xe0")  # zip, and the old format for which read_sheets has a sentence


def import_questions(path: Path, *, bank: str, dry_run: bool, actor: Any) -> tuple[dict[str, Any], bool]:
    """Import a bank; returns the answer of contracts.md and whether anything good was read.

    Questions that the bank already holds count as good and existing; an unknown bank is opened. Raises Unreadable for
    a file of another kind, whatever its name ends in.
    """
    drafts: list[Draft] = []
    faults: list[Fault] = []
    bad = 0
    for found in read_questions(read_sheets(_workbook(path))):
        if isinstance(found, Draft):
            drafts.append(found)
        elif isinstance(found, BadQuestion):
            faults += found.faults
            bad += 1
        else:
            faults.append(found)
    existing = 0
    if drafts:
        with transaction.atomic():
            existing = actions.import_questions(bank_name=bank, drafts=drafts, file_name=path.name, actor=actor)
            transaction.set_rollback(dry_run)  # the real run minus the write
    answer = {
        "read": len(drafts) + bad,
        "good": len(drafts),
        "bad": bad,
        "existing": existing,
        "problems": [{"where": fault.where, "what": fault.what} for fault in faults],
    }
    return answer, bool(drafts)


def _workbook(path: Path) -> Path:
    try:
        with path.open("rb") as file:
            head = file.read(4)
    except OSError as error:
        raise Unreadable(_("打不开文件 %(name)s。") % {"name": path.name}) from error
    if not head.startswith(WORKBOOKS):
        raise Unreadable(_("目前只能导入 Excel 工作簿（.xlsx）。其他格式的题库请先整理到工作簿里，每行一题。"))
    return path


def unreadable(sentence: str) -> dict[str, Any]:
    """The answer for a file that is no bank."""
    return {"read": 0, "good": 0, "bad": 0, "existing": 0, "problems": [{"where": "", "what": sentence}]}


IMPORTERS = [
    Importer(
        name="questions",
        help="题库（.xlsx）",
        run=import_questions,
        unreadable=unreadable,
        arguments={"bank": ("name of the bank; opened if there is none", True)},
    )
]
