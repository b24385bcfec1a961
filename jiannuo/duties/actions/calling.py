"""The calendar asks: each call is an entry of its own, written once however often, late, or in how many places this runs."""

from datetime import date, datetime

from django.db import transaction

from jiannuo.duties import rules
from jiannuo.duties.models import Bookmark
from jiannuo.duties.rules import Call
from jiannuo.ledger import actions as writing
from jiannuo.ledger import queries as ledger
from jiannuo.ledger import rules as entries
from jiannuo.policy import pack as policy
from jiannuo.subjects import queries as subjects

AUTHOR = "tick"
KIND = "call"


@transaction.atomic
def call(*, as_of: date, now: datetime, dry_run: bool = False) -> int:
    """Write what the calendar has asked for by a day and the ledger does not have yet; returns how many there were."""
    mark = Bookmark.objects.select_for_update().get(pk=1)
    began_on = mark.began_on or as_of
    if mark.began_on is None and not dry_run:
        Bookmark.objects.filter(pk=1).update(began_on=as_of)
    pack = policy.current()
    wanted = {_identity(one): one for one in rules.calls(pack, subjects.directory, began_on=began_on, as_of=as_of)}
    known = ledger.present(list(wanted))
    fresh = [(identity, one) for identity, one in wanted.items() if identity not in known]
    if fresh and not dry_run:
        writing.append([_draft(identity, one) for identity, one in fresh], at=now)
    return len(fresh)


def _identity(one: Call) -> bytes:
    # A task of the annex is one task whoever answers for it by now; what every organ owes is each organ's own.
    whose = ":".join(["task", str(one.task), *([one.organ.code] if one.each else [])]) if one.task else one.organ.code
    return entries.identity(KIND, one.duty, whose, one.period)


def _draft(identity: bytes, one: Call) -> entries.Draft:
    body: entries.Body = {"duty": one.duty, "period": one.period}
    if one.task:
        body["task"] = str(one.task)
    if one.stated_on:
        body["due_on"] = one.stated_on.isoformat()
    pack = policy.current()
    return entries.Draft(
        kind=KIND,
        organ_id=one.organ.id,
        organ_code=one.organ.code,
        happened_on=one.started_on,
        rule=f"{pack.id}#{one.duty}",
        source=entries.Source(AUTHOR),
        identity=identity,
        number=" ".join(filter(None, [one.period, f"任务{one.task}" if one.task else ""])),
        body=body,
        visibility="public",
    )
