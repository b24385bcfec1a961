"""What is counted of breaches that firms spoke of: how many, how much money, and how they ended. No firm is named anywhere in it."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property

from msgspec import Struct

MENDED = frozenset({"mended", "repaired", "exited"})
FALSE = frozenset({"untrue", "withdrawn"})
TOLD_TRUE = frozenset({"urge", "unlawful"})
"""The steps by which the verifying body says that it is so."""


class Breach(Struct, frozen=True):
    """One case on a day, without a word of what it says and without whose it is."""

    number: str
    field: str
    organ_id: int
    """The body that verifies it."""
    opened_on: date
    closed_on: date | None
    state: str
    state_title: str
    is_true: bool
    """Whether the verifying body found it so."""
    found: bool
    """Whether a breach of trust was put on record."""
    late: bool
    """Whether something in it was done, or is still owed, after its day."""
    owed: Decimal | None


COUNTS: Mapping[str, Callable[[Breach], bool]] = {
    "came": lambda _: True,
    "running": lambda one: one.closed_on is None,
    "true": lambda one: one.is_true,
    "mended": lambda one: one.state in MENDED,
    "found": lambda one: one.found,
    "untrue": lambda one: one.state == "untrue",
    "late": lambda one: one.late,
}
"""Each number and what it counts: the list that the number leads to is narrowed by the very same condition."""


class BreachFigures(Struct, frozen=True, dict=True):
    """The figures of what came in a period, and the cases they count."""

    first: date
    last: date
    items: tuple[Breach, ...] = ()

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """How many of each."""
        return {name: sum(map(condition, self.items)) for name, condition in COUNTS.items()}

    def total(self, count: str) -> Decimal:
        """The sum in yuan of those that a number counts."""
        return sum((one.owed or Decimal(0) for one in self.items if COUNTS[count](one)), Decimal(0))

    def by(self, key: Callable[[Breach], str]) -> "dict[str, BreachFigures]":
        """The same figures for each value of a key, the most frequent first."""
        found: dict[str, list[Breach]] = {}
        for one in self.items:
            found.setdefault(key(one), []).append(one)
        ordered = sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0]))
        return {name: BreachFigures(self.first, self.last, tuple(several)) for name, several in ordered}
