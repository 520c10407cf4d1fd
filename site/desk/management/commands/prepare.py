"""bin/manage prepare: what bin/serve does before it starts: database, static files, fonts, portal, demo, search."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from content.actions import plant_site
from desk.navigation import office_name
from foundation.documents.fonts import unpack_all
from foundation.people.actions import command_account
from learning.courses.actions import plant_courses


class Command(BaseCommand):
    help = "Migrate, collect static files, plant and index the portal; load the demo office unless --empty."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--empty", action="store_true", help="start an office without data")

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        self._static()
        unpack_all()
        # an office that was once started empty is somebody's own: the demo's known passwords never come into it
        empty = settings.DATA / ".empty"
        if options["empty"]:
            empty.touch()
        elif not empty.exists() and not settings.PRODUCTION:
            call_command("load_demo")
        actor = command_account()
        plant_site(office=office_name() or settings.ZHIXING_TITLE, actor=actor)
        plant_courses(actor=actor)
        self._index()

    def _index(self) -> None:
        """Build the search index where it is kept in another way than the last time; from then on it follows saves."""
        ways = [(settings.ROOT / "content" / name).read_bytes() for name in ("bigrams.py", "models.py")]
        _once(settings.DATA / ".indexed", b"".join(ways), lambda: call_command("update_index", verbosity=0))

    def _static(self) -> None:
        """Collect static files where ours or a package's have changed since the last time."""
        sources = [(settings.ROOT / "constraints.txt").read_bytes()]
        for folder in settings.STATICFILES_DIRS:
            for path in sorted(folder.rglob("*")):
                if path.is_file():
                    sources += [f"{path.relative_to(folder)}\0".encode(), path.read_bytes()]
        collect = partial(
            call_command, "collectstatic", verbosity=0, interactive=False, clear=settings.STATIC_ROOT.exists()
        )
        _once(settings.STATIC_ROOT / ".collected", b"".join(sources), collect)


def _once(stamp: Path, source: bytes, work: Callable[[], Any]) -> None:
    """Do the work where the stamp tells of another source."""
    digest = hashlib.sha256(source).hexdigest()
    if not stamp.exists() or stamp.read_text() != digest:
        work()
        stamp.write_text(digest)
