"""What people asks of HR: remarks of the roster that tell of something without saying when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.offers.types import Todo
from foundation.people.models import OpenItem
from foundation.people.scope import visible


def due(user: Any, today: dt.date) -> Iterator[Todo]:
    """Open items in the officer's scope."""
    count = visible(user, OpenItem, action="change").filter(completed_at=None).count()
    if count:
        yield Todo(
            title=_("补全花名册备注里没有写明的日期"),
            url=reverse("people:items"),
            action=_("去补全"),
            icon="pencil",
            facts=(ngettext("%(n)s 条", "%(n)s 条", count) % {"n": count},),
        )
