"""bin/manage first_run: the address of the first-run page with its one-time code, as bin/serve prints it."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.urls import reverse

from foundation.people import first_run


class Command(BaseCommand):
    help = "Print where an empty office is opened; nothing where somebody has an account."

    def handle(self, *args: Any, **options: Any) -> None:
        if first_run.is_open():
            page = f"{settings.BASE_URL}{reverse('people_signin:first_run')}?code={first_run.code()}"
            self.stdout.write(f"首次设置 First run: {page}")
