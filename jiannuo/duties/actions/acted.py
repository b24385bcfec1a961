"""What acts on a promise make of its duty: evidence sent, confirmed or sent back, a date moved, a pause, an answer of the public."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from django.db.models import F

from jiannuo.duties import rules
from jiannuo.duties.actions.opening import Terms
from jiannuo.duties.models import Duty
from jiannuo.duties.rules import mending, pausing
from jiannuo.ledger import queries as ledger
from jiannuo.ledger.queries import EntryCard
from jiannuo.policy import pack as policy


def apply(act_ids: Iterable[int]) -> None:
    """Carry acts over, oldest first. The caller holds the bookmark, so each is carried over once."""
    acts = ledger.entries(act_ids)
    records = ledger.entries(act.refers for act in acts.values() if act.refers)
    for number in sorted(acts):
        act = acts[number]
        record = records.get(act.refers or 0)
        duty = record and _duty_of(record, act.body.get("duty", ""))
        if duty:
            CARRY[act.kind](duty, act)


def _duty_of(record: EntryCard, kind: str) -> Duty | None:
    rows = Duty.objects.filter(entry__identity=record.identity, kind=kind)
    return rows.order_by("-entry__version").first()


def _set(duty: Duty, **values: object) -> None:
    Duty.objects.filter(pk=duty.pk).update(**values)


def _performed(duty: Duty, act: EntryCard) -> None:
    if duty.kept_on is None and duty.lifted_on is None:
        _set(duty, submitted=act.id, submitted_on=date.fromisoformat(act.body["submitted_on"]))


def _confirmed(duty: Duty, act: EntryCard) -> None:
    if duty.kept_on is None:
        kept = date.fromisoformat(act.body["kept_on"])
        _set(duty, kept_on=kept, kept_by=act.id, submitted=None, submitted_on=None)


def _sent_back(duty: Duty, act: EntryCard) -> None:
    _set(duty, submitted=None, submitted_on=None)
    if mending.is_granted(policy.current(), duty.kind, shown_on=duty.submitted_on, due_on=duty.due_on):
        duty.mending_since = act.happened_on
        _due_again(duty, mending_since=act.happened_on)


def _reopened(duty: Duty, _act: EntryCard) -> None:
    _set(duty, kept_on=None, kept_by=None)


def _lifted(duty: Duty, act: EntryCard) -> None:
    if duty.kept_on is None and duty.lifted_on is None:
        _set(duty, lifted_on=act.happened_on, lifted_by=act.id, submitted=None, submitted_on=None)


def _amended(duty: Duty, act: EntryCard) -> None:
    duty.stated_on = date.fromisoformat(act.body["due_on"])
    # The named day already reckons with every pause that is over.
    duty.pauses = ""
    first = duty.first_due_on or duty.due_on
    _due_again(duty, first_due_on=first, amendments=F("amendments") + 1)


def suspended(duty: Duty, act: EntryCard) -> None:
    """It stands still from the day of an act on."""
    duty.pauses = pausing.begun(duty.pauses, act.happened_on, act.reason)
    _due_again(duty)


def resumed(duty: Duty, act: EntryCard) -> None:
    """It goes on from the day of an act."""
    if pausing.standing_since(duty.pauses):
        duty.pauses = pausing.ended(duty.pauses, act.happened_on)
        _due_again(duty)


def _answered(duty: Duty, act: EntryCard) -> None:
    field = "agreed" if act.body.get("answer") == "agreed" else "disputed"
    _set(duty, **{field: F(field) + 1})


CARRY: Mapping[str, Callable[[Duty, EntryCard], None]] = {
    "performance": _performed,
    "confirmation": _confirmed,
    "rejection": _sent_back,
    "reopening": _reopened,
    "amendment": _amended,
    "suspension": suspended,
    "resumption": resumed,
    "lifting": _lifted,
    "response": _answered,
}
"""Each act on a promise, and what it makes of the duty."""


def due_again(duty: Duty, *, terms: Terms) -> tuple[date, bool, str]:
    """The due date of a duty with its amendments, its pauses and the days given to mend it; what stands still is due on no day."""
    if pausing.standing_since(duty.pauses):
        return rules.SUSPENDED_UNTIL, True, duty.rule
    term = terms.of(duty.started_on, duty.stated_on, pausing.over(duty.pauses))
    if term is None:
        return duty.due_on, duty.provisional, duty.rule
    due_on, provisional = mending.last_day(
        policy.current(),
        duty.kind,
        sent_back_on=duty.mending_since,
        due_on=date.fromisoformat(term.due_on),
        provisional=term.provisional,
    )
    return due_on, provisional, term.rule


def _due_again(duty: Duty, **more: object) -> None:
    due_on, provisional, rule = due_again(duty, terms=Terms(duty.kind, policy.current()))
    _set(duty, stated_on=duty.stated_on, pauses=duty.pauses, due_on=due_on, provisional=provisional, rule=rule, **more)
