"""A kind of fact as the pack defines it: its fields, who fills them, and what its rows must satisfy."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

Need = Literal["M", "O", "B"]
"""M must be filled, O may be, B must be blank."""

FieldType = Literal["text", "date", "amount", "choice", "choices"]


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a kind, as the data standard names it."""

    id: str
    title: str
    type: FieldType
    length: int
    places: int
    need: Need
    codes: str
    check: str
    aliases: tuple[str, ...]
    personal: str
    """`secret`: kept encrypted apart and never published; `name`: a natural person's name, encrypted and masked; `mask`: masked when published."""
    search: bool
    public: bool
    hint: str


@dataclass(frozen=True, slots=True)
class CrossRule:
    """A condition between fields: a named check with its parameters, and the level of its complaint."""

    id: str
    check: str
    level: Literal["error", "warning"]
    source: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Kind:
    """A kind of fact. `role` maps an envelope role (number, day, about_name, about_code, amount, …) to the field that fills it."""

    id: str
    title: str
    short: str
    family: str
    clause: str
    source: str
    fields: tuple[Field, ...]
    role: Mapping[str, Any]
    rules: tuple[CrossRule, ...]
    codes: Mapping[str, tuple[str, ...]]
    opens: tuple[str, ...]
    visibility: Literal["public", "organ", "restricted"]
    whole: bool
    """True where a file replaces the organ's whole list (权力清单), False where it adds records."""
    unique: tuple[str, ...]

    @cached_property
    def by_id(self) -> dict[str, Field]:
        return {entry.id: entry for entry in self.fields}

    @cached_property
    def headings(self) -> dict[str, str]:
        """Each heading that means a field (id, title or alias, as written in the pack) and the field's id."""
        return {name: entry.id for entry in self.fields for name in (*entry.aliases, entry.title, entry.id)}

    def field_for(self, role: str) -> str:
        """The field that fills a role of the envelope, or an empty string where the kind has none."""
        return str(self.role.get(role, ""))

    @cached_property
    def personal_fields(self) -> tuple[str, ...]:
        """The fields whose values are kept encrypted apart from the entry."""
        return tuple(entry.id for entry in self.fields if entry.personal in ("secret", "name"))
