"""Finished sheets that kinds of other rooms draw with: honour certificate, notice, letter of proof, slips to cut.

What is printed is Chinese whatever language the screen speaks: no gettext in here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from foundation.documents.fonts import Role
from foundation.documents.paper import CODE_SIZE, CREAM, DEEP_GOLD, GOLD, GREY, INK, RED, Paper
from foundation.documents.typeset import Line
from foundation.offers.types import Refused

_DIGITS = "〇一二三四五六七八九"


def chinese_date(day: dt.date) -> str:
    """二〇二六年十二月三十一日, as certificates are dated."""
    year = "".join(_DIGITS[int(digit)] for digit in str(day.year))
    return f"{year}年{_numeral(day.month)}月{_numeral(day.day)}日"


def _numeral(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十") + (_DIGITS[ones] if ones else "")


def _too_long() -> Refused:
    return Refused("text_too_long", _("正文太长，一页放不下。请缩短文字。"))


def honour_certificate(
    paper: Paper,
    *,
    title: str,
    subtitle: str,
    holder: str,
    honorific: str,
    paragraphs: Sequence[str],
    signer: str,
    dated_on: dt.date,
    notes: Sequence[str],
) -> None:
    """A landscape certificate.

    honorific: after the name, e.g. 同志. signer: the office, which also names the seal. notes: at most two lines in
    small type under the check code. Raises Refused("text_too_long") where the paragraphs do not fit even small.
    """
    paper.certificate_frame()
    middle = paper.width / 2
    left, right = 40.0, paper.width - 40.0

    _title(paper, middle, 46.5, title)
    half = 0.0
    if subtitle:
        size = paper.fitting(subtitle, role="song", size=13.5, room=110)
        half = paper.text(middle, 55.5, subtitle, size=size, align="center", spacing=2, colour=DEEP_GOLD) / 2 + 4
    for inner, outer in ((middle - half, middle - half - 46), (middle + half, middle + half + 46)):
        paper.line((inner, 54), (outer, 54), weight=0.25, colour=GOLD)

    size, leading, sheets = _fitted(paper, paragraphs, width=right - left, room=62)
    rows = sum(len(lines) for lines in sheets)
    y = 78 + max(0.0, (4 - rows) * leading * 0.28)  # a short text sits a little lower, not at the top of a void
    name_size = paper.fitting(holder, role="kai_bold", size=size * 1.4, room=165, whole=True)
    width = paper.text(left, y, holder, role="kai_bold", size=name_size, whole=True)
    paper.text(left + width + (4 if honorific else 0), y, f"{honorific}：", role="kai", size=size)
    y += leading * 1.18
    for lines in sheets:
        for line in lines:
            paper.line_of_text(left, y, line, role="kai", size=size)
            y += leading

    _proof(paper, left, 150.5, label="证书编号", notes=notes, ground=CREAM)
    _signature(paper, right, 165, signer, chinese_date(dated_on), size=18.5)


def _title(paper: Paper, middle: float, y: float, title: str) -> None:
    """The great red title: two to four characters stand far apart, a longer one closer and smaller."""
    size, spacing = 54.0, {2: 54.0, 3: 38.0, 4: 28.0}.get(len(title), 12.0)
    room = 176.0
    width = paper.measure(title, role="song_black", size=size, spacing=spacing)
    scale = min(1.0, room / width)
    paper.text(
        middle, y, title, role="song_black", size=size * scale, align="center", spacing=spacing * scale, colour=RED
    )


def _fitted(
    paper: Paper, paragraphs: Sequence[str], *, width: float, room: float
) -> tuple[float, float, list[list[Line]]]:
    """Type size, leading and lines: the largest size at which the paragraphs fill no more than the room."""
    for size in (21.5, 20.5, 19.5, 18.5, 17.5, 16.5, 15.5, 14):
        leading = size * 0.6
        sheets = [paper.layout(text, width=width, role="kai", size=size) for text in paragraphs]
        if (sum(len(lines) for lines in sheets) + 0.18) * leading <= room:
            return size, leading, sheets
    raise _too_long()


def _signature(
    paper: Paper, right: float, y: float, signer: str, date: str, *, size: float, role: Role = "kai"
) -> None:
    """Office and date under each other, the seal over both (骑年盖月), clear of the right margin."""
    rows, signer_size = _halved(paper, signer, role=role, size=size, room=88)
    widest = max(
        *(paper.measure(row, role=role, size=signer_size, spacing=0.5) for row in rows),
        paper.measure(date, role=role, size=size, spacing=0.5),
    )
    centre = right - max(widest, 46) / 2
    for number, row in enumerate(reversed(rows)):
        paper.text(centre, y - number * 7.5, row, role=role, size=signer_size, align="center", spacing=0.5)
    paper.text(centre, y + 10.5, date, role=role, size=size, align="center", spacing=0.5)
    paper.seal(centre, y + 2, signer)


def _halved(paper: Paper, text: str, *, role: Role, size: float, room: float) -> tuple[list[str], float]:
    """The text on one line, somewhat smaller where it must be; else on two of about the same length; and its size."""
    fitting = paper.fitting(text, role=role, size=size, room=room)
    if fitting >= 0.75 * size:
        return [text], fitting
    middle = (len(text) + 1) // 2
    halves = [text[:middle], text[middle:]]
    return halves, min(paper.fitting(half, role=role, size=size, room=room) for half in halves)


def _proof(paper: Paper, x: float, y: float, *, label: str, notes: Sequence[str], ground: str | None = None) -> None:
    """The code with serial, check code and address beside it, set at its foot."""
    proof = paper.proof
    paper.code(x, y, ground=ground)
    rows = [f"{label}：{proof.serial}", f"核 验 码：{proof.check}", "扫码核验真伪，或访问", proof.address, *notes]
    leading = 5.4
    baseline = y + CODE_SIZE - 0.4 - (len(rows) - 1) * leading
    for number, row in enumerate(rows):
        size = paper.fitting(row, role="hei", size=9.5, room=84)
        paper.text(x + CODE_SIZE + 5, baseline + number * leading, row, role="hei", size=size, colour=GREY)


def notice(
    paper: Paper,
    *,
    title: str,
    number: str,
    addressee: str,
    paragraphs: Sequence[str],
    signer: str,
    dated_on: dt.date,
    receipt: str,
) -> None:
    """A portrait notice in the manner of GB/T 9704-2012, with a block below that the addressee fills in.

    number: of the document, may be empty. receipt: the sentence over the opinion and signature lines.
    A long text goes on to further pages; signature, block and code stand together on the last.
    """
    left, width, top = 28.0, 156.0, 37.0
    right, middle = left + width, left + width / 2
    size, spacing, leading = 16.0, -0.2, 29 / 72 * 25.4  # 28 characters a line, 22 lines a page
    foot = 253.0  # top of the code

    paper.text(middle, top + 8, title, role="song_black", size=22, align="center")
    y = top + 8 + leading * 1.25
    if number:
        paper.text(middle, y, number, size=size, align="center")
        y += leading
    y += leading * 0.55
    for line in paper.layout(f"{addressee}：", width=width, role="song", size=size, indent=0, spacing=spacing):
        paper.line_of_text(left, y, line, role="song", size=size)
        y += leading

    body = [
        line for text in paragraphs for line in paper.layout(text, width=width, role="song", size=size, spacing=spacing)
    ]
    block = foot - 60  # where the part to be filled in begins
    last = block - 4 - 3.4 * leading  # the lowest line under which the signature still fits
    drawn = 0
    while drawn < len(body):
        left_over = len(body) - drawn
        bottom = last if y + (left_over - 1) * leading <= last else 262.0
        here = min(left_over, int((bottom - y) / leading + 1e-6) + 1)
        if bottom > last:
            here = min(here, max(left_over - 2, 1))  # GB/T 9704: no page with a signature and no text
        for line in body[drawn : drawn + here]:
            paper.line_of_text(left, y, line, role="song", size=size)
            y += leading
        drawn += here
        if bottom > last:
            paper.page()
            y = top + 8

    date = f"{dated_on.year}年{dated_on.month}月{dated_on.day}日"
    y += leading * 1.6
    centre = right - 4 * (size + spacing) / 72 * 25.4 - paper.measure(date, role="song", size=size) / 2
    rows, signer_size = _halved(paper, signer, role="song", size=size, room=120)
    centre = min(centre, *(right - paper.measure(row, role="song", size=signer_size) / 2 for row in rows))
    for row in rows[:-1]:
        paper.text(centre, y - leading * 0.7, row, size=signer_size, align="center")
    paper.text(centre, y, rows[-1], size=signer_size, align="center")
    paper.text(centre, y + leading, date, size=size, align="center")
    paper.seal(centre, y + 2, signer)

    _receipt(paper, left, width, block, sentence=receipt)
    _proof(paper, left, foot, label="文书编号", notes=())


def _receipt(paper: Paper, left: float, width: float, y: float, *, sentence: str) -> None:
    right = left + width
    label = "本 人 意 见"
    gap = paper.measure(label, role="hei", size=12) / 2 + 4
    middle = left + width / 2
    for start, end in ((left, middle - gap), (middle + gap, right)):
        paper.line((start, y), (end, y), weight=0.25, colour=GREY, dashes=(1.6, 1.2))
    paper.text(middle, y + 1.5, label, role="hei", size=12, align="center", colour=GREY)
    after = paper.paragraph(left, y + 11, width, sentence, size=14, leading=8)
    for row in range(2):
        paper.line((left, after + 4.5 + row * 9.5), (right, after + 4.5 + row * 9.5), weight=0.2, colour=GREY)
    baseline = after + 26
    x = left + 48
    x += paper.text(x, baseline, "签名：", size=14)
    paper.line((x, baseline + 1.2), (x + 36, baseline + 1.2), weight=0.25, colour=INK)
    paper.text(right, baseline, "年　　月　　日", size=14, align="right")


def letter(
    paper: Paper, *, title: str, paragraphs: Sequence[str], purpose: str, signer: str, dated_on: dt.date
) -> None:
    """A portrait letter of proof, one page: title, body, 特此证明, signature under the seal, code at the foot.

    purpose: what it may be used for, printed above the code; may be empty.
    Raises Refused("text_too_long") where the body does not leave room for the signature.
    """
    left, width, foot = 28.0, 156.0, 247.0
    right, middle = left + width, left + width / 2
    size, leading = 17.0, 12.0
    paper.text(middle, 58, title, role="song_black", size=32, align="center", spacing=20)
    y = 86.0
    for text in (*paragraphs, "特此证明。"):
        y = paper.paragraph(left, y, width, text, size=size, leading=leading)
    if y > 176:
        raise _too_long()
    date = f"{dated_on.year}年{dated_on.month}月{dated_on.day}日"
    _signature(paper, right, max(y + 26, 172), signer, date, size=size, role="song")
    paper.line((left, foot - 8), (right, foot - 8), weight=0.2, colour=GREY)
    if purpose:
        text = f"用途：{purpose}"
        paper.text(left, foot - 11, text, size=paper.fitting(text, role="song", size=11, room=width), colour=GREY)
    _proof(paper, left, foot, label="文书编号", notes=())


@dataclass(frozen=True)
class Slip:
    """What one person gets on a slip of their own."""

    name: str
    unit: str
    username: str
    password: str


def slips(paper: Paper, people: Sequence[Slip], *, system: str, address: str) -> None:
    """Six slips a page with lines to cut along, name by name in reading order; no code, no seal, no serial.

    system, address: what to open and where. Passwords are set widely in a face in which no two letters look alike.
    """
    across, down = paper.width / 2, paper.height / 3
    for number, slip in enumerate(people):
        place = number % 6
        if place == 0:
            if number:
                paper.page()
            _cuts(paper, across, down)
        _slip(paper, place % 2 * across, place // 2 * down, across, slip, system=system, address=address)


def _cuts(paper: Paper, across: float, down: float) -> None:
    margin = 5.0
    for y in (down, 2 * down):
        paper.line((margin, y), (paper.width - margin, y), weight=0.2, colour=GREY, dashes=(2, 1.6))
    paper.line((across, margin), (across, paper.height - margin), weight=0.2, colour=GREY, dashes=(2, 1.6))


def _slip(paper: Paper, x: float, y: float, width: float, slip: Slip, *, system: str, address: str) -> None:
    left, room = x + 12, width - 24
    size = paper.fitting(system, role="hei", size=10, room=room)
    paper.text(left, y + 18, system, role="hei", size=size, colour=GREY)
    size = paper.fitting(slip.name, role="kai_bold", size=20, room=room, whole=True)
    paper.text(left, y + 29, slip.name, role="kai_bold", size=size, whole=True)
    units, size = _halved(paper, slip.unit, role="song", size=10.5, room=room)
    for number, row in enumerate(units):
        paper.text(left, y + (36 if len(units) == 1 else 34.3 + 4.2 * number), row, size=size, colour=GREY)
    paper.line((left, y + 40.5), (left + room, y + 40.5), weight=0.25, colour=GOLD)
    rows: tuple[tuple[float, str, str, Role], ...] = (
        (50.0, "账号", slip.username, "hei"),
        (60.5, "首次登录密码", slip.password, "hei_bold"),
    )
    for baseline, label, value, role in rows:
        paper.text(left, y + baseline, label, size=10.5, colour=GREY)
        spaced, limit = 0.8 / 72 * 25.4 * len(value), room - 27
        size = paper.fitting(value, role=role, size=16, room=limit - spaced)
        paper.text(left + 27, y + baseline + 0.4, value, role=role, size=size, spacing=0.8)
    notes = [
        f"登录地址 {address}",
        "登录后请立即修改密码，并销毁本条。",
        "本条只打印一次，系统不保存密码；遗失请找人事重新打印。",
    ]
    for number, row in enumerate(notes):
        size = paper.fitting(row, role="hei", size=8.5, room=room)
        paper.text(left, y + 73 + number * 5.2, row, role="hei", size=size, colour=GREY)
