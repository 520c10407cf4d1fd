"""bin/manage load_demo: the demo office, into an empty installation only."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from demo.load import load
from foundation.offers import clock
from foundation.people.actions import command_account


class Command(BaseCommand):
    help = "Load the demo office where there is no unit yet; otherwise do nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("the demo office has known passwords and is not loaded in production")
        load(today=clock.today(), actor=command_account())
