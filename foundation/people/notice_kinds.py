"""What people tells an account: a role given or ended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.offers.types import NoticeKind
from foundation.people.enums import Role

ROLE_GRANTED = "people.role_granted"
ROLE_ENDED = "people.role_ended"


def role_context(grant: Any, day: dt.date) -> dict[str, Any]:
    """What both notices are made from; day: the first or the last of the role."""
    return {"role": grant.role, "unit": grant.unit.name, "day": day.isoformat()}


def _words(context: Mapping[str, Any]) -> dict[str, Any]:
    day = date_format(dt.date.fromisoformat(context["day"]))
    return {"role": Role(context["role"]).label, "unit": context["unit"], "day": day}


NOTICE_KINDS = [
    NoticeKind(
        code=ROLE_GRANTED,
        title=gettext_lazy("授予角色"),
        text=lambda context: _("你自%(day)s起担任“%(role)s”，范围：%(unit)s。") % _words(context),
        url=lambda context: reverse("desk:home"),
        icon="user-check",
        by_email=True,
    ),
    NoticeKind(
        code=ROLE_ENDED,
        title=gettext_lazy("结束角色"),
        text=lambda context: _("你的“%(role)s”角色到%(day)s为止，范围：%(unit)s。") % _words(context),
        url=lambda context: reverse("desk:home"),
        icon="user-check",
        by_email=True,
    ),
]
