"""What is counted of suggestions and proposals, and of what each share is taken."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import cached_property

from msgspec import Struct

from jiannuo.assessment.rules.leads import leading
from jiannuo.duties.rules import OPEN, Share, Standing

SOLVED, PLANNED, KEPT_FOR_LATER = "A已解决", "B列入计划", "C留作参考"
RESULTS: Mapping[str, str] = {"a": SOLVED, "b": PLANNED, "c": KEPT_FOR_LATER}


class Suggestion(Struct, frozen=True):
    """One suggestion or proposal on a day. What was done for it counts once its assigner confirmed it."""

    entry_id: int
    kind: str
    organ_id: int
    """The organ that answers today."""
    field: str
    assigned_on: date
    due_on: date | None
    first_due_on: date | None
    kept_on: date | None
    standing: Standing | None
    """Nothing where the duty has not been opened yet."""
    waits: bool = False
    """An answer was sent in that nobody has confirmed."""
    result: str = ""
    met_on: date | None = None
    replied_on: date | None = None
    agreed: int = 0
    disputed: int = 0

    @property
    def is_answered(self) -> bool:
        """Whether the answer was confirmed."""
        return self.standing in (Standing.KEPT, Standing.KEPT_LATE)

    @property
    def is_rated(self) -> bool:
        """Whether anybody said what they think of the answer."""
        return self.is_answered and self.agreed + self.disputed > 0


COUNTS: Mapping[str, Callable[[Suggestion], bool]] = {
    "assigned": lambda _: True,
    "answered": lambda one: one.is_answered,
    "due": lambda one: one.is_answered or one.standing is Standing.BROKEN,
    "on_time": lambda one: one.standing is Standing.KEPT,
    "late": lambda one: one.standing is Standing.KEPT_LATE,
    "missing": lambda one: one.standing is Standing.BROKEN,
    "running": lambda one: one.standing is None or (one.standing in OPEN and one.standing is not Standing.BROKEN),
    "waits": lambda one: one.waits,
    "moved": lambda one: one.first_due_on is not None and one.first_due_on != one.due_on,
    "met": lambda one: one.is_answered and one.met_on is not None,
    "rated": lambda one: one.is_rated,
    "satisfied": lambda one: one.is_rated and not one.disputed,
    "a": lambda one: one.is_answered and one.result == SOLVED,
    "b": lambda one: one.is_answered and one.result == PLANNED,
    "c": lambda one: one.is_answered and one.result == KEPT_FOR_LATER,
}
"""Each number and what it counts: the list that the number leads to is narrowed by the very same condition."""


class SuggestionFigures(Struct, frozen=True, dict=True):
    """The figures of what was assigned in a period, for an organ or all, and the suggestions they count."""

    organ_id: int | None
    first: date
    last: date
    as_of: date
    items: tuple[Suggestion, ...] = ()

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """How many of each."""
        return {name: sum(map(condition, self.items)) for name, condition in COUNTS.items()}

    @property
    def answered(self) -> Share:
        """办复率."""
        return Share(self.counts["answered"], self.counts["assigned"], "本期交办的全部建议、提案")

    @property
    def on_time(self) -> Share:
        """按期办复率."""
        return Share(self.counts["on_time"], self.counts["due"], "已办复和已到期的建议、提案")

    @property
    def met(self) -> Share:
        """面商率."""
        return Share(self.counts["met"], self.counts["answered"], "已办复的建议、提案")

    @property
    def satisfied(self) -> Share:
        """满意率."""
        return Share(self.counts["satisfied"], self.counts["rated"], "已办复并且有人评价的建议、提案")

    @property
    def solved(self) -> Share:
        """解决率（A类）."""
        return Share(self.counts["a"], self.counts["answered"], "已办复的建议、提案")

    def leads_to(self, number: str) -> dict[str, str]:
        """The filter under which the list of suggestions shows exactly those a number counts."""
        return leading(self.organ_id, self.first, self.last, number, COUNTS)

    def by_organ(self) -> "tuple[SuggestionFigures, ...]":
        """The same figures for each organ that has any, by its number."""
        found: dict[int, list[Suggestion]] = {}
        for item in self.items:
            found.setdefault(item.organ_id, []).append(item)
        return tuple(
            SuggestionFigures(organ, self.first, self.last, self.as_of, tuple(found[organ])) for organ in sorted(found)
        )
