"""The rule book's screens. They stand here because the rule book lies below people and knows no roles.

HR keeps the parameters and the working days; those of sign-in and logs are the security administrator's (rules.md H1:
the policy is set by an authorised subject, and the three administrators hold no business data).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from foundation.offers import clock
from foundation.offers.find import parameters
from foundation.offers.types import Parameter, Refused
from foundation.people.enums import Role
from foundation.people.models import Account, Unit
from foundation.people.parameters_forms import DayExceptionForm, ValueForm
from foundation.people.scope import MissingRole, has_role, role_units
from foundation.rulebook import actions
from foundation.rulebook.enums import Mark
from foundation.rulebook.models import DayException, Value
from foundation.rulebook.queries import history, in_force, organ_values
from foundation.rulebook.rules import bounds, loaded, shown
from foundation.rulebook.workdays import LAST_PUBLISHED, is_published_working_day

# the chapters of rules.md
CHAPTERS = {
    "A": gettext_lazy("年度考核"),
    "B": gettext_lazy("处分与组织处理"),
    "C": gettext_lazy("教育培训"),
    "D": gettext_lazy("民主测评"),
    "E": gettext_lazy("廉政"),
    "F": gettext_lazy("单位考核"),
    "G": gettext_lazy("机关文化"),
    "H": gettext_lazy("安全与合规"),
}
MEANINGS = {
    Mark.SURE: gettext_lazy("依据已核实；本机关可以在允许的范围内另行规定。"),
    Mark.LIKELY: gettext_lazy("多数资料这样写，没有核实原文，请以本机关掌握的文件为准，可修改。"),
    Mark.LOCAL: gettext_lazy("本地规定，可修改。"),
    Mark.UNSURE: gettext_lazy("没有核实原文，请以本机关掌握的文件为准，可修改。"),
}
CHIPS = {Mark.SURE: "ok", Mark.LIKELY: "info", Mark.UNSURE: "warn", Mark.LOCAL: "act"}


@dataclass(frozen=True)
class Row:
    """A parameter as the list shows it."""

    offer: Parameter
    value: str
    citation: str
    is_own: bool
    units: int

    @property
    def mark(self) -> str:
        return str(Mark(self.offer.mark).label)

    @property
    def chip(self) -> str:
        return CHIPS[Mark(self.offer.mark)]

    @property
    def meaning(self) -> Any:
        return MEANINGS[Mark(self.offer.mark)]

    @property
    def section(self) -> str:
        """A5 of A5-1, A7b of A7b/15."""
        return self.offer.rule.split("-")[0].split("/")[0]


@dataclass(frozen=True)
class Chapter:
    """A chapter's parameters."""

    letter: str
    title: Any
    rows: list[Row]


def _check_reader(user: Any) -> None:
    if not has_role(user, Role.HR, Role.SECURITY_ADMIN):
        raise MissingRole(Role.HR, Role.SECURITY_ADMIN)


def _keeper(offer: Parameter) -> Role:
    """Who sets the parameter."""
    return Role.SECURITY_ADMIN if offer.rule.startswith("H") else Role.HR


def _is_organs(units: QuerySet[Unit]) -> bool:
    """Whether the officer's scope holds a whole office: only then may a value hold for all."""
    return units.filter(depth=1).exists()


@login_required
def parameter_list(request: HttpRequest) -> HttpResponse:
    """参数与依据: every parameter with its value today, by chapter; ?q= narrows by title, code or rule."""
    _check_reader(request.user)
    today = clock.today()
    sought = request.GET.get("q", "").strip()
    own = organ_values(on=today)
    units = role_units(request.user, Role.HR, Role.SECURITY_ADMIN).values("pk")
    elsewhere = Counter(in_force(on=today).filter(unit_id__in=units).values_list("code", flat=True))
    rows = [
        _row(offer, own.get(offer.code), elsewhere[offer.code])
        for offer in parameters().values()
        if sought.lower() in f"{offer.title} {offer.code} {offer.rule}".lower()
    ]
    chapters = [
        Chapter(letter, title, [row for row in rows if row.offer.rule.startswith(letter)])
        for letter, title in CHAPTERS.items()
    ]
    context = {
        "chapters": [chapter for chapter in chapters if chapter.rows],
        "legend": [(mark.label, CHIPS[mark], meaning) for mark, meaning in MEANINGS.items()],
        "sought": sought,
        "today": today,
    }
    return render(request, "people/parameters.html", context)


def _row(offer: Parameter, value: Value | None, units: int) -> Row:
    return Row(
        offer=offer,
        value=shown(offer, value.value if value else offer.default),
        citation=value.citation or offer.citation if value else offer.citation,
        is_own=value is not None,
        units=units,
    )


@login_required
def parameter_page(request: HttpRequest, code: str) -> HttpResponse:
    """One parameter: what holds, its history, and for its keeper the form for a new value."""
    _check_reader(request.user)
    offer = parameters().get(code)
    if offer is None:
        raise Http404
    today = clock.today()
    units = role_units(request.user, _keeper(offer)).order_by("path")
    names = dict(units.values_list("pk", "name"))
    organ = _is_organs(units)
    current = organ_values(on=today).get(code)
    form = None
    if names:
        form = ValueForm(
            request.POST or None,
            offer=offer,
            current=loaded(offer, current.value if current else offer.default),
            units=units,
            organ=organ,
            today=today,
        )
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if form.is_valid() and _set(form, code=code, today=today, actor=request.user):
            messages.success(request, _("已设定：%(title)s") % {"title": offer.title})
            return redirect("people:parameter", code)
    context = {
        "row": _row(offer, current, 0),
        "bounds": bounds(offer),
        "default": shown(offer, offer.default),
        "values": [_line(offer, value, names, organ, today) for value in history(code, units=names)],
        "form": form,
        "is_security": _keeper(offer) == Role.SECURITY_ADMIN,
    }
    return render(request, "people/parameter.html", context)


def _set(form: ValueForm, *, code: str, today: dt.date, actor: Any) -> bool:
    """Set what the form says; what the rules refuse stands on the form, with what was written."""
    data = form.cleaned_data
    try:
        actions.set_value(
            code=code,
            value=data["value"],
            unit=data["unit"].pk if data["unit"] else None,
            valid_from=data["valid_from"],
            valid_to=data["valid_to"],
            citation=data["citation"],
            today=today,
            actor=actor,
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def _line(offer: Parameter, value: Value, names: dict[int, str], organ: bool, today: dt.date) -> dict[str, Any]:
    if value.is_withdrawn:
        state, chip = _("已撤回"), ""
    elif value.is_in_force(today):
        state, chip = _("现行"), "ok"
    elif value.has_begun(today):
        state, chip = _("已失效"), ""
    else:
        state, chip = _("未施行"), "info"
    return {
        "value": value,
        "shown": shown(offer, value.value),
        "unit": _("本机关") if value.unit_id is None else names[value.unit_id],
        "state": state,
        "chip": chip,
        "may_withdraw": not value.is_withdrawn
        and not value.has_begun(today)
        and (organ if value.unit_id is None else True),
    }


@login_required
@require_POST
def withdraw_value(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a value before its first day."""
    _check_reader(request.user)
    value = get_object_or_404(Value, pk=pk)
    offer = parameters().get(value.code)
    if offer is None:
        raise Http404
    keeper = _keeper(offer)
    if not has_role(request.user, keeper):
        raise MissingRole(keeper)
    units = role_units(request.user, keeper)
    if not (_is_organs(units) if value.unit_id is None else units.filter(pk=value.unit_id).exists()):
        raise Http404
    actions.withdraw_value(value=value, today=clock.today(), actor=request.user)
    messages.success(request, _("已撤回：%(title)s") % {"title": offer.title})
    return redirect("people:parameter", value.code)


def _check_calendar_keeper(user: Account | Any) -> None:
    if not _is_organs(role_units(user, Role.HR)):
        raise MissingRole(Role.HR)


@login_required
def workdays(request: HttpRequest) -> HttpResponse:
    """工作日调整: the days that HR of a whole office sets against the published calendar."""
    _check_calendar_keeper(request.user)
    form = DayExceptionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.set_day(**form.cleaned_data, actor=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已设定：%(title)s") % {"title": row.reason})
            return redirect("people:workdays")
    days = DayException.objects.order_by("-day")
    lines = [{"row": row, "said": is_published_working_day(row.day)} for row in days]
    return render(request, "people/workdays.html", {"form": form, "lines": lines, "last_published": LAST_PUBLISHED})


@login_required
@require_POST
def remove_workday(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the published calendar hold again for a day."""
    _check_calendar_keeper(request.user)
    row = get_object_or_404(DayException, pk=pk)
    actions.remove_day(exception=row, actor=request.user)
    messages.success(request, _("已取消：%(title)s") % {"title": row.reason})
    return redirect("people:workdays")
