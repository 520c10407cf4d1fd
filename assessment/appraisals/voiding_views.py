"""Voiding a decided action. It is discipline's own act; the screen stands here, because it first shows the years that
hang on it (architecture.md: the upper room owns a process that crosses floors). For discipline's officer alone."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from assessment.appraisals.models import Appraisal
from assessment.appraisals.records import without
from assessment.discipline import actions, queries
from assessment.discipline.back_office import officer_only
from assessment.discipline.enums import Event
from assessment.discipline.forms import VoidForm
from foundation.audit.record import record_read
from foundation.offers import clock
from foundation.people.cadre_views import form_page


@officer_only
def void_record(request: HttpRequest, pk: int) -> HttpResponse:
    """The record, the appraisal years that its voiding bears on, and the form for the new decision."""
    today = clock.today()
    row = get_object_or_404(queries.records(request.user, today), pk=pk)
    record_read(targets=[row], actor=request.user, purpose=_("办理撤销"), event=Event.OPENED)
    years = list(Appraisal.objects.filter(cadre=row.cadre).order_by("year").values_list("year", flat=True))
    bearing = [
        _("%(year)s 年度：等次上限由“%(before)s”变为“%(after)s”")
        % {"year": one.year, "before": one.before.label, "after": one.after.label}
        for one in without(row.cadre, code=row.code, effective=row.effective, years=years, as_of=today)
        if one.differs
    ]
    intro = _("%(who)s %(code)s，%(day)s 生效，%(document)s。") % {
        "who": row.cadre.name,
        "code": row.get_code_display(),
        "day": row.effective.isoformat(),
        "document": row.document,
    }
    if bearing:
        intro += _("撤销影响的考核年度：%(years)s。由人事处提请考核委员会重新研究，系统不改等次。") % {
            "years": "；".join(bearing)
        }
    else:
        intro += _("撤销不影响已有的考核年度。")

    def act(data: dict[str, Any]) -> None:
        actions.void_record(target=row, now=clock.now(), today=today, actor=request.user, **data)

    return form_page(
        request,
        form=VoidForm(request.POST or None),
        row=row,
        title=_("撤销处分处理"),
        intro=intro,
        submit=_("撤销处分处理"),
        back=reverse("discipline_admin:index"),
        act=act,
        done=_("已撤销。记录保留，不再影响考核和晋升。"),
    )
