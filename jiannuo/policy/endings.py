"""What a kind says of how its facts end: which outcomes of a case are lost, and on which day the law ends an entry."""

from collections.abc import Mapping
from typing import Any, Literal, Self

from msgspec import Struct

DENOMINATORS = ("concluded", "judged")
OUTCOME_KEYS = frozenset({"field", "lost", "judged", "apart", "denominator", "source", "assumed"})
ENDS_KEYS = frozenset({"field", "by", "at_once", "source", "assumed"})


class Outcomes(Struct, frozen=True):
    """How the outcomes of cases count. The rate of loss is the lost among the denominator, which has a name and a source."""

    field: str
    lost: frozenset[str]
    judged: frozenset[str]
    """Those decided on their merits, lost or not."""
    apart: frozenset[str]
    """Those that are not lost and are reported by themselves."""
    denominator: Literal["concluded", "judged"]
    source: str
    assumed: str

    @classmethod
    def read(cls, entry: Mapping[str, Any]) -> Self:
        return cls(
            field=entry["field"],
            lost=frozenset(entry["lost"]),
            judged=frozenset(entry["judged"]),
            apart=frozenset(entry.get("apart", ())),
            denominator=entry["denominator"],
            source=entry["source"],
            assumed=entry.get("assumed", ""),
        )

    def is_lost(self, outcome: str) -> bool:
        """Whether a case with that outcome (several joined by ;) counts as lost."""
        return not self.lost.isdisjoint(outcome.split(";"))

    def counts(self, outcome: str) -> bool:
        """Whether a case with that outcome is part of the denominator; one without an outcome is not concluded."""
        if not outcome:
            return False
        return self.denominator == "concluded" or not self.judged.isdisjoint(outcome.split(";"))


class Ends(Struct, frozen=True):
    """By which deadline the law ends an entry, by the value of a field; a value that is not named never ends by time."""

    field: str
    by: Mapping[str, str]
    at_once: frozenset[str]
    """Values that hold nothing against anybody from the first day."""
    source: str
    assumed: str

    @classmethod
    def read(cls, entry: Mapping[str, Any]) -> Self:
        return cls(
            field=entry["field"],
            by=dict(entry["by"]),
            at_once=frozenset(entry.get("at_once", ())),
            source=entry["source"],
            assumed=entry.get("assumed", ""),
        )
