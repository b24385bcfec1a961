"""How a duty stands on a day, why it is due when it is, and what shares are taken of what. Nothing here is stored."""

from jiannuo.duties.rules.desk import DueDay, DueList, Holiday, due_list, next_holiday
from jiannuo.duties.rules.explaining import Explanation, explain
from jiannuo.duties.rules.figures import LEADS_TO, Rates, Received, Share, Tally, months
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

__all__ = [
    "FALLEN_DUE",
    "LABELS",
    "LEADS_TO",
    "OPEN",
    "STALE_AFTER",
    "Clock",
    "DueDay",
    "DueList",
    "Explanation",
    "Holiday",
    "Rates",
    "Received",
    "Share",
    "Standing",
    "Tally",
    "broken_on",
    "due_list",
    "explain",
    "horizon",
    "months",
    "next_holiday",
    "standing",
    "standings",
]
