"""The steps that nobody takes: when a time limit has run out since a state began. Safe to run twice, late, or in two places."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from jiannuo.cases import queries
from jiannuo.cases.actions import Given, take
from jiannuo.cases.models import Case
from jiannuo.cases.rules import Taker
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as ledger
from jiannuo.policy import pack as policy
from jiannuo.policy.flows import Flow, Step


@dataclass(frozen=True, slots=True)
class Report:
    """What one run looked at, and how many steps the clock took."""

    looked_at: int
    taken: int


def run(*, as_of: date, now: datetime) -> Report:
    """Take every step whose day has come, dated by the law and not by when it woke up."""
    looked = taken = 0
    for flow in policy.current().flows.values():
        for step in flow.steps:
            if step.when == "term_over":
                over = _over(flow, step, as_of, now)
                looked, taken = looked + over, taken + over
            elif step.when == "record_ended":
                ended = _ended(flow, step, as_of, now)
                looked, taken = looked + ended, taken + ended
            elif step.by == "clock" and step.after:
                waiting = Case.objects.filter(flow=flow.id, state__in=step.start, entered_on__lt=as_of)
                for case_id, entered_on in waiting.order_by("pk").values_list("pk", "entered_on"):
                    looked += 1
                    taken += _ripe(flow, step, case_id, entered_on, as_of, now)
    return Report(looked, taken)


def _ended(flow: Flow, step: Step, as_of: date, now: datetime) -> int:
    """Take the step in every case whose record counts no more; returns how many."""
    found = 0
    waiting = Case.objects.filter(flow=flow.id, state__in=step.start, record__isnull=False).order_by("pk")
    for case_id, record_id in list(waiting.values_list("pk", "record_id")):
        ended_on = queries.record_ended(record_id, as_of=as_of)
        if ended_on is not None:
            try:
                given = Given(token=f"{flow.id}/{step.id}")
                take(case_id, step=step.id, given=given, taker=Taker(), on=max(ended_on, _entered(case_id)), at=now)
            except Refused:
                continue
            found += 1
    return found


def _over(flow: Flow, step: Step, as_of: date, now: datetime) -> int:
    """Take the step in every case whose own term is over; returns how many."""
    found, field = 0, policy.current().kinds[flow.kind].field_for("valid_until")
    waiting = Case.objects.filter(flow=flow.id, state__in=step.start).select_related("opening").order_by("pk")
    for row in waiting:
        last = ledger.card_of(row.opening).body.get(field)
        if last and date.fromisoformat(str(last)) < as_of:
            on = max(date.fromisoformat(str(last)) + timedelta(days=1), row.entered_on)
            given = Given(token=f"{flow.id}/{step.id}")
            take(row.pk, step=step.id, given=given, taker=Taker(), on=on, at=now)
            found += 1
    return found


def _entered(case_id: int) -> date:
    return Case.objects.values_list("entered_on", flat=True).get(pk=case_id)


def _ripe(flow: Flow, step: Step, case_id: int, entered_on: date, as_of: date, now: datetime) -> int:
    pack = policy.current()
    due = pack.rule(step.after, on=entered_on).due(entered_on, pack.calendar)
    ripe_on = due.due_on + timedelta(days=1)
    # A date that a coming holiday notice may still move closes nothing.
    if due.provisional or ripe_on > as_of:
        return 0
    try:
        token = f"{flow.id}/{step.id}/{entered_on}"
        take(case_id, step=step.id, given=Given(token=token), taker=Taker(), on=ripe_on, at=now)
    except Refused:
        # Somebody took another step in between.
        return 0
    return 1
