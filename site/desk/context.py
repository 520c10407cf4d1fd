"""What every page of the shell needs to know."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from desk import navigation
from foundation.people.enums import TextSize, Theme
from foundation.people.middleware import seconds_left

THEMES = tuple(Theme.values)
SIZES = tuple(TextSize.values)


def preferences(request: HttpRequest) -> tuple[str, str]:
    """Theme and type size: the account's on every device, a visitor's from cookies."""
    user = getattr(request, "user", None)  # an error page may come before anybody is known
    if user is not None and user.is_authenticated:
        return user.theme, user.text_size
    theme, size = request.COOKIES.get("theme", ""), request.COOKIES.get("size", "")
    return (
        theme if theme in THEMES else Theme.LIGHT.value,
        size if size in SIZES else TextSize.NORMAL.value,
    )


def shell(request: HttpRequest) -> dict[str, Any]:
    """Names, theme, type size and navigation; computed only where a template asks."""
    theme, size = preferences(request)
    return {
        "site_title": settings.ZHIXING_TITLE,
        "site_short_title": settings.ZHIXING_SHORT_TITLE,
        "office_name": SimpleLazyObject(navigation.office_name),
        "theme": theme,
        "text_size": size,
        "nav": SimpleLazyObject(lambda: navigation.Navigation(request)),
        "version": settings.VERSION,
        "idle_seconds": seconds_left(request),
    }
