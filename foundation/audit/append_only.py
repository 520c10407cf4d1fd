"""Tables that may only grow: the database itself refuses UPDATE and DELETE, on SQLite and on PostgreSQL."""

from collections.abc import Callable
from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

Step = Callable[[Any, BaseDatabaseSchemaEditor], None]

_SQLITE = """
CREATE TRIGGER append_only_{table}_{verb} BEFORE {VERB} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only: {verb} refused'); END;
"""
_POSTGRES = """
CREATE OR REPLACE FUNCTION append_only_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%% is append-only: %% refused', TG_TABLE_NAME, lower(TG_OP) USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER append_only_{table} BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION append_only_refuse();
"""


def _create(table: str) -> Step:
    def forwards(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(_POSTGRES.format(table=table), params=())
        else:
            for verb in ("update", "delete"):
                schema_editor.execute(_SQLITE.format(table=table, verb=verb, VERB=verb.upper()), params=None)

    return forwards


def _drop(table: str) -> Step:
    def backwards(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER append_only_{table} ON {table}")
        else:
            for verb in ("update", "delete"):
                schema_editor.execute(f"DROP TRIGGER append_only_{table}_{verb}")

    return backwards


class AppendOnly(migrations.RunPython):
    """A migration operation: from here on the table refuses UPDATE and DELETE.

    table: its name in the database, e.g. ``audit_entry``. Put it after the operation that creates the table.
    Later migrations that must rebuild the table on SQLite drop the triggers first and add them again.
    """

    def __init__(self, table: str) -> None:
        super().__init__(_create(table), _drop(table))
        self.table = table

    def deconstruct(self) -> tuple[str, list[str], dict[str, Any]]:
        return (self.__class__.__qualname__, [self.table], {})
