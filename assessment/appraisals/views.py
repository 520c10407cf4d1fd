"""Portal pages of the annual appraisal: the section head's, the committee's, the public notice, one's own results."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assessment.appraisals import actions, queries
from assessment.appraisals.enums import Grade
from assessment.appraisals.forms import DecisionForm, ReviewForm
from assessment.appraisals.models import Appraisal, AppraisalCycle
from assessment.appraisals.rules import allowed_grades
from foundation.offers import clock
from foundation.offers.types import Refused
from foundation.people.queries import kept_apart
from foundation.people.scope import fetch, require, visible


@login_required
def review_list(request: HttpRequest) -> HttpResponse:
    """审核评鉴: the people whose comment and proposed grade the user writes."""
    require(request.user, Appraisal, action="review")
    people = list(queries.to_review(request.user, clock.today()))
    done = sum(one.is_reviewed for one in people)
    return render(request, "appraisals/review_list.html", {"people": people, "done": done})


@login_required
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Comment and proposed grade for one person."""
    fetch(request.user, Appraisal, pk=pk, action="review")  # 403 and 404 as everywhere
    appraisal = get_object_or_404(queries.reviewable(request.user, clock.today()), pk=pk)
    initial = {
        "comment": appraisal.comment,
        "proposed_grade": appraisal.proposed_grade,
        "seen": appraisal.reviewed_at,
    }
    form = ReviewForm(request.POST or None, appraisal=appraisal, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.write_review(appraisal=appraisal, now=clock.now(), actor=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已保存 %(name)s 的评语和建议等次。") % {"name": appraisal.name})
            waiting = (
                queries.to_review(request.user, clock.today())
                .filter(cycle=appraisal.cycle_id, reviewed_at=None)
                .first()
            )
            return redirect("appraisals:review_one", waiting.pk) if waiting else redirect("appraisals:review")
    return render(request, "appraisals/review.html", {"appraisal": appraisal, "form": form})


@login_required
def committee(request: HttpRequest) -> HttpResponse:
    """确定等次: the cycles that the committee member decides on."""
    require(request.user, AppraisalCycle, action="decide")
    cycles = visible(request.user, AppraisalCycle, action="decide").select_related("unit")
    return render(request, "appraisals/committee.html", {"cycles": cycles})


@login_required
def committee_cycle(request: HttpRequest, pk: int) -> HttpResponse:
    """One cycle's people with the grades decided so far and what is left of the quota."""
    cycle = fetch(request.user, AppraisalCycle, pk=pk, action="decide")
    apart = kept_apart(request.user, clock.today())
    rows: list[dict[str, Any]] = [
        {
            "appraisal": one,
            "grades": allowed_grades(one.treatment),
            "chosen": one.grade or one.proposed_grade,
            "is_apart": one.cadre_id in apart,
        }
        for one in queries.people_of(cycle, reader=request.user)
    ]
    context = {"cycle": cycle, "rows": rows, "standing": queries.standing(cycle)}
    return render(request, "appraisals/committee_cycle.html", context)


@login_required
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide one person's grade."""
    appraisal = fetch(request.user, Appraisal, pk=pk, action="decide")
    form = DecisionForm(request.POST)
    if form.is_valid():
        decided = actions.decide(appraisal=appraisal, now=clock.now(), actor=request.user, **form.cleaned_data)
        outcome = {"name": decided.name, "grade": decided.get_grade_display()}
        messages.success(request, _("已确定 %(name)s：%(grade)s。") % outcome)
    else:
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    return redirect("appraisals:committee_cycle", appraisal.cycle_id)


@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """The person's own final results."""
    return render(request, "appraisals/mine.html", {"results": queries.mine(request.user)})


@login_required
def notices(request: HttpRequest) -> HttpResponse:
    """考核公示: cycles in public notice inside the organ."""
    return render(request, "appraisals/notices.html", {"cycles": queries.notices(request.user)})


@login_required
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """The people proposed as 优秀 in one cycle; no other grade is ever published (rules.md A6)."""
    cycle = get_object_or_404(queries.notices(request.user), pk=pk)
    excellent = cycle.appraisals.filter(grade=Grade.EXCELLENT)
    return render(request, "appraisals/notice.html", {"cycle": cycle, "excellent": excellent})
