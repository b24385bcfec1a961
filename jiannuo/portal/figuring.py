"""What the pages of figures are made of: what their addresses ask for, numbers that lead to their lists, and shares with what they are of."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import TypeVar

from django.http import HttpRequest
from msgspec import Struct

from jiannuo.assessment.rules.leads import whole_year
from jiannuo.duties.queries import Share
from jiannuo.kernel.days import parse_day
from jiannuo.kernel.refusals import Refused
from jiannuo.portal import parts
from jiannuo.portal.answering import number
from jiannuo.subjects.queries import Directory, OrganCard

T = TypeVar("T")

YEARS = 6
SIZE = 20
PAGES = (
    ("figures", "总览"),
    ("suggestions", "建议提案"),
    ("litigation", "行政诉讼"),
    ("services", "政务服务"),
    ("inspections", "督导检查"),
    ("timeliness", "公示时效"),
)


class Asked(Struct, frozen=True):
    """The organ, the period and the number that an address asks for."""

    page: str
    first: date
    last: date
    organ: OrganCard | None
    organ_ids: tuple[int, ...] | None
    """The organ with those it took over; nothing for all."""
    count: str
    value: str
    q: str
    at: int

    @property
    def year(self) -> int:
        """The year asked for, or nought for another period."""
        return self.first.year if (self.first, self.last) == whole_year(self.first.year) else 0

    @property
    def period(self) -> str:
        """The period in words."""
        return f"{self.year}年" if self.year else f"{self.first}至{self.last}"

    @property
    def named(self) -> dict[str, object]:
        """The same as parameters of an address."""
        days: dict[str, object] = {"first": self.first, "last": self.last}
        period: dict[str, object] = {"year": self.year} if self.year else days
        organ = self.organ.code if self.organ else ""
        return {**period, "organ": organ, "count": self.count, "value": self.value, "q": self.q}

    def leading(self, lead: Mapping[str, str], **more: object) -> str:
        """The address of this page's list under a filter, kept to the organ and the period asked for."""
        kept = {**self.named, "count": "", "value": "", **more}
        return f"{parts.address(self.page, **{**kept, **lead})}#list"


def asked(request: HttpRequest, page: str, directory: Directory, counts: Collection[str]) -> Asked:
    """What an address asks for. Refuses what is not there."""
    today = directory.on
    first, last = _period(request, today)
    organ = _organ(request.GET.get("organ", "").strip(), directory)
    count = request.GET.get("count", "").strip()
    if count and count not in counts:
        raise Refused("没有这个数字", fix="请从页面上的数字点开", field="count", code="count")
    line = tuple(sorted(directory.line(organ.id))) if organ else None
    texts = (request.GET.get("value", "").strip(), request.GET.get("q", "").strip())
    return Asked(page, first, last, organ, line, count, *texts, number(request.GET, "page", 1))


def _period(request: HttpRequest, today: date) -> tuple[date, date]:
    days = [request.GET.get(name, "").strip() for name in ("first", "last")]
    if any(days):
        found = [parse_day(text) if text else None for text in days]
        if None in found or found[0] > found[1]:  # type: ignore[operator]  # neither is None then
            raise Refused(
                "起止日期不对", fix="请两个都写，写成 2026-01-01 这样，起始日在前", field="first", code="period"
            )
        return found[0], found[1]  # type: ignore[return-value]  # neither is None
    year = number(request.GET, "year", today.year)
    if not 1949 <= year <= today.year + 1:
        raise Refused("年份不对", fix="请从页面的年份中选择", field="year", code="period")
    return whole_year(year)


def _organ(text: str, directory: Directory) -> OrganCard | None:
    """An organ by number or code; nothing where none is asked for."""
    if not text:
        return None
    found = directory.cards.get(int(text)) if text.isascii() and text.isdigit() and len(text) < 18 else None
    found = found or directory.find(text)
    if found is None:
        raise Refused(f"没有找到“{text}”这个单位", fix="请从“单位”页选择", field="organ", code="organ")
    return found


def filters(ask: Asked, directory: Directory, *own: dict[str, object]) -> list[dict[str, object]]:
    """The bar of filters: the organ, what the page has of its own, the year."""
    organs = [(card.code, card.short) for card in directory.organs]
    years = [(year, f"{year}年") for year in range(directory.on.year, directory.on.year - YEARS, -1)]
    return [
        {"name": "organ", "label": "单位", "value": ask.organ.code if ask.organ else "", "options": organs},
        *own,
        {"name": "year", "label": "年份", "value": ask.year or "", "options": years},
    ]


def chips(ask: Asked, words: Mapping[str, str]) -> list[dict[str, object]]:
    """What the list is narrowed by, each with a way out."""
    own = {"organ": ask.organ.short if ask.organ else "", "q": f"含“{ask.q}”" if ask.q else "", **words}
    values = {**ask.named, **{name: words[name] for name in words}}
    return [{"name": name, "value": values.get(name, ""), "label": label} for name, label in own.items() if label]


def tabs(current: str) -> list[dict[str, object]]:
    """The pages of figures beside one another."""
    return [{"label": label, "url": parts.address(name), "current": name == current} for name, label in PAGES]


def share(label: str, one: Share, url: str, *, tone: str = "") -> dict[str, object]:
    """A share as a tile: what it is of is named, and where nothing is counted there is none."""
    note = f"{one.part:,} / {one.whole:,}，分母：{one.of}" if one.whole else f"还没有{one.of}，不算比率"
    return {
        "label": label,
        "value": one.percent or "—",
        "share": one.value,
        "tone": tone,
        "note": note,
        "url": url if one.whole else "",
    }


def count(label: str, value: int, url: str, *, unit: str = "件", tone: str = "", note: str = "") -> dict[str, object]:
    """A number as a tile."""
    return {"label": label, "value": value, "unit": unit, "tone": tone, "note": note, "url": url if value else ""}


def numbered(value: int, url: str) -> object:
    """A number in a table; nought leads nowhere."""
    return parts.Cell(f"{value:,}", url) if value else "0"


def shared(one: Share) -> object:
    """A share in a table with what it was counted from; where nothing is counted, none."""
    return parts.Cell(one.percent, sub=f"{one.part:,} / {one.whole:,}") if one.whole else "—"


def paged(items: Sequence[T], at: int) -> tuple[Sequence[T], parts.Pager]:
    """One page of a list that is in memory."""
    pages = max(1, -(-len(items) // SIZE))
    at = min(max(1, at), pages)
    return items[(at - 1) * SIZE : at * SIZE], parts.Pager(at, at < pages, len(items), last=pages)


def options(values: Iterable[str]) -> list[tuple[str, str]]:
    """Values of a filter as they are."""
    return [(value, value) for value in values if value]
