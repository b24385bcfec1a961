"""Counts and shares over any number of duties: the whole is counted by index, the exceptions are read."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple, Protocol

from django.db import connection

from jiannuo.duties import rules
from jiannuo.duties.queries.explaining import horizon
from jiannuo.duties.rules import Rates, Received, Tally
from jiannuo.policy import pack as policy

Period = tuple[date, date]
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

EXCEPTIONS = """
SELECT debtor_id, due_on, COUNT(*),
    SUM(CASE WHEN kept_on <= %s THEN 1 ELSE 0 END),
    SUM(CASE WHEN (kept_on IS NULL OR kept_on > %s) AND lifted_on <= %s THEN 1 ELSE 0 END)
FROM duties_duty WHERE {which} AND kind = %s AND due_on >= %s AND due_on <= %s AND debtor_id IN ({organs})
GROUP BY debtor_id, due_on
"""
LATE, UNKEPT, BEGUN = "kept_on > due_on", "kept_on IS NULL", "started_on <= %s"


class Counted(Protocol):
    """What intake says of an organ's batches in a period."""

    @property
    def reported(self) -> int:
        """Rows sent in."""

    @property
    def accepted(self) -> int:
        """Rows that entered."""


@dataclass(frozen=True, slots=True)
class Figures:
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

    def line(tally: Tally, organ: int | None, period: Period, got: Received | None = None) -> Rates:
        return Rates(kind, organ, *period, as_of, tally, got)

    whole = (first, last)
    organs = sorted({organ for organ, _ in cells} | sent.keys())
    by_organ = [
        line(_sum(tally for (one, _), tally in cells.items() if one == organ), organ, whole, sent.get(organ))
        for organ in organs
    ]
    by_month = [
        line(_sum(tally for (_, at), tally in cells.items() if at == place), None, stretch)
        for place, stretch in enumerate(stretches)
    ]
    got = Received(sum(one.reported for one in sent.values()), sum(one.accepted for one in sent.values()))
    total = line(_sum(cells.values()), None, whole, got if received is not None else None)
    detail = {(organ, stretches[at][0]): line(tally, organ, stretches[at]) for (organ, at), tally in cells.items()}
    return Figures(total, tuple(by_organ), tuple(by_month), detail)


def tallies(kind: str, *, periods: Sequence[Period], organ_ids: Iterable[int] | None, as_of: date) -> dict[Cell, Tally]:
    """How the duties of a kind that fall due in each of several periods, in order, stand on a day; exact for any day."""
    soon = horizon(policy.current(), kind, as_of=as_of)
    found: dict[Cell, Tally] = {}
    with connection.cursor() as cursor:
        organs = [row[0] for row in _all(cursor, ORGANS, [])] if organ_ids is None else sorted(set(organ_ids))
        past = [(first, min(last, as_of)) for first, last in periods if first <= as_of]
        if not organs or not periods:
            return {}
        for organ, at, count in _all(cursor, *_whole(kind, organs, past)) if past else ():
            if count:
                found[organ, at] = Tally(on_time=count)
        for row in _exceptions(cursor, kind, organs, periods, as_of):
            at = bisect_right(periods, row.due_on, key=lambda period: period[0]) - 1
            if row.due_on <= periods[at][1]:
                found[row.organ, at] = found.get((row.organ, at), Tally()) + row.change(as_of, soon)
    return found


class _Exception(NamedTuple):
    """Duties of one organ and day that are not simply kept on time, or whose day has not come."""

    organ: int
    due_on: date
    several: int
    kept: int
    lifted: int

    def change(self, as_of: date, soon: date) -> Tally:
        rest = self.several - self.kept - self.lifted
        if self.due_on > as_of:
            near = rest if self.due_on <= soon else 0
            return Tally(running=rest, due_soon=near, on_time=self.kept, lifted=self.lifted)
        if self.due_on == as_of:
            return Tally(running=rest, due_soon=rest, on_time=-self.several, late=self.kept, lifted=self.lifted)
        return Tally(missing=rest, on_time=-self.several, late=self.kept, lifted=self.lifted)


def _exceptions(
    cursor: Any, kind: str, organs: Sequence[int], periods: Sequence[Period], as_of: date
) -> Iterator[_Exception]:
    first, last = periods[0][0], periods[-1][1]
    on = _day(as_of)
    ids = ", ".join(str(int(one)) for one in organs)
    asked = []
    if first <= as_of:
        until = _day(min(last, as_of))
        asked = [(which, [on, on, on, kind, _day(first), until]) for which in (LATE, UNKEPT)]
    if last > as_of:
        asked.append((BEGUN, [on, on, on, on, kind, _day(max(first, as_of + timedelta(days=1))), _day(last)]))
    for which, params in asked:
        for organ, due_on, *counts in _all(cursor, EXCEPTIONS.format(which=which, organs=ids), params):
            day = due_on if isinstance(due_on, date) else date.fromisoformat(due_on)
            yield _Exception(organ, day, *counts)


def _whole(kind: str, organs: Sequence[int], periods: Sequence[Period]) -> tuple[str, list[object]]:
    several = " UNION ALL ".join(["SELECT %s AS at, %s AS first, %s AS last"] * len(periods))
    some = " UNION ALL ".join(f"SELECT {int(one)} AS id" for one in organs)
    stretch = [value for at, (first, last) in enumerate(periods) for value in (at, _day(first), _day(last))]
    return WHOLE.format(organs=some, periods=several), [kind, *stretch]


def _sum(several: Iterable[Tally]) -> Tally:
    return sum(several, Tally())


def _day(day: date) -> Any:
    return connection.ops.adapt_datefield_value(day)


def _all(cursor: Any, query: str, params: Sequence[object]) -> list[tuple[Any, ...]]:
    cursor.execute(query, params)
    return list(cursor.fetchall())
