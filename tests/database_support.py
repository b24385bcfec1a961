"""Databases for tests: reset after a test that commits, and empty ones for processes of their own."""

import os
import secrets
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.db import connection, transaction

from jiannuo.kernel.refusals import Refused


def reset_to_here() -> None:
    """From now on Django's flush between tests passes the append-only triggers and lays again the rows that stand now."""
    with connection.cursor() as cursor:
        laid = list(rows_of_all_tables(cursor))

    def flush(statements: Iterable[str]) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            guards = lift_guards(cursor)
            for statement in statements:
                cursor.execute(statement)
            empty_search_indexes(cursor)
            for guard in guards:
                cursor.execute(guard)
            for insert, rows in laid:
                cursor.executemany(insert, rows)

    setattr(connection.ops, "execute_sql_flush", flush)  # noqa: B010 - a method of this one connection is replaced


def rows_of_all_tables(cursor: Any) -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
    """For each table that has rows: the statement that lays them again, and the rows."""
    quote = connection.ops.quote_name
    for table in connection.introspection.django_table_names(only_existing=True):
        cursor.execute(f"SELECT * FROM {quote(table)}")
        if rows := cursor.fetchall():
            columns = ", ".join(quote(column[0]) for column in cursor.description)
            marks = ", ".join(["%s"] * len(cursor.description))
            yield f"INSERT INTO {quote(table)} ({columns}) VALUES ({marks})", rows


def lift_guards(cursor: Any) -> list[str]:
    """The triggers sleep until the statements handed back have run."""
    if connection.vendor == "postgresql":
        cursor.execute("SET LOCAL session_replication_role = replica")
        return ["SET LOCAL session_replication_role = origin"]
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    triggers = cursor.fetchall()
    for name, _ in triggers:
        cursor.execute(f"DROP TRIGGER {connection.ops.quote_name(name)}")
    return [sql for _, sql in triggers]


def empty_search_indexes(cursor: Any) -> None:
    """FTS5 tables have no model, so Django's flush does not know them."""
    if connection.vendor == "sqlite":
        cursor.execute("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%%fts5%%'")
        for (name,) in cursor.fetchall():
            cursor.execute(f'INSERT INTO "{name}" ("{name}") VALUES (\'delete-all\')')


@contextmanager
def empty_database(folder: Path) -> Iterator[str]:
    """The DATABASE_URL of a new database, without tables, on the engine under test."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{folder / 'jiannuo.sqlite3'}"
        return
    import psycopg

    url = os.environ["DATABASE_URL"]
    name = f"own_{secrets.token_hex(6)}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
        try:
            yield urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def at_once(*calls: Callable[[], object]) -> list[object]:
    """What each call gave or refused, all begun at the same moment, each on its own connection."""
    barrier = threading.Barrier(len(calls))

    def run(call: Callable[[], object]) -> object:
        barrier.wait()
        try:
            return call()
        except Refused as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))
