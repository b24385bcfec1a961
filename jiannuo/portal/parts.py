"""What several pages are made of: rows of tables, pagers, periods, and where things lead."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from operator import itemgetter
from typing import Any
from urllib.parse import urlencode

from django.template.loader import render_to_string
from django.urls import reverse
from msgspec import Struct

from jiannuo.disclosure.queries import Page, RowCard
from jiannuo.disclosure.queries.marks import DISPUTED
from jiannuo.policy import pack as policy

Trail = list[tuple[str, str]]
Columns = Sequence[Mapping[str, object]]


class Cell(Struct, frozen=True):
    """One cell of a table."""

    text: object = ""
    url: str = ""
    sub: str = ""
    standing: str = ""
    standing_label: str = ""


class Row(Struct, frozen=True):
    """One row of a table."""

    cells: tuple[object, ...]
    state: str = ""


class Pager(Struct, frozen=True):
    """What the pager needs to know."""

    number: int
    has_next: bool
    count: int
    capped: bool = False
    last: int | None = None


Filters = Sequence[Mapping[str, Any]]
Frozen = tuple[tuple[tuple[str, Any], ...], ...]

HOME: tuple[str, str] = ("首页", "/")


def trail(*more: tuple[str, str]) -> Trail:
    """Where a page lies, from the front page on; names of addresses are turned into addresses."""
    return [HOME, *((label, reverse(name)) for label, name in more)]


def address(name: str, *args: object, **query: object) -> str:
    """The address of a page with these parameters; empty ones are left out."""
    url = _path(name, tuple(map(str, args)))
    wanted = {key: value for key, value in query.items() if value not in ("", None, 0)}
    return f"{url}?{urlencode(wanted)}" if wanted else url


@lru_cache(maxsize=8192)
def _path(name: str, args: tuple[str, ...]) -> str:
    return reverse(f"portal:{name}", args=args)


def pager(page: Page) -> Pager:
    """A page of public records as the pager shows it."""
    return Pager(page.page, page.page < page.pages, page.total, page.capped, page.pages)


RECORD_COLUMNS: Columns = (
    {"label": "事项"},
    {"label": "行政相对人"},
    {"label": "类别", "nowrap": True},
    {"label": "公开单位"},
    {"label": "决定日期", "nowrap": True},
    {"label": "公示日期", "nowrap": True},
    {"label": "时效"},
)
HOME_COLUMNS: Columns = tuple(column for column in RECORD_COLUMNS if column["label"] != "决定日期")
PARTY_COLUMNS: Columns = tuple(column for column in RECORD_COLUMNS if column["label"] != "行政相对人")
SHORT_COLUMNS: Columns = tuple(column for column in RECORD_COLUMNS if column["label"] not in ("决定日期", "公开单位"))


def record_rows(cards: Iterable[RowCard], columns: Columns = RECORD_COLUMNS) -> list[Row]:
    """Public records as rows, each leading to its page."""
    wanted = itemgetter(*(str(column["label"]) for column in columns))
    return [Row(wanted(_cells(card)), _state(card)) for card in cards]


def _cells(card: RowCard) -> dict[str, object]:
    return {
        "事项": Cell(_title(card), address("record", card.identity), card.number),
        "行政相对人": Cell(card.party, address("party", card.party_key) if card.party_key else "")
        if card.party
        else "—",
        "类别": card.kind_short,
        "公开单位": card.organ,
        "决定日期": card.decided_on,
        "公示日期": card.published_on,
        "时效": Cell(standing=card.standing) if card.standing else "—",
    }


def _title(card: RowCard) -> str:
    """What it is, and that somebody objects to it (河南省社会信用条例第四十一条)."""
    title = card.title or card.number or card.kind_short
    return f"【{DISPUTED}】{title}" if card.disputed_on else title


def _state(card: RowCard) -> str:
    return "late" if card.standing == "late" else ""


def families() -> dict[str, str]:
    """The families of disclosed records and what people call them, in the order the menus show."""
    present = {kind.family for kind in policy.current().kinds.values() if kind.visibility == "public"}
    names = {
        "licence": "行政许可",
        "penalty": "行政处罚",
        "dishonesty": "政务失信",
        "list": "权责清单",
        "information": "主动公开",
        "promise": "承诺",
        "task": "任务",
        "suggestion": "建议提案",
        "case": "行政诉讼",
        "service": "政务服务",
    }
    return {
        family: names.get(family, family) for family in [*names, *sorted(present - names.keys())] if family in present
    }


def filter_bar(filters: Filters, keep: Sequence[tuple[str, str]] = ()) -> str:
    """The bar of filters on which nothing is chosen: the same on every page of a list, so it is made once."""
    frozen = tuple(
        tuple((name, tuple(value) if isinstance(value, list) else value) for name, value in one.items())
        for one in filters
    )
    return _filter_bar(frozen, tuple(keep))


@lru_cache(maxsize=64)
def _filter_bar(filters: Frozen, keep: tuple[tuple[str, str], ...]) -> str:
    return render_to_string("components/filter_bar.html", {"filters": [dict(one) for one in filters], "keep": keep})


def half_year(on: date) -> tuple[date, date]:
    """The half of the year a day falls in."""
    return (
        (date(on.year, 1, 1), date(on.year, 6, 30)) if on.month <= 6 else (date(on.year, 7, 1), date(on.year, 12, 31))
    )


def months_before(on: date, several: int) -> date:
    """The first day of the month so many months before a day's."""
    at = on.year * 12 + on.month - 1 - several
    return date(at // 12, at % 12 + 1, 1)


def half_name(on: date) -> str:
    """What people call the half of the year a day falls in."""
    return f"{on.year}年{'上' if on.month <= 6 else '下'}半年"


def tone(part: int, whole: int) -> str:
    """How a share of what was kept on time is coloured: the words beside it say the same."""
    if not whole:
        return ""
    return "good" if part * 100 >= whole * 95 else "warn" if part * 100 >= whole * 80 else "bad"


def context(title: str, description: str, **more: Any) -> dict[str, Any]:
    """The names every page of this face gives its template."""
    return {"page_name": title, "description": description, **more}
