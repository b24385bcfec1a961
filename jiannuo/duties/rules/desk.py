"""What a desk has still to do, before and after the next long holiday."""

from collections.abc import Iterable
from datetime import date, timedelta

from msgspec import Struct

from jiannuo.duties.rules.standing import Clock, Standing, standing
from jiannuo.kernel import workdays
from jiannuo.kernel.workdays import Calendar

LONG_HOLIDAY = 3
LOOK_AHEAD = 60


class Holiday(Struct, frozen=True):
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


class DueDay(Struct, frozen=True):
    """What is still to be done by one day."""

    due_on: date
    count: int
    workdays_left: int
    standing: Standing
    after_holiday: bool
    provisional: bool


class DueList(Struct, frozen=True):
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
