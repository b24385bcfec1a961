"""Promises that everybody may read, those whose record was released: how many stand how, and lists of them."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q

from jiannuo.disclosure import rules
from jiannuo.disclosure.models import Listing
from jiannuo.disclosure.queries import search
from jiannuo.disclosure.rules import Filters
from jiannuo.duties import queries as duties
from jiannuo.duties.queries import Standing
from jiannuo.duties.queries.explaining import warning_days
from jiannuo.duties.queries.promises import promise_kinds
from jiannuo.duties.rules import Clock, Progress, pausing
from jiannuo.duties.rules import standing as standing_on
from jiannuo.kernel.refusals import Refused
from jiannuo.policy import pack as policy
from jiannuo.policy.kinds import Kind
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.queries import Directory

PAGE = 20
STANDINGS: Mapping[str, str] = {
    "kept": "d.kept_on <= d.due_on",
    "kept_late": "d.kept_on > d.due_on",
    "broken": "d.kept_on IS NULL AND d.lifted_on IS NULL AND d.due_on < {on}",
    "running": "d.kept_on IS NULL AND d.lifted_on IS NULL AND d.due_on >= {on}",
    "to_verify": "d.kept_on IS NULL AND d.lifted_on IS NULL AND d.submitted_id IS NOT NULL",
    "lifted": "d.kept_on IS NULL AND d.lifted_on IS NOT NULL",
    "moved": "d.first_due_on IS NOT NULL",
}
"""What the public list can be narrowed to, as conditions; `to_verify` and `moved` cut across the others."""
PUBLIC = """
FROM duties_duty d JOIN ledger_entry e ON e.id = d.entry_id JOIN disclosure_listing l ON l.identity = e.identity
{released} WHERE d.confirmer_id IS NOT NULL AND d.kind IN ({kinds}) AND l.kind IN ({records}) AND d.parent_id IS NULL
"""
RELEASED = "JOIN ledger_entry r ON r.id = l.entry_id"
ORDER = """
ORDER BY CASE WHEN d.kept_on IS NULL AND d.lifted_on IS NULL THEN 0 ELSE 1 END,
CASE WHEN d.kept_on IS NULL AND d.lifted_on IS NULL THEN d.due_on END, d.kept_on DESC, d.id
"""


@dataclass(frozen=True, slots=True)
class PromiseTally:
    """How many public promises stand how. `to_verify` and `moved` are counted among the others."""

    kept: int = 0
    kept_late: int = 0
    broken: int = 0
    running: int = 0
    to_verify: int = 0
    lifted: int = 0
    moved: int = 0

    def __add__(self, other: "PromiseTally") -> "PromiseTally":
        return PromiseTally(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))

    @property
    def whole(self) -> int:
        """All of them."""
        return self.kept + self.kept_late + self.broken + self.running + self.lifted

    def of(self, standing: str) -> int:
        """How many a list narrowed to a standing shows."""
        return int(getattr(self, standing)) if standing else self.whole


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What a reader narrows the promises to. Organs come with their predecessors already in."""

    kind: str = ""
    field: str = ""
    standing: str = ""
    year: int = 0
    organs: tuple[int, ...] = ()
    question: str = ""
    family: str = "promise"


@dataclass(frozen=True, slots=True)
class PublicPromise:
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


@dataclass(frozen=True, slots=True)
class PromisePage:
    """One page of promises, and how all that answer stand."""

    rows: tuple[PublicPromise, ...]
    tally: PromiseTally
    total: int
    page: int
    pages: int
    capped: bool = False


def record_kinds(family: str = "promise") -> tuple[Kind, ...]:
    """The kinds of public record that are promises of a register; their milestones are shown with them, not beside them."""
    owed = frozenset(promise_kinds(family))
    return tuple(
        kind
        for kind in policy.current().kinds.values()
        if kind.visibility == "public" and owed & frozenset(kind.opens) and not kind.field_for("parent")
    )


def promise_fields() -> tuple[str, ...]:
    """The fields (领域) that promises are sorted by."""
    found: dict[str, None] = {}
    for kind in record_kinds():
        field = kind.by_id.get(kind.field_for("category"))
        found |= dict.fromkeys(kind.codes.get(field.codes, ()) if field and field.codes else ())
    return tuple(found)


def narrowed(**asked: Any) -> Narrowed:
    """The narrowing as a page's address names it. Refuses what is not there."""
    one = Narrowed(**asked)
    if one.kind and one.kind not in {kind.id for kind in record_kinds(one.family)}:
        raise Refused("没有这类承诺", fix="请从页面的类别中选择", field="kind", code="kind")
    if one.standing and one.standing not in STANDINGS:
        raise Refused("没有这种状态", fix="请从页面的选项中选择", field="standing", code="standing")
    if one.field and one.field not in promise_fields():
        raise Refused("没有这个领域", fix="请从页面的选项中选择", field="field", code="field")
    if one.year and not 1949 <= one.year <= 2200:
        raise Refused("年份不对", fix="年份写四位数", field="year", code="period")
    return one


def find(asked: Narrowed, *, on: date, page: int = 1, size: int = PAGE) -> PromisePage:
    """The public promises within a narrowing: what is still owed first, by its day, then what was kept last."""
    numbers = _numbers(asked)
    where = _where(asked, numbers)
    tally = _tallied(where, on=on).get(0, PromiseTally())
    total = tally.of(asked.standing)
    pages = max(1, -(-total // size))
    page = min(max(1, page), pages)
    rows = _rows(_ids(where, asked.standing, on=on, limit=size, offset=(page - 1) * size), on=on) if total else []
    return PromisePage(tuple(rows), tally, total, page, pages, capped=numbers is not None and len(numbers) > rules.CAP)


def every(asked: Narrowed, *, on: date, limit: int, size: int = 500) -> Iterator[PublicPromise]:
    """The same, all of them up to a limit, read in pieces."""
    where = _where(asked, _numbers(asked))
    for offset in range(0, limit, size):
        found = _ids(where, asked.standing, on=on, limit=min(size, limit - offset), offset=offset)
        yield from _rows(found, on=on)
        if len(found) < size:
            return


def promise_tally(*, on: date, organs: Collection[int] | None = None, family: str = "promise") -> PromiseTally:
    """How the public promises of these organs, or of all, stand today."""
    asked = Narrowed(organs=tuple(sorted(organs)) if organs is not None else (), family=family)
    return _tallied(_where(asked, None), on=on).get(0, PromiseTally())


def tallies_by_organ(*, on: date, family: str = "promise") -> dict[int, PromiseTally]:
    """The same by the organ that owes them."""
    return _tallied(_where(Narrowed(family=family), None), on=on, by="d.debtor_id")


@dataclass(frozen=True, slots=True)
class _Where:
    sql: str
    values: list[Any]


def _numbers(asked: Narrowed) -> list[int] | None:
    if not asked.question:
        return None
    kinds = (asked.kind,) if asked.kind else tuple(kind.id for kind in record_kinds(asked.family))
    return search.numbers(rules.looked(asked.question), Filters(kinds))


def _where(asked: Narrowed, numbers: Sequence[int] | None) -> _Where:
    kinds = promise_kinds(asked.family) or ("",)
    records = (asked.kind,) if asked.kind else tuple(kind.id for kind in record_kinds(asked.family)) or ("",)
    released = RELEASED if asked.field else ""
    sql = PUBLIC.format(released=released, kinds=_marks(kinds), records=_marks(records))
    values: list[Any] = [*kinds, *records]
    if asked.organs:
        sql += f" AND d.debtor_id IN ({_marks(asked.organs)})"
        values += asked.organs
    if asked.year:
        sql += " AND COALESCE(d.first_due_on, d.due_on) >= %s AND COALESCE(d.first_due_on, d.due_on) < %s"
        values += [_day(date(asked.year, 1, 1)), _day(date(asked.year + 1, 1, 1))]
    if asked.field:
        # Bodies are canonical JSON: a name and its value stand in one spelling only, and no text can contain it.
        names = {kind.field_for("category") for kind in record_kinds(asked.family)} - {""}
        sql += f" AND ({' OR '.join(['r.body LIKE %s'] * len(names))})"
        values += [f'%"{name}":"{asked.field}"%' for name in sorted(names)]
    if numbers is not None:
        sql += f" AND l.id IN ({_marks(numbers) or 'NULL'})"
        values += numbers
    return _Where(sql, values)


def _tallied(where: _Where, *, on: date, by: str = "0") -> dict[int, PromiseTally]:
    day = _day(on)
    names = [one.name for one in fields(PromiseTally)]
    sums = ", ".join(f"SUM(CASE WHEN {STANDINGS[name].format(on='%s')} THEN 1 ELSE 0 END)" for name in names)
    days = [day] * sums.count("%s")
    group = f"GROUP BY {by}" if by != "0" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {by}, {sums} {where.sql} {group}", [*days, *where.values])
        return {row[0]: PromiseTally(*(count or 0 for count in row[1:])) for row in cursor.fetchall()}


def _ids(where: _Where, standing: str, *, on: date, limit: int, offset: int) -> list[int]:
    condition = f"AND {STANDINGS[standing].format(on='%s')}" if standing else ""
    days = [_day(on)] * condition.count("%s")
    with connection.cursor() as cursor:
        query = f"SELECT d.id {where.sql} {condition} {ORDER} LIMIT %s OFFSET %s"
        cursor.execute(query, [*where.values, *days, limit, offset])
        return [row[0] for row in cursor.fetchall()]


def _marks(values: Sequence[Any]) -> str:
    return ", ".join(["%s"] * len(values))


def _day(day: date) -> Any:
    return connection.ops.adapt_datefield_value(day)


def _rows(duty_ids: Sequence[int], *, on: date) -> list[PublicPromise]:
    found = {row.pk: row for row in duties.owed().filter(pk__in=duty_ids).select_related("entry")}
    identities = [bytes(row.entry.identity) for row in found.values()]
    shown = Listing.objects.filter(identity__in=identities).select_related("entry")
    listed = {bytes(one.identity): one for one in shown}
    steps = milestones(duty_ids, on=on)
    organs = subjects.directory(on)
    return [
        _row(row, listed[bytes(row.entry.identity)], steps.get(row.pk, Progress(0, 0)), organs, on=on)
        for row in (found[number] for number in duty_ids if number in found)
        if bytes(row.entry.identity) in listed
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


def _row(row: Any, listed: Listing, progress: Progress, organs: Directory, *, on: date) -> PublicPromise:
    pack = policy.current()
    kind = pack.kinds[listed.kind]
    body = json.loads(listed.entry.body)
    shown = rules.public_part(kind, body, ("title", "category", "beneficiary", "office"))
    clock = Clock(row.started_on, row.due_on, row.kept_on, row.lifted_on)
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
        due_on=row.due_on,
        first_due_on=row.first_due_on,
        kept_on=row.kept_on,
        standing=standing_on(clock, pack.calendar, as_of=on, warn=warning_days(pack, row.kind, as_of=on)),
        waits=row.submitted_id is not None and row.kept_on is None and row.lifted_on is None,
        suspended_since=pausing.standing_since(row.pauses),
        progress=progress,
        agreed=row.agreed,
        disputed=row.disputed,
        published_on=listed.published_on,
    )
