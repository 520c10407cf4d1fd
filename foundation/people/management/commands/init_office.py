"""bin/manage init_office: open an empty office with its three administrators. Asks for what is not given, where
somebody sits at a terminal; the answer, with the first passwords, is one line of JSON on stdout."""

from __future__ import annotations

import json
import re
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from foundation.offers import clock
from foundation.offers.types import Refused
from foundation.people import actions, first_run
from foundation.people.enums import Role
from foundation.people.models import Unit

ROLES = {"system": Role.SYSTEM_ADMIN, "security": Role.SECURITY_ADMIN, "audit": Role.AUDIT_ADMIN}


class Command(BaseCommand):
    help = "Open an empty office: its name, its top units, and three different people as administrators."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", help="the office's name")
        parser.add_argument("--units", metavar="A,B,…", help="its top units; may be empty")
        for option, role in ROLES.items():
            parser.add_argument(f"--{option}", metavar="USERNAME:NAME", help=str(role))

    def handle(self, *args: Any, **options: Any) -> None:
        if not first_run.is_open():
            self._refuse("这个单位已经设置过了。")
        exists = Unit.objects.filter(depth=1).exists()
        name = "" if exists else options["name"] or self._ask("name", "单位名称 Name of the office")
        if exists or options["units"] is not None or options["name"]:
            units = options["units"] or ""
        else:
            units = self._ask("units", "内设机构，用逗号分开 Top units, by commas")
        try:
            opened = first_run.open_office(
                name=name,
                units=re.split("[,，、]", units),
                administrators=[self._administrator(option, options[option]) for option in ROLES],
                today=clock.today(),
                actor=actions.command_account(),
            )
        except Refused as refusal:
            self._refuse(str(refusal))
        accounts = [
            {"role": one.role, "username": one.account.username, "name": one.account.name, "password": one.password}
            for one in opened
        ]
        office = Unit.objects.get(depth=1)
        answer = {"office": office.name, "units": office.get_descendant_count(), "accounts": accounts}
        self.stdout.write(json.dumps(answer, ensure_ascii=False))

    def _administrator(self, option: str, given: str | None) -> first_run.Administrator:
        words = given or self._ask(option, f"{ROLES[option].label} 账号:姓名 {option} administrator, username:name")
        username, found, name = re.sub("：", ":", words).partition(":")
        if not found:
            raise CommandError(f"--{option} is USERNAME:NAME", returncode=2)
        return first_run.Administrator(ROLES[option], username, name)

    def _ask(self, option: str, question: str) -> str:
        if not sys.stdin.isatty():
            raise CommandError(f"--{option} is missing", returncode=2)
        self.stderr.write(f"{question}: ", ending="")
        self.stderr.flush()
        return sys.stdin.readline().strip()

    def _refuse(self, sentence: str) -> None:
        raise CommandError(sentence, returncode=1)
