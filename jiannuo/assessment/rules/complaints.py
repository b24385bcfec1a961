"""What is counted of complaints, and of what each share is taken. Whether it is solved is said by who complained, and by nobody else."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import cached_property
from typing import TypeVar

from msgspec import Struct

from jiannuo.assessment.rules.leads import leading
from jiannuo.duties.rules import Share

K = TypeVar("K", int, str)

SOLVED, NOT_JUDGED, REFUSED, MERGED, WITHDRAWN = "solved", "not_judged", "refused", "merged", "withdrawn"
ENDED_BEFORE = frozenset({REFUSED, MERGED, WITHDRAWN})
"""What ended without an answer to the matter itself."""


class Complaint(Struct, frozen=True):
    """One complaint on a day, without a word of what it says and without who made it."""

    case_id: int
    number: str
    category: str
    organ_id: int
    """The organ that answered it, or has it now."""
    opened_on: date
    answered_on: date | None
    """The day of the first answer."""
    state: str
    state_title: str
    final: bool
    said_unsolved: bool
    """Whether who complained said that it was not solved."""
    late: bool
    """Whether an answer was given, or is still owed, after its day."""
    is_open: bool
    """Whether who complained let it be shown."""

    @property
    def days(self) -> int | None:
        """Days from the day it came to the first answer."""
        return None if self.answered_on is None else (self.answered_on - self.opened_on).days

    @property
    def is_judged(self) -> bool:
        """Whether who complained said how it went after the first answer."""
        return self.answered_on is not None and (self.state == SOLVED or self.said_unsolved)


COUNTS: Mapping[str, Callable[[Complaint], bool]] = {
    "came": lambda _: True,
    "answered": lambda one: one.answered_on is not None,
    "running": lambda one: one.answered_on is None and not one.final,
    "late": lambda one: one.late,
    "judged": lambda one: one.is_judged,
    "solved": lambda one: one.state == SOLVED,
    "unsolved": lambda one: one.is_judged and one.state != SOLVED,
    "not_judged": lambda one: one.answered_on is not None and not one.is_judged,
    "refused": lambda one: one.state == REFUSED,
    "merged": lambda one: one.state == MERGED,
    "withdrawn": lambda one: one.state == WITHDRAWN,
}
"""Each number and what it counts: the list that the number leads to is narrowed by the very same condition."""


class ComplaintFigures(Struct, frozen=True, dict=True):
    """The figures of what came in a period, for an organ or all, and the complaints they count."""

    organ_id: int | None
    first: date
    last: date
    as_of: date
    items: tuple[Complaint, ...] = ()

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """How many of each."""
        return {name: sum(map(condition, self.items)) for name, condition in COUNTS.items()}

    @property
    def solved(self) -> Share:
        """解决率: of those that who complained judged; silence is not counted as yes."""
        return Share(self.counts["solved"], self.counts["judged"], "已答复并且提出人评价了的投诉举报")

    @property
    def judged(self) -> Share:
        """评价率: how many of those answered were judged at all."""
        return Share(self.counts["judged"], self.counts["answered"], "已答复的投诉举报")

    @property
    def answered(self) -> Share:
        """答复率."""
        whole = [one for one in self.items if one.state not in ENDED_BEFORE or one.answered_on]
        return Share(self.counts["answered"], len(whole), "收到的投诉举报，不算不予受理、并案和撤回的")

    @property
    def average_days(self) -> str:
        """Days from coming in to the first answer, on average, to one place; empty where none was answered."""
        days = [one.days for one in self.items if one.days is not None]
        return f"{sum(days) / len(days):.1f}" if days else ""

    def leads_to(self, number: str) -> dict[str, str]:
        """The filter under which the list shows what a number counts, as far as it may be shown."""
        return leading(self.organ_id, self.first, self.last, number, COUNTS)

    def by_organ(self) -> "tuple[ComplaintFigures, ...]":
        """The same figures for each organ that answered any, by its number."""
        return tuple(
            ComplaintFigures(organ, self.first, self.last, self.as_of, several)
            for organ, several in sorted(self._by(lambda one: one.organ_id).items())
        )

    def by_category(self) -> "dict[str, ComplaintFigures]":
        """The same figures for each category, the most frequent first."""
        found = self._by(lambda one: one.category)
        ordered = sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0]))
        return {
            name: ComplaintFigures(self.organ_id, self.first, self.last, self.as_of, several)
            for name, several in ordered
        }

    def _by(self, key: Callable[[Complaint], K]) -> "dict[K, tuple[Complaint, ...]]":
        found: dict[K, list[Complaint]] = {}
        for one in self.items:
            found.setdefault(key(one), []).append(one)
        return {name: tuple(several) for name, several in found.items()}
