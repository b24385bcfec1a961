"""How long a record of dishonesty is shown and from when on it may be repaired (`repair.toml`): classes, each dated by the rules in force.

A record falls into the classes that name one of its values (the field of role `category`) or one of whose words stands in what it
says; where none does, into the default. Of several, one that `prevails` counts, else the one shown longest. The class is chosen by the day of the decision,
and both periods run from that day (信用修复管理办法: 自司法、行政公务文书认定之日起).
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, Self

from msgspec import Struct

from jiannuo.kernel.workdays import Calendar
from jiannuo.policy.deadlines import Rule
from jiannuo.policy.kinds import Kind

SAID = ("title", "basis", "facts", "content")
"""The roles whose texts the words of a class are looked for in."""


class RepairClass(Struct, frozen=True):
    """One class of dishonesty under one generation of rules."""

    id: str
    title: str
    source: str
    assumed: str
    since: date
    until: date | None
    kinds: frozenset[str]
    default: bool
    prevails: bool
    """It counts whatever others say (违约的，履行了就修复)."""
    barred: bool
    """Never repaired."""
    values: frozenset[str]
    words: tuple[str, ...]
    min: str
    """The time limit after which it may be repaired; empty where it may be at once, when all is performed."""
    max: str
    """The time limit after which it is shown no more."""

    @classmethod
    def read(cls, name: str, entry: Mapping[str, Any]) -> Self:
        return cls(
            id=name,
            title=entry["title"],
            source=entry.get("source", ""),
            assumed=entry.get("assumed", ""),
            since=entry["since"],
            until=entry.get("until"),
            kinds=frozenset(entry["kinds"]),
            default=bool(entry.get("default", False)),
            prevails=bool(entry.get("prevails", False)),
            barred=bool(entry.get("barred", False)),
            values=frozenset(entry.get("values", ())),
            words=tuple(entry.get("words", ())),
            min=entry.get("min", ""),
            max=entry["max"],
        )

    def on(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return self.since <= day and (self.until is None or day <= self.until)

    def takes(self, values: Iterable[str], text: str) -> bool:
        """Whether a record with these values that says this falls into it."""
        return not self.values.isdisjoint(values) or any(word in text for word in self.words)


class Terms(Struct, frozen=True):
    """What the rules say of one record: its class, the first day on which repair may be asked for, the last day it is shown."""

    cls: RepairClass
    decided_on: date
    first_on: date | None
    """None where it is never repaired."""
    last_on: date
    min_words: str
    max_words: str

    @property
    def words(self) -> str:
        """The same as the subject is told it beforehand."""
        shown = f"属于“{self.cls.title}”，自{self.decided_on}起最长公示{self.max_words}，公示到{self.last_on}为止"
        if self.first_on is None:
            return f"{shown}；这一类不予修复"
        if not self.cls.min:
            return f"{shown}；履行完义务就可以申请修复"
        return f"{shown}；满{self.min_words}以后，{self.first_on}起可以申请修复"


def terms(
    classes: Iterable[RepairClass],
    kind: Kind,
    body: Mapping[str, Any],
    decided_on: date,
    calendar: Calendar,
    rules: Mapping[str, Rule],
) -> Terms | None:
    """What holds for a record; nothing where no class in force on the day of the decision covers its kind.

    `rules` holds the time limits in force on that day, by id.
    """
    known = [one for one in classes if kind.id in one.kinds and one.on(decided_on)]
    values, text = _values(kind, body), _said(kind, body)
    fitting = [one for one in known if one.takes(values, text)] or [one for one in known if one.default]
    found = [_terms(one, decided_on, calendar, rules) for one in fitting]
    return max(found, key=lambda one: (one.cls.prevails, one.last_on, one.first_on or date.max), default=None)


def _terms(cls: RepairClass, decided_on: date, calendar: Calendar, rules: Mapping[str, Rule]) -> Terms:
    last = rules[cls.max].due(decided_on, calendar).due_on
    first = decided_on
    if cls.min:
        first = rules[cls.min].due(decided_on, calendar).due_on + timedelta(days=1)
    least = rules[cls.min].value.words if cls.min else ""
    return Terms(cls, decided_on, None if cls.barred else first, last, least, rules[cls.max].value.words)


def _values(kind: Kind, body: Mapping[str, Any]) -> set[str]:
    found = (str(body.get(name) or "") for name in kind.fields_for("category"))
    return {part.strip() for text in found for part in text.replace("；", ";").replace("、", ";").split(";")} - {""}


def _said(kind: Kind, body: Mapping[str, Any]) -> str:
    return "\n".join(str(body.get(name) or "") for role in SAID for name in kind.fields_for(role))
