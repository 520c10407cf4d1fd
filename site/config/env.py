"""Readers of environment variables that fail loudly: a wrong value is named, never guessed around."""

import os
from datetime import datetime
from zoneinfo import ZoneInfo

from django.core.exceptions import ImproperlyConfigured

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off", ""}


def text(name: str, default: str) -> str:
    """The variable's text, or default where it is unset or empty."""
    return os.environ.get(name) or default


def flag(name: str, default: bool) -> bool:
    """A yes/no variable. Raises ImproperlyConfigured for anything that is neither."""
    raw = os.environ.get(name)
    if raw is None:
        return default
    value = raw.strip().lower()
    if value in _TRUE:
        return True
    if value in _FALSE:
        return False
    raise ImproperlyConfigured(f"{name}={raw!r} is neither yes nor no")


def number(name: str, default: int, *, low: int, high: int) -> int:
    """A whole number within low and high. Raises ImproperlyConfigured otherwise."""
    raw = os.environ.get(name)
    if not raw:
        return default
    try:
        value = int(raw)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}={raw!r} is not a whole number") from error
    if not low <= value <= high:
        raise ImproperlyConfigured(f"{name}={value} is not within {low} and {high}")
    return value


def words(name: str, default: list[str]) -> list[str]:
    """A comma-separated list."""
    raw = os.environ.get(name)
    return [part.strip() for part in raw.split(",") if part.strip()] if raw else default


def moment(name: str, zone: ZoneInfo) -> datetime | None:
    """An ISO date or time in the given zone, or None where unset. Raises ImproperlyConfigured otherwise."""
    raw = os.environ.get(name)
    if not raw:
        return None
    try:
        value = datetime.fromisoformat(raw)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}={raw!r} is not a date or time like 2026-11-24T09:00") from error
    return value if value.tzinfo else value.replace(tzinfo=zone)
