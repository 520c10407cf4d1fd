"""Search on PostgreSQL (tsvector).

PostgreSQL keeps 256 positions of a word and counts to 16,383: in a long statute its phrases miss what is there. So its
index is asked for the pairs, and the text that modelsearch keeps beside it for their order.
"""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q
from modelsearch.backends.database.postgres import postgres
from modelsearch.backends.database.postgres.query import Lexeme
from modelsearch.query import Phrase, PlainText

from content.bigrams import terms
from content.search_backend import BigramFields, asks_for_all, lexemes


class ObjectIndexer(BigramFields, postgres.ObjectIndexer):
    pass


postgres.ObjectIndexer = ObjectIndexer  # no other seam: add_items() names the module's own


class ChineseQueries:
    """Mixed into the query compilers."""

    def build_tsquery_content(self, query: Any, config: Any = None, invert: bool = False) -> Any:
        if not isinstance(query, PlainText | Phrase):
            return super().build_tsquery_content(query, config=config, invert=invert)  # type: ignore[misc]  # a mixin
        found = lexemes(self, query, Lexeme, whole=False)
        search = SearchQuery("" if found is None else found, search_type="raw", config="simple")
        return ~search if invert else search


class QueryCompiler(ChineseQueries, postgres.PostgresSearchQueryCompiler):
    queryset: Any

    def search(self, *args: Any, **options: Any) -> Any:
        if isinstance(self.query, PlainText | Phrase) and asks_for_all(self.query):
            for term in terms(self.query.query_string):
                if " " in term.phrase:
                    self.queryset = self.queryset.filter(
                        Q(index_entries__title_text__contains=term.phrase)
                        | Q(index_entries__body_text__contains=term.phrase)
                    )
        return super().search(*args, **options)


class AutocompleteCompiler(ChineseQueries, postgres.PostgresAutocompleteQueryCompiler):
    pass


class Backend(postgres.PostgresSearchBackend):
    query_compiler_class = QueryCompiler
    autocomplete_query_compiler_class = AutocompleteCompiler

    def __init__(self, params: dict[str, Any]) -> None:
        # no stemming: the pairs are Chinese, and numbers of documents are not English words
        super().__init__({**params, "SEARCH_CONFIG": "simple"})
