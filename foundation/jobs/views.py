"""The one progress page and the one download view; both for the job's owner only."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from foundation.jobs import actions
from foundation.jobs.models import Job


def _own(request: HttpRequest, job_id: UUID) -> Job:
    return get_object_or_404(Job, pk=job_id, owner=request.user)


@login_required
def progress(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """The progress page; htmx asks for its card alone once a second while the job is open."""
    template = "jobs/_card.html" if request.htmx else "jobs/progress.html"  # type: ignore[attr-defined]  # django-htmx
    return render(request, template, {"job": _own(request, job_id)})


@login_required
@require_POST
def cancel(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Cancel an open job."""
    job = _own(request, job_id)
    actions.cancel(job=job, actor=request.user)
    return redirect("jobs:progress", job_id=job.pk)


@login_required
@require_POST
def retry(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Start an ended job's work again."""
    job = actions.retry(job=_own(request, job_id), actor=request.user)
    return redirect("jobs:progress", job_id=job.pk)


@login_required
def result(request: HttpRequest, job_id: UUID) -> HttpResponse | FileResponse:
    """Download the result file; one that is read once only by pressing the button, so that no preview fetches it."""
    job = _own(request, job_id)
    path = job.result_path
    may_read = job.handler.may_read
    if path is None or not path.is_file() or (may_read and not may_read(request.user, **job.ids)):
        raise Http404
    if job.handler.read_once:
        if request.method != "POST":
            return redirect("jobs:progress", job_id=job.pk)
        once = HttpResponse(actions.take_result(job=job, actor=request.user), content_type="application/pdf")
        once["Content-Disposition"] = str(content_disposition_header(True, path.name))
        once["Cache-Control"] = "private, no-store"
        return once
    response = FileResponse(path.open("rb"), as_attachment=True, filename=path.name)
    response["Cache-Control"] = "private, no-store"
    return response
