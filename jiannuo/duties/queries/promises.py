"""Promises: who promised what to whom by when, how the date moved and who moved it, what was accepted as shown, how it stands."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from msgspec import Struct

from jiannuo.duties import rules
from jiannuo.duties.models import Duty
from jiannuo.duties.queries.listing import EVER, DutyCard, branches, card_of
from jiannuo.duties.rules import Progress, Standing, Undertaking, pausing
from jiannuo.duties.rules.slipping import Slip
from jiannuo.ledger import queries as ledger
from jiannuo.ledger.queries import EntryCard
from jiannuo.policy import pack as policy
from jiannuo.policy.kinds import Kind
from jiannuo.subjects import queries as subjects

ACTS = (
    "performance", "confirmation", "rejection", "reopening", "amendment", "suspension", "resumption", "lifting", "breach",
    "response",
)  # fmt: skip
PAGE = 20
HALVES = {"H1": "上半年", "H2": "下半年"}


def period_words(period: str) -> str:
    """A period the calendar asks for, as people say it: 2026-H1 is 2026年上半年."""
    year, _, half = period.partition("-")
    return f"{year}年{HALVES.get(half, '')}"


class PromiseCard(Struct, frozen=True):
    """One promise as lists show it."""

    duty: DutyCard
    record: EntryCard
    kind: Kind | None
    """None where the calendar asked for it and no record was sent in."""
    office: str
    official: str
    confirmer_id: int | None
    parent_id: int | None
    first_due_on: date | None
    amendments: int
    suspended_since: date | None
    submitted: int | None
    submitted_on: date | None
    agreed: int
    disputed: int
    progress: Progress

    def said(self, role: str) -> str:
        """What the record says in the field that fills a role; empty where it has none."""
        name = self.kind.field_for(role) if self.kind else ""
        return str(self.record.body.get(name) or "") if name else ""

    @property
    def title(self) -> str:
        """What was promised; of what the calendar asked for, the task of the annex, or what is asked for which period."""
        if self.kind is None:
            task, period = str(self.record.body.get("task") or ""), str(self.record.body.get("period") or "")
            called = next((one.title for one in policy.current().tasks if str(one.number) == task), self.duty.what)
            return called + (f"（{period_words(period)}）" if period else "")
        return self.said("title") or self.record.number or self.duty.what

    @property
    def moved_days(self) -> int:
        """By how many days the date has been put off by public amendment; below nought where it was brought forward."""
        return (self.duty.due_on - self.first_due_on).days if self.first_due_on else 0


class Promise(Struct, frozen=True):
    """One promise with everything that happened to it."""

    card: PromiseCard
    milestones: tuple[PromiseCard, ...]
    parent: PromiseCard | None
    acts: tuple[EntryCard, ...]
    """What was done to it, oldest first."""

    @property
    def accepted(self) -> tuple[EntryCard, ...]:
        """The evidence that was accepted."""
        proved = {act.body.get("performance") for act in self.acts if act.kind == "confirmation"}
        return tuple(act for act in self.acts if act.kind == "performance" and act.digest in proved)


class Page(Struct, frozen=True):
    """One page of promises and how many there are."""

    total: int
    rows: tuple[PromiseCard, ...]
    page: int
    pages: int


def promise_kinds(family: str = "promise") -> tuple[str, ...]:
    """The kinds of duty of a register that are kept by confirmed evidence."""
    return tuple(one.id for one in policy.current().duties.values() if one.is_promised and one.family == family)


def kinds_of(kind: str) -> tuple[str, ...]:
    """The kinds of duty that a kind of fact opens and that are kept by confirmed evidence."""
    pack = policy.current()
    return tuple(name for name in pack.kinds[kind].opens if pack.duties[name].is_promised)


def promise(duty_id: int, *, as_of: date) -> Promise | None:
    """A promise with its milestones and acts; nothing where there is none of that number."""
    of_it = Q(pk=duty_id) | Q(parent=duty_id) | Q(milestones=duty_id)
    rows = list(_with_progress(Duty.objects.filter(of_it).order_by("due_on", "pk"), as_of=as_of))
    row = next((one for one in rows if one.pk == duty_id and one.confirmer_id), None)
    if row is None:
        return None
    cards = {one.pk: _carded(one, as_of) for one in rows}
    acts = tuple(_acts(row, cards[duty_id].record.identity))
    milestones = tuple(cards[one.pk] for one in rows if one.parent_id == duty_id)
    return Promise(cards[duty_id], milestones, cards.get(row.parent_id or 0), acts)


def numbered(number: str, *, organ_id: int) -> int | None:
    """The promise of an organ under a number of its own: the newest record's, and of what it opened the first."""
    rows = Duty.objects.filter(entry__number=number, debtor=organ_id, confirmer__isnull=False)
    return rows.order_by("-entry", "pk").values_list("pk", flat=True).first()


def acts_of(row: Duty) -> list[EntryCard]:
    """What was done to a promise, oldest first."""
    record = ledger.entry(row.entry_id)
    return _acts(row, record.identity) if record else []


def _acts(row: Duty, identity: bytes) -> list[EntryCard]:
    versions = ledger.facts().filter(identity=identity).values("pk")
    found = ledger.cards(ledger.facts().filter(refers__in=versions, kind__in=ACTS).order_by("pk"))
    return [act for act in found if act.body.get("duty") == row.kind]


def promises_of(entry_ids: Iterable[int], *, as_of: date) -> dict[int, PromiseCard]:
    """The promises that these entries opened, by entry."""
    rows = Duty.objects.filter(entry__in=list(entry_ids), confirmer__isnull=False).order_by("pk")
    return {card.record.id: card for card in cards_of(rows, as_of=as_of)}


def promises(
    *,
    as_of: date,
    kinds: Sequence[str],
    organ_ids: Collection[int] | None = None,
    standings: Collection[Standing] = (),
    confirmer_ids: Collection[int] | None = None,
    waiting: bool = False,
    with_milestones: bool = False,
    office: str = "",
    official: str = "",
    first: date | None = None,
    last: date | None = None,
    only: Collection[int] | None = None,
    reach: Collection[int] | None = None,
    question: str = "",
    page: int = 1,
    size: int = PAGE,
) -> Page:
    """Promises of these kinds by due date. `waiting` are those whose evidence waits for `confirmer_ids`; `only` narrows to entries,
    `reach` to what one of these organs owes or confirms, `question` to what the record says.
    """
    rows = Duty.objects.filter(kind__in=kinds, confirmer__isnull=False, started_on__lte=as_of)
    if not with_milestones:
        rows = rows.filter(parent=None)
    if organ_ids is not None:
        rows = rows.filter(debtor__in=list(organ_ids))
    if reach is not None:
        rows = rows.filter(Q(debtor__in=list(reach)) | Q(confirmer__in=list(reach)))
    if question:
        rows = rows.filter(Q(entry__number__contains=question) | Q(entry__body__contains=question))
    if confirmer_ids is not None:
        rows = rows.filter(confirmer__in=list(confirmer_ids))
    if waiting:
        rows = rows.filter(submitted__isnull=False, kept_on=None)
    if office or official:
        rows = rows.filter(**{name: text for name, text in (("office", office), ("official", official)) if text})
    if only is not None:
        rows = rows.filter(entry__in=list(only))
    if first or last:
        rows = rows.filter(due_on__range=(first or EVER[0], last or EVER[1]))
    if standings:
        rows = rows.filter(_any(branches(standings, kinds, as_of)))
    return _page(rows, as_of=as_of, page=page, size=size)


def _any(conditions: Sequence[Q]) -> Q:
    found = Q(pk__in=[])
    for one in conditions:
        found |= one
    return found


def _page(rows: QuerySet[Duty], *, as_of: date, page: int, size: int) -> Page:
    ordered = rows.order_by("due_on", "pk")
    if page <= 1:
        # What fits on the first page is counted by being read.
        few = cards_of(ordered[: size + 1], as_of=as_of)
        total = rows.count() if len(few) > size else len(few)
        return Page(total, tuple(few[:size]), 1, max(1, -(-total // size)))
    total = rows.count()
    pages = max(1, -(-total // size))
    page = min(page, pages)
    found = ordered[(page - 1) * size : page * size]
    return Page(total, tuple(cards_of(found, as_of=as_of)), page, pages)


def cards_of(rows: QuerySet[Duty], *, as_of: date) -> list[PromiseCard]:
    """The cards of these rows, in their order: one question, however many there are."""
    return [_carded(row, as_of) for row in _with_progress(rows, as_of=as_of)]


def _with_progress(rows: QuerySet[Duty], *, as_of: date) -> QuerySet[Duty]:
    """The rows with their records, and how many of their milestones are reached, of how many there are."""
    parts = Duty.objects.filter(Q(lifted_on=None) | Q(kept_on__isnull=False), parent=OuterRef("pk"))
    several = parts.order_by().values("parent")
    whole = several.annotate(count=Count("pk")).values("count")
    done = several.annotate(count=Count("pk", filter=Q(kept_on__lte=as_of))).values("count")
    return rows.select_related("entry").annotate(whole=Subquery(whole), done=Subquery(done))


def _carded(row: Any, as_of: date) -> PromiseCard:
    return _card(row, ledger.card_of(row.entry), Progress(row.done or 0, row.whole or 0), as_of)


def card_beside(row: Any, as_of: date) -> PromiseCard:
    """The card of a row of a question written in SQL that brought its entry beside it as `e`, and `done` of `whole` milestones."""
    return _card(row, ledger.card_beside(row, "e"), Progress(row.done, row.whole), as_of)


def _card(row: Duty, record: EntryCard, progress: Progress, as_of: date) -> PromiseCard:
    return PromiseCard(
        duty=card_of(row, as_of),
        record=record,
        kind=policy.current().kinds.get(record.kind),
        office=row.office,
        official=row.official,
        confirmer_id=row.confirmer_id,
        parent_id=row.parent_id,
        first_due_on=row.first_due_on,
        amendments=row.amendments,
        suspended_since=pausing.standing_since(row.pauses),
        submitted=row.submitted_id,
        submitted_on=row.submitted_on,
        agreed=row.agreed,
        disputed=row.disputed,
        progress=progress,
    )


def undertaking(row: Duty, *, on: date) -> Undertaking:
    """The promise as the rules of acting on it see it."""
    organs = subjects.directory(on)
    pack = policy.current()
    kind = pack.duties[row.kind]
    clause = f"{pack.about['document']} {kind.clause}" if kind.clause else kind.source
    open_ones = Duty.objects.filter(parent=row.pk, kept_on=None, lifted_on=None).count()
    return Undertaking(
        what=kind.what,
        clause=clause,
        started_on=row.started_on,
        due_on=row.due_on,
        first_due_on=row.first_due_on or row.due_on,
        provisional=row.provisional,
        kept_on=row.kept_on,
        lifted_on=row.lifted_on,
        suspended_since=pausing.standing_since(row.pauses),
        submitted_on=row.submitted_on,
        debtors=organs.line(organs.heir(row.debtor_id).id) | {row.debtor_id},
        confirmer=row.confirmer_id,
        milestones_open=open_ones,
    )


def slips(organ_ids: Collection[int] | None, *, as_of: date, limit: int = 200) -> list[Slip]:
    """The promises of these organs whose date was moved in public, the most put off first."""
    rows = Duty.objects.filter(first_due_on__isnull=False, confirmer__isnull=False)
    if organ_ids is not None:
        rows = rows.filter(debtor__in=list(organ_ids))
    cards = cards_of(rows.order_by("first_due_on", "pk")[:limit], as_of=as_of)
    moves = ledger.facts().filter(kind="amendment", refers__in=[card.record.id for card in cards]).order_by("pk")
    last = {act.refers: act.body for act in ledger.cards(moves)}
    found = [
        _slip(card, card.first_due_on, last.get(card.record.id, {}))
        for card in cards
        if card.first_due_on and card.duty.due_on < rules.SUSPENDED_UNTIL
    ]
    return sorted(found, key=lambda one: (-one.days, one.duty_id))


def _slip(card: PromiseCard, first_due_on: date, move: Mapping[str, str]) -> Slip:
    return Slip(
        card.duty.id, card.title, first_due_on, card.duty.due_on, card.amendments, card.duty.debtor_id,
        move.get("authority", ""), move.get("document", ""),
    )  # fmt: skip
