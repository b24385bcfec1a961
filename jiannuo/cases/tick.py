"""The steps that nobody takes: when a time limit has run out since a state began. Safe to run twice, late, or in two places."""

from datetime import date, datetime, timedelta

from jiannuo.cases import queries
from jiannuo.cases.actions import Given, take
from jiannuo.cases.rules import Taker
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as ledger
from jiannuo.policy import pack as policy
from jiannuo.policy.flows import Flow, Step


def run(*, as_of: date, now: datetime) -> int:
    """Take every step whose day has come, dated by the law and not by when it woke up; returns how many."""
    taken = 0
    for flow in policy.current().flows.values():
        for step in flow.steps:
            if step.when == "term_over":
                taken += _over(flow, step, as_of, now)
            elif step.when == "record_ended":
                taken += _ended(flow, step, as_of, now)
            elif step.by == "clock" and step.after:
                taken += _ripe(flow, step, as_of, now)
    return taken


def _ended(flow: Flow, step: Step, as_of: date, now: datetime) -> int:
    """Take the step in every case whose record counts no more; returns how many."""
    found = 0
    waiting = queries.standing_in(flow.id, step.start).filter(record__isnull=False)
    for row in list(waiting.select_related("record")):
        record = queries.record_of(row)
        ended_on = queries.record_ended(record, as_of=as_of) if record else None
        if ended_on is not None:
            found += _taken(row.pk, step, f"{flow.id}/{step.id}", max(ended_on, row.entered_on), now)
    return found


def _over(flow: Flow, step: Step, as_of: date, now: datetime) -> int:
    """Take the step in every case whose own term is over; returns how many."""
    found, field = 0, policy.current().kinds[flow.kind].field_for("valid_until")
    for row in list(queries.standing_in(flow.id, step.start).select_related("opening")):
        last = ledger.card_of(row.opening).body.get(field)
        if last and date.fromisoformat(str(last)) < as_of:
            on = max(date.fromisoformat(str(last)) + timedelta(days=1), row.entered_on)
            found += _taken(row.pk, step, f"{flow.id}/{step.id}", on, now)
    return found


def _ripe(flow: Flow, step: Step, as_of: date, now: datetime) -> int:
    """Take the step in every case that has stood long enough; returns how many. One computation for each day that cases stand since."""
    found, standing = 0, queries.standing_in(flow.id, step.start)
    since = standing.filter(entered_on__lt=as_of).order_by("entered_on").values_list("entered_on", flat=True).distinct()
    for entered_on in list(since):
        ripe_on = _ripe_on(step, entered_on)
        if ripe_on is not None and ripe_on <= as_of:
            token = f"{flow.id}/{step.id}/{entered_on}"
            for case_id in list(standing.filter(entered_on=entered_on).values_list("pk", flat=True)):
                found += _taken(case_id, step, token, ripe_on, now)
    return found


def _ripe_on(step: Step, entered_on: date) -> date | None:
    """The first day after the time limit; None while a coming holiday notice may still move it: such a date closes nothing."""
    pack = policy.current()
    due = pack.rule(step.after, on=entered_on).due(entered_on, pack.calendar)
    return None if due.provisional else due.due_on + timedelta(days=1)


def _taken(case_id: int, step: Step, token: str, on: date, now: datetime) -> int:
    try:
        take(case_id, step=step.id, given=Given(token=token), taker=Taker(), on=on, at=now)
    except Refused:
        # Somebody took another step in between.
        return 0
    return 1
