"""Search on SQLite (FTS5)."""

from __future__ import annotations

from typing import Any

from modelsearch.backends.database.sqlite import sqlite
from modelsearch.backends.database.sqlite.query import Lexeme, SearchQueryExpression
from modelsearch.query import Phrase, PlainText

from content.search_backend import BigramFields, lexemes


class ObjectIndexer(BigramFields, sqlite.ObjectIndexer):
    pass


sqlite.ObjectIndexer = ObjectIndexer  # no other seam: add_items() names the module's own


class ChineseQueries:
    """Mixed into the query compilers."""

    def build_search_query_content(self, query: Any, config: Any = None) -> Any:
        if not isinstance(query, PlainText | Phrase):
            return super().build_search_query_content(query, config=config)  # type: ignore[misc]  # a mixin
        found = lexemes(self, query, Lexeme, whole=True)
        # FTS5 knows no empty query; this word is on no page
        return SearchQueryExpression(Lexeme("\x1f") if found is None else found, config=config)


class QueryCompiler(ChineseQueries, sqlite.SQLiteSearchQueryCompiler):
    pass


class AutocompleteCompiler(ChineseQueries, sqlite.SQLiteAutocompleteQueryCompiler):
    pass


class Backend(sqlite.SQLiteSearchBackend):
    query_compiler_class = QueryCompiler
    autocomplete_query_compiler_class = AutocompleteCompiler
