"""What may be public, how it is shown, how it is found, and what the catalogue asks for. Pure."""

from jiannuo.disclosure.rules.catalogue import Period, ahead, period_of
from jiannuo.disclosure.rules.filters import CHECKS, Case, Finding, Judgement, judge
from jiannuo.disclosure.rules.finding import (
    CAP,
    PARTY_CODES,
    Filters,
    Groups,
    Looked,
    fts,
    groups,
    looked,
    terms,
    tsquery,
    tsvector,
)
from jiannuo.disclosure.rules.masking import Shown, as_date, party_name, public_view, search_text, text_of, value

__all__ = [
    "CAP",
    "CHECKS",
    "PARTY_CODES",
    "Case",
    "Filters",
    "Finding",
    "Groups",
    "Judgement",
    "Looked",
    "Period",
    "Shown",
    "ahead",
    "as_date",
    "fts",
    "groups",
    "judge",
    "looked",
    "party_name",
    "period_of",
    "public_view",
    "search_text",
    "terms",
    "text_of",
    "tsquery",
    "tsvector",
    "value",
]
