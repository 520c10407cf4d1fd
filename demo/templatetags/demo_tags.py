"""The demo accounts on the sign-in page; nothing unless the site serves the demo office (ZHIXING_DEMO)."""

from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings

from demo.office import PASSWORD, PEOPLE

register = template.Library()


@register.inclusion_tag("demo/accounts.html")
def demo_accounts() -> dict[str, Any]:
    """A table of user names, names and roles."""
    return {"people": PEOPLE if settings.ZHIXING_DEMO else [], "password": PASSWORD}
