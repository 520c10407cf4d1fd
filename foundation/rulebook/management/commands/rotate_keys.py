"""bin/manage rotate_keys [--stopped]: a new key for the encrypted fields; the answer is one line of JSON on stdout."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from foundation.offers import clock
from foundation.rulebook.rotation import rotate


class Command(BaseCommand):
    help = "Make a new key for the encrypted fields and seal every row with it; carries on where it was cut off."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--stopped", action="store_true", help="the site is stopped: let old keys go at once, not an hour later"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        outcome = rotate(now=clock.now(), is_stopped=options["stopped"], actor=None)
        for line in outcome.unreadable:
            self.stderr.write(line)
        if outcome.retired:
            self.stderr.write(f"retired: {', '.join(outcome.retired)}")
        if outcome.waiting:
            self.stderr.write(
                f"still on the ring: {', '.join(outcome.waiting)}; run this again an hour later, or with --stopped"
            )
        self.stdout.write(json.dumps({"key": outcome.key, "fields": outcome.rows}))
        if outcome.unreadable:
            sys.exit(1)
