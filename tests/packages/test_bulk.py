"""Rows put into a table at once come out as they went in, whatever they hold, on both databases."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from jiannuo.kernel import bulk

pytestmark = pytest.mark.django_db

AWKWARD = [
    "", "\\N", "\\.", "\\", "a\tb", "a\nb", "a\r\nb", "末尾\\", "\\t不是制表符", "“引号”'\"", "𠮷", "\x0b\x7f", " 空格 ",
]  # fmt: skip
MOMENT = datetime(2026, 11, 23, 8, 0, 0, 5, tzinfo=UTC)


@pytest.fixture
def kept() -> Callable[..., list[Any]]:
    """Puts values into a column of this type, in a table of this test's own, and reads them again."""

    def put(type_: str, values: list[Any], **more: Any) -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TEMP TABLE kept (id integer, value {type_})")
            bulk.insert(cursor, "kept", ("id", "value"), enumerate(values), **more)
            cursor.execute("SELECT value FROM kept ORDER BY id")
            found = [bytes(value) if isinstance(value, memoryview) else value for (value,) in cursor.fetchall()]
            cursor.execute("DROP TABLE kept")
        return found

    return put


def test_texts_come_out_as_they_went_in(kept: Callable[..., list[Any]]) -> None:
    assert kept("text", AWKWARD) == AWKWARD
    assert kept("text", [None, *AWKWARD, None]) == [None, *AWKWARD, None]
    for text in AWKWARD:
        assert kept("text", [text]) == [text]


def test_many_rows_and_none(kept: Callable[..., list[Any]]) -> None:
    many = [AWKWARD[at % len(AWKWARD)] or None for at in range(5000)]
    assert kept("text", many) == many
    assert kept("text", []) == []


def test_texts_encoded_before_are_texts(kept: Callable[..., list[Any]]) -> None:
    assert kept("text", [text.encode() for text in AWKWARD], encoded="value") == AWKWARD


def test_bytes_come_out_as_they_went_in(kept: Callable[..., list[Any]]) -> None:
    type_ = "bytea" if connection.vendor == "postgresql" else "blob"
    every = [bytes(range(256)), b"", b"\\x00", None, b"\t\n\r"]
    assert kept(type_, every) == every


def test_numbers_days_and_amounts_as_texts(kept: Callable[..., list[Any]]) -> None:
    assert kept("integer", [0, -1, None, 2**31 - 1]) == [0, -1, None, 2**31 - 1]
    assert list(map(str, kept("date", ["2026-11-23", None]))) == ["2026-11-23", "None"]
    assert [found and Decimal(found) for found in kept("numeric(20, 2)", ["1234.50", None])] == [
        Decimal("1234.5"),
        None,
    ]


@pytest.mark.skipif(
    connection.vendor != "postgresql",
    reason="how COPY writes types of PostgreSQL alone: run in the PostgreSQL half of make test",
)
def test_days_moments_and_yes_as_python_has_them(kept: Callable[..., list[Any]]) -> None:
    assert kept("date", [date(2026, 11, 23), None]) == [date(2026, 11, 23), None]
    assert kept("timestamptz", [MOMENT]) == [MOMENT]
    assert kept("boolean", [True, None, False]) == [True, None, False]
    assert kept("numeric", [Decimal("1E+3"), Decimal("-0.05")]) == [Decimal(1000), Decimal("-0.05")]
