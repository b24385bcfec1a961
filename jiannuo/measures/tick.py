"""What measures do as the ledger grows. It may run twice, late, or in two places."""

from datetime import date, datetime

from jiannuo.measures import actions
from jiannuo.subjects import queries as subjects


def run(*, as_of: date, now: datetime) -> int:
    """Draw the consequences of all that has come, and end what whoever is barred may not keep; returns how many measures were laid."""
    more, laid = True, 0
    with subjects.one_reading():
        # Before any transaction begins, where it comes from memory.
        subjects.directory(as_of)
        while more:
            more, some = actions.follow(on=as_of, at=now)
            laid += some
        actions.end_barred(on=as_of, at=now)
    return laid
