"""Time limits as dated values: chosen by the day the law says, never edited, only succeeded."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from jiannuo.kernel.workdays import Calendar, Due, Unit, due


@dataclass(frozen=True, slots=True)
class Value:
    """What a time limit was from a day on."""

    since: date
    checked: date
    limit: int
    unit: Unit
    warn: int
    roll: bool
    repealed: bool
    note: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A time limit as it stood on a day. `ref` is what a decision keeps: `pack@digest#rule`."""

    ref: str
    id: str
    what: str
    clause: str
    source: str
    start: str
    assumed: str
    value: Value

    def due(self, start: date, calendar: Calendar) -> Due:
        """The last day, counted from the event that starts the clock, with its explanation."""
        return due(calendar, start=start, limit=self.value.limit, unit=self.value.unit, roll=self.value.roll)


@dataclass(frozen=True, slots=True)
class Deadline:
    """A time limit and its history. `assumed` says who filled a gap of the document, and why."""

    id: str
    what: str
    clause: str
    source: str
    start: str
    assumed: str
    values: tuple[Value, ...]

    @classmethod
    def read(cls, name: str, entry: Mapping[str, Any], clause: str = "") -> Self:
        values = tuple(
            Value(
                since=value["since"],
                checked=value["checked"],
                limit=int(value.get("limit", 0)),
                unit=value.get("unit", "workday"),
                warn=int(value.get("warn", 2)),
                roll=bool(value.get("roll", True)),
                repealed=bool(value.get("repealed", False)),
                note=str(value.get("note", "")),
            )
            for value in entry["value"]
        )
        return cls(
            id=name,
            what=entry["what"],
            clause=entry.get("clause", clause),
            source=entry.get("source", ""),
            start=entry.get("start", ""),
            assumed=entry.get("assumed", ""),
            values=tuple(sorted(values, key=lambda value: value.since)),
        )

    def on(self, day: date, *, pack: str) -> Rule:
        """The rule as it stood on a day. Raises LookupError before the first value and after a repeal."""
        begun = [value for value in self.values if value.since <= day]
        if not begun or begun[-1].repealed:
            first = self.values[0].since
            raise LookupError(f"“{self.what}”在{day}没有施行中的时限（最早自{first}起）")
        return Rule(
            f"{pack}#{self.id}", self.id, self.what, self.clause, self.source, self.start, self.assumed, begun[-1]
        )
