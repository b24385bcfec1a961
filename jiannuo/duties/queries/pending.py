"""What of the promises waits for somebody: to be confirmed, to be sent again, to be done; and what falls due on each day."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from django.db.models import Case, Count, Exists, F, Min, OuterRef, Q, QuerySet, Value, When, Window
from django.db.models.functions import Concat, RowNumber

from jiannuo.duties.models import Duty
from jiannuo.duties.queries.explaining import horizon
from jiannuo.duties.queries.promises import PromiseCard, card_with_progress, promise_kinds, with_progress
from jiannuo.ledger import queries as ledger
from jiannuo.policy import pack as policy

Why = Literal["to_confirm", "returned", "late", "soon", "submitted"]
WHYS: tuple[Why, ...] = ("to_confirm", "returned", "late", "soon", "submitted")
"""Evidence of others that waits for us; ours sent back; past its day; near its day; ours that another has not answered yet."""


@dataclass(frozen=True, slots=True)
class Few:
    """The first of several, by due date, and how many there are."""

    total: int
    rows: tuple[PromiseCard, ...]


NOTHING = Few(0, ())


@dataclass(frozen=True, slots=True)
class Counts:
    """How many promises wait to be confirmed by an organ, and how many it has still to keep."""

    to_confirm: int
    ours: int


@dataclass(frozen=True, slots=True)
class Behind:
    """An organ with duties past their day and not kept, since when the earliest is."""

    organ_id: int
    count: int
    since: date


@dataclass(frozen=True, slots=True)
class DayCount:
    """How many duties of a kind fall due on a day, and how many of them are done or no longer asked for."""

    due_on: date
    kind: str
    count: int
    done: int

    @property
    def open(self) -> int:
        """How many are still to be done."""
        return self.count - self.done


def promised() -> tuple[str, ...]:
    """Every kind of duty that is kept by evidence another organ confirms."""
    return tuple(name for name, one in policy.current().duties.items() if one.is_promised)


def pending(*, debtors: Collection[int], confirmers: Collection[int], as_of: date, first: int = 8) -> dict[Why, Few]:
    """What waits for the people of these organs, each promise once under the most pressing reason.

    Half-yearly reports are not among it: they are written, signed and accepted on pages of their own.
    """
    rows = (
        _open(as_of)
        .exclude(kind__in=promise_kinds("report"))
        .filter(Q(debtor__in=list(debtors)) | Q(confirmer__in=list(confirmers), submitted__isnull=False))
    )
    why = Case(
        When(Q(confirmer__in=list(confirmers), submitted__isnull=False) & ~Q(debtor__in=list(debtors)), then=Value("to_confirm")),
        When(submitted__isnull=False, then=Value("submitted")),
        When(_sent_back(), then=Value("returned")),
        When(due_on__lt=as_of, then=Value("late")),
        When(_near(as_of), then=Value("soon")),
        default=Value(""),
    )  # fmt: skip
    told = rows.annotate(why=why).exclude(why="")
    place = Window(RowNumber(), partition_by=F("why"), order_by=(F("due_on"), F("pk")))
    several = Window(Count("pk"), partition_by=F("why"))
    placed = told.annotate(place=place, several=several).filter(place__lte=first).order_by("due_on", "pk")
    found: list[Any] = list(with_progress(placed, as_of=as_of))
    cards = {row.pk: card_with_progress(row, as_of) for row in found}
    return {
        one: Few(next((row.several for row in own), 0), tuple(cards[row.pk] for row in own))
        for one in WHYS
        for own in [[row for row in found if row.why == one]]
    }


def counts(*, debtors: Collection[int], confirmers: Collection[int], as_of: date) -> Counts:
    """How many promises wait for these organs, as a list's tabs say."""
    rows = _open(as_of).filter(Q(debtor__in=list(debtors)) | Q(confirmer__in=list(confirmers), submitted__isnull=False))
    waits = Q(confirmer__in=list(confirmers), submitted__isnull=False)
    counted = rows.aggregate(to_confirm=Count("pk", filter=waits), ours=Count("pk", filter=Q(debtor__in=list(debtors))))
    return Counts(**counted)


def behind(*groups: Collection[str], on: date) -> tuple[list[Behind], ...]:
    """For each group of kinds the organs with such duties past their day and not kept, the most first; one question for all."""
    rows = Duty.objects.filter(kind__in=set().union(*groups), kept_on=None, lifted_on=None, due_on__lt=on)
    found = list(rows.values_list("kind", "debtor").order_by().annotate(Count("pk"), Min("due_on")))
    return tuple(_together([row[1:] for row in found if row[0] in group]) for group in groups)


def _together(rows: Iterable[tuple[int, int, date]]) -> list[Behind]:
    counts: dict[int, Behind] = {}
    for debtor, count, since in rows:
        had = counts.get(debtor, Behind(debtor, 0, since))
        counts[debtor] = Behind(debtor, had.count + count, min(had.since, since))
    return sorted(counts.values(), key=lambda one: (-one.count, one.since))


def by_day(first: date, last: date, *, reach: Collection[int] | None, as_of: date) -> list[DayCount]:
    """How many duties fall due on each of these days: promises whether kept or not, everything else while it is still owed."""
    rows = Duty.objects.filter(due_on__range=(first, last), started_on__lte=as_of)
    if reach is not None:
        rows = rows.filter(Q(debtor__in=list(reach)))
    kinds = promised()
    done = Count("pk", filter=Q(kept_on__lte=as_of) | Q(lifted_on__lte=as_of))
    promises = rows.filter(kind__in=kinds, confirmer__isnull=False)
    others = rows.filter(kept_on=None).filter(Q(lifted_on=None) | Q(lifted_on__gt=as_of)).exclude(kind__in=kinds)
    found = [*_counted(promises, done), *_counted(others, done)]
    return sorted((DayCount(*row) for row in found), key=lambda one: (one.due_on, one.kind))


def _counted(rows: QuerySet[Duty], done: Count) -> Sequence[tuple[date, str, int, int]]:
    return list(rows.values_list("due_on", "kind").annotate(several=Count("pk"), done=done).order_by())


def _open(as_of: date) -> QuerySet[Duty]:
    kinds = promised()
    return Duty.objects.filter(
        kind__in=kinds, confirmer__isnull=False, kept_on=None, lifted_on=None, started_on__lte=as_of
    )


def _near(as_of: date) -> Q:
    found = Q(pk__in=[])
    for kind in promised():
        found |= Q(kind=kind, due_on__lte=horizon(policy.current(), kind, as_of=as_of))
    return found


def _sent_back() -> Exists:
    """The last word on it was that what was sent does not show it: were there a later sending, it would wait or be kept."""
    of = Concat(Value('"duty":"'), OuterRef("kind"), Value('"'))
    said = ledger.facts().filter(refers__identity=OuterRef("entry__identity"), kind__in=("rejection", "reopening"))
    return Exists(said.filter(body__contains=of))
