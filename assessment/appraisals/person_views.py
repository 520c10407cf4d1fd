"""HR's page of one person's appraisal in the back office, and the steps that HR writes down there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assessment.appraisals import actions, conclusion, participation, preparation, queries
from assessment.appraisals.enums import FORM, NOTICE
from assessment.appraisals.forms import DeterminationForm, EvaluationForm, KeepForm, ReasonForm, RecordedOpinionForm
from assessment.appraisals.models import Appraisal, AppraisalCycle
from assessment.appraisals.preparation import VOTES
from assessment.appraisals.records import outlooks_of
from foundation.offers import clock
from foundation.people.back_office import only_for
from foundation.people.cadre_views import form_page
from foundation.people.enums import Role
from foundation.people.queries import kept_apart
from foundation.people.scope import visible


def fetched(request: HttpRequest, pk: int) -> Appraisal:
    """The appraisal of somebody in a cycle that the officer manages; never the own, nor a relative's (404)."""
    cycles = visible(request.user, AppraisalCycle, action="manage")
    rows = Appraisal.objects.filter(cycle__in=cycles).exclude(cadre__in=kept_apart(request.user, clock.today()))
    found = rows.filter(pk=pk).select_related(
        "cycle__unit", "cadre__unit", "summary", "evaluation", "determination", "reviewed_by", "decided_by"
    )
    if (one := found.first()) is None:
        raise Http404
    return one


def page_of(appraisal: Appraisal) -> str:
    """The address of a person's page."""
    return reverse("appraisals_admin:person", args=[appraisal.pk])


@only_for(Role.HR)
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that stands about one person's year, and what HR can do now."""
    one = fetched(request, pk)
    today = clock.today()
    affected = next(iter(queries.affected_of([one], today=today)), None)
    context = {
        "one": one,
        "outlook": outlooks_of([one], as_of=today)[one.pk],
        "papers": queries.papers([one]),
        "opinions": one.opinions.select_related("recorded_by"),
        "opinion": queries.opinions_in_force().filter(appraisal=one).first(),
        "objections": one.objections.all(),
        "affected": affected,
        "notice_over": one.is_notice_over(today),
        "has_notice": queries.papers([one], kinds=[NOTICE]).exists(),
        "has_form": queries.papers([one], kinds=[FORM]).exists(),
    }
    return render(request, "appraisals/admin/person.html", context)


def _page(
    request: HttpRequest,
    one: Appraisal,
    *,
    form: forms.BaseForm,
    title: str,
    submit: str,
    act: Callable[[dict[str, Any]], Any],
    done: str,
    row: Model | None,
    intro: str = "",
) -> HttpResponse:
    """A form about one person that goes back to their page. row: what it changes, the appraisal itself or a part."""
    return form_page(
        request,
        form=form,
        row=row,
        title=_("%(title)s：%(name)s") % {"title": title, "name": one.name},
        intro=intro,
        submit=submit,
        back=page_of(one),
        act=act,
        done=done,
    )


@only_for(Role.HR)
def waive_summary(request: HttpRequest, pk: int) -> HttpResponse:
    """Note why there is no summary."""
    one = fetched(request, pk)
    return _page(
        request,
        one,
        row=getattr(one, "summary", None),
        form=ReasonForm(request.POST or None, label=_("没有个人总结的原因")),
        title=_("登记没有个人总结的原因"),
        intro=_("登记以后可以评鉴。经教育仍然拒绝参加考核的，由考核委员会按规则 A6-4 确定，系统不自动处理。"),
        submit=_("登记原因"),
        act=lambda data: preparation.waive_summary(
            appraisal=one, now=clock.now(), today=clock.today(), actor=request.user, **data
        ),
        done=_("已登记原因。"),
    )


@only_for(Role.HR)
def evaluation(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down the counted result of the democratic evaluation."""
    one = fetched(request, pk)
    known = getattr(one, "evaluation", None)
    initial = {name: getattr(known, name) for name in EvaluationForm.base_fields} if known else {}

    def act(data: dict[str, Any]) -> None:
        votes = {name: data.pop(name) for name in VOTES}
        preparation.record_evaluation(
            appraisal=one, votes=votes, now=clock.now(), today=clock.today(), actor=request.user, **data
        )

    return _page(
        request,
        one,
        row=known,
        form=EvaluationForm(request.POST or None, initial=initial),
        title=_("登记民主测评结果"),
        intro=_("按计票结果登记。各等次票、弃权票、无效票合计应等于实到人数。"),
        submit=_("登记测评结果"),
        act=act,
        done=_("已登记民主测评结果。"),
    )


@only_for(Role.HR)
def determination(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what the organ determined where no rule speaks."""
    one = fetched(request, pk)
    return _page(
        request,
        one,
        row=getattr(one, "determination", None),
        form=DeterminationForm(request.POST or None),
        title=_("登记人工认定"),
        intro=_("规则没有规定的情形，由机关认定，按认定文件登记。"),
        submit=_("登记认定结果"),
        act=lambda data: preparation.determine(appraisal=one, today=clock.today(), actor=request.user, **data),
        done=_("已登记认定结果。"),
    )


@only_for(Role.HR)
def opinion(request: HttpRequest, pk: int) -> HttpResponse:
    """Note the person's opinion: signed on paper, refused, not reachable."""
    one = fetched(request, pk)
    return _page(
        request,
        one,
        row=one,
        form=RecordedOpinionForm(request.POST or None),
        title=_("登记本人意见"),
        intro=_("本人在系统内签署的不用登记。纸质签名、拒绝签署、无法送达的，写明见证人和日期。"),
        submit=_("登记本人意见"),
        act=lambda data: conclusion.record_opinion(
            appraisal=one, now=clock.now(), today=clock.today(), actor=request.user, **data
        ),
        done=_("已登记本人意见。"),
    )


@only_for(Role.HR)
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a correction."""
    one = fetched(request, pk)
    return _page(
        request,
        one,
        row=one,
        form=ReasonForm(request.POST or None, label=_("更正的原因和依据")),
        title=_("更正考核结果"),
        intro=_("原结果、通知书、证书和本人意见随即失效，由考核委员会在原名额内重新确定；改定优秀的，要重新公示。"),
        submit=_("启动更正"),
        act=lambda data: conclusion.reopen(
            appraisal=one, now=clock.now(), today=clock.today(), actor=request.user, **data
        ),
        done=_("已启动更正，请考核委员会重新确定等次。"),
    )


@only_for(Role.HR)
def keep_grade(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a decided grade stand although the records changed."""
    one = fetched(request, pk)
    return _page(
        request,
        one,
        row=one,
        form=KeepForm(request.POST or None, label=_("维持原等次的理由")),
        title=_("维持考核结果"),
        intro=_("有关记录变化以后，经研究维持原等次的，写明由谁决定和理由。"),
        submit=_("维持考核结果"),
        act=lambda data: actions.keep_grade(appraisal=one, today=clock.today(), actor=request.user, **data),
        done=_("已维持原等次。"),
    )


@only_for(Role.HR)
def return_review(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a review back before the decision."""
    one = fetched(request, pk)
    return _page(
        request,
        one,
        row=one,
        form=ReasonForm(request.POST or None, label=_("退回的原因")),
        title=_("退回评鉴"),
        intro=_("确定等次以前，个人总结、民主测评等有误的，退回评鉴，改正后由主管领导重新评鉴。原评语留在审计记录中。"),
        submit=_("退回评鉴"),
        act=lambda data: actions.return_review(appraisal=one, today=clock.today(), actor=request.user, **data),
        done=_("已退回评鉴。"),
    )


@only_for(Role.HR)
@require_POST
def mark_post(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark, or unmark, a holder of a section's leading post."""
    one = fetched(request, pk)
    holds = request.POST.get("holds") == "yes"
    preparation.mark_post(appraisal=one, holds=holds, today=clock.today(), actor=request.user)
    return redirect(page_of(one))


@only_for(Role.HR)
@require_POST
def set_apart(request: HttpRequest, pk: int) -> HttpResponse:
    """Take somebody out whom the rules do not appraise here any more."""
    one = fetched(request, pk)
    participation.set_apart(appraisal=one, today=clock.today(), actor=request.user)
    messages.success(request, _("已将 %(name)s 移出本次考核。") % {"name": one.name})
    return redirect("appraisals_admin:cycle", one.cycle_id)


@only_for(Role.HR)
@require_POST
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """归档 of one person."""
    one = fetched(request, pk)
    conclusion.file(appraisals=[one], cycle=one.cycle, today=clock.today(), actor=request.user, also_disagreeing=True)
    messages.success(request, _("%(name)s 的年度考核已归档。") % {"name": one.name})
    return redirect(page_of(one))


@only_for(Role.HR)
@require_POST
def publicise(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the public notice of a corrected 优秀."""
    one = fetched(request, pk)
    conclusion.publicise_correction(appraisal=one, today=clock.today(), actor=request.user)
    return redirect(page_of(one))


@only_for(Role.HR)
@require_POST
def withdraw_correction_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Take that notice back."""
    one = fetched(request, pk)
    conclusion.withdraw_correction_notice(
        appraisal=one,
        reason=request.POST.get("reason", ""),
        today=clock.today(),
        actor=request.user,
    )
    return redirect(page_of(one))


@only_for(Role.HR)
@require_POST
def complete_correction(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the corrected result stand."""
    one = fetched(request, pk)
    conclusion.complete_correction(appraisal=one, today=clock.today(), actor=request.user)
    messages.success(request, _("%(name)s 的更正结果已生效，请重新签发通知书。") % {"name": one.name})
    return redirect(page_of(one))
