"""What falls due by the calendar alone: the half-yearly report of each organ, the year's work on a task of the annex."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from jiannuo.policy.documents import DutyKind
from jiannuo.policy.pack import Pack
from jiannuo.subjects.rules import Directory, OrganCard


@dataclass(frozen=True, slots=True)
class Call:
    """One organ is asked for something for a period, from the period's end on."""

    duty: str
    organ: OrganCard
    period: str
    """2026-H1, 2026, or empty where it comes once."""
    started_on: date
    stated_on: date | None = None
    task: int = 0


def calls(pack: Pack, directory: Directory, *, began_on: date, as_of: date) -> Iterator[Call]:
    """Everything the calendar has asked for since the installation began, up to a day. Each names itself the same every time."""
    since: date = pack.about["since"]
    for duty in pack.duties.values():
        if duty.every == "task":
            yield from _tasks(pack, duty, directory, max(began_on, since), as_of)
        elif duty.every:
            for period, ended_on in periods(duty.every, began_on=max(began_on, since), as_of=as_of):
                for organ in bound(duty.who, directory):
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


def _tasks(pack: Pack, duty: DutyKind, directory: Directory, began_on: date, as_of: date) -> Iterator[Call]:
    """A task with a day is owed once; one that goes on is owed for each year, by the year's end."""
    for task in pack.tasks:
        lead = directory.by_code.get(next(iter(task.lead), ""))
        if lead is None:
            continue
        heir = directory.heir(lead.id)
        if task.due is not None:
            if task.due >= began_on:
                yield Call(duty.id, heir, "", began_on, task.due, task.number)
            continue
        for year in range(began_on.year, as_of.year + 1):
            first = max(began_on, date(year, 1, 1))
            yield Call(duty.id, heir, str(year), first, date(year, 12, 31), task.number)
