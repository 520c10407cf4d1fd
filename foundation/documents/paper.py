"""A sheet of paper: the drawing API of document kinds. It hides reportlab; rooms import this and nothing below it.

Lengths are millimetres from the top left corner, type sizes and letter spacing points. Every string goes through the
glyph ladder of fonts.py before it is drawn.
"""

from __future__ import annotations

import datetime as dt
import io
import math
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import segno
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from reportlab.lib.colors import HexColor
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from foundation.documents import fonts, ornament, typeset
from foundation.documents.fonts import Role

MM = 72 / 25.4
A4 = (210.0, 297.0)
INK, GREY = "#1b1b1b", "#4d4a45"
RED, GOLD, DEEP_GOLD, CREAM = ornament.RED, ornament.GOLD, ornament.DEEP_GOLD, ornament.CREAM
CODE_SIZE = 32.0  # documents.md asks for 30 mm at least

Align = Literal["left", "center", "right"]
Point = tuple[float, float]

LEAST_SEAL = 500  # pixels a side of a seal's image: 300 dpi on 42 mm

_PRESS = threading.Lock()  # reportlab subsets a face through one read pointer: one sheet at a time


@dataclass(frozen=True)
class Proof:
    """What lets anybody check the paper: printed by layouts, and carried in the code."""

    serial: str
    check: str  # the facts' hash as printed, in groups of four
    address: str  # to type where no camera is
    code: str  # the text of the QR code


class Paper:
    """One document of A4 pages.

    title and at (the moment of issue) go into the file's properties; proof into the code and beside it. The same
    calls give the same bytes.
    """

    def __init__(self, *, landscape: bool = False, title: str, at: dt.datetime, proof: Proof) -> None:
        self._turn(landscape)
        self.proof = proof
        self._buffer = io.BytesIO()
        self._canvas = Canvas(
            self._buffer,
            pagesize=(self.width * MM, self.height * MM),
            invariant=1,
            initialFontName=_first_face(),  # otherwise an unembedded Helvetica
            lang="zh-CN",
        )
        self._canvas._doc._timeStamp = _Moment(at)
        self._canvas.setTitle(title)
        self._canvas.setSubject(proof.serial)
        self._canvas.setAuthor("")
        self._canvas.setCreator("Zhixing")

    # ---- text

    def measure(self, text: str, *, role: Role, size: float, spacing: float = 0, whole: bool = False) -> float:
        """The width of a line of text."""
        spaces = max(len(text) - 1, 0) * spacing
        return (self._points(text, role, size, whole=whole) + spaces) / MM

    def fitting(self, text: str, *, role: Role, size: float, room: float, whole: bool = False) -> float:
        """The type size, at most the given one, at which the text fits into the room."""
        width = self.measure(text, role=role, size=size, whole=whole)
        return size if width <= room else size * room / width

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        role: Role = "song",
        size: float = 12,
        align: Align = "left",
        spacing: float = 0,
        colour: str = INK,
        whole: bool = False,
    ) -> float:
        """Draw one line with its baseline at y; returns its width.

        x is its left end, middle or right end by align. whole: a name, which never stands in two faces.
        """
        width = self.measure(text, role=role, size=size, spacing=spacing, whole=whole)
        left = x - {"left": 0.0, "center": width / 2, "right": width}[align]
        self._draw(text, left * MM, y, role=role, size=size, spacing=spacing, colour=colour, whole=whole)
        return width

    def layout(
        self, text: str, *, width: float, role: Role, size: float, indent: float = 2, spacing: float = 0
    ) -> list[typeset.Line]:
        """The lines of a paragraph, to be counted or drawn one by one."""
        widths: dict[str, float] = {}

        def measure(part: str) -> float:
            if part not in widths:
                widths[part] = self._points(part, role, size)
            return widths[part]

        return typeset.lines(text, width=width * MM, size=size, measure=measure, indent=indent, spacing=spacing)

    def line_of_text(
        self, x: float, y: float, line: typeset.Line, *, role: Role, size: float, colour: str = INK
    ) -> None:
        """Draw a line that layout() made, with its baseline at y."""
        for piece in line.pieces:
            left = x * MM + piece.x
            self._draw(piece.text, left, y, role=role, size=size, spacing=piece.spacing, colour=colour)

    def paragraph(
        self,
        x: float,
        y: float,
        width: float,
        text: str,
        *,
        role: Role = "song",
        size: float = 12,
        leading: float = 7,
        indent: float = 2,
        spacing: float = 0,
        colour: str = INK,
    ) -> float:
        """Draw a justified paragraph with its first baseline at y; returns the baseline that would come next."""
        for line in self.layout(text, width=width, role=role, size=size, indent=indent, spacing=spacing):
            self.line_of_text(x, y, line, role=role, size=size, colour=colour)
            y += leading
        return y

    # ---- lines and shapes

    def line(
        self, start: Point, end: Point, *, weight: float = 0.3, colour: str = INK, dashes: Sequence[float] = ()
    ) -> None:
        """A straight line; dashes are lengths of ink and gap."""
        self.path([start, end], weight=weight, colour=colour, dashes=dashes)

    def rect(self, x: float, y: float, width: float, height: float, *, weight: float = 0.3, colour: str = INK) -> None:
        """The outline of a rectangle, (x, y) being its top left corner."""
        corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
        self.path(corners, weight=weight, colour=colour, closed=True)

    def fill(self, x: float, y: float, width: float, height: float, *, colour: str) -> None:
        """A filled rectangle."""
        self._canvas.setFillColor(HexColor(colour))
        self._canvas.rect(x * MM, self._up(y + height), width * MM, height * MM, stroke=0, fill=1)

    def path(
        self,
        points: Sequence[Point],
        *,
        weight: float = 0.3,
        colour: str = INK,
        closed: bool = False,
        dashes: Sequence[float] = (),
    ) -> None:
        """A line through points."""
        canvas = self._canvas
        canvas.saveState()
        canvas.setStrokeColor(HexColor(colour))
        canvas.setLineWidth(weight * MM)
        if dashes:
            canvas.setDash([dash * MM for dash in dashes])
        drawn = canvas.beginPath()
        for number, (x, y) in enumerate(points):
            (drawn.lineTo if number else drawn.moveTo)(x * MM, self._up(y))
        if closed:
            drawn.close()
        canvas.drawPath(drawn, stroke=1, fill=0)
        canvas.restoreState()

    def box(self, x: float, y: float, *, size: float = 4, ticked: bool = False) -> None:
        """A box to tick, standing on the baseline y; a path, because no face has ☐ and ☑."""
        self.rect(x, y - size * 0.85, size, size, weight=0.3)
        if ticked:
            tick = [
                (x + size * 0.2, y - size * 0.35),
                (x + size * 0.42, y - size * 0.1),
                (x + size * 0.82, y - size * 0.62),
            ]
            self.path(tick, weight=0.5)

    # ---- what certificates are made of

    def certificate_frame(self) -> None:
        """The frame and ground of a landscape certificate, drawn once a file and replayed on its other pages."""
        canvas = self._canvas
        name = "certificate-frame"
        if not canvas.hasForm(name):
            canvas.beginForm(name)
            canvas._code.extend(ornament.certificate_frame(self.width, self.height))
            canvas.endForm()
        canvas.doForm(name)

    def seal(self, x: float, y: float, office: str, *, diameter: float = 42) -> None:
        """The office's seal around (x, y): its authorised image where the settings have one, and for no other office.

        Else a drawn one that stands for it and says so itself, （样章）: the name on the arc, no star, no emblem.
        """
        canvas = self._canvas
        if settings.DOCUMENTS_SEAL and office == settings.DOCUMENTS_SEAL_OFFICE:
            canvas.saveState()
            canvas.setBlendMode("Multiply")
            left, bottom = (x - diameter / 2) * MM, self._up(y + diameter / 2)
            side = diameter * MM
            canvas.drawImage(seal_image(), left, bottom, side, side, mask="auto", preserveAspectRatio=True, anchor="c")
            canvas.restoreState()
            return
        radius = diameter / 2
        canvas.saveState()
        canvas.setBlendMode("Multiply")  # red ink over black stays black: the date can be read through the seal
        canvas.translate(x * MM, self._up(y))
        canvas.setStrokeColor(HexColor(RED))
        canvas.setLineWidth(diameter / 34 * MM)
        canvas.circle(0, 0, (radius - diameter / 68) * MM, stroke=1, fill=0)
        size = diameter * 0.155 * MM
        step = math.radians(min(24.0, 206.0 / max(len(office) - 1, 1)))
        foot = radius * 0.885 * MM - size * 0.88  # radius of the characters' baseline
        squeeze = min(0.86, step * foot * 0.98 / size)
        canvas.setFillColor(HexColor(RED))
        for number, character in enumerate(office):
            canvas.saveState()
            canvas.rotate(-math.degrees((number - (len(office) - 1) / 2) * step))
            canvas.translate(0, foot)
            canvas.scale(squeeze, 1)
            [(face, glyph)] = fonts.runs(character, "song_bold")
            fonts.font(face)
            canvas.setFont(face, size)
            canvas.drawCentredString(0, 0, glyph)
            canvas.restoreState()
        canvas.restoreState()
        canvas.saveState()
        canvas.setBlendMode("Multiply")
        self.text(x, y + diameter * 0.35, "（样章）", role="song_bold", size=diameter * 0.3, align="center", colour=RED)
        canvas.restoreState()

    def code(self, x: float, y: float, *, size: float = CODE_SIZE, ground: str | None = None) -> None:
        """The QR code with its top left module at (x, y), on a plain ground that keeps the quiet zone."""
        made = segno.make(self.proof.code, error="m", boost_error=False, micro=False, mask=3)
        rows = [bytes(row) for row in made.matrix]
        module = size / len(rows)
        quiet = 4 * module
        if ground:
            self.fill(x - quiet, y - quiet, size + 2 * quiet, size + 2 * quiet, colour=ground)
        canvas = self._canvas
        canvas.setFillColor(HexColor("#000000"))
        drawn = canvas.beginPath()
        overlap = 0.01  # no hairlines between rows in viewers that smooth
        for number, row in enumerate(rows):
            column = 0
            while column < len(row):
                dark = column
                while dark < len(row) and row[dark]:
                    dark += 1
                if dark > column:
                    drawn.rect(
                        (x + column * module) * MM,
                        self._up(y + (number + 1) * module + overlap),
                        (dark - column) * module * MM,
                        (module + overlap) * MM,
                    )
                column = dark + 1
        canvas.drawPath(drawn, stroke=0, fill=1)

    # ---- pages

    def page(self) -> None:
        """End this page and begin another."""
        self._canvas.showPage()

    def next_document(self, *, landscape: bool, proof: Proof) -> None:
        """End this page and begin another document in the same file: for the printer, not for signing."""
        self._canvas.showPage()
        self._turn(landscape)
        self._canvas.setPageSize((self.width * MM, self.height * MM))
        self.proof = proof

    def finish(self) -> bytes:
        """End the document; its bytes."""
        with _PRESS:
            self._canvas.save()
        return self._buffer.getvalue()

    # ---- below here it is reportlab's coordinates: points from the bottom left

    def _turn(self, landscape: bool) -> None:
        self.width, self.height = A4[::-1] if landscape else A4

    def _up(self, y: float) -> float:
        return (self.height - y) * MM

    def _points(self, text: str, role: Role, size: float, *, whole: bool = False) -> float:
        return sum(fonts.font(face).stringWidth(piece, size) for face, piece in fonts.runs(text, role, whole=whole))

    def _draw(
        self,
        text: str,
        left: float,
        y: float,
        *,
        role: Role,
        size: float,
        spacing: float,
        colour: str,
        whole: bool = False,
    ) -> None:
        drawn = self._canvas.beginText(left, self._up(y))
        drawn.setFillColor(HexColor(colour))
        if spacing:
            drawn.setCharSpace(spacing)
        for face, piece in fonts.runs(text, role, whole=whole):
            drawn.setFont(face, size)
            drawn.textOut(piece)
        if spacing:
            drawn.setCharSpace(0)  # it would outlive the text object
        self._canvas.drawText(drawn)


@cache
def seal_image() -> ImageReader:
    """The authorised seal of the settings. Raises ImproperlyConfigured where it is no picture that can be printed."""
    try:
        image = ImageReader(settings.DOCUMENTS_SEAL)
        width, height = image.getSize()
    except Exception as error:
        raise ImproperlyConfigured(f"DOCUMENTS_SEAL: {settings.DOCUMENTS_SEAL} is no picture: {error}") from error
    if min(width, height) < LEAST_SEAL:
        raise ImproperlyConfigured(f"DOCUMENTS_SEAL: {width} × {height} pixels; 42 mm need {LEAST_SEAL} at least")
    return image


def _first_face() -> str:
    name: str = fonts.font(fonts.LAST_RESORT).fontName
    return name


class _Moment:
    """The moment of issue in the form that reportlab's document keeps its own; "invariant" alone says the year 2000."""

    def __init__(self, at: dt.datetime) -> None:
        offset = at.utcoffset() or dt.timedelta()
        self.t: Any = at.timestamp()
        self.lt = at.timetuple()
        self.YMDhms = tuple(self.lt)[:6]
        self.dhh, rest = divmod(int(offset.total_seconds()), 3600)
        self.dmm = rest // 60
