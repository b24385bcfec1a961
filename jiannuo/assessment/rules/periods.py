"""The periods reports are made for: 上半年 by 10 July, 全年 by 10 January, as the document has them."""

import re
from datetime import date

from msgspec import Struct

from jiannuo.kernel.refusals import Refused

_WRITTEN = re.compile(r"(20\d\d)年?[-_ ]?(H1|H2|上半年|下半年|全年)", re.IGNORECASE)


class Period(Struct, frozen=True, order=True):
    """A half-year as the calendar names it. The second call of a year asks for the whole year."""

    year: int
    half: int

    @property
    def name(self) -> str:
        """As calls of the calendar write it: 2026-H1."""
        return f"{self.year}-H{self.half}"

    @property
    def title(self) -> str:
        """As people say it."""
        return f"{self.year}年上半年" if self.half == 1 else f"{self.year}年全年"

    @property
    def first(self) -> date:
        """The first day it tells of."""
        return date(self.year, 1, 1)

    @property
    def last(self) -> date:
        """The last day it tells of; the call comes with it."""
        return date(self.year, 6, 30) if self.half == 1 else date(self.year, 12, 31)

    @property
    def before(self) -> "Period":
        """The one before it."""
        return Period(self.year, 1) if self.half == 2 else Period(self.year - 1, 2)


def period(text: str) -> Period:
    """The period of that name. Refuses what names none."""
    found = _WRITTEN.fullmatch(text.strip())
    if found is None:
        fix = "写成 2026-H1（上半年，7月10日前报）或者 2026-H2（全年，次年1月10日前报）"
        raise Refused(f"“{text}”不是报告期", fix=fix, field="period", code="period")
    return Period(int(found[1]), 1 if found[2].upper() in ("H1", "上半年") else 2)


def latest(on: date) -> Period:
    """The last period that had ended by a day."""
    ended = [one for one in (Period(on.year, 2), Period(on.year, 1)) if one.last <= on]
    return ended[0] if ended else Period(on.year - 1, 2)
