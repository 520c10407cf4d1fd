"""What a well-formed question is, and when two are the same. Pure: no ORM."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from learning.questions.enums import Kind

LETTERS = "ABCDEFGH"
LONGEST_STEM = 4_000
SMALLEST_MARKS = Decimal("0.01")  # what the database keeps; finer ones would be rounded, down to nothing


@dataclass(frozen=True)
class Draft:
    """A question as it was read, before it stands in a bank. key: the letters of the right options, sorted."""

    kind: Kind
    stem: str
    options: tuple[str, ...]
    key: tuple[str, ...]
    marks: Decimal
    explanation: str = ""
    source: str = ""
    topic: str = ""

    @property
    def fingerprint(self) -> str:
        """Equal for the same normalised stem, options and key (contracts.md)."""
        content = [_normalised(self.stem), [_normalised(option) for option in self.options], list(self.key)]
        return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def _normalised(text: str) -> str:
    """Full and half width, and spaces, make no difference. Never fuzzy: 不得 and 应当 are not similar (exams.md)."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def faults(draft: Draft) -> list[str]:
    """What is wrong with a question, each with a sentence that says how to mend it; empty for a good one."""
    found = []
    if not draft.stem:
        found.append(_("题干为空，请填写。"))
    elif len(draft.stem) > LONGEST_STEM:
        found.append(_("题干超过 %(most)s 字，请缩短。") % {"most": LONGEST_STEM})
    found += _option_faults(draft.options)
    beyond = [letter for letter in draft.key if letter not in LETTERS[: len(draft.options)]]
    if not draft.key:
        found.append(_("没有正确答案，请填写选项字母。"))
    elif beyond:
        found.append(_("正确答案 %(letters)s 没有对应的选项，请核对。") % {"letters": "、".join(beyond)})
    elif draft.kind != Kind.MULTIPLE and len(draft.key) > 1:
        found.append(_("%(kind)s只能有一个正确答案；如有多个，请把题型改为多选题。") % {"kind": draft.kind.label})
    if draft.kind == Kind.TRUE_FALSE and len(draft.options) != 2:
        found.append(_("判断题应当正好有两个选项。"))
    if not 0 < draft.marks <= 100:
        found.append(_("分值应当大于 0 且不超过 100。"))
    elif draft.marks % SMALLEST_MARKS:
        found.append(_("分值最多两位小数，最小 0.01。"))
    return found


def _option_faults(options: tuple[str, ...]) -> list[str]:
    found = []
    if len(options) < 2:
        found.append(_("选项不足两个，请补全。"))
    elif len(options) > len(LETTERS):
        found.append(
            _("有 %(n)s 个选项，最多 %(most)s 个（A–%(last)s），请删减。")
            % {"n": len(options), "most": len(LETTERS), "last": LETTERS[-1]}
        )
    for letter, option in zip(LETTERS, options, strict=False):
        if not option:
            found.append(_("选项 %(letter)s 为空，但后面还有选项，请补上或把后面的选项前移。") % {"letter": letter})
        elif option in options[: LETTERS.index(letter)]:
            twin = LETTERS[options.index(option)]
            found.append(_("选项 %(letter)s 与选项 %(twin)s 相同，请修改。") % {"letter": letter, "twin": twin})
    return found
