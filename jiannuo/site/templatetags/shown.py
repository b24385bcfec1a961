"""How days, moments, counts, money and shares are written for people reading Chinese."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from django import template
from django.utils.html import format_html

from jiannuo.kernel import clock

register = template.Library()

_SHANGHAI = ZoneInfo("Asia/Shanghai")
_WEEKDAYS = "一二三四五六日"
_ABSENT = "—"
_WAN = Decimal(10_000)


def _as_day(value: object) -> date | None:
    if isinstance(value, datetime):
        return _local(value).date()
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        try:
            return date.fromisoformat(value[:10])
        except ValueError:
            return None
    return None


def _local(moment: datetime) -> datetime:
    return moment.astimezone(_SHANGHAI) if moment.tzinfo else moment


@register.filter
def day(value: object) -> str:
    """A day in a table is written 2026-09-03, machine readable and never broken over two lines."""
    found = _as_day(value)
    if found is None:
        return str(value) if value else _ABSENT
    return _time(found.isoformat(), found.isoformat())


@register.filter
def long_day(value: object) -> str:
    """A day in a sentence is written 2026年9月3日, without leading zeros (GB/T 9704-2012 成文日期)."""
    found = _as_day(value)
    if found is None:
        return str(value) if value else _ABSENT
    shown = f"{found.year}年{found.month}月{found.day}日"
    return _time(found.isoformat(), shown)


@register.filter
def short_day(value: object) -> str:
    """A day in a due clock is written 9月3日."""
    found = _as_day(value)
    return f"{found.month}月{found.day}日" if found else _ABSENT


@register.filter
def other_year(value: object) -> str:
    """The year of a day that is not in this year, written before its weekday as 2027年 · 周日; nothing where it is."""
    found = _as_day(value)
    return f"{found.year}年 · " if found and found.year != clock.today().year else ""


@register.filter
def weekday(value: object) -> str:
    """The day of the week is written 周四."""
    found = _as_day(value)
    return f"周{_WEEKDAYS[found.weekday()]}" if found else ""


@register.filter
def moment(value: object) -> str:
    """A moment is written 2026-09-03 14:05 in Beijing time."""
    if not isinstance(value, datetime):
        return day(value)
    shown = _local(value)
    return _time(shown.isoformat("T", "minutes"), f"{shown:%Y-%m-%d %H:%M}")


@lru_cache(maxsize=4096)
def _time(stamp: str, shown: str) -> str:
    return format_html('<time class="day" datetime="{}">{}</time>', stamp, shown)


@register.filter
def count(value: object) -> str:
    """A count has commas between thousands; what is not a number stays as it is."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return str(value) if value not in (None, "") else _ABSENT
    return f"{value:,}"


@register.filter
def yuan(value: Decimal | int | None) -> str:
    """Money is written in full, 12,345.00, its unit in the heading or behind it."""
    return _ABSENT if value is None or value == "" else f"{Decimal(value):,.2f}"


@register.filter
def wan(value: Decimal | int | None) -> str:
    """Money of a 万元 or more is written 1.5 万元 beside the exact figure, less is written in 元."""
    if value is None or value == "":
        return _ABSENT
    amount = Decimal(value)
    if abs(amount) < _WAN:
        return f"{_plain(amount)} 元"
    return f"{_plain((amount / _WAN).quantize(Decimal('0.0001')))} 万元"


@register.filter
def percent(value: Decimal | int | None) -> str:
    """A share between 0 and 1 is written 98.3%, one place, half up; nothing to divide by is a dash."""
    if value is None or value == "":
        return _ABSENT
    share = Decimal(value) * 100
    return f"{share.quantize(Decimal('0.1'), ROUND_HALF_UP)}%"


@register.filter
def hundredths(value: Decimal | int | None) -> str:
    """A share between 0 and 1 as the length of a bar drawn on a line of 100."""
    if value is None or value == "":
        return "0"
    return str(min(max(Decimal(value) * 100, Decimal(0)), Decimal(100)).quantize(Decimal("0.1")))


def _plain(amount: Decimal) -> str:
    text = f"{amount:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
