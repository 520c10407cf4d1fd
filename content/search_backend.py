"""Wagtail's database search, with Chinese in pairs of characters (content/bigrams.py), on SQLite and PostgreSQL.

The settings name this module. modelsearch (pinned) can be imported only for the database in use, so what differs stands
in search_sqlite.py and search_postgresql.py; tests/content/test_search.py holds the seam on both.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from importlib import import_module
from operator import and_, or_
from typing import Any

from django.db import connection
from modelsearch.index import RelatedFields

from content.bigrams import index_text, terms


class BigramFields:
    """Mixed into an ObjectIndexer: the text of each field as pairs."""

    def prepare_field(self, obj: Any, field: Any) -> Iterator[tuple[Any, ...]]:
        # not prepare_value, which calls itself for lists and would pair twice; related fields come back here
        for item in super().prepare_field(obj, field):  # type: ignore[misc]  # a mixin
            yield item if isinstance(field, RelatedFields) else (*item[:-1], index_text(item[-1]))


def lexemes(compiler: Any, query: Any, lexeme: type, *, whole: bool) -> Any:
    """The words of a text query joined as it says, or None where it has none.

    whole: a run of Chinese is one phrase; otherwise each of its pairs stands for itself. The admin's choosers look for
    beginnings.
    """
    words = terms(query.query_string)
    found = []
    for term in words:
        is_prefix = term.is_prefix or (compiler.LAST_TERM_IS_PREFIX and term is words[-1])
        parts = [term.phrase] if whole else term.phrase.split()
        found.append(reduce(and_, [lexeme(part, prefix=is_prefix) for part in parts]))
    return reduce(and_ if asks_for_all(query) else or_, found) if found else None


def asks_for_all(query: Any) -> bool:
    """Whether all words must be there."""
    return getattr(query, "operator", "and").lower() == "and"


def SearchBackend(params: dict[str, Any]) -> Any:
    """The backend for the database in use, by the name that modelsearch looks for."""
    return import_module(f"content.search_{connection.vendor}").Backend(params)
