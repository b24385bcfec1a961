"""Reading the ledger."""

import json
import secrets
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from msgspec import Struct

from jiannuo.kernel import canonical, days, sealing, sql
from jiannuo.kernel.secret_files import made_once
from jiannuo.ledger import rules
from jiannuo.ledger.models import Entry, Evidence, Head, PersonalPart


class EntryCard(Struct, frozen=True):
    """One entry as pages and rules read it."""

    id: int
    kind: str
    organ_id: int
    about: str
    happened_on: date
    seen_at: datetime
    number: str
    body: dict[str, str]
    amount: Decimal | None
    visibility: str
    rule: str
    refers: int | None
    corrects: int | None
    reason: str
    batch: int | None
    row: int | None
    author: str
    identity: bytes
    version: int
    digest: str

    @property
    def link(self) -> rules.Link:
        """What another entry keeps to point at this one."""
        return rules.Link(self.id, self.digest)


class History(Struct, frozen=True):
    """One record through time: its versions, oldest first, and what was done to any of them."""

    versions: tuple[EntryCard, ...]
    acts: tuple[EntryCard, ...]


CENT = Decimal("0.01")
COLUMNS = (
    "id", "kind", "organ_id", "about", "happened_on", "seen_at", "number", "body", "amount", "visibility", "rule",
    "refers_id", "corrects_id", "reason", "batch", "row", "author", "identity", "version", "digest",
)  # fmt: skip


def card(values: Sequence[Any]) -> EntryCard:
    """The card of one row selected by COLUMNS, through Django or in words of SQL: there SQLite gives days, moments and money as text."""
    row = list(values)
    row[4], row[5] = days.as_day(row[4]), days.as_moment(row[5])
    row[7] = json.loads(str(row[7]))
    row[8] = row[8] if row[8] is None or isinstance(row[8], Decimal) else Decimal(str(row[8])).quantize(CENT)
    row[17] = bytes(row[17])  # memoryview on PostgreSQL
    row[19] = bytes(row[19]).hex()
    return EntryCard(*row)


def beside(table: str) -> str:
    """What a question written in SQL has to ask for of an entry it joins under a short name; `card_beside` makes the card of it."""
    return ", ".join(f"{table}.{name} AS {table}_{name}" for name in COLUMNS)


def card_beside(row: object, table: str) -> EntryCard:
    """The card of an entry that came along with a row of such a question."""
    return card([getattr(row, f"{table}_{name}") for name in COLUMNS])


def cards(entries: QuerySet[Entry]) -> list[EntryCard]:
    """The cards of a query's rows, in its order."""
    return [card(values) for values in entries.values_list(*COLUMNS)]


def card_of(row: Entry) -> EntryCard:
    """The card of an entry that came along with another row."""
    return card([getattr(row, name) for name in COLUMNS])


def _selected(where: str, values: Sequence[int | str]) -> list[EntryCard]:
    """In words of SQL: these are asked for many times in every step, and composing them anew took longer than answering them."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(COLUMNS)} FROM ledger_entry WHERE {where}", list(values))
        return [card(row) for row in cursor.fetchall()]


def entry(entry_id: int) -> EntryCard | None:
    """The entry of that number, if there is one."""
    return next(iter(_selected("id = %s", [entry_id])), None)


def entries(entry_ids: Iterable[int]) -> dict[int, EntryCard]:
    """The entries of those numbers, by number."""
    wanted = sorted(set(entry_ids))
    found: dict[int, EntryCard] = {}
    for start in range(0, len(wanted), 5000):
        some = wanted[start : start + 5000]
        found |= {one.id: one for one in _selected(f"id IN ({sql.places(some)})", some)}
    return found


def acts_on(entry_ids: Collection[int], *, kind: str) -> list[EntryCard]:
    """What was done of a kind to these entries, each oldest first, thousands at a time."""
    wanted, found = sorted(set(entry_ids)), list[EntryCard]()
    for start in range(0, len(wanted), 5000):
        some = wanted[start : start + 5000]
        where = f"refers_id IN ({sql.places(some)}) AND kind = %s ORDER BY refers_id, version"
        found += _selected(where, [*some, kind])
    return found


def since(entry_id: int, *, kinds: Iterable[str], limit: int) -> list[EntryCard]:
    """The entries of these kinds later than one, oldest first: how a stage follows the ledger."""
    named = list(kinds)
    return _selected(f"id > %s AND kind IN ({sql.places(named)}) ORDER BY id LIMIT %s", [entry_id, *named, limit])


def facts() -> QuerySet[Entry]:
    """All entries, for a stage that reads them by a condition of its own."""
    return Entry.objects.all()


def personal_parts() -> QuerySet[PersonalPart]:
    """The sealed personal parts, for a stage that judges many records at once; opening one is `personal`'s business."""
    return PersonalPart.objects.all()


CLOSED = "restricted"
OPEN = ~Q(visibility=CLOSED)
"""What lists may show: the rest is read in the files alone, section by section."""


def known(as_of: datetime | None) -> Q:
    """What the platform had seen by a moment."""
    return Q() if as_of is None else Q(seen_at__lte=as_of)


def history(identity: bytes, *, as_of: datetime | None = None) -> History:
    """A record's versions and the acts on them, as known at a moment."""
    versions = cards(Entry.objects.filter(known(as_of), identity=identity).order_by("version"))
    acts = cards(Entry.objects.filter(known(as_of), refers__in=[one.id for one in versions]).order_by("pk"))
    return History(tuple(versions), tuple(acts))


class Present(Struct, frozen=True):
    """The newest version of a record that is in the ledger already."""

    link: rules.Link
    version: int
    content: bytes


WIDTH = 16
"""Bytes of an identity."""


def present(identities: Sequence[bytes]) -> dict[bytes, Present]:
    """Which of these records are in the ledger, by identity; one indexed look-up, thousands at a time."""
    found: dict[bytes, Present] = {}
    if not identities:
        return found
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # In one piece: thousands of texts each written out for the server cost as much as the look-up itself.
            where = f"identity = ANY(ARRAY(SELECT substring(%s FROM {WIDTH} * n + 1 FOR {WIDTH}) FROM generate_series(0, %s) n))"
            params: list[Any] = [b"".join(identities), len(identities) - 1]
        else:
            where, params = f"identity IN ({','.join(['%s'] * len(identities))})", [*identities]
        cursor.execute(
            f"SELECT identity, version, content, id, digest FROM ledger_entry WHERE {where} ORDER BY version", params
        )
        for identity, version, content, entry_id, digest in cursor:
            found[bytes(identity)] = Present(rules.Link(entry_id, bytes(digest).hex()), version, bytes(content))
    return found


def newest(kinds: Sequence[str], *, as_of: datetime | None = None) -> QuerySet[Entry]:
    """The newest version of each record of these kinds, as known at a moment."""
    later = Entry.objects.filter(known(as_of), identity=OuterRef("identity"), version__gt=OuterRef("version"))
    return Entry.objects.filter(known(as_of), ~Exists(later), kind__in=kinds)


def listed(kind: str, organ_id: int, *, as_of: datetime | None = None) -> list[EntryCard]:
    """The items of an organ's whole list (权力清单, 责任清单) as known at a moment: newest versions not taken off it, by number."""
    off = Entry.objects.filter(known(as_of), refers=OuterRef("pk"), kind="delisting")
    found = newest([kind], as_of=as_of).filter(~Exists(off), organ_id=organ_id)
    return cards(found.order_by("number", "pk"))


def numbered(kinds: Iterable[str], numbers: Iterable[str]) -> dict[str, set[int]]:
    """Which organs have records of these kinds under these numbers."""
    found: dict[str, set[int]] = {}
    rows = Entry.objects.filter(number__in=list(numbers), kind__in=list(kinds)).values_list("number", "organ_id")
    for number, organ_id in rows.distinct():
        found.setdefault(number, set()).add(organ_id)
    return found


def numbers_of(kind: str, organ_ids: Iterable[int]) -> frozenset[str]:
    """The numbers under which these organs have, or once had, records of a kind."""
    rows = Entry.objects.filter(kind=kind, organ_id__in=list(organ_ids))
    return frozenset(rows.order_by().values_list("number", flat=True).distinct())


def records(
    kind: str, *, organ_ids: Iterable[int] | None, as_of: datetime | None, limit: int, offset: int = 0
) -> tuple[int, list[EntryCard]]:
    """How many records of a kind these organs have, and one page of them, newest fact first; closed ones are only in files."""
    found = newest([kind], as_of=as_of).filter(OPEN)
    if organ_ids is not None:
        found = found.filter(organ_id__in=list(organ_ids))
    return found.count(), cards(found.order_by("-happened_on", "-pk")[offset : offset + limit])


def personal(entry_id: int) -> dict[str, str]:
    """The personal values kept apart. Whoever calls this has asked for permission and left a trace."""
    sealed = PersonalPart.objects.filter(pk=entry_id).values_list("sealed", flat=True).first()
    if sealed is None:
        return {}
    opened: dict[str, str] = json.loads(sealing.unseal(ring(), bytes(sealed), context=context(entry_id)))
    opened.pop(rules.PRIVATE_SALT, None)
    return opened


def personals(entry_ids: Iterable[int]) -> dict[int, dict[str, str]]:
    """The personal values of many entries, in one query; asked for and traced as `personal` is."""
    found: dict[int, dict[str, str]] = {}
    for number, sealed in PersonalPart.objects.filter(pk__in=list(entry_ids)).values_list("pk", "sealed"):
        opened = json.loads(sealing.unseal(ring(), bytes(sealed), context=context(number)))
        opened.pop(rules.PRIVATE_SALT, None)
        found[number] = opened
    return found


def context(entry_id: int) -> str:
    """What a personal part is bound to, so that it cannot be moved to another entry."""
    return f"entry:{entry_id}"


def head() -> tuple[int, datetime | None]:
    """The number of the last entry and when it was added; it moves whenever anything does."""
    return Head.objects.values_list("entry", "moved_at").get(pk=1)


def recomputed_digest(entry_id: int, *, organ_code: str) -> str:
    """The digest made anew from what the database holds now; it equals the one kept unless somebody changed a row."""
    row = Entry.objects.select_related("refers", "corrects").get(pk=entry_id)
    draft = rules.Draft(
        kind=row.kind,
        organ_id=row.organ_id,
        organ_code=organ_code,
        happened_on=row.happened_on,
        rule=row.rule,
        source=rules.Source(row.author, row.batch, row.row),
        identity=bytes(row.identity),
        about=row.about,
        number=row.number,
        amount=row.amount,
        visibility=row.visibility,
        visible_until=row.visible_until,
        refers=_link(row.refers),
        corrects=_link(row.corrects),
        reason=row.reason,
        version=row.version,
    )
    private = bytes(row.private_digest) if row.private_digest is not None else None
    covered = rules.envelope(
        draft, body=row.body.encode(), seen_at=rules.moment(row.seen_at), salt=bytes(row.salt), private_digest=private
    )
    return canonical.digest(covered).hex()


def _link(row: Entry | None) -> rules.Link | None:
    return None if row is None else rules.Link(row.pk, bytes(row.digest).hex())


class EvidenceCard(Struct, frozen=True):
    """A file kept: its digest, the name it came with, its type and size in bytes."""

    digest: str
    name: str
    type: str
    size: int


def evidence(digest: str) -> EvidenceCard | None:
    """What is known of a kept file."""
    row = Evidence.objects.filter(pk=digest).first()
    return None if row is None else EvidenceCard(row.digest, row.name, row.type, row.size)


def evidence_of(digests: Sequence[str]) -> list[EvidenceCard]:
    """What is known of several kept files, in their order, in one question."""
    rows = {row.digest: row for row in Evidence.objects.filter(pk__in=list(digests))}
    found = (rows[digest] for digest in digests if digest in rows)
    return [EvidenceCard(row.digest, row.name, row.type, row.size) for row in found]


def evidence_bytes(digest: str) -> bytes:
    """The file itself; the seal vouches that it is what was kept under that digest. Raises FileNotFoundError where it is gone."""
    return sealing.unseal(ring(), evidence_path(digest).read_bytes(), context=f"evidence:{digest}")


def evidence_path(digest: str) -> Path:
    """Where a file of that digest lies, sealed."""
    folder: Path = settings.EVIDENCE_FOLDER
    return folder / digest[:2] / digest


def ring() -> tuple[bytes, ...]:
    """The installation's keys, the one in use first: for sealing personal values and files, and for blind digests."""
    return _ring(settings.HOME / "seal.key")


@cache
def _ring(path: Path) -> tuple[bytes, ...]:
    return tuple(bytes.fromhex(line) for line in made_once(path, _new_key).decode("ascii").split())


def _new_key() -> bytes:
    return f"{secrets.token_hex(sealing.KEY_LENGTH)}\n".encode()
