"""The three administrators exclude each other and every other role (rules.md H1): the database itself refuses."""

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_CLASHES = """
  SELECT 1 FROM people_rolegrant AS held
  WHERE held.account_id = NEW.account_id AND held.id <> COALESCE(NEW.id, -1) AND held.role <> NEW.role
    AND (held.valid_to IS NULL OR held.valid_to >= NEW.valid_from)
    AND (NEW.valid_to IS NULL OR held.valid_from <= NEW.valid_to)
    AND (held.role IN ('system_admin', 'security_admin', 'audit_admin')
         OR NEW.role IN ('system_admin', 'security_admin', 'audit_admin'))
"""
_SQLITE = """
CREATE TRIGGER people_rolegrant_excludes_{verb} BEFORE {VERB} ON people_rolegrant
WHEN EXISTS ({clashes})
BEGIN SELECT RAISE(ABORT, 'people_rolegrant_excludes'); END;
"""
# the account's row is locked: two grants at once would not see each other
_POSTGRES = """
CREATE FUNCTION people_rolegrant_excludes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM people_account WHERE id = NEW.account_id FOR UPDATE;
  IF EXISTS ({clashes}) THEN
    RAISE EXCEPTION 'people_rolegrant_excludes' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER people_rolegrant_excludes BEFORE INSERT OR UPDATE ON people_rolegrant
FOR EACH ROW EXECUTE FUNCTION people_rolegrant_excludes();
"""


def _create(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(_POSTGRES.format(clashes=_CLASHES), params=None)
    else:
        for verb in ("insert", "update"):
            schema_editor.execute(_SQLITE.format(verb=verb, VERB=verb.upper(), clashes=_CLASHES), params=None)


def _drop(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER people_rolegrant_excludes ON people_rolegrant")
        schema_editor.execute("DROP FUNCTION people_rolegrant_excludes()")
    else:
        for verb in ("insert", "update"):
            schema_editor.execute(f"DROP TRIGGER people_rolegrant_excludes_{verb}")


class AdministratorsExclude(migrations.RunPython):
    """A migration operation: from here on no account holds an administrator's role beside another role on any day."""

    def __init__(self) -> None:
        super().__init__(_create, _drop)

    def deconstruct(self) -> tuple[str, list[str], dict[str, Any]]:
        return (self.__class__.__qualname__, [], {})
