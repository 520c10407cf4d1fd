"""bin/manage revoke SERIAL --reason "…": take a document out of force, for good.

The counter's tool until the screen comes; the answer is one line of JSON on stdout.
"""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from foundation.documents import actions, rules
from foundation.documents.models import IssuedDocument
from foundation.offers.types import Refused
from foundation.people.actions import command_account


class Command(BaseCommand):
    help = "Revoke an issued document; the verification page says so from then on."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("serial", metavar="SERIAL")
        parser.add_argument("--reason", required=True, help="shown to the holder and kept in the audit trail")

    def handle(self, *args: Any, **options: Any) -> None:
        serial = rules.typed_serial(options["serial"])
        document = IssuedDocument.objects.filter(serial=serial).first()
        if document is None:
            raise CommandError(_("没有编号为 %(serial)s 的文书。") % {"serial": serial})
        try:
            revoked = actions.revoke(document=document, reason=options["reason"], actor=command_account())
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(json.dumps({"serial": serial, "revoked_on": str(revoked.revoked_on)}))
