"""The one way duties are opened, moved, kept and lifted: many at a time, inside the caller's transaction, and safe to repeat."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection, transaction

from jiannuo.duties.models import Duty
from jiannuo.kernel import bulk
from jiannuo.kernel.workdays import Pause
from jiannuo.policy import pack as policy
from jiannuo.policy.deadlines import Rule

TABLE = "duties_duty"
OPENING = ("kind", "debtor_id", "entry_id", "started_on", "due_on", "provisional", "rule", "opened_at")
PROMISED = ("stated_on", "office", "official", "confirmer_id", "parent_id")
"""What a fact may say of its duty besides; plain duties have none of it."""

# In the order of the days, which is that of the table's indexes. The cross joins keep SQLite from going through all
# entries for each of the days. A later version has a later number: the inner query looks only past the first entry, where
# there are duties already only when they are carried over again. Asked row by row, PostgreSQL goes through all duties for each
# entry as long as it has no statistics of a table that was empty a moment ago.
FIRST_MET = f"""
INSERT INTO {TABLE} ({", ".join(OPENING)})
SELECT %s, e.organ_id, e.id, s.started_on, s.due_on, s.provisional, s.rule, %s
FROM ledger_entry e CROSS JOIN {{stage}} s
WHERE s.started_on = e.happened_on AND e.id BETWEEN %s AND %s AND e.kind = %s AND e.version = 1 AND e.identity NOT IN (
    SELECT v.identity FROM {TABLE} d CROSS JOIN ledger_entry v
    WHERE v.id = d.entry_id AND d.kind = %s AND d.entry_id > %s AND v.version > 1
)
ORDER BY s.started_on, e.id ON CONFLICT DO NOTHING
"""


DATED = ("started_on", "stated_on", "due_on", "provisional")
MOVED = f"({TABLE}.amendments > 0 OR {TABLE}.pauses <> '')"
PASSED = f"({TABLE}.confirmer_id IS NOT NULL AND {TABLE}.due_on < s.submitted_on AND NOT {TABLE}.provisional)"
HELD = f"({MOVED} OR {PASSED})"
"""The date of a promise was moved by a public act, or had passed when the correction came: a correction leaves it alone."""
SAME = f"(({TABLE}.stated_on IS NULL AND {TABLE}.confirmer_id IS NULL) OR {TABLE}.due_on = s.due_on)"
"""The correction makes it due on the same day. Another day counts as an amendment, so that no promise moves unseen."""
FEW = 100
"""So many are closed by their numbers; more are handed over as a table, so that the statement does not grow with them."""
SAID_ITSELF = f"{TABLE}.kept_by_id = {TABLE}.entry_id"
"""The fact itself said on which day it was done: corrected, it says another day, or none."""


class Owed(NamedTuple):
    """A fact that opens a duty: the entry, who must act, the day the clock starts, and what else the entry says of it."""

    entry_id: int
    debtor_id: int
    started_on: date
    corrects: int | None = None
    """The entry this one takes the place of; its duty moves here."""
    kept_on: date | None = None
    """Where the fact itself says that the duty is kept (an item published before it was registered)."""
    stated_on: date | None = None
    """The day the fact names for it to be done by."""
    office: str = ""
    official: str = ""
    confirmer_id: int | None = None
    parent_id: int | None = None
    seen_on: date | None = None
    """The day a correction became known."""


class Term(NamedTuple):
    """When what started on a day is due, as the database writes it."""

    started_on: str
    due_on: str
    provisional: bool
    rule: str


class Terms:
    """The due dates of one kind of duty under one pack, one computation for each day that starts one."""

    def __init__(self, kind: str, pack: policy.Pack) -> None:
        self.deadline = pack.duties[kind].deadline
        self.pack = pack
        self._known: dict[date, Term | None] = {}

    def of(self, started_on: date, stated_on: date | None = None, pauses: Sequence[Pause] = ()) -> Term | None:
        """The term of what started on a day; None before the rule began and after its repeal, when nothing is owed.

        Nothing is owed either where the rule asks for a day that the fact does not name.
        """
        if stated_on is None and not pauses:
            return self._plain(started_on)
        rule = self._rule(started_on, stated_on)
        if rule is None or (stated_on is None and rule.value.unit == "stated"):
            return None
        if stated_on is not None and not pauses:
            return Term(min(started_on, stated_on).isoformat(), stated_on.isoformat(), provisional=False, rule=rule.ref)
        due = rule.due(started_on, self.pack.calendar, stated=stated_on, pauses=pauses)
        return Term(started_on.isoformat(), due.due_on.isoformat(), due.provisional, rule.ref)

    def _rule(self, started_on: date, stated_on: date | None = None) -> Rule | None:
        try:
            return self.pack.rule_over(self.deadline, started_on, stated_on)
        except LookupError:
            return None

    def _plain(self, started_on: date) -> Term | None:
        if started_on not in self._known:
            rule = self._rule(started_on)
            if rule is None or rule.value.unit == "stated":
                self._known[started_on] = None
            else:
                due = rule.due(started_on, self.pack.calendar)
                self._known[started_on] = Term(
                    started_on.isoformat(), due.due_on.isoformat(), due.provisional, rule.ref
                )
        return self._known[started_on]


@transaction.atomic
def open_for(rows: Iterable[Owed], *, kind: str, opened_at: datetime) -> None:
    """Each fact opens its duty once; a corrected fact takes its duty along, with the dates computed anew."""
    owed = list(rows)
    of = Terms(kind, policy.current()).of
    found = [(one, term) for one in owed if (term := of(one.started_on, one.stated_on)) is not None]
    if moving := [(one.corrects, one, term) for one, term in found if one.corrects is not None]:
        _move(kind, moving)
    _insert(kind, found, opened_at)
    by_day: dict[date, list[int]] = {}
    for one in owed:
        if one.kept_on is not None:
            by_day.setdefault(one.kept_on, []).append(one.entry_id)
    for day, entry_ids in by_day.items():
        keep(entry_ids, by=entry_ids, on=day, kind=kind)


def open_between(first: int, last: int, *, days: Collection[date], of: str, kind: str, opened_at: datetime) -> None:
    """Each record of a kind that is met for the first time between two entries opens its duty, unless a later version carries it.

    `days` are those on which these records happened.
    """
    if not days:
        return
    terms = Terms(kind, policy.current())
    found = [term for day in days if (term := terms.of(day)) is not None]
    if not found:
        return
    at = connection.ops.adapt_datetimefield_value(opened_at)
    with connection.cursor() as cursor, staged(cursor, columns=Term._fields, rows=found) as stage:
        cursor.execute(FIRST_MET.format(stage=stage), [kind, at, first, last, of, kind, first])


def _insert(kind: str, found: Sequence[tuple[Owed, Term]], opened_at: datetime) -> None:
    if not found:
        return
    at = connection.ops.adapt_datetimefield_value(opened_at)
    columns = (*OPENING, *PROMISED)
    rows = (
        (
            kind, one.debtor_id, one.entry_id, term.started_on, term.due_on, term.provisional, term.rule, at,
            one.stated_on and one.stated_on.isoformat(), one.office, one.official, one.confirmer_id, one.parent_id,
        )
        for one, term in found
    )  # fmt: skip
    ids = [one.entry_id for one, _ in found]
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            bulk.insert(cursor, TABLE, columns, rows, ignore=True)
        elif not Duty.objects.filter(entry__gte=min(ids), entry__lte=max(ids), kind=kind).exists():
            bulk.insert(cursor, TABLE, columns, rows)
        else:
            with staged(cursor, columns=columns, rows=rows) as stage:
                names = ", ".join(columns)
                cursor.execute(f"INSERT INTO {TABLE} ({names}) SELECT {names} FROM {stage} ON CONFLICT DO NOTHING")


def _move(kind: str, moving: Iterable[tuple[int, Owed, Term]]) -> None:
    rows = (
        (
            old, one.entry_id, one.debtor_id, term.started_on, term.due_on, term.provisional, term.rule,
            one.stated_on and one.stated_on.isoformat(), one.office, one.official, one.confirmer_id, one.parent_id,
            (one.seen_on or one.started_on).isoformat(), one.kept_on and one.kept_on.isoformat(),
        )
        for old, one, term in moving
    )  # fmt: skip
    # Two columns of the stage stand for what has none in the table: the entry before, and the day the correction was seen.
    columns = ("kept_by_id", "entry_id", "debtor_id", "started_on", "due_on", "provisional", "rule", *PROMISED, "submitted_on", "kept_on")  # fmt: skip
    with connection.cursor() as cursor, staged(cursor, columns=columns, rows=rows) as stage:
        cursor.execute(
            f"UPDATE {TABLE} SET entry_id = s.entry_id, debtor_id = s.debtor_id, rule = s.rule, "
            f"office = s.office, official = s.official, confirmer_id = s.confirmer_id, parent_id = s.parent_id, "
            f"{', '.join(f'{name} = CASE WHEN {HELD} THEN {TABLE}.{name} ELSE s.{name} END' for name in DATED)}, "
            f"first_due_on = CASE WHEN {HELD} OR {SAME} THEN first_due_on ELSE {TABLE}.due_on END, "
            f"amendments = CASE WHEN {HELD} OR {SAME} THEN amendments ELSE 1 END, "
            f"kept_on = CASE WHEN {SAID_ITSELF} THEN s.kept_on ELSE {TABLE}.kept_on END, "
            f"kept_by_id = CASE WHEN NOT {SAID_ITSELF} THEN {TABLE}.kept_by_id WHEN s.kept_on IS NULL THEN NULL ELSE s.entry_id END "
            f"FROM {stage} s WHERE {TABLE}.entry_id = s.kept_by_id AND {TABLE}.kind = %s",
            [kind],
        )


@transaction.atomic
def keep(entry_ids: Sequence[int], *, by: int | Sequence[int], on: date, kind: str = "") -> int:
    """The duties opened by these entries are kept from a day on; the first keeping counts. Returns how many it kept.

    `by` is the act that kept them, one for all or one for each.
    """
    return _close("kept", entry_ids, by=by, on=on, kind=kind)


@transaction.atomic
def lift(entry_ids: Sequence[int], *, by: int | Sequence[int], on: date, kind: str = "") -> int:
    """The law no longer asks for these duties; those already kept stay kept. Returns how many it lifted."""
    return _close("lifted", entry_ids, by=by, on=on, kind=kind)


def _close(what: str, entry_ids: Sequence[int], *, by: int | Sequence[int], on: date, kind: str) -> int:
    if not entry_ids:
        return 0
    if isinstance(by, int) and len(entry_ids) <= FEW:
        still_open: dict[str, Any] = {"kept_on": None} if what == "kept" else {"kept_on": None, "lifted_on": None}
        rows = Duty.objects.filter(entry__in=list(entry_ids), **still_open, **({"kind": kind} if kind else {}))
        return rows.update(**{f"{what}_on": on, f"{what}_by": by})
    acts = [by] * len(entry_ids) if isinstance(by, int) else by
    still = "kept_on IS NULL" if what == "kept" else "kept_on IS NULL AND lifted_on IS NULL"
    of_kind = f"AND {TABLE}.kind = %s" if kind else ""
    day = connection.ops.adapt_datefield_value(on)
    pairs = zip(entry_ids, acts, strict=True)
    with connection.cursor() as cursor, staged(cursor, columns=("entry_id", "kept_by_id"), rows=pairs) as stage:
        cursor.execute(
            f"UPDATE {TABLE} SET {what}_on = %s, {what}_by_id = s.kept_by_id "
            f"FROM {stage} s WHERE {TABLE}.entry_id = s.entry_id AND {still} {of_kind}",
            [day, *([kind] if kind else [])],
        )
        changed: int = cursor.rowcount
    return changed


@contextmanager
def staged(cursor: Any, *, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """A table of this connection's own that holds rows for one statement, typed as the table of duties types them."""
    stage = "duties_stage"
    on_commit = "ON COMMIT DROP" if connection.vendor == "postgresql" else ""
    cursor.execute(f"CREATE TEMP TABLE {stage} {on_commit} AS SELECT {', '.join(columns)} FROM {TABLE} LIMIT 0")
    bulk.insert(cursor, stage, columns, rows)
    # Left out when the caller's statement fails: the transaction is lost then, and this table with it.
    yield stage
    cursor.execute(f"DROP TABLE {stage}")
