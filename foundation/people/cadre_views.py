"""HR's pages about people in the back office: the list, a person's record, what changes it."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Model, Q
from django.forms.models import model_to_dict
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from foundation.offers import clock
from foundation.offers.types import Refused
from foundation.people import careers
from foundation.people.back_office import only_for
from foundation.people.cadre_forms import (
    AssignmentForm,
    ChangeStateForm,
    CorrectAssignmentForm,
    CorrectLeaveForm,
    CorrectPersonForm,
    CorrectStateForm,
    DepartForm,
    EndRelationForm,
    LeaveForm,
    NewPersonForm,
    ReasonForm,
    RelationForm,
    ReturnForm,
)
from foundation.people.enums import Category, Role
from foundation.people.models import Assignment, Cadre, CadreState, Leave, OpenItem, Relation
from foundation.people.queries import standing_on, standings_on
from foundation.people.scope import fetch, role_units, visible
from foundation.people.timeline import timeline

PEOPLE_A_PAGE = 50
SERVING, LEFT, ALL = "serving", "left", "all"


def seen(row: Model | None) -> str:
    """A mark of what a row says: a form that was opened on other words is stale."""
    values = {} if row is None else model_to_dict(row) | {"pk": row.pk}
    return hashlib.sha256(repr(sorted(values.items(), key=lambda pair: pair[0])).encode()).hexdigest()[:16]


def form_page(
    request: HttpRequest,
    *,
    form: forms.BaseForm,
    title: str,
    submit: str,
    back: str,
    act: Callable[[dict[str, Any]], Any],
    done: str,
    row: Model | None = None,
    intro: str = "",
    template: str = "people/admin/form.html",
) -> HttpResponse:
    """A form that does one thing and goes back. row: what it changes; when that says something else by now than when
    the page was opened, nothing is done and the page says so."""
    if request.method == "POST" and form.is_valid():
        if request.POST.get("seen", "") != seen(row):
            form.add_error(None, _("你打开这一页以后，这条记录已被修改。请核对现在的内容，再重新填写。"))
        else:
            try:
                act(form.cleaned_data)
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, done)
                return redirect(back)
    context = {"form": form, "title": title, "intro": intro, "submit": submit, "back": back, "seen": seen(row)}
    return render(request, template, context)


def _changed(form: forms.BaseForm, names: tuple[str, ...]) -> dict[str, Any]:
    """What the officer typed otherwise than it stood, of the named fields."""
    return {name: form.cleaned_data[name] for name in form.changed_data if name in names}


def page_of(cadre: Cadre) -> str:
    """The address of a person's page."""
    return reverse("people_admin:cadre", args=[cadre.pk])


def _open_units(request: HttpRequest) -> Any:
    return role_units(request.user, Role.HR).filter(is_open=True)


@only_for(Role.HR)
def cadres(request: HttpRequest) -> HttpResponse:
    """The people of the officer's scope, filtered and in pages; a constant number of queries."""
    chosen = {name: request.GET.get(name, "").strip() for name in ("q", "unit", "category", "standing")}
    found = visible(request.user, Cadre, action="change").select_related("unit")
    units = list(_open_units(request))
    if chosen["q"]:
        found = found.filter(Q(name__contains=chosen["q"]) | Q(work_number__icontains=chosen["q"]))
    unit = next((one for one in units if str(one.pk) == chosen["unit"]), None)
    if unit is not None:
        found = found.filter(unit__path__startswith=unit.path)
    if chosen["category"] in Category.values:
        found = found.filter(category=chosen["category"])
    today = clock.today()
    gone = Q(left_on__lte=today)
    chosen["standing"] = chosen["standing"] if chosen["standing"] in (LEFT, ALL) else SERVING
    if chosen["standing"] != ALL:
        found = found.filter(gone) if chosen["standing"] == LEFT else found.exclude(gone)
    page = Paginator(found.order_by("unit__path", "work_number"), PEOPLE_A_PAGE).get_page(request.GET.get("p"))
    query = request.GET.copy()
    query.pop("p", None)
    context = {
        "page": page,
        "standings": standings_on(page.object_list, today),
        "units": units,
        "categories": Category.choices,
        "states": [(SERVING, _("在岗")), (LEFT, _("已离开")), (ALL, _("全部"))],
        "chosen": chosen,
        "query": query.urlencode(),
    }
    return render(request, "people/admin/cadres.html", context)


@only_for(Role.HR)
def cadre(request: HttpRequest, pk: int) -> HttpResponse:
    """A person's record: what holds on a day (today, or the one asked for), and everything that happened."""
    found = fetch(request.user, Cadre, pk=pk, action="change")
    today = clock.today()
    try:
        day = dt.date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        day = today
    waiting = visible(request.user, OpenItem, action="change").filter(cadre=found, completed_at=None)
    context = {
        "cadre": found,
        "standing": standing_on(found, day),
        "day": day,
        "is_today": day == today,
        "has_left": bool(found.left_on and found.left_on <= today),
        "events": timeline(found),
        "items": waiting,
    }
    return render(request, "people/admin/cadre.html", context)


@only_for(Role.HR)
def new_cadre(request: HttpRequest) -> HttpResponse:
    """Take somebody on the roster."""
    form = NewPersonForm(request.POST or None, units=_open_units(request))

    def act(data: dict[str, Any]) -> None:
        on = data.pop("on")
        careers.add_cadre(fields=data, on=on, today=clock.today(), actor=request.user)

    return form_page(
        request,
        form=form,
        title=_("新增人员"),
        intro=_("新录用、调入的人在这里登记；一批人用花名册导入。"),
        submit=_("新增人员"),
        back=reverse("people_admin:cadres"),
        act=act,
        done=_("已新增人员。"),
    )


@only_for(Role.HR)
def change_state(request: HttpRequest, pk: int) -> HttpResponse:
    """变动: from a day on something is different."""
    person = fetch(request.user, Cadre, pk=pk, action="change")
    today = clock.today()
    state = standing_on(person, today).state or person.states.first()
    form = ChangeStateForm(request.POST or None, instance=state, units=_open_units(request))
    return form_page(
        request,
        form=form,
        row=state,
        title=_("登记变动：%(name)s") % {"name": person.name},
        intro=_("只改有变化的内容。原来的内容到生效日期前一天为止仍然算数，以后可以查到。写错的内容请用“更正”。"),
        submit=_("登记变动"),
        back=page_of(person),
        act=lambda data: careers.change_state(
            cadre=person,
            on=data["on"],
            changes=_changed(form, careers.DATED),
            reason=data["reason"],
            today=today,
            actor=request.user,
        ),
        done=_("已登记变动。"),
    )


@only_for(Role.HR)
def correct_state(request: HttpRequest, pk: int) -> HttpResponse:
    """更正: a state was written wrongly."""
    state = fetch(request.user, CadreState, pk=pk, action="change")
    form = CorrectStateForm(request.POST or None, instance=state, units=role_units(request.user, Role.HR))
    return form_page(
        request,
        form=form,
        row=state,
        title=_("更正任职记录：%(name)s") % {"name": state.cadre.name},
        intro=_("更正表示原来写错了，从来不是这样；情况真的变了，请用“登记变动”。原来的内容留在审计记录里。"),
        submit=_("保存更正"),
        back=page_of(state.cadre),
        act=lambda data: careers.correct_state(
            state=state,
            changes=_changed(form, ("valid_from", *careers.DATED)),
            reason=data["reason"],
            today=clock.today(),
            actor=request.user,
        ),
        done=_("已更正。"),
    )


@only_for(Role.HR)
def remove_state(request: HttpRequest, pk: int) -> HttpResponse:
    """A change that never happened."""
    state = fetch(request.user, CadreState, pk=pk, action="change")
    return form_page(
        request,
        form=ReasonForm(request.POST or None),
        row=state,
        title=_("删除误登的变动：%(state)s") % {"state": state},
        intro=_("这次变动从来没有发生过时才删除；之后沿用它的内容一并改回。"),
        submit=_("删除这次变动"),
        back=page_of(state.cadre),
        act=lambda data: careers.remove_state(state=state, today=clock.today(), actor=request.user, **data),
        done=_("已删除误登的变动。"),
    )


@only_for(Role.HR)
def correct_cadre(request: HttpRequest, pk: int) -> HttpResponse:
    """更正 of what holds of a person on every day."""
    person = fetch(request.user, Cadre, pk=pk, action="change")
    form = CorrectPersonForm(request.POST or None, instance=person)
    return form_page(
        request,
        form=form,
        row=person,
        title=_("更正基本信息：%(name)s") % {"name": person.name},
        submit=_("保存更正"),
        back=page_of(person),
        act=lambda data: careers.correct_person(
            cadre=person, changes=_changed(form, careers.LASTING), reason=data["reason"], actor=request.user
        ),
        done=_("已更正。"),
    )


@only_for(Role.HR)
def depart(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody leaves."""
    person = fetch(request.user, Cadre, pk=pk, action="change")
    return form_page(
        request,
        form=DepartForm(request.POST or None),
        row=person,
        title=_("办理离开：%(name)s") % {"name": person.name},
        intro=_("离开以后，历年的记录和文书都保留；角色到离开前一天为止。"),
        submit=_("办理离开"),
        back=page_of(person),
        act=lambda data: careers.depart(cadre=person, today=clock.today(), actor=request.user, **data),
        done=_("已办理离开。"),
    )


@only_for(Role.HR)
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody returns."""
    person = fetch(request.user, Cadre, pk=pk, action="change")
    state = person.states.last()
    form = ReturnForm(request.POST or None, instance=state, units=_open_units(request))
    return form_page(
        request,
        form=form,
        row=state,
        title=_("办理返回：%(name)s") % {"name": person.name},
        intro=_("单位、职务等与离开时不同的，改成返回后的。账号和角色由安全管理员另行恢复。"),
        submit=_("办理返回"),
        back=page_of(person),
        act=lambda data: careers.take_back(
            cadre=person,
            on=data["on"],
            changes=_changed(form, careers.DATED),
            reason=data["reason"],
            today=clock.today(),
            actor=request.user,
        ),
        done=_("已办理返回。"),
    )


@only_for(Role.HR)
def add_leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Note a leave."""
    person = fetch(request.user, Cadre, pk=pk, action="change")
    return form_page(
        request,
        form=LeaveForm(request.POST or None),
        title=_("登记请假：%(name)s") % {"name": person.name},
        intro=_("只登记假别和起止日期，不写病情。"),
        submit=_("登记请假"),
        back=page_of(person),
        act=lambda data: careers.add_leave(
            cadre=person,
            kind=data["kind"],
            first=data["valid_from"],
            last=data["valid_to"],
            reference=data["reference"],
            actor=request.user,
        ),
        done=_("已登记请假。"),
    )


@only_for(Role.HR)
def correct_leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Mend a leave, or write its end."""
    leave = fetch(request.user, Leave, pk=pk, action="change")
    form = CorrectLeaveForm(request.POST or None, instance=leave)
    return form_page(
        request,
        form=form,
        row=leave,
        title=_("更正请假：%(name)s") % {"name": leave.cadre.name},
        submit=_("保存更正"),
        back=page_of(leave.cadre),
        act=lambda data: careers.correct_leave(
            leave=leave, changes=_changed(form, LeaveForm.Meta.fields), reason=data["reason"], actor=request.user
        ),
        done=_("已更正。"),
    )


@only_for(Role.HR)
def remove_leave(request: HttpRequest, pk: int) -> HttpResponse:
    """A leave that was never taken."""
    leave = fetch(request.user, Leave, pk=pk, action="change")
    return form_page(
        request,
        form=ReasonForm(request.POST or None),
        row=leave,
        title=_("删除误登的请假：%(leave)s") % {"leave": leave},
        submit=_("删除这条请假"),
        back=page_of(leave.cadre),
        act=lambda data: careers.remove_leave(leave=leave, actor=request.user, **data),
        done=_("已删除误登的请假。"),
    )


@only_for(Role.HR)
def add_assignment(request: HttpRequest, pk: int) -> HttpResponse:
    """Note a transfer in, a secondment or a study."""
    person = fetch(request.user, Cadre, pk=pk, action="change")
    return form_page(
        request,
        form=AssignmentForm(request.POST or None),
        title=_("登记调入、挂职或学习：%(name)s") % {"name": person.name},
        intro=_("处室之间的调动请用“登记变动”；调出、退休、辞职、辞退请用“办理离开”。"),
        submit=_("登记"),
        back=page_of(person),
        act=lambda data: careers.add_assignment(
            cadre=person,
            kind=data["kind"],
            first=data["valid_from"],
            last=data["valid_to"],
            place=data["place"],
            is_sent=data["is_sent"],
            reference=data["reference"],
            today=clock.today(),
            actor=request.user,
        ),
        done=_("已登记。"),
    )


@only_for(Role.HR)
def correct_assignment(request: HttpRequest, pk: int) -> HttpResponse:
    """Mend a transfer, secondment, study or departure."""
    assignment = fetch(request.user, Assignment, pk=pk, action="change")
    form = CorrectAssignmentForm(request.POST or None, instance=assignment)
    return form_page(
        request,
        form=form,
        row=assignment,
        title=_("更正：%(assignment)s") % {"assignment": assignment},
        submit=_("保存更正"),
        back=page_of(assignment.cadre),
        act=lambda data: careers.correct_assignment(
            assignment=assignment,
            changes=_changed(form, AssignmentForm.Meta.fields),
            reason=data["reason"],
            today=clock.today(),
            actor=request.user,
        ),
        done=_("已更正。"),
    )


@only_for(Role.HR)
def remove_assignment(request: HttpRequest, pk: int) -> HttpResponse:
    """One that never was."""
    assignment = fetch(request.user, Assignment, pk=pk, action="change")
    return form_page(
        request,
        form=ReasonForm(request.POST or None),
        row=assignment,
        title=_("删除误登的记录：%(assignment)s") % {"assignment": assignment},
        intro=_("误登的离开删除以后，本人恢复在岗；当时结束的角色不会自动恢复。"),
        submit=_("删除这条记录"),
        back=page_of(assignment.cadre),
        act=lambda data: careers.remove_assignment(
            assignment=assignment, today=clock.today(), actor=request.user, **data
        ),
        done=_("已删除误登的记录。"),
    )


@only_for(Role.HR)
def add_relation(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that two people avoid each other in office."""
    person = fetch(request.user, Cadre, pk=pk, action="change")
    people = visible(request.user, Cadre, action="change")
    return form_page(
        request,
        form=RelationForm(request.POST or None, people=people),
        title=_("登记回避关系：%(name)s") % {"name": person.name},
        intro=_("登记以后，双方不能互相评鉴、考核和测评。"),
        submit=_("登记回避关系"),
        back=page_of(person),
        act=lambda data: careers.relate(cadre=person, actor=request.user, **data),
        done=_("已登记回避关系。"),
    )


@only_for(Role.HR)
def end_relation(request: HttpRequest, pk: int, cadre: int) -> HttpResponse:
    """Let an avoidance relation end. cadre: from whose page."""
    person = fetch(request.user, Cadre, pk=cadre, action="change")
    relation = fetch(request.user, Relation, pk=pk, action="change")
    return form_page(
        request,
        form=EndRelationForm(request.POST or None),
        row=relation,
        title=_("解除回避关系：%(relation)s") % {"relation": relation},
        submit=_("解除回避关系"),
        back=page_of(person),
        act=lambda data: careers.unrelate(relation=relation, actor=request.user, **data),
        done=_("已解除回避关系。"),
    )
