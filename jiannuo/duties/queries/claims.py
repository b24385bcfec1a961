"""What a promise to pay owes in interest: reckoned anew at every look, from its record and the day it was kept."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from jiannuo.duties.queries.promises import PromiseCard
from jiannuo.policy import pack as policy
from jiannuo.policy.claims import Interest, interest


def sum_of(card: PromiseCard) -> Decimal | None:
    """The sum promised, in yuan; nothing where it is no promise to pay."""
    owed = policy.current().claim(card.record.kind, card.record.body) if card.kind else None
    return owed.principal if owed else None


def interest_of(card: PromiseCard, *, on: date) -> Interest | None:
    """The interest by a day, or by the day it was paid; nothing where it is no promise to pay, or owed no more."""
    return (
        of_record(card.record.kind, card.record.body, kept_on=card.duty.kept_on, on=on)
        if card.kind and card.duty.lifted_on is None
        else None
    )


def of_record(kind: str, body: Mapping[str, object], *, kept_on: date | None, on: date) -> Interest | None:
    """The same of what a record says."""
    owed = policy.current().claim(kind, body)
    if owed is None:
        return None
    return interest(owed, on=min(kept_on or on, on))
