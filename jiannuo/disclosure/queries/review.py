"""What the queue of review and the index of what is public are derived from: acts on entries, and the duties they answer to."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q
from msgspec import Struct

from jiannuo.access import rules as access
from jiannuo.access.rules import Actor
from jiannuo.disclosure import rules
from jiannuo.disclosure.models import Bookmark, Listing, Waiting
from jiannuo.disclosure.queries import marks, reviewers
from jiannuo.disclosure.queries.marks import Mark
from jiannuo.disclosure.rules import CAP, Judgement
from jiannuo.duties import queries as duties
from jiannuo.kernel import days, sealing
from jiannuo.kernel.sql import places
from jiannuo.ledger import queries as ledger
from jiannuo.ledger.queries import EntryCard
from jiannuo.policy import pack as policy
from jiannuo.policy.kinds import Kind
from jiannuo.subjects import queries as subjects

BOOKMARK = "review"
NEVER = date.max
"""The due day of what no duty asks for: it stands last in the queue."""

DECIDING = ("publication", "return", "withholding", "withdrawal", "revocation", "delisting", "repair")
"""The acts after which an entry no longer waits."""


class Deadline(Struct, frozen=True):
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
    rows = duties.owed().filter(kind__in=duties_to_publish(), entry__identity__in=identities)
    found: dict[bytes, Deadline] = {}
    for raw, due_on, kept_on in rows.values_list("entry__identity", "due_on", "kept_on"):
        identity = bytes(raw)
        known = found.get(identity, NO_DEADLINE)
        found[identity] = Deadline(_earliest(known.due_on, due_on), _earliest(known.kept_on, kept_on))
    return found


def _earliest(one: date | None, other: date | None) -> date | None:
    return min(filter(None, (one, other)), default=None)


class Tail(Struct, frozen=True):
    """The part of the ledger after a bookmark, as the queue of review reads it."""

    after: int
    through: int

    def superseded(self) -> tuple[str, list[Any]]:
        """Drop from the queue what a newer version takes the place of."""
        kinds = kinds_reviewed()
        sql = (
            "DELETE FROM disclosure_waiting WHERE identity IN (SELECT identity FROM ledger_entry "
            f"WHERE id > %s AND id <= %s AND version > 1 AND kind IN ({places(kinds)}))"
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
        kinds = kinds_reviewed()
        due, owed, duties = _due_of("e")
        sql = f"""
            SELECT e.id, e.identity, e.kind, e.organ_id, {due}
            FROM ledger_entry e {owed}
            WHERE e.id > %s AND e.id <= %s AND e.kind IN ({places(kinds)})
              AND NOT EXISTS (SELECT 1 FROM ledger_entry n WHERE n.identity = e.identity AND n.version > e.version)
              AND NOT EXISTS (SELECT 1 FROM ledger_entry a WHERE a.refers_id = e.id AND a.kind IN ({places(DECIDING)}))
            GROUP BY e.id, e.identity, e.kind, e.organ_id
        """
        return sql, [*duties, self.after, self.through, *kinds, *DECIDING]


def _due_of(rows: str) -> tuple[str, str, list[Any]]:
    """The earliest day by which records still have to be public, or the last day there is: the column, and the join it is of.

    All records are joined at once and what is open is told in the aggregate, never asked for record by record: PostgreSQL takes
    an index of open duties for the way to the earliest one, and on tables nobody has analysed walks it whole for each record.
    """
    kinds = duties_to_publish()
    never = "DATE '9999-12-31'" if connection.vendor == "postgresql" else "'9999-12-31'"
    due = f"COALESCE(MIN(d.due_on) FILTER (WHERE d.kept_on IS NULL), {never})"
    owed = f"""JOIN ledger_entry v ON v.identity = {rows}.identity
        LEFT JOIN duties_duty d ON d.entry_id = v.id AND d.kind IN ({places(kinds)})"""
    return due, owed, list(kinds)


def moved_in_queue() -> list[tuple[date, int]]:
    """The due day that the duties say now and the entry, for what waits in the queue under another day."""
    due, owed, duties = _due_of("w")
    sql = f"""
        SELECT {due}, w.entry_id FROM disclosure_waiting w {owed}
        GROUP BY w.entry_id, w.due_on HAVING {due} <> w.due_on
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, duties)
        return [(days.as_day(day), entry) for day, entry in cursor.fetchall()]


def standing_publications() -> list[tuple[int, int, date]]:
    """Every publication that stands, oldest first: the act, the entry it made public, and the day."""
    later = ledger.facts().filter(
        refers__identity=OuterRef("refers__identity"),
        kind__in=["publication", *marks.ENDING],
        pk__gt=OuterRef("pk"),
    )
    acts = ledger.facts().filter(~Exists(later), kind="publication").order_by("pk")
    return list(acts.values_list("pk", "refers_id", "happened_on"))


def moved_deadlines(*, since: date) -> list[int]:
    """The listings, of decisions made since a day, whose due day is no longer the one their duty has."""
    now = duties.owed().filter(entry__identity=OuterRef("identity"), kind__in=duties_to_publish())
    moved = Listing.objects.filter(Exists(now), ~Exists(now.filter(due_on=OuterRef("due_on"))), decided_on__gte=since)
    return list(moved.order_by("pk").values_list("pk", flat=True))


def publications(listings: Iterable[int]) -> list[tuple[int, EntryCard, int, date]]:
    """What stands behind these listings, by number: the entry, the act that made it public, and the day."""
    rows = Listing.objects.filter(pk__in=list(listings)).order_by("pk")
    found = list(rows.values_list("pk", "entry_id", "publication_id", "published_on"))
    cards = ledger.entries(entry for _, entry, _, _ in found)
    return [(number, cards[entry], publication, on) for number, entry, publication, on in found]


# -- one record on its way ---------------------------------------------------------------------------------------

STATES = {
    "publication": "public",
    "return": "returned",
    "withholding": "withheld",
    "withdrawal": "withdrawn",
    "delisting": "delisted",
    "revocation": "revoked",
    "repair": "repaired",
}


class Judged(Struct, frozen=True):
    """A record as a reviewer meets it: the entry, how the rules see it today, and what has been done to it."""

    card: EntryCard
    kind: Kind
    judgement: Judgement
    state: str
    """waiting, public, returned, withheld, withdrawn, revoked, repaired, or superseded by a newer version."""
    acts: Mapping[str, int]
    """How many acts of each kind there are on this entry."""
    reviewer: int
    """The organ whose people decide on it: its own; of what a case found against an organ, the lead office or who oversees it."""
    disputed_on: date | None = None
    """Since when the one it is about objects to it."""


def judged(entry_ids: Iterable[int], *, on: date) -> dict[int, Judged]:
    """These records judged by the rules of a day."""
    pack = policy.current()
    reviewed = kinds_reviewed()
    cards = {number: card for number, card in ledger.entries(entry_ids).items() if card.kind in reviewed}
    versions, newest = _versions(cards.values())
    done, marked = _acts(versions)
    secrets = _private(card for card in cards.values() if pack.kinds[card.kind].field_for("about_code_type"))
    organs = subjects.directory(on)
    found: dict[int, Judged] = {}
    for number, card in cards.items():
        kind = pack.kinds[card.kind]
        judgement = rules.judge(
            kind,
            card.body,
            secrets.get(number, {}),
            organ=organs.card(card.organ_id).name,
            decided_on=card.happened_on,
            on=on,
            filters=pack.filters,
            shown_last=marks.shown_last(card),
        )
        acts = done.get(number, [])
        state = "superseded" if newest[card.identity] > card.version else _state(acts)
        mark = marked.get(card.identity, marks.NONE)
        state = "repaired" if mark.repaired_on else state
        found[number] = Judged(
            card, kind, judgement, state, Counter(acts), reviewers.reviewer_of(card, kind, organs), mark.disputed_on
        )
    return found


def _state(acts: Sequence[str]) -> str:
    """Where a record stands by what was done to it; a decision revoked stays revoked."""
    if "revocation" in acts:
        return "revoked"
    return STATES[acts[-1]] if acts else "waiting"


def _versions(cards: Iterable[EntryCard]) -> tuple[dict[int, bytes], dict[bytes, int]]:
    """All versions of these records by their entry, and the newest of each."""
    identities = [card.identity for card in cards]
    rows = ledger.facts().filter(identity__in=identities).order_by("version").values_list("pk", "identity", "version")
    found = [(number, bytes(identity), version) for number, identity, version in rows]
    return {number: one for number, one, _ in found}, {one: version for _, one, version in found}


def _acts(versions: Mapping[int, bytes]) -> tuple[dict[int, list[str]], dict[bytes, Mark]]:
    """What was decided on each version, and the mark that stands on each record."""
    decided: dict[int, list[str]] = {}
    told: dict[bytes, list[tuple[str, date]]] = {}
    acts = ledger.facts().filter(refers__in=list(versions), kind__in=(*DECIDING, *marks.MARKING)).order_by("pk")
    for entry_id, kind, on in acts.values_list("refers_id", "kind", "happened_on"):
        told.setdefault(versions[entry_id or 0], []).append((kind, on))
        if kind in DECIDING:
            decided.setdefault(entry_id or 0, []).append(kind)
    return decided, {identity: marks.mark(several) for identity, several in told.items()}


def _private(cards: Iterable[EntryCard]) -> dict[int, dict[str, str]]:
    """Personal values for the rules alone (未成年人记录封存); no person reads them here."""
    ring = ledger.ring()
    found: dict[int, dict[str, str]] = {}
    rows = ledger.personal_parts().filter(pk__in=[card.id for card in cards])
    for number, sealed in rows.values_list("pk", "sealed"):
        found[number] = json.loads(sealing.unseal(ring, bytes(sealed), context=ledger.context(number)))
    return found


# -- the queue ---------------------------------------------------------------------------------------------------


class WaitingCard(Struct, frozen=True):
    """One record in the queue of review."""

    entry_id: int
    identity: str
    kind: str
    kind_short: str
    organ_id: int
    organ: str
    title: str
    party: str
    number: str
    decided_on: date
    due_on: date | None
    author: str
    own: bool
    """True where the reader entered it and so cannot release it."""
    version: int
    reason: str
    judgement: Judgement
    disputed_on: date | None = None


class Queue(Struct, frozen=True):
    """A page of the queue of review, the most urgent first. Totals stop at a thousand."""

    rows: tuple[WaitingCard, ...]
    total: int
    capped: bool
    page: int
    pages: int
    by_kind: Mapping[str, int]


def waiting(
    actor: Actor,
    *,
    on: date,
    kind: str = "",
    organ: int | None = None,
    question: str = "",
    page: int = 1,
    size: int = 20,
) -> Queue:
    """What waits for a reviewer's decision within the reader's reach, with the rules' judgement of each."""
    organs = subjects.directory(on)
    where = reviewers.reaching(access.scope(actor, "records.read"), organs)
    if organ is not None:
        where &= Q(organ__in=organs.line(organ))
    kinds = (kind,) if kind else kinds_reviewed()
    rows = sorted(_queued(where, kinds, question.strip()) + _tail(where, kinds, question.strip()))[: CAP + 1]
    countable = rows[:CAP]
    pages = max(1, -(-len(countable) // size))
    page = min(max(1, page), pages)
    shown = countable[(page - 1) * size : page * size]
    found = judged([number for _, number, _ in shown], on=on)
    cards = tuple(
        _waiting_card(found[number], due_on, organs.card(found[number].card.organ_id).short, actor)
        for due_on, number, _ in shown
        if number in found and found[number].state == "waiting"
    )
    by_kind = Counter(kind_id for _, _, kind_id in countable)
    return Queue(cards, len(countable), len(rows) > CAP, page, pages, by_kind)


def _queued(where: Q, kinds: Sequence[str], question: str) -> list[tuple[date, int, str]]:
    rows = Waiting.objects.filter(where, kind__in=kinds)
    if question:
        rows = rows.filter(Q(entry__number__contains=question) | Q(entry__body__contains=question))
    return list(rows.order_by("due_on", "entry").values_list("due_on", "entry_id", "kind")[: CAP + 1])


def _tail(where: Q, kinds: Sequence[str], question: str) -> list[tuple[date, int, str]]:
    """What has come since the queue was last brought into step: usually nothing."""
    after = Bookmark.objects.filter(name=BOOKMARK).values_list("entry", flat=True).first() or 0
    head, _ = ledger.head()
    if after >= head:
        return []
    select, values = Tail(after, head).waiting()
    with connection.cursor() as cursor:
        cursor.execute(select, values)
        rows = [(days.as_day(due), number, kind) for number, _, kind, _, due in cursor.fetchall() if kind in kinds]
    within = (
        set(ledger.facts().filter(where, pk__in=[row[1] for row in rows]).values_list("pk", flat=True)) if rows else ()
    )
    found = [row for row in rows if row[1] in within]
    if question and found:
        cards = ledger.entries(number for _, number, _ in found)
        found = [row for row in found if question in cards[row[1]].number or question in str(cards[row[1]].body)]
    return found


def _waiting_card(one: Judged, due_on: date, organ: str, actor: Actor) -> WaitingCard:
    card, shown = one.card, rules.public_part(one.kind, one.card.body, ("title", "about_name"))
    return WaitingCard(
        entry_id=card.id,
        identity=card.identity.hex(),
        kind=card.kind,
        kind_short=one.kind.short,
        organ_id=card.organ_id,
        organ=organ,
        title=shown["title"],
        party=shown["about_name"],
        number=card.number,
        decided_on=card.happened_on,
        due_on=None if due_on == NEVER else due_on,
        author=card.author,
        own=card.author == actor.username,
        version=card.version,
        reason=card.reason,
        judgement=one.judgement,
        disputed_on=one.disputed_on,
    )
