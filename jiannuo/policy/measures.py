"""What follows a record (`measures.toml`): a ladder by loss and impact, each with its source, whom it is laid on, what it bars, who carries
it out. Nothing follows that is not listed here, and nothing here stands outside the national catalogue.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal, Self

from msgspec import Struct

USES: Mapping[str, str] = MappingProxyType(
    {"honour": "评优评先", "project": "项目", "fund": "财政资金", "pilot": "试点示范", "procurement": "政府采购"}
)
"""What may be asked for on the strength of a subject's record."""
ON: Mapping[str, str] = MappingProxyType({"organ": "单位", "official": "公务员", "party": "企业和其他相对人"})
CARRIERS: Mapping[str, str] = MappingProxyType(
    {
        "lead": "信用办",
        "superior": "上级或者主管单位",
        "personnel": "组织人事部门",
        "discipline": "纪检监察机关",
        "leading_group": "领导小组",
    }
)


class Measure(Struct, frozen=True):
    """One consequence."""

    id: str
    title: str
    catalogue: str
    """The item of the catalogue of measures it belongs to."""
    source: str
    clause: str
    assumed: str
    on: Literal["organ", "official", "party"]
    causes: frozenset[str]
    """The kinds of record it follows."""
    values: frozenset[str]
    """The values (level, source, sanction) of the record it follows."""
    bars: frozenset[str]
    """The uses it answers with no."""
    asks: frozenset[str]
    """The uses it leaves to whoever decides."""
    lasts: str
    """The time limit after which it ends by itself; it never outlives its cause."""
    flow: str
    """The procedure in which it is carried out; empty where there is nothing to do but to answer by it."""
    carried_by: str

    @classmethod
    def read(cls, name: str, entry: Mapping[str, Any], clause: str = "") -> Self:
        return cls(
            id=name,
            title=entry["title"],
            catalogue=entry["catalogue"],
            source=entry.get("source", ""),
            clause=entry.get("clause", clause),
            assumed=entry.get("assumed", ""),
            on=entry["on"],
            causes=frozenset(entry["causes"]),
            values=frozenset(entry["values"]),
            bars=frozenset(entry.get("bars", ())),
            asks=frozenset(entry.get("asks", ())),
            lasts=entry.get("lasts", ""),
            flow=entry.get("flow", ""),
            carried_by=entry.get("carried_by", ""),
        )
