"""Who may read a promise and what is restricted of it. Pure."""

from collections.abc import Collection

from jiannuo.access import rules as access
from jiannuo.access.rules import Actor


def may_read(actor: Actor, debtor_id: int, confirmer_id: int | None) -> bool:
    """A promise is read by who may read the debtor's records, and by the people of the organ that confirms it."""
    if access.may(actor, "records.read", debtor_id):
        return True
    return access.may(actor, "records.read") and confirmer_id in actor.scope


def may_read_answers(actor: Actor, confirmer_id: int | None, debtors: Collection[int]) -> bool:
    """What people wrote is read by who confirms or by the lead office, never by the organ it is about."""
    return actor.organ_id not in debtors and access.may(actor, "duties.confirm", confirmer_id)
