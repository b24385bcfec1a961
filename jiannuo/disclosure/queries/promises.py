"""Lists of promises that everybody may read, those whose record was released."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Q
from msgspec import Struct

from jiannuo.disclosure import rules
from jiannuo.disclosure.models import Listing
from jiannuo.disclosure.queries.owing import (
    STANDINGS,
    Narrowed,
    PromiseTally,
    Where,
    counts,
    day_of,
    narrowing,
    numbers_of,
)
from jiannuo.duties import queries as duties
from jiannuo.duties.queries import Standing
from jiannuo.duties.queries.explaining import warning_days
from jiannuo.duties.rules import Clock, Progress, pausing
from jiannuo.duties.rules import standing as standing_on
from jiannuo.policy import pack as policy
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.queries import Directory

PAGE = 20
ORDER = """
ORDER BY CASE WHEN d.kept_on IS NULL AND d.lifted_on IS NULL THEN 0 ELSE 1 END,
CASE WHEN d.kept_on IS NULL AND d.lifted_on IS NULL THEN d.due_on END, d.kept_on DESC, d.id
"""


class PublicPromise(Struct, frozen=True):
    """One public promise as a line of a list. Nothing in it comes from a version that was not released."""

    identity: str
    duty_id: int
    kind: str
    kind_short: str
    title: str
    field: str
    beneficiary: str
    organ_id: int
    organ: str
    office: str
    started_on: date
    due_on: date
    first_due_on: date | None
    kept_on: date | None
    standing: Standing
    waits: bool
    """Evidence was sent in that nobody has confirmed yet."""
    suspended_since: date | None
    progress: Progress
    agreed: int
    disputed: int
    published_on: date


class PromisePage(Struct, frozen=True):
    """One page of promises, and how all that answer stand."""

    rows: tuple[PublicPromise, ...]
    tally: PromiseTally
    total: int
    page: int
    pages: int
    capped: bool = False


def find(asked: Narrowed, *, on: date, page: int = 1, size: int = PAGE) -> PromisePage:
    """The public promises within a narrowing: what is still owed first, by its day, then what was kept last."""
    numbers = numbers_of(asked)
    where = narrowing(asked, numbers)
    first = max(1, page)
    tally, found = _page(where, asked.standing, on=on, limit=size, offset=(first - 1) * size)
    total = tally.of(asked.standing)
    pages = max(1, -(-total // size))
    if first > pages:
        first = pages
        tally, found = _page(where, asked.standing, on=on, limit=size, offset=(first - 1) * size)
    rows = tuple(_rows(found, on=on)) if found else ()
    return PromisePage(rows, tally, total, first, pages, capped=numbers is not None and len(numbers) > rules.CAP)


def every(asked: Narrowed, *, on: date, limit: int, size: int = 500) -> Iterator[PublicPromise]:
    """The same, all of them up to a limit, read in pieces."""
    where = narrowing(asked, numbers_of(asked))
    _, found = _page(where, asked.standing, on=on, limit=limit, offset=0)
    for start in range(0, len(found), size):
        yield from _rows(found[start : start + size], on=on)


def _page(where: Where, standing: str, *, on: date, limit: int, offset: int) -> tuple[PromiseTally, list[int]]:
    """How all of them stand, and those of one page: asked together, for what costs is to find what is public."""
    sums, days = counts(on)
    condition = f"WHERE {STANDINGS[standing].format(on='%s')}" if standing else ""
    values = [*where.values, *days, *[day_of(on)] * condition.count("%s"), limit, offset]
    query = f"""
        WITH d AS (SELECT d.id, d.due_on, d.first_due_on, d.kept_on, d.lifted_on, d.submitted_on {where.sql})
        SELECT 0, {sums} FROM d UNION ALL
        SELECT * FROM (SELECT ROW_NUMBER() OVER ({ORDER}), d.id{", 0" * (len(PromiseTally.__struct_fields__) - 1)} FROM d {condition}
            {ORDER} LIMIT %s OFFSET %s) page
    """
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        (_, *tally), *rows = sorted(cursor.fetchall())
    return PromiseTally(*(count or 0 for count in tally)), [row[1] for row in rows]


def _rows(duty_ids: Sequence[int], *, on: date) -> list[PublicPromise]:
    rows = duties.owed().filter(pk__in=duty_ids).annotate(identity=F("entry__identity"))
    found = {row.pk: row for row in rows}
    identities = [bytes(row.identity) for row in found.values()]
    shown = Listing.objects.filter(identity__in=identities).annotate(body=F("entry__body")).defer("text")
    listed: dict[bytes, Any] = {bytes(one.identity): one for one in shown}
    steps = milestones(duty_ids, on=on)
    organs = subjects.directory(on)
    return [
        _row(row, listed[bytes(row.identity)], steps.get(row.pk, Progress(0, 0)), organs, on=on)
        for row in (found[number] for number in duty_ids if number in found)
        if bytes(row.identity) in listed
    ]


def milestones(parents: Iterable[int], *, on: date) -> dict[int, Progress]:
    """How far promises are by their public milestones that somebody confirmed."""
    public = Listing.objects.filter(identity=OuterRef("entry__identity"))
    rows = duties.owed().filter(Q(lifted_on=None) | Q(kept_on__isnull=False), Exists(public), parent__in=list(parents))
    counted = (
        rows.values_list("parent")
        .order_by("parent")
        .annotate(done=Count("pk", filter=Q(kept_on__lte=on)), several=Count("pk"))
    )
    return {parent: Progress(done, whole) for parent, done, whole in counted}


def _dates(row: Any, listed: Any) -> tuple[date, date | None]:
    """The due date and the one it moved from; a correction that waits to be released moves nothing that everybody reads."""
    waits = listed.entry_id != row.entry_id and row.amendments == 1
    return (row.first_due_on, None) if waits and row.first_due_on else (row.due_on, row.first_due_on)


def _row(row: Any, listed: Any, progress: Progress, organs: Directory, *, on: date) -> PublicPromise:
    pack = policy.current()
    kind = pack.kinds[listed.kind]
    body = json.loads(listed.body)
    shown = rules.public_part(kind, body, ("title", "category", "beneficiary", "office"))
    due_on, first_due_on = _dates(row, listed)
    clock = Clock(row.started_on, due_on, row.kept_on, row.lifted_on, row.submitted_on)
    return PublicPromise(
        identity=bytes(listed.identity).hex(),
        duty_id=row.pk,
        kind=kind.id,
        kind_short=kind.short,
        title=shown["title"] or listed.number or kind.title,
        field=shown["category"],
        beneficiary=shown["beneficiary"],
        organ_id=row.debtor_id,
        organ=organs.heir(row.debtor_id).short,
        office=shown["office"],
        started_on=row.started_on,
        due_on=due_on,
        first_due_on=first_due_on,
        kept_on=row.kept_on,
        standing=standing_on(clock, pack.calendar, as_of=on, warn=warning_days(pack, row.kind, as_of=on)),
        waits=row.submitted_id is not None and row.kept_on is None and row.lifted_on is None,
        suspended_since=pausing.standing_since(row.pauses),
        progress=progress,
        agreed=row.agreed,
        disputed=row.disputed,
        published_on=listed.published_on,
    )
