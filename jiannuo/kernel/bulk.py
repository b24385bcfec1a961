"""The one way many rows enter a table at once: plain inserts on SQLite, COPY on PostgreSQL."""

from collections.abc import Iterable, Sequence
from typing import Any


def insert(cursor: Any, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], *, ignore: bool = False) -> None:
    """Add rows, in order, to a table. With `ignore`, rows that break a unique constraint are left out.

    Days and amounts may come as the strings the database writes them; PostgreSQL's COPY cannot skip a conflict,
    so there `ignore` goes through a temporary table.
    """
    names = ", ".join(columns)
    if cursor.db.vendor != "postgresql":
        marks = ", ".join(["%s"] * len(columns))
        verb = "INSERT OR IGNORE" if ignore else "INSERT"
        cursor.executemany(f"{verb} INTO {table} ({names}) VALUES ({marks})", rows)
        return
    target = f"{table}_new" if ignore else table
    if ignore:
        cursor.execute(f"CREATE TEMP TABLE {target} (LIKE {table} INCLUDING DEFAULTS) ON COMMIT DROP")
    with cursor.copy(f"COPY {target} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    if ignore:
        cursor.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM {target} ON CONFLICT DO NOTHING")
        cursor.execute(f"DROP TABLE {target}")
