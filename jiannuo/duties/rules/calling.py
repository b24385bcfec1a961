"""What falls due by the calendar alone: the half-yearly report of each organ, the year's work on a task of the annex."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from msgspec import Struct

from jiannuo.policy.documents import DutyKind, Task
from jiannuo.policy.pack import Pack
from jiannuo.subjects.rules import Directory, OrganCard

Organs = Callable[[date], Directory]
"""The county's organs as they stood on a day."""


class Call(Struct, frozen=True):
    """One organ is asked for something for a period, from the period's end on."""

    duty: str
    organ: OrganCard
    period: str
    """2026-H1, 2026, or empty where it comes once."""
    started_on: date
    stated_on: date | None = None
    task: int = 0
    each: bool = False
    """Whether each organ answers for the task by itself."""


def calls(pack: Pack, organs: Organs, *, began_on: date, as_of: date) -> Iterator[Call]:
    """Everything the calendar has asked for since the installation began, up to a day. Each names itself the same every time.

    An organ is asked for a period where it existed on the period's last day, whenever the question is put.
    """
    since: date = pack.about["since"]
    for duty in pack.duties.values():
        if duty.every == "task":
            yield from _tasks(pack, duty, organs, max(began_on, since), as_of)
        elif duty.every:
            for period, ended_on in periods(duty.every, began_on=max(began_on, since), as_of=as_of):
                for organ in bound(duty.who, organs(ended_on)):
                    if organ.since <= ended_on:
                        yield Call(duty.id, organ, period, ended_on)


def periods(every: str, *, began_on: date, as_of: date) -> list[tuple[str, date]]:
    """The periods that ended since a day and by another, and their last days."""
    if every == "once":
        return [("", began_on)]
    found = []
    for year in range(began_on.year, as_of.year + 1):
        halves = [(f"{year}-H1", date(year, 6, 30)), (f"{year}-H2", date(year, 12, 31))]
        found += halves if every == "half" else [(str(year), date(year, 12, 31))]
    return [(name, last) for name, last in found if began_on <= last <= as_of]


def bound(who: Sequence[str], directory: Directory) -> list[OrganCard]:
    """The organs in force that a list of codes and types names."""
    types = {one.removeprefix("type:") for one in who if one.startswith("type:")}
    return [card for card in directory.organs if card.code in who or card.type in types]


def _tasks(pack: Pack, duty: DutyKind, organs: Organs, began_on: date, as_of: date) -> Iterator[Call]:
    """A task with a day is owed once; one that goes on is owed for each year, by the year's end."""
    for task in pack.tasks:
        if task.due is not None and task.due < began_on:
            continue
        years = [""] if task.due else [str(year) for year in range(began_on.year, as_of.year + 1)]
        for year in years:
            first = max(began_on, date(int(year), 1, 1)) if year else began_on
            due = task.due or date(int(year), 12, 31)
            for organ in _answering(task, organs(first)) if first <= as_of else ():
                yield Call(duty.id, organ, year, first, due, task.number, task.each)


def _answering(task: Task, directory: Directory) -> list[OrganCard]:
    """The first organ that a task names answers for it, or each of them by itself; one that is no more is answered for by its heir."""
    named = [directory.by_code[code] for code in task.lead if code in directory.by_code]
    heirs = {card.id: card for card in (directory.heir(one.id) for one in (named if task.each else named[:1]))}
    return list(heirs.values())
