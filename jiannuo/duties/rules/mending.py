"""What came in time and was sent back is not late while it is mended: the last day moves to the one given for mending."""

from datetime import date

from jiannuo.policy.pack import Pack


def is_granted(pack: Pack, kind: str, *, shown_on: date | None, due_on: date) -> bool:
    """Whether sending back gives days to mend: the kind has a rule for it, and what is sent back had come in time."""
    return bool(pack.duties[kind].mend) and shown_on is not None and shown_on <= due_on


def last_day(pack: Pack, kind: str, *, sent_back_on: date | None, due_on: date, provisional: bool) -> tuple[date, bool]:
    """The last day with the days to mend, if any were given, and whether it is provisional; never earlier than it was."""
    name = pack.duties[kind].mend if kind in pack.duties else ""
    if sent_back_on is None or not name:
        return due_on, provisional
    given = pack.rule(name, on=sent_back_on).due(sent_back_on, pack.calendar)
    return (given.due_on, given.provisional) if given.due_on > due_on else (due_on, provisional)
