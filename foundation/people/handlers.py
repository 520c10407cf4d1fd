"""Long work of people."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from foundation.offers import clock
from foundation.offers.types import Handler, Progress
from foundation.people.careers import refresh_people
from foundation.people.queries import touched_between
from foundation.people.reorganise import refresh_units

NEW_DAY = "people.new_day"
_LOOK_BACK = dt.timedelta(days=31)  # an office that was switched off over a holiday catches up


def new_day(*, actor: Any, progress: Progress) -> None:
    """Bring today's columns in line with what was planned for today (every hour, by beat): it needs no scope, for it
    tells nobody anything."""
    today = clock.today()
    refresh_units(today=today)
    refresh_people(touched_between(today - _LOOK_BACK, today), today=today)


HANDLERS = [Handler(kind=NEW_DAY, title=_("按生效日期更新人员和单位"), run=new_day)]
