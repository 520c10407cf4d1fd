"""The base of all resources: django-import-export, with sentences for people and writes in bulk."""

from __future__ import annotations

from typing import Any

import tablib
from django.utils.translation import gettext as _
from import_export import resources
from import_export.fields import Field
from import_export.instance_loaders import BaseInstanceLoader
from import_export.results import Result
from import_export.widgets import Widget

from foundation.exchange.tables import Problem, Table


class Choice(Widget):
    """A choice by what people write for it. words: written → stored."""

    def __init__(self, words: dict[str, str], *, default: str | None = None) -> None:
        super().__init__()
        self.words = words
        self.default = default

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str | None:
        """The stored value. Raises ValueError naming what may be written."""
        written = str(value or "").strip()
        if not written and self.default is not None:
            return self.default
        if written not in self.words:
            raise ValueError(
                _("不认识“%(value)s”，可以写：%(words)s。")
                % {"value": written, "words": "、".join(dict.fromkeys(self.words))}
            )
        return self.words[written]


class Needed(Widget):
    """A text that must be there and can be printed: private-use characters have no shape that a paper could show."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        """The text. Raises ValueError when it is missing or not printable."""
        written = str(value or "").strip()
        if not written:
            raise ValueError(_("不能为空。"))
        return printable(written)


class Optional(Widget):
    """A text that may be missing."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        """The text or "". Raises ValueError when it is not printable."""
        return printable(str(value or "").strip())


def printable(written: str) -> str:
    """The text itself. Raises ValueError naming a private-use character by its code point."""
    for character in written:
        if 0xE000 <= ord(character) <= 0xF8FF or ord(character) >= 0xF0000:
            raise ValueError(
                _("含有自造字 U+%(code)X，证书上印不出来，请改用国家标准汉字。") % {"code": ord(character)}
            )
    return written


class KnownRows(BaseInstanceLoader):
    """The rows that are there already, read in one query by the one identifying column.

    The library's own cached loader stops the whole import at a key that its widget refuses; here such a row is
    simply not known, and the refusal is told with the row's other faults.
    """

    def __init__(self, resource: Any, dataset: Any = None) -> None:
        super().__init__(resource, dataset)
        [name] = resource.get_import_id_fields()
        self.field: Field = resource.fields[name]
        keys = {key for row in dataset.dict if (key := self._key(row)) is not None}
        found = resource.get_queryset().filter(**{f"{self.field.attribute}__in": keys})
        self.known = {self.field.get_value(instance): instance for instance in found}

    def _key(self, row: Any) -> Any:
        try:
            return self.field.clean(row)
        except ValueError:
            return None

    def get_instance(self, row: Any) -> Any:
        """The row's instance, or None for a new one."""
        return self.known.get(self._key(row))


class HouseResource(resources.ModelResource):
    """A model's resource. Unchanged rows are skipped and counted; every field error of every row is told at once."""

    class Meta:
        use_bulk = True
        batch_size = 1000
        skip_unchanged = True
        report_skipped = False
        skip_diff = False  # else the library compares nothing and calls every row changed
        skip_html_diff = True
        use_transactions = True
        clean_model_instances = True
        instance_loader_class = KnownRows

    def bulk_update(
        self, using_transactions: bool, dry_run: bool, raise_errors: bool, batch_size: int | None = None, **kwargs: Any
    ) -> None:
        """Upsert by the identifying columns: the stock bulk_update takes 27 s for 10,000 rows, this 2 (stack.md)."""
        if self.update_instances and not dry_run:
            keys = [self.fields[name].attribute for name in self.get_import_id_fields()]
            self._meta.model._default_manager.bulk_create(
                self.update_instances,
                batch_size=batch_size,
                update_conflicts=True,
                unique_fields=keys,
                update_fields=[name for name in self.get_bulk_update_fields() if name not in {*keys, "id"}],
            )
        self.update_instances.clear()

    def run(self, table: Table) -> tuple[Result, list[Problem]]:
        """Import the table's rows; the caller holds the transaction and decides whether it stands.

        Returns import-export's result and the problems of the rows, by row and heading.
        """
        names = list(self.fields)
        data = tablib.Dataset(headers=[self.fields[name].column_name for name in names])
        for row in table.rows:
            data.append([row.cells.get(self.fields[name].column_name) for name in names])
        result = self.import_data(data, dry_run=False, raise_errors=False, rollback_on_validation_errors=False)
        problems: list[Problem] = []
        for invalid in result.invalid_rows:
            number = table.rows[invalid.number - 1].number
            for attribute, errors in invalid.field_specific_errors.items():
                heading = table.headings.get(self._column_of(attribute), "")
                problems.extend(Problem(number, heading, str(error)) for error in errors)
            problems.extend(Problem(number, "", str(error)) for error in invalid.non_field_specific_errors)
        for number, errors in result.row_errors():
            problems.extend(Problem(table.rows[number - 1].number, "", str(error.error)) for error in errors)
        return result, problems

    def _column_of(self, attribute: str) -> str:
        for field in self.fields.values():
            if field.attribute == attribute:
                return str(field.column_name)
        return attribute
