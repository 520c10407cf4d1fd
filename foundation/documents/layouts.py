"""Two finished sheets that kinds of other rooms draw with: the honour certificate and the notice.

What is printed is Chinese whatever language the screen speaks: no gettext in here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext as _

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

    paper.text(middle, 46.5, title, role="song_black", size=54, align="center", spacing=28, colour=RED)
    half = (
        paper.text(middle, 55.5, subtitle, role="song", size=13.5, align="center", spacing=2, colour=DEEP_GOLD) / 2 + 4
    )
    for inner, outer in ((middle - half, middle - half - 46), (middle + half, middle + half + 46)):
        paper.line((inner, 54), (outer, 54), weight=0.25, colour=GOLD)

    size, leading, sheets = _fitted(paper, paragraphs, width=right - left, room=62)
    rows = sum(len(lines) for lines in sheets)
    y = 78 + max(0.0, (4 - rows) * leading * 0.28)  # a short text sits a little lower, not at the top of a void
    name_size = paper.fitting(holder, role="kai_bold", size=size * 1.4, room=165, whole=True)
    width = paper.text(left, y, holder, role="kai_bold", size=name_size, whole=True)
    paper.text(left + width + 4, y, f"{honorific}：", role="kai", size=size)
    y += leading * 1.18
    for lines in sheets:
        for line in lines:
            paper.line_of_text(left, y, line, role="kai", size=size)
            y += leading

    _proof(paper, left, 150.5, label="证书编号", notes=notes, ground=CREAM)
    _signature(paper, right, 165, signer, chinese_date(dated_on), size=18.5)


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


def _signature(paper: Paper, right: float, y: float, signer: str, date: str, *, size: float) -> None:
    """Office and date under each other, the seal over both (骑年盖月), clear of the right margin."""
    size = paper.fitting(signer, role="kai", size=size, room=88)
    widest = max(paper.measure(text, role="kai", size=size, spacing=0.5) for text in (signer, date))
    centre = right - max(widest, 46) / 2
    paper.text(centre, y, signer, role="kai", size=size, align="center", spacing=0.5)
    paper.text(centre, y + 10.5, date, role="kai", size=size, align="center", spacing=0.5)
    paper.seal(centre, y + 2, signer)


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
    paper.text(left, y, f"{addressee}：", size=size, spacing=spacing, whole=True)
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
    centre = min(centre, right - paper.measure(signer, role="song", size=size) / 2)
    paper.text(centre, y, signer, size=size, align="center")
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
