"""The base of all resources: django-import-export, with sentences for people and writes in bulk."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence
from copy import copy
from typing import Any

import tablib
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from import_export import resources
from import_export.fields import Field
from import_export.instance_loaders import BaseInstanceLoader
from import_export.results import Result
from import_export.widgets import Widget

from foundation.exchange.tables import Table, day, text
from foundation.offers.lists import Problem

KEYS = 5_000  # in one query: databases bound the number of parameters


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
    """A text that may be missing. A line break or a tab within a cell counts as a space."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        """The text or "". Raises ValueError when it is not printable."""
        return printable(re.sub(r"[\t\r\n]+", " ", str(value or "").strip()))


class DayWidget(Widget):
    """A day, or nothing."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> dt.date | None:
        """Raises ValueError for what is no day."""
        return day(value)


class NeededDay(DayWidget):
    """A day that must be there."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> dt.date:
        """Raises ValueError when it is missing or no day."""
        found = super().clean(value, row, **kwargs)
        if found is None:
            raise ValueError(_("不能为空。"))
        return found


class YesNo(Widget):
    """是 or 否; default: what an empty cell means."""

    def __init__(self, *, default: bool) -> None:
        super().__init__()
        self.default = default
        self.choice = Choice({"是": "1", "否": "0", "1": "1", "0": "0"})

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> bool:
        """Raises ValueError naming what may be written."""
        written = text(value)
        return self.choice.clean(written, row, **kwargs) == "1" if written else self.default


def printable(written: str) -> str:
    """The text itself. Raises ValueError naming, by its code point, a character that has no shape to print: private
    use, control, invisible format, half of a pair, not assigned."""
    if written.isprintable():
        return written  # nearly all are, and it is told in one look
    for character in written:
        code = f"U+{ord(character):04X}"
        match unicodedata.category(character):
            case "Co":
                raise ValueError(_("含有自造字 %(code)s，证书上印不出来，请改用国家标准汉字。") % {"code": code})
            case "Cc" | "Cf":
                raise ValueError(_("含有看不见的字符 %(code)s，请删去后重新填写。") % {"code": code})
            case "Cs" | "Cn" if not _is_newer_ideograph(character):
                raise ValueError(_("含有无效的字符 %(code)s，请改正。") % {"code": code})
    return written


def _is_newer_ideograph(character: str) -> bool:
    """Whether it lies in the ideographic planes: GB 18030-2022 has characters of names there that are younger than the
    Unicode of Python 3.11, which takes them for unassigned."""
    return 0x20000 <= ord(character) <= 0x3FFFD and ord(character) & 0xFFFE != 0xFFFE


class KnownRows(BaseInstanceLoader):
    """The rows that are there already, read by the one identifying column, many in one query.

    The library's own cached loader stops the whole import at a key that its widget refuses; here such a row is
    simply not known, and the refusal is told with the row's other faults.
    """

    def __init__(self, resource: Any, dataset: Any = None) -> None:
        super().__init__(resource, dataset)
        [name] = resource.get_import_id_fields()
        self.field: Field = resource.fields[name]
        keys = list({key for row in dataset.dict if (key := self._key(row)) is not None})
        self.known: dict[Any, Any] = {}
        for start in range(0, len(keys), KEYS):
            found = resource.get_queryset().filter(**{f"{self.field.attribute}__in": keys[start : start + KEYS]})
            self.known |= {self.field.get_value(instance): instance for instance in found}

    def _key(self, row: Any) -> Any:
        try:
            return self.field.clean(row)
        except ValueError:
            return None

    def get_instance(self, row: Any) -> Any:
        """The row's instance, or None for a new one."""
        return self.known.get(self._key(row))


def _in_our_words(error: ValidationError) -> ValidationError:
    """Django's sentence on length speaks of variables."""
    if error.code == "max_length" and error.params:
        return ValidationError(_("超过 %(most)s 个字，请缩短。") % {"most": error.params["limit_value"]})
    return error


class HouseResource(resources.ModelResource):
    """A model's resource. Unchanged rows are skipped and counted; every field error of every row is told at once.

    Only the columns that the rows have are imported: a sheet without one leaves its field as it is.
    """

    class Meta:
        use_bulk = True
        batch_size = 1000
        skip_unchanged = True
        report_skipped = False
        skip_diff = True  # see after_init_instance()
        skip_html_diff = True
        use_transactions = True
        clean_model_instances = True
        instance_loader_class = KnownRows

    given: Sequence[str] = ()  # the columns of the table at hand
    given_fields: Sequence[Field] = ()  # and their fields: the library asks for them four times a row
    before: Any = None  # the row at hand as it was; None for a new one

    def before_import_row(self, row: Any, **kwargs: Any) -> None:
        self.before = None

    def after_init_instance(self, instance: Any, new: bool, row: Any, **kwargs: Any) -> None:
        """Keep the row as it was. The library's own way is a deep copy and two exports of every row, for a comparison
        that it shows on pages of its own."""
        self.before = None if new else copy(instance)

    def skip_row(self, instance: Any, original: Any, row: Any, import_validation_errors: Any = None) -> bool:
        """Whether nothing changes."""
        if self.before is None or import_validation_errors:
            return False
        return all(field.get_value(instance) == field.get_value(self.before) for field in self.given_fields)

    def after_import_row(self, row: Any, row_result: Any, **kwargs: Any) -> None:
        row_result.original = self.before

    def validate_instance(
        self, instance: Any, import_validation_errors: dict[str, Any] | None = None, validate_unique: bool = True
    ) -> None:
        """The fields' own rules: lengths, choices, blanks. The library would ask the database a dozen times a row for
        keys and constraints; those are read at once (KnownRows, the widgets of relations) and hold in bulk."""
        errors = import_validation_errors or {}
        relations = [field.name for field in instance._meta.fields if field.is_relation]
        try:
            instance.clean_fields(exclude={*errors, *relations})
        except ValidationError as error:
            errors = error.update_error_dict(errors)
            for found in errors.values():
                found[:] = [_in_our_words(one) for one in found]
        if errors:
            raise ValidationError(errors)

    def bulk_update(
        self, using_transactions: bool, dry_run: bool, raise_errors: bool, batch_size: int | None = None, **kwargs: Any
    ) -> None:
        """Upsert by the identifying columns: the stock bulk_update takes 27 s for 10,000 rows, this 2 (stack.md)."""
        if self.update_instances and not dry_run:
            keys = [self.fields[name].attribute for name in self.get_import_id_fields()]
            self._meta.model._default_manager.bulk_create(
                # each once: a number that stands twice in the file, which is told apart, would stop PostgreSQL
                list(dict.fromkeys(self.update_instances)),
                batch_size=batch_size,
                update_conflicts=True,
                unique_fields=keys,
                update_fields=[
                    field.attribute for field in self.get_import_fields() if field.attribute not in {*keys, "id"}
                ],
            )
        self.update_instances.clear()

    def get_import_fields(self) -> list[Field]:
        """The fields whose columns are imported."""
        return list(self.given_fields)

    def run(self, table: Table) -> tuple[Result, list[Problem]]:
        """Import the table's rows; the caller holds the transaction and decides whether it stands.

        Returns import-export's result and the problems of the rows, by row and heading.
        """
        derived = table.rows[0].cells if table.rows else {}
        columns = (field.column_name for field in self.fields.values())
        self.given = [name for name in columns if name in table.headings or name in derived]
        self.given_fields = [field for field in super().get_import_fields() if field.column_name in self.given]
        data = tablib.Dataset(headers=self.given)
        for row in table.rows:
            data.append([row.cells[name] for name in self.given])
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
