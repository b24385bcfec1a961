"""Counts and shares over any number of duties: the whole is counted by index, the exceptions are read."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Protocol

from django.db import connection
from msgspec import Struct

from jiannuo.duties import rules
from jiannuo.duties.queries.explaining import horizon
from jiannuo.duties.rules import Rates, Received, Tally
from jiannuo.policy import pack as policy

Period = tuple[date, date]
Stretch = tuple[int, date, date]
Cell = tuple[int, int]
"""An organ, and the place of a period in the periods asked for."""

ORGANS = """
WITH RECURSIVE organs(id) AS (
    SELECT MIN(debtor_id) FROM duties_duty
    UNION ALL
    SELECT (SELECT MIN(debtor_id) FROM duties_duty WHERE debtor_id > organs.id) FROM organs WHERE organs.id IS NOT NULL
) SELECT id FROM organs WHERE id IS NOT NULL
"""

# Up to the day asked for, everything has started and what is not an exception was kept on time.
WHOLE = """
SELECT o.id, p.at, (
    SELECT COUNT(*) FROM duties_duty d
    WHERE d.debtor_id = o.id AND d.kind = %s AND d.due_on >= p.first AND d.due_on <= p.last
) FROM ({organs}) o, ({periods}) p
"""

COUNTED = """
SELECT d.debtor_id, p.at, COUNT(*),
    SUM(CASE WHEN kept_on <= %s THEN 1 ELSE 0 END),
    SUM(CASE WHEN (kept_on IS NULL OR kept_on > %s) AND lifted_on <= %s THEN 1 ELSE 0 END),
    SUM(CASE WHEN (kept_on IS NULL OR kept_on > %s) AND (lifted_on IS NULL OR lifted_on > %s) AND due_on < %s
        {unshown} THEN 1 ELSE 0 END),
    SUM(CASE WHEN (kept_on IS NULL OR kept_on > %s) AND (lifted_on IS NULL OR lifted_on > %s)
        AND due_on >= %s AND due_on <= %s THEN 1 ELSE 0 END)
FROM ({periods}) p CROSS JOIN duties_duty d
WHERE d.due_on >= p.first AND d.due_on <= p.last AND d.kind = %s AND {which} {organs} {begun}
GROUP BY d.debtor_id, p.at
"""
UNSHOWN = "AND (submitted_on IS NULL OR submitted_on > due_on)"
LATE, UNKEPT, IN_TIME = "d.kept_on > d.due_on", "d.kept_on IS NULL", "d.kept_on <= d.due_on"
NOT_IN_TIME = "(d.kept_on > d.due_on OR d.kept_on IS NULL)"
FEW = 12
"""Of so many organs the exceptions are found among their own duties by the index; of more, among all exceptions."""


class Counted(Protocol):
    """What intake says of an organ's batches in a period."""

    @property
    def reported(self) -> int:
        """Rows sent in."""

    @property
    def accepted(self) -> int:
        """Rows that entered."""


class Figures(Struct, frozen=True):
    """The figures of a period: all together, by organ, by month, and by both."""

    total: Rates
    by_organ: tuple[Rates, ...]
    by_month: tuple[Rates, ...]
    cells: Mapping[tuple[int, date], Rates]
    """One line for each organ and first day of a month that has any."""


def rates(
    kind: str = "disclose_decision",
    *,
    first: date,
    last: date,
    organ_ids: Iterable[int] | None,
    as_of: date,
    received: Mapping[int, Counted] | None = None,
) -> Figures:
    """What fell due in a period and how it stands on a day (及时率, 迟报率), with 合规率 where intake's totals are given."""
    stretches = rules.months(first, last)
    cells = tallies(kind, periods=stretches, organ_ids=organ_ids, as_of=as_of)
    sent = {organ: Received(one.reported, one.accepted) for organ, one in (received or {}).items()}
    organs = dict.fromkeys(sorted({organ for organ, _ in cells} | sent.keys()), Tally())
    each = [Tally()] * len(stretches)
    for (organ, at), tally in cells.items():
        organs[organ] += tally
        each[at] += tally

    def line(tally: Tally, organ: int | None, period: Period, got: Received | None = None) -> Rates:
        return Rates(kind, organ, *period, as_of, tally, got)

    whole = (first, last)
    got = Received(sum(one.reported for one in sent.values()), sum(one.accepted for one in sent.values()))
    return Figures(
        total=line(sum(each, Tally()), None, whole, got if received is not None else None),
        by_organ=tuple(line(tally, organ, whole, sent.get(organ)) for organ, tally in organs.items()),
        by_month=tuple(line(tally, None, stretch) for tally, stretch in zip(each, stretches, strict=True)),
        cells={(organ, stretches[at][0]): line(tally, organ, stretches[at]) for (organ, at), tally in cells.items()},
    )


def tallies(kind: str, *, periods: Sequence[Period], organ_ids: Iterable[int] | None, as_of: date) -> dict[Cell, Tally]:
    """How the duties of a kind that fall due in each of several periods stand on a day; exact for any day."""
    only = None if organ_ids is None else sorted({int(one) for one in organ_ids})
    if not periods or only == []:
        return {}
    found: dict[Cell, Tally] = {}
    with connection.cursor() as cursor:
        past = [(at, first, min(last, as_of)) for at, (first, last) in enumerate(periods) if first <= as_of]
        ahead = [
            (at, max(first, as_of + timedelta(days=1)), last)
            for at, (first, last) in enumerate(periods)
            if last > as_of
        ]
        organs = [row[0] for row in _all(cursor, ORGANS, [])] if only is None else only
        if past and organs:
            for organ, at, count in _all(cursor, *_whole(kind, organs, past)):
                if count:
                    found[organ, at] = Tally(on_time=count)
            for which in (NOT_IN_TIME,) if only is not None and len(only) <= FEW else (LATE, UNKEPT):
                for organ, at, count, kept, lifted, missing, near in _all(
                    cursor, *_counted(which, kind, only, past, as_of)
                ):
                    running = count - kept - missing - lifted
                    found[organ, at] += Tally(running, near, -count, kept, missing, lifted)
        for which in (LATE, UNKEPT, IN_TIME) if ahead else ():
            for organ, at, count, kept, lifted, _, near in _all(cursor, *_counted(which, kind, only, ahead, as_of)):
                change = Tally(count - kept - lifted, near, kept, 0, 0, lifted)
                found[organ, at] = found.get((organ, at), Tally()) + change
    return found


def _counted(
    which: str, kind: str, only: Sequence[int] | None, periods: Sequence[Stretch], as_of: date
) -> tuple[str, list[object]]:
    on, soon = _day(as_of), _day(horizon(policy.current(), kind, as_of=as_of))
    organs = "" if only is None else f"AND d.debtor_id IN ({', '.join(map(str, only))})"
    several, bounds = _periods(periods)
    # What is due by then has begun by then; asking would cost a look at the row.
    ahead = any(last > as_of for _, _, last in periods)
    # Evidence is sent in for promises alone; to ask it of the others would be a look at each row for nothing.
    duty = policy.current().duties.get(kind)
    unshown = UNSHOWN if duty and duty.is_promised else ""
    query = COUNTED.format(
        which=which, organs=organs, periods=several, begun="AND d.started_on <= %s" if ahead else "", unshown=unshown
    )
    return query, [*[on] * 9, soon, *bounds, kind, *([on] if ahead else [])]


def _whole(kind: str, organs: Sequence[int], periods: Sequence[Stretch]) -> tuple[str, list[object]]:
    several, bounds = _periods(periods)
    some = " UNION ALL ".join(f"SELECT {one} AS id" for one in organs)
    return WHOLE.format(organs=some, periods=several), [kind, *bounds]


def _periods(periods: Sequence[Stretch]) -> tuple[str, list[object]]:
    several = " UNION ALL ".join(["SELECT %s AS at, %s AS first, %s AS last"] * len(periods))
    return several, [value for at, first, last in periods for value in (at, _day(first), _day(last))]


def _day(day: date) -> Any:
    return connection.ops.adapt_datefield_value(day)


def _all(cursor: Any, query: str, params: Sequence[object]) -> list[tuple[Any, ...]]:
    cursor.execute(query, params)
    return list(cursor.fetchall())
