"""Why a row is read. The purpose is asked before a page shows anything of the row, kept for this session and this row
alone, and noted with every page that shows it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from assessment.discipline.enums import Event
from assessment.discipline.forms import PurposeForm
from foundation.audit.record import record_read

KEY = "discipline_purposes"


def given(request: HttpRequest, row: Model) -> str:
    """The purpose given for the row in this session, in the words of the trail; empty for none."""
    return str(request.session.get(KEY, {}).get(_mark(row), ""))


def keep(request: HttpRequest, row: Model, words: str) -> None:
    """Keep the purpose that was given for the row."""
    request.session[KEY] = request.session.get(KEY, {}) | {_mark(row): words}


def question(request: HttpRequest, row: Model) -> HttpResponse | None:
    """The question for the purpose, at the address that was asked for; its answer leads back there. None where it has
    been answered for this row."""
    form = PurposeForm(request.POST if "purpose" in request.POST else None)
    if form.is_valid():
        keep(request, row, form.words)
        return redirect(request.path)
    if given(request, row) and not form.is_bound:
        return None
    return render(request, "discipline/admin/purpose.html", {"form": form, "row": row})


def noted(request: HttpRequest, page: HttpResponse, *, rows: Iterable[Model], purpose: str) -> HttpResponse:
    """The page, handed out once the trail has that it shows the rows; an answer that leads elsewhere shows none."""
    if page.status_code == 200:
        record_read(targets=rows, actor=request.user, purpose=purpose, event=Event.OPENED)
    return page


def _mark(row: Model) -> str:
    return f"{row._meta.label_lower}.{row.pk}"
