"""What a page's address and its forms ask for, read strictly: a word that makes no sense is as if it were not there."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from msgspec import Struct

from jiannuo.kernel.days import parse_day
from jiannuo.kernel.refusals import Refused
from jiannuo.subjects.queries import Directory

PER_PAGE = 20


class Page(Struct, frozen=True):
    """What the pager needs to know of a page of rows."""

    number: int
    count: int
    last: int
    capped: bool = False

    @property
    def has_next(self) -> bool:
        return self.number < self.last

    @property
    def offset(self) -> int:
        return (self.number - 1) * PER_PAGE


def page_of(number: int, count: int, *, size: int = PER_PAGE, capped: bool = False) -> Page:
    """The page asked for, or the last one there is."""
    last = max(1, -(-count // size))
    return Page(min(max(1, number), last), count, last, capped)


def number(request: HttpRequest, name: str, default: int = 0) -> int:
    """A whole number of the address, or the default."""
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else default


def numbers(values: Iterable[str]) -> list[int]:
    """The whole numbers among these, in order, each once."""
    found = (int(text) for text in values if text.isascii() and text.isdigit() and len(text) < 19)
    return list(dict.fromkeys(found))


def day(request: HttpRequest, name: str, default: date | None = None) -> date | None:
    """A day of the address, or the default."""
    return parse_day(request.GET.get(name, "")) or default


def need_day(text: str, what: str, field: str) -> date:
    """A day of a form. Refuses what is none."""
    found = parse_day(text)
    if found is None:
        raise Refused(f"没有填{what}，或者不是日期", fix=f"请填写{what}，例如 2026-09-03", field=field, code="day")
    return found


def need_choice(text: str, what: str, field: str) -> int:
    """The number of what was chosen from a list. Refuses none."""
    found = numbers([text])
    if not found:
        raise Refused(f"没有选{what}", fix=f"请选{what}", field=field, code="choice")
    return found[0]


def organ_options(directory: Directory, reach: frozenset[int] | None) -> list[tuple[int, str]]:
    """The organs of a day that may be chosen from, by code."""
    return [(organ.id, organ.short) for organ in directory.organs if reach is None or organ.id in reach]


def link(name: str, *args: object, **query: object) -> str:
    """The address of a page with what it is asked for; empty words are left out."""
    asked = {word: str(value) for word, value in query.items() if value not in (None, "")}
    return _path(name, args) + (f"?{urlencode(asked)}" if asked else "")


@lru_cache(maxsize=4096)
def _path(name: str, args: tuple[object, ...]) -> str:
    return reverse(name, args=args)


def chips(labels: Mapping[str, Mapping[str, str]], request: HttpRequest) -> list[dict[str, str]]:
    """What is being filtered by: for each parameter its value in words, where it has words."""
    found = []
    for name, words in labels.items():
        value = request.GET.get(name, "")
        if label := words.get(value, words.get("*", "") and f"{words['*']}：{value}") if value else "":
            found.append({"name": name, "value": value, "label": label})
    return found
