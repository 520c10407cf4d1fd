"""bin/manage account USERNAME …: open an account, give it a role, or set a new first password.

The counter's tool until the screens come; the answer, with the first password, is one line of JSON on stdout.
"""

from __future__ import annotations

import json
import secrets
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from foundation.offers import clock
from foundation.offers.types import Refused
from foundation.people import actions
from foundation.people.enums import Role
from foundation.people.models import Account, Cadre, Unit


class Command(BaseCommand):
    help = "Open an account, for a cadre or somebody outside the roster; give it a role over a unit."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--cadre", metavar="WORK_NUMBER", help="the person on the roster whose account it is")
        parser.add_argument("--name", help="the name, for somebody outside the roster")
        parser.add_argument("--role", choices=Role.values)
        parser.add_argument("--unit", metavar="NAME", help="the role's unit; default: the office")
        parser.add_argument("--reset", action="store_true", help="set a new first password")

    def handle(self, *args: Any, **options: Any) -> None:
        actor = actions.command_account()
        with transaction.atomic():
            account = Account.objects.filter(username=options["username"]).first()
            password = None
            if account is None:
                password = secrets.token_urlsafe(9)
                cadre = self._cadre(options["cadre"]) if options["cadre"] else None
                name = cadre.name if cadre else options["name"]
                if not name:
                    raise CommandError("a new account needs --cadre or --name")
                account = actions.open_account(
                    username=options["username"], name=name, password=password, cadre=cadre, actor=actor
                )
            elif options["reset"]:
                password = secrets.token_urlsafe(9)
                actions.reset_password(account=account, password=password, actor=actor)
            if options["role"]:
                try:
                    actions.grant_role(
                        account=account,
                        role=Role(options["role"]),
                        unit=self._unit(options["unit"]),
                        valid_from=clock.today(),
                        actor=actor,
                    )
                except Refused as refusal:
                    raise CommandError(str(refusal)) from refusal
        roles = list(account.grants.values_list("role", flat=True))
        self.stdout.write(
            json.dumps({"username": account.username, "name": account.name, "password": password, "roles": roles},
                       ensure_ascii=False)
        )  # fmt: skip

    def _cadre(self, work_number: str) -> Cadre:
        cadre = Cadre.objects.filter(work_number=work_number, account=None).first()
        if cadre is None:
            raise CommandError(f"nobody on the roster has the work number {work_number} and no account yet")
        return cadre

    def _unit(self, name: str | None) -> Unit:
        units = Unit.objects.filter(name=name) if name else Unit.objects.filter(depth=1)
        if len(units) != 1:
            raise CommandError(f"there are {len(units)} units named {name or 'as an office'}")
        return units[0]
