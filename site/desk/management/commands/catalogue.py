"""bin/manage catalogue [--check]: the message catalogue, without GNU gettext (Babel does the work).

Our source language is Chinese: msgids are the words on the screen (decision 003). The English catalogue must translate
every one; the Chinese one only completes what third-party packages leave untranslated.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation.template import templatize

KEYWORDS = {
    "gettext": None,
    "gettext_lazy": None,
    "_": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "gettext_noop": None,
}
OURS = ("assessment", "content", "demo", "foundation", "learning", "site", "templates")


class Command(BaseCommand):
    help = "Bring site/locale up to date with the sources; --check only tells what is missing or stale."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing, fail where something is missing")

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = _extract()
        faults: list[str] = []
        for po in sorted(Path(settings.LOCALE_PATHS[0]).glob("*/LC_MESSAGES/*.po")):
            language, mo = po.parts[-3], po.with_suffix(".mo")
            with po.open("rb") as file:
                catalogue = read_po(file, locale=language)
            if language == "en":
                if not options["check"]:
                    catalogue.update(
                        wanted, no_fuzzy_matching=True, update_header_comment=False, update_creation_date=False
                    )
                faults += _missing(catalogue, wanted)
            compiled = io.BytesIO()
            write_mo(compiled, catalogue)
            if not options["check"]:
                catalogue.obsolete.clear()
                with po.open("wb") as file:
                    write_po(file, catalogue, width=120, sort_output=True, no_location=True, omit_header=False)
                mo.write_bytes(compiled.getvalue())
            elif not mo.exists() or mo.read_bytes() != compiled.getvalue():
                faults.append(f"{language}: {mo.name} is stale; run bin/manage catalogue")
        if faults:
            raise CommandError("\n".join(faults))


def _missing(catalogue: Catalog, wanted: Catalog) -> Iterator[str]:
    for message in wanted:
        if not message.id:
            continue
        ours = catalogue.get(message.id, context=message.context)
        strings = ours.string if ours and isinstance(ours.string, tuple | list) else [ours.string if ours else ""]
        if not all(strings):
            yield f"en lacks: {message.id}"


def _extract() -> Catalog:
    catalogue = Catalog(project="zhixing", version=settings.VERSION)
    for top in OURS:
        for path in sorted((settings.ROOT / top).rglob("*")):
            if path.suffix not in {".py", ".html", ".txt"} or "migrations" in path.parts or not path.is_file():
                continue
            source = path.read_text(encoding="utf-8")
            if path.suffix != ".py":
                # read as Python, where a line that begins with spaces would be an indentation
                source = "\n".join(line.lstrip() for line in templatize(source, origin=str(path)).splitlines())
            for _line, message, _comments, context in extract("python", io.BytesIO(source.encode()), KEYWORDS):
                catalogue.add(message, context=context, flags=[])
    return catalogue
