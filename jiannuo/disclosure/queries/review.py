"""What the queue of review and the index of what is public are derived from: acts on entries, and the duties they answer to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from jiannuo.disclosure.models import Listing
from jiannuo.duties.models import Duty
from jiannuo.ledger import queries as ledger
from jiannuo.ledger.models import Entry
from jiannuo.ledger.queries import EntryCard
from jiannuo.policy import pack as policy

BOOKMARK = "review"
NEVER = date.max
"""The due day of what no duty asks for: it stands last in the queue."""

DECIDING = ("publication", "return", "withholding", "withdrawal")
"""The acts after which an entry no longer waits."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """By when a record had to be public, and since when that duty is kept."""

    due_on: date | None
    kept_on: date | None


NO_DEADLINE = Deadline(None, None)


def standing(due_on: date | None, kept_on: date | None) -> str:
    """On time or late, for a record that is public; nothing where no duty asks for it."""
    if due_on is None or kept_on is None:
        return ""
    return "on_time" if kept_on <= due_on else "late"


def kinds_reviewed() -> tuple[str, ...]:
    """The kinds of record that become public through review."""
    return tuple(kind.id for kind in policy.current().kinds.values() if kind.visibility == "public")


def duties_to_publish() -> tuple[str, ...]:
    """The kinds of duty that publishing keeps."""
    return tuple(duty.id for duty in policy.current().duties.values() if duty.kept_by == "publication")


def deadlines(cards: Sequence[EntryCard]) -> dict[bytes, Deadline]:
    """By identity: the earliest day a duty asked for publication of any version, and the earliest day one was kept."""
    if not cards:
        return {}
    identities = [card.identity for card in cards]
    rows = Duty.objects.filter(kind__in=duties_to_publish(), entry__identity__in=identities)
    found: dict[bytes, Deadline] = {}
    for raw, due_on, kept_on in rows.values_list("entry__identity", "due_on", "kept_on"):
        identity = bytes(raw)
        known = found.get(identity, NO_DEADLINE)
        found[identity] = Deadline(_earliest(known.due_on, due_on), _earliest(known.kept_on, kept_on))
    return found


def _earliest(one: date | None, other: date | None) -> date | None:
    return min(filter(None, (one, other)), default=None)


@dataclass(frozen=True, slots=True)
class Tail:
    """The part of the ledger after a bookmark, as the queue of review reads it."""

    after: int
    through: int

    def superseded(self) -> tuple[str, list[Any]]:
        """Drop from the queue what a newer version takes the place of."""
        kinds = kinds_reviewed()
        sql = (
            "DELETE FROM disclosure_waiting WHERE identity IN (SELECT identity FROM ledger_entry "
            f"WHERE id > %s AND id <= %s AND version > 1 AND kind IN ({_marks(kinds)}))"
        )
        return sql, [self.after, self.through, *kinds]

    def joining(self) -> tuple[str, list[Any]]:
        """Add to the queue what has come and nobody has decided on."""
        select, values = self.waiting()
        ignore = ("INSERT OR IGNORE", "") if connection.vendor == "sqlite" else ("INSERT", " ON CONFLICT DO NOTHING")
        return (
            f"{ignore[0]} INTO disclosure_waiting (entry_id, identity, kind, organ_id, due_on) {select}{ignore[1]}",
            values,
        )

    def waiting(self) -> tuple[str, list[Any]]:
        """The newest versions in this part of the ledger that wait, with their due day."""
        kinds, duties = kinds_reviewed(), duties_to_publish()
        sql = f"""
            SELECT e.id, e.identity, e.kind, e.organ_id, COALESCE(
                (SELECT min(d.due_on) FROM duties_duty d JOIN ledger_entry v ON v.id = d.entry_id
                 WHERE v.identity = e.identity AND d.kept_on IS NULL AND d.kind IN ({_marks(duties)})),
                {"DATE '9999-12-31'" if connection.vendor == "postgresql" else "'9999-12-31'"})
            FROM ledger_entry e
            WHERE e.id > %s AND e.id <= %s AND e.kind IN ({_marks(kinds)})
              AND NOT EXISTS (SELECT 1 FROM ledger_entry n WHERE n.identity = e.identity AND n.version > e.version)
              AND NOT EXISTS (SELECT 1 FROM ledger_entry a WHERE a.refers_id = e.id AND a.kind IN ({_marks(DECIDING)}))
        """
        return sql, [*duties, self.after, self.through, *kinds, *DECIDING]


def _marks(values: Sequence[Any]) -> str:
    return ", ".join(["%s"] * len(values))


def standing_publications() -> list[tuple[int, int, date]]:
    """Every publication that stands, oldest first: the act, the entry it made public, and the day."""
    later = Entry.objects.filter(
        refers__identity=OuterRef("refers__identity"), kind__in=["publication", "withdrawal"], pk__gt=OuterRef("pk")
    )
    acts = Entry.objects.filter(~Exists(later), kind="publication").order_by("pk")
    return list(acts.values_list("pk", "refers_id", "happened_on"))


def moved_deadlines() -> list[int]:
    """The listings whose due day is no longer the one their duty has."""
    now = Duty.objects.filter(entry__identity=OuterRef("identity"), kind__in=duties_to_publish())
    moved = Listing.objects.filter(Q(due_on__isnull=False), Exists(now), ~Exists(now.filter(due_on=OuterRef("due_on"))))
    return list(moved.order_by("pk").values_list("pk", flat=True))


def publications(listings: Iterable[int]) -> list[tuple[EntryCard, int, date]]:
    """What stands behind these listings, in their order: the entry, the act that made it public, and the day."""
    rows = list(
        Listing.objects.filter(pk__in=list(listings))
        .order_by("pk")
        .values_list("entry_id", "publication_id", "published_on")
    )
    cards = ledger.entries(entry for entry, _, _ in rows)
    return [(cards[entry], publication, on) for entry, publication, on in rows]
