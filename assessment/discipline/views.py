"""The person's own decisions on the portal (rules.md B5-4); cases stay with the discipline office."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from assessment.discipline import queries


@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """The decisions about the reader, voided ones marked as such."""
    return render(request, "discipline/mine.html", {"records": queries.own_records(request.user)})
