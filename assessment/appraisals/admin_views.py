"""HR's pages in the back office: open a cycle, start the public notice, confirm the results, issue the documents."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assessment.appraisals import actions, queries
from assessment.appraisals.forms import OpenCycleForm
from assessment.appraisals.handlers import ISSUE
from assessment.appraisals.models import AppraisalCycle
from foundation.jobs.actions import start
from foundation.offers import clock
from foundation.offers.types import Refused
from foundation.people.back_office import only_for
from foundation.people.enums import Role
from foundation.people.scope import fetch, role_units, visible


@only_for(Role.HR)
def cycles(request: HttpRequest) -> HttpResponse:
    """All cycles in the officer's scope."""
    found = visible(request.user, AppraisalCycle, action="manage").select_related("unit")
    return render(request, "appraisals/admin/cycles.html", {"cycles": found})


@only_for(Role.HR)
def open_cycle(request: HttpRequest) -> HttpResponse:
    """Open a year's appraisal for a unit."""
    today = clock.today()
    initial = {"year": today.year}
    form = OpenCycleForm(request.POST or None, units=role_units(request.user, Role.HR), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            cycle = actions.open_cycle(actor=request.user, today=today, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            for one in queries.appraised_elsewhere(cycle):
                who = {"name": one.name, "cycle": one.cycle}
                messages.warning(request, _("%(name)s 已在 %(cycle)s 中，没有列入本次考核。") % who)
            return redirect("appraisals_admin:cycle", cycle.pk)
    return render(request, "appraisals/admin/open.html", {"form": form})


@only_for(Role.HR)
def cycle(request: HttpRequest, pk: int) -> HttpResponse:
    """One cycle with the next step of the officer."""
    found = fetch(request.user, AppraisalCycle, pk=pk, action="manage")
    context = {
        "cycle": found,
        "people": queries.people_of(found, reader=request.user),
        "standing": queries.standing(found),
        "notice_over": found.is_notice_over(clock.today()),
    }
    return render(request, "appraisals/admin/cycle.html", context)


@only_for(Role.HR)
@require_POST
def start_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the public notice."""
    found = fetch(request.user, AppraisalCycle, pk=pk, action="manage")
    actions.start_notice(cycle=found, actor=request.user, today=clock.today())
    return redirect("appraisals_admin:cycle", found.pk)


@only_for(Role.HR)
@require_POST
def withdraw_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the public notice back, so that an upheld objection can be acted on."""
    found = fetch(request.user, AppraisalCycle, pk=pk, action="manage")
    actions.withdraw_notice(cycle=found, reason=request.POST.get("reason", "").strip(), actor=request.user)
    return redirect("appraisals_admin:cycle", found.pk)


@only_for(Role.HR)
@require_POST
def finalise(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm the results."""
    found = fetch(request.user, AppraisalCycle, pk=pk, action="manage")
    actions.finalise(cycle=found, actor=request.user, today=clock.today())
    return redirect("appraisals_admin:cycle", found.pk)


@only_for(Role.HR)
@require_POST
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Start the job that issues notices and certificates; its page shows the progress."""
    found = fetch(request.user, AppraisalCycle, pk=pk, action="manage")
    if not found.is_final:
        raise Refused("not_final", _("%(cycle)s 的结果还没有确认，不能签发文书。") % {"cycle": found})
    job = start(ISSUE, actor=request.user, cycle=found.pk)
    return redirect("jobs:progress", job_id=job.pk)
