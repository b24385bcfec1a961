"""What an answer means and when to try again, the exact bytes that are sent, and what a person is reminded of. Pure."""

from jiannuo.exchange.rules.deliveries import (
    FIRST_WAIT,
    LEASE,
    LONGEST_WAIT,
    RECEIPT_KEPT,
    SIGNED,
    Answer,
    Judgement,
    State,
    judge,
    key_id,
    key_of,
    message,
    public_bytes,
    sign,
    verify,
    wait_after,
)

__all__ = [
    "FIRST_WAIT",
    "LEASE",
    "LONGEST_WAIT",
    "RECEIPT_KEPT",
    "SIGNED",
    "Answer",
    "Judgement",
    "State",
    "judge",
    "key_id",
    "key_of",
    "message",
    "public_bytes",
    "sign",
    "verify",
    "wait_after",
]
