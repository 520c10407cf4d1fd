"""Chinese lines, pure arithmetic: where each piece of a paragraph stands. No PDF, no fonts, lengths in points.

The rules are those of CLREQ (w3.org/TR/clreq): no closing mark begins a line and no opening mark ends one; words,
numbers, —— and …… are never torn; a mark at the edge, or beside another mark, gives up its blank half; what then is
missing is spread evenly between the characters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

_ATOMS = re.compile(r"[0-9A-Za-z][0-9A-Za-z.,:/%+\-@_#&?=]*|—+|…+|\s+|.", re.DOTALL)
_CLOSERS = "，。、；：）》〉】」』〕”’"  # ink in the left half of the square
_OPENERS = "（《〈【「『〔“‘"  # ink in the right half
_NEVER_FIRST = frozenset(_CLOSERS + "！？%％·～)]}.,;:!?")
_NEVER_LAST = frozenset(_OPENERS + "([{")
_QUOTES = frozenset("“”‘’")  # Latin-narrow in Kai: given a square like their neighbours

MOST_SPREAD = 0.5  # of the type size; a line that would need more stays ragged


@dataclass(frozen=True)
class Piece:
    """Characters that are drawn in one go: from x on, with so much extra space after each."""

    x: float
    text: str
    spacing: float


@dataclass(frozen=True)
class Line:
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class _Atom:
    text: str
    width: float  # of its square
    ink: float  # where in the square its glyph begins
    before: float  # blank at its left that may be given up
    after: float  # blank at its right that may be given up

    @property
    def is_space(self) -> bool:
        return self.text.isspace()


def lines(
    text: str,
    *,
    width: float,
    size: float,
    measure: Callable[[str], float],
    indent: float = 2,
    spacing: float = 0,
) -> list[Line]:
    """The lines of one paragraph.

    measure: the width of a string in its face at this size. indent: of the first line, in characters.
    spacing: added after each character; negative to set 28 characters of 16 points in 156 mm.
    """
    atoms = [_atom(part, size, measure, spacing) for part in _ATOMS.findall(text.strip())]
    found: list[Line] = []
    start = 0
    while start < len(atoms):
        left = indent * (size + spacing) if not found else 0.0
        room = width - left
        spots, edges = _places(atoms[start:], squeeze_first=bool(found))
        fitting = sum(1 for edge in edges if edge <= room + 0.01)
        if fitting == 0 and len(atoms[start].text) > 1:  # a word wider than the line
            atoms[start : start + 1] = [_atom(character, size, measure, spacing) for character in atoms[start].text]
            continue
        end = _break(atoms, start, start + max(fitting, 1))
        last = end >= len(atoms)
        while end > start + 1 and atoms[end - 1].is_space:
            end -= 1
        count = end - start
        spread = (room - edges[count - 1]) / (count - 1) if count > 1 and not last else 0.0
        if not 0 < spread <= MOST_SPREAD * size:
            spread = 0.0
        found.append(_line(atoms[start:end], spots[:count], left, spread, spacing))
        start = end
        while start < len(atoms) and atoms[start].is_space:
            start += 1
    return found


def _atom(text: str, size: float, measure: Callable[[str], float], spacing: float) -> _Atom:
    glyphs = measure(text)
    if text in _QUOTES and glyphs < 0.9 * size:
        gap = 0.08 * size
        ink = size - glyphs - gap if text in _OPENERS else gap
        glyphs = size
    else:
        ink = 0.0
    return _Atom(
        text=text,
        width=glyphs + spacing,
        ink=ink,
        before=size / 2 if text in _OPENERS else 0.0,
        after=size / 2 if text in _CLOSERS else 0.0,
    )


def _places(atoms: Sequence[_Atom], *, squeeze_first: bool) -> tuple[list[float], list[float]]:
    """For each atom where its square begins, and where the line would visibly end after it."""
    spots, edges = [], []
    x = 0.0
    previous: _Atom | None = None
    for atom in atoms:
        if previous is None:
            x -= atom.before if squeeze_first else 0.0
        elif previous.after and (atom.before or atom.after):
            x -= previous.after
        elif previous.before and atom.before:
            x -= atom.before
        spots.append(x)
        x += atom.width
        edges.append(x - atom.after)
        previous = atom
    return spots, edges


def _break(atoms: Sequence[_Atom], start: int, end: int) -> int:
    """The last place at or before end where the line may be broken; end itself where there is none."""
    if end >= len(atoms):
        return len(atoms)
    at = end
    while at > start + 1 and (atoms[at].text[0] in _NEVER_FIRST or atoms[at - 1].text[-1] in _NEVER_LAST):
        at -= 1
    return at if at > start + 1 else end


def _line(atoms: Sequence[_Atom], spots: Sequence[float], left: float, spread: float, spacing: float) -> Line:
    pieces: list[Piece] = []
    follows = None  # where the next character stands if it simply goes on from the last piece
    for position, (atom, spot) in enumerate(zip(atoms, spots, strict=True)):
        x = left + spot + position * spread
        if atom.is_space:
            follows = None
            continue
        single = len(atom.text) == 1
        if single and not atom.ink and follows is not None and abs(x - follows) < 0.001:
            pieces[-1] = Piece(pieces[-1].x, pieces[-1].text + atom.text, pieces[-1].spacing)
        else:
            pieces.append(Piece(x + atom.ink, atom.text, spacing + spread if single else 0.0))
        follows = x + atom.width + spread if single and not atom.ink else None
    return Line(tuple(pieces))
