"""Working days and periods: what a working day is, when a period ends, and why it ends then."""

from bisect import bisect_right
from calendar import monthrange
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from itertools import pairwise
from types import MappingProxyType
from typing import Literal, NamedTuple

from msgspec import Struct

from jiannuo.kernel.refusals import Refused

Unit = Literal["workday", "day", "month", "year"]

UNIT_WORDS: Mapping[Unit, str] = {"workday": "个工作日", "day": "日", "month": "个月", "year": "年"}
LARGEST: Mapping[Unit, int] = {"workday": 5_000, "day": 36_500, "month": 1_200, "year": 100}
LONGEST_PAUSE = 7_305
LAST_YEAR = 9_000
WEEKDAYS = "一二三四五六日"
WEEKEND = "周末"
# New Year's holiday of the next year may take or give back these days of December (2007, 2011, 2018, 2022).
YEAR_END = (12, 29)


class Skip(NamedTuple):
    """One day that did not count, and why."""

    day: date
    why: str


class Pause(Struct, frozen=True):
    """Days from first to last inclusive on which a period stands still, and why."""

    first: date
    last: date
    why: str

    def __post_init__(self) -> None:
        if not 0 <= (self.last - self.first).days < LONGEST_PAUSE or self.last.year > LAST_YEAR:
            raise Refused(
                f"暂停期间 {self.first.isoformat()} 至 {self.last.isoformat()} 不成立",
                fix="暂停的截止日不得早于起始日，且一次不得超过二十年，请核对后重填",
                field="pauses",
            )


class Due(Struct, frozen=True):
    """The last day of a period, with the days that did not count and the reason in words."""

    start: date
    limit: int
    unit: Unit
    due_on: date
    provisional: bool
    skipped: tuple[Skip, ...]
    explanation: str


class Calendar:
    """The State Council's yearly arrangement: days off and make-up working days, by notice."""

    __slots__ = ("_given", "_off", "_taken", "_work", "first_year", "makeup", "notices", "off", "years")

    def __init__(
        self,
        off: Mapping[date, str],
        makeup: Mapping[date, str],
        years: Collection[int],
        notices: Mapping[int, str],
    ) -> None:
        if both := off.keys() & makeup.keys():
            day = min(both)
            raise Refused(f"{_full(day)}既列为放假又列为上班", fix="请按国务院办公厅通知原文更正该日", field="calendar")
        self.off: Mapping[date, str] = MappingProxyType(dict(off))
        self.makeup: Mapping[date, str] = MappingProxyType(dict(makeup))
        self.years = frozenset(years)
        self.notices: Mapping[int, str] = MappingProxyType(dict(notices))
        self.first_year = min(self.years, default=0)
        self._off = {day.toordinal(): _holiday(name) for day, name in off.items()}
        self._work = frozenset(day.toordinal() for day in makeup)
        self._taken = sorted(n for n in self._off if not _is_weekend(n))
        self._given = sorted(n for n in self._work if _is_weekend(n))

    def is_workday(self, day: date) -> bool:
        """Make-up weekends are working days; days off by notice and other weekends are not."""
        return not self.reason(day.toordinal())

    def why_off(self, day: date) -> str:
        """Why nobody works on this day (周末, 国庆节假期); empty on a working day."""
        return self.reason(day.toordinal())

    def known(self, day: date) -> bool:
        """Whether every notice that may touch this day has been issued; the year's end waits for the next year's."""
        return self._awaited(day) == 0

    def reason(self, number: int) -> str:
        """Why nobody works on the day of this ordinal number; the quick form of why_off."""
        why = self._off.get(number)
        if why is not None:
            return why
        return WEEKEND if number % 7 in (0, 6) and number not in self._work else ""

    def _awaited(self, day: date) -> int:
        """The year whose notice is still missing for this day, or 0."""
        if day.year not in self.years:
            return day.year
        if (day.month, day.day) >= YEAR_END and day.year + 1 not in self.years:
            return day.year + 1
        return 0

    def missing_between(self, first: date, last: date) -> list[int]:
        """The years whose notices are missing for some day from first to last inclusive."""
        ends = {self._awaited(first), self._awaited(last)}
        return sorted((ends | (set(range(first.year + 1, last.year)) - self.years)) - {0})

    def given_between(self, first: int, last: int) -> list[int]:
        """The make-up weekend days after one ordinal number and up to another."""
        return self._given[bisect_right(self._given, first) : bisect_right(self._given, last)]

    def workdays_through(self, number: int) -> int:
        """How many working days there are up to the day of this ordinal number."""
        weeks, rest = divmod(number, 7)
        return weeks * 5 + min(rest, 5) - bisect_right(self._taken, number) + bisect_right(self._given, number)


def due(
    calendar: Calendar,
    *,
    start: date,
    limit: int,
    unit: Unit,
    roll: bool = True,
    pauses: Iterable[Pause] = (),
    event: str = "",
) -> Due:
    """The period ends on this day: the start day is left out (民法典201), months end on the matching day or month end
    (民法典202), and natural periods ending on a day off move to the first working day after it when roll (民法典203).
    """
    _check_limit(start, limit, unit)
    pauses = tuple(pauses)
    paused = _paused_days(pauses) if pauses else {}
    first = start.toordinal()
    if unit == "workday" and limit:
        last, skips = _walk_workdays(calendar, first, limit, paused)
        looked_from: int | None = first + 1
    else:
        length = _natural_length(start, limit, unit)
        last, skips = _walk_days(first, length, paused) if paused else (first + length, [])
        looked_from = last if roll else None
        if roll:
            last = _roll(calendar, last, paused, skips)
    ends = date.fromordinal(last)
    missing = [] if looked_from is None else calendar.missing_between(date.fromordinal(looked_from), ends)
    given = _made_up(calendar, first, last, paused) if unit == "workday" else []
    words = [_opening(start, limit, unit, ends, event, calendar), *_skip_words(skips, start, unit, paused)]
    words += _makeup_words(given, start) + _missing_words(calendar, missing)
    return Due(start, limit, unit, ends, bool(missing), tuple(skips), "".join(words))


def fixed(
    calendar: Calendar,
    *,
    day: date,
    roll: bool = False,
    start: date | None = None,
    pauses: Iterable[Pause] = (),
    event: str = "",
) -> Due:
    """A date named by the document itself (7月10日前) includes that day and stays on a day off unless roll says otherwise.

    Days on which the obligation stood still, between `start` and the date, are added to it.
    """
    start = start or day
    paused = _paused_days(tuple(pauses))
    last, stood = _walk_days(start.toordinal(), (day - start).days, paused) if paused else (day.toordinal(), [])
    skips: list[Skip] = []
    last = _roll(calendar, last, paused, skips) if roll else last
    ends = date.fromordinal(last)
    missing = calendar.missing_between(day, ends) if roll else []
    words = [f"{event or '固定日期'}{_full(day)}（{_weekday(day)}），含当日。"]
    if stood:
        words.append(f"其间不计：{_runs(stood, day)}，相应延至{_full(ends)}。")
    if skips:
        words.append(f"遇{_runs(skips, day)}，顺延至{_full(ends)}（{_weekday(ends)}）。")
    elif not roll and not stood and calendar.why_off(day):
        words.append(f"当日为{calendar.why_off(day)}，固定日期不顺延。")
    found = "".join(words + _missing_words(calendar, missing))
    return Due(start, 0, "day", ends, bool(missing), (*stood, *skips), found)


def count(calendar: Calendar, after: date, through: date) -> int:
    """How many working days lie after one day and up to another inclusive; none when the second is not later."""
    if through <= after:
        return 0
    return calendar.workdays_through(through.toordinal()) - calendar.workdays_through(after.toordinal())


def _check_limit(start: date, limit: int, unit: Unit) -> None:
    if not 0 <= limit <= LARGEST[unit]:
        raise Refused(
            f"期限{limit}{UNIT_WORDS[unit]}不成立",
            fix=f"期限应在 0 至 {LARGEST[unit]}{UNIT_WORDS[unit]}之间，请核对规则",
            field="limit",
        )
    if start.year > LAST_YEAR:
        raise Refused(f"起算日{_full(start)}过远", fix="请核对起算日的年份", field="start")


def _natural_length(start: date, limit: int, unit: Unit) -> int:
    if unit in ("day", "workday"):
        return limit
    year, month = divmod(start.year * 12 + start.month - 1 + (limit * 12 if unit == "year" else limit), 12)
    matching = date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))
    return (matching - start).days


def _walk_workdays(calendar: Calendar, first: int, limit: int, paused: Mapping[int, str]) -> tuple[int, list[Skip]]:
    skips: list[Skip] = []
    number = first
    while limit:
        number += 1
        why = paused.get(number) or calendar.reason(number)
        if why:
            skips.append(Skip(date.fromordinal(number), why))
        else:
            limit -= 1
    return number, skips


def _walk_days(first: int, length: int, paused: Mapping[int, str]) -> tuple[int, list[Skip]]:
    skips: list[Skip] = []
    last = first + length
    for number in sorted(number for number in paused if number > first):
        if number > last:
            break
        skips.append(Skip(date.fromordinal(number), paused[number]))
        last += 1
    return last, skips


def _roll(calendar: Calendar, number: int, paused: Mapping[int, str], skips: list[Skip]) -> int:
    while why := paused.get(number) or calendar.reason(number):
        skips.append(Skip(date.fromordinal(number), why))
        number += 1
    return number


def _paused_days(pauses: Iterable[Pause]) -> dict[int, str]:
    days: dict[int, str] = {}
    for pause in pauses:
        why = f"暂停：{pause.why}" if pause.why else "暂停"
        for number in range(pause.first.toordinal(), pause.last.toordinal() + 1):
            days.setdefault(number, why)
    return days


def _made_up(calendar: Calendar, first: int, last: int, paused: Mapping[int, str]) -> list[date]:
    return [date.fromordinal(number) for number in calendar.given_between(first, last) if number not in paused]


def _is_weekend(number: int) -> bool:
    return number % 7 in (0, 6)


def _holiday(name: str) -> str:
    return name if name.endswith(("假期", "放假")) else f"{name}假期"


def _full(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _short(day: date, beside: date) -> str:
    return f"{day.month}月{day.day}日" if day.year == beside.year else _full(day)


def _weekday(day: date) -> str:
    return "星期" + WEEKDAYS[day.weekday()]


def _opening(start: date, limit: int, unit: Unit, ends: date, event: str, calendar: Calendar) -> str:
    began = f"自{event}（{_full(start)}）" if event else f"自{_full(start)}"
    worked = "，调休上班" if ends in calendar.makeup else ""
    return f"{began}起{limit}{UNIT_WORDS[unit]}，起算当日不计入，至{_full(ends)}（{_weekday(ends)}{worked}）届满。"


def _skip_words(skips: Sequence[Skip], start: date, unit: Unit, paused: Mapping[int, str]) -> list[str]:
    if not skips:
        return []
    if unit == "workday":
        return [f"其间不计：{_runs(skips, start)}。"]
    stood = [skip for skip in skips if skip.day.toordinal() in paused]
    rolled = [skip for skip in skips if skip.day.toordinal() not in paused]
    words = [f"其间不计：{_runs(stood, start)}。"] if stood else []
    if rolled:
        words.append(f"期间的最后一日遇{_runs(rolled, start)}，顺延至其后第一个工作日。")
    return words


def _runs(skips: Sequence[Skip], beside: date) -> str:
    """Neighbouring days with one reason are told as one stretch."""
    breaks = [0]
    for index, (one, other) in enumerate(pairwise(skips), start=1):
        if other.why != one.why or (other.day - one.day).days != 1:
            breaks.append(index)
    breaks.append(len(skips))
    return "、".join(_run(skips[a], skips[b - 1], beside) for a, b in pairwise(breaks))


def _run(first: Skip, last: Skip, beside: date) -> str:
    if first.day == last.day:
        return f"{_short(first.day, beside)}（{first.why}）"
    return f"{_short(first.day, beside)}至{_short(last.day, first.day)}（{first.why}）"


def _makeup_words(given: Sequence[date], start: date) -> list[str]:
    if not given:
        return []
    days = "、".join(f"{_short(day, start)}（{_weekday(day)}）" for day in given)
    return [f"调休上班、照常计入：{days}。"]


def _missing_words(calendar: Calendar, missing: Sequence[int]) -> list[str]:
    said = []
    for year in missing:
        if year < calendar.first_year:
            said.append(f"日历未收录{year}年，该年按周一至周五推算，本日期为暂定，补录后重算。")
        else:
            said.append(f"{year}年：该年放假安排尚未公布，暂按周一至周五推算，本日期为暂定，公布后重算。")
    return said
