"""What people asks: of HR, remarks of the roster that tell of something without saying when; of the security
administrator, the periodic review of rights; of the system administrator, a look at work that failed; of the audit
administrator, a verification of the trail."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.audit.enums import Event as AuditEvent
from foundation.audit.queries import VERIFY_EVERY, last_verification
from foundation.jobs.queries import unmended
from foundation.offers import clock
from foundation.offers.types import Todo
from foundation.people.account_queries import review
from foundation.people.enums import Role
from foundation.people.models import OpenItem
from foundation.people.scope import active_grants, visible
from foundation.people.system_views import FAILURES_OF


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
    roles = set(active_grants(user).values_list("role", flat=True))
    if Role.SECURITY_ADMIN in roles:
        yield from _of_security(today)
    if Role.SYSTEM_ADMIN in roles:
        yield from _of_system()
    if Role.AUDIT_ADMIN in roles:
        yield from _of_audit(today)


def _of_security(today: dt.date) -> Iterator[Todo]:
    rights = review(today=today)
    if rights.is_due(today):
        yield Todo(
            title=_("复核权限：谁有什么角色"),
            url=reverse("people:rights"),
            action=_("去复核"),
            icon="shield-check",
            due=rights.due,
        )


def _of_system() -> Iterator[Todo]:
    """Kinds of long work that failed of late and have not come through since."""
    failures = unmended(since=clock.now() - FAILURES_OF)
    if failures:
        yield Todo(
            title=_("查看没有完成的后台任务"),
            url=reverse("people:system"),
            action=_("去查看"),
            icon="alert-triangle",
            facts=tuple(_("%(title)s：%(n)s 个") % {"title": one.title, "n": one.count} for one in failures),
        )


def _of_audit(today: dt.date) -> Iterator[Todo]:
    last = last_verification()
    day = localtime(last.at).date() if last else None
    log = reverse("people:audit_log")
    if last and last.data["first_broken"]:
        yield Todo(
            title=_("审计链验证发现问题，请核查"),
            url=f"{log}?event={AuditEvent.VERIFIED}",
            action=_("去核查"),
            icon="alert-triangle",
            facts=(_("第 %(n)s 号记录有问题") % {"n": last.data["first_broken"]},),
        )
    elif day is None or today - day >= VERIFY_EVERY:
        since = _("上次验证：%(day)s") % {"day": date_format(day)} if day else _("还没有验证过")
        yield Todo(title=_("验证审计链"), url=log, action=_("去验证"), icon="shield-check", facts=(since,))
