"""审计记录: the trail on the audit administrator's screen. It stands here because only people knows who that is."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from foundation.audit import actions, queries
from foundation.audit.enums import Event
from foundation.audit.forms import LogForm
from foundation.audit.models import Entry
from foundation.jobs.actions import start
from foundation.people.enums import Event as PeopleEvent
from foundation.people.enums import Role
from foundation.people.models import Account, Unit
from foundation.people.scope import MissingRole, has_role

PAGE = 20


class AccountLogForm(LogForm):
    """An account may be looked for by its own name or its person's."""

    def named(self, name: str) -> str:
        accounts = list(Account.objects.filter(username=name.lower())[:1] or Account.objects.filter(name=name)[:2])
        if not accounts:
            return super().named(name)
        if len(accounts) > 1:
            raise ValidationError(_("不止一个账号的姓名是“%(name)s”，请填账号名，或点表中的对象。") % {"name": name})
        return f"{Account._meta.label_lower}:{accounts[0].pk}"


@dataclass(frozen=True)
class Line:
    """A row of the table."""

    entry: Entry
    event: Any
    kind: Any  # of the target, in words
    target: str  # as the filter takes it
    detail: str


@login_required
@require_safe
def audit_log(request: HttpRequest) -> HttpResponse:
    """The log, the newest first, 20 a page by keyset; each look is an entry itself."""
    _audit_administrator_only(request)
    form = AccountLogForm(request.GET)
    page: list[Entry] = []
    found = 0
    if form.is_valid():
        entries = queries.log(**form.filters())
        found = entries[: queries.MANY + 1].count()
        mark = _mark(request.GET.get("before", ""))
        page = list((queries.older(entries, than=mark) if mark else entries)[: PAGE + 1])
        actions.note_look(filters=form.words(), before=mark.pk if mark else None, actor=request.user)
    return render(
        request,
        "people/audit_log.html",
        {
            "form": form,
            "lines": _lines(page[:PAGE]),
            "older": page[PAGE - 1].pk if len(page) > PAGE else None,
            "is_first": "before" not in request.GET,
            "found": found,
            "many": queries.MANY,
            "sealing": queries.sealing(),
        },
    )


@login_required
@require_POST
def audit_verify(request: HttpRequest) -> HttpResponse:
    """Verify the whole trail, as a job with progress."""
    _audit_administrator_only(request)
    return redirect("jobs:progress", job_id=start("audit.verify", actor=request.user).pk)


def _mark(before: str) -> Entry | None:
    is_number = before.isascii() and before.isdigit() and len(before) < 19
    return Entry.objects.filter(pk=before).first() if is_number else None


def _audit_administrator_only(request: HttpRequest) -> None:
    if not has_role(request.user, Role.AUDIT_ADMIN):
        raise MissingRole(Role.AUDIT_ADMIN)


def _lines(entries: list[Entry]) -> list[Line]:
    granted = [entry for entry in entries if entry.event == PeopleEvent.ROLE_GRANTED]
    units = Unit.objects.in_bulk({entry.data["unit"] for entry in granted}) if granted else {}
    return [
        Line(
            entry=entry,
            event=queries.event_names().get(entry.event, entry.event),
            kind=_kind(entry.target_label),
            target=f"{entry.target_label}:{entry.target_id}",
            detail=_detail(entry, units),
        )
        for entry in entries
    ]


def _kind(label: str) -> Any:
    try:
        return apps.get_model(label)._meta.verbose_name
    except LookupError:  # a model that is no more: its entries stay
        return label


def _detail(entry: Entry, units: dict[int, Unit]) -> str:
    """Why something was read, what an auditor looked for, what a verification found, which role was given over
    what and how long, whether an account was switched on or off.

    Nothing else of an entry's contents: an administrator has no right to business data (rules.md H1), and contents
    hold comments, grades and reasons.
    """
    if entry.event == Event.LOG_READ:
        labels = LogForm.base_fields
        return "；".join(f"{labels[name].label}：{value}" for name, value in entry.data["filters"].items())
    if entry.event == Event.VERIFIED:
        broken = entry.data["first_broken"]
        return _("第 %(n)s 号记录有问题") % {"n": broken} if broken else _("完整")
    if entry.event == PeopleEvent.ACCOUNT_SWITCHED:
        return _("已启用") if entry.data["is_active"] else _("已停用")
    if entry.event == PeopleEvent.ROLE_GRANTED:
        role, unit = entry.data["role"], units.get(entry.data["unit"])
        return f"{Role(role).label if role in Role.values else role} · {unit.name if unit else entry.data['unit']}"
    if entry.event == PeopleEvent.ROLE_ENDED:
        return _("最后一天：%(day)s") % {"day": date_format(dt.date.fromisoformat(entry.data["last_day"]))}
    return str(entry.data.get("purpose", ""))
