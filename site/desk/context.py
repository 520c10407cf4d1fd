"""What every page of the shell needs to know."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from desk import navigation

THEMES = ("light", "dark", "auto", "hc")
SIZES = ("normal", "large")


def shell(request: HttpRequest) -> dict[str, Any]:
    """Names, theme, type size and navigation; computed only where a template asks."""
    theme = request.COOKIES.get("theme", "")
    size = request.COOKIES.get("size", "")
    return {
        "site_title": settings.ZHIXING_TITLE,
        "site_short_title": settings.ZHIXING_SHORT_TITLE,
        "office_name": SimpleLazyObject(navigation.office_name),
        "theme": theme if theme in THEMES else "light",
        "text_size": size if size in SIZES else "normal",
        "nav": SimpleLazyObject(lambda: navigation.Navigation(request)),
        "version": settings.VERSION,
    }
