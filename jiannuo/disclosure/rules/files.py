"""What an entry of a file says, and whether it still counts. Pure."""

from collections.abc import Mapping
from datetime import date

from jiannuo.duties.rules import Standing
from jiannuo.policy.kinds import Kind
from jiannuo.policy.pack import Pack

NAMED_ELSEWHERE = ("official", "title", "organ_code", "organ_name", "number", "sender", "day")
"""The roles whose fields a line of a file does not repeat: the file names whose it is, the line its day and title."""

PROMISES: Mapping[Standing, tuple[str, str]] = {
    Standing.RUNNING: ("open", "进行中"),
    Standing.DUE_SOON: ("due_soon", "将到期"),
    Standing.KEPT: ("on_time", "按期兑现"),
    Standing.KEPT_LATE: ("late", "逾期兑现"),
    Standing.BROKEN: ("overdue", "逾期未兑现"),
    Standing.LIFTED: ("withheld", "已免除"),
}


def last_day(pack: Pack, kind: Kind, body: Mapping[str, str], day: date) -> date | None:
    """The last day on which an entry counts; None where time does not end it."""
    ends = kind.ends
    return pack.ends_on(kind.id, str(body.get(ends.field) or ""), on=day) if ends else None


def together(pack: Pack, kind: Kind, several: Mapping[int, tuple[Mapping[str, str], date]]) -> dict[int, date | None]:
    """The last day of each of an official's entries of a kind, by number. One within whose period another was decided does not
    end by itself: it counts as long as that other.
    """
    found = {number: last_day(pack, kind, body, day) for number, (body, day) in several.items()}
    if kind.ends is None:
        return found
    held = [one for one, (body, _) in several.items() if str(body.get(kind.ends.field) or "") in kind.ends.by]
    for one in sorted(held, key=lambda number: several[number][1], reverse=True):
        last = found[one]
        later = [found[other] for other in held if last and several[one][1] < several[other][1] <= last]
        found[one] = max([last, *filter(None, later)]) if last else None
    return found


def counts(ends_on: date | None, on: date) -> bool:
    """Whether it still counts: to its last day inclusive."""
    return ends_on is None or on <= ends_on


def said(kind: Kind, body: Mapping[str, str], opened: Mapping[str, str], day: date) -> list[tuple[str, str]]:
    """What an entry says, title and value, beside what the file and the line say already."""
    skipped = {kind.field_for(role) for role in NAMED_ELSEWHERE} | {"official_name"}
    found = []
    for field in kind.fields:
        value = opened.get(field.id) or str(body.get(field.id) or "")
        if value and field.id not in skipped:
            parts = value.split(";") if field.codes else [value]
            words = "；".join((kind.label(field.codes, part, day) if field.codes else part) or part for part in parts)
            found.append((field.title, words))
    return found
