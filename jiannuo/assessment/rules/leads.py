"""Where the number of a page leads: to the list narrowed by what the number counts."""

from collections.abc import Container
from datetime import date


def leading(
    organ_id: int | None, first: date, last: date, number: str, known: Container[str], **more: str
) -> dict[str, str]:
    """The filter of a list that shows exactly what a number counts; a number that is not counted has none."""
    if number not in known:
        raise KeyError(number)
    period = {"year": str(first.year)} if (first, last) == whole_year(first.year) else _days(first, last)
    organ = {"organ": str(organ_id)} if organ_id is not None else {}
    return {"count": number, **organ, **period, **more}


def whole_year(year: int) -> tuple[date, date]:
    """The first and the last day of a year."""
    return date(year, 1, 1), date(year, 12, 31)


def _days(first: date, last: date) -> dict[str, str]:
    return {"first": first.isoformat(), "last": last.isoformat()}
