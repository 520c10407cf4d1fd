"""Chinese text for a word index that knows no Chinese: runs of characters as overlapping pairs.

机关食堂 is indexed as 机关 关食 食堂 堂 and asked for as the phrase 机关 关食 食堂, so that a word in mid-sentence is
found without a dictionary. The last character stands alone too: a single character is asked for as the beginning of a
word.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
# a run of Chinese, or of other letters and digits; everything else parts words, for both databases alike
_WORD = re.compile(f"[{HAN}]+|[^\\W_{HAN}]+")
_IS_HAN = re.compile(f"[{HAN}]")


@dataclass(frozen=True)
class Term:
    """A part of a query. phrase: as the index has it; is_prefix: it may also begin a word; word: as it was written."""

    phrase: str
    is_prefix: bool
    word: str


def _pairs(run: str) -> list[str]:
    return [run[n : n + 2] for n in range(len(run) - 1)]


def index_text(text: str) -> str:
    """The text as it is given to the index."""
    words: list[str] = []
    for run in _WORD.findall(unicodedata.normalize("NFKC", text)):
        words += [*_pairs(run), run[-1]] if _IS_HAN.match(run) else [run]
    return " ".join(words)


def terms(query: str) -> list[Term]:
    """What a query asks for; all of it must be on a page. Empty for a query of punctuation only."""
    found = []
    for run in _WORD.findall(unicodedata.normalize("NFKC", query)):
        is_single = len(run) == 1
        is_han = bool(_IS_HAN.match(run))
        phrase = " ".join(_pairs(run)) if is_han and not is_single else run
        found.append(Term(phrase, is_han and is_single, run))
    return found
