"""The person's own decisions on the portal (rules.md B5-4); cases stay with the discipline office."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from assessment.discipline import queries


@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """The decisions about the reader, voided ones marked as such; who is not on the roster has none to ask for."""
    if getattr(request.user, "cadre", None) is None:
        raise Http404
    return render(request, "discipline/mine.html", {"records": queries.own_records(request.user)})
