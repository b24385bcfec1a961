"""What is counted of the inspections of a year: planned, made, what was found by item of the checklist, what was mended."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from functools import cached_property

from msgspec import Struct

PASSED, MENDED, UNMENDED, CANCELLED = "passed", "mended", "unmended", "cancelled"


class Inspection(Struct, frozen=True):
    """One inspection on a day."""

    case_id: int
    number: str
    organ_id: int
    inspector_id: int
    planned_by: date
    inspected_on: date | None
    """The day of the conclusion: passed, or told what to mend."""
    closed_on: date | None
    state: str
    state_title: str
    late: bool
    """Whether the visit, the explanation, the mending or the review came, or still is, after its day."""
    wrong: tuple[str, ...]
    """The items found wrong when it was concluded."""
    words: str
    """What was said of the result in public."""


COUNTS: Mapping[str, Callable[[Inspection], bool]] = {
    "planned": lambda one: one.state != CANCELLED,
    "done": lambda one: one.inspected_on is not None,
    "waiting": lambda one: one.inspected_on is None and one.state != CANCELLED,
    "passed": lambda one: one.state == PASSED,
    "mended": lambda one: one.state == MENDED,
    "unmended": lambda one: one.state == UNMENDED,
    "mending": lambda one: one.inspected_on is not None and one.closed_on is None,
    "late": lambda one: one.late,
    "cancelled": lambda one: one.state == CANCELLED,
}
"""Each number and what it counts: the list that the number leads to is narrowed by the very same condition."""


class Inspections(Struct, frozen=True, dict=True):
    """The inspections of a year and what they come to."""

    items: tuple[Inspection, ...] = ()

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """How many of each."""
        return {name: sum(map(holds, self.items)) for name, holds in COUNTS.items()}

    @cached_property
    def by_item(self) -> Mapping[str, int]:
        """For each item of the checklist, in how many inspections it was found wrong; the most frequent first."""
        return dict(Counter(item for one in self.items for item in one.wrong).most_common())

    def narrowed(self, *, count: str = "", item: str = "") -> tuple[Inspection, ...]:
        """The inspections that a number counts."""
        holds = COUNTS.get(count)
        return tuple(one for one in self.items if (holds is None or holds(one)) and (not item or item in one.wrong))
