"""bin/manage prepare: what bin/serve does before it starts: database, static files, fonts, the portal's pages, demo."""

from __future__ import annotations

import hashlib
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
    help = "Migrate, collect static files, unpack fonts, plant the portal; load the demo office unless --empty."

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

    def _static(self) -> None:
        """Collect static files where ours or a package's have changed since the last time."""
        digest = hashlib.sha256((settings.ROOT / "constraints.txt").read_bytes())
        for folder in settings.STATICFILES_DIRS:
            for path in sorted(folder.rglob("*")):
                if path.is_file():
                    digest.update(f"{path.relative_to(folder)}\0".encode() + path.read_bytes())
        stamp = settings.STATIC_ROOT / ".collected"
        if not stamp.exists() or stamp.read_text() != digest.hexdigest():
            call_command("collectstatic", verbosity=0, interactive=False, clear=settings.STATIC_ROOT.exists())
            stamp.write_text(digest.hexdigest())
