"""Questions from a spreadsheet, in the columns and words that people use. One row is one question."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from string import ascii_uppercase

from django.utils.translation import gettext as _

from foundation.exchange.reading import Cell, Sheet
from foundation.exchange.tables import Row, find_table, text
from foundation.offers.lists import Column
from learning.questions.enums import Kind
from learning.questions.models import QuestionVersion
from learning.questions.rules import LETTERS, Draft, faults

# options beyond the last letter that a question may have: read so that their rows are faults, not shortened silently
OPTIONS = LETTERS + "IJKLMNOP"
COLUMNS = (
    Column("number", ("序号", "题号", "编号"), ignored=True),
    Column("difficulty", ("难度", "难易度", "难度系数"), ignored=True),
    Column("kind", ("题型", "题目类型", "试题类型", "题类", "类型")),
    Column("stem", ("题干", "题目", "试题", "题目内容", "试题内容", "题干内容", "问题"), required=True),
    *(
        Column(letter, (f"选项{letter}", letter, f"{letter}选项", f"选项{letter.lower()}", letter.lower(), f"选项{n}"))
        for n, letter in enumerate(OPTIONS, start=1)
    ),
    Column("key", ("正确答案", "答案", "标准答案", "参考答案", "正确选项"), required=True),
    Column("marks", ("分值", "分数", "题目分值", "每题分值")),
    Column("topic", ("知识点", "考点", "章节", "知识模块", "标签")),
    Column("source", ("来源", "出处", "题目来源")),
    Column("explanation", ("解析", "答案解析", "试题解析", "题目解析", "解释")),
)
SAMPLE_COLUMNS = tuple(
    column
    for column in COLUMNS
    if column.name in {"kind", "stem", "A", "B", "C", "D", "key", "marks", "topic", "source", "explanation"}
)
LIST_COLUMNS = tuple(column for column in COLUMNS if not column.ignored and column.name not in OPTIONS[len(LETTERS) :])
_SAMPLED = {"marks": "1", "source": "机关事务管理条例 第十条"}
SAMPLE: tuple[dict[str, str], ...] = (
    {
        "kind": "单选题",
        "stem": "机关运行经费预算支出定额标准，应当根据什么确定？（示例，请改写）",
        "A": "机关运行经费需要、财力等情况",
        "B": "上一年度实际支出",
        "C": "本部门的申请",
        "D": "其他地区的标准",
        "key": "A",
        "topic": "经费管理",
        **_SAMPLED,
    },
    {
        "kind": "多选题",
        "stem": "下列哪些属于本例的正确选项？（示例，多选题的答案连写字母，请改写）",
        "A": "第一项",
        "B": "第二项",
        "C": "第三项",
        "D": "第四项",
        "key": "ABD",
        "marks": "2",
        "topic": "示例",
    },
    {
        "kind": "判断题",
        "stem": "判断题可以不写选项，答案写“对”或者“错”。（示例，请改写）",
        "key": "对",
        "marks": "1",
        "topic": "示例",
    },
)
_LEFT_FROM_SAMPLE = re.compile(r"[（(]示例[^（()）]*请改写[）)]")  # in each stem of SAMPLE
KINDS = {
    "单选": Kind.SINGLE,
    "单选题": Kind.SINGLE,
    "单项选择": Kind.SINGLE,
    "单项选择题": Kind.SINGLE,
    "多选": Kind.MULTIPLE,
    "多选题": Kind.MULTIPLE,
    "多项选择": Kind.MULTIPLE,
    "多项选择题": Kind.MULTIPLE,
    "不定项": Kind.MULTIPLE,
    "不定项选择题": Kind.MULTIPLE,
    "判断": Kind.TRUE_FALSE,
    "判断题": Kind.TRUE_FALSE,
    "是非题": Kind.TRUE_FALSE,
    **{kind.value: kind for kind in Kind},
}
# what a workbook says, whatever the language of the screen
_WORDS = {Kind.SINGLE: "单选题", Kind.MULTIPLE: "多选题", Kind.TRUE_FALSE: "判断题"}
TRUE_WORDS = {"对", "正确", "√", "是", "T", "TRUE", "Y", "YES"}
FALSE_WORDS = {"错", "错误", "×", "否", "F", "FALSE", "X", "N", "NO", "不正确"}
_BETWEEN_LETTERS = re.compile(r"[\s,、;/|。.]+")  # after NFKC


@dataclass(frozen=True)
class Fault:
    """Something to mend. where: ``sheet!row`` (contracts.md)."""

    where: str
    what: str


@dataclass(frozen=True)
class BadQuestion:
    """A row that cannot be taken, with everything that is wrong with it."""

    faults: list[Fault]


def read_questions(sheets: list[Sheet]) -> Iterator[Draft | BadQuestion | Fault]:
    """In the order of the file: good questions, bad ones, and sheets that hold something but no headings.

    A column of options that is not understood is a fault too: its questions are taken without those options.
    """
    for sheet in sheets:
        table = find_table([sheet], COLUMNS)
        missing = [problem for problem in table.problems if problem.level == "bad"]
        if missing and any(text(cell) for row in sheet.rows for cell in row):
            yield from (Fault(f"{sheet.name}!{problem.row or 1}", problem.what) for problem in missing)
        if not missing:
            for problem in table.problems:
                if problem.column.startswith("选项"):
                    yield Fault(f"{sheet.name}!{problem.row}", f"{problem.column}：{problem.what}")
            for row in table.rows:
                if _is_question(row):
                    yield _question(sheet.name, row)


def _is_question(row: Row) -> bool:
    """Notes between the rows, such as 一、单选题, are none."""
    return any(text(row.cells.get(name)) for name in ("stem", "key", *OPTIONS))


def _question(sheet: str, row: Row) -> Draft | BadQuestion:
    draft, problems = read_question(row.cells)
    if _LEFT_FROM_SAMPLE.search(draft.stem):
        problems.append(_("这一行还是样表里的示例，请改写成自己的题目，去掉“（示例，请改写）”，或者删除这一行。"))
    return BadQuestion([Fault(f"{sheet}!{row.number}", what) for what in problems]) if problems else draft


def read_question(cells: Mapping[str, Cell]) -> tuple[Draft, list[str]]:
    """A question as it is written under the names of COLUMNS, and everything that is wrong with it (then it is no
    question yet)."""
    problems: list[str] = []
    options = _options(cells)
    written_key = _BETWEEN_LETTERS.sub("", text(cells.get("key")).upper())
    kind = _kind(text(cells.get("kind")), written_key, options)
    if kind is None:
        known = "、".join(str(kind.label) for kind in Kind)
        problems.append(
            _("不认识题型“%(kind)s”，目前可以导入：%(known)s。") % {"kind": text(cells.get("kind")), "known": known}
        )
        kind = Kind.MULTIPLE  # the most tolerant: what else is wrong is told at once
    marks = _marks(cells.get("marks"))
    if marks is None:
        problems.append(_("分值“%(marks)s”不是数字。") % {"marks": text(cells.get("marks"))})
    if kind == Kind.TRUE_FALSE and not options:
        options = ("正确", "错误")
    draft = Draft(
        kind=kind,
        stem=_as_written(cells.get("stem")),
        options=options,
        key=_key(written_key, kind, options),
        marks=Decimal(1) if marks is None else marks,
        explanation=_as_written(cells.get("explanation")),
        source=_as_written(cells.get("source")),
        topic=_as_written(cells.get("topic")),
    )
    return draft, problems + faults(draft)


def _as_written(value: Cell) -> str:
    """A cell's text with its own punctuation, full width included; numbers without a needless decimal point."""
    return value.strip() if isinstance(value, str) else text(value)


def _options(cells: Mapping[str, Cell]) -> tuple[str, ...]:
    """The options up to the last one written; a gap stays as an empty text. A leading ``A．`` is taken off."""
    written = []
    for letter in OPTIONS:
        written.append(re.sub(rf"^[（(]?{letter}[）).．、:：]\s*", "", _as_written(cells.get(letter))))
    while written and not written[-1]:
        written.pop()
    return tuple(written)


def _kind(written: str, key: str, options: tuple[str, ...]) -> Kind | None:
    """The kind by its name; without one, by the look of the key. None: a name that is not known."""
    if written:
        return KINDS.get(written)
    if not options and key in TRUE_WORDS | FALSE_WORDS:
        return Kind.TRUE_FALSE
    return Kind.MULTIPLE if len(key) > 1 else Kind.SINGLE


def _key(written: str, kind: Kind, options: tuple[str, ...]) -> tuple[str, ...]:
    """The sorted letters of the key. What cannot be understood stays as it is: rules.faults finds no option for it."""
    if kind == Kind.TRUE_FALSE and written in TRUE_WORDS | FALSE_WORDS:
        meant = TRUE_WORDS if written in TRUE_WORDS else FALSE_WORDS
        found = [letter for letter, option in zip(LETTERS, options, strict=False) if text(option).upper() in meant]
        return tuple(found[:1]) or (written,)
    return tuple(sorted(set(written))) if set(written) <= set(ascii_uppercase) else (written,)


def _marks(value: Cell) -> Decimal | None:
    """2, 2.5 or 2分; an empty cell is 1; None for what is no number."""
    written = text(value).removesuffix("分").strip()
    if not written:
        return Decimal(1)
    try:
        marks = Decimal(written)
    except InvalidOperation:
        return None
    return marks if marks.is_finite() else None


def as_row(version: QuestionVersion) -> dict[str, str]:
    """A version under the names of LIST_COLUMNS, so that the import reads it back as the same question."""
    return {
        "kind": _WORDS[Kind(version.kind)],
        "stem": version.stem,
        **dict(zip(LETTERS, version.options, strict=False)),
        "key": "".join(version.key),
        "marks": f"{version.marks.normalize():f}",
        "topic": version.topic,
        "source": version.source,
        "explanation": version.explanation,
    }
