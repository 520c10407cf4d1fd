"""bin/manage demo_accounts: the demo office's accounts, as bin/serve prints them."""

from typing import Any

from django.core.management.base import BaseCommand

from demo.office import PASSWORD, PEOPLE
from foundation.people.models import Account


class Command(BaseCommand):
    help = "Print the demo office's accounts, where it is loaded."

    def handle(self, *args: Any, **options: Any) -> None:
        there = set(Account.objects.values_list("username", flat=True))
        people = [person for person in PEOPLE if person.username in there]
        if people:
            self.stdout.write(f"演示账号 Demo accounts（密码 password: {PASSWORD}）")
            for person in people:
                self.stdout.write(f"  {person.username:<12}{person.name}  {person.says}：{person.first}")
