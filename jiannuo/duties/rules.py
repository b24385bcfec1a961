"""How a duty stands on a day, why it is due when it is, and what shares are taken of what. Nothing here is stored."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import NamedTuple

from jiannuo.kernel import workdays
from jiannuo.kernel.refusals import Refused
from jiannuo.kernel.workdays import Calendar, Skip, Unit
from jiannuo.policy.deadlines import Rule

STALE_AFTER = timedelta(days=1)
LONG_HOLIDAY = 3
LOOK_AHEAD = 60


class Standing(StrEnum):
    """How a duty stands at the end of a day."""

    RUNNING = "running"
    DUE_SOON = "due_soon"
    KEPT = "kept"
    KEPT_LATE = "kept_late"
    BROKEN = "broken"
    LIFTED = "lifted"

    @property
    def label(self) -> str:
        """The word people read."""
        return LABELS[self]


LABELS: Mapping[Standing, str] = {
    Standing.RUNNING: "进行中",
    Standing.DUE_SOON: "将到期",
    Standing.KEPT: "按期",
    Standing.KEPT_LATE: "迟报",
    Standing.BROKEN: "超期未办",
    Standing.LIFTED: "已免除",
}

OPEN = frozenset({Standing.RUNNING, Standing.DUE_SOON, Standing.BROKEN})
"""Something is still to be done."""
FALLEN_DUE = frozenset({Standing.KEPT, Standing.KEPT_LATE, Standing.BROKEN})
"""What 及时率 is taken of: done, or its day has passed."""


class Clock(NamedTuple):
    """The dates a duty's standing follows from."""

    started_on: date
    due_on: date
    kept_on: date | None = None
    lifted_on: date | None = None


def standing(clock: Clock, calendar: Calendar, *, as_of: date, warn: int) -> Standing:
    """How the duty stands at the end of a day: done on the last day is on time, and what was done counts even where it was no longer asked for."""
    if clock.kept_on is not None and clock.kept_on <= as_of:
        return Standing.KEPT if clock.kept_on <= clock.due_on else Standing.KEPT_LATE
    if clock.lifted_on is not None and clock.lifted_on <= as_of:
        return Standing.LIFTED
    if clock.due_on < as_of:
        return Standing.BROKEN
    return Standing.DUE_SOON if workdays.count(calendar, as_of, clock.due_on) <= warn else Standing.RUNNING


def broken_on(due_on: date) -> date:
    """The day on which a duty not kept is broken: the one after the last day, whenever anybody looks."""
    return due_on + timedelta(days=1)


def horizon(calendar: Calendar, *, as_of: date, warn: int) -> date:
    """The last day that is at most `warn` working days away: what is due by it is due soon."""
    day = as_of
    left = warn
    while True:
        following = day + timedelta(days=1)
        left -= calendar.is_workday(following)
        if left < 0:
            return day
        day = following


def standings(text: str) -> frozenset[Standing]:
    """The standings named in a filter, by id or by word, joined by commas. Refuses others."""
    named = {name: one for one in Standing for name in (one.value, one.label)}
    words = [word.strip() for word in text.replace("，", ",").split(",") if word.strip()]
    if unknown := [word for word in words if word not in named]:
        known = "、".join(f"{one.value}（{one.label}）" for one in Standing)
        raise Refused(f"没有“{unknown[0]}”这种状态", fix=f"可用的是：{known}", field="standing", code="standing")
    return frozenset(named[word] for word in words)


# -- why this date ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a duty is due on its day: what started the clock, under which words, which days did not count and which did after all."""

    rule: str
    ref: str
    what: str
    clause: str
    clause_text: str
    source: str
    event: str
    start: date
    limit: int
    unit: Unit
    due_on: date
    provisional: bool
    skipped: tuple[Skip, ...]
    makeup: tuple[date, ...]
    notices: tuple[str, ...]
    assumed: str
    note: str
    words: str

    def as_dict(self) -> dict[str, object]:
        """The same in plain values, as programs read it."""
        return {
            "rule": self.rule,
            "ref": self.ref,
            "what": self.what,
            "clause": self.clause,
            "clause_text": self.clause_text,
            "source": self.source,
            "event": self.event,
            "start": self.start.isoformat(),
            "limit": self.limit,
            "unit": self.unit,
            "due_on": self.due_on.isoformat(),
            "provisional": self.provisional,
            "skipped": [{"day": skip.day.isoformat(), "why": skip.why} for skip in self.skipped],
            "makeup": [day.isoformat() for day in self.makeup],
            "notices": list(self.notices),
            "assumed": self.assumed,
            "why": self.words,
        }


def explain(rule: Rule, started_on: date, calendar: Calendar, *, clause_text: str = "") -> Explanation:
    """Why what started on a day is due when it is, under the rule as it stood that day."""
    value = rule.value
    due = workdays.due(
        calendar, start=started_on, limit=value.limit, unit=value.unit, roll=value.roll, event=rule.start
    )
    years = range(started_on.year, due.due_on.year + 1)
    given = (date.fromordinal(day) for day in calendar.given_between(started_on.toordinal(), due.due_on.toordinal()))
    return Explanation(
        rule=rule.id,
        ref=rule.ref,
        what=rule.what,
        clause=rule.clause,
        clause_text=clause_text,
        source=rule.source,
        event=rule.start,
        start=started_on,
        limit=value.limit,
        unit=value.unit,
        due_on=due.due_on,
        provisional=due.provisional,
        skipped=due.skipped,
        makeup=tuple(given) if value.unit == "workday" else (),
        notices=tuple(calendar.notices[year] for year in years if year in calendar.notices),
        assumed=rule.assumed,
        note=value.note,
        words=due.explanation,
    )


# -- counts and shares ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole, both counted and named. Where nothing is counted there is no share, not nought and not all."""

    part: int
    whole: int
    of: str

    @property
    def value(self) -> Decimal | None:
        """The share as a fraction, to six places."""
        if not self.whole:
            return None
        return (Decimal(self.part) / Decimal(self.whole)).quantize(Decimal("0.000001"), ROUND_HALF_UP)

    @property
    def percent(self) -> str:
        """The share in hundredths to two places, empty where there is none. Less than all never reads as all."""
        if not self.whole:
            return ""
        exact = Decimal(self.part) * 100 / Decimal(self.whole)
        shown = exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
        if self.part < self.whole and shown == 100:
            shown = Decimal("99.99")
        return f"{shown}%"


@dataclass(frozen=True, slots=True)
class Tally:
    """How many duties of a period stand how. `running` holds those due soon as well."""

    running: int = 0
    due_soon: int = 0
    on_time: int = 0
    late: int = 0
    missing: int = 0
    lifted: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.running + other.running,
            self.due_soon + other.due_soon,
            self.on_time + other.on_time,
            self.late + other.late,
            self.missing + other.missing,
            self.lifted + other.lifted,
        )

    @property
    def accepted(self) -> int:
        """All records of the period that opened the duty (入库)."""
        return self.running + self.on_time + self.late + self.missing + self.lifted

    @property
    def due(self) -> int:
        """Those that are done or whose day has passed."""
        return self.on_time + self.late + self.missing

    def of(self, wanted: Collection[Standing]) -> int:
        """How many have one of these standings."""
        counts = {
            Standing.RUNNING: self.running - self.due_soon,
            Standing.DUE_SOON: self.due_soon,
            Standing.KEPT: self.on_time,
            Standing.KEPT_LATE: self.late,
            Standing.BROKEN: self.missing,
            Standing.LIFTED: self.lifted,
        }
        return sum(counts[one] for one in wanted or Standing)


LEADS_TO: Mapping[str, frozenset[Standing]] = {
    "accepted": frozenset(),
    "due": FALLEN_DUE,
    "running": frozenset({Standing.RUNNING, Standing.DUE_SOON}),
    "due_soon": frozenset({Standing.DUE_SOON}),
    "on_time": frozenset({Standing.KEPT}),
    "late": frozenset({Standing.KEPT_LATE}),
    "missing": frozenset({Standing.BROKEN}),
    "lifted": frozenset({Standing.LIFTED}),
}
"""The standings of the records behind each number of a tally; none means every standing."""


@dataclass(frozen=True, slots=True)
class Received:
    """What was sent in over a period and how much of it was accepted."""

    reported: int
    accepted: int


@dataclass(frozen=True, slots=True)
class Rates:
    """One line of figures, for an organ or all, and a stretch of due days: counts, shares, and where each number leads."""

    kind: str
    organ_id: int | None
    first: date
    last: date
    as_of: date
    tally: Tally = field(default_factory=Tally)
    received: Received | None = None

    @property
    def timeliness(self) -> Share:
        """及时率: kept on time, of those done or past their day."""
        return Share(self.tally.on_time, self.tally.due, "已办和已到期的应公示记录")

    @property
    def lateness(self) -> Share:
        """迟报率 = 迟报 / 入库."""
        return Share(self.tally.late, self.tally.accepted, "本期应公示的入库记录")

    @property
    def compliance(self) -> Share:
        """合规率 = 入库 / 上报, over what was received in the period."""
        received = self.received or Received(0, 0)
        return Share(received.accepted, received.reported, "本期上报的记录")

    def leads_to(self, number: str) -> dict[str, str]:
        """The filter under which the list of duties shows exactly the records a number counts."""
        wanted = {
            "kind": self.kind,
            "organ": "" if self.organ_id is None else str(self.organ_id),
            "standing": ",".join(sorted(one.value for one in LEADS_TO[number])),
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "as_of": self.as_of.isoformat(),
        }
        return {name: value for name, value in wanted.items() if value}


def months(first: date, last: date) -> list[tuple[date, date]]:
    """The months of a period, the first and last cut to it."""
    found = []
    while first <= last:
        following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
        found.append((first, min(last, following - timedelta(days=1))))
        first = following
    return found


# -- before and after the holiday -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Holiday:
    """A run of at least three days off."""

    name: str
    first: date
    last: date


def next_holiday(calendar: Calendar, *, as_of: date) -> Holiday | None:
    """The next long holiday that is not over, if one begins within two months."""
    begun = as_of
    while calendar.why_off(begun - timedelta(days=1)):
        begun -= timedelta(days=1)
    run: list[date] = []
    for ahead in range(LOOK_AHEAD):
        day = begun + timedelta(days=ahead)
        if calendar.why_off(day):
            run.append(day)
            continue
        if (found := _holiday(calendar, run)) and found.last >= as_of:
            return found
        run = []
    return _holiday(calendar, run)


def _holiday(calendar: Calendar, run: list[date]) -> Holiday | None:
    names = [name for name in (calendar.why_off(day) for day in run) if name != workdays.WEEKEND]
    if len(run) < LONG_HOLIDAY or not names:
        return None
    return Holiday(names[0], run[0], run[-1])


@dataclass(frozen=True, slots=True)
class DueDay:
    """What is still to be done by one day."""

    due_on: date
    count: int
    workdays_left: int
    standing: Standing
    after_holiday: bool
    provisional: bool


@dataclass(frozen=True, slots=True)
class DueList:
    """What is still to be done, by day, with the next long holiday between its days."""

    as_of: date
    overdue: int
    overdue_since: date | None
    holiday: Holiday | None
    days: tuple[DueDay, ...]

    @property
    def before(self) -> int:
        """How much must be done before the holiday."""
        return sum(day.count for day in self.days if not day.after_holiday)

    @property
    def after(self) -> int:
        """How much is due only after the holiday."""
        return sum(day.count for day in self.days if day.after_holiday)


def due_list(rows: Iterable[tuple[date, int, bool]], calendar: Calendar, *, as_of: date, warn: int) -> DueList:
    """Days and how many open duties each has, as a desk shows them: overdue in one sum, the rest before and after the holiday."""
    ordered = sorted(rows)
    past = [row for row in ordered if row[0] < as_of]
    holiday = next_holiday(calendar, as_of=as_of)
    days = tuple(
        DueDay(
            due_on=due_on,
            count=count,
            workdays_left=workdays.count(calendar, as_of, due_on),
            standing=standing(Clock(as_of, due_on), calendar, as_of=as_of, warn=warn),
            after_holiday=holiday is not None and due_on > holiday.last,
            provisional=provisional,
        )
        for due_on, count, provisional in ordered
        if due_on >= as_of
    )
    return DueList(as_of, sum(row[1] for row in past), past[0][0] if past else None, holiday, days)
