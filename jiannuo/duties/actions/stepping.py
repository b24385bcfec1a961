"""What a step of a case makes of the duties of that case: some begin, some are kept or fall away, some stand still and go on."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from jiannuo.duties.actions.acted import resumed, suspended
from jiannuo.duties.actions.opening import Owed, keep, lift, open_for
from jiannuo.duties.models import Duty
from jiannuo.kernel import days
from jiannuo.ledger import queries as ledger
from jiannuo.ledger.queries import EntryCard

STEP = "step"
"""An entry by which a case goes on. Its body names the kinds of duty it starts, ends, lifts, pauses and resumes."""


def apply(step_ids: Iterable[int], *, opened_at: datetime) -> None:
    """Carry steps over, oldest first. The caller holds the bookmark, so each is carried over once."""
    steps = ledger.entries(step_ids)
    for number in sorted(steps):
        _apply(steps[number], opened_at)


def _apply(step: EntryCard, opened_at: datetime) -> None:
    for kind in _named(step, "ends"):
        keep(_open(step, kind), by=step.id, on=step.happened_on, kind=kind)
    for kind in _named(step, "lifts"):
        lift(_open(step, kind), by=step.id, on=step.happened_on, kind=kind)
    for kind in _named(step, "pauses"):
        for duty in _of_case(step, kind):
            suspended(duty, step)
    for kind in _named(step, "resumes"):
        for duty in _of_case(step, kind):
            resumed(duty, step)
    counted = dict(str(one).split(" ", 1) for one in _named(step, "counted_from"))
    for kind in _named(step, "starts"):
        began = days.parse_day(counted.get(kind, "")) or step.happened_on
        open_for([Owed(step.id, step.organ_id, began)], kind=kind, opened_at=opened_at)


def _named(step: EntryCard, what: str) -> tuple[str, ...]:
    return tuple(step.body.get(what) or ())


def _of_case(step: EntryCard, kind: str) -> QuerySet[Duty]:
    # Their numbers first: joined to the ledger, a database looks at every open duty of the kind there is.
    steps = ledger.facts().filter(kind=STEP, refers=step.refers, pk__lt=step.id).order_by().values_list("pk", flat=True)
    entries = [step.refers, *steps]
    return Duty.objects.filter(entry__in=entries, kind=kind, kept_on=None, lifted_on=None).order_by("pk")


def _open(step: EntryCard, kind: str) -> list[int]:
    return list(_of_case(step, kind).values_list("entry_id", flat=True))
