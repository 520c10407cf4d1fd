"""HR's certificates in the back office: batches with a text and people, proofs of employment, slips, the gallery."""

from __future__ import annotations

import base64
import tempfile
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from foundation.documents import batches as actions
from foundation.documents import preview
from foundation.documents.models import Batch
from foundation.jobs.actions import start
from foundation.offers import clock
from foundation.offers.find import kinds
from foundation.offers.lists import Problem
from foundation.offers.types import Ref, Refused, Unreadable
from foundation.people import slips as passwords
from foundation.people.back_office import only_for
from foundation.people.certificates_forms import EmploymentForm, HonourForm, ListForm, SlipsForm
from foundation.people.employment import prove_employment
from foundation.people.enums import Role
from foundation.people.handlers import ISSUE_BATCH
from foundation.people.kinds import HONOUR, batches, honour_data, recipients
from foundation.people.models import Cadre, Unit
from foundation.people.recipient_lists import people_of_file
from foundation.people.scope import role_units, visible

PAGE = 50
MOST_FOUND = 100  # people that a search shows; more are added by their unit or by a list
MOST_PROBLEMS = 200
MOST_SHOWN = 500  # of the people of a batch
SAMPLE_NAME = "周建新"


def _mine(request: HttpRequest, pk: int) -> Batch:
    return get_object_or_404(batches(request.user), pk=pk)


def _units(request: HttpRequest) -> QuerySet[Unit]:
    return role_units(request.user, Role.HR).order_by("path")


def _people(request: HttpRequest) -> QuerySet[Cadre]:
    return visible(request.user, Cadre, action="change").select_related("unit").order_by("unit__path", "work_number")


@only_for(Role.HR)
@require_safe
def batch_list(request: HttpRequest) -> HttpResponse:
    """The officer's batches, the newest first, by keyset."""
    found = batches(request.user).select_related("made_by").order_by("-pk")
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) <= 18:
        found = found.filter(pk__lt=int(before))
    page = list(found[: PAGE + 1])
    older = page[PAGE - 1].pk if len(page) > PAGE else None
    rows = [{"batch": batch, "kind": kinds()[batch.kind].title} for batch in page[:PAGE]]
    return render(request, "people/admin/batches.html", {"rows": rows, "older": older})


def _first_words(request: HttpRequest) -> dict[str, Any]:
    unit = _units(request).first()
    today = clock.today()
    return {"unit": unit, "signer": unit.name if unit else "", "dated_on": today, "year": today.year}


@only_for(Role.HR)
def new_batch(request: HttpRequest) -> HttpResponse:
    """Write an honour certificate."""
    form = HonourForm(request.POST or None, units=_units(request), initial=_first_words(request))
    if request.method == "POST" and form.is_valid():
        words = dict(form.cleaned_data)
        batch = actions.make_batch(kind=HONOUR, unit=Ref.to(words.pop("unit")), actor=request.user, **words)
        return redirect("certificates_admin:batch", batch.pk)
    return render(request, "people/admin/batch_form.html", {"form": form, "batch": None})


@only_for(Role.HR)
def edit_batch(request: HttpRequest, pk: int) -> HttpResponse:
    """Write it differently, as long as it is a draft."""
    batch = _mine(request, pk)
    if batch.kind != HONOUR:
        raise Http404
    form = HonourForm(request.POST or None, units=_units(request), initial=HonourForm.words_of(batch))
    if request.method == "POST" and form.is_valid():
        words = dict(form.cleaned_data)
        unit = words.pop("unit")
        try:
            actions.change_batch(batch=batch, actor=request.user, unit_pk=unit.pk, unit_name=unit.name, **words)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("certificates_admin:batch", batch.pk)
    return render(request, "people/admin/batch_form.html", {"form": form, "batch": batch})


@only_for(Role.HR)
@require_POST
def preview_batch(request: HttpRequest) -> HttpResponse:
    """The certificate as it would be with the words typed so far: a fragment with a picture, or what is in the way."""
    form = HonourForm(request.POST, units=_units(request))
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        words = dict(form.cleaned_data)
        unit = words.pop("unit")
        data = honour_data(Batch(**words), name=SAMPLE_NAME, facts={"unit": unit.name, "post": "主任科员"})
        try:
            pdf = preview.sheet(kinds()[HONOUR], data, holder=SAMPLE_NAME)
        except Refused as refusal:
            context["refusal"] = str(refusal)
        else:
            context["picture"] = base64.b64encode(preview.picture(pdf)).decode()
    return render(request, "people/admin/_preview.html", context)


@only_for(Role.HR)
@require_safe
def batch_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One batch: its words, its people, and the next step."""
    return _batch_page(request, _mine(request, pk), ListForm())


def _batch_page(
    request: HttpRequest, batch: Batch, form: ListForm, problems: list[Problem] | None = None, status: int = 200
) -> HttpResponse:
    sought = request.GET.get("q", "").strip()
    unit = request.GET.get("unit", "")
    found = _sought(request, sought, unit) if sought or unit else None
    context = {
        "batch": batch,
        "kind": kinds()[batch.kind].title,
        "is_honour": batch.kind == HONOUR,
        "people": batch.recipients.all()[:MOST_SHOWN],
        "count": batch.recipients.count(),
        "units": _units(request),
        "sought": sought,
        "unit": unit,
        "found": list(found[:MOST_FOUND]) if found is not None else None,
        "found_count": found.count() if found is not None else 0,
        "form": form,
        "problems": (problems or [])[:MOST_PROBLEMS],
        "problem_count": len(problems or []),
    }
    return render(request, "people/admin/batch.html", context, status=status)


def _sought(request: HttpRequest, sought: str, unit: str) -> QuerySet[Cadre]:
    people = _people(request)
    if sought:
        people = people.filter(Q(name__contains=sought) | Q(work_number=sought))
    if unit:
        where = _units(request).filter(pk=unit).first() if unit.isascii() and unit.isdigit() else None
        people = people.filter(unit__path__startswith=where.path) if where else people.none()
    return people


@only_for(Role.HR)
@require_POST
def add_people(request: HttpRequest, pk: int) -> HttpResponse:
    """Add the people that are ticked, or all that a search found."""
    batch = _mine(request, pk)
    if "all" in request.POST:
        people = _sought(request, request.POST.get("q", "").strip(), request.POST.get("unit", ""))
    else:
        ticked = [word for word in request.POST.getlist("cadre") if word.isascii() and word.isdigit()]
        people = _people(request).filter(pk__in=ticked)
    _add(request, batch, list(people[: actions.MOST_PEOPLE + 1]))
    return redirect("certificates_admin:batch", batch.pk)


def _add(request: HttpRequest, batch: Batch, people: list[Cadre]) -> None:
    added = actions.add_recipients(batch=batch, people=recipients(people, kind=batch.kind), actor=request.user)
    there = len(people) - added
    said = _("添加了 %(n)s 人。") % {"n": added}
    messages.success(request, said + (_("另有 %(n)s 人已在名单中。") % {"n": there} if there else ""))


@only_for(Role.HR)
@require_POST
def add_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Add the people of a sheet: all of them, or, with every wrong row named, none."""
    batch = _mine(request, pk)
    form = ListForm(request.POST, request.FILES)
    if not form.is_valid():
        return _batch_page(request, batch, form, status=400)
    try:
        people, problems = _read(form.cleaned_data["file"], among=_people(request))
    except Unreadable as error:
        form.add_error("file", str(error))
        return _batch_page(request, batch, form, status=400)
    if problems:
        return _batch_page(request, batch, form, problems, status=400)
    _add(request, batch, people)
    return redirect("certificates_admin:batch", batch.pk)


def _read(upload: UploadedFile, *, among: QuerySet[Cadre]) -> tuple[list[Cadre], list[Problem]]:
    """The people of an upload, which becomes a file for that long: the reader of sheets takes a path."""
    with tempfile.NamedTemporaryFile(prefix="list-") as file:
        for chunk in upload.chunks():
            file.write(chunk)
        file.flush()
        return people_of_file(Path(file.name), among=among)


@only_for(Role.HR)
@require_POST
def remove_person(request: HttpRequest, pk: int, recipient: int) -> HttpResponse:
    """Take somebody out of a draft."""
    batch = _mine(request, pk)
    actions.remove_recipient(batch=batch, recipient=recipient, actor=request.user)
    return redirect("certificates_admin:batch", batch.pk)


@only_for(Role.HR)
@require_POST
def issue_batch(request: HttpRequest, pk: int) -> HttpResponse:
    """Close the batch and start the job that issues its papers."""
    batch = actions.close_batch(batch=_mine(request, pk), actor=request.user)
    packing = "zip" if request.POST.get("packing") == "zip" else "merged"
    job = start(ISSUE_BATCH, actor=request.user, batch=batch.pk, packing=packing)
    return redirect("jobs:progress", job_id=job.pk)


@only_for(Role.HR)
@require_POST
def discard_batch(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a draft."""
    batch = _mine(request, pk)
    actions.discard_batch(batch=batch, actor=request.user)
    messages.success(request, _("“%(batch)s”已经删除。") % {"batch": batch})
    return redirect("certificates_admin:batches")


@only_for(Role.HR)
def employment(request: HttpRequest) -> HttpResponse:
    """Give a person of the officer's scope a proof of employment."""
    form = EmploymentForm(request.POST or None, units=_units(request), initial=_first_words(request))
    if request.method == "POST" and form.is_valid():
        words = dict(form.cleaned_data)
        cadre = _people(request).filter(work_number=words.pop("work_number").strip()).first()
        if cadre is None:
            form.add_error("work_number", _("你管理的人员里没有这个工号。"))
        else:
            try:
                document = prove_employment(cadre=cadre, actor=request.user, **words)
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                return redirect("certificates_admin:document", document.serial)
    return render(request, "people/admin/employment.html", {"form": form})


@only_for(Role.HR)
def slips(request: HttpRequest) -> HttpResponse:
    """First passwords on paper: who would get one, then the job."""
    form = SlipsForm(request.POST or None, units=_units(request))
    people: list[Cadre] | None = None
    count = 0
    if request.method == "POST" and form.is_valid():
        unit, used_too = form.cleaned_data["unit"], form.cleaned_data["used_too"]
        found = passwords.candidates(request.user, unit=unit, used_too=used_too)
        if "confirmed" in request.POST:
            job = passwords.start_printing(unit=unit, used_too=used_too, actor=request.user)
            return redirect("jobs:progress", job_id=job.pk)
        people, count = list(found[:MOST_FOUND]), found.count()
    return render(request, "people/admin/slips.html", {"form": form, "people": people, "count": count})


@only_for(Role.HR)
@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Every kind of document of the house on sample data."""
    return render(request, "people/admin/gallery.html", {"kinds": list(kinds().values())})


@only_for(Role.HR)
@require_safe
def sample(request: HttpRequest, code: str) -> HttpResponse:
    """The sample of a kind as PDF, or with ?picture as PNG of its first page."""
    offer = kinds().get(code)
    if offer is None:
        raise Http404
    unit = _units(request).first()
    data = offer.sample(name=SAMPLE_NAME, unit=unit.get_root().name if unit else "")
    pdf = preview.sheet(offer, data, holder=SAMPLE_NAME)
    if "picture" in request.GET:
        response = HttpResponse(preview.picture(pdf, dpi=80), content_type="image/png")
    else:
        response = HttpResponse(pdf, content_type="application/pdf")
    response["Cache-Control"] = "private, no-store"
    return response
