"""What the disclosure catalogue asks for by when: the period a day falls in, and the one before."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

_MONTHS: Mapping[str, int] = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_NAMES: Mapping[str, Callable[[date], str]] = {
    "month": lambda first: f"{first:%Y-%m}",
    "quarter": lambda first: f"{first.year}-Q{(first.month + 2) // 3}",
    "half": lambda first: f"{first.year}-H{1 if first.month == 1 else 2}",
    "year": lambda first: str(first.year),
}
_WRITTEN = re.compile(r"(\d{4})(?:-(?:(\d{2})|Q([1-4])|H([12])))?")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A month, quarter, half or year, by its first and last day; `name` is how the disclosed information names it."""

    first: date
    last: date
    name: str


def period_of(unit: str, day: date) -> Period:
    """The period of that unit a day falls in."""
    months = _MONTHS[unit]
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    return Period(first, ahead(first, months) - timedelta(days=1), _NAMES[unit](first))


def ahead(first: date, months: int) -> date:
    """The first day of a month so many months on (or back)."""
    at = first.year * 12 + first.month - 1 + months
    return date(at // 12, at % 12 + 1, 1)
