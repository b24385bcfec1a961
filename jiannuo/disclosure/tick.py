"""What disclosure does as days pass. It may run twice, late, or in two places."""

from datetime import date, datetime, timedelta

from msgspec import Struct

from jiannuo.disclosure import actions

LOOK_BACK = timedelta(days=400)
"""Due days of decisions older than this no longer move."""


class Report(Struct, frozen=True):
    """What a run came to: records that joined the queue, due days that moved, records the law took from view."""

    joined: int
    moved: int
    ceased: int

    def as_dict(self) -> dict[str, int]:
        """The report in plain values."""
        return {"joined": self.joined, "moved": self.moved, "ceased": self.ceased}


def run(*, as_of: date, now: datetime) -> Report:
    """Follow the ledger into the queue of review, bring due days into step with duties, withdraw what a law seals by now."""
    joined = actions.follow(at=now)
    moved = actions.refresh_deadlines(since=as_of - LOOK_BACK)
    return Report(joined, moved, actions.cease(on=as_of, at=now))
