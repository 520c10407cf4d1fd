"""A new key for the encrypted fields, while the site runs. Can be killed at any moment and started again.

1. A ring with one key gets a new primary; a ring with several is a rotation that was cut off, or whose old key still
   waits: it is carried on with the primary it has.
2. Every row of every encrypted field that another key sealed is sealed anew, in short transactions, each row only if it
   still holds what was read: a person's change meanwhile wins.
3. An old key leaves the ring when no row uses it and it has been out of use for an hour, so that a transaction that
   sealed a value before step 1 and commits late is never left without its key. With the site stopped, at once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction

from foundation.audit.record import record
from foundation.rulebook import keyring
from foundation.rulebook.encrypted import EncryptedTextField
from foundation.rulebook.enums import Event
from foundation.rulebook.keyring import Key

BATCH = 500
SETTLED = dt.timedelta(hours=1)  # longer than any transaction of ours


@dataclass
class Outcome:
    """rows: by field, how many were sealed anew. unreadable: rows that no key opens, left as they are."""

    key: str
    rows: dict[str, int] = field(default_factory=dict)
    unreadable: list[str] = field(default_factory=list)
    retired: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)


def encrypted_fields() -> Iterator[EncryptedTextField]:
    """The encrypted fields of all models, each with its own column."""
    for model in apps.get_models():
        if model._meta.managed and not model._meta.proxy:
            yield from (one for one in model._meta.local_concrete_fields if isinstance(one, EncryptedTextField))


def rotate(*, now: dt.datetime, is_stopped: bool, actor: Any) -> Outcome:
    """Begin a rotation, or carry on the one that is under way. is_stopped: no other process writes."""
    with keyring.changing():
        _retire(now=now, is_stopped=is_stopped)
        if len(keyring.ring()) == 1:
            keyring.replace((Key.make(now), *keyring.ring()))
        outcome = Outcome(key=keyring.ring()[0].id)
        for one in encrypted_fields():
            rows = _seal_anew(one, outcome)
            outcome.rows[f"{one.model._meta.label}.{one.name}"] = rows
            with transaction.atomic():
                target = ContentType.objects.get_for_model(one.model)
                record(Event.KEYS_ROTATED, target=target, actor=actor, field=one.name, key=outcome.key, rows=rows)
        outcome.retired = _retire(now=now, is_stopped=is_stopped)
        outcome.waiting = [key.id for key in keyring.ring()[1:]]
    return outcome


def _seal_anew(one: EncryptedTextField, outcome: Outcome) -> int:
    """Seal a field's rows with the primary key; returns how many."""
    table, column, key = _place(one)
    select = (
        f"SELECT {key}, {column} FROM {table} WHERE {key} > %s AND {column} <> '' AND {column} NOT LIKE %s"
        f" ORDER BY {key} LIMIT {BATCH}"
    )
    update = f"UPDATE {table} SET {column} = %s WHERE {key} = %s AND {column} = %s"
    done, last = 0, 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(select, [last, f"{outcome.key}.%"])
            rows = cursor.fetchall()
            for pk, token in rows:
                try:
                    anew = keyring.encrypt(keyring.decrypt(token))
                except keyring.CannotDecrypt as error:
                    outcome.unreadable.append(f"{one.model._meta.label}.{one.name} {pk}: {error}")
                    continue
                cursor.execute(update, [anew, pk, token])
                done += cursor.rowcount
        if not rows:
            return done
        last = rows[-1][0]


def _retire(*, now: dt.datetime, is_stopped: bool) -> list[str]:
    """Take the old keys that may go off the ring; returns their ids."""
    keys = keyring.ring()
    gone = [
        old
        for newer, old in pairwise(keys)
        if (is_stopped or dt.datetime.fromisoformat(newer.made_at) + SETTLED <= now) and not _is_used(old)
    ]
    if gone:
        keyring.replace(tuple(key for key in keys if key not in gone))
    return [key.id for key in gone]


def _is_used(key: Key) -> bool:
    """Whether a row of any field is sealed with the key."""
    with connection.cursor() as cursor:
        for one in encrypted_fields():
            table, column, _key = _place(one)
            cursor.execute(f"SELECT 1 FROM {table} WHERE {column} LIKE %s LIMIT 1", [f"{key.id}.%"])
            if cursor.fetchone():
                return True
    return False


def _place(one: EncryptedTextField) -> tuple[str, str, str]:
    """The quoted names of the field's table, its column, and the primary key's column."""
    options = one.model._meta
    quote = connection.ops.quote_name
    assert one.column and options.pk.column  # concrete fields have one
    return quote(options.db_table), quote(one.column), quote(options.pk.column)
