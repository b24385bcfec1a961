"""How a duty stands on a day, why it is due when it is, and what shares are taken of what. Nothing here is stored."""

from jiannuo.duties.rules.calling import Call, bound, calls
from jiannuo.duties.rules.desk import DueDay, DueList, Holiday, due_list, next_holiday
from jiannuo.duties.rules.explaining import Explanation, explain
from jiannuo.duties.rules.figures import LEADS_TO, Rates, Received, Share, Tally, months
from jiannuo.duties.rules.progress import Progress, progress
from jiannuo.duties.rules.standing import (
    FALLEN_DUE,
    LABELS,
    OPEN,
    STALE_AFTER,
    Clock,
    Standing,
    broken_on,
    horizon,
    standing,
    standings,
)
from jiannuo.duties.rules.undertaking import SUSPENDED_UNTIL, Undertaking

__all__ = [
    "FALLEN_DUE",
    "LABELS",
    "LEADS_TO",
    "OPEN",
    "STALE_AFTER",
    "SUSPENDED_UNTIL",
    "Call",
    "Clock",
    "DueDay",
    "DueList",
    "Explanation",
    "Holiday",
    "Progress",
    "Rates",
    "Received",
    "Share",
    "Standing",
    "Tally",
    "Undertaking",
    "bound",
    "broken_on",
    "calls",
    "due_list",
    "explain",
    "horizon",
    "months",
    "next_holiday",
    "progress",
    "standing",
    "standings",
]
