"""Voiding a decided action, or the outcome of a case where it is not in the record. It is discipline's own act; the
screen stands here, because it first shows the years that hang on it (architecture.md: the upper room owns a process
that crosses floors). For discipline's officer alone."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from assessment.appraisals.models import Appraisal
from assessment.appraisals.records import without
from assessment.discipline import actions, purposes, queries
from assessment.discipline.back_office import barred, officer_only
from assessment.discipline.forms import VoidForm
from foundation.offers import clock
from foundation.people.cadre_views import form_page
from foundation.people.models import Cadre


@officer_only
def void_record(request: HttpRequest, pk: int) -> HttpResponse:
    """The record, the appraisal years that its voiding bears on, and the form for the new decision."""
    today = clock.today()
    row = get_object_or_404(queries.records(request.user, today), pk=pk)
    answer = barred(request, row, actions.refuse_voided, "discipline_admin:record") or purposes.question(request, row)
    if answer is not None:
        return answer
    facts = _("%(who)s %(code)s，%(day)s 生效，%(document)s。") % {
        "who": row.cadre.name,
        "code": row.get_code_display(),
        "day": date_format(row.effective),
        "document": row.document,
    }

    def act(data: dict[str, Any]) -> None:
        actions.void_record(target=row, now=clock.now(), today=today, actor=request.user, **data)

    page = form_page(
        request,
        form=VoidForm(request.POST or None),
        row=row,
        title=_("撤销处分处理"),
        intro=_intro(facts, row.cadre, code=row.code, effective=row.effective, today=today),
        submit=_("撤销处分处理"),
        back=reverse("discipline_admin:index"),
        act=act,
        done=_("已撤销。记录保留，不再影响考核和晋升。"),
    )
    return purposes.noted(request, page, rows=[row], purpose=purposes.given(request, row))


@officer_only
def void_outcome(request: HttpRequest, pk: int) -> HttpResponse:
    """The case's outcome, the appraisal years that its voiding bears on, and the form for the new decision."""
    today = clock.today()
    row = get_object_or_404(queries.cases(request.user, today), pk=pk)
    if row.closed is None:
        raise Http404
    # the list does not say what became of the outcome: why it cannot be voided is told after the purpose
    answer = purposes.question(request, row) or barred(request, row, actions.closing_to_void, "discipline_admin:case")
    if answer is not None:
        return answer
    facts = _("%(who)s %(day)s 结案，结果为%(outcome)s，%(document)s。") % {
        "who": row.cadre.name,
        "day": date_format(row.closed),
        "outcome": row.get_outcome_display(),
        "document": row.closing_reference,
    }

    def act(data: dict[str, Any]) -> None:
        actions.void_outcome(case=row, now=clock.now(), today=today, actor=request.user, **data)

    page = form_page(
        request,
        form=VoidForm(request.POST or None),
        row=row,
        title=_("撤销结案结果"),
        intro=_intro(facts, row.cadre, code=row.outcome, effective=row.closed, today=today),
        submit=_("撤销结案结果"),
        back=reverse("discipline_admin:index"),
        act=act,
        done=_("已撤销。记录保留，不再影响考核和晋升。"),
    )
    return purposes.noted(request, page, rows=[row], purpose=purposes.given(request, row))


def _intro(facts: str, cadre: Cadre, *, code: str, effective: dt.date, today: dt.date) -> str:
    """What is voided, and what that changes."""
    bearing = _bearing(cadre, code=code, effective=effective, today=today)
    return _("%(facts)s%(bearing)s") % {"facts": facts, "bearing": bearing}


def _bearing(cadre: Cadre, *, code: str, effective: dt.date, today: dt.date) -> str:
    """What the voiding changes in the person's appraisal years, in one sentence."""
    years = list(Appraisal.objects.filter(cadre=cadre).order_by("year").values_list("year", flat=True))
    bearing = [
        _("%(year)s 年度：等次上限由“%(before)s”变为“%(after)s”")
        % {"year": one.year, "before": one.before.label, "after": one.after.label}
        for one in without(cadre, code=code, effective=effective, years=years, as_of=today)
        if one.differs
    ]
    if not bearing:
        return _("撤销不影响已有的考核年度。")
    return _("撤销影响的考核年度：%(years)s。由人事处提请考核委员会重新研究，系统不改等次。") % {
        "years": _("；").join(bearing)
    }
