"""Portal pages of the annual appraisal: the cadre's own, the section head's, the committee's, the public notice."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assessment.appraisals import actions, conclusion, preparation, queries
from assessment.appraisals.consequences import remedies
from assessment.appraisals.enums import NOTICE, Event, Grade
from assessment.appraisals.forms import DecisionForm, OpinionForm, ReviewForm, SummaryForm
from assessment.appraisals.models import Appraisal, AppraisalCycle
from assessment.appraisals.records import outlooks_of
from assessment.appraisals.timeline import years
from foundation.audit.record import record_read
from foundation.documents.enums import Event as Paper
from foundation.offers import clock
from foundation.offers.types import Refused
from foundation.people.scope import fetch, require, visible


@login_required
def review_list(request: HttpRequest) -> HttpResponse:
    """审核评鉴: the people whose comment and proposed grade the user writes."""
    require(request.user, Appraisal, action="review")
    people = sorted(queries.to_review(request.user, clock.today()), key=lambda one: (one.is_reviewed, one.is_waiting))
    done = sum(one.is_reviewed for one in people)
    return render(request, "appraisals/review_list.html", {"people": people, "done": done})


@login_required
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Comment and proposed grade for one person, beside the summary, the evaluation and what limits the year."""
    fetch(request.user, Appraisal, pk=pk, action="review")  # 403 and 404 as everywhere
    appraisal = get_object_or_404(queries.reviewable(request.user, clock.today()), pk=pk)
    outlook = outlooks_of([appraisal], as_of=clock.today())[appraisal.pk]
    initial = {
        "comment": appraisal.comment,
        "proposed_grade": appraisal.proposed_grade,
        "seen": appraisal.reviewed_at,
    }
    form, newer = ReviewForm(request.POST or None, outlook=outlook, initial=initial), None
    if request.method == "POST" and form.is_valid():
        try:
            actions.write_review(appraisal=appraisal, now=clock.now(), actor=request.user, **form.cleaned_data)
        except Refused as refusal:
            if refusal.code == "stale":  # what stands now is shown beside what was typed; saving again replaces it
                newer = get_object_or_404(queries.reviewable(request.user, clock.today()), pk=pk)
                typed = request.POST.copy()
                typed["seen"] = newer.reviewed_at.isoformat() if newer.reviewed_at else ""
                form = ReviewForm(typed, outlook=outlook)
                form.is_valid()
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已保存 %(name)s 的评语和建议等次。") % {"name": appraisal.name})
            waiting = queries.ready_to_review(request.user, clock.today()).filter(cycle=appraisal.cycle_id).first()
            return redirect("appraisals:review_one", waiting.pk) if waiting else redirect("appraisals:review")
    context = {"appraisal": appraisal, "form": form, "outlook": outlook, "newer": newer}
    return render(request, "appraisals/review.html", context)


@login_required
def committee(request: HttpRequest) -> HttpResponse:
    """确定等次: the cycles that the committee member decides on."""
    require(request.user, AppraisalCycle, action="decide")
    cycles = visible(request.user, AppraisalCycle, action="decide").select_related("unit")
    return render(request, "appraisals/committee.html", {"cycles": cycles})


@login_required
def committee_cycle(request: HttpRequest, pk: int) -> HttpResponse:
    """One cycle's people with what limits their year in full, the grades decided so far and what is left of the quota.

    Grounds that disclose discipline are shown for the decision alone, and each showing is noted (rules.md B5-4).
    """
    cycle = fetch(request.user, AppraisalCycle, pk=pk, action="decide")
    today = clock.today()
    people = queries.people_of(cycle, reader=request.user, today=today)
    found = outlooks_of(people, as_of=today)
    rows: list[dict[str, Any]] = []
    for one in people:
        outlook, is_veiled = found[one.pk], one.is_veiled  # type: ignore[attr-defined]  # as people_of() marks it
        rows.append(
            {
                "appraisal": one,
                "outlook": outlook,
                "discloses": one.is_open and not is_veiled and outlook.has_conduct,
                "grounds": (outlook.full if one.is_open else outlook.restricted) if not is_veiled else [],
                "grades": outlook.grades,
                "chosen": one.grade or one.proposed_grade,
                "may_decide": one.is_open
                and not is_veiled
                and bool(outlook.grades)
                and (one.is_reviewed or outlook.treatment == "neither"),
            }
        )
    undecided = [row for row in rows if row["may_decide"] and not row["appraisal"].is_decided]
    is_partial = "undecided" in request.GET
    shown = undecided if is_partial else rows
    disclosed = [row["appraisal"] for row in shown if row["discloses"]]
    record_read(targets=disclosed, actor=request.user, purpose=_("确定年度考核等次"), event=Event.GROUNDS_READ)
    context = {
        "cycle": cycle,
        "rows": shown,
        "undecided": len(undecided),
        "is_partial": is_partial,
        "standing": queries.standing(cycle),
        "has_conduct": bool(disclosed),
    }
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
    back = reverse("appraisals:committee_cycle", args=[appraisal.cycle_id])
    return redirect(f"{back}?undecided" if "undecided" in request.POST else back)


@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """考核时间线: the person's own years, the newest first, with what is due from them."""
    found = years(list(queries.mine(request.user)), today=clock.today())
    return render(request, "appraisals/mine.html", {"years": found})


def _own(request: HttpRequest, pk: int) -> Appraisal:
    return get_object_or_404(queries.mine(request.user), pk=pk)


@login_required
def summary(request: HttpRequest, pk: int) -> HttpResponse:
    """个人总结: saved as a draft, submitted, read afterwards."""
    appraisal = _own(request, pk)
    written = getattr(appraisal, "summary", None)
    is_open = appraisal.is_open and not (appraisal.is_reviewed or appraisal.is_decided)
    initial = (
        {"duties": written.duties, "training": written.training, "text": written.text, "seen": written.saved_at}
        if written
        else {}
    )
    form = SummaryForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        is_submitted = "submit" in request.POST
        try:
            preparation.save_summary(
                appraisal=appraisal, submit=is_submitted, now=clock.now(), actor=request.user, **form.cleaned_data
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            done = _("个人总结已提交。评鉴以前可以撤回修改。") if is_submitted else _("已保存草稿，还没有提交。")
            messages.success(request, done)
            return redirect("appraisals:summary", appraisal.pk)
    context = {"appraisal": appraisal, "summary": written, "form": form, "is_open": is_open}
    return render(request, "appraisals/summary.html", context)


@login_required
@require_POST
def take_back_summary(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the submitted summary back."""
    appraisal = _own(request, pk)
    preparation.take_back_summary(appraisal=appraisal, actor=request.user)
    messages.success(request, _("已撤回个人总结，修改后请重新提交。"))
    return redirect("appraisals:summary", appraisal.pk)


@login_required
def opinion(request: HttpRequest, pk: int) -> HttpResponse:
    """The written notice of the result, and 本人意见 signed with the password."""
    appraisal = _own(request, pk)
    notice = queries.papers([appraisal], kinds=[NOTICE]).first()
    signed = queries.opinions_in_force().filter(appraisal=appraisal).first()
    if not appraisal.is_final or notice is None:
        raise Refused("no_notice", _("%(name)s 的考核结果通知书还没有签发。") % {"name": appraisal.name})
    form = OpinionForm(request.POST or None, account=request.user, initial={"seen": notice.serial})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            signed = conclusion.sign(
                appraisal=appraisal,
                stance=data["stance"],
                text=data["text"],
                seen=data["seen"],
                now=clock.now(),
                actor=request.user,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已签署，编号 %(number)s。") % {"number": signed.reference})
            return redirect("appraisals:opinion", appraisal.pk)
    known_on = queries.known_on(appraisal, signed, reader=request.user)
    if known_on is None:  # this page says the result: from now on the person knows
        record_read(targets=[notice], actor=request.user, purpose=_("阅读考核结果"), event=Paper.OPENED)
        known_on = clock.today()
    context = {
        "appraisal": appraisal,
        "notice": notice,
        "signed": signed,
        "form": form,
        "known_on": known_on,
        "remedies": remedies(Grade(appraisal.grade), known_on, is_institution=False),
    }
    return render(request, "appraisals/opinion.html", context)


@login_required
def notices(request: HttpRequest) -> HttpResponse:
    """考核公示: cycles in public notice inside the organ."""
    return render(request, "appraisals/notices.html", {"cycles": queries.notices(request.user, clock.today())})


@login_required
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """The people proposed as 优秀 in one cycle; no other grade is ever published (rules.md A6)."""
    cycle = get_object_or_404(queries.notices(request.user, clock.today()), pk=pk)
    return render(request, "appraisals/notice.html", {"cycle": cycle, "excellent": queries.in_notice(cycle)})
