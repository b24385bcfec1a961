"""How a record is shown to everybody. Fields are shown because the pack names them public; nothing is shown by leaving others out."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from jiannuo.kernel.days import parse_day
from jiannuo.kernel.personal import Found, find_personal, mask_name, redact
from jiannuo.kernel.searching import fold_text
from jiannuo.policy.kinds import Field, Kind

HOUSEHOLD = "个体工商户"
HOUSEHOLD_CODE = "92"

# Nothing personal is found in a text without either: eleven digits or masks in a row, or a number before 号 and its like.
# Most texts have neither, and this is a tenth of the work of looking.
_NUMBERS = "0-9０-９*×●○■□•＊"
_WORTH_LOOKING = re.compile(
    rf"(?:[{_NUMBERS}][-\s‐‑‒–—―−﹣－]?){{11}}|[0-9０-９一二三四五六七八九十](?:号|组|队|室|户)"
)

Body = Mapping[str, Any]


class Shown(NamedTuple):
    """One field as the public reads it."""

    field: str
    title: str
    shown: str


@lru_cache(maxsize=16384)
def personal_in(text: str) -> tuple[Found, ...]:
    """The personal data that stands in a free text."""
    return find_personal(text) if _WORTH_LOOKING.search(text) else ()


def without_personal(text: str) -> str:
    """A free text as the public reads it."""
    found = personal_in(text)
    return redact(text, found) if found else text


def value(body: Body, field: str) -> str:
    """A field's value as text; several choices are joined by ；."""
    found = body.get(field)
    if found.__class__ is str:
        return found
    return "；".join(map(str, found)) if isinstance(found, list) else str(found or "")


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
    return _view(kind, body, (field for field in kind.fields if field.public))


def public_part(kind: Kind, body: Body, roles_wanted: Sequence[str]) -> dict[str, str]:
    """The same for the fields of some roles alone, by role."""
    names = {role: kind.field_for(role) for role in roles_wanted}
    fields = (kind.by_id[name] for name in names.values() if name in kind.by_id and kind.by_id[name].public)
    shown = {each.field: each.shown for each in _view(kind, body, fields)}
    return {role: shown.get(name, "") for role, name in names.items()}


def _view(kind: Kind, body: Body, fields: Iterable[Field]) -> list[Shown]:
    free = frozenset(roles(kind, "free_text"))
    household = is_household(kind, body)
    shown = (
        (field, _shown(field, value(body, field.id), free=free, household=household))
        for field in fields
        if field.id in body
    )
    return [Shown(field.id, field.title, text) for field, text in shown if text]


def _shown(field: Field, text: str, *, free: frozenset[str], household: bool) -> str:
    if not text or field.personal in ("secret", "sealed"):
        return ""
    if field.personal == "name" or (field.personal == "mask" and household):
        return mask_name(text)
    if field.id in free and (found := personal_in(text)):
        return redact(text, found)
    return text


def is_household(kind: Kind, body: Body) -> bool:
    """True for 个体工商户, by its stated type or by a code that begins with 92 (GB 32100-2015)."""
    return text_of(kind, body, "about_type") == HOUSEHOLD or text_of(kind, body, "about_code").startswith(
        HOUSEHOLD_CODE
    )


def search_text(kind: Kind, body: Body) -> str:
    """The folded text search looks through: each public field the pack lets be searched, as it is shown, on a line of its own."""
    searched = _view(kind, body, (field for field in kind.fields if field.public and field.search))
    return "\n".join(dict.fromkeys(line for line in (fold_text(each.shown) for each in searched) if line))
