"""bin/manage account USERNAME …: open an account, give it a role, or set a new first password.

The counter's tool beside the security administrator's screens; the answer, with the first password, is one line of JSON
on stdout.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.db.models import Q

from foundation.offers import clock
from foundation.offers.types import Refused
from foundation.people import actions, second_factor
from foundation.people.enums import Role
from foundation.people.models import Account, Cadre, Unit
from foundation.people.scope import active_grants


class Command(BaseCommand):
    help = "Open an account, for a cadre or somebody outside the roster; give it a role over a unit."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--cadre", metavar="WORK_NUMBER", help="the person on the roster whose account it is")
        parser.add_argument("--name", help="the name, for somebody outside the roster")
        parser.add_argument("--role", choices=Role.values, help="give this role from today on")
        parser.add_argument("--end", choices=Role.values, help="let this role end with yesterday")
        parser.add_argument("--unit", metavar="NAME", help="the role's unit; default: the office")
        parser.add_argument("--reset", action="store_true", help="set a new first password")
        parser.add_argument(
            "--reset-factor", metavar="REASON", help="take the second factor away: phone and codes are lost"
        )
        parser.add_argument("--disable", action="store_true", help="nobody can sign in with it any more")
        parser.add_argument("--enable", action="store_true", help="undo --disable")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with transaction.atomic():
                account, password = self._account(options)
                self._roles(account, options)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        roles = list(active_grants(account).values_list("role", flat=True))
        answer = {"username": account.username, "name": account.name, "password": password, "roles": roles}
        self.stdout.write(json.dumps(answer, ensure_ascii=False))

    def _account(self, options: dict[str, Any]) -> tuple[Account, str | None]:
        """The account, opened if there is none, and its first password if one was set."""
        actor = actions.command_account()
        account = Account.objects.filter(username=options["username"].strip().lower()).first()
        cadre = self._cadre(options["cadre"], account) if options["cadre"] else None
        password = actions.new_first_password() if account is None or options["reset"] else None
        if account is None:
            name = cadre.name if cadre else options["name"]
            if not name:
                raise CommandError("a new account needs --cadre or --name")
            account = actions.open_account(
                username=options["username"], name=name, password=password, cadre=cadre, actor=actor
            )
        else:
            if cadre is not None:
                actions.link_cadre(account=account, cadre=cadre, actor=actor)
            if password:
                actions.reset_password(account=account, password=password, actor=actor)
        if options["reset_factor"]:
            second_factor.reset(account=account, reason=options["reset_factor"], actor=actor)
        if options["disable"] or options["enable"]:
            actions.switch_account(account=account, is_active=options["enable"], actor=actor)
        return account, password

    def _roles(self, account: Account, options: dict[str, Any]) -> None:
        actor, today = actions.command_account(), clock.today()
        if options["role"]:
            role, unit = Role(options["role"]), self._unit(options["unit"])
            if not active_grants(account).filter(role=role, unit=unit).exists():
                actions.grant_role(account=account, role=role, unit=unit, valid_from=today, actor=actor)
        if options["end"]:
            held = active_grants(account).filter(role=options["end"])
            if options["unit"]:
                held = held.filter(unit=self._unit(options["unit"]))
            for grant in held:
                actions.end_role(grant=grant, last_day=today - dt.timedelta(days=1), actor=actor)

    def _cadre(self, work_number: str, account: Account | None) -> Cadre:
        cadre = Cadre.objects.filter(Q(account=None) | Q(account=account), work_number=work_number).first()
        if cadre is None:
            raise CommandError(f"nobody on the roster has the work number {work_number} and no account yet")
        return cadre

    def _unit(self, name: str | None) -> Unit:
        units = Unit.objects.filter(name=name) if name else Unit.objects.filter(depth=1)
        if len(units) != 1:
            raise CommandError(f"there are {len(units)} units named {name or 'as an office'}")
        return units[0]
