"""The text of a statute, taken apart: title, notes, chapters, articles. Plain text without articles passes too.

The form is that of official texts in Markdown: `# title`, the promulgation lines, `<!-- INFO END -->`, chapters as
`## 第一章 总 则`, sections as `### 第一节 …`, articles as paragraphs that begin with 第…条 and a space.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from content.enums import Level
from content.numerals import NUMERAL, number

NOTES_END = "<!-- INFO END -->"
_TITLE = re.compile(r"#\s+(.+)")
_HEADING = re.compile(rf"(?:#{{2,4}}\s*)?第({NUMERAL})([章节])\s+(\S.*)")
_ARTICLE = re.compile(rf"(第({NUMERAL})条(?:之{NUMERAL})?)[ \u3000\t]+(\S.*)")
_DATE = r"(\d{4})年(\d{1,2})月(\d{1,2})日"
_DATED = re.compile(_DATE)
_IN_FORCE = re.compile(rf"自{_DATE}起施行")
_ORDER = re.compile(r"国务院令第\d+号")
_LEVELS = {"章": Level.CHAPTER, "节": Level.SECTION}
_BETWEEN_HAN = re.compile(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])")


@dataclass(frozen=True)
class Article:
    """一条: its number as written and as a number (第一百二十条之一 has 120 too), its paragraphs and items."""

    number_zh: str
    number: int
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Chapter:
    """A chapter or section with what stands right under it. What comes before the first heading has no number."""

    level: Level
    number_zh: str
    number: int
    title: str
    paragraphs: tuple[str, ...] = ()
    articles: tuple[Article, ...] = ()


@dataclass(frozen=True)
class Statute:
    title: str  # empty where the text names none
    notes: tuple[str, ...]  # 题注: when it was passed, promulgated, revised, and by whom
    chapters: tuple[Chapter, ...]

    @property
    def articles(self) -> Iterator[Article]:
        """All articles in their order."""
        return (article for chapter in self.chapters for article in chapter.articles)

    @property
    def paragraphs(self) -> Iterator[str]:
        """All paragraphs in their order, those of articles included."""
        for chapter in self.chapters:
            yield from chapter.paragraphs
            for article in chapter.articles:
                yield from article.paragraphs

    @property
    def document_number(self) -> str:
        """国务院令第621号, of the last note that names one."""
        orders = [order for note in self.notes for order in _ORDER.findall(note)]
        return orders[-1] if orders else ""

    @property
    def issuer(self) -> str:
        """Who made it, as far as the notes say."""
        notes = "".join(self.notes)
        if "全国人民代表大会常务委员会" in notes:
            return "全国人民代表大会常务委员会"
        return "国务院" if "国务院" in notes else ""

    @property
    def promulgated_on(self) -> dt.date | None:
        """The day of the last order that promulgated it; a vote (通过) is none and is not taken for one."""
        dates = [_date(note) for note in self.notes if "公布" in note or _ORDER.search(note)]
        return dates[-1] if dates else None

    @property
    def effective_on(self) -> dt.date | None:
        """The day in the note 施行, else in the closing article (自…起施行)."""
        noted = [_date(note) for note in self.notes if note.endswith("施行")]
        if noted:
            return noted[-1]
        clauses = [match for paragraph in self.paragraphs for match in _IN_FORCE.finditer(paragraph)]
        return _day(*clauses[-1].groups()) if clauses else None

    def missing(self) -> list[int]:
        """Numbers that the articles leave out on their way from 1 to the last."""
        numbers = {article.number for article in self.articles}
        return sorted(set(range(1, max(numbers, default=0) + 1)) - numbers)

    def repeated(self) -> list[str]:
        """Article numbers that stand more than once."""
        return [name for name, times in Counter(article.number_zh for article in self.articles).items() if times > 1]


def parse(text: str) -> Statute:
    """Take a text apart. Never fails: what is no heading and no article is a paragraph."""
    title, notes, lines = _head([line.strip() for line in text.splitlines() if line.strip()])
    chapters = [_Draft(Level.CHAPTER, "", 0, "")]
    for line in lines:
        if heading := _HEADING.fullmatch(line):
            numeral, unit, name = heading.groups()
            chapters.append(_Draft(_LEVELS[unit], f"第{numeral}{unit}", number(numeral), _BETWEEN_HAN.sub("", name)))
        elif opening := _ARTICLE.fullmatch(line):
            number_zh, numeral, words = opening.groups()
            chapters[-1].articles.append((number_zh, number(numeral), [words]))
        elif articles := chapters[-1].articles:
            articles[-1][2].append(line)
        else:
            chapters[-1].paragraphs.append(line.lstrip("# "))
    return Statute(title, notes, tuple(draft.chapter() for draft in chapters if not draft.is_empty()))


@dataclass
class _Draft:
    """A chapter that lines are still added to."""

    level: Level
    number_zh: str
    number: int
    title: str
    paragraphs: list[str] = field(default_factory=list)
    articles: list[tuple[str, int, list[str]]] = field(default_factory=list)

    def is_empty(self) -> bool:
        return not (self.title or self.paragraphs or self.articles)

    def chapter(self) -> Chapter:
        articles = tuple(Article(number_zh, number, tuple(lines)) for number_zh, number, lines in self.articles)
        return Chapter(self.level, self.number_zh, self.number, self.title, tuple(self.paragraphs), articles)


def _head(lines: list[str]) -> tuple[str, tuple[str, ...], list[str]]:
    """Title, notes and the lines that follow them."""
    title = ""
    if lines and (match := _TITLE.fullmatch(lines[0])):
        title, lines = match[1], lines[1:]
    if NOTES_END not in lines:
        return title, (), lines
    end = lines.index(NOTES_END)
    return title, tuple(_note(line) for line in lines[:end]), lines[end + 1 :]


def _note(line: str) -> str:
    """A note without the closing bracket that some official texts leave behind."""
    return line[:-1] if line.endswith("）") and "（" not in line else line


def _date(note: str) -> dt.date | None:
    match = _DATED.search(note)
    return _day(*match.groups()) if match else None


def _day(*parts: str) -> dt.date | None:
    """A day, or None where the calendar has none such (2月30日)."""
    try:
        return dt.date(*map(int, parts))
    except ValueError:
        return None
