"""Frame and ground of certificates: plain path operators, computed once a process. No emblem, no star."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from functools import cache

from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas

MM = 72 / 25.4
RED, GOLD, DEEP_GOLD, CREAM = "#b3141d", "#b5913c", "#8f6d22", "#fffdf6"
PALE_GOLD, PALEST_GOLD = "#d9c48d", "#f5eeda"

BORDER = 6.5  # middle of the red border, from the edge of the paper
OUTER, INNER = 9.6, 16.4  # the two lines of the ornamental band
CORNER = 26.6  # where the corner pieces end


@cache
def certificate_frame(width: float, height: float) -> tuple[str, ...]:
    """The operators that draw the whole ground of a certificate of that size (millimetres)."""
    canvas = Canvas(io.BytesIO(), pagesize=(width * MM, height * MM), pageCompression=0)
    canvas.scale(MM, MM)
    canvas.setFillColor(HexColor(CREAM))
    canvas.rect(0, 0, width, height, stroke=0, fill=1)
    _rosette(canvas, width / 2, height / 2 - 2)
    canvas.setStrokeColor(HexColor(RED))
    canvas.setLineWidth(1.7)
    canvas.rect(BORDER, BORDER, width - 2 * BORDER, height - 2 * BORDER)
    canvas.setLineWidth(0.25)
    canvas.rect(BORDER + 1.5, BORDER + 1.5, width - 2 * BORDER - 3, height - 2 * BORDER - 3)
    for across in (False, True):
        _bands(canvas, width, height, across=across)
    for flip_x in (1, -1):
        for flip_y in (1, -1):
            canvas.saveState()
            canvas.translate(0 if flip_x == 1 else width, 0 if flip_y == 1 else height)
            canvas.scale(flip_x, flip_y)
            _corner(canvas)
            canvas.restoreState()
    return tuple(canvas._code)


def _bands(canvas: Canvas, width: float, height: float, *, across: bool) -> None:
    """The two long bands, above and below, or left and right: a pair of lines with a row of diamonds."""
    length, far = (height, width) if across else (width, height)
    middle = (OUTER + INNER) / 2
    count = round((length - 2 * CORNER) / 5.0)
    pitch = (length - 2 * CORNER) / count

    def at(along: float, off: float) -> tuple[float, float]:
        return (off, along) if across else (along, off)

    for near in (True, False):
        side = (lambda off: off) if near else (lambda off: far - off)
        canvas.setStrokeColor(HexColor(GOLD))
        for off, weight in ((OUTER, 0.45), (INNER, 0.25)):
            canvas.setLineWidth(weight)
            canvas.line(*at(CORNER, side(off)), *at(length - CORNER, side(off)))
        canvas.setLineWidth(0.22)
        canvas.setStrokeColor(HexColor(PALE_GOLD))
        canvas.setFillColor(HexColor(PALE_GOLD))
        for number in range(count):
            centre = CORNER + (number + 0.5) * pitch
            _diamond(canvas, at(centre, side(middle)), *((1.25, 1.9) if across else (1.9, 1.25)), fill=0)
            if number:
                _diamond(canvas, at(centre - pitch / 2, side(middle)), 0.4, 0.4, fill=1)


def _diamond(canvas: Canvas, centre: tuple[float, float], half_width: float, half_height: float, *, fill: int) -> None:
    x, y = centre
    path = canvas.beginPath()
    path.moveTo(x - half_width, y)
    for corner in ((x, y + half_height), (x + half_width, y), (x, y - half_height)):
        path.lineTo(*corner)
    path.close()
    canvas.drawPath(path, stroke=1 - fill, fill=fill)


def _corner(canvas: Canvas) -> None:
    """A fret (回纹) in the bottom left corner: an angle of two arms, each ending in a square spiral."""
    canvas.setStrokeColor(HexColor(GOLD))
    canvas.setLineJoin(0)
    canvas.setLineWidth(0.45)
    angle = [(OUTER, OUTER), (CORNER, OUTER), (CORNER, INNER), (INNER, INNER), (INNER, CORNER), (OUTER, CORNER)]
    _polyline(canvas, angle, closed=True)
    canvas.setLineWidth(0.38)
    inset = OUTER + 1.5
    for turned in (False, True):
        spiral = [
            (inset, inset),
            (CORNER - 1.5, inset),
            (CORNER - 1.5, INNER - 1.5),
            (CORNER - 8.6, INNER - 1.5),
            (CORNER - 8.6, INNER - 3.5),
            (CORNER - 3.3, INNER - 3.5),
        ]
        _polyline(canvas, [(y, x) if turned else (x, y) for x, y in spiral])
    canvas.setFillColor(HexColor(RED))
    _diamond(canvas, (13.8, 13.8), 1.15, 1.15, fill=1)


def _polyline(canvas: Canvas, points: Sequence[tuple[float, float]], *, closed: bool = False) -> None:
    path = canvas.beginPath()
    path.moveTo(*points[0])
    for point in points[1:]:
        path.lineTo(*point)
    if closed:
        path.close()
    canvas.drawPath(path, stroke=1, fill=0)


def _rosette(canvas: Canvas, x: float, y: float) -> None:
    """The guilloche: rings of closed curves, each a step further round than the last, that weave a lattice."""
    canvas.setLineWidth(0.12)
    canvas.setStrokeColor(HexColor(PALEST_GOLD))
    for petals, reach, sway, curves in ((10, 0.86, 0.13, 14), (10, 0.60, 0.10, 10), (7, 0.37, 0.09, 8)):
        steps = petals * 6
        turns = [math.tau * step / steps for step in range(steps)]
        for number in range(curves):
            phase = math.tau * number / curves
            radii = [reach + sway * math.sin(petals * turn + phase) for turn in turns]
            points = [
                (x + 96 * radius * math.cos(turn), y + 60 * radius * math.sin(turn))
                for radius, turn in zip(radii, turns, strict=True)
            ]
            _closed_curve(canvas, points)


def _closed_curve(canvas: Canvas, points: Sequence[tuple[float, float]]) -> None:
    """A smooth closed curve through the points (Catmull–Rom as Béziers), to a hundredth of a millimetre."""
    path = canvas.beginPath()
    count = len(points)
    path.moveTo(*points[0])
    for at in range(count):
        before, start, end, after = (points[(at + shift) % count] for shift in (-1, 0, 1, 2))
        controls = (
            start[0] + (end[0] - before[0]) / 6,
            start[1] + (end[1] - before[1]) / 6,
            end[0] - (after[0] - start[0]) / 6,
            end[1] - (after[1] - start[1]) / 6,
            *end,
        )
        path.curveTo(*(round(value, 2) for value in controls))
    path.close()
    canvas.drawPath(path, stroke=1, fill=0)
