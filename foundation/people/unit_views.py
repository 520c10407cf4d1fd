"""HR's pages about units in the back office: the tree of any day, a unit's history, reorganisations."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from foundation.offers import clock
from foundation.people import reorganise
from foundation.people.back_office import only_for
from foundation.people.cadre_forms import (
    CloseUnitForm,
    CorrectUnitForm,
    MergeForm,
    MoveUnitForm,
    OpenUnitForm,
    SplitForm,
    UnitForm,
)
from foundation.people.cadre_views import form_page
from foundation.people.enums import Role
from foundation.people.models import Unit, UnitSuccession
from foundation.people.queries import headcounts_on, serving_on, tree_on
from foundation.people.reorganise import Part
from foundation.people.scope import fetch, visible


def _day(request: HttpRequest, today: dt.date) -> dt.date:
    try:
        return dt.date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return today


def _open(request: HttpRequest) -> Any:
    return visible(request.user, Unit, action="change").filter(is_open=True)


@only_for(Role.HR)
def units(request: HttpRequest) -> HttpResponse:
    """The tree of a day, of the officer's scope, with the number of people in service."""
    today = clock.today()
    day = _day(request, today)
    mine = set(visible(request.user, Unit, action="change").values_list("pk", flat=True))
    counts = headcounts_on(day)
    rows = [{"unit": then, "people": counts.get(then.pk, 0)} for then in tree_on(day) if then.pk in mine]
    context = {"rows": rows, "day": day, "is_today": day == today}
    return render(request, "people/admin/units.html", context)


@only_for(Role.HR)
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    """One unit: its names and places, what it came from and what became of it, who serves there on a day."""
    found = fetch(request.user, Unit, pk=pk, action="change")
    today = clock.today()
    day = _day(request, today)
    context = {
        "unit": found,
        "day": day,
        "is_today": day == today,
        "periods": found.periods.select_related("parent").order_by("-valid_from"),
        "successions": UnitSuccession.objects.filter(Q(predecessor=found) | Q(successor=found))
        .select_related("predecessor", "successor")
        .order_by("on"),
        "people": serving_on(day, units=[found.pk]).order_by("work_number"),
    }
    return render(request, "people/admin/unit.html", context)


def _back(unit: Unit | None = None) -> str:
    return reverse("people_admin:unit", args=[unit.pk]) if unit else reverse("people_admin:units")


@only_for(Role.HR)
def open_unit(request: HttpRequest) -> HttpResponse:
    """Open a unit."""
    return form_page(
        request,
        form=OpenUnitForm(request.POST or None, units=_open(request)),
        title=_("新建单位"),
        submit=_("新建单位"),
        back=_back(),
        act=lambda data: reorganise.open_unit(today=clock.today(), actor=request.user, **data),
        done=_("已新建单位。"),
    )


@only_for(Role.HR)
def rename_unit(request: HttpRequest, pk: int) -> HttpResponse:
    """From a day on it has another name."""
    found = fetch(request.user, Unit, pk=pk, action="change")
    return form_page(
        request,
        form=UnitForm(request.POST or None),
        row=found,
        title=_("单位更名：%(unit)s") % {"unit": found.name},
        intro=_("从生效日期起用新名称，以前的日期仍按原名称。写错的名称请用“更正名称”。"),
        submit=_("更名"),
        back=_back(found),
        act=lambda data: reorganise.rename_unit(unit=found, today=clock.today(), actor=request.user, **data),
        done=_("已更名。"),
    )


@only_for(Role.HR)
def correct_unit(request: HttpRequest, pk: int) -> HttpResponse:
    """The name was written wrongly."""
    found = fetch(request.user, Unit, pk=pk, action="change")
    return form_page(
        request,
        form=CorrectUnitForm(request.POST or None),
        row=found,
        title=_("更正名称：%(unit)s") % {"unit": found.name},
        intro=_("更正表示原来写错了；单位真的改了名，请用“更名”。"),
        submit=_("保存更正"),
        back=_back(found),
        act=lambda data: reorganise.correct_unit_name(unit=found, today=clock.today(), actor=request.user, **data),
        done=_("已更正。"),
    )


@only_for(Role.HR)
def move_unit(request: HttpRequest, pk: int) -> HttpResponse:
    """From a day on it hangs elsewhere."""
    found = fetch(request.user, Unit, pk=pk, action="change")
    return form_page(
        request,
        form=MoveUnitForm(request.POST or None, units=_open(request)),
        row=found,
        title=_("调整隶属：%(unit)s") % {"unit": found.name},
        submit=_("调整隶属"),
        back=_back(found),
        act=lambda data: reorganise.move_unit(unit=found, today=clock.today(), actor=request.user, **data),
        done=_("已调整隶属。"),
    )


@only_for(Role.HR)
def close_unit(request: HttpRequest, pk: int) -> HttpResponse:
    """It ends."""
    found = fetch(request.user, Unit, pk=pk, action="change")
    return form_page(
        request,
        form=CloseUnitForm(request.POST or None),
        row=found,
        title=_("撤销单位：%(unit)s") % {"unit": found.name},
        intro=_("没有人、也没有下级单位时才能撤销；有人的请用合并、拆分，或先调整人员。"),
        submit=_("撤销单位"),
        back=_back(found),
        act=lambda data: reorganise.close_unit(unit=found, today=clock.today(), actor=request.user, **data),
        done=_("已撤销单位。"),
    )


@only_for(Role.HR)
def merge_units(request: HttpRequest) -> HttpResponse:
    """Several become one."""
    return form_page(
        request,
        form=MergeForm(request.POST or None, units=_open(request)),
        title=_("合并单位"),
        intro=_("从生效日期起，被合并单位的人都到合并后的单位；被合并的单位撤销，它们上面的角色到前一天为止。"),
        submit=_("合并单位"),
        back=_back(),
        act=lambda data: reorganise.merge_units(today=clock.today(), actor=request.user, **data),
        done=_("已合并单位。请到安全管理员处为合并后的单位授予负责人、联络员角色。"),
    )


@only_for(Role.HR)
def split_unit(request: HttpRequest, pk: int) -> HttpResponse:
    """One becomes several."""
    found = fetch(request.user, Unit, pk=pk, action="change")
    today = clock.today()
    people = serving_on(today, units=[found.pk]).order_by("work_number")
    form = SplitForm(request.POST or None, people=people)
    return form_page(
        request,
        form=form,
        row=found,
        template="people/admin/split.html",
        title=_("拆分单位：%(unit)s") % {"unit": found.name},
        intro=_("写新单位的名称，再为每个人选择去向。"),
        submit=_("拆分单位"),
        back=_back(),
        act=lambda data: reorganise.split_unit(
            unit=found,
            parts=[Part(name, going) for name, going in form.parts()],
            closes=data["closes"],
            on=data["on"],
            today=today,
            actor=request.user,
        ),
        done=_("已拆分单位。"),
    )
