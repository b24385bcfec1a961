"""Keeping the index of what is public, and the queue of what waits, in step with the ledger. Both can be made anew from it."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, Max, OuterRef
from msgspec import Struct

from jiannuo.disclosure import rules
from jiannuo.disclosure.models import Bookmark, Listing, Waiting
from jiannuo.disclosure.queries import marks, review
from jiannuo.duties import actions as duties
from jiannuo.kernel import bulk
from jiannuo.ledger import queries as ledger
from jiannuo.ledger.queries import EntryCard
from jiannuo.policy import pack as policy
from jiannuo.policy.kinds import Kind
from jiannuo.subjects.rules import OFFICIAL

TABLE = "disclosure_listing"
COLUMNS = (
    "id", "entry_id", "identity", "publication_id", "kind", "organ_id", "about", "number", "decided_on", "published_on",
    "due_on", "kept_on", "until", "text",
)  # fmt: skip
CHUNK = 5000
MANY = 200

TERMS = "INSERT INTO disclosure_terms (rowid, terms) VALUES (%s, %s)"
NO_TERMS = "INSERT INTO disclosure_terms (disclosure_terms, rowid, terms) VALUES ('delete', %s, %s)"


class Publication(Struct, frozen=True):
    """What an act of publication made public: the entry, the act, and the day."""

    card: EntryCard
    act: int
    on: date
    number: int = 0
    """Its place in the order of publication; nought for the next one."""


def add(publications: Sequence[Publication]) -> None:
    """Put records into the listing and the search, after all that are there unless their place is given."""
    first = (Listing.objects.aggregate(last=Max("id"))["last"] or 0) + 1
    deadlines = review.deadlines([publication.card for publication in publications])
    kinds = policy.current().kinds
    rows: list[tuple[Any, ...]] = []
    terms: list[list[str]] = []
    for following, publication in enumerate(publications, first):
        card, number = publication.card, publication.number or following
        kind = kinds[card.kind]
        deadline = deadlines.get(card.identity, review.NO_DEADLINE)
        text = rules.search_text(kind, card.body)
        rows.append((
            number, card.id, card.identity, publication.act, card.kind, card.organ_id, _about(card.about), card.number,
            card.happened_on.isoformat(), publication.on.isoformat(), _iso(deadline.due_on), _iso(deadline.kept_on),
            _iso(_until(kind, card)), text,
        ))  # fmt: skip
        standing = review.standing(deadline.due_on, deadline.kept_on)
        terms.append(
            rules.terms(text, kind=card.kind, organ=card.organ_id, decided_on=card.happened_on, standing=standing)
        )
    insert(rows, terms)


def insert(rows: Sequence[Sequence[Any]], terms: Sequence[Sequence[str]]) -> None:
    """Store rows of the listing, in COLUMNS order, with the terms of each."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            whole = ((*row, rules.tsvector(found)) for row, found in zip(rows, terms, strict=True))
            bulk.insert(cursor, TABLE, (*COLUMNS, "terms"), whole)
            if len(rows) >= MANY:
                # GIN takes many at once six times as fast as one by one, but reads what it has put off slowly.
                cursor.execute("SELECT gin_clean_pending_list('listing_terms')")
            return
        bulk.insert(cursor, TABLE, COLUMNS, rows)
        cursor.executemany(TERMS, [(row[0], " ".join(found)) for row, found in zip(rows, terms, strict=True)])


def _until(kind: Kind, card: EntryCard) -> date | None:
    """The last day it may be shown: the one it states, or the last of its publicity, whichever comes first."""
    stated = rules.as_date(rules.text_of(kind, card.body, "shown_until"))
    return min(filter(None, (stated, marks.shown_last(card))), default=None)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _about(key: str) -> str:
    """Nobody's records are gathered under a natural person, an official included: that key stays out of what is public."""
    return "" if key.startswith(("person:", "record:", OFFICIAL)) else key


def remove(identities: Iterable[bytes]) -> int:
    """Take records out of the listing and the search, and say how many there were."""
    rows = Listing.objects.filter(identity__in=list(identities))
    if connection.vendor != "postgresql":
        _forget(rows.values_list("id", "text", "kind", "organ_id", "decided_on", "due_on", "kept_on"))
    return rows.delete()[0]


def _forget(rows: Iterable[tuple[int, str, str, int, date, date | None, date | None]]) -> None:
    """A contentless FTS5 table forgets a row only when told every term it was given."""
    gone = [
        (number, " ".join(_terms(text, kind, organ, decided_on, review.standing(due_on, kept_on))))
        for number, text, kind, organ, decided_on, due_on, kept_on in rows
    ]
    if gone:
        with connection.cursor() as cursor:
            cursor.executemany(NO_TERMS, gone)


def _terms(text: str, kind: str, organ: int, decided_on: date, standing: str) -> list[str]:
    return rules.terms(text, kind=kind, organ=organ, decided_on=decided_on, standing=standing)


@transaction.atomic
def follow(*, at: datetime) -> int:
    """Let records that have come since the last time join the queue of review, duties first, and say how many did."""
    duties.catch_up(opened_at=at)
    mark, _ = Bookmark.objects.select_for_update().get_or_create(name=review.BOOKMARK)
    head, _moved = ledger.head()
    if mark.entry >= head:
        return 0
    tail = review.Tail(after=mark.entry, through=head)
    _take_off_lists(after=mark.entry)
    with connection.cursor() as cursor:
        cursor.execute(*tail.superseded())
        cursor.execute(*tail.joining())
        joined: int = cursor.rowcount
    Bookmark.objects.filter(pk=mark.pk).update(entry=head)
    return joined


def _take_off_lists(*, after: int) -> None:
    """What a new list no longer names, and what a case took down or repaired, leaves the listing, the search and the queue."""
    acts = ledger.facts().filter(pk__gt=after, kind__in=marks.ENDING).values_list("refers_id", "refers__identity")
    entries = {entry: bytes(identity) for entry, identity in acts}
    leave(list(entries))
    # An item named again, or released again, meanwhile stands under a later publication.
    again = ledger.facts().filter(
        refers__identity=OuterRef("identity"), kind__in=marks.ENDING, pk__gt=OuterRef("publication")
    )
    gone = Listing.objects.filter(Exists(again), identity__in=list(entries.values())).values_list("identity", flat=True)
    remove(bytes(identity) for identity in gone)


def leave(entry_ids: Sequence[int]) -> None:
    """Take entries out of the queue of review."""
    Waiting.objects.filter(pk__in=entry_ids).delete()


@transaction.atomic
def refresh_deadlines(*, since: date = date.min) -> int:
    """Bring due days into step with the duties, which move when a year's holiday notice arrives; say how many moved.

    Only decisions made since a day are looked at: a notice arrives before its year begins and moves nothing older.
    """
    with connection.cursor() as cursor:
        # Row by row, for few move: one statement that joined the queue with itself would be planned by how long it once was.
        cursor.executemany("UPDATE disclosure_waiting SET due_on = %s WHERE entry_id = %s", review.moved_in_queue())
    moved = review.moved_deadlines(since=since)
    for start in range(0, len(moved), CHUNK):
        listings = moved[start : start + CHUNK]
        again = [
            Publication(card, publication, published_on, number)
            for number, card, publication, published_on in review.publications(listings)
        ]
        remove(publication.card.identity for publication in again)
        add(again)
    return len(moved)


@transaction.atomic
def rebuild(*, at: datetime) -> int:
    """Make the listing, the search and the queue anew from the ledger, and say how many records are public."""
    _empty()
    acts = review.standing_publications()
    for start in range(0, len(acts), CHUNK):
        chunk = acts[start : start + CHUNK]
        cards = ledger.entries(entry_id for _, entry_id, _ in chunk)
        add([Publication(cards[entry_id], act, on) for act, entry_id, on in chunk])
    Bookmark.objects.filter(name=review.BOOKMARK).delete()
    follow(at=at)
    return len(acts)


def _empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE}")
        cursor.execute("DELETE FROM disclosure_waiting")
        if connection.vendor != "postgresql":
            cursor.execute("INSERT INTO disclosure_terms (disclosure_terms) VALUES ('delete-all')")
