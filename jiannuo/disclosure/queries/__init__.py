"""Reading what is public, what waits for review, and what the catalogue asks for."""

from jiannuo.disclosure.queries.listings import (
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

__all__ = [
    "Numbers",
    "Page",
    "PartyPage",
    "PublicRow",
    "RowCard",
    "cards",
    "export",
    "find",
    "listing",
    "narrowed",
    "numbers",
    "party",
]
