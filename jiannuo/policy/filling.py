"""What a step of a procedure knows to fill in by itself: from the case, from the item it is about, or as the table writes it.

| a source | what it stands for |
|---|---|
| `number` | the number of the case, the same on every channel |
| `day` | the day of the step |
| `since` | the day on which the state began that the step leaves |
| `handler.name`, `handler.uscc` | the organ that has the case on its table |
| `opening.FIELD` | a field of what opened the case, a sealed one opened for this |
| `day.STEP` | the day on which another step was taken last |
| `days.ROLE` | the last of so many working days, as many as the item says in that role, counted from the day of the kept record |
| `{ says = "…" }` | these words |
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Self

from msgspec import Struct

PLAIN = ("number", "day", "since", "handler.name", "handler.uscc")
NAMING: Mapping[str, str] = MappingProxyType(
    {"opening": "提出时填的一项", "day": "某一步的日期", "days": "事项写明的工作日数"}
)


class Source(Struct, frozen=True):
    """Where a value comes from. `of` is a word of the table above, `says` for words; `name` what it names, or the words."""

    of: str
    name: str = ""

    @classmethod
    def read(cls, entry: object) -> Self:
        """The source as a table writes it; one that nobody knows is kept as it is, for the check to name."""
        if isinstance(entry, dict):
            return cls("says", str(entry.get("says", "")))
        text = str(entry)
        of, dot, name = text.partition(".")
        return cls(text) if text in PLAIN or not dot else cls(of, name)


class Filling(Struct, frozen=True):
    """What a step fills in, and when it is there at all."""

    fills: Mapping[str, Source]
    """Fields of the fact it writes that nobody is asked for."""
    keeps: Mapping[str, Source]
    """Fields of the record that the case keeps up (`kept` of the flow): written by the first such step, brought up to date by later ones."""
    where: Mapping[str, frozenset[str]]
    """It is only there in cases whose opening says one of these, by field."""
    once: bool
    """It is taken once in a case."""
    stops: str
    """The field of the fact it writes that says until when the days of `days.ROLE` stand still."""
    goes_on: bool
    """From its day on they run again, where it is sooner."""
    adds: str
    """The time limit by which they grow."""
    lists: bool
    """Its words name every paper that is still missing."""
    collects: bool
    """It brings papers that are still missing, each under its own name."""
    for_opener: bool
    """It does at the counter, for whoever opened the case, what they may do themselves: the turn stays theirs."""
    notice: str
    """What is printed for whoever opened the case is called; nothing is where it is empty."""

    @classmethod
    def read(cls, entry: Mapping[str, Any]) -> Self:
        return cls(
            fills={name: Source.read(one) for name, one in entry.get("fills", {}).items()},
            keeps={name: Source.read(one) for name, one in entry.get("keeps", {}).items()},
            where={name: frozenset(values) for name, values in entry.get("where", {}).items()},
            once=bool(entry.get("once", False)),
            stops=entry.get("stops", ""),
            goes_on=bool(entry.get("goes_on", False)),
            adds=entry.get("adds", ""),
            lists=bool(entry.get("lists", False)),
            collects=bool(entry.get("collects", False)),
            for_opener=bool(entry.get("for_opener", False)),
            notice=entry.get("notice", ""),
        )

    def applies(self, said: Mapping[str, object]) -> bool:
        """Whether the step is there in a case that was opened with these words."""
        return all(str(said.get(name) or "") in values for name, values in self.where.items())


FILLING_KEYS = (
    "fills",
    "keeps",
    "where",
    "once",
    "stops",
    "goes_on",
    "adds",
    "lists",
    "collects",
    "for_opener",
    "notice",
)
