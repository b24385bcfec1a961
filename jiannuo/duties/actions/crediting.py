"""Whoever it is owed to says whether it was paid or done: their word keeps it, or sends it back to the debtor."""

from datetime import date, datetime

from django.db import transaction

from jiannuo.duties.actions.performing import CREDITOR, held_of, write
from jiannuo.duties.rules import undertaking as may
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as entries
from jiannuo.ledger import rules as ledger_rules
from jiannuo.policy import pack as policy

KEPT = "企业确认做到"
"""What everybody reads of its yes; nothing it wrote itself is public before somebody released it."""


def acknowledge(
    duty_id: int, *, done: bool, words: str, author: str, on: date, at: datetime, seen: int | None = None
) -> int:
    """The evidence that waits is accepted or sent back by whom it is owed to. The caller knows that it is they who speak.

    Refuses what another confirms, what waits for nobody, and a no without words.
    """
    with transaction.atomic():
        duty, record, promise = held_of(duty_id, at)
        if policy.current().duties[duty.kind].confirmed_by != CREDITOR:
            raise Refused("这一项不由您确认", fix="请等确认单位答复", clause=promise.clause, code="forbidden")
        may.may_confirm(promise, None)
        may.same_evidence(promise, seen=seen, waiting=duty.submitted_id)
        if not done:
            said = may.need_words(promise, words, "哪里没有做到", field="words")
            return write("rejection", duty, record, actor=author, on=on, at=at, reason=said)
        sent = entries.entry(duty.submitted_id or 0)
        body: ledger_rules.Body = {
            "kept_on": sent.happened_on.isoformat() if sent else on.isoformat(),
            "performance": sent.digest if sent else "",
            "publish": False,
        }
        return write("confirmation", duty, record, actor=author, on=on, at=at, body=body, reason=KEPT)
