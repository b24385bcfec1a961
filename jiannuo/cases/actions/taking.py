"""Taking a step of a case. One step, one transaction: its entry, what it writes, the clocks it starts and ends, the cases it opens."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from django.db import transaction

from jiannuo.access import actions as access
from jiannuo.cases import queries, rules
from jiannuo.cases.actions import demanding
from jiannuo.cases.actions.cleaning import cleaned
from jiannuo.cases.actions.handling import OFFICIAL, Whom, chosen_organs, next_handler, whom
from jiannuo.cases.actions.opening import flow_of, take_in
from jiannuo.cases.actions.writing import Given, Moment, act_on, append_step, carry_over, checked, found, write
from jiannuo.cases.models import Case
from jiannuo.cases.queries import CaseCard, StepCard
from jiannuo.cases.rules import Taker
from jiannuo.kernel import attachments
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as entries
from jiannuo.ledger import rules as ledger_rules
from jiannuo.policy import pack as policy
from jiannuo.policy.flows import Step
from jiannuo.subjects import queries as subjects


@subjects.one_reading()
def take(case_id: int, *, step: str, given: Given, taker: Taker, on: date, at: datetime) -> CaseCard:
    """Take one step, and return the case as it stands after it.

    Refuses, in words, what the table does not allow. Of two people at once on one step, the second is told where the case stands.
    """
    if taker.holds_receipt:
        given = replace(given, files=cleaned(given.files))
    for file in given.files:
        attachments.check(file.name, file.data)
    subjects.directory(on)
    with transaction.atomic():
        row = Case.objects.select_for_update().filter(pk=case_id).first()
        card = queries.case(case_id, as_of=on)
        if row is None or card is None:
            raise Refused("没有这件事", fix="请从列表进入", code="not_found")
        row_of = card.flow.by_id.get(step)
        if row_of is None:
            raise Refused(f"“{card.flow.title}”里没有这一步", fix="请刷新页面后再办", code="step")
        done = queries.steps(card)
        if given.token and any(one.entry.body.get("token") == given.token for one in done):
            return card
        matter = queries.matter(card, done, as_of=on)
        rules.may_take(matter, row_of, taker)
        given = replace(given, words=rules.words_of(matter, row_of, given.words))
        rules.need_files(matter, row_of, len(given.files))
        demanding.holds(card, row_of, done, on=on)
        _take(row, card, row_of, given, Moment(on, at, taker.author), done)
        carry_over(at)
        if taker.actor:
            access.note(
                taker.actor, action=f"cases.{row_of.right}", object=f"case:{card.number}", at=at, organ_id=card.handler_id,
                detail=row_of.title,
            )  # fmt: skip
        after = queries.case(case_id, as_of=on)
    return after or card


def _take(row: Case, card: CaseCard, step: Step, given: Given, when: Moment, done: Sequence[StepCard]) -> None:
    directory = subjects.directory(when.on)
    chosen = chosen_organs(card, step, given.organs, directory)
    if _opens_by_form(step):
        # Before the step, so that what is wrong on its form leaves nothing behind and a receipt has one owner.
        _open_other(row, card, step, given, when, done)
    extra = _written(card, step, given, when, done)
    if counted := _counted(step, done):
        extra["counted_from"] = counted
    row.handler_id = next_handler(card, step, chosen, directory)
    state = step.leads_to(row.state)
    if state != row.state:
        row.entered_on = when.on
    row.state, row.told = state, row.told or step.tells
    row.closed_on = (row.closed_on or when.on) if card.flow.states[state].final else None
    append_step(row, step, card.opening, given, when, extra)
    if step.opens and not _opens_by_form(step):
        _open_others(card, step, chosen, given, when)


def _counted(step: Step, done: Sequence[StepCard]) -> list[str]:
    """The clocks it starts that are counted from the day of an earlier step, each with that day."""
    days = {one.entry.body["step"]: one.entry.happened_on for one in done}
    return [f"{duty} {days[name].isoformat()}" for duty, name in step.counted_from.items() if name in days]


def _written(card: CaseCard, step: Step, given: Given, when: Moment, done: Sequence[StepCard]) -> ledger_rules.Body:
    """The fact that the step decides and what it does to the record; their numbers."""
    extra: ledger_rules.Body = {}
    record = entries.entry(card.record_id) if card.record_id else None
    if step.asks and not _opens_by_form(step):
        kind = policy.current().kinds[step.asks]
        values = checked(kind, {**given.fields, **carried(card, step, done, on=when.on)}, card.flow, when.on)
        about = OFFICIAL + card.official if card.official else record.about if record else ""
        written = write(
            kind, values, when, organ=card.subject_id or card.handler_id, number=card.number, token=f"{card.number}/{card.steps}",
            about=about,
        )  # fmt: skip
        extra["record"] = written.id
        found(card.parent_id, written)
    if step.act and record:
        extra["acted"] = act_on(step.act, record, when, number=card.number, words=given.words if step.answers else "")
    return extra


def carried(card: CaseCard, step: Step, done: Sequence[StepCard], *, on: date) -> dict[str, str]:
    """What a step takes over into the fact it writes: whom the case is about, fields of its opening and of facts written before."""
    kind = policy.current().kinds[step.asks]
    found: dict[str, str] = {}
    numbers = [int(str(number)) for one in done if step.carries and (number := one.entry.body.get("record"))]
    written = entries.entries(numbers) if numbers else {}
    for body in (card.opening.body, *(one.body for one in written.values())):
        found |= {name: str(body[name]) for name in step.carries if body.get(name)}
    found |= step.sets
    directory = subjects.directory(on)
    if card.subject_id and (name := kind.field_for("organ_name")):
        found[name] = directory.card(card.subject_id).name
    found |= dict.fromkeys(filter(None, map(kind.field_for, queries.HANDLERS)), directory.heir(card.handler_id).name)
    if card.official and (name := kind.field_for("official")):
        found[name] = card.official
    return found


def _opens_by_form(step: Step) -> bool:
    """Whether its form asks for the opening of the case it opens."""
    return bool(step.opens) and step.asks == flow_of(step.opens).kind


def _open_other(row: Case, card: CaseCard, step: Step, given: Given, when: Moment, done: Sequence[StepCard]) -> None:
    """The case whose opening the form of a step asks for; with the receipt of this one, where its opener goes on with that."""
    flow = flow_of(step.opens)
    kind = policy.current().kinds[flow.kind]
    fields = {**given.fields, **carried(card, step, done, on=when.on)}
    values = checked(kind, fields, flow, when.on)
    if flow.papers and not given.files:
        raise Refused(
            "没有附材料", fix="请附上作为依据的文书", clause=flow.clause or flow.source, field="papers", code="papers"
        )
    demanding.may_open(flow, values, None, on=when.on)
    about = whom(flow, kind, values, None, subjects.directory(when.on), when.on)
    receipt = bytes(row.receipt) if step.passes_on and row.receipt else None
    if receipt:
        row.receipt = None
        row.save(update_fields=["receipt"])
    take_in(
        flow,
        values,
        replace(about, opener=None if receipt else card.handler_id),
        when,
        token=f"{card.number}/{step.id}/{card.steps}",
        files=given.files,
        receipt=receipt,
        parent=card,
        handler=card.handler_id if step.stays else None,
    )


def _open_others(card: CaseCard, step: Step, chosen: Sequence[int], given: Given, when: Moment) -> None:
    """The cases that a step opens: one with each organ it chose, or one about the same matter."""
    flow = flow_of(step.opens)
    kind = policy.current().kinds[flow.kind]
    title = kind.field_for("title")
    matter = (given.words or f"{card.flow.short}{card.number}")[: kind.by_id[title].length or None]
    record = entries.entry(card.record_id) if card.record_id else None
    for organ in chosen if step.parts else [card.subject_id]:
        take_in(
            flow,
            checked(kind, {title: matter}, flow, when.on),
            Whom(organ, "" if step.parts else card.official, record, card.handler_id),
            when,
            token=f"{card.number}/{step.id}/{card.steps}/{organ}",
            parent=card,
            is_part=step.parts,
        )
