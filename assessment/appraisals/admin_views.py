"""HR's pages of a cycle in the back office: what stands, what is next, who is where; and its steps one by one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assessment.appraisals import conclusion, participation, publicity, queries, rules
from assessment.appraisals.enums import Stance, Treatment
from assessment.appraisals.forms import AnswerForm, ObjectionForm, OpenCycleForm, PeopleFilter, QuotaForm
from assessment.appraisals.handlers import FORMS, ISSUE, MERGED, ZIP, refuse_unsigned
from assessment.appraisals.models import Appraisal, AppraisalCycle, Objection
from assessment.appraisals.parameters import APPROVED_PERCENT, QUOTA_PERCENT
from assessment.appraisals.person_views import fetched
from assessment.appraisals.records import Outlook, grounds_kept, outlooks_of, restricted
from foundation.jobs.actions import start
from foundation.offers import clock
from foundation.offers.types import Refused
from foundation.people.back_office import only_for
from foundation.people.cadre_views import form_page
from foundation.people.enums import Role
from foundation.people.queries import kept_apart
from foundation.people.scope import fetch, role_units, visible
from foundation.rulebook.queries import parameter

PEOPLE_A_PAGE = 50


def page_of(cycle: AppraisalCycle) -> str:
    """The address of a cycle's page."""
    return reverse("appraisals_admin:cycle", args=[cycle.pk])


@only_for(Role.HR)
def cycles(request: HttpRequest) -> HttpResponse:
    """All cycles in the officer's scope, and the decided years on which records bear otherwise by now."""
    found = visible(request.user, AppraisalCycle, action="manage").select_related("unit")
    context = {"cycles": found, "affected": queries.affected(request.user, clock.today())}
    return render(request, "appraisals/admin/cycles.html", context)


@only_for(Role.HR)
def open_cycle(request: HttpRequest) -> HttpResponse:
    """Open a year's appraisal for a unit."""
    today = clock.today()
    initial = {"year": rules.year_to_open(today)}
    form = OpenCycleForm(request.POST or None, units=role_units(request.user, Role.HR), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            cycle = participation.open_cycle(actor=request.user, today=today, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            for one in queries.appraised_elsewhere(cycle):
                who = {"name": one.name, "cycle": one.cycle}
                messages.warning(request, _("%(name)s 已在 %(cycle)s 中，没有列入本次考核。") % who)
            return redirect("appraisals_admin:cycle", cycle.pk)
    return render(request, "appraisals/admin/open.html", {"form": form})


@dataclass(frozen=True)
class Row:
    """One person on the cycle's page. is_veiled: the reader or somebody whom they avoid in office."""

    one: Appraisal
    outlook: Outlook
    is_veiled: bool
    is_signed: bool

    @property
    def said(self) -> list[str]:
        """What limits the year, in the words that HR may read."""
        return [] if self.is_veiled else self.outlook.restricted

    @property
    def is_out(self) -> bool:
        """Whether the rules do not appraise the person here any more."""
        return self.one.is_open and self.outlook.treatment is None and not self.is_veiled

    @property
    def is_undetermined(self) -> bool:
        return self.one.is_open and self.outlook.treatment == Treatment.UNDETERMINED and not self.is_veiled

    def lacks(self, step: str) -> bool:
        """Whether a step of _steps() is still missing."""
        one = self.one
        summary = getattr(one, "summary", None)
        return {
            "summary": summary is None or not summary.is_done,
            "evaluation": one.holds_section_post and getattr(one, "evaluation", None) is None,
            "review": not one.is_reviewed and self.outlook.treatment != Treatment.NEITHER,
            "decision": not one.is_decided,
            "opinion": not self.is_signed,
            "filing": not one.is_filed,
        }[step]


def _steps() -> list[tuple[str, str]]:
    """What HR may filter a cycle's people by: what is still missing."""
    return [
        ("", _("全部")),
        ("summary", _("缺个人总结")),
        ("evaluation", _("缺民主测评结果")),
        ("review", _("未评鉴")),
        ("decision", _("未确定等次")),
        ("opinion", _("未签署意见")),
        ("filing", _("未归档")),
    ]


@only_for(Role.HR)
def cycle(request: HttpRequest, pk: int) -> HttpResponse:
    """One cycle: every step's counts and what is next, what records changed, its people with filters."""
    found = fetch(request.user, AppraisalCycle, pk=pk, action="manage")
    today = clock.today()
    people = queries.people_of(found, reader=request.user, today=today)
    apart = kept_apart(request.user, today)
    known = outlooks_of(people, as_of=today)
    opinions = queries.opinions_in_force().filter(appraisal__cycle=found)
    signed = set(opinions.values_list("appraisal", flat=True))
    rows = [
        Row(
            one=one,
            outlook=known[one.pk],
            is_veiled=one.cadre_id in apart,
            is_signed=one.pk in signed,
        )
        for one in people
    ]
    form = PeopleFilter(request.GET or None, steps=_steps())
    chosen = form.cleaned_data if form.is_bound and form.is_valid() else {}
    shown = [row for row in rows if _fits(row, chosen)]
    query = request.GET.copy()
    query.pop("p", None)
    context = {
        "cycle": found,
        "page": Paginator(shown, PEOPLE_A_PAGE).get_page(request.GET.get("p")),
        "query": query.urlencode(),
        "form": form,
        "standing": queries.standing(found),
        "aftermath": queries.aftermath(found) if found.is_final else None,
        "affected": queries.affected_of([one for one in people if one.cadre_id not in apart], today=today),
        "left_out": [state.cadre for state in queries.left_out(found, today) if state.cadre_id not in apart],
        "out": [row.one for row in rows if row.is_out],
        "undetermined": [row.one for row in rows if row.is_undetermined],
        "set_apart": [
            (row, row.cadre_id in apart, restricted(grounds_kept(row.grounds), is_uncommented=False))
            for row in found.set_apart.all()
        ],
        "objections": found.objections.exclude(appraisal__cadre__in=apart).select_related("appraisal"),
        "approvals": found.approvals.all(),
        "notice_over": found.is_notice_over(today),
        "units": sorted({(one.unit_id, one.unit_name) for one in people}, key=lambda pair: pair[1]),
    }
    return render(request, "appraisals/admin/cycle.html", context)


def _fits(row: Row, chosen: dict[str, Any]) -> bool:
    """Whether a person is among those whom the filters ask for; a veiled row tells nothing by being filtered."""
    one = row.one
    words = chosen.get("q", "").strip()
    if words and words not in one.name and words.lower() not in one.work_number.lower():
        return False
    step, grade = chosen.get("step", ""), chosen.get("grade", "")
    if row.is_veiled and (grade or step):
        return False
    return (not step or row.lacks(step)) and (not grade or one.grade == grade)


@only_for(Role.HR)
@require_POST
def start_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the public notice."""
    found = fetch(request.user, AppraisalCycle, pk=pk, action="manage")
    begun = publicity.start_notice(cycle=found, actor=request.user, today=clock.today())
    until = {"day": date_format(begun.notice_to or clock.today())}
    messages.success(request, _("已开始公示，到%(day)s为止，并已通知本单位人员。") % until)
    return redirect("appraisals_admin:cycle", found.pk)


@only_for(Role.HR)
@require_POST
def withdraw_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the public notice back, so that an upheld objection can be acted on."""
    found = fetch(request.user, AppraisalCycle, pk=pk, action="manage")
    reason = request.POST.get("reason", "").strip()
    publicity.withdraw_notice(cycle=found, reason=reason, now=clock.now(), actor=request.user)
    messages.success(request, _("已撤回公示，可以改定等次。"))
    return redirect("appraisals_admin:cycle", found.pk)


@only_for(Role.HR)
@require_POST
def finalise(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm the results."""
    found = fetch(request.user, AppraisalCycle, pk=pk, action="manage")
    publicity.finalise(cycle=found, actor=request.user, today=clock.today())
    messages.success(request, _("考核结果已确认，可以签发通知书。"))
    return redirect("appraisals_admin:cycle", found.pk)


@only_for(Role.HR)
@require_POST
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Start the job that issues notices and certificates, or registration forms, for all, a unit or one person, and
    packs them in one file or as a zip; its page shows the progress and hands the file out."""
    found = fetch(request.user, AppraisalCycle, pk=pk, action="manage")
    if not found.is_final:
        raise Refused("not_final", _("%(cycle)s 的结果还没有确认，不能签发文书。") % {"cycle": found})
    kind = FORMS if request.POST.get("papers") == "forms" else ISSUE
    only = {name: int(request.POST[name]) for name in ("unit", "person") if request.POST.get(name, "").isdigit()}
    if "person" in only:
        fetched(request, only["person"])  # 404 for the own, and for whom the officer avoids in office
    if kind == FORMS:
        refuse_unsigned(found, **only)
    packing = ZIP if request.POST.get("packing") == ZIP else MERGED
    job = start(kind, actor=request.user, cycle=found.pk, packing=packing, **only)
    return redirect("jobs:progress", job_id=job.pk)


@only_for(Role.HR)
@require_POST
def file_all(request: HttpRequest, pk: int) -> HttpResponse:
    """归档 of everybody whose notice and opinion stand."""
    found = fetch(request.user, AppraisalCycle, pk=pk, action="manage")
    filed = conclusion.file(appraisals=found.appraisals.all(), cycle=found, today=clock.today(), actor=request.user)
    messages.success(request, _("已归档 %(n)s 人。") % {"n": filed})
    opinions = queries.opinions_in_force().filter(appraisal__cycle=found, appraisal__filed_on=None)
    if left := opinions.filter(stance=Stance.DISAGREE).count():
        messages.warning(request, _("有异议的 %(n)s 人没有归档，请打开本人页面逐人办理。") % {"n": left})
    return redirect("appraisals_admin:cycle", found.pk)


@only_for(Role.HR)
def approve_quota(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down the approval of a higher percentage of 优秀."""
    found = fetch(request.user, AppraisalCycle, pk=pk, action="manage")
    today = clock.today()
    return form_page(
        request,
        form=QuotaForm(request.POST or None),
        row=found,
        title=_("登记优秀比例审核同意"),
        intro=_("一般不超过 %(usual)s%%。经同级公务员主管部门审核同意的，可以提高，最高 %(most)s%%（规则 A5）。")
        % {
            "usual": parameter(QUOTA_PERCENT, on=today, unit=found.unit_id),
            "most": parameter(APPROVED_PERCENT, on=today, unit=found.unit_id),
        },
        submit=_("登记审核同意"),
        back=page_of(found),
        act=lambda data: participation.approve_quota(cycle=found, today=today, actor=request.user, **data),
        done=_("已登记，名额按新的比例计算。"),
    )


@only_for(Role.HR)
def add_objection(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down an objection to the public notice."""
    found = fetch(request.user, AppraisalCycle, pk=pk, action="manage")
    people = queries.in_notice(found).exclude(cadre__in=kept_apart(request.user, clock.today()))
    return form_page(
        request,
        form=ObjectionForm(request.POST or None, people=people),
        title=_("登记公示异议"),
        intro=_("公示期内反映的问题逐条登记。没有办结的异议，会使结果不能确认。"),
        submit=_("登记公示异议"),
        back=page_of(found),
        act=lambda data: conclusion.record_objection(today=clock.today(), actor=request.user, **data),
        done=_("已登记公示异议。"),
    )


@only_for(Role.HR)
def answer_objection(request: HttpRequest, pk: int, objection: int) -> HttpResponse:
    """Write down what came of an objection."""
    found = fetch(request.user, AppraisalCycle, pk=pk, action="manage")
    open_to = Objection.objects.filter(cycle=found).exclude(
        appraisal__cadre__in=kept_apart(request.user, clock.today())
    )
    row = open_to.filter(pk=objection).select_related("appraisal").first()
    if row is None:
        raise Refused("gone", _("没有这条公示异议。"))
    return form_page(
        request,
        form=AnswerForm(request.POST or None),
        row=row,
        title=_("办结公示异议：%(name)s") % {"name": row.appraisal.name},
        intro=row.text,
        submit=_("办结公示异议"),
        back=page_of(found),
        act=lambda data: conclusion.answer_objection(objection=row, today=clock.today(), actor=request.user, **data),
        done=_("已办结公示异议。"),
    )


@only_for(Role.HR)
@require_POST
def take_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Put somebody into the cycle by the work number: who came later, or was set apart."""
    found = fetch(request.user, AppraisalCycle, pk=pk, action="manage")
    number = request.POST.get("work_number", "")
    taken = participation.take_in(cycle=found, work_number=number, today=clock.today(), actor=request.user)
    messages.success(request, _("已将 %(name)s 列入本次考核。") % {"name": taken.name})
    return redirect("appraisals_admin:cycle", found.pk)
