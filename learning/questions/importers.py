"""bin/manage import questions FILE --bank NAME: the good ones are written, the others named (contracts.md)."""

from __future__ import annotations

from pathlib import Path
from typing import IO, Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.exchange.reading import read_sheets
from foundation.exchange.writing import write_xlsx
from foundation.offers.types import FileScreen, Importer, Unreadable
from foundation.people.enums import Role
from foundation.people.scope import has_role
from learning.questions import actions
from learning.questions.models import Bank
from learning.questions.rules import Draft
from learning.questions.sheets import SAMPLE, SAMPLE_COLUMNS, BadQuestion, Fault, read_questions

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


def write_sample(file: IO[bytes]) -> None:
    """A workbook with one question of each kind, to be written over."""
    write_xlsx(file, title=_("题库"), columns=SAMPLE_COLUMNS, rows=SAMPLE)


def _bank_url(*, bank: str) -> str:
    """The bank with its questions."""
    return reverse("banks:inspect", args=[Bank.objects.get(name=bank).pk])


SCREEN = FileScreen(
    title=gettext_lazy("题库"),
    help=gettext_lazy(
        "Excel 工作簿（.xlsx），每行一题：题型（单选题、多选题、判断题）、题干、选项、正确答案，以及分值、知识点、"
        "来源、解析。表头可以有别的写法；题库里已有的题不会重复。"
    ),
    may_use=lambda account: has_role(account, Role.TRAINER),
    endings=(".xlsx",),
    labels={"bank": (gettext_lazy("题库名称"), gettext_lazy("已有的题库补充题目；没有这个名称的，新建一个题库。"))},
    suggest={"bank": lambda: list(Bank.objects.order_by("name").values_list("name", flat=True))},
    counts={
        "read": gettext_lazy("读到题目"),
        "good": gettext_lazy("可以导入"),
        "existing": gettext_lazy("题库里已有"),
        "bad": gettext_lazy("有错误的题目"),
    },
    writes=lambda answer: answer["good"] - answer["existing"],
    done_url=_bank_url,
    sample=write_sample,
)
IMPORTERS = [
    Importer(
        name="questions",
        help="题库（.xlsx）",
        run=import_questions,
        unreadable=unreadable,
        arguments={"bank": ("name of the bank; opened if there is none", True)},
        screen=SCREEN,
    )
]
