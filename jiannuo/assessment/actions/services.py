"""Counts of service cases follow the ledger: each case is counted once, a newer version in place of the older."""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from django.db import connection, transaction

from jiannuo.assessment.models import ServiceCount, ServiceMark
from jiannuo.assessment.queries.services import case_kinds
from jiannuo.assessment.rules.services import Cell, Handled, Sum, counted
from jiannuo.kernel import workdays
from jiannuo.kernel.days import parse_day
from jiannuo.kernel.workdays import Calendar
from jiannuo.ledger import queries as ledger
from jiannuo.policy import pack as policy

CHUNK = 20_000
SAID = ("item", "channel", "day", "due_on", "kept_on")
"""What of a case is counted, by the roles of its kind."""
READ = """
SELECT e.id, e.kind, e.organ_id, e.body, p.organ_id, p.body FROM ledger_entry e
LEFT JOIN ledger_entry p ON p.identity = e.identity AND p.version = e.version - 1
WHERE e.id > %s AND e.id <= %s AND e.kind IN ({kinds}) ORDER BY e.id LIMIT %s
"""
ADD = """
INSERT INTO assessment_servicecount (item, organ_id, due, done, channel, cases, late, workdays)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (item, organ_id, due, done, channel) DO UPDATE SET
cases = assessment_servicecount.cases + excluded.cases, late = assessment_servicecount.late + excluded.late,
workdays = assessment_servicecount.workdays + excluded.workdays
"""


def follow(*, limit: int = CHUNK) -> int:
    """Count the next entries of the ledger and return how many cases there were; nought when there is nothing new.

    The mark moves in the same transaction as the counts and its row is locked first: killed anywhere, run again, or run
    by two at once, nothing is lost and nothing doubled. Under another pack the working days are counted anew.
    """
    with transaction.atomic():
        mark, _ = ServiceMark.objects.select_for_update().get_or_create(pk=1)
        _begin_under(mark, policy.current().id)
        head, _moved = ledger.head()
        if mark.entry >= head and mark.whole:
            return 0
        rows = _rows(mark.entry, head, limit)
        _add(_changes(rows))
        mark.entry = rows[-1][0] if len(rows) == limit else head
        mark.whole = mark.whole or mark.entry == head
        mark.save()
    return len(rows)


@transaction.atomic
def recount() -> None:
    """Let go of all counts, so that following the ledger makes them anew."""
    mark, _ = ServiceMark.objects.select_for_update().get_or_create(pk=1)
    _forget(mark)
    mark.save()


def _begin_under(mark: ServiceMark, pack: str) -> None:
    if mark.pack != pack:
        _forget(mark)
        mark.pack = pack


def _forget(mark: ServiceMark) -> None:
    ServiceCount.objects.all().delete()
    mark.entry, mark.whole = 0, False


def _rows(after: int, through: int, limit: int) -> list[tuple[Any, ...]]:
    kinds = [kind.id for kind in case_kinds()]
    if not kinds:
        return []
    with connection.cursor() as cursor:
        cursor.execute(READ.format(kinds=", ".join(["%s"] * len(kinds))), [after, through, *kinds, limit])
        return list(cursor.fetchall())


def _changes(rows: Iterable[Sequence[Any]]) -> dict[Cell, Sum]:
    """What the entries change: each adds its case and takes away what the version before had added."""
    found: dict[Cell, list[int]] = {}
    calendar = policy.current().calendar
    fields = {kind.id: tuple(map(kind.field_for, SAID)) for kind in case_kinds()}
    for _id, kind, organ, body, organ_before, before in rows:
        _count(found, _handled(fields[kind], organ, body), calendar, 1)
        if before is not None:
            _count(found, _handled(fields[kind], organ_before, before), calendar, -1)
    return {cell: Sum(*sums) for cell, sums in found.items() if any(sums)}


def _count(found: dict[Cell, list[int]], case: Handled | None, calendar: Calendar, sign: int) -> None:
    if case is None:
        return
    took = workdays.count(calendar, case.accepted_on, case.done_on) if case.done_on else 0
    cell, one = counted(case, took)
    for each in (cell, cell._replace(item="")):
        sums = found.setdefault(each, [0, 0, 0])
        for at, value in enumerate(one):
            sums[at] += sign * value


def _handled(fields: Sequence[str], organ_id: int, body: str) -> Handled | None:
    told = json.loads(body)
    item, channel, accepted, promised, done = (str(told.get(name) or "") for name in fields)
    began, due = _day(accepted), _day(promised)
    if began is None or due is None or not item:
        return None
    return Handled(organ_id, item, channel, began, due, _day(done))


@lru_cache(maxsize=8192)
def _day(text: str) -> date | None:
    return parse_day(text) if text else None


def _add(changes: dict[Cell, Sum]) -> None:
    if not changes:
        return
    day = connection.ops.adapt_datefield_value
    with connection.cursor() as cursor:
        cursor.executemany(
            ADD,
            [
                (cell.item, cell.organ_id, day(cell.due), day(cell.done), cell.channel, *change)
                for cell, change in sorted(changes.items())
            ],
        )
        cursor.execute("DELETE FROM assessment_servicecount WHERE cases = 0")
