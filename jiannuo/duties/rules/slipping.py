"""Dates put off in public: each with its days, and the chart of them by promise or by organ."""

from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from msgspec import Struct

from jiannuo.documents.figures import Figure

LONGEST, MOST = 12, 15
"""How many characters of a promise's title stand beside its bar, and how many bars are drawn; the table has them all."""


class Slip(Struct, frozen=True):
    """One date of an organ that was moved: from when to when."""

    duty_id: int
    title: str
    first_due_on: date
    due_on: date
    amendments: int
    debtor_id: int = 0
    authority: str = ""
    """Who allowed the last move; empty where the record itself was corrected."""
    document: str = ""

    @property
    def days(self) -> int:
        """By how many days; below nought where it was brought forward."""
        return (self.due_on - self.first_due_on).days


def by_promise(moved: Iterable[tuple[str, int]]) -> Figure | None:
    """By how many days each promise was put off, the longest first, from titles and days; nothing where none was."""
    put_off = sorted(((days, title) for title, days in moved if days > 0), key=lambda one: (-one[0], one[1]))[:MOST]
    # Two promises may begin alike, and a bar has a label of its own.
    rows = tuple((f"{at}. {_short(title)}", (days,)) for at, (days, title) in enumerate(put_off, 1))
    if not rows:
        return None
    return Figure(kind="bar", title="承诺期限推迟了多少天", unit="天", series=("推迟",), rows=rows)


def by_organ(moved: Iterable[tuple[str, int]]) -> Figure | None:
    """By how many days the promises of each organ were put off, on average and at most, from organs and days; nothing where none was."""
    found: dict[str, list[int]] = {}
    for organ, days in moved:
        if days > 0:
            found.setdefault(organ, []).append(days)
    most = sorted(found.items(), key=lambda one: (-max(one[1]), one[0]))[:MOST]
    if not most:
        return None
    rows = tuple((f"{organ}（{len(days)}件）", (_average(days), max(days))) for organ, days in most)
    return Figure(kind="bar", title="各单位承诺期限推迟了多少天", unit="天", series=("平均", "最多"), rows=rows)


def _short(title: str) -> str:
    return title if len(title) <= LONGEST else f"{title[:LONGEST]}…"


def _average(days: list[int]) -> int:
    return int((Decimal(sum(days)) / len(days)).quantize(Decimal(1), ROUND_HALF_UP))
