"""Files that are no list, in the back office: upload, look at what would come of them, confirm."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import get_resolver
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_POST

from foundation.exchange import parcels
from foundation.exchange.forms import ParcelForm
from foundation.exchange.parcels import Parcel
from foundation.offers.find import file_screens
from foundation.offers.types import FileScreen, Unreadable

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def screens_of(account: Any) -> dict[str, FileScreen]:
    """The pages that the account may use, by the importer's name."""
    return {name: one.screen for name, one in file_screens().items() if one.screen and one.screen.may_use(account)}


def denied(request: HttpRequest) -> HttpResponseBase:
    """The page of a missing role. A PermissionDenied raised in the back office would be turned by Wagtail into a way
    home with a message."""
    page: Callable[..., HttpResponseBase] = get_resolver().resolve_error_handler(403)
    return page(request, PermissionDenied())


def for_screen(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A decorator for views of one importer by its name: 404 where there is none, 403 where it is not the person's."""

    @wraps(view)
    def inner(request: HttpRequest, name: str) -> HttpResponseBase:
        if name not in file_screens():
            raise Http404
        if name not in screens_of(request.user):
            return denied(request)
        return view(request, name)

    return inner


def for_owner(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A decorator for views of a parcel: 404 for everybody but its owner, 403 where their role has ended since."""

    @wraps(view)
    def inner(request: HttpRequest, pk: UUID) -> HttpResponseBase:
        parcel = parcels.parcel_of(request.user, pk)
        if parcel is None:
            raise Http404
        if not parcel.screen.may_use(request.user):
            return denied(request)
        return view(request, parcel)

    return inner


@for_screen
def receive(request: HttpRequest, name: str) -> HttpResponse:
    """Upload files, and what the import needs to know of them."""
    importer = file_screens()[name]
    screen = screens_of(request.user)[name]
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ParcelForm(*sent, screen=screen, importer=importer)
    if form.is_bound and form.is_valid():
        try:
            parcel = parcels.receive(
                importer=importer, files=form.cleaned_data["sent"], arguments=form.arguments, owner=request.user
            )
        except Unreadable as problem:
            form.add_error("sent", str(problem))
        else:
            return redirect("exchange_admin:parcel", parcel.pk)
    context = {"name": name, "screen": screen, "form": form, "has_sample": screen.sample is not None}
    return render(request, "exchange/admin/files.html", context, status=422 if form.errors else 200)


@for_screen
@require_GET
def sample(request: HttpRequest, name: str) -> HttpResponse:
    """An example of the file."""
    screen = screens_of(request.user)[name]
    if screen.sample is None:
        raise Http404
    file = io.BytesIO()
    screen.sample(file)
    disposition = content_disposition_header(as_attachment=True, filename=f"{screen.title}.xlsx") or ""
    return HttpResponse(file.getvalue(), content_type=WORKBOOK, headers={"Content-Disposition": disposition})


@for_owner
@require_GET
def parcel(request: HttpRequest, found: Parcel) -> HttpResponse:
    """What would come of the files, or what has."""
    answer = found.outcome or found.trial
    counts = [(label, answer.get(key, 0), key == "bad") for key, label in found.screen.counts.items()]
    context = {
        "parcel": found,
        "screen": found.screen,
        "counts": counts,
        "problems": answer.get("problems", []),
        "has_errors": bool(answer.get("bad")),
        "done_url": found.screen.done_url(**found.arguments) if found.outcome else "",
    }
    return render(request, "exchange/admin/parcel.html", context)


@for_owner
@require_POST
def confirm(request: HttpRequest, found: Parcel) -> HttpResponse:
    """Bring them in."""
    return redirect("jobs:progress", parcels.confirm(parcel=found, actor=request.user).pk)
