"""bin/manage verify_audit: does the audit trail still say what it said when it was sealed? (contracts.md)"""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand

from foundation.audit.verification import verify


class Command(BaseCommand):
    help = "Verify the audit trail against its seals and the exported heads. Exit 1 where it is broken."

    def handle(self, *args: Any, **options: Any) -> None:
        found = verify(progress=self._tell)
        for fault in found.faults:
            self.stderr.write(str(fault))
        answer = {"entries": found.entries, "sealed": found.sealed, "first_broken": found.first_broken}
        self.stdout.write(json.dumps(answer))
        if found.faults:
            sys.exit(1)

    def _tell(self, done: int, total: int, message: Any = "") -> None:
        if done % 1_000 == 0:
            self.stderr.write(f"{done} / {total}")
