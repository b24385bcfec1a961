"""Batches are worked through by the worker beside the server; a small one is not made to wait for it."""

from datetime import datetime

from jiannuo.disclosure import actions as disclosure
from jiannuo.intake import actions as intake
from jiannuo.intake.queries import BatchCard
from jiannuo.kernel import clock

AT_ONCE = 512 * 2**10
"""Files up to this many bytes are checked within the request: a few thousand rows take under a second."""


def work_through(batch_id: int) -> BatchCard:
    """The batch done, and the duties of what it brought opened, so that the next page shows its due dates."""
    card = intake.process(batch_id, clock=clock.now)
    carry_over(clock.now())
    return card


def carry_over(now: datetime) -> None:
    """The duties and the queue of review follow what has come into the ledger; done twice it changes nothing."""
    disclosure.follow(at=now)
