"""Records as staff read them: what an organ has sent in, where each stands, and what came back to be mended."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from django.db import connection
from django.db.models import Count, Exists, Min, OuterRef, Q
from msgspec import Struct

from jiannuo.access import rules as access
from jiannuo.access.rules import Actor
from jiannuo.disclosure import rules
from jiannuo.disclosure.models import Waiting
from jiannuo.disclosure.queries import marks, review, reviewers
from jiannuo.disclosure.rules import CAP
from jiannuo.kernel import sql
from jiannuo.ledger import queries as ledger
from jiannuo.ledger.queries import EntryCard
from jiannuo.policy import pack as policy
from jiannuo.subjects.queries import Directory

STATES: dict[str, str] = {
    "waiting": "待审核",
    "public": "已公示",
    "returned": "已退回",
    "withheld": "不予公示",
    "withdrawn": "已撤下",
    "revoked": "原决定已变更、撤销",
    "repaired": "已信用修复",
    "superseded": "已有新版本",
    "kept": "只入账",
}
"""Where a record stands, in the words people read; `kept` is what no review makes public."""


class RecordCard(Struct, frozen=True):
    """One version of a record as a line of a desk's list."""

    entry_id: int
    kind: str
    kind_short: str
    organ_id: int
    organ: str
    title: str
    party: str
    number: str
    decided_on: date
    seen_at: datetime
    author: str
    version: int
    row: int | None
    state: str
    reason: str
    """What the last act on it says, such as why it came back."""
    due_on: date | None
    kept_on: date | None
    disputed_on: date | None = None
    """Since when the one it is about objects to it."""

    @property
    def state_words(self) -> str:
        """Where it stands, in words."""
        return STATES[self.state] + (f"，{marks.DISPUTED}" if self.disputed_on else "")


class Records(Struct, frozen=True):
    """A page of records, newest entry first. Totals stop at a thousand."""

    rows: tuple[RecordCard, ...]
    total: int
    capped: bool
    page: int
    pages: int


class DueDay(Struct, frozen=True):
    """What waits for review and is due on one day, of one kind; none asks for what has no due day."""

    due_on: date | None
    kind: str
    kind_short: str
    count: int
    decided_on: date
    """The earliest decision among them."""


def records(
    actor: Actor,
    *,
    organs: Directory,
    kind: str = "",
    organ: int | None = None,
    state: str = "",
    question: str = "",
    first: date | None = None,
    last: date | None = None,
    page: int = 1,
    size: int = 20,
) -> Records:
    """The newest versions of records within the reader's reach, narrowed as asked."""
    reach = access.scope(actor, "records.read")
    if organ is not None:
        line = organs.line(organ)
        reach = line if reach is None else reach & line
    rows = ledger.newest([kind] if kind else list(policy.current().kinds)).filter(ledger.OPEN)
    rows = rows.filter(_asked(question.strip(), first, last))
    if reach is not None:
        rows = rows.filter(organ__in=reach)
    if state:
        rows = rows.filter(_standing(state))
    numbers = list(rows.order_by("-pk").values_list("pk", flat=True)[: CAP + 1])
    total = min(len(numbers), CAP)
    pages = max(1, -(-total // size))
    page = min(max(1, page), pages)
    shown = numbers[(page - 1) * size : min(page * size, CAP)]
    found = ledger.entries(shown)
    cards = tuple(_cards([found[one] for one in shown], organs))
    return Records(cards, total, len(numbers) > CAP, page, pages)


def of_batch(batch_id: int, *, organs: Directory, page: int = 1, size: int = 20) -> tuple[RecordCard, ...]:
    """A page of what a batch brought into the ledger, in the order of its rows. Whoever calls this has asked for permission."""
    rows = ledger.facts().filter(batch=batch_id).exclude(kind="delisting").order_by("row", "pk")
    return tuple(_cards(ledger.cards(rows[(page - 1) * size : page * size]), organs))


RETURNED = """
SELECT {entry} FROM ledger_entry b JOIN ledger_entry e ON e.id = b.refers_id
WHERE b.kind = 'return' AND b.visibility <> '{closed}' {of}
  AND NOT EXISTS (SELECT 1 FROM ledger_entry l WHERE l.refers_id = b.refers_id AND l.kind IN ({deciding}) AND l.id > b.id)
  AND NOT EXISTS (SELECT 1 FROM ledger_entry n WHERE n.identity = e.identity AND n.version > e.version)
ORDER BY b.id LIMIT {limit}
"""
"""In words of SQL, because composing it anew took longer than answering it."""


def returned(actor: Actor, *, organs: Directory, limit: int = 50) -> tuple[RecordCard, ...]:
    """The records a reviewer sent back that this sender has to mend and nobody has yet, the oldest return first."""
    reach = access.scope(actor, "intake.send")
    asked = RETURNED.format(
        entry=ledger.beside("e"), closed=ledger.CLOSED, deciding=sql.names(review.DECIDING), limit=limit,
        of="" if reach is None else f"AND b.organ_id IN ({sql.numbers(reach)})",
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(asked)
        found = [ledger.card(row) for row in cursor.fetchall()]
    return tuple(_cards(found, organs))


def due_days(actor: Actor, *, organs: Directory) -> list[DueDay]:
    """What waits for review of what the actor sends or releases, counted by due day and kind, the nearest day first."""
    # Who reads every organ's records besides, such as the discipline office, has not all of them to see to.
    reach = access.scope(actor, "release.decide" if access.may(actor, "release.decide") else "intake.send")
    rows = Waiting.objects.filter(reviewers.reaching(reach, organs))
    found = rows.values_list("due_on", "kind").annotate(Count("pk"), Min("entry__happened_on"))
    kinds = policy.current().kinds
    return [
        DueDay(None if due_on == review.NEVER else due_on, kind, kinds[kind].short, count, first)
        for due_on, kind, count, first in found.order_by("due_on", "kind")
    ]


def _asked(question: str, first: date | None, last: date | None) -> Q:
    where = Q()
    if question:
        where &= Q(number__contains=question) | Q(body__contains=question)
    if first:
        where &= Q(happened_on__gte=first)
    if last:
        where &= Q(happened_on__lte=last)
    return where


def _standing(state: str) -> Q:
    acts = ledger.facts().filter(refers=OuterRef("pk"), kind__in=review.DECIDING)
    if state == "waiting":
        return Q(~Exists(acts), kind__in=review.kinds_reviewed())
    names = [name for name, standing in review.STATES.items() if standing == state]
    later = ledger.facts().filter(refers=OuterRef("refers"), kind__in=review.DECIDING, pk__gt=OuterRef("pk"))
    return Q(Exists(ledger.facts().filter(~Exists(later), refers=OuterRef("pk"), kind__in=names)))


def _cards(entries: Sequence[EntryCard], organs: Directory) -> Iterator[RecordCard]:
    if not entries:
        return
    kinds = policy.current().kinds
    last, newest, marked = _since(entries)
    deadlines = review.deadlines(entries)
    for entry in entries:
        kind = kinds[entry.kind]
        shown = rules.public_part(kind, entry.body, ("title", "about_name"))
        act, reason = last.get(entry.id, ("", ""))
        deadline = deadlines.get(entry.identity, review.NO_DEADLINE)
        plain = "waiting" if kind.visibility == "public" else "kept"
        yield RecordCard(
            entry_id=entry.id,
            kind=entry.kind,
            kind_short=kind.short,
            organ_id=entry.organ_id,
            organ=organs.card(entry.organ_id).short,
            title=shown["title"] or entry.number,
            party=shown["about_name"],
            number=entry.number,
            decided_on=entry.happened_on,
            seen_at=entry.seen_at,
            author=entry.author,
            version=entry.version,
            row=entry.row,
            state="superseded" if newest[entry.identity] > entry.version else review.STATES.get(act, plain),
            reason=reason,
            due_on=deadline.due_on,
            kept_on=deadline.kept_on,
            disputed_on=marked.get(entry.identity, marks.NONE).disputed_on,
        )


def _since(
    entries: Sequence[EntryCard],
) -> tuple[dict[int, tuple[str, str]], dict[bytes, int], dict[bytes, marks.Mark]]:
    """The last act on each of these entries with its reason, the newest version of each record, and its mark; in one question."""
    identities = [entry.identity for entry in entries]
    told = ("pk", "kind", "refers_id", "reason", "version", "happened_on")
    facts = ledger.facts()
    acts = facts.filter(refers__identity__in=identities, kind__in=(*review.DECIDING, *marks.MARKING))
    versions = facts.filter(identity__in=identities)
    rows = acts.values_list(*told, "refers__identity").union(versions.values_list(*told, "identity"), all=True)
    last: dict[int, tuple[str, str]] = {}
    newest: dict[bytes, int] = {}
    marking: dict[bytes, list[tuple[str, date]]] = {}
    for _, kind, refers, reason, version, on, of in sorted(rows, key=lambda row: row[0]):
        if kind in review.DECIDING or kind in marks.MARKING:
            marking.setdefault(bytes(of), []).append((kind, on))
            if kind in review.DECIDING:
                last[refers] = (kind, reason)
        else:
            newest[bytes(of)] = max(version, newest.get(bytes(of), 0))
    return last, newest, {identity: marks.mark(several) for identity, several in marking.items()}
