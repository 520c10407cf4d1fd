"""A bank's questions one by one in the back office: written, revised, withdrawn; and the bank as a workbook."""

from __future__ import annotations

import io

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from foundation.audit.record import record
from foundation.exchange.writing import write_xlsx
from foundation.offers import clock
from foundation.people.back_office import only_for
from foundation.people.cadre_views import form_page
from foundation.people.enums import Role
from learning.questions import actions
from learning.questions.enums import Event
from learning.questions.forms import QuestionForm
from learning.questions.models import Bank, Question, QuestionVersion
from learning.questions.queries import newest_versions
from learning.questions.sheets import LIST_COLUMNS, as_row

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def page_of(bank: Bank | int) -> str:
    """The address of a bank with its questions."""
    return reverse("banks:inspect", args=[bank if isinstance(bank, int) else bank.pk])


@only_for(Role.TRAINER)
def add(request: HttpRequest, bank: int) -> HttpResponse:
    """Write a question."""
    held = get_object_or_404(Bank, pk=bank)
    form = QuestionForm(request.POST or None)
    return form_page(
        request,
        form=form,
        title=_("新增题目"),
        intro=str(held),
        submit=_("新增题目"),
        back=page_of(held),
        act=lambda _data: actions.add_question(bank=held, draft=form.draft, actor=request.user),
        done=_("题目已新增。"),
    )


@only_for(Role.TRAINER)
def revise(request: HttpRequest, pk: int) -> HttpResponse:
    """Revise a question: a new version."""
    question = get_object_or_404(Question.objects.select_related("bank"), pk=pk)
    newest = QuestionVersion.objects.filter(question=question).select_related("question").order_by("number").last()
    assert newest is not None  # a question comes with its first version
    form = QuestionForm(request.POST or None, initial=QuestionForm.written(newest))
    return form_page(
        request,
        form=form,
        row=newest,
        title=_("修订题目"),
        intro=_("现在是第 %(n)s 版。已经发出的试卷和成绩保持原来的版本，以后抽题用新的版本。") % {"n": newest.number},
        submit=_("保存为新版本"),
        back=page_of(question.bank_id),
        act=lambda _data: actions.revise_question(seen=newest, draft=form.draft, actor=request.user),
        done=_("题目已修订。"),
    )


@only_for(Role.TRAINER)
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Draw a question no more."""
    question = actions.withdraw_question(
        question=get_object_or_404(Question, pk=pk), now=clock.now(), actor=request.user
    )
    left = newest_versions(question.bank).count()
    messages.success(request, _("题目已停用，题库还有 %(n)s 题在用。抽题数超过这个数的考试将不能开始。") % {"n": left})
    return redirect(page_of(question.bank_id))


@only_for(Role.TRAINER)
@require_POST
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Draw it again."""
    question = actions.restore_question(question=get_object_or_404(Question, pk=pk), actor=request.user)
    messages.success(request, _("题目已恢复。"))
    return redirect(page_of(question.bank_id))


@only_for(Role.TRAINER)
def export(request: HttpRequest, bank: int) -> HttpResponse:
    """The questions that can be drawn, as the import reads them."""
    held = get_object_or_404(Bank, pk=bank)
    file = io.BytesIO()
    rows = (as_row(version) for version in newest_versions(held))
    written = write_xlsx(file, title=held.name, columns=LIST_COLUMNS, rows=rows)
    record(Event.EXPORTED, target=held, actor=request.user, rows=written)
    named = content_disposition_header(as_attachment=True, filename=f"{held.name}.xlsx") or ""
    return HttpResponse(file.getvalue(), content_type=XLSX, headers={"Content-Disposition": named})
