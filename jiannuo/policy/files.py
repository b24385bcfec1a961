"""The files kept of organs and officials, as the pack has them: what each section gathers, who may read it, how fresh it must be.

How long an entry counts stands with its kind (`[ends]`).
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal, Self

from msgspec import Struct

Subject = Literal["organ", "official"]
Gathers = Literal["entries", "duties", "breaches", "offices", "figures"]

SUBJECTS: Mapping[str, str] = MappingProxyType({"organ": "单位", "official": "公务员"})
GATHERS: Mapping[str, str] = MappingProxyType(
    {
        "entries": "事实（what写事实种类）",
        "duties": "责任事项和兑现情况（what写义务的类别，如promise）",
        "breaches": "逾期",
        "offices": "任职",
        "figures": "办理情况的数字（what写义务种类）",
    }
)
READERS: Mapping[str, str] = MappingProxyType(
    {"personnel": "组织人事", "discipline": "纪检监察", "lead": "信用办", "head": "单位负责人"}
)
"""The roles a section may be opened to. The official reads the whole of the own file, whatever stands here."""


class FileSection(Struct, frozen=True):
    """One section of a file."""

    id: str
    subject: Subject
    title: str
    gathers: Gathers
    what: tuple[str, ...]
    readers: frozenset[str]
    source: str
    clause: str
    assumed: str
    required: bool
    fresh_within: int
    """Months after which what is there is too old; nought where it stays good."""
    who: tuple[str, ...]
    """For organs: the codes or `type:department` that must have it; all where empty."""
    missing: str
    """What to do where it is missing, and by whom."""

    @classmethod
    def read(cls, name: str, entry: Mapping[str, Any]) -> Self:
        return cls(
            id=name,
            subject=entry["subject"],
            title=entry["title"],
            gathers=entry["gathers"],
            what=tuple(entry.get("what", ())),
            readers=frozenset(entry["readers"]),
            source=entry.get("source", ""),
            clause=entry.get("clause", ""),
            assumed=entry.get("assumed", ""),
            required=bool(entry.get("required", False)),
            fresh_within=int(entry.get("fresh_within", 0)),
            who=tuple(entry.get("who", ())),
            missing=entry.get("missing", ""),
        )

    @property
    def backing(self) -> str:
        """What the section stands on, in words."""
        return self.source or self.assumed

    @property
    def renewal(self) -> str:
        """How often it has to be renewed, in words."""
        return f"{self.fresh_within} 个月内" if self.fresh_within else "有就行"

    @property
    def reader_titles(self) -> str:
        """Who may read it, in words."""
        words = [title for role, title in READERS.items() if role in self.readers]
        return "、".join([*words, "本人"] if self.subject == "official" else words)
