"""What people asks: of HR, remarks of the roster that tell of something without saying when; of the security
administrator, the periodic review of rights."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.offers.types import Todo
from foundation.people.account_queries import review
from foundation.people.enums import Role
from foundation.people.models import OpenItem
from foundation.people.scope import has_role, visible


def due(user: Any, today: dt.date) -> Iterator[Todo]:
    """Open items in the officer's scope; the review of rights where its time has come."""
    count = visible(user, OpenItem, action="change").filter(completed_at=None).count()
    if count:
        yield Todo(
            title=_("补全花名册备注里没有写明的日期"),
            url=reverse("people:items"),
            action=_("去补全"),
            icon="pencil",
            facts=(ngettext("%(n)s 条", "%(n)s 条", count) % {"n": count},),
        )
    if has_role(user, Role.SECURITY_ADMIN):
        rights = review(today=today)
        if rights.is_due(today):
            yield Todo(
                title=_("复核权限：谁有什么角色"),
                url=reverse("people:rights"),
                action=_("去复核"),
                icon="shield-check",
                due=rights.due,
            )
