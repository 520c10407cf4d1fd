"""The person's own ledger, and its card on the desk."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from foundation.offers import clock
from foundation.people.models import Cadre
from foundation.people.scope import visible
from learning.hours import queries
from learning.hours.addresses import number_in
from learning.hours.cadre_only import cadre_only
from learning.hours.models import HourEntry


@require_safe
@cadre_only
def ledger(request: HttpRequest, *, cadre: Cadre) -> HttpResponse:
    """学时台账: totals of a year above the entries that they are made of."""
    today = clock.today()
    years = sorted({today.year, *queries.years_of(cadre)}, reverse=True)
    asked = number_in(request.GET, "year")
    year = asked if asked is not None and asked in years else today.year
    return render(
        request,
        "hours/ledger.html",
        {
            "years": years,
            "year": year,
            "balance": queries.balance_of(cadre, year, today),
            "entries": visible(request.user, HourEntry)
            .filter(cadre=cadre, ended_on__year=year)
            .order_by("-ended_on", "-pk"),
        },
    )


@require_safe
@cadre_only
def card(request: HttpRequest, *, cadre: Cadre) -> HttpResponse:
    """This year's hours as a card; the desk fetches it."""
    today = clock.today()
    return render(request, "hours/card.html", {"balance": queries.balance_of(cadre, today.year, today)})
