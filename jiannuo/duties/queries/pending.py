"""What of the promises waits for somebody: to be confirmed, to be sent again, to be done; and what falls due on each day."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any, Literal

from django.db.models import Count, Min, Q, QuerySet
from msgspec import Struct

from jiannuo.duties.models import SHOWN_IN_TIME, Duty
from jiannuo.duties.queries.explaining import horizon
from jiannuo.duties.queries.promises import PromiseCard, card_beside, promise_kinds
from jiannuo.kernel import sql
from jiannuo.ledger import queries as ledger
from jiannuo.policy import pack as policy

Why = Literal["to_confirm", "returned", "late", "soon", "submitted"]
WHYS: tuple[Why, ...] = ("to_confirm", "returned", "late", "soon", "submitted")
"""Evidence of others that waits for us; ours sent back; past its day; near its day; ours that another has not answered yet."""


class Few(Struct, frozen=True):
    """The first of several, by due date, and how many there are."""

    total: int
    rows: tuple[PromiseCard, ...]


NOTHING = Few(0, ())


class Counts(Struct, frozen=True):
    """How many promises wait to be confirmed by an organ, and how many it has still to keep."""

    to_confirm: int
    ours: int


class Behind(Struct, frozen=True):
    """An organ with duties past their day and not kept, since when the earliest is."""

    organ_id: int
    count: int
    since: date


class DayCount(Struct, frozen=True):
    """How many duties of a kind fall due on a day, how many of them are done or no longer asked for, and how many were shown in time and
    wait for an answer.
    """

    due_on: date
    kind: str
    count: int
    done: int
    waiting: int

    @property
    def open(self) -> int:
        """How many are still to be done."""
        return self.count - self.done - self.waiting


def promised() -> tuple[str, ...]:
    """Every kind of duty that is kept by evidence another organ confirms."""
    return tuple(name for name, one in policy.current().duties.items() if one.is_promised)


def pending(*, debtors: Collection[int], confirmers: Collection[int], as_of: date, first: int = 8) -> dict[Why, Few]:
    """What waits for the people of these organs, each promise once under the most pressing reason.

    Half-yearly reports are not among it: they are written, signed and accepted on pages of their own.
    """
    kinds = sorted(set(promised()) - set(promise_kinds("report")))
    if not kinds or not (debtors or confirmers):
        return dict.fromkeys(WHYS, NOTHING)
    until: dict[date, list[str]] = {}
    for kind in kinds:
        until.setdefault(horizon(policy.current(), kind, as_of=as_of), []).append(kind)
    soon = " OR ".join(f"(d.due_on <= '{day}' AND d.kind IN ({sql.names(several)}))" for day, several in until.items())
    theirs = f"d.confirmer_id IN ({sql.numbers(confirmers)}) AND d.submitted_id IS NOT NULL"
    asked = PENDING.format(
        theirs=theirs, ours=f"d.debtor_id IN ({sql.numbers(debtors)})", soon=soon, kinds=sql.names(kinds), day=as_of, first=first,
        entry=ledger.beside("e"),
    )  # fmt: skip
    found: dict[Why, list[Any]] = {one: [] for one in WHYS}
    rows: Iterable[Any] = Duty.objects.raw(asked)
    for row in rows:
        found[row.why].append(row)
    return {
        why: Few(few[0].several if few else 0, tuple(card_beside(row, as_of) for row in few))
        for why, few in found.items()
    }


PENDING = """
WITH waiting AS (
  SELECT d.id, d.due_on, CASE
    WHEN {theirs} AND NOT {ours} THEN 'to_confirm'
    WHEN d.submitted_id IS NOT NULL THEN 'submitted'
    WHEN EXISTS (
      SELECT 1 FROM ledger_entry o JOIN ledger_entry v ON v.identity = o.identity JOIN ledger_entry a ON a.refers_id = v.id
      WHERE o.id = d.entry_id AND a.kind IN ('rejection', 'reopening')
        AND a.body LIKE '%%"duty":"' || REPLACE(d.kind, '_', '!_') || '"%%' ESCAPE '!'
    ) THEN 'returned'
    WHEN d.due_on < '{day}' THEN 'late'
    WHEN {soon} THEN 'soon'
  END AS why
  FROM duties_duty d
  WHERE d.kind IN ({kinds}) AND d.confirmer_id IS NOT NULL AND d.kept_on IS NULL AND d.lifted_on IS NULL AND d.started_on <= '{day}'
    AND ({ours} OR ({theirs}))
), placed AS (
  SELECT id, why, ROW_NUMBER() OVER (PARTITION BY why ORDER BY due_on, id) AS place, COUNT(*) OVER (PARTITION BY why) AS several
  FROM waiting WHERE why IS NOT NULL
)
SELECT d.*, p.why, p.several, {entry},
  (SELECT COUNT(*) FROM duties_duty m WHERE m.parent_id = d.id AND (m.lifted_on IS NULL OR m.kept_on IS NOT NULL)) AS whole,
  (SELECT COUNT(*) FROM duties_duty m WHERE m.parent_id = d.id AND (m.lifted_on IS NULL OR m.kept_on IS NOT NULL)
    AND m.kept_on <= '{day}') AS done
FROM placed p JOIN duties_duty d ON d.id = p.id JOIN ledger_entry e ON e.id = d.entry_id WHERE p.place <= {first} ORDER BY d.due_on, d.id
"""
"""Why each open promise waits, in the order of the reasons, with the first few of each reason and how many there are. What was sent back
last: were there a later sending, it would wait or be kept. In words of SQL, because composing it anew took longer than answering it.
"""


def counts(*, debtors: Collection[int], confirmers: Collection[int], as_of: date) -> Counts:
    """How many promises wait for these organs, as a list's tabs say."""
    rows = _open(as_of).filter(Q(debtor__in=list(debtors)) | Q(confirmer__in=list(confirmers), submitted__isnull=False))
    waits = Q(confirmer__in=list(confirmers), submitted__isnull=False)
    counted = rows.aggregate(to_confirm=Count("pk", filter=waits), ours=Count("pk", filter=Q(debtor__in=list(debtors))))
    return Counts(**counted)


def behind(*groups: Collection[str], on: date) -> tuple[list[Behind], ...]:
    """For each group of kinds the organs with such duties past their day and not kept, the most first; one question for all.

    Milestones are not counted: lists show them within their promise. Nor is what was shown in time and waits to be confirmed.
    """
    kinds = set().union(*groups)
    rows = Duty.objects.filter(kind__in=kinds, parent=None, kept_on=None, lifted_on=None, due_on__lt=on).exclude(
        SHOWN_IN_TIME
    )
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
    is_done = Q(kept_on__lte=as_of) | Q(lifted_on__lte=as_of)
    done, waiting = Count("pk", filter=is_done), Count("pk", filter=SHOWN_IN_TIME & ~is_done)
    promises = rows.filter(kind__in=kinds, confirmer__isnull=False)
    others = rows.filter(kept_on=None).filter(Q(lifted_on=None) | Q(lifted_on__gt=as_of)).exclude(kind__in=kinds)
    found = [*_counted(promises, done, waiting), *_counted(others, done, waiting)]
    return sorted((DayCount(*row) for row in found), key=lambda one: (one.due_on, one.kind))


def _counted(rows: QuerySet[Duty], done: Count, waiting: Count) -> Sequence[tuple[date, str, int, int, int]]:
    counted = rows.values_list("due_on", "kind").annotate(several=Count("pk"), done=done, waiting=waiting)
    return list(counted.order_by())


def _open(as_of: date) -> QuerySet[Duty]:
    kinds = promised()
    return Duty.objects.filter(
        kind__in=kinds, confirmer__isnull=False, kept_on=None, lifted_on=None, started_on__lte=as_of
    )
