"""Reading what is public, what waits for review, and what the catalogue asks for."""

from jiannuo.disclosure.queries.catalogue import AreaCard, CatalogueCard, CatalogueCell, catalogue_status
from jiannuo.disclosure.queries.listings import (
    EVERYTHING,
    PAGE,
    Numbers,
    Page,
    PartyPage,
    PublicRow,
    RowCard,
    cards,
    export,
    find,
    listing,
    narrowed,
    numbers,
    party,
)
from jiannuo.disclosure.queries.records import Change, Notice, RecordCard, Step, public_record
from jiannuo.disclosure.queries.review import Judged, Queue, WaitingCard, judged, kinds_reviewed, waiting
from jiannuo.disclosure.rules import Filters, Finding, Judgement, Shown, State

__all__ = [
    "EVERYTHING",
    "PAGE",
    "AreaCard",
    "CatalogueCard",
    "CatalogueCell",
    "Change",
    "Filters",
    "Finding",
    "Judged",
    "Judgement",
    "Notice",
    "Numbers",
    "Page",
    "PartyPage",
    "PublicRow",
    "Queue",
    "RecordCard",
    "RowCard",
    "Shown",
    "State",
    "Step",
    "WaitingCard",
    "cards",
    "catalogue_status",
    "export",
    "find",
    "judged",
    "kinds_reviewed",
    "listing",
    "narrowed",
    "numbers",
    "party",
    "public_record",
    "waiting",
]
