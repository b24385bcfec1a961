"""The criteria of an honour (`criteria.toml`): what is asked, how it is shown, which the ledger itself answers."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Self

from msgspec import Struct

CHECKS: Mapping[str, str] = MappingProxyType(
    {
        "no_record": "没有不能评优评先的记录，由结果运用回答",
        "rate": "某项义务最近十二个月按期履行的比率不低于least",
        "stated": "由申报材料说明，由评估的人判断",
    }
)


class Criterion(Struct, frozen=True):
    """One criterion."""

    id: str
    title: str
    shown_by: str
    check: str
    duty: str
    """For `rate`: the kind of duty."""
    least: Decimal
    """For `rate`: the least percentage kept in time."""
    source: str
    assumed: str

    @classmethod
    def read(cls, name: str, entry: Mapping[str, Any]) -> Self:
        return cls(
            name,
            entry["title"],
            entry["shown_by"],
            entry["check"],
            entry.get("duty", ""),
            Decimal(entry.get("least", 0)),
            entry.get("source", ""),
            entry.get("assumed", ""),
        )
