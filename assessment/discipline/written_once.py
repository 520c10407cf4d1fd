"""Rows that are written once and completed once: the database refuses DELETE and any other UPDATE (rules.md B5-1)."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

Step = Callable[[Any, BaseDatabaseSchemaEditor], None]

# the names begin as those of audit's append-only tables: the tests' flush lets both step aside
_SQLITE_DELETE = """
CREATE TRIGGER append_only_{table}_delete BEFORE DELETE ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is written once: delete refused'); END;
"""
_SQLITE_UPDATE = """
CREATE TRIGGER append_only_{table}_update BEFORE UPDATE ON {table}
WHEN OLD.{once} IS NOT NULL OR {changed}
BEGIN SELECT RAISE(ABORT, '{table} is written once: update refused'); END;
"""
_POSTGRES = """
CREATE FUNCTION written_once_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.{once} IS NOT NULL OR {changed} THEN
    RAISE EXCEPTION '{table} is written once: %% refused', lower(TG_OP) USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER written_once_{table} BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION written_once_{table}();
"""


def _create(table: str, fixed: Sequence[str], once: str) -> Step:
    def forwards(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
        if schema_editor.connection.vendor == "postgresql":
            changed = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in fixed)
            schema_editor.execute(_POSTGRES.format(table=table, once=once, changed=changed), params=())
        else:
            changed = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in fixed)
            schema_editor.execute(_SQLITE_DELETE.format(table=table), params=None)
            schema_editor.execute(_SQLITE_UPDATE.format(table=table, once=once, changed=changed), params=None)

    return forwards


def _drop(table: str) -> Step:
    def backwards(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER written_once_{table} ON {table}")
            schema_editor.execute(f"DROP FUNCTION written_once_{table}()")
        else:
            for verb in ("update", "delete"):
                schema_editor.execute(f"DROP TRIGGER append_only_{table}_{verb}")

    return backwards


class WrittenOnce(migrations.RunPython):
    """A migration operation: from here on a row of the table keeps its ``fixed`` columns, is completed once (``once``
    goes from NULL to a value together with the columns beside it) and is never deleted.

    Later migrations that must rebuild the table on SQLite drop the triggers first and add them again.
    """

    def __init__(self, table: str, fixed: Sequence[str], once: str) -> None:
        super().__init__(_create(table, fixed, once), _drop(table))
        self.arguments = [table, list(fixed), once]

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return (self.__class__.__qualname__, self.arguments, {})
