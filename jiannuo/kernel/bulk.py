"""The one way many rows enter a table at once: plain inserts on SQLite, COPY on PostgreSQL."""

from collections.abc import Iterable, Sequence
from typing import Any


def insert(
    cursor: Any,
    table: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    ignore: bool = False,
    encoded: str = "",
) -> None:
    """Add rows, in order, to a table. With `ignore`, rows that break a unique constraint are left out.

    Days and amounts may come as the strings the database writes them. Values of the column `encoded` come as UTF-8
    bytes and are stored as text. PostgreSQL's COPY cannot skip a conflict, so there `ignore` goes through a temporary table.
    """
    names = ", ".join(f'"{name}"' for name in columns)
    if cursor.db.vendor != "postgresql":
        marks = ", ".join("CAST(%s AS TEXT)" if name == encoded else "%s" for name in columns)
        verb = "INSERT OR IGNORE" if ignore else "INSERT"
        cursor.executemany(f"{verb} INTO {table} ({names}) VALUES ({marks})", rows)
        return
    at = columns.index(encoded) if encoded else None
    target = f"{table}_new" if ignore else table
    if ignore:
        cursor.execute(f"CREATE TEMP TABLE {target} ON COMMIT DROP AS SELECT {names} FROM {table} WITH NO DATA")
    # Django names the errors of the statements it runs itself; a COPY must be asked to.
    with cursor.db.wrap_database_errors, cursor.copy(f"COPY {target} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row if at is None else (*row[:at], row[at].decode(), *row[at + 1 :]))
    if ignore:
        cursor.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM {target} ON CONFLICT DO NOTHING")
        cursor.execute(f"DROP TABLE {target}")
