"""How much is public, counted through indexes alone, and where the public records of given entries are."""

from collections.abc import Iterable
from datetime import date

from django.db import connection
from django.db.models import Count, Exists, OuterRef
from msgspec import Struct

from jiannuo.disclosure.models import Listing
from jiannuo.ledger import queries as ledger

NEWEST = """
SELECT id, (SELECT COUNT(*) FROM disclosure_listing WHERE decided_on >= %s AND decided_on <= %s)
FROM disclosure_listing ORDER BY id DESC LIMIT %s
"""


def by_kind() -> dict[str, int]:
    """How many records of each kind are public."""
    return dict(Listing.objects.order_by("kind").values_list("kind").annotate(Count("id")))


def by_organ() -> dict[tuple[int, str], int]:
    """How many records are public, by the organ whose they were and by kind."""
    rows = Listing.objects.order_by("organ", "kind").values_list("organ", "kind").annotate(Count("id"))
    return {(organ, kind): count for organ, kind, count in rows}


class Newest(Struct, frozen=True):
    """The newest public records by number, and how many public records are of decisions made in a period."""

    numbers: tuple[int, ...]
    decided: int


def newest(several: int, *, first: date, last: date) -> Newest:
    """What the front page opens with, in one question."""
    with connection.cursor() as cursor:
        cursor.execute(NEWEST, [*map(connection.ops.adapt_datefield_value, (first, last)), several])
        rows = cursor.fetchall()
    return Newest(tuple(number for number, _ in rows), rows[0][1] if rows else 0)


class Address(Struct, frozen=True):
    """Where a public record is, and its document number."""

    identity: str
    number: str


def addresses(entry_ids: Iterable[int]) -> dict[int, Address]:
    """Where the public record of each of these entries is; those whose record is not public now are left out."""
    public = Listing.objects.filter(identity=OuterRef("identity"))
    rows = ledger.facts().filter(Exists(public), pk__in=list(entry_ids)).annotate(shown=public.values("number")[:1])
    found = rows.values_list("pk", "identity", "shown")
    return {entry: Address(bytes(identity).hex(), number) for entry, identity, number in found}
