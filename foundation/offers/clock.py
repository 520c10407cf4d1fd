"""The clock of the entrances. Rules and actions take dates as arguments and never look here.

ZHIXING_NOW (refused in production) sets it for browser tests and drills: it then starts at that moment when the
process starts, and runs.
"""

import contextlib
import datetime as dt
from collections.abc import Iterator

from django.conf import settings
from django.utils import timezone

_OFFSET = settings.ZHIXING_NOW - timezone.now() if settings.ZHIXING_NOW else dt.timedelta()


def now() -> dt.datetime:
    """The moment, aware, in UTC."""
    return timezone.now() + _OFFSET


def today() -> dt.date:
    """The calendar day in the office's time zone."""
    return timezone.localdate(now())


@contextlib.contextmanager
def set_to(moment: dt.datetime) -> Iterator[None]:
    """The clock at another moment for the time of the block: the demo office tells what happened before today."""
    global _OFFSET  # noqa: PLW0603  the one clock of the process
    before = _OFFSET
    _OFFSET = moment - timezone.now()
    try:
        yield
    finally:
        _OFFSET = before
