"""How many public promises stand how, and the narrowing of them that a page's address names."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import connection
from msgspec import Struct

from jiannuo.disclosure import rules
from jiannuo.disclosure.queries import search
from jiannuo.disclosure.rules import Filters
from jiannuo.duties.queries.promises import promise_kinds
from jiannuo.kernel.refusals import Refused
from jiannuo.kernel.sql import places
from jiannuo.policy import pack as policy
from jiannuo.policy.kinds import Kind

STANDINGS: Mapping[str, str] = {
    "kept": "d.kept_on <= d.due_on",
    "kept_late": "d.kept_on > d.due_on",
    "broken": "d.kept_on IS NULL AND d.lifted_on IS NULL AND d.due_on < {on} AND (d.submitted_on IS NULL OR d.submitted_on > d.due_on)",
    "running": "d.kept_on IS NULL AND d.lifted_on IS NULL AND (d.due_on >= {on} OR d.submitted_on <= d.due_on)",
    "to_verify": "d.kept_on IS NULL AND d.lifted_on IS NULL AND d.submitted_on IS NOT NULL",
    "lifted": "d.kept_on IS NULL AND d.lifted_on IS NOT NULL",
    "moved": "d.first_due_on IS NOT NULL",
}
"""What the public list can be narrowed to, as conditions; `to_verify` and `moved` cut across the others."""
PUBLIC = """
FROM duties_duty d JOIN ledger_entry e ON e.id = d.entry_id JOIN disclosure_listing l ON l.identity = e.identity
{released} WHERE d.confirmer_id IS NOT NULL AND d.kind IN ({kinds}) AND l.kind IN ({records}) AND d.parent_id IS NULL
"""
RELEASED = "JOIN ledger_entry r ON r.id = l.entry_id"


class PromiseTally(Struct, frozen=True):
    """How many public promises stand how. `to_verify` and `moved` are counted among the others."""

    kept: int = 0
    kept_late: int = 0
    broken: int = 0
    running: int = 0
    to_verify: int = 0
    lifted: int = 0
    moved: int = 0

    def __add__(self, other: "PromiseTally") -> "PromiseTally":
        return PromiseTally(*(getattr(self, name) + getattr(other, name) for name in self.__struct_fields__))

    @property
    def whole(self) -> int:
        """All of them."""
        return self.kept + self.kept_late + self.broken + self.running + self.lifted

    def of(self, standing: str) -> int:
        """How many a list narrowed to a standing shows."""
        return int(getattr(self, standing)) if standing else self.whole


class Narrowed(Struct, frozen=True):
    """What a reader narrows the promises to. Organs come with their predecessors already in."""

    kind: str = ""
    field: str = ""
    standing: str = ""
    year: int = 0
    organs: tuple[int, ...] = ()
    question: str = ""
    family: str = "promise"


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


def promise_tally(*, on: date, organs: Collection[int] | None = None, family: str = "promise") -> PromiseTally:
    """How the public promises of these organs, or of all, stand today."""
    asked = Narrowed(organs=tuple(sorted(organs)) if organs is not None else (), family=family)
    return tallied(narrowing(asked, None), on=on).get(0, PromiseTally())


def tallies_by_organ(*, on: date, family: str = "promise") -> dict[int, PromiseTally]:
    """The same by the organ that owes them."""
    return tallied(narrowing(Narrowed(family=family), None), on=on, by="d.debtor_id")


class Where(Struct, frozen=True):
    """The rows that are meant, from FROM on, with the values of its marks."""

    sql: str
    values: list[Any]


def numbers_of(asked: Narrowed) -> list[int] | None:
    """The listings that answer the question asked, at most a thousand and one; nothing where none is asked."""
    if not asked.question:
        return None
    kinds = (asked.kind,) if asked.kind else tuple(kind.id for kind in record_kinds(asked.family))
    return search.numbers(rules.looked(asked.question), Filters(kinds))


def narrowing(asked: Narrowed, numbers: Sequence[int] | None) -> Where:
    """The rows that a narrowing means, all those of them that answer its question."""
    kinds = promise_kinds(asked.family) or ("",)
    records = (asked.kind,) if asked.kind else tuple(kind.id for kind in record_kinds(asked.family)) or ("",)
    released = RELEASED if asked.field else ""
    sql = PUBLIC.format(released=released, kinds=places(kinds), records=places(records))
    values: list[Any] = [*kinds, *records]
    if asked.organs:
        sql += f" AND d.debtor_id IN ({places(asked.organs)})"
        values += asked.organs
    if asked.year:
        sql += " AND COALESCE(d.first_due_on, d.due_on) >= %s AND COALESCE(d.first_due_on, d.due_on) < %s"
        values += [day_of(date(asked.year, 1, 1)), day_of(date(asked.year + 1, 1, 1))]
    if asked.field:
        # Bodies are canonical JSON: a name and its value stand in one spelling only, and no text can contain it.
        names = {kind.field_for("category") for kind in record_kinds(asked.family)} - {""}
        sql += f" AND ({' OR '.join(['r.body LIKE %s'] * len(names))})"
        values += [f'%"{name}":"{asked.field}"%' for name in sorted(names)]
    if numbers is not None:
        sql += f" AND l.id IN ({places(numbers)})"
        values += numbers
    return Where(sql, values)


def tallied(where: Where, *, on: date, by: str = "0") -> dict[int, PromiseTally]:
    """How the rows stand on a day, together under nought or by a column."""
    sums, days = counts(on)
    group = f"GROUP BY {by}" if by != "0" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {by}, {sums} {where.sql} {group}", [*days, *where.values])
        return {row[0]: PromiseTally(*(count or 0 for count in row[1:])) for row in cursor.fetchall()}


def counts(on: date) -> tuple[str, list[Any]]:
    """The columns of a tally on a day, in its order, with the values of their marks."""
    sums = ", ".join(
        f"SUM(CASE WHEN {STANDINGS[name].format(on='%s')} THEN 1 ELSE 0 END)" for name in PromiseTally.__struct_fields__
    )
    return sums, [day_of(on)] * sums.count("%s")


def day_of(day: date) -> Any:
    """A day as the database compares it."""
    return connection.ops.adapt_datefield_value(day)
