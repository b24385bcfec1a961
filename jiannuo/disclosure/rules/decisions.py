"""The six gates of a major decision as they stand, told again from its steps. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace

DRAFTING, REVISING = "drafting", "revising"
REVIEWED = ("review", "integrity")
"""What is to be done again when the draft went back after it had been heard, argued and assessed."""


class Passed(StrEnum):
    """How a gate stands."""

    DONE = "done"
    SKIPPED = "skipped"
    NOW = "current"
    AHEAD = "ahead"


class Gate(Struct, frozen=True):
    """One of the six: how it stands, since which day, by which step of the case."""

    id: str
    title: str
    stands: Passed = Passed.AHEAD
    on: date | None = None
    step: int = -1
    """The place of the step that passed it among those of the case."""


class Taken(Struct, frozen=True):
    """A step of a case: which, the state it led to, its day."""

    step: str
    to: str
    on: date


TITLES: Mapping[str, str] = MappingProxyType(
    {
        "participation": "公众参与",
        "argument": "专家论证",
        "risk": "风险评估",
        "review": "合法性审查",
        "integrity": "廉洁性评估",
        "discussion": "集体讨论决定",
    }
)
PASSES: Mapping[str, tuple[str, Passed]] = MappingProxyType(
    {
        "participate": ("participation", Passed.DONE),
        "argue": ("argument", Passed.DONE),
        "no_argument": ("argument", Passed.SKIPPED),
        "assess": ("risk", Passed.DONE),
        "no_risk": ("risk", Passed.SKIPPED),
        "review": ("review", Passed.DONE),
        "clear": ("integrity", Passed.DONE),
        "decide": ("discussion", Passed.DONE),
        "reject": ("discussion", Passed.DONE),
    }
)
"""Which gate a step passes, and how."""
WAITS: Mapping[str, str] = MappingProxyType(
    {
        "consulting": "participation",
        "hurried": "participation",
        "consulted": "participation",
        "hearing": "participation",
        "arguing": "argument",
        "assessing": "risk",
        "reviewing": "review",
        "integrity": "integrity",
        "deciding": "discussion",
    }
)
"""The gate before which a case stands in a state."""


def gates(steps: Iterable[Taken]) -> tuple[Gate, ...]:
    """The six gates in order. A draft that goes back passes again what it has to pass again."""
    found = {name: Gate(name, title) for name, title in TITLES.items()}
    state = DRAFTING
    for place, one in enumerate(steps):
        if one.step in PASSES:
            name, how = PASSES[one.step]
            found[name] = replace(found[name], stands=how, on=one.on, step=place)
        elif one.to != state and one.to in (DRAFTING, REVISING):
            for name in REVIEWED if one.to == REVISING else TITLES:
                found[name] = Gate(name, TITLES[name])
        state = one.to
    if now := WAITS.get(state):
        found[now] = replace(found[now], stands=Passed.NOW)
    return tuple(found.values())
