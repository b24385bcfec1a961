"""Time limits as dated values: chosen by the day the law says, never edited, only succeeded."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Literal, Self

from msgspec import Struct

from jiannuo.kernel import workdays
from jiannuo.kernel.workdays import Calendar, Due, Pause

Unit = Literal["workday", "day", "month", "year", "fixed", "stated"]
"""`fixed`: the next of certain days of the year; `stated`: the day that the fact itself names."""

UNITS: Mapping[Unit, str] = {
    "workday": "个工作日",
    "day": "日",
    "month": "个月",
    "year": "年",
    "fixed": "固定日期",
    "stated": "写明的日期",
}


class Value(Struct, frozen=True):
    """What a time limit was from a day on."""

    since: date
    checked: date
    limit: int
    unit: Unit
    warn: int
    roll: bool
    repealed: bool
    note: str
    days: tuple[str, ...] = ()
    """For `fixed`: the days of the year, as 07-10."""

    @property
    def words(self) -> str:
        """The limit as people say it: 7个工作日, 7月10日、1月10日前, 写明的日期前."""
        if self.unit == "fixed":
            return "、".join(f"{int(day[:2])}月{int(day[3:])}日" for day in self.days) + "前"
        if self.unit == "stated":
            return "写明的日期前"
        return f"{self.limit}{UNITS[self.unit]}"

    def following(self, start: date) -> date:
        """The first of the fixed days after a day."""
        years = (start.year, start.year + 1)
        return min(day for year in years for text in self.days if (day := date.fromisoformat(f"{year}-{text}")) > start)


class Rule(Struct, frozen=True):
    """A time limit as it stood on a day. `ref` is what a decision keeps: `pack@digest#rule`."""

    ref: str
    id: str
    what: str
    clause: str
    source: str
    start: str
    assumed: str
    value: Value

    def due(
        self,
        start: date,
        calendar: Calendar,
        *,
        stated: date | None = None,
        pauses: Iterable[Pause] = (),
        event: str = "",
    ) -> Due:
        """The last day, with its explanation: counted from the event that starts the clock, or the day that is named.

        `stated` is the day that the fact names, or the one a public amendment put in its place; it goes before the rule's own.
        Raises ValueError where the rule asks for a stated day and there is none.
        """
        value = self.value
        if stated is not None:
            named = "写明的日期" if value.unit == "stated" else "变更后的期限"
            return workdays.fixed(calendar, day=stated, start=min(start, stated), pauses=pauses, event=named)
        if value.unit == "stated":
            raise ValueError(f"“{self.what}”按写明的日期计算，这一条没有写日期")
        if value.unit == "fixed":
            day = value.following(start)
            return workdays.fixed(calendar, day=day, roll=value.roll, start=start, pauses=pauses)
        return workdays.due(
            calendar, start=start, limit=value.limit, unit=value.unit, roll=value.roll, pauses=pauses, event=event
        )


class Deadline(Struct, frozen=True):
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
                # A day that the document names is no period: it stays where it is unless the pack says otherwise.
                roll=bool(value.get("roll", value.get("unit") not in ("fixed", "stated"))),
                repealed=bool(value.get("repealed", False)),
                note=str(value.get("note", "")),
                days=tuple(value.get("days", ())),
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
