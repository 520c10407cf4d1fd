#!/usr/bin/env python3
"""Make the document fonts: renamed OFL subsets of Noto Serif SC, Noto Sans SC and LXGW WenKai.

For whoever renews the fonts; nothing at run time needs it. Wants fonttools and pypinyin-dict (for the 8,105
characters of 通用规范汉字表), and the sources unpacked side by side:

    npm pack @expo-google-fonts/noto-serif-sc@0.4.3    -> SOURCES/serif
    npm pack @expo-google-fonts/noto-sans-sc@0.4.3     -> SOURCES/sans
    Debian package fonts-lxgw-wenkai 1.250             -> SOURCES/kai

Usage: make_fonts.py SOURCES OUT
"""

import hashlib
import io
import json
import lzma
import sys
from collections.abc import Callable, Iterable
from multiprocessing import Pool
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.ttLib import TTFont
from pypinyin_dict.pinyin_data import ktghz2013


def decode_block(codec: str, leads: Iterable[int], trails: Iterable[int], keep: Callable[[int], bool]) -> set[int]:
    """Characters that `codec` gives for two-byte codes lead+trail and that satisfy `keep`."""
    found = set()
    for lead in leads:
        for trail in trails:
            try:
                text = bytes([lead, trail]).decode(codec)
            except UnicodeDecodeError:
                continue
            if len(text) == 1 and keep(ord(text)):
                found.add(ord(text))
    return found


def is_private(c: int) -> bool:
    return 0xE000 <= c <= 0xF8FF


def is_hanzi(c: int) -> bool:
    return 0x4E00 <= c <= 0x9FFF


trails = [*range(0x40, 0x7F), *range(0x80, 0xFF)]

STANDARD = set(ktghz2013.pinyin_dict)  # 通用规范汉字表
RARE = set(map(ord, "䶮喆堃㛃𬭎𠅤𫖯𬱖"))  # names that offices stumble over
SYMBOLS = (
    set(range(0x20, 0x7F))
    | set(range(0xA0, 0x180))
    | set(range(0x2010, 0x2028))
    | set(range(0x2460, 0x2500))
    | set(range(0x3000, 0x3040))
    | set(range(0xFF01, 0xFF66))
    | set(range(0xFFE0, 0xFFE6))
    | {0x20AC, 0x2103, 0x2116, 0x2022, 0x25A1, 0x3007, 0x30FB}
    | decode_block("gb18030", range(0xA1, 0xAA), trails, lambda c: not is_private(c))
)
COMPAT = decode_block("gb18030", range(0xAA, 0xFF), trails, lambda c: not is_private(c) and not 0x3400 <= c < 0xA000)
GB18030_LEVEL_2 = set(range(0x4E00, 0x9FF0)) | set(range(0x3400, 0x4DB6)) | COMPAT | STANDARD
KAI = (
    STANDARD
    | decode_block("big5", range(0xA4, 0xC7), trails, is_hanzi)
    | decode_block("euc_jp", range(0xB0, 0xF5), range(0xA1, 0xFF), is_hanzi)
)

FACES = {  # name: (glob below SOURCES, characters)
    "Song-Regular": ("serif/**/400Regular/*.ttf", GB18030_LEVEL_2),
    "Song-Bold": ("serif/**/700Bold/*.ttf", STANDARD),
    "Song-Black": ("serif/**/900Black/*.ttf", STANDARD),
    "Kai-Regular": ("kai/**/LXGWWenKai-Regular.ttf", KAI),
    "Kai-Bold": ("kai/**/LXGWWenKai-Bold.ttf", KAI),
    "Hei-Regular": ("sans/**/400Regular/*.ttf", STANDARD),
    "Hei-Bold": ("sans/**/700Bold/*.ttf", STANDARD),
}
UNUSED_TABLES = ["BASE", "GDEF", "GPOS", "GSUB", "STAT", "vhea", "vmtx", "gasp"]


def make(name: str, source: Path, characters: set[int], out: Path) -> dict[str, Any]:
    options = subset.Options(
        hinting=False,
        layout_features=[],
        glyph_names=False,
        notdef_outline=True,
        name_IDs=[0, 5, 7, 13, 14],
        name_languages=[0x409],
        name_legacy=False,
        recalc_timestamp=False,
        legacy_cmap=False,
    )
    options.drop_tables += UNUSED_TABLES
    font = TTFont(source, recalcTimestamp=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=SYMBOLS | RARE | characters)
    subsetter.subset(font)
    family, style = name.split("-")
    names = {
        1: f"Zhixing {family}" + (" Black" if style == "Black" else ""),
        2: "Bold" if style == "Bold" else "Regular",
        3: f"Zhixing {name} subset",
        4: f"Zhixing {family} {style}",
        6: f"Zhixing{family}-{style}",
        10: f"Modified version: subset of {source.name} without hinting and layout tables; renamed.",
        16: f"Zhixing {family}",
        17: style,
    }
    for name_id, text in names.items():
        font["name"].setName(text, name_id, 3, 1, 0x409)
    buffer = io.BytesIO()
    font.save(buffer)
    data = buffer.getvalue()
    (out / f"{name}.ttf.xz").write_bytes(lzma.compress(data, preset=9 | lzma.PRESET_EXTREME))
    covered = set(font.getBestCmap())
    return {
        "file": f"{name}.ttf",
        "source": source.name,
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "glyphs": font["maxp"].numGlyphs,
        "standard": len(covered & STANDARD),
        "level_2": len(covered & GB18030_LEVEL_2),
    }


def main(sources: Path, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    jobs = [(name, next(sources.glob(pattern)), characters, out) for name, (pattern, characters) in FACES.items()]
    with Pool() as pool:
        rows = pool.starmap(make, jobs, chunksize=1)
    (out / "manifest.json").write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
