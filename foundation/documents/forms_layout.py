"""The registration form of the annual appraisal: a table on both sides of one A4 sheet, in the manner of GB/T 9704.

What is printed is Chinese whatever language the screen speaks: no gettext in here but for refusals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from foundation.documents.paper import CODE_SIZE, GREY, Paper
from foundation.documents.typeset import Line
from foundation.offers.types import Refused

LEFT, WIDTH = 25.0, 160.0
RIGHT = LEFT + WIDTH
LABEL = 28.0  # width of the column of labels
PAD = 2.5
FOOT = 277.0  # the lowest line of the front
SIZES = (12.0, 11.0, 10.5, 10.0, 9.5, 9.0, 8.5, 8.0)  # of what somebody wrote: the largest that fits


@dataclass(frozen=True)
class Box:
    """A labelled part to be filled: what is written in it, and who signed when. seal: of which office; height: 0 takes
    the rest of the side."""

    label: Sequence[str]  # its lines
    text: str
    height: float = 0
    signed: str = ""
    dated: str = ""
    seal: str = ""


def registration_form(
    paper: Paper,
    *,
    title: str,
    subtitle: str,
    rows: Sequence[Sequence[tuple[str, str]]],
    front: Box,
    back: Sequence[Box],
) -> None:
    """Both sides of the form.

    rows: pairs of label and value that share a line of the table, above the front's box. back: the boxes of the other
    side, with the code under them. Raises Refused("text_too_long") where a text does not fit even small.
    """
    paper.text(LEFT + WIDTH / 2, 27, title, role="song_black", size=22, align="center")
    paper.text(LEFT + WIDTH / 2, 36, subtitle, size=14, align="center")
    y = 41.0
    for row in rows:
        y = _row(paper, y, row)
    _box(paper, y, replace(front, height=FOOT - y))
    paper.page()
    y = 20.0
    for box in back:
        _box(paper, y, box)
        y += box.height
    _proof(paper, y + 6)


def _row(paper: Paper, y: float, row: Sequence[tuple[str, str]]) -> float:
    """One line of the table; returns where the next begins. A value that is long gets a higher line."""
    room = (WIDTH - LABEL * len(row)) / len(row)
    laid = [_fitted(paper, value, width=room - 2 * PAD, room=16, indent=0) for _label, value in row]
    height = max(10.0, *(len(lines) * size * 0.5 + 4 for size, lines in laid))
    x = LEFT
    for (label, _value), (size, lines) in zip(row, laid, strict=True):
        paper.rect(x, y, LABEL, height)
        paper.rect(x + LABEL, y, room, height)
        at = paper.fitting(label, role="hei", size=11, room=LABEL - 2)
        paper.text(x + LABEL / 2, y + height / 2 + 1.4, label, role="hei", size=at, align="center")
        top = y + (height - len(lines) * size * 0.5) / 2 + size * 0.36
        for number, line in enumerate(lines):
            paper.line_of_text(x + LABEL + PAD, top + number * size * 0.5, line, role="song", size=size)
        x += LABEL + room
    return y + height


def _box(paper: Paper, y: float, box: Box) -> None:
    paper.rect(LEFT, y, LABEL, box.height)
    paper.rect(LEFT + LABEL, y, WIDTH - LABEL, box.height)
    top = y + box.height / 2 - (len(box.label) - 1) * 3 + 1.4
    for number, word in enumerate(box.label):
        paper.text(LEFT + LABEL / 2, top + number * 6, word, role="hei", size=11, align="center")
    foot = 18.0 if box.signed or box.dated else 6.0
    size, lines = _fitted(paper, box.text, width=WIDTH - LABEL - 2 * PAD, room=box.height - foot - 3, indent=2)
    at = y + 3 + size * 0.36
    for line in lines:
        paper.line_of_text(LEFT + LABEL + PAD, at, line, role="song", size=size)
        at += size * 0.5
    if box.dated:
        paper.text(RIGHT - 6, y + box.height - 4, box.dated, size=11, align="right")
    if box.signed:
        at = paper.fitting(box.signed, role="song", size=11, room=WIDTH - LABEL - 12)
        paper.text(RIGHT - 6, y + box.height - 11, box.signed, size=at, align="right")
    if box.seal:
        paper.seal(RIGHT - 24, y + box.height - 17, box.seal, diameter=32)


def _fitted(paper: Paper, text: str, *, width: float, room: float, indent: float) -> tuple[float, list[Line]]:
    """Type size and lines: the largest size at which the paragraphs of the text fill no more than the room."""
    for size in SIZES:
        lines = [
            line
            for part in text.splitlines()
            if part.strip()
            for line in paper.layout(part.strip(), width=width, role="song", size=size, indent=indent)
        ]
        if len(lines) * size * 0.5 <= room:
            return size, lines
    raise Refused("text_too_long", _("正文太长，一页放不下。请缩短文字。"))


def _proof(paper: Paper, y: float) -> None:
    """The code with number and check code beside it."""
    proof = paper.proof
    paper.code(LEFT, y)
    rows = [f"文书编号：{proof.serial}", f"核 验 码：{proof.check}", "扫码核验真伪，或访问", proof.address]
    for number, row in enumerate(rows):
        size = paper.fitting(row, role="hei", size=9.5, room=WIDTH - CODE_SIZE - 6)
        paper.text(LEFT + CODE_SIZE + 5, y + 12 + number * 5.4, row, role="hei", size=size, colour=GREY)
