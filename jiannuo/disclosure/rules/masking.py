"""How a record is shown to everybody. Fields are shown because the pack names them public; nothing is shown by leaving others out."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from jiannuo.kernel.days import parse_day
from jiannuo.kernel.personal import find_personal, mask_name, redact
from jiannuo.kernel.searching import fold_text
from jiannuo.policy.kinds import Field, Kind

HOUSEHOLD = "个体工商户"
HOUSEHOLD_CODE = "92"

Body = Mapping[str, Any]


class Shown(NamedTuple):
    """One field as the public reads it."""

    field: str
    title: str
    shown: str


def value(body: Body, field: str) -> str:
    """A field's value as text; several choices are joined by ；."""
    found = body.get(field) or ""
    return "；".join(map(str, found)) if isinstance(found, list) else str(found)


def roles(kind: Kind, role: str) -> Sequence[str]:
    """The fields that fill a role."""
    found = kind.role.get(role, ())
    return (found,) if isinstance(found, str) else tuple(found)


def text_of(kind: Kind, body: Body, role: str) -> str:
    """The first filled field of a role, or nothing."""
    return next((text for text in (value(body, field) for field in roles(kind, role)) if text), "")


def as_date(text: str) -> date | None:
    """A day as a body keeps it."""
    return parse_day(text) if text else None


def public_view(kind: Kind, body: Body) -> list[Shown]:
    """What the public sees of a record: the fields the pack names public, in its order, masked.

    个人信息保护法第二十五条: names of natural persons are masked, their numbers never shown. A household's
    operator is a natural person too, though the household itself is published under its code.
    """
    free = frozenset(roles(kind, "free_text"))
    household = is_household(kind, body)
    shown = (
        (field, _shown(field, value(body, field.id), free=free, household=household))
        for field in kind.fields
        if field.public
    )
    return [Shown(field.id, field.title, text) for field, text in shown if text]


def _shown(field: Field, text: str, *, free: frozenset[str], household: bool) -> str:
    if not text or field.personal == "secret":
        return ""
    if field.personal == "name" or (field.personal == "mask" and household):
        return mask_name(text)
    if field.id in free and (found := find_personal(text)):
        return redact(text, found)
    return text


def is_household(kind: Kind, body: Body) -> bool:
    """True for 个体工商户, by its stated type or by a code that begins with 92 (GB 32100-2015)."""
    return text_of(kind, body, "about_type") == HOUSEHOLD or text_of(kind, body, "about_code").startswith(
        HOUSEHOLD_CODE
    )


def party_name(kind: Kind, body: Body) -> str:
    """The other party's name as the public reads it, or nothing where the kind has no other party."""
    field = kind.by_id.get(kind.field_for("about_name"))
    if field is None or not field.public:
        return ""
    return _shown(field, value(body, field.id), free=frozenset(), household=False)


def search_text(kind: Kind, view: Sequence[Shown]) -> str:
    """The folded text search looks through: each public field the pack lets be searched, on a line of its own."""
    searched = (fold_text(each.shown) for each in view if kind.by_id[each.field].search)
    return "\n".join(dict.fromkeys(line for line in searched if line))
