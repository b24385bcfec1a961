"""What a list of things to do is made of, and how long there still is, in words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.template.loader import render_to_string

from jiannuo.kernel.workdays import count
from jiannuo.policy import pack as policy

LISTED = 8


@dataclass
class Section:
    """One list of things to do, with what it says when there is nothing."""

    title: str
    tasks: list[dict[str, Any]]
    empty: str = ""
    note: str = ""
    unit: str = "件"
    records: int = 0
    """How many records the tasks stand for, where that is not how many tasks there are."""

    tiles: Sequence[dict[str, Any]] = ()
    url: str = ""
    """Where all of them are, when only the first are listed."""
    drawn: str = ""
    """As it stands on the page, where that is the same for all who see it and was drawn before."""

    @property
    def count(self) -> int:
        return self.records or len(self.tasks)

    def draw(self) -> "Section":
        """The same, drawn."""
        return replace(self, drawn=render_to_string("desk/parts/section.html", {"section": self}))


def left(due_on: date | None, today: date) -> str:
    """How long there still is, in words."""
    if due_on is None:
        return "没有法定期限"
    calendar = policy.current().calendar
    workdays = count(calendar, today, due_on) or -count(calendar, due_on, today)
    if not workdays and due_on != today:
        # Only days off lie between: a fixed day may fall on a weekend, and is past on the next.
        days = (due_on - today).days
        return f"还有 {days} 天" if days > 0 else f"已超 {-days} 天"
    return words_left(workdays, today=due_on == today)


def words_left(workdays: int, *, today: bool = False) -> str:
    """Working days until a day, or since it, in words."""
    if workdays < 0:
        return f"已超 {-workdays} 个工作日"
    return "今天到期" if today or not workdays else f"还有 {workdays} 个工作日"


def standing_of(due_on: date | None, today: date) -> str:
    """How near the day is: past, within three working days, or further off."""
    if due_on is None:
        return "open"
    if due_on < today:
        return "overdue"
    return "due_soon" if count(policy.current().calendar, today, due_on) <= 3 else "open"
