"""How much is public, counted through indexes alone, and where the public records of given entries are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Count, Exists, OuterRef

from jiannuo.disclosure.models import Listing
from jiannuo.ledger.models import Entry

NEWEST = """
SELECT id, (SELECT COUNT(*) FROM disclosure_listing WHERE decided_on >= %s AND decided_on <= %s)
FROM disclosure_listing ORDER BY id DESC LIMIT %s
"""


def by_kind() -> dict[str, int]:
    """How many records of each kind are public."""
    return dict(Listing.objects.order_by("kind").values_list("kind").annotate(Count("id")))


def by_organ(organ_ids: Iterable[int] | None = None) -> dict[tuple[int, str], int]:
    """How many records of these organs, or of all, are public, by the organ whose they were and by kind."""
    rows = Listing.objects.order_by("organ", "kind").values_list("organ", "kind").annotate(Count("id"))
    if organ_ids is not None:
        rows = rows.filter(organ__in=list(organ_ids))
    return {(organ, kind): count for organ, kind, count in rows}


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest public records by number, and how many public records are of decisions made in a period."""

    numbers: tuple[int, ...]
    decided: int


def newest(several: int, *, first: date, last: date) -> Newest:
    """What the front page opens with, in one question."""
    with connection.cursor() as cursor:
        cursor.execute(NEWEST, [*map(connection.ops.adapt_datefield_value, (first, last)), several])
        rows = cursor.fetchall()
    return Newest(tuple(number for number, _ in rows), rows[0][1] if rows else 0)


def addresses(entry_ids: Iterable[int]) -> dict[int, str]:
    """The lasting address of each of these entries whose record is public now; the others are left out."""
    public = Listing.objects.filter(identity=OuterRef("identity"))
    rows = Entry.objects.filter(Exists(public), pk__in=list(entry_ids)).values_list("pk", "identity")
    return {entry: bytes(identity).hex() for entry, identity in rows}
