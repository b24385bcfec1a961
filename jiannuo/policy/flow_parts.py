"""What a procedure may say of itself beside its states and steps, each in a table of its own."""

from collections.abc import Mapping
from typing import Any, Self

from msgspec import Struct


class Final(Struct, frozen=True):
    """What makes an instrument final: limits that must have run out since it was served, for some values of a field."""

    field: str
    when: frozenset[str]
    served: str
    final: str
    upheld: str
    limits: tuple[str, ...]

    @classmethod
    def read(cls, entry: Mapping[str, Any]) -> Self:
        return cls(
            entry["field"],
            frozenset(entry["when"]),
            entry["served"],
            entry["final"],
            entry["upheld"],
            tuple(entry["limits"]),
        )


class Checklist(Struct, frozen=True):
    """By which questions a case is answered, and as what kind of fact each answer is kept."""

    items: str
    kind: str

    @classmethod
    def read(cls, entry: Mapping[str, Any]) -> Self:
        return cls(entry["items"], entry["kind"])


class Within(Struct, frozen=True):
    """The case of another procedure that a case is opened within."""

    flow: str
    field: str
    """The field of its opening that names that case by number; empty where it is opened from that case's own page."""
    states: frozenset[str]
    until: str
    """The field of that case's opening that names the last day on which one is opened within it; empty where none is named."""

    @classmethod
    def read(cls, entry: Mapping[str, Any]) -> Self:
        return cls(entry["flow"], entry.get("field", ""), frozenset(entry["states"]), entry.get("until", ""))
