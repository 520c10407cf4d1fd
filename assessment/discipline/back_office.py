"""Discipline's pages in the back office, for its officer alone; to everybody else they are not there (settled.md).

Every opening of a row asks for the purpose first and is noted in the trail; so do the pages that act on one, where it
has not been given for that row in this session (purposes.py).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from assessment.discipline import actions, purposes, queries
from assessment.discipline.enums import Event
from assessment.discipline.forms import CloseCaseForm, OpenCaseForm, PersonForm, PurposeForm, RecordForm
from foundation.audit.record import record_read
from foundation.offers import clock
from foundation.offers.types import Refused
from foundation.people.cadre_views import form_page
from foundation.people.enums import Role
from foundation.people.scope import has_role

View = Callable[..., HttpResponse]
ROWS_A_PAGE = 20


def officer_only(view: View) -> View:
    """A decorator: 404 for everybody else who comes through the back office's door."""

    @wraps(view)
    def inner(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not has_role(request.user, Role.DISCIPLINE_OFFICER):
            raise Http404
        return view(request, *args, **kwargs)

    return inner


def barred(request: HttpRequest, row: Model, ask: Callable[[Any], object], page: str) -> HttpResponse | None:
    """Back to the row's page with the refusal, where the action would refuse the row whatever is typed; else None."""
    try:
        ask(row)
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect(page, row.pk)
    return None


def page_of(rows: QuerySet[Any], request: HttpRequest, name: str) -> Page:
    """The page of rows that the parameter of that name asks for, searched by person."""
    asked = request.GET.get("q", "").strip()
    if asked:
        rows = rows.filter(Q(cadre__name__contains=asked) | Q(cadre__work_number__iexact=asked))
    return Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get(name))


@officer_only
def index(request: HttpRequest) -> HttpResponse:
    """Whose records and cases there are; what they are stands behind the question for the purpose."""
    today = clock.today()
    records = page_of(queries.records(request.user, today), request, "p")
    cases = page_of(queries.cases(request.user, today), request, "cases")
    record_read(targets=[*records, *cases], actor=request.user, purpose=_("纪律记录名单"), event=Event.LISTED)
    asked = request.GET.get("q", "").strip()
    return render(request, "discipline/admin/index.html", {"records": records, "cases": cases, "q": asked})


@officer_only
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """One decided action, read-only."""
    rows = queries.records(request.user, clock.today()).select_related("case", "recorded_by", "voided_by")
    return _opened(request, get_object_or_404(rows, pk=pk), "discipline/admin/record.html")


@officer_only
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """One case, read-only."""
    rows = queries.cases(request.user, clock.today()).select_related("opened_by", "closed_by", "voiding")
    return _opened(request, get_object_or_404(rows, pk=pk), "discipline/admin/case.html")


def _opened(request: HttpRequest, row: Model, template: str) -> HttpResponse:
    """The row after the purpose has been given and noted; before that, the question."""
    form = PurposeForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "discipline/admin/purpose.html", {"form": form, "row": row})
    purposes.keep(request, row, form.words)
    page = render(request, template, {"row": row, "purpose": form.words})
    return purposes.noted(request, page, rows=[row], purpose=form.words)


@officer_only
def add_record(request: HttpRequest) -> HttpResponse:
    """Whom a decided action is about; what it is, is asked on the next page."""
    form = PersonForm(request.POST or None, people=queries.people(request.user, clock.today()))
    if request.method == "POST" and form.is_valid():
        cadre = form.cleaned_data["work_number"]
        purposes.keep(request, cadre, _("登记处分处理"))
        return redirect("discipline_admin:add_record_of", cadre.pk)
    context = {
        "form": form,
        "title": _("登记处分处理"),
        "intro": _("先写明人员。下一步列出此人的立案供选择，查看将被记录。"),
        "submit": _("下一步"),
        "back": reverse("discipline_admin:index"),
    }
    return render(request, "people/admin/form.html", context)


@officer_only
def add_record_of(request: HttpRequest, pk: int) -> HttpResponse:
    """Note a decided action of one person, whose cases are shown for choice and noted as opened. Whoever comes past the
    first step is asked it here."""
    today = clock.today()
    cadre = get_object_or_404(queries.people(request.user, today), pk=pk)
    purpose = purposes.given(request, cadre)
    if not purpose:
        return add_record(request)
    cases = queries.cases(request.user, today).filter(cadre=cadre)

    def act(data: dict[str, Any]) -> None:
        actions.add_record(cadre=cadre, now=clock.now(), today=today, actor=request.user, **data)

    page = form_page(
        request,
        form=RecordForm(request.POST or None, cases=cases),
        title=_("登记处分处理：%(name)s") % {"name": cadre.name},
        intro=_("按决定书登记。登记以后不能修改、不能删除；决定被撤销的，用新决定的文号办理撤销。"),
        submit=_("登记处分处理"),
        back=reverse("discipline_admin:index"),
        act=act,
        done=_("已登记处分处理。"),
    )
    return purposes.noted(request, page, rows=cases, purpose=purpose)


@officer_only
def open_case(request: HttpRequest) -> HttpResponse:
    """Note that an investigation has begun."""
    today = clock.today()
    form = OpenCaseForm(request.POST or None, people=queries.people(request.user, today))

    def act(data: dict[str, Any]) -> None:
        cadre = data.pop("work_number")
        actions.open_case(cadre=cadre, now=clock.now(), today=today, actor=request.user, **data)

    return form_page(
        request,
        form=form,
        title=_("登记立案"),
        intro=_("登记立案审查调查。线索和尚未立案的谈话函询不录入本系统。"),
        submit=_("登记立案"),
        back=reverse("discipline_admin:index"),
        act=act,
        done=_("已登记立案。"),
    )


@officer_only
def close_case(request: HttpRequest, pk: int) -> HttpResponse:
    """Note how an investigation ended."""
    today = clock.today()
    found = get_object_or_404(queries.cases(request.user, today), pk=pk)
    answer = barred(request, found, actions.refuse_closed, "discipline_admin:case") or purposes.question(request, found)
    if answer is not None:
        return answer
    page = form_page(
        request,
        form=CloseCaseForm(request.POST or None),
        row=found,
        title=_("登记结案：%(case)s") % {"case": f"{found.cadre.name} {found.reference}"},
        submit=_("登记结案"),
        back=reverse("discipline_admin:index"),
        act=lambda data: actions.close_case(case=found, now=clock.now(), today=today, actor=request.user, **data),
        done=_("已登记结案。"),
    )
    return purposes.noted(request, page, rows=[found], purpose=purposes.given(request, found))
