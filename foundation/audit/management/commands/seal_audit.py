"""bin/manage seal_audit: seal the audit trail now, and export its heads."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand

from foundation.audit.actions import seal
from foundation.audit.models import Segment
from foundation.offers import clock


class Command(BaseCommand):
    help = "Seal the audit trail now. The answer is one line of JSON: how many entries were sealed, and the head."

    def handle(self, *args: Any, **options: Any) -> None:
        sealed = seal(now=clock.now())
        last = Segment.objects.order_by("-number").first()
        answer = {"sealed": sealed, "segment": last.number if last else None, "head": last.head if last else None}
        self.stdout.write(json.dumps(answer))
