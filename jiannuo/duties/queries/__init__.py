"""Reading the duties: who owes what by when, how it stands, what shares are kept, and whether the tick is alive."""

from jiannuo.duties.models import SHOWN_IN_TIME
from jiannuo.duties.queries.counting import rates, tallies
from jiannuo.duties.queries.explaining import explain
from jiannuo.duties.queries.listing import (
    DutyCard,
    Page,
    due_list,
    duties,
    next_due_of_case,
    of_cases,
    of_entries,
    owed,
)
from jiannuo.duties.queries.pulse import HeartbeatCard, heartbeat
from jiannuo.duties.rules import (
    DueDay,
    DueList,
    Explanation,
    Holiday,
    Rates,
    Received,
    Share,
    Standing,
    Tally,
    standings,
)
from jiannuo.duties.rules.confirming import confirms_words, oversight

__all__ = [
    "SHOWN_IN_TIME",
    "DueDay",
    "DueList",
    "DutyCard",
    "Explanation",
    "HeartbeatCard",
    "Holiday",
    "Page",
    "Rates",
    "Received",
    "Share",
    "Standing",
    "Tally",
    "confirms_words",
    "due_list",
    "duties",
    "explain",
    "heartbeat",
    "next_due_of_case",
    "of_cases",
    "of_entries",
    "oversight",
    "owed",
    "rates",
    "standings",
    "tallies",
]
