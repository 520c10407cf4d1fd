"""The demo accounts on the sign-in page; nothing unless the site serves the demo office (ZHIXING_DEMO)."""

from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings

from demo.office import PASSWORD, PEOPLE
from foundation.people.models import Account

register = template.Library()


@register.inclusion_tag("demo/accounts.html")
def demo_accounts() -> dict[str, Any]:
    """A table of user names, names and roles."""
    people = PEOPLE if settings.ZHIXING_DEMO and not settings.PRODUCTION else []
    names = [person.username for person in people]
    there = set(Account.objects.filter(username__in=names).values_list("username", flat=True)) if names else set()
    return {"people": [person for person in people if person.username in there], "password": PASSWORD}
