"""Searching the portal: what somebody may read, title hits first, with the words marked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, IntegerField, Q, Value, When
from django.http import HttpRequest
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from wagtail.models import Page, PageQuerySet, PageViewRestriction, get_page_models

from content.bigrams import Term
from content.models import ListedPage

BEFORE, AFTER = 16, 90  # characters of text shown beside the first hit: on a phone two lines must reach it


@dataclass(frozen=True)
class Hit:
    """A page that was found. title, excerpt: with the words marked."""

    page: ListedPage
    kind: Any
    title: SafeString
    excerpt: SafeString


def kinds() -> dict[str, type[ListedPage]]:
    """Kinds of page that are searched, by the word in the address."""
    return {model._meta.model_name or "": model for model in get_page_models() if issubclass(model, ListedPage)}


def readable(request: HttpRequest) -> PageQuerySet:
    """Published pages that this reader may open; what is restricted is not even counted."""
    pages = Page.objects.live()
    restrictions = PageViewRestriction.objects.select_related("page").prefetch_related("groups")
    for restriction in restrictions:
        if not restriction.accept_request(request):
            pages = pages.exclude(path__startswith=restriction.page.path)
    return pages


def find(pages: PageQuerySet, words: Sequence[Term], query: str, models: Sequence[type[ListedPage]]) -> PageQuerySet:
    """Pages of these kinds that say all the words: those first whose title says them, then the newest.

    Not by a score: the order is the same on both databases, and one that can be told.
    """
    order = Case(When(_in_title(words), then=Value(0)), default=Value(1), output_field=IntegerField())
    found = pages.type(*models).search(query, order_by_relevance=False).get_queryset()
    return found.order_by(order, "-first_published_at", "-pk")


def titled(pages: PageQuerySet, words: Sequence[Term], models: Sequence[type[ListedPage]]) -> PageQuerySet:
    """Pages of these kinds whose title says all the words, the newest first."""
    return pages.type(*models).filter(_in_title(words)).order_by("-first_published_at", "-pk")


def _in_title(words: Sequence[Term]) -> Q:
    says = Q()
    for term in words:
        says &= Q(title__icontains=term.word)
    return says


def hits(pages: Sequence[Page], words: Sequence[Term]) -> list[Hit]:
    """The pages of one screen as they are shown; one query a kind."""
    full = {page.pk: page for page in Page.objects.filter(pk__in=[page.pk for page in pages]).specific()}
    return [_hit(full[page.pk], words) for page in pages]


def _hit(page: ListedPage, words: Sequence[Term]) -> Hit:
    pattern = re.compile("|".join(re.escape(term.word) for term in words), re.IGNORECASE)
    return Hit(
        page=page,
        kind=page._meta.verbose_name,
        title=_marked(page.title, pattern),
        excerpt=_excerpt(page, pattern),
    )


def _excerpt(page: ListedPage, pattern: re.Pattern[str]) -> SafeString:
    """The summary if it says a word, else the text around the first one; else the summary as it is."""
    for text in (page.summary, *_texts(page)):
        found = pattern.search(text)
        if found:
            start, stop = max(found.start() - BEFORE, 0), found.end() + AFTER
            before, after = "…" if start else "", "…" if stop < len(text) else ""
            return format_html("{}{}{}", before, _marked(text[start:stop], pattern), after)
    return conditional_escape(page.summary)


def _texts(page: ListedPage) -> Iterator[str]:
    yield from (" ".join(str(text).split()) for text in page.body.stream_block.get_searchable_content(page.body))


def _marked(text: str, pattern: re.Pattern[str]) -> SafeString:
    """The text with every hit in <mark>."""
    parts: list[tuple[Any, ...]] = []
    at = 0
    for found in pattern.finditer(text):
        parts.append((text[at : found.start()], found.group()))
        at = found.end()
    return format_html("{}{}", format_html_join("", "{}<mark>{}</mark>", parts), text[at:])
