"""Triggers by which the database itself refuses to change or remove a row."""

from collections.abc import Callable
from typing import Any


def refuse_changes(table: str) -> Callable[[Any, Any], None]:
    """A migration step after which rows of `table` can be added and read, and nothing else."""

    def forwards(_apps: Any, schema_editor: Any) -> None:
        words = f"{table}: rows are added and never changed; append a correction"
        if schema_editor.connection.vendor == "postgresql":
            body = f"BEGIN RAISE EXCEPTION '{words}' USING ERRCODE = 'integrity_constraint_violation'; END"
            statements = [
                f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$",
                f"CREATE TRIGGER {table}_fixed BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_refuse()",
                f"CREATE TRIGGER {table}_kept BEFORE TRUNCATE ON {table} EXECUTE FUNCTION {table}_refuse()",
            ]
        else:
            statements = [
                f"CREATE TRIGGER {table}_{verb.lower()} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, '{words}'); END"
                for verb in ("UPDATE", "DELETE")
            ]
        for statement in statements:
            schema_editor.execute(statement)

    return forwards


def allow_changes(table: str) -> Callable[[Any, Any], None]:
    """The way back of `refuse_changes`."""

    def backwards(_apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP FUNCTION {table}_refuse() CASCADE")
        else:
            schema_editor.execute(f"DROP TRIGGER {table}_update")
            schema_editor.execute(f"DROP TRIGGER {table}_delete")

    return backwards
