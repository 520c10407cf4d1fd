"""A text field that the database keeps encrypted (AES-256-GCM, the key's id in front; keyring.py)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from foundation.rulebook import keyring


@dataclass(frozen=True)
class Sealed:
    """A value as the database keeps it, not opened. What values() and values_list() give; str() shows nothing."""

    token: str

    def __str__(self) -> str:
        return "[encrypted]"

    __repr__ = __str__

    def open(self) -> str:
        """The text. Raises keyring.CannotDecrypt."""
        return keyring.decrypt(self.token)


class _OpenedWhenRead(DeferredAttribute):
    """The attribute of a row: decrypted when somebody reads it, so that a lost key stops nobody who does not."""

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)
        if isinstance(value, Sealed):
            value = instance.__dict__[self.field.attname] = value.open()
        return value

    def __set__(self, instance: Any, value: Any) -> None:
        # a data descriptor: else Django's would be passed over once the row's own __dict__ holds the value
        instance.__dict__[self.field.attname] = value


class EncryptedTextField(models.TextField):
    """A text that stands encrypted in its column; empty stays empty.

    Rows give the text itself, values() a Sealed. Two equal texts are stored differently: looking one up is refused,
    only ``__isnull`` works. max_length counts characters of the text.
    """

    descriptor_class = _OpenedWhenRead

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kwargs.keys() & {"unique", "db_index", "choices"}:
            raise FieldError("an encrypted field cannot be unique, indexed or a choice")
        if self.max_length is not None:
            self.validators.append(MaxLengthValidator(self.max_length))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return Sealed(value) if value else value

    def to_python(self, value: Any) -> Any:
        return value.open() if isinstance(value, Sealed) else super().to_python(value)

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        if hasattr(value, "as_sql"):
            return value  # bulk_update's CASE; the values in it come here one by one
        # a Sealed is opened and sealed again: its key may have been replaced since the row was read
        text = self.to_python(value)
        return keyring.encrypt(text) if text else text

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)
        raise FieldError(f"{self.model.__name__}.{self.name} is encrypted: it cannot be looked up by {lookup_name}")

    def get_transform(self, lookup_name: str) -> Any:
        raise FieldError(f"{self.model.__name__}.{self.name} is encrypted: it cannot be looked up by {lookup_name}")
