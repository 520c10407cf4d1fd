"""The faces of documents: unpacked on first need, glyph by glyph checked, never a silent box.

The seven subsets in fonts/ are OFL (fonts/OFL.txt) and were made by fonts/make_fonts.py.
"""

from __future__ import annotations

import hashlib
import json
import lzma
import os
import secrets
import threading
from functools import cache
from pathlib import Path
from typing import Any, Literal

from django.conf import settings
from django.utils.translation import gettext as _
from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics, ttfonts

from foundation.offers.types import Refused

Role = Literal["kai", "kai_bold", "song", "song_bold", "song_black", "hei", "hei_bold"]

FACES: dict[str, str] = {
    "kai": "Kai-Regular",
    "kai_bold": "Kai-Bold",
    "song": "Song-Regular",
    "song_bold": "Song-Bold",
    "song_black": "Song-Black",
    "hei": "Hei-Regular",
    "hei_bold": "Hei-Bold",
}
LAST_RESORT = "Song-Regular"  # the face that knows the most characters: GB 18030 level 2

_PACKED = Path(__file__).with_name("fonts")


@cache
def _manifest() -> dict[str, dict[str, Any]]:
    return {row["file"]: row for row in json.loads((_PACKED / "manifest.json").read_text())}


def unpack(face: str) -> Path:
    """The face's .ttf in the data folder, unpacked there on first need.

    Written under a name of its own and renamed, so two processes at once are harmless and a killed one leaves no
    half a font. Raises RuntimeError where the packed font is not the one of the manifest.
    """
    path = Path(settings.DATA) / "fonts" / f"{face}.ttf"
    wanted = _manifest()[path.name]
    if path.exists() and path.stat().st_size == wanted["bytes"]:
        return path
    data = lzma.decompress((_PACKED / f"{face}.ttf.xz").read_bytes())
    if hashlib.sha256(data).hexdigest() != wanted["sha256"]:
        raise RuntimeError(f"{face}.ttf.xz is damaged: its hash is not the manifest's")
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    draft.write_bytes(data)
    os.replace(draft, path)
    return path


def unpack_all() -> None:
    """Unpack every face; for bin/serve, before the first request."""
    for face in FACES.values():
        unpack(face)


_loaded: dict[str, ttfonts.TTFont] = {}
_LOADING = threading.Lock()


def font(face: str) -> ttfonts.TTFont:
    """The registered font of a face: one object a process, or a sheet that another thread is drawing would mix two."""
    if face not in _loaded:
        with _LOADING:
            if face not in _loaded:
                # asciiReadable=0: no 96 Latin glyphs nobody asked for; shapable=False: no shaper, no need of one
                made = ttfonts.TTFont(face, str(unpack(face)), asciiReadable=0, shapable=False)
                pdfmetrics.registerFont(made)
                _loaded[face] = made
    return _loaded[face]


def has(face: str, character: str) -> bool:
    """Whether the face draws the character."""
    return ord(character) in font(face).face.charToGlyph


def missing(text: str) -> list[str]:
    """The characters that papers cannot be sure to draw: not in the last resort, which every role falls back to."""
    return [character for character in dict.fromkeys(text) if not has(LAST_RESORT, character)]


def runs(text: str, role: str, *, whole: bool = False) -> list[tuple[str, str]]:
    """The text in pieces (face, piece) of which every character will really be drawn: the glyph ladder.

    whole: a name; one character that the face lacks puts all of it in Song, so that no name stands in two hands.
    Raises Refused("missing_glyph") for a character that no face has.
    """
    face = FACES[role]
    strangers = [character for character in text if not has(face, character)]
    for character in strangers:
        if not has(LAST_RESORT, character):
            raise Refused(
                "missing_glyph",
                _("文书字库没有字符“%(character)s”（%(code)s），不能打印。请核对原文，或联系系统管理员补充字库。")
                % {"character": character if character.isprintable() else " ", "code": f"U+{ord(character):04X}"},
            )
    if not strangers:
        return [(face, text)] if text else []
    if whole:
        return [(LAST_RESORT, text)]
    pieces: list[tuple[str, str]] = []
    for character in text:
        needed = face if has(face, character) else LAST_RESORT
        if pieces and pieces[-1][0] == needed:
            pieces[-1] = (needed, pieces[-1][1] + character)
        else:
            pieces.append((needed, character))
    return pieces


# ---- three repairs of reportlab 5.1, each undone by nothing else in this process

rl_config.useA85 = 0  # streams as bytes: a fifth smaller, and faster

_make_to_unicode = ttfonts.makeToUnicodeCMap


def _to_unicode(name: str, subset: list[int]) -> str:
    """reportlab writes five hex digits for characters beyond the BMP, so that 𬭎 copies as garbage: UTF-16 pairs."""
    cmap: str = _make_to_unicode(name, subset)
    for index, code in enumerate(subset):
        if code > 0xFFFF:
            pair = chr(code).encode("utf-16-be").hex().upper()
            cmap = cmap.replace(f"<{index:02X}> <{code:04X}>", f"<{index:02X}> <{pair}>")
    return cmap


ttfonts.makeToUnicodeCMap = _to_unicode

_get_table = ttfonts.TTFontParser.get_table


def _kept_table(self: Any, tag: str) -> bytes:
    """reportlab copies whole tables (14 MB) out of the file for every document: once a face is enough."""
    kept: dict[str, bytes] = self.__dict__.setdefault("_kept_tables", {})
    if tag not in kept:
        kept[tag] = _get_table(self, tag)
    return kept[tag]


ttfonts.TTFontParser.get_table = _kept_table
