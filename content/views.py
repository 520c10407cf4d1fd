"""The portal's own pages that are not Wagtail's: search, and what it suggests while somebody types."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from content.bigrams import terms
from content.search import find, hits, kinds, readable, titled

PAGE = 20
MOST = 1_000  # hits that can be turned over; more ask for another word
LONGEST = 100  # characters of a query
SUGGESTIONS, SHORTEST = 8, 2  # titles offered while somebody types; characters before any are


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """搜索: pages of the portal that the reader may open, by words, and by kind of page."""
    query = _query(request)
    words = terms(query)
    offered = kinds()
    kind = request.GET.get("kind", "")
    models = [offered[kind]] if kind in offered else list(offered.values())
    found = list(find(readable(request), words, query, models)[: MOST + 1]) if words else []
    pages = Paginator(found[:MOST], PAGE).get_page(request.GET.get("page"))
    context = {
        "query": query,
        "has_words": bool(words),
        "kind": kind if kind in offered else "",
        "kinds": [(code, model._meta.verbose_name) for code, model in offered.items()],
        "count": len(found),
        "most": MOST,
        "pages": pages,
        "hits": hits(list(pages), words),
    }
    return render(request, "content/search.html", context)


@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """Titles that say what is being typed, of pages that the reader may open."""
    query = _query(request)
    words = terms(query)
    found = []
    if len(query) >= SHORTEST and words:
        found = list(titled(readable(request), words, list(kinds().values()))[:SUGGESTIONS])
    return render(request, "content/_suggestions.html", {"pages": found})


def _query(request: HttpRequest) -> str:
    return request.GET.get("q", "").replace("\0", "").strip()[:LONGEST]
