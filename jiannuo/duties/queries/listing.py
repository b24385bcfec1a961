"""The duties themselves: lists with filters, those of a record, and what a desk must do by when."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import Count, F, IntegerField, Max, Q, QuerySet
from django.db.models.functions import Cast
from msgspec import Struct

from jiannuo.duties import rules
from jiannuo.duties.models import SHOWN_IN_TIME, Duty
from jiannuo.duties.queries.counting import tallies
from jiannuo.duties.queries.explaining import explanation, horizon, warning_days
from jiannuo.duties.rules import Clock, Standing, pausing
from jiannuo.kernel import sql, workdays
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as ledger
from jiannuo.policy import pack as policy
from jiannuo.policy.pack import Pack

LONGEST = 500
EVER = (date(1900, 1, 1), date(9999, 12, 31))


class DutyCard(Struct, frozen=True):
    """One duty as pages read it: who owes what, by when, why then, and how it stands on the day asked for."""

    id: int
    kind: str
    what: str
    debtor_id: int
    entry_id: int
    started_on: date
    due_on: date
    provisional: bool
    rule: str
    kept_on: date | None
    kept_by: int | None
    lifted_on: date | None
    lifted_by: int | None
    breach: int | None
    standing: Standing
    workdays_left: int
    """Working days until the due date; below nought how many working days it is, or was, late."""
    why: str
    mending_since: date | None = None
    """The day on which what had come in time was sent back to be mended, until it is kept."""

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return self.standing in rules.OPEN


class Page(Struct, frozen=True):
    """One page of a list, how many there are in all, and where the next page begins."""

    total: int
    duties: tuple[DutyCard, ...]
    cursor: str


def duties(
    *,
    organ_ids: Iterable[int] | None,
    as_of: date,
    kind: str = "",
    standings: Collection[Standing] = (),
    first: date | None = None,
    last: date | None = None,
    limit: int = 50,
    cursor: str = "",
) -> Page:
    """The duties that have begun by a day, by due date; of these organs, in these standings, due from `first` to `last`."""
    kinds = _kinds(kind)
    organs = None if organ_ids is None else sorted(set(organ_ids))
    period = (first or EVER[0], last or EVER[1])
    if period[0] > period[1]:
        raise Refused("起始日晚于截止日", fix="请把起始日改到截止日之前", field="first", code="period")
    total = sum(
        tally.of(standings)
        for one in kinds
        for tally in tallies(one, periods=[period], organ_ids=organs, as_of=as_of).values()
    )
    found = Duty.objects.filter(kind__in=kinds, started_on__lte=as_of, due_on__range=period)
    if organs is not None:
        found = found.filter(debtor__in=organs)
    if cursor:
        found = found.filter(_after(cursor))
    limit = min(max(limit, 1), LONGEST)
    rows = _first(found, branches(standings, kinds, as_of), limit + 1)
    following = f"{rows[limit - 1].due_on}.{rows[limit - 1].pk}" if len(rows) > limit else ""
    return Page(total, tuple(card_of(row, as_of) for row in rows[:limit]), following)


def _first(found: QuerySet[Duty], several: Iterable[Q], limit: int) -> list[Duty]:
    rows = [row for branch in several for row in found.filter(branch).order_by("due_on", "pk")[:limit]]
    return sorted(rows, key=lambda row: (row.due_on, row.pk))[:limit]


def of_entries(entry_ids: Iterable[int], *, as_of: date) -> dict[int, tuple[DutyCard, ...]]:
    """The duties these entries opened, by entry; entries without any are left out."""
    found: dict[int, list[DutyCard]] = {}
    for row in Duty.objects.filter(entry__in=list(entry_ids)).order_by("pk"):
        found.setdefault(row.entry_id, []).append(card_of(row, as_of))
    return {entry_id: tuple(cards) for entry_id, cards in found.items()}


def due_list(*, organ_ids: Iterable[int] | None, as_of: date, kind: str = "disclose_decision") -> rules.DueList:
    """What these organs still have to do, by day, before and after the next long holiday."""
    pack = policy.current()
    still = Duty.objects.filter(kind=kind, started_on__lte=as_of)
    if organ_ids is not None:
        still = still.filter(debtor__in=list(organ_ids))
    days: dict[date, tuple[int, bool]] = {}
    for branch in branches(rules.OPEN, [kind], as_of):
        counted = (
            still.filter(branch)
            .values_list("due_on")
            .annotate(several=Count("pk"), some=Max(Cast("provisional", IntegerField())))
        )
        for due_on, count, some in counted:
            before, was = days.get(due_on, (0, False))
            days[due_on] = (before + count, was or bool(some))
    rows = [(day, *of_day) for day, of_day in days.items()]
    return rules.due_list(rows, pack.calendar, as_of=as_of, warn=warning_days(pack, kind, as_of=as_of))


def branches(standings: Collection[Standing], kinds: Iterable[str], as_of: date) -> list[Q]:
    """The rows that stand in one of these ways on a day: `rules.standing` as conditions of the database, one for each index."""
    wanted = frozenset(standings) or frozenset(Standing)
    if wanted == frozenset(Standing):
        return [Q()]
    not_kept = wanted & (rules.OPEN | {Standing.LIFTED})
    then = _not_kept(not_kept, kinds, as_of)
    late, in_time, unkept = Q(kept_on__gt=F("due_on")), Q(kept_on__lte=F("due_on")), Q(kept_on=None)
    found = []
    if Standing.KEPT in wanted:
        found.append(in_time & Q(kept_on__lte=as_of))
    if Standing.KEPT_LATE in wanted:
        found.append(late & Q(kept_on__lte=as_of))
    if not_kept:
        # What was kept in time only after the day asked for was not yet due on it.
        later = Q(kept_on__gt=as_of) & then
        found += [unkept & then, late & later, in_time & Q(due_on__gt=as_of) & later]
    if Standing.RUNNING in wanted:
        found.append(unkept & SHOWN_IN_TIME & Q(due_on__lt=as_of) & _is_open(as_of))
    return found


def _is_open(as_of: date) -> Q:
    return Q(lifted_on=None) | Q(lifted_on__gt=as_of)


def _not_kept(wanted: frozenset[Standing], kinds: Iterable[str], as_of: date) -> Q:
    is_open = _is_open(as_of)
    near = Q(pk__in=[])
    for kind in kinds:
        near |= Q(kind=kind, due_on__lte=horizon(policy.current(), kind, as_of=as_of))
    conditions = {
        Standing.LIFTED: Q(lifted_on__lte=as_of),
        Standing.BROKEN: is_open & Q(due_on__lt=as_of) & ~SHOWN_IN_TIME,
        Standing.DUE_SOON: is_open & Q(due_on__gte=as_of) & near,
        Standing.RUNNING: is_open & Q(due_on__gt=as_of) & ~near,
    }
    found = Q(pk__in=[])
    for one in wanted:
        found |= conditions[one]
    # Said once more outside the alternatives, so that the database can start at the right day.
    if not wanted & {Standing.LIFTED, Standing.BROKEN}:
        found &= Q(due_on__gte=as_of)
    return found


def _after(cursor: str) -> Q:
    day, _, number = cursor.partition(".")
    try:
        due_on, pk = date.fromisoformat(day), int(number)
    except ValueError:
        raise Refused("翻页标记不对", fix="请回到第一页重新翻", field="cursor", code="cursor") from None
    # Said so that the database starts reading at the day and not before it.
    return Q(due_on__gte=due_on) & (Q(due_on__gt=due_on) | Q(pk__gt=pk))


def owed() -> QuerySet[Duty]:
    """All duties, for a stage that reads them by a condition of its own."""
    return Duty.objects.all()


def _kinds(kind: str) -> list[str]:
    known = policy.current().duties
    if kind and kind not in known:
        words = "、".join(f"{name}（{one.what}）" for name, one in known.items())
        raise Refused(f"没有“{kind}”这种责任事项", fix=f"可用的是：{words}", field="kind", code="kind")
    return [kind] if kind else list(known)


def explained(pack: Pack, deadline: str, row: Duty) -> rules.Explanation | None:
    """Why a duty is due when it is, by the day it names or was moved to and the pauses that are over."""
    return explanation(pack, deadline, row.started_on, row.stated_on, pausing.over(row.pauses))


def card_of(row: Duty, as_of: date) -> DutyCard:
    """The card of a row, read as of a day: what happened later has not happened."""
    pack = policy.current()
    duty = pack.duties.get(row.kind)
    stands_still = pausing.standing_since(row.pauses)
    told = None if duty is None or stands_still else explained(pack, duty.deadline, row)
    clock = Clock(row.started_on, row.due_on, row.kept_on, row.lifted_on, row.submitted_on)
    warn = warning_days(pack, row.kind, as_of=as_of) if duty else 0
    # Read as of a past day, what happened later has not happened.
    is_kept = row.kept_on is not None and row.kept_on <= as_of
    is_lifted = row.lifted_on is not None and row.lifted_on <= as_of
    done = row.kept_on if is_kept and row.kept_on else as_of
    ahead = workdays.count(pack.calendar, done, row.due_on)
    return DutyCard(
        id=row.pk,
        kind=row.kind,
        what=duty.what if duty else row.kind,
        debtor_id=row.debtor_id,
        entry_id=row.entry_id,
        started_on=row.started_on,
        due_on=row.due_on,
        provisional=row.provisional,
        rule=row.rule,
        kept_on=row.kept_on if is_kept else None,
        kept_by=row.kept_by_id if is_kept else None,
        lifted_on=row.lifted_on if is_lifted else None,
        lifted_by=row.lifted_by_id if is_lifted else None,
        breach=row.breach_id,
        standing=rules.standing(clock, pack.calendar, as_of=as_of, warn=warn),
        workdays_left=ahead or -workdays.count(pack.calendar, row.due_on, done),
        why=_why(row, told.words) if told else f"自{stands_still}起中止，恢复以后接着计算。" if stands_still else "",
        mending_since=None if is_kept else row.mending_since,
    )


def _why(row: Duty, words: str) -> str:
    if row.mending_since is None:
        return words
    return f"{words}按时报送过，{row.mending_since}退回修改，{row.due_on}前改好不算迟。"


def of_cases(openings: Mapping[int, str], *, as_of: date) -> dict[int, list[DutyCard]]:
    """The duties of cases, by the entry that opened the case: those its opening opened, those its steps started, and those of the
    record it keeps up, where `openings` gives the number that both bear.
    """
    found: dict[int, list[DutyCard]] = {}
    steps = steps_of_cases(refers__in=list(openings)).values("pk")
    numbers = {number: opening for opening, number in openings.items() if number}
    several = Duty.objects.filter(Q(entry__in=list(openings)) | Q(entry__in=steps)).select_related("entry")
    if numbers:
        # In one question, and not as one condition: each half has an index of its own.
        several = several.union(_of_kept().filter(entry__number__in=list(numbers)).select_related("entry"), all=True)
    for row in sorted(several, key=lambda one: (one.due_on, one.pk)):
        own = [one for one in (row.entry_id, row.entry.refers_id or 0) if one in openings]
        opening = own[0] if own else numbers[row.entry.number]
        found.setdefault(opening, []).append(card_of(row, as_of=as_of))
    return found


def steps_of_cases(**of: Any) -> QuerySet[Any]:
    """The entries by which cases went on. Asked for apart: joined to the duties, a database looks at every duty there is."""
    return ledger.facts().filter(kind="step", **of).order_by()


def _of_kept() -> QuerySet[Duty]:
    """The duties of records that cases keep up; the index of numbers leaves blank ones out, so the question says that it does too."""
    kinds = sorted({flow.kept for flow in policy.current().flows.values() if flow.kept})
    return Duty.objects.filter(entry__kind__in=kinds, entry__batch=None).exclude(entry__number="")


def next_due_of_case(opening: str, number: str) -> str:
    """The nearest day of what is owed in a case, or by the record that it keeps up, for a question written in SQL to ask for each case;
    told the columns of its opening and its number.
    """
    kept = sql.names(flow.kept for flow in policy.current().flows.values() if flow.kept)
    return f"""COALESCE(
      (SELECT MIN(d.due_on) FROM duties_duty d WHERE d.kept_on IS NULL AND d.lifted_on IS NULL AND (d.entry_id = {opening}
        OR d.entry_id IN (SELECT s.id FROM ledger_entry s WHERE s.refers_id = {opening} AND s.kind = 'step'))),
      (SELECT MIN(d.due_on) FROM ledger_entry k JOIN duties_duty d ON d.entry_id = k.id WHERE k.number = {number} AND k.number <> ''
        AND k.kind IN ({kept}) AND k.batch IS NULL AND d.kept_on IS NULL AND d.lifted_on IS NULL)
    )"""
