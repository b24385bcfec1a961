"""Bring the duties up to the day. Safe to run twice, late, or in two places.

It asks for what falls due by the calendar, follows the ledger by a bookmark that is locked, recomputes due dates from the pack,
and writes each breach once, dated by the law and not by when it woke up.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from time import perf_counter
from typing import Any

from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Count, DateField, F, Func, Q, QuerySet
from django.db.models.sql.compiler import SQLCompiler
from msgspec import Struct
from msgspec.structs import asdict

from jiannuo.duties import rules
from jiannuo.duties.actions import Terms, call, catch_up, due_again, staged
from jiannuo.duties.actions.calling import AUTHOR
from jiannuo.duties.actions.carrying_on import go_on, reassign
from jiannuo.duties.models import SHOWN_IN_TIME, Bookmark, Duty, Heartbeat
from jiannuo.ledger import actions as writing
from jiannuo.ledger import queries as ledger
from jiannuo.ledger import rules as entries
from jiannuo.ledger.queries import EntryCard
from jiannuo.policy import pack as policy
from jiannuo.subjects import queries as subjects

CHUNK = 5000


class Moved(Struct, frozen=True):
    """Duties whose due date is another one now, because the calendar or the rule is known better."""

    kind: str
    started_on: date
    due_was: date
    due_on: date
    provisional: bool
    duties: int

    @property
    def words(self) -> str:
        """The same for people."""
        if self.due_was == self.due_on:
            return f"自{self.started_on}起算的{self.duties}项：到期日仍为{self.due_on}，已由暂定转为确定"
        return f"自{self.started_on}起算的{self.duties}项：到期日由{self.due_was}改为{self.due_on}"


class Report(Struct, frozen=True):
    """What one run looked at and did; in a dry run, what it would do."""

    as_of: date
    dry_run: bool
    looked_at: int
    changed: int
    called: int
    followed: int
    moved: tuple[Moved, ...]
    breaches: int
    retracted: int
    took_s: Decimal

    def as_dict(self) -> dict[str, object]:
        """The same in plain values."""
        plain = asdict(self) | {"as_of": self.as_of.isoformat(), "took_s": float(self.took_s)}
        plain["moved"] = [
            {
                "kind": one.kind,
                "started_on": one.started_on.isoformat(),
                "due_was": one.due_was.isoformat(),
                "due_on": one.due_on.isoformat(),
                "provisional": one.provisional,
                "duties": one.duties,
                "words": one.words,
            }
            for one in self.moved
        ]
        return plain


def run(*, as_of: date, now: datetime, dry_run: bool = False) -> Report:
    """Carry over the ledger, move what the calendar moved, tell the breaches of every day before this one, and leave a heartbeat."""
    begun = perf_counter()
    called, followed = call(as_of=as_of, now=now, dry_run=dry_run), 0
    if not dry_run:
        followed = catch_up(opened_at=now)
        reassign(on=as_of)
        go_on(as_of=as_of, now=now)
    looked, moved = recompute(dry_run=dry_run)
    retracted = _count(no_longer_broken()) if dry_run else _say_all(no_longer_broken(), broken=False, now=now)
    breaches = _count(broken_unsaid(as_of)) if dry_run else _say_all(broken_unsaid(as_of), broken=True, now=now)
    changed = sum(one.duties for one in moved) + breaches + retracted + called
    report = Report(
        as_of=as_of,
        dry_run=dry_run,
        looked_at=called + followed + looked + breaches + retracted,
        changed=changed,
        called=called,
        followed=followed,
        moved=tuple(moved),
        breaches=breaches,
        retracted=retracted,
        took_s=Decimal(perf_counter() - begun).quantize(Decimal("0.001")),
    )
    if not dry_run:
        Heartbeat.objects.create(
            ran_at=now, as_of=as_of, looked_at=report.looked_at, changed=changed, took_s=report.took_s
        )
    return report


# -- due dates --------------------------------------------------------------------------------------------------------


@transaction.atomic
def recompute(*, dry_run: bool = False) -> tuple[int, list[Moved]]:
    """Due dates follow from the pack: provisional ones are always asked again, all of them when the pack has changed.

    Returns how many days that start duties were looked at, and what moved.
    """
    pack = policy.current()
    mark = Bookmark.objects.select_for_update().get(pk=1)
    asked = Duty.objects.filter(kind__in=pack.duties)
    if mark.pack == pack.id:
        asked = asked.filter(provisional=True)
    # A day that a fact or an amendment names does not follow from the calendar; one with pauses or days to mend is looked at by itself.
    starts = list(
        asked.filter(stated_on=None, pauses="", mending_since=None)
        .values_list("kind", "started_on", "due_on", "provisional")
        .annotate(Count("pk"))
        .order_by("kind", "started_on")
    )
    terms = {kind: Terms(kind, pack) for kind in pack.duties}
    moved, rows = [], []
    for kind, started_on, due_was, was_provisional, count in starts:
        term = terms[kind].of(started_on)
        if term is None or (term.due_on, term.provisional) == (due_was.isoformat(), was_provisional):
            continue
        moved.append(Moved(kind, started_on, due_was, date.fromisoformat(term.due_on), term.provisional, count))
        rows.append((kind, started_on.isoformat(), term.due_on, term.provisional, term.rule))
    paused = _move_single(asked.exclude(pauses="", mending_since=None), terms, dry_run=dry_run)
    if not dry_run:
        _move(rows)
        if mark.pack != pack.id:
            Bookmark.objects.filter(pk=1).update(pack=pack.id)
    return len(starts) + paused, moved


def _move_single(several: QuerySet[Duty], terms: Mapping[str, Terms], *, dry_run: bool) -> int:
    count = 0
    for duty in several.iterator():
        count += 1
        due_on, provisional, rule = due_again(duty, terms=terms[duty.kind])
        if not dry_run and (due_on, provisional) != (duty.due_on, duty.provisional):
            Duty.objects.filter(pk=duty.pk).update(due_on=due_on, provisional=provisional, rule=rule)
    return count


def _move(rows: Sequence[tuple[object, ...]]) -> None:
    columns = ("kind", "started_on", "due_on", "provisional", "rule")
    if not rows:
        return
    with connection.cursor() as cursor, staged(cursor, columns=columns, rows=rows) as stage:
        cursor.execute(
            f"UPDATE duties_duty SET due_on = s.due_on, provisional = s.provisional, rule = s.rule FROM {stage} s "
            "WHERE duties_duty.kind = s.kind AND duties_duty.started_on = s.started_on "
            "AND duties_duty.stated_on IS NULL AND duties_duty.pauses = '' AND duties_duty.mending_since IS NULL"
        )


# -- breaches ---------------------------------------------------------------------------------------------------------


def broken_unsaid(as_of: date) -> tuple[Q, ...]:
    """Broken at the end of a day, kept late or not at all, and the ledger does not say so yet.

    A provisional date breaks nothing, nor does evidence that came in time and waits for whoever confirms it. What a promise was
    excused from after its day was broken before.
    """
    late = Q(kept_on__gt=F("due_on"), breach=None)
    missing = Q(kept_on=None, lifted_on=None, breach=None, due_on__lt=as_of)
    promised = [name for name, one in policy.current().duties.items() if one.is_promised]
    excused = Q(kind__in=promised, confirmer__isnull=False, kept_on=None, breach=None, lifted_on__gt=F("due_on"))
    fallen = Q(due_on__lt=as_of, provisional=False)
    return late & fallen, missing & ~SHOWN_IN_TIME & Q(provisional=False), excused & fallen


def no_longer_broken() -> tuple[Q]:
    """The ledger dates a breach, but the due date moved, the law never asked for it, or it was kept in time after all.

    What is not to be published was never owed; a promise is excused from the day on that somebody says so.
    """
    never_owed = Q(kept_on=None, lifted_on__isnull=False) & (Q(confirmer=None) | Q(lifted_on__lte=F("due_on")))
    in_time = Q(kept_on__lte=F("due_on")) | never_owed
    moved = ~Q(breach__happened_on=NextDay(F("due_on")))
    return (Q(breach__isnull=False) & (in_time | moved),)


class NextDay(Func):
    """The day after a day, as each database writes it."""

    output_field = DateField()
    template = "(%(expressions)s + 1)"

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any
    ) -> tuple[str, tuple[str | int, ...]]:
        return self.as_sql(compiler, connection, template="date(%(expressions)s, '+1 day')", **extra)


def _count(conditions: Sequence[Q]) -> int:
    return sum(Duty.objects.filter(condition).count() for condition in conditions)


def _say_all(conditions: Sequence[Q], *, broken: bool, now: datetime) -> int:
    said = 0
    for condition in conditions:
        while some := _say(condition, broken=broken, now=now):
            said += some
    return said


@transaction.atomic
def _say(condition: Q, *, broken: bool, now: datetime) -> int:
    """Tell the ledger of some breaches, or that they are none. The bookmark's lock keeps a second tick from telling them too."""
    Bookmark.objects.select_for_update().get(pk=1)
    duties = list(Duty.objects.filter(condition).order_by("pk")[:CHUNK])
    if not duties:
        return 0
    known = ledger.entries(number for duty in duties for number in (duty.entry_id, duty.breach_id) if number)
    codes = {organ: subjects.directory(now.date()).card(organ).code for organ in {duty.debtor_id for duty in duties}}
    drafts = [_breach(duty, known, codes[duty.debtor_id], broken=broken) for duty in duties]
    numbers = writing.append(drafts, at=now)
    rows = [(duty.pk, number if broken else None) for duty, number in zip(duties, numbers, strict=True)]
    with connection.cursor() as cursor, staged(cursor, columns=("id", "breach_id"), rows=rows) as stage:
        cursor.execute(
            f"UPDATE duties_duty SET breach_id = s.breach_id, breaches = breaches + 1 FROM {stage} s "
            "WHERE duties_duty.id = s.id"
        )
    return len(duties)


def _breach(duty: Duty, known: Mapping[int, EntryCard], organ_code: str, *, broken: bool) -> entries.Draft:
    record = known[duty.entry_id]
    said = known[duty.breach_id] if duty.breach_id else None
    return entries.Draft(
        kind="breach",
        organ_id=duty.debtor_id,
        organ_code=organ_code,
        happened_on=rules.broken_on(duty.due_on) if broken or said is None else said.happened_on,
        rule=duty.rule,
        source=entries.Source(AUTHOR),
        identity=entries.identity("breach", duty.kind, record.identity.hex()),
        version=duty.breaches + 1,
        body={
            "duty": duty.kind,
            "started_on": duty.started_on.isoformat(),
            "due_on": duty.due_on.isoformat(),
            "broken": broken,
        },
        number=record.number,
        refers=record.link,
        corrects=None if broken or said is None else said.link,
        reason="" if broken else "到期日已变更、已按期办理或者依法免除，原记逾期不再成立",
    )
