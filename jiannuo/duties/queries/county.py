"""How the county stands this day, asked with few questions: what the front page, the organs and the public list of duties show."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from functools import reduce
from operator import or_

from django.db import connection
from django.db.models import F, Q, QuerySet
from msgspec import Struct

from jiannuo.duties.models import Duty
from jiannuo.duties.queries.explaining import horizon
from jiannuo.duties.queries.listing import EVER, DutyCard, of_entries
from jiannuo.duties.rules import Standing, Tally
from jiannuo.kernel.refusals import Refused
from jiannuo.policy import pack as policy

# The whole is counted by index; the exceptions have indexes of their own and are read.
STANDS = """
SELECT 'whole', d.debtor_id, 1, COUNT(*) FROM duties_duty d
WHERE d.debtor_id IN (SELECT id FROM subjects_organ) AND d.kind = %s AND d.due_on >= %s AND d.due_on <= %s
GROUP BY d.debtor_id
UNION ALL
SELECT 'late', d.debtor_id, 1, COUNT(*) FROM duties_duty d
WHERE d.kept_on > d.due_on AND d.kind = %s AND d.due_on >= %s AND d.due_on <= %s
GROUP BY d.debtor_id
UNION ALL
SELECT CASE WHEN d.lifted_on IS NOT NULL THEN 'lifted' WHEN d.due_on < %s THEN 'missing'
            WHEN d.due_on <= %s THEN 'due_soon' ELSE 'running' END,
       d.debtor_id, CASE WHEN d.due_on >= %s AND d.due_on <= %s THEN 1 ELSE 0 END, COUNT(*)
FROM duties_duty d WHERE d.kept_on IS NULL AND d.kind = %s
GROUP BY 1, 2, 3
"""


class County(Struct, frozen=True):
    """What fell due from a day up to this one, by organ, and everything still open however old."""

    first: date
    on: date
    by_organ: Mapping[int, Tally]
    open: Tally
    """Of all time: `missing` past its day, `running` not yet, `due_soon` among them."""

    @property
    def total(self) -> Tally:
        """All organs together."""
        return sum(self.by_organ.values(), Tally())


def county(kind: str, *, first: date, on: date) -> County:
    """How the duties of a kind stand today, those that fell due since a day by organ."""
    soon = horizon(policy.current(), kind, as_of=on)
    begin, today, near = (connection.ops.adapt_datefield_value(day) for day in (first, on, soon))
    with connection.cursor() as cursor:
        cursor.execute(STANDS, [kind, begin, today, kind, begin, today, today, near, begin, today, kind])
        rows = cursor.fetchall()
    counts: dict[int, dict[str, int]] = {}
    ever: dict[str, int] = {}
    for state, organ, within, count in rows:
        if within:
            own = counts.setdefault(organ, {})
            own[state] = own.get(state, 0) + count
        if state not in ("whole", "late"):
            ever[state] = ever.get(state, 0) + count
    return County(first, on, {organ: _tally(own) for organ, own in counts.items()}, _open(ever))


def _tally(counts: Mapping[str, int]) -> Tally:
    late, missing, lifted = counts.get("late", 0), counts.get("missing", 0), counts.get("lifted", 0)
    near = counts.get("due_soon", 0)
    running = near + counts.get("running", 0)
    on_time = counts.get("whole", 0) - late - missing - lifted - running
    return Tally(running=running, due_soon=near, on_time=on_time, late=late, missing=missing, lifted=lifted)


def _open(counts: Mapping[str, int]) -> Tally:
    near = counts.get("due_soon", 0)
    return Tally(running=near + counts.get("running", 0), due_soon=near, missing=counts.get("missing", 0))


class NowPage(Struct, frozen=True):
    """One page of the duties that stand in some way now."""

    total: int
    duties: tuple[DutyCard, ...]
    after: str
    """What continues behind the last one, or nothing."""


def standing_now(
    kind: str,
    standings: Collection[Standing],
    *,
    on: date,
    organ_ids: Collection[int],
    first: date | None = None,
    last: date | None = None,
    limit: int = 50,
    after: str = "",
) -> NowPage:
    """The duties of a kind that stand in these ways today, by due date. Nothing later than today is known, so indexes answer."""
    begin, end = first or EVER[0], last or EVER[1]
    if begin > end:
        raise Refused("起始日晚于截止日", fix="请把起始日改到截止日之前", field="first", code="period")
    soon = horizon(policy.current(), kind, as_of=on)
    rows = Duty.objects.filter(kind=kind, debtor__in=list(organ_ids))
    conditions = _conditions(on, soon)
    wanted = frozenset(standings) or frozenset(conditions)
    within = rows.filter(started_on__lte=on, due_on__range=(begin, end))
    if after:
        within = within.filter(_behind(after))
    found = sorted(row for one in _by_index(wanted, conditions) for row in _first(within.filter(one), limit + 1))
    total = (
        len(found)
        if not after and len(found) <= limit
        else _how_many(rows, wanted, conditions, on=on, begin=begin, end=end)
    )
    shown = found[:limit]
    cards = {card.id: card for some in of_entries([row[2] for row in shown], as_of=on).values() for card in some}
    more = f"{shown[-1][0]}.{shown[-1][1]}" if len(found) > limit else ""
    return NowPage(total, tuple(cards[row[1]] for row in shown), more)


def _first(rows: QuerySet[Duty], limit: int) -> list[tuple[date, int, int]]:
    return list(rows.order_by("due_on", "pk").values_list("due_on", "pk", "entry_id")[:limit])


def _how_many(
    rows: QuerySet[Duty],
    wanted: Collection[Standing],
    conditions: Mapping[Standing, Q],
    *,
    on: date,
    begin: date,
    end: date,
) -> int:
    """How many stand so. What is due has begun, so of what was kept in time none is read: the exceptions are taken from the whole."""
    past = rows.filter(due_on__range=(begin, min(end, on)))
    ahead = rows.filter(due_on__range=(max(begin, on + timedelta(days=1)), end), started_on__lte=on)
    asked, others = (
        _by_index(some, conditions) for some in (frozenset(wanted), frozenset(conditions) - frozenset(wanted))
    )
    coming = sum(ahead.filter(one).count() for one in asked) if others else ahead.count()
    if Standing.KEPT not in wanted:
        return coming + sum(past.filter(one).count() for one in asked)
    return coming + past.count() - sum(past.filter(one).count() for one in others)


def _conditions(on: date, soon: date) -> dict[Standing, Q]:
    unkept = Q(kept_on=None)
    return {
        Standing.KEPT: Q(kept_on__lte=F("due_on")),
        Standing.KEPT_LATE: Q(kept_on__gt=F("due_on")),
        Standing.LIFTED: unkept & Q(lifted_on__isnull=False),
        Standing.BROKEN: unkept & Q(lifted_on=None, due_on__lt=on),
        Standing.DUE_SOON: unkept & Q(lifted_on=None, due_on__range=(on, soon)),
        Standing.RUNNING: unkept & Q(lifted_on=None, due_on__gt=soon),
    }


def _by_index(wanted: Collection[Standing], conditions: Mapping[Standing, Q]) -> list[Q]:
    """The standings as conditions, one for each index that has them in order of due date."""
    done = {Standing.KEPT, Standing.KEPT_LATE}
    found = [conditions[one] for one in conditions if one in done and one in wanted]
    open_ones = [one for one in conditions if one not in done]
    some = [conditions[one] for one in open_ones if one in wanted]
    if not some:
        return found
    # Said once more for all, so that the database sees that the index of what is not kept answers.
    unkept = Q(kept_on=None)
    return [*found, unkept if len(some) == len(open_ones) else unkept & reduce(or_, some)]


def _behind(after: str) -> Q:
    day, _, number = after.partition(".")
    try:
        due_on, pk = date.fromisoformat(day), int(number)
    except ValueError:
        raise Refused("翻页标记不对", fix="请回到第一页重新翻", field="after", code="cursor") from None
    # Said so that the database starts reading at the day and not before it.
    return Q(due_on__gte=due_on) & (Q(due_on__gt=due_on) | Q(pk__gt=pk))
