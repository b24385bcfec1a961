"""What is owed in a case by a day: the claim it was opened with, less what was paid under its agreement, with interest."""

from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from jiannuo.cases.queries import CaseCard
from jiannuo.duties.queries.claims import sum_of
from jiannuo.duties.queries.promises import PromiseCard
from jiannuo.policy import pack as policy
from jiannuo.policy.claims import Claim, Interest, interest


class Reckoned(Struct, frozen=True):
    """A claim and its interest by a day."""

    claim: Claim
    interest: Interest


def reckoned(*, card: CaseCard, promised: Iterable[PromiseCard], on: date) -> Reckoned | None:
    """The claim of a case that is not closed; nothing where it is about no money."""
    claim = policy.current().claim(card.kind.id, card.opening.body) if card.closed_on is None else None
    if claim is None:
        return None
    paid = [(one.duty.kept_on, sum_of(one)) for one in promised]
    return Reckoned(claim, interest(claim, on=on, paid=[(day, amount) for day, amount in paid if day and amount]))
