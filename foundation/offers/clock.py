"""The clock of the entrances. Rules and actions take dates as arguments and never look here.

ZHIXING_NOW (refused in production) sets it for browser tests and drills: it then starts at that moment when the
process starts, and runs.
"""

import datetime as dt

from django.conf import settings
from django.utils import timezone

_OFFSET = settings.ZHIXING_NOW - timezone.now() if settings.ZHIXING_NOW else dt.timedelta()


def now() -> dt.datetime:
    """The moment, aware, in UTC."""
    return timezone.now() + _OFFSET


def today() -> dt.date:
    """The calendar day in the office's time zone."""
    return timezone.localdate(now())
