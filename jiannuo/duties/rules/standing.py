"""How a duty stands on a day. Nothing here is stored."""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from jiannuo.kernel import workdays
from jiannuo.kernel.refusals import Refused
from jiannuo.kernel.workdays import Calendar

STALE_AFTER = timedelta(days=1)


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
    shown_on: date | None = None
    """The day evidence was sent in that waits to be confirmed."""

    @property
    def is_shown_in_time(self) -> bool:
        """Evidence came by the last day and waits for whoever confirms it: their delay is not the debtor's."""
        return self.shown_on is not None and self.shown_on <= self.due_on


def standing(clock: Clock, calendar: Calendar, *, as_of: date, warn: int) -> Standing:
    """How the duty stands at the end of a day: done on the last day is on time, and what was done counts even where it was no longer asked for.

    What was shown by its last day and waits to be confirmed is running until somebody answers.
    """
    if clock.kept_on is not None and clock.kept_on <= as_of:
        return Standing.KEPT if clock.kept_on <= clock.due_on else Standing.KEPT_LATE
    if clock.lifted_on is not None and clock.lifted_on <= as_of:
        return Standing.LIFTED
    if clock.due_on < as_of:
        return Standing.RUNNING if clock.is_shown_in_time else Standing.BROKEN
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
