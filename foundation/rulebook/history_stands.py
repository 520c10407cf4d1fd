"""Values of parameters are history: the database refuses to delete one or to change what it said."""

from __future__ import annotations

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_FIXED = ("code", "unit_id", "value", "valid_from", "announced_to", "citation")
# named append_only_…: tests let these triggers step aside for their flush as they do for append-only tables
_SQLITE = (
    f"""
CREATE TRIGGER append_only_rulebook_value_update BEFORE UPDATE OF {", ".join(_FIXED)} ON rulebook_value
BEGIN SELECT RAISE(ABORT, 'rulebook_value keeps what it said: update refused'); END;
""",
    """
CREATE TRIGGER append_only_rulebook_value_delete BEFORE DELETE ON rulebook_value
BEGIN SELECT RAISE(ABORT, 'rulebook_value keeps what it said: delete refused'); END;
""",
)
_POSTGRES = f"""
CREATE OR REPLACE FUNCTION rulebook_value_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rulebook_value keeps what it said: % refused', lower(TG_OP) USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER append_only_rulebook_value_update BEFORE UPDATE OF {", ".join(_FIXED)} ON rulebook_value
FOR EACH ROW EXECUTE FUNCTION rulebook_value_refuse();
CREATE TRIGGER append_only_rulebook_value_delete BEFORE DELETE ON rulebook_value
FOR EACH ROW EXECUTE FUNCTION rulebook_value_refuse();
"""


def _forwards(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(_POSTGRES, params=None)
        return
    for statement in _SQLITE:
        schema_editor.execute(statement, params=None)


def _backwards(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    table = " ON rulebook_value" if schema_editor.connection.vendor == "postgresql" else ""
    for verb in ("update", "delete"):
        schema_editor.execute(f"DROP TRIGGER append_only_rulebook_value_{verb}{table}")


class HistoryStands(migrations.RunPython):
    """A migration operation: rulebook_value may grow and be cut short, nothing else."""

    def __init__(self) -> None:
        super().__init__(_forwards, _backwards)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return (self.__class__.__qualname__, [], {})
