"""bin/manage import NAME FILE [--dry-run]: the imports that rooms offer (importers.py), by contracts.md."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from foundation.exchange.reading import given_path
from foundation.offers.find import importers
from foundation.offers.types import Unreadable
from foundation.people.actions import command_account


class Command(BaseCommand):
    help = "Import a file into a room. The answer is one line of JSON on stdout; see docs/operations.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        kinds = parser.add_subparsers(dest="kind", required=True, metavar="NAME")
        for importer in importers().values():
            kind = kinds.add_parser(importer.name, help=importer.help)
            kind.add_argument("file", type=given_path, metavar="FILE")
            kind.add_argument("--dry-run", action="store_true", help="report only, write nothing")
            for name, (text, required) in importer.arguments.items():
                kind.add_argument(f"--{name.replace('_', '-')}", help=text, required=required)

    def handle(self, *args: Any, **options: Any) -> None:
        importer = importers()[options["kind"]]
        extra = {name: options[name] for name in importer.arguments}
        try:
            answer, accepted = importer.run(
                options["file"], dry_run=options["dry_run"], actor=command_account(), **extra
            )
        except Unreadable as problem:
            answer, code = importer.unreadable(str(problem)), 2
        else:
            code = 0 if accepted else 1
        self.stdout.write(json.dumps(answer, ensure_ascii=False))
        sys.exit(code)
