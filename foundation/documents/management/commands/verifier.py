"""bin/manage verifier FILE: the offline verification page, to give away; the answer is one line of JSON."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from foundation.documents import signing
from foundation.documents.offline import offline_page
from foundation.exchange.reading import given_path


class Command(BaseCommand):
    help = "Write the offline verification page: one HTML file with our public keys in it, which needs no network."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        path = given_path(options["file"])
        try:
            path.write_text(offline_page(), encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}", returncode=2) from error
        self.stdout.write(json.dumps({"file": str(path), "key_id": signing.key_id()}, ensure_ascii=False))
