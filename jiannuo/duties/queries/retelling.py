"""What a promise was at a moment, told again from the facts and acts known by then: the duty as it stood, without asking the table."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from jiannuo.duties import rules
from jiannuo.duties.queries.explaining import warning_days
from jiannuo.duties.rules import Clock, Standing, mending, pausing
from jiannuo.kernel import days
from jiannuo.kernel.clock import SHANGHAI
from jiannuo.ledger.queries import EntryCard
from jiannuo.policy import pack as policy
from jiannuo.policy.documents import DutyKind


@dataclass(slots=True)
class Told:
    """A promise as it stood once everything known had been carried over."""

    kind: str
    started_on: date
    due_on: date
    stated_on: date | None
    provisional: bool = False
    first_due_on: date | None = None
    amendments: int = 0
    pauses: str = ""
    kept_on: date | None = None
    lifted_on: date | None = None
    submitted_on: date | None = None
    mending_since: date | None = None
    waiting: EntryCard | None = None
    """The evidence that waits to be confirmed."""
    accepted: EntryCard | None = None
    """The evidence that was accepted, while the confirmation stands."""
    confirmation: EntryCard | None = None
    breach: EntryCard | None = None
    agreed: int = 0
    disputed: int = 0
    sent: dict[str, EntryCard] = field(default_factory=dict)
    """Everything that was sent in as evidence, by digest."""

    @property
    def suspended_since(self) -> date | None:
        """The day since which it stands still, if it does."""
        return pausing.standing_since(self.pauses)

    def standing(self, as_of: date) -> Standing:
        """How it stood at the end of a day."""
        pack = policy.current()
        clock = Clock(self.started_on, self.due_on, self.kept_on, self.lifted_on, self.submitted_on)
        return rules.standing(clock, pack.calendar, as_of=as_of, warn=warning_days(pack, self.kind, as_of=as_of))


def retold(versions: Sequence[EntryCard], acts: Iterable[EntryCard], *, kind: str) -> Told | None:
    """The promise that a record opens, from its versions and the acts on them known by a moment; nothing where no date follows."""
    duty = policy.current().duties[kind]
    told: Told | None = None
    happened = [*versions, *(act for act in acts if act.body.get("duty") == kind)]
    for entry in sorted(happened, key=lambda one: one.id):
        if entry.kind in CARRY:
            if told is not None:
                CARRY[entry.kind](told, entry)
        else:
            told = _stated(told, entry, duty)
    return told


def _stated(told: Told | None, entry: EntryCard, duty: DutyKind) -> Told | None:
    """The record says by when; a later version that says another day moves the date, unless an act has moved it already or it has passed."""
    started_on = _day(entry, duty.starts) or entry.happened_on
    found = _due(duty, started_on, _day(entry, duty.stated), "")
    if found is None:
        return told
    due_on, stated_on, provisional = found
    if told is None:
        return Told(duty.id, min(started_on, due_on), due_on, stated_on, provisional)
    passed = told.due_on < entry.seen_at.astimezone(SHANGHAI).date() and not told.provisional
    if told.amendments or told.pauses or passed:
        return told
    if told.due_on != due_on:
        told.first_due_on, told.amendments = told.due_on, 1
    told.started_on = min(started_on, due_on)
    told.due_on, told.stated_on, told.provisional = due_on, stated_on, provisional
    return told


def _day(entry: EntryCard, role: str) -> date | None:
    kind = policy.current().kinds.get(entry.kind)
    name = kind.field_for(role) if kind and role else role
    return days.parse_day(str(entry.body.get(name) or "")) if name else None


def _due(
    duty: DutyKind, started_on: date, stated_on: date | None, pauses: str
) -> tuple[date, date | None, bool] | None:
    pack = policy.current()
    try:
        rule = pack.rule_over(duty.deadline, started_on, stated_on)
    except LookupError:
        return None
    if pausing.standing_since(pauses):
        return rules.SUSPENDED_UNTIL, stated_on, True
    over = pausing.over(pauses)
    if stated_on is None and rule.value.unit == "stated":
        return None
    if stated_on is not None and not over:
        return stated_on, stated_on, False
    due = rule.due(started_on, pack.calendar, stated=stated_on, pauses=over)
    return due.due_on, stated_on, due.provisional


def _due_again(told: Told) -> None:
    found = _due(policy.current().duties[told.kind], told.started_on, told.stated_on, told.pauses)
    if found is not None:
        due_on, told.stated_on, provisional = found
        told.due_on, told.provisional = mending.last_day(
            policy.current(), told.kind, sent_back_on=told.mending_since, due_on=due_on, provisional=provisional
        )


# -- what each act makes of it ----------------------------------------------------------------------------------------


def _performed(told: Told, act: EntryCard) -> None:
    told.sent[act.digest] = act
    if told.kept_on is None and told.lifted_on is None:
        told.waiting, told.submitted_on = act, date.fromisoformat(act.body["submitted_on"])


def _confirmed(told: Told, act: EntryCard) -> None:
    if told.kept_on is None:
        told.kept_on = date.fromisoformat(act.body["kept_on"])
        told.accepted, told.confirmation = told.sent.get(act.body.get("performance", "")), act
        told.waiting = told.submitted_on = None


def _sent_back(told: Told, act: EntryCard) -> None:
    granted = mending.is_granted(policy.current(), told.kind, shown_on=told.submitted_on, due_on=told.due_on)
    told.waiting = told.submitted_on = None
    if granted:
        told.mending_since = act.happened_on
        _due_again(told)


def _reopened(told: Told, _act: EntryCard) -> None:
    told.kept_on = told.accepted = told.confirmation = None


def _lifted(told: Told, act: EntryCard) -> None:
    if told.kept_on is None and told.lifted_on is None:
        told.lifted_on = act.happened_on
        told.waiting = told.submitted_on = None


def _amended(told: Told, act: EntryCard) -> None:
    told.first_due_on = told.first_due_on or told.due_on
    told.stated_on, told.pauses = date.fromisoformat(act.body["due_on"]), ""
    told.amendments += 1
    _due_again(told)


def _suspended(told: Told, act: EntryCard) -> None:
    told.pauses = pausing.begun(told.pauses, act.happened_on, act.reason)
    _due_again(told)


def _resumed(told: Told, act: EntryCard) -> None:
    if told.suspended_since:
        told.pauses = pausing.ended(told.pauses, act.happened_on)
        _due_again(told)


def _answered(told: Told, act: EntryCard) -> None:
    if act.body.get("answer") == "agreed":
        told.agreed += 1
    else:
        told.disputed += 1


def _broken(told: Told, act: EntryCard) -> None:
    told.breach = act if act.body.get("broken") else None


CARRY: Mapping[str, Callable[[Told, EntryCard], None]] = {
    "performance": _performed,
    "confirmation": _confirmed,
    "rejection": _sent_back,
    "reopening": _reopened,
    "lifting": _lifted,
    "amendment": _amended,
    "suspension": _suspended,
    "resumption": _resumed,
    "response": _answered,
    "breach": _broken,
}
"""Each act, and what it makes of a promise told again; the same as `duties.actions.acted` makes of the table."""
