"""Making the table of cases again from the ledger, which holds the opening and every step of each."""

from collections.abc import Mapping

from django.db import transaction

from jiannuo.cases.actions.writing import found
from jiannuo.cases.models import Case, Counter
from jiannuo.cases.queries import OPEN, STEP
from jiannuo.ledger import queries as ledger
from jiannuo.ledger.queries import EntryCard
from jiannuo.policy import pack as policy
from jiannuo.subjects import queries as subjects

CHUNK = 2000


@transaction.atomic
def rebuild() -> int:
    """Empty the table and tell all steps again, oldest first; returns how many cases there are."""
    Case.objects.update(parent=None)
    Case.objects.all().delete()
    Counter.objects.all().delete()
    last = 0
    while several := ledger.since(last, kinds=[STEP], limit=CHUNK):
        openings = ledger.entries(step.refers or 0 for step in several)
        for step in several:
            if step.body["step"] == OPEN:
                _opened(openings[step.refers or 0], step)
            else:
                _went_on(step)
        last = several[-1].id
    return Case.objects.count()


def _opened(opening: EntryCard, step: EntryCard) -> None:
    body: Mapping[str, object] = step.body
    directory = subjects.directory(step.happened_on)
    parent = Case.objects.filter(number=str(body.get("parent") or "")).first()
    subject, opener = (directory.find(str(body.get(key) or "")) for key in ("subject", "opener"))
    record = body.get("about_record")
    receipt = bytes.fromhex(str(body["receipt"])) if body.get("receipt") else None
    # A receipt follows the case that its holder goes on with.
    Case.objects.filter(receipt=receipt).exclude(receipt=None).update(receipt=None)
    Case.objects.create(
        flow=str(body["flow"]),
        number=step.number,
        opening_id=opening.id,
        state=str(body["to"]),
        entered_on=step.happened_on,
        handler_id=step.organ_id,
        subject_id=subject.id if subject else None,
        official=str(body.get("official") or ""),
        record_id=int(str(record)) if record else None,
        opener_id=opener.id if opener else None,
        opener_official=str(body.get("opener_official") or ""),
        receipt=receipt,
        parent=parent,
        is_part=bool(body.get("part")),
        told=bool(body.get("told")),
        steps=1,
        opened_on=step.happened_on,
    )
    counter, _ = Counter.objects.get_or_create(flow=str(body["flow"]), year=step.happened_on.year)
    counter.last += 1
    counter.save(update_fields=["last"])


def _went_on(step: EntryCard) -> None:
    row = Case.objects.get(opening=step.refers)
    state = str(step.body["to"])
    flow = policy.current().flows.get(row.flow)
    if state != row.state:
        row.entered_on = step.happened_on
    closes = bool(flow and state in flow.states and flow.states[state].final)
    row.closed_on = (row.closed_on or step.happened_on) if closes else None
    row.state, row.handler_id, row.told = state, step.organ_id, bool(step.body.get("told"))
    row.steps = step.version
    row.save()
    if row.parent_id and (record := ledger.entry(int(str(step.body.get("record") or 0)))):
        found(row.parent_id, kind=record.kind, entry_id=record.id)
