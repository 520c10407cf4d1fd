"""文书登记: HR's look at what was issued; taking out of force, issuing anew, the list as a workbook."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from foundation.audit.record import record
from foundation.documents import actions, queries, rules
from foundation.documents.enums import Event
from foundation.documents.models import IssuedDocument
from foundation.exchange.writing import write_xlsx
from foundation.offers.find import kinds
from foundation.offers.lists import Column, Write
from foundation.offers.types import Refused
from foundation.people.back_office import only_for
from foundation.people.certificates_forms import ReasonForm, RegisterForm
from foundation.people.enums import Role

PAGE = 50
MOST_EXPORTED = 50_000
HEADINGS = (
    ("serial", gettext_lazy("编号"), Write.TEXT),
    ("kind", gettext_lazy("种类"), Write.TEXT),
    ("holder", gettext_lazy("持有人"), Write.TEXT),
    ("issued_on", gettext_lazy("签发日期"), Write.DATE),
    ("issued_by", gettext_lazy("签发人"), Write.TEXT),
    ("state", gettext_lazy("状态"), Write.TEXT),
    ("revoked_on", gettext_lazy("撤销日期"), Write.DATE),
    ("revoked_reason", gettext_lazy("撤销原因"), Write.TEXT),
    ("superseded_by", gettext_lazy("由其代替"), Write.TEXT),
    ("sha256", "SHA-256", Write.TEXT),
)


def _form(request: HttpRequest) -> RegisterForm:
    offered = [(kind.code, kind.title) for kind in kinds().values() if kind.keeps is not None]
    return RegisterForm(request.GET, kinds=offered)


def _rows(request: HttpRequest, form: RegisterForm) -> QuerySet[IssuedDocument]:
    if not form.is_valid():
        return IssuedDocument.objects.none()
    kind, sought, state = (form.cleaned_data[name] for name in ("kind", "q", "state"))
    rows = queries.register(request.user)
    if kind:
        rows = rows.filter(kind=kind)
    if state:
        rows = rows.filter(revoked_at__isnull=state == "valid")
    if sought:
        serial = rows.filter(serial=rules.typed_serial(sought))
        rows = serial if serial.exists() else rows.filter(holder_name__contains=sought)
    return rows


@only_for(Role.HR)
@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """The register, the newest first, by keyset."""
    form = _form(request)
    rows = _rows(request, form)
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) <= 18:
        rows = rows.filter(pk__lt=int(before))
    page = list(rows[: PAGE + 1])
    asked = request.GET.copy()
    asked.pop("before", None)
    context = {
        "form": form,
        "documents": page[:PAGE],
        "older": page[PAGE - 1].pk if len(page) > PAGE else None,
        "asked": asked.urlencode(),
    }
    return render(request, "people/admin/register.html", context)


@only_for(Role.HR)
@require_safe
def export_register(request: HttpRequest) -> HttpResponse:
    """The same rows as a workbook; the export is recorded."""
    rows = _rows(request, _form(request)).select_related("issued_by", "superseded_by")
    if rows[MOST_EXPORTED : MOST_EXPORTED + 1]:
        raise Refused("too_many", _("超过 %(n)s 份，请缩小范围再导出。") % {"n": MOST_EXPORTED})
    columns = [Column(name, (str(heading),), write=write) for name, heading, write in HEADINGS]
    made = io.BytesIO()
    write_xlsx(made, title=_("文书登记"), columns=columns, rows=_lines(rows))
    with transaction.atomic():
        record(Event.REGISTER_EXPORTED, target=IssuedDocument(pk=0), actor=request.user, asked=request.GET.dict())
    response = HttpResponse(
        made.getvalue(), content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    response["Content-Disposition"] = 'attachment; filename="documents.xlsx"'
    response["Cache-Control"] = "private, no-store"
    return response


def _lines(rows: QuerySet[IssuedDocument]) -> Iterator[dict[str, Any]]:
    for row in rows.iterator(chunk_size=2000):
        yield {
            "serial": row.serial,
            "kind": str(row.offer.title),
            "holder": row.holder_name,
            "issued_on": row.issued_on,
            "issued_by": str(row.issued_by or ""),
            "state": _("已撤销") if row.is_revoked else _("有效"),
            "revoked_on": row.revoked_on,
            "revoked_reason": row.revoked_reason,
            "superseded_by": row.superseded_by.serial if row.superseded_by else "",
            "sha256": row.sha256,
        }


def _one(request: HttpRequest, serial: str) -> IssuedDocument:
    rows = queries.register(request.user).select_related("issued_by", "superseded_by")
    return get_object_or_404(rows, serial=serial)


@only_for(Role.HR)
@require_safe
def document(request: HttpRequest, serial: str) -> HttpResponse:
    """One document: what it says, its file, and what may be done with it."""
    found = _one(request, serial)
    return _document(request, found, ReasonForm(auto_id="revoke_%s"), ReasonForm(auto_id="reissue_%s"))


def _document(request: HttpRequest, found: IssuedDocument, revoking: ReasonForm, again: ReasonForm) -> HttpResponse:
    context = {
        "document": found,
        "may_open": queries.may_open(request.user, found),
        "issued_at": timezone.localtime(found.issued_at),
        "check": rules.grouped(found.facts_hash),
        "revoking": revoking,
        "again": again,
        "before": list(found.supersedes.all()),
    }
    return render(
        request, "people/admin/document.html", context, status=400 if revoking.errors or again.errors else 200
    )


@only_for(Role.HR)
@require_POST
def revoke(request: HttpRequest, serial: str) -> HttpResponse:
    """Take a document out of force."""
    found = _one(request, serial)
    form = ReasonForm(request.POST, auto_id="revoke_%s")
    if form.is_valid():
        actions.revoke(document=found, reason=form.cleaned_data["reason"], actor=request.user)
        messages.success(request, _("%(serial)s 已经撤销。") % {"serial": found.serial})
        return redirect("certificates_admin:document", found.serial)
    return _document(request, found, form, ReasonForm(auto_id="reissue_%s"))


@only_for(Role.HR)
@require_POST
def reissue(request: HttpRequest, serial: str) -> HttpResponse:
    """Take a document out of force and issue it anew as the records stand today."""
    found = _one(request, serial)
    form = ReasonForm(request.POST, auto_id="reissue_%s")
    if form.is_valid():
        new = actions.reissue(document=found, reason=form.cleaned_data["reason"], actor=request.user)
        messages.success(request, _("已经重新签发：%(new)s 代替 %(old)s。") % {"new": new.serial, "old": found.serial})
        return redirect("certificates_admin:document", new.serial)
    return _document(request, found, ReasonForm(auto_id="revoke_%s"), form)
