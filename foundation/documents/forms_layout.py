"""The registration form of the annual appraisal: a table on both sides of one A4 sheet, in the manner of GB/T 9704.
What does not fit into its box goes on on a further page (续页): nothing that was accepted and signed is unprintable.

What is printed is Chinese whatever language the screen speaks: no gettext in here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from foundation.documents.paper import CODE_SIZE, GREY, Paper
from foundation.documents.typeset import Line

LEFT, WIDTH = 25.0, 160.0
RIGHT = LEFT + WIDTH
LABEL = 28.0  # width of the column of labels
PAD = 2.5
FOOT = 277.0  # the lowest line of the front
SIZES = (12.0, 11.0, 10.5, 10.0, 9.5, 9.0, 8.5, 8.0)  # of what somebody wrote: the largest that fits
CONTINUED = 10.5  # of what goes on on a further page
LEADING = 0.5  # millimetres a point of the size


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
    """Both sides of the form, and as many further pages as the texts take.

    rows: pairs of label and value that share a line of the table, above the front's box; the first says who it is and
    stands on the further pages too. back: the boxes of the other side, with the code under them.
    """
    paper.text(LEFT + WIDTH / 2, 27, title, role="song_black", size=22, align="center")
    paper.text(LEFT + WIDTH / 2, 36, subtitle, size=14, align="center")
    y = 41.0
    for row in rows:
        y = _row(paper, y, row)
    rest = [(front.label, _box(paper, y, replace(front, height=FOOT - y)))]
    paper.page()
    y = 20.0
    for box in back:
        rest.append((box.label, _box(paper, y, box)))
        y += box.height
    _proof(paper, y + 6)
    y = FOOT
    for label, left in rest:
        lines = left
        while lines:
            least = max(len(label) * 6.0, CONTINUED * LEADING) + 6
            if y + least > FOOT:
                y = _further(paper, title, subtitle, rows[0])
            fitting = int((FOOT - y - 6) / (CONTINUED * LEADING))
            now, lines = lines[:fitting], lines[fitting:]
            height = max(least, len(now) * CONTINUED * LEADING + 6)
            _label(paper, y, label, height)
            _lines(paper, y, now, CONTINUED)
            y += height


def _further(paper: Paper, title: str, subtitle: str, who: Sequence[tuple[str, str]]) -> float:
    """Begin a further page; returns where its first box stands."""
    paper.page()
    paper.text(LEFT + WIDTH / 2, 25, f"{title}（续页）", role="song_black", size=16, align="center")
    words = f"{subtitle}　文书编号：{paper.proof.serial}"
    paper.text(LEFT + WIDTH / 2, 33, words, size=11, align="center")
    return _row(paper, 38, who)


def _row(paper: Paper, y: float, row: Sequence[tuple[str, str]]) -> float:
    """One line of the table; returns where the next begins. A value that is long gets a higher line."""
    room = (WIDTH - LABEL * len(row)) / len(row)
    laid = [_fitted(paper, value, width=room - 2 * PAD, room=16, indent=0, least=SIZES[-1]) for _word, value in row]
    height = max(10.0, *(len(lines) * size * LEADING + 4 for size, lines in laid))
    x = LEFT
    for (label, _value), (size, lines) in zip(row, laid, strict=True):
        paper.rect(x, y, LABEL, height)
        paper.rect(x + LABEL, y, room, height)
        at = paper.fitting(label, role="hei", size=11, room=LABEL - 2)
        paper.text(x + LABEL / 2, y + height / 2 + 1.4, label, role="hei", size=at, align="center")
        top = y + (height - len(lines) * size * LEADING) / 2 + size * 0.36
        for number, line in enumerate(lines):
            paper.line_of_text(x + LABEL + PAD, top + number * size * LEADING, line, role="song", size=size)
        x += LABEL + room
    return y + height


def _box(paper: Paper, y: float, box: Box) -> list[Line]:
    """One part; returns the lines that have no room in it."""
    _label(paper, y, box.label, box.height)
    foot = 18.0 if box.signed or box.dated else 6.0
    room = box.height - foot - 3
    width = WIDTH - LABEL - 2 * PAD
    size, lines = _fitted(paper, box.text, width=width, room=room, indent=2, least=CONTINUED)
    fitting = max(int(room / (size * LEADING) + 0.001), 0)
    _lines(paper, y, lines[:fitting], size)
    if lines[fitting:]:
        paper.text(LEFT + LABEL + PAD, y + box.height - 4, "（下接续页）", size=9)
    if box.dated:
        paper.text(RIGHT - 6, y + box.height - 4, box.dated, size=11, align="right")
    if box.signed:
        at = paper.fitting(box.signed, role="song", size=11, room=WIDTH - LABEL - 12)
        paper.text(RIGHT - 6, y + box.height - 11, box.signed, size=at, align="right")
    if box.seal:
        paper.seal(RIGHT - 24, y + box.height - 17, box.seal, diameter=32)
    return lines[fitting:]


def _label(paper: Paper, y: float, label: Sequence[str], height: float) -> None:
    """The frame of a part, with its label."""
    paper.rect(LEFT, y, LABEL, height)
    paper.rect(LEFT + LABEL, y, WIDTH - LABEL, height)
    top = y + height / 2 - (len(label) - 1) * 3 + 1.4
    for number, word in enumerate(label):
        paper.text(LEFT + LABEL / 2, top + number * 6, word, role="hei", size=11, align="center")


def _lines(paper: Paper, y: float, lines: Sequence[Line], size: float) -> None:
    at = y + 3 + size * 0.36
    for line in lines:
        paper.line_of_text(LEFT + LABEL + PAD, at, line, role="song", size=size)
        at += size * LEADING


def _fitted(
    paper: Paper, text: str, *, width: float, room: float, indent: float, least: float
) -> tuple[float, list[Line]]:
    """Type size and lines: the largest size at which the paragraphs of the text fill no more than the room; least is
    the size of a text that fits at none."""

    def laid(size: float) -> list[Line]:
        return [
            line
            for part in text.expandtabs(1).splitlines()
            if part.strip()
            for line in paper.layout(part.strip(), width=width, role="song", size=size, indent=indent)
        ]

    for size in SIZES:
        lines = laid(size)
        if len(lines) * size * LEADING <= room:
            return size, lines
    return least, laid(least)


def _proof(paper: Paper, y: float) -> None:
    """The code with number and check code beside it."""
    proof = paper.proof
    paper.code(LEFT, y)
    rows = [f"文书编号：{proof.serial}", f"核 验 码：{proof.check}", "扫码核验真伪，或访问", proof.address]
    for number, row in enumerate(rows):
        size = paper.fitting(row, role="hei", size=9.5, room=WIDTH - CODE_SIZE - 6)
        paper.text(LEFT + CODE_SIZE + 5, y + 12 + number * 5.4, row, role="hei", size=size, colour=GREY)
