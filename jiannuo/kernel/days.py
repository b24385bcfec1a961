"""Days as people write them in forms and sheets: a few strict ways, and nothing else is a day."""

import re
import unicodedata
from datetime import UTC, date, datetime
from functools import lru_cache

FORMS = re.compile(
    r"([0-9]{4})(?:"
    r"([-/.])([0-9]{1,2})\2([0-9]{1,2})"
    r"|([0-9]{2})([0-9]{2})"
    r"|年([0-9]{1,2})月([0-9]{1,2})日"
    r")(?:[ T]0{1,2}:00(?::00(?:\.0{1,6})?)?)?"
)
LONGEST = 40
YEARS = range(1800, 2200)


def as_day(value: date | str) -> date:
    """The day that a database driver gives, one as a date and another as text."""
    return value if isinstance(value, date) else date.fromisoformat(value)


def as_moment(value: datetime | str) -> datetime:
    """The moment that a database driver gives; as text it is one of UTC."""
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@lru_cache(maxsize=8192)
def parse_day(text: str) -> date | None:
    """The day written as 2026-9-3, 2026/9/3, 2026.9.3, 20260903 or 2026年9月3日, full width and midnight allowed."""
    if len(text) > LONGEST:
        return None
    found = FORMS.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if found is None:
        return None
    year, _, *pairs = found.groups()
    month, day = (int(part) for part in pairs if part is not None)
    try:
        return date(int(year), month, day) if int(year) in YEARS else None
    except ValueError:
        return None
