"""What one person is told on one day: one grouped message, and none where there is nothing new."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from jiannuo.duties.rules import broken_on, horizon
from jiannuo.kernel.workdays import Calendar

AGAIN = timedelta(days=7)
"""What is late, or waits, and was told is told again after so long, if nothing else was told since."""
FIRST_LOOK = timedelta(days=7)
"""How far back the first message of an account looks for what happened."""
NAMED = 3
"""So many promises are named; the rest is in the list the message leads to."""


class Group(StrEnum):
    """What a line of a message is about, in the order it is told."""

    LATE = "late"
    TODAY = "today"
    SOON = "soon"
    CONFIRM = "confirm"
    BACK = "back"
    ASKED = "asked"
    MOVED = "moved"

    @property
    def label(self) -> str:
        """The heading people read."""
        return LABELS[self]


LABELS: Mapping[Group, str] = {
    Group.LATE: "已经超期",
    Group.TODAY: "今天到期",
    Group.SOON: "快要到期",
    Group.CONFIRM: "等我确认",
    Group.BACK: "退回给我的",
    Group.ASKED: "牵头单位提醒",
    Group.MOVED: "到期日有变动",
}


class Due(Struct, frozen=True):
    """The open duties of one kind that one organ owes by one day."""

    organ_id: int
    kind: str
    due_on: date
    count: int
    opened_at: datetime
    """When the newest of them came to be known."""
    titles: tuple[str, ...] = ()


class Waiting(Struct, frozen=True):
    """Evidence that waits for an organ to confirm it."""

    organ_id: int
    kind: str
    title: str
    submitted_at: datetime


class Happened(Struct, frozen=True):
    """Something that happened and concerns an organ: sent back, asked for by the lead office, a date that moved."""

    id: int
    group: Group
    organ_id: int
    action: str
    """The right of those who can do something about it; empty where all of the organ are told."""
    words: str
    at: datetime
    url: str = ""


class Reader(Struct, frozen=True):
    """One account and what it is told of."""

    account_id: int
    own: frozenset[int] = frozenset()
    """The organs whose duties it answers for."""
    confirms: frozenset[int] = frozenset()
    county: bool = False
    """The lead office is told how the whole county stands."""
    may: frozenset[str] = frozenset()


class Told(Struct, frozen=True):
    """The last message of an account: of which day, made when, and how far it had followed what happened."""

    on: date
    at: datetime
    happened: int = 0


class Item(Struct, frozen=True):
    """One line of a message: how many of what, and the list it counts."""

    group: Group
    words: str
    count: int
    fresh: bool
    kind: str = ""
    first: date | None = None
    last: date | None = None
    county: bool = False
    titles: tuple[str, ...] = ()
    url: str = ""


class Note(Struct, frozen=True):
    """The message of one account on one day."""

    account_id: int
    on: date
    subject: str
    items: tuple[Item, ...]
    happened: int


class Day(Struct, frozen=True):
    """What all messages of a day are made from."""

    on: date
    calendar: Calendar
    what: Mapping[str, str]
    """Kind of duty → its words."""
    warn: Mapping[str, int]
    dues: Sequence[Due] = ()
    waiting: Sequence[Waiting] = ()
    happened: Sequence[Happened] = ()
    newest: int = 0
    """The number of the last thing that happened."""
    _far: dict[tuple[date, int], date] = {}

    def horizon(self, kind: str, on: date) -> date:
        """What is due by this day was due soon on a day."""
        key = (on, self.warn.get(kind, 0))
        if key not in self._far:
            self._far[key] = horizon(self.calendar, as_of=on, warn=key[1])
        return self._far[key]


def note(reader: Reader, day: Day, *, last: Told | None) -> Note | None:
    """The message of an account, or none: on a day off, twice on a day, or where nothing is new since the last one."""
    if not day.calendar.is_workday(day.on) or (last is not None and last.on >= day.on):
        return None
    items = [*_dues(reader.own, day, last), *_confirming(reader, day, last), *_happened(reader, day, last)]
    if reader.county:
        items += _dues(None, day, last)
    if not any(one.fresh for one in items):
        return None
    order = list(Group)
    items.sort(key=lambda one: (order.index(one.group), one.county, one.first or date.max, one.kind))
    return Note(reader.account_id, day.on, subject(items), tuple(items), day.newest)


def subject(items: Sequence[Item]) -> str:
    """What the message is about, in one line: the groups with their numbers, the most pressing first."""
    counts: dict[Group, int] = {}
    for one in items:
        counts[one.group] = counts.get(one.group, 0) + one.count
    return "，".join(f"{group.label} {counts[group]} 项" for group in Group if group in counts)


def _dues(organs: Collection[int] | None, day: Day, last: Told | None) -> Iterable[Item]:
    lots: dict[tuple[Group, str], list[tuple[Due, bool]]] = {}
    for due in day.dues:
        if organs is not None and due.organ_id not in organs:
            continue
        group = _group(due, day)
        # The whole county's near dates are each organ's own business.
        if group is None or (organs is None and group is Group.SOON):
            continue
        lots.setdefault((group, due.kind), []).append((due, _is_news(due, group, day, last)))
    for (group, kind), several in lots.items():
        several.sort(key=lambda pair: pair[0].due_on)
        count = sum(due.count for due, _ in several)
        titles = () if organs is None else tuple(title for due, _ in several for title in due.titles)
        yield Item(
            group=group,
            words=_words(day.what.get(kind, kind), count, {due.organ_id for due, _ in several}, organs is None),
            count=count,
            fresh=any(news for _, news in several),
            kind=kind,
            first=several[0][0].due_on,
            last=several[-1][0].due_on,
            county=organs is None,
            titles=titles[:NAMED],
        )


def _words(what: str, count: int, organs: Collection[int], county: bool) -> str:  # noqa: FBT001
    return f"全县 {len(organs)} 个单位：{what} {count} 项" if county else f"{what} {count} 项"


def _group(due: Due, day: Day) -> Group | None:
    if due.due_on < day.on:
        return Group.LATE
    if due.due_on == day.on:
        return Group.TODAY
    return Group.SOON if due.due_on <= day.horizon(due.kind, day.on) else None


def _is_news(due: Due, group: Group, day: Day, last: Told | None) -> bool:
    if last is None or due.opened_at > last.at:
        return True
    if group is Group.LATE:
        return broken_on(due.due_on) > last.on or day.on - last.on >= AGAIN
    if group is Group.TODAY:
        return True
    return due.due_on > day.horizon(due.kind, last.on)


def _confirming(reader: Reader, day: Day, last: Told | None) -> Iterable[Item]:
    mine = [one for one in day.waiting if one.organ_id in reader.confirms]
    if mine:
        again = last is not None and day.on - last.on >= AGAIN
        fresh = last is None or again or any(one.submitted_at > last.at for one in mine)
        titles = tuple(one.title for one in mine if one.title)[:NAMED]
        yield Item(Group.CONFIRM, f"有 {len(mine)} 项办理情况等您核实确认", len(mine), fresh, titles=titles)


def _happened(reader: Reader, day: Day, last: Told | None) -> Iterable[Item]:
    for one in day.happened:
        known = one.id <= last.happened if last else one.at.date() < day.on - FIRST_LOOK
        if known or one.organ_id not in reader.own or (one.action and one.action not in reader.may):
            continue
        yield Item(one.group, one.words, 1, fresh=True, url=one.url)
