"""Pauses of a promise as a duty keeps them: first day, last day or nothing where it still stands, and why."""

import json
from collections.abc import Sequence
from datetime import date, timedelta

from jiannuo.kernel.workdays import Pause

Written = list[list[str]]


def written(pauses: str) -> Written:
    """The pauses a duty keeps."""
    found: Written = json.loads(pauses) if pauses else []
    return found


def begun(pauses: str, since: date, why: str) -> str:
    """The same with one more that begins on a day."""
    return _kept([*written(pauses), [since.isoformat(), "", why]])


def ended(pauses: str, since: date) -> str:
    """The same, the last one over on the day before it goes on."""
    several = written(pauses)
    several[-1][1] = (since - timedelta(days=1)).isoformat()
    return _kept(several)


def standing_since(pauses: str) -> date | None:
    """The day since which it stands still, if it does."""
    several = written(pauses)
    return date.fromisoformat(several[-1][0]) if several and not several[-1][1] else None


def over(pauses: str) -> tuple[Pause, ...]:
    """The pauses that are over."""
    day = date.fromisoformat
    return tuple(Pause(day(first), day(last), why) for first, last, why in written(pauses) if last and last >= first)


def _kept(several: Sequence[Sequence[str]]) -> str:
    return json.dumps(several, ensure_ascii=False)
