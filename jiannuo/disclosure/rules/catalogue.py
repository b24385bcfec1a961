"""What the disclosure catalogue asks of an organ, and how it stands: published, soon due, missing, or nothing to publish yet."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from jiannuo.kernel.workdays import Calendar, count
from jiannuo.policy.deadlines import Rule

_MONTHS: Mapping[str, int] = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_NAMES: Mapping[str, Callable[[date], str]] = {
    "month": lambda first: f"{first:%Y-%m}",
    "quarter": lambda first: f"{first.year}-Q{(first.month + 2) // 3}",
    "half": lambda first: f"{first.year}-H{1 if first.month == 1 else 2}",
    "year": lambda first: str(first.year),
}
SOON = 3
"""Working days before a due day from which an item counts as soon due, where its deadline says nothing."""


class State(StrEnum):
    """How an item of the catalogue stands for an organ."""

    ON_TIME = "on_time"
    SOON = "soon"
    MISSING = "missing"
    NONE = "none"

    @property
    def label(self) -> str:
        """The word people read."""
        return {"on_time": "按期", "soon": "将到期", "missing": "缺失", "none": "不适用"}[self.value]


class Period(NamedTuple):
    """A month, quarter, half or year, by its first and last day; `name` is how the disclosed information names it."""

    first: date
    last: date
    name: str


class Published(NamedTuple):
    """What is public of an item: how many, the newest day, and the periods named."""

    records: int = 0
    last_on: date | None = None
    periods: frozenset[str] = frozenset()


class Stands(NamedTuple):
    """The state of one item for one organ on a day, with the day and period that is next due."""

    state: State
    due_on: date | None = None
    provisional: bool = False
    period: str = ""


def period_of(unit: str, day: date) -> Period:
    """The period of that unit a day falls in."""
    months = _MONTHS[unit]
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    return Period(first, ahead(first, months) - timedelta(days=1), _NAMES[unit](first))


def ahead(first: date, months: int) -> date:
    """The first day of a month so many months on (or back)."""
    at = first.year * 12 + first.month - 1 + months
    return date(at // 12, at % 12 + 1, 1)


def periodic(
    unit: str, published: Published, *, since: date, rule: Callable[[date], Rule | None], calendar: Calendar, on: date
) -> Stands:
    """What must be published for every month, quarter, half or year, within the deadline from the period's end.

    The last period that has ended is asked for from its due day on; before that day, the one before it. A period that
    ended before the obligation began is not asked for.
    """
    period = period_of(unit, period_of(unit, on).first - timedelta(days=1))
    while True:
        if period.last < since:
            return Stands(State.NONE)
        found = rule(period.last)
        if found is None:
            return Stands(State.NONE)
        due = found.due(period.last, calendar)
        if period.name in published.periods:
            return Stands(State.ON_TIME, due.due_on, due.provisional, period.name)
        if on > due.due_on:
            return Stands(State.MISSING, due.due_on, due.provisional, period.name)
        before = period_of(unit, period.first - timedelta(days=1))
        earlier = rule(before.last) if before.last >= since and before.name not in published.periods else None
        if earlier is not None:
            period = before
            continue
        soon = count(calendar, on, due.due_on) <= max(SOON, found.value.warn)
        return Stands(State.SOON if soon else State.ON_TIME, due.due_on, due.provisional, period.name)


def lasting(published: Published, *, since: date, rule: Rule | None, calendar: Calendar, on: date) -> Stands:
    """What must be public at all times, from the deadline after the obligation began."""
    if published.records:
        return Stands(State.ON_TIME)
    if rule is None or on < since:
        return Stands(State.NONE)
    due = rule.due(since, calendar)
    if on > due.due_on:
        return Stands(State.MISSING, due.due_on, due.provisional)
    soon = count(calendar, on, due.due_on) <= max(SOON, rule.value.warn)
    return Stands(State.SOON if soon else State.NONE, due.due_on, due.provisional)


def on_event(published: Published, *, open_due: date | None, calendar: Calendar, on: date) -> Stands:
    """What must be published each time it comes to be: by its open duties, of which the earliest counts."""
    if open_due is None:
        return Stands(State.ON_TIME if published.records else State.NONE)
    if on > open_due:
        return Stands(State.MISSING, open_due)
    soon = count(calendar, on, open_due) <= SOON
    return Stands(State.SOON if soon else State.ON_TIME if published.records else State.NONE, open_due)
