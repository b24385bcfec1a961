"""Taking a step of a case. One step, one transaction: its entry, what it writes, the clocks it starts and ends, the cases it opens."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from msgspec.structs import replace

from jiannuo.access import actions as access
from jiannuo.cases import queries, rules
from jiannuo.cases.actions import answering, demanding, listing
from jiannuo.cases.actions.cleaning import cleaned, named
from jiannuo.cases.actions.filling import Filled, filled, send_in
from jiannuo.cases.actions.gathering import held_then, need_all_named
from jiannuo.cases.actions.handling import OFFICIAL, Whom, chosen_organs, naming, next_handler, whom
from jiannuo.cases.actions.keeping import SINCE, keep_up
from jiannuo.cases.actions.opening import flow_of, take_in
from jiannuo.cases.actions.writing import (
    Given,
    Moment,
    act_on,
    append_step,
    carry_over,
    checked,
    found,
    nothing_personal,
    write,
)
from jiannuo.cases.models import Case
from jiannuo.cases.queries import CaseCard, StepCard
from jiannuo.cases.rules import Taker
from jiannuo.kernel import attachments
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as entries
from jiannuo.ledger import rules as ledger_rules
from jiannuo.ledger.queries import EntryCard
from jiannuo.policy import pack as policy
from jiannuo.policy.flows import Step
from jiannuo.policy.kinds import Kind
from jiannuo.subjects import queries as subjects


@subjects.one_reading()
def take(case_id: int, *, step: str, given: Given, taker: Taker, on: date, at: datetime) -> None:
    """Take one step; how the case stands after it, `queries.case` tells.

    Refuses, in words, what the table does not allow. Of two people at once on one step, the second is told where the case stands.
    """
    given = replace(given, files=cleaned(given.files) if taker.holds_receipt else named(given.files))
    for file in given.files:
        attachments.check(file.name, file.data)
    subjects.directory(on)
    with transaction.atomic():
        row = Case.objects.select_for_update().filter(pk=case_id).first()
        card = queries.case(case_id, as_of=on, owing=False)
        if row is None or card is None:
            raise Refused("没有这件事", fix="请从列表进入", code="not_found")
        row_of = card.flow.by_id.get(step)
        if row_of is None:
            raise Refused(f"“{card.flow.title}”里没有这一步", fix="请刷新页面后再办", code="step")
        done = queries.steps(card)
        if given.token and any(one.entry.body.get("token") == given.token for one in done):
            return
        matter = queries.matter(card, done, as_of=on)
        rules.may_take(matter, row_of, taker)
        given = replace(given, words=rules.words_of(matter, row_of, given.words))
        if row_of.public:
            nothing_personal(given.words, "words")
        rules.need_files(matter, row_of, len(given.files))
        need_all_named(card, row_of, done, given.words, on=on)
        given = answering.demand(card, matter, row_of, given, done)
        demanding.proven(card, row_of, given, on=on)
        demanding.holds(card, row_of, done, on=on)
        _take(row, card, row_of, given, Moment(on, at, taker.author), done)
        carry_over(at)
        if taker.actor:
            access.note(
                taker.actor, action=f"cases.{row_of.right}", object=f"case:{card.number}", at=at, organ_id=card.handler_id,
                detail=row_of.title,
            )  # fmt: skip


def take_each(case_ids: Sequence[int], *, step: str, given: Given, taker: Taker, on: date, at: datetime) -> None:
    """Take one step with the same words in several cases: in all of them, or in none."""
    with transaction.atomic():
        for case_id in case_ids:
            take(case_id, step=step, given=given, taker=taker, on=on, at=at)


def _take(row: Case, card: CaseCard, step: Step, given: Given, when: Moment, done: Sequence[StepCard]) -> None:
    directory = subjects.directory(when.on)
    chosen = chosen_organs(card, step, given.organs, directory)
    if _opens_by_form(step) and not step.parts:
        # Before the step, so that what is wrong on its form leaves nothing behind and a receipt has one owner.
        _open_other(row, card, step, given, when, done)
    extra = _written(card, step, given, when, done) | answering.write_answers(card, given, when)
    if counted := _counted(step, done):
        extra["counted_from"] = counted
    row.handler_id = next_handler(card, step, chosen, directory)
    state = step.leads_to(row.state)
    if state != row.state:
        row.entered_on = when.on
    row.state, row.told = state, row.told or step.tells
    row.closed_on = (row.closed_on or when.on) if card.flow.states[state].final else None
    append_step(row, step, card.opening.link, given, when, extra)
    if step.opens and (step.parts or not _opens_by_form(step)):
        _open_others(card, step, chosen, given, when)


def _counted(step: Step, done: Sequence[StepCard]) -> list[str]:
    """The clocks it starts that are counted from the day of an earlier step, each with that day."""
    days = {one.entry.body["step"]: one.entry.happened_on for one in done}
    return [f"{duty} {days[name].isoformat()}" for duty, name in step.counted_from.items() if name in days]


def _written(card: CaseCard, step: Step, given: Given, when: Moment, done: Sequence[StepCard]) -> ledger_rules.Body:
    """The fact that the step decides, the record that the case keeps up, and what it does to a record; their numbers."""
    extra: ledger_rules.Body = {}
    record = entries.entry(card.record_id) if card.record_id else None
    if step.asks and not _opens_by_form(step):
        number, fields = _asked(card, step, given, when, done, record)
        extra["record"] = number
        given = replace(given, fields=fields)
    if step.lines:
        extra["listed"] = listing.write_each(card, step, given.lines, done, when)
    kept = keep_up(card, step, given, when, done)
    extra |= kept
    if SINCE in kept:
        # On what it was accepted stands with the acceptance: what is held later changes nothing of it.
        extra |= held_then(card, done, on=when.on)
    acted = record or _found(done)
    if step.act and acted:
        told = step.answers or step.public
        extra["acted"] = act_on(step.act, acted, when, number=card.number, words=given.words if told else "")
    if given.criteria:
        extra["criteria"] = list(given.criteria)
    if given.certificate:
        extra["certificate"] = given.certificate
    return extra


def _found(done: Sequence[StepCard]) -> EntryCard | None:
    """The last fact that the case itself wrote."""
    numbers = [int(str(one.entry.body["record"])) for one in done if one.entry.body.get("record")]
    return entries.entry(numbers[-1]) if numbers else None


def _opens_by_form(step: Step) -> bool:
    """Whether its form asks for the opening of the case it opens."""
    return bool(step.opens) and step.asks == flow_of(step.opens).kind


def _open_other(row: Case, card: CaseCard, step: Step, given: Given, when: Moment, done: Sequence[StepCard]) -> None:
    """The case whose opening the form of a step asks for; with the receipt of this one, where its opener goes on with that."""
    flow = flow_of(step.opens)
    kind = policy.current().kinds[flow.kind]
    values = checked(kind, _filled_in(card, step, given, when, done, kind), flow, when.on)
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


def _asked(
    card: CaseCard, step: Step, given: Given, when: Moment, done: Sequence[StepCard], record: EntryCard | None
) -> tuple[int, dict[str, str]]:
    """The fact whose fields the step asked for, written: its entry, and the fields as they are kept."""
    kind = policy.current().kinds[step.asks]
    values = _filled_in(card, step, given, when, done, kind)
    if not kind.from_case:
        return send_in(kind, values, card, when).id, values
    values = checked(kind, values, card.flow, when.on)
    for name in kind.fields_for("free_text"):
        nothing_personal(values.get(name, ""), name)
    about = OFFICIAL + card.official if card.official else record.about if record else ""
    written = write(
        kind, values, when, organ=card.subject_id or card.handler_id, number=card.number, token=f"{card.number}/{card.steps}",
        about=about,
    )  # fmt: skip
    found(card.parent_id, kind=kind.id, entry_id=written.id)
    return written.id, values


def _filled_in(
    card: CaseCard, step: Step, given: Given, when: Moment, done: Sequence[StepCard], kind: Kind
) -> dict[str, str]:
    """The fields of the fact a step writes: as the form gave them, as the case holds them, as the table fills them in."""
    known = Filled(card, tuple(done), when)
    own = {name: filled(source, known) for name, source in step.filling.fills.items()}
    return {**given.fields, **queries.carried(card, step, done, kind, on=when.on), **own}


def _open_others(card: CaseCard, step: Step, chosen: Sequence[int], given: Given, when: Moment) -> None:
    """The cases that a step opens: one with each organ it chose, or one about the same matter."""
    flow, directory = flow_of(step.opens), subjects.directory(when.on)
    kind = policy.current().kinds[flow.kind]
    title, own = kind.field_for("title"), kind.field_for("organ_name")
    matter = (given.words or f"{card.flow.short}{card.number}")[: kind.by_id[title].length or None]
    record = entries.entry(card.record_id) if card.record_id else None
    for organ in chosen if step.parts else [card.subject_id]:
        fields = {title: matter}
        if _opens_by_form(step):
            fields = {**given.fields, **({own: directory.card(organ).name} if own and organ else {})}
        values = checked(kind, fields, flow, when.on)
        about = Whom(organ, "" if step.parts else card.official, record, card.handler_id)
        if _opens_by_form(step):
            demanding.may_open(flow, values, record, on=when.on)
        take_in(
            flow,
            values,
            naming(about, flow, kind, values, directory),
            when,
            token=f"{card.number}/{step.id}/{card.steps}/{organ}",
            files=given.files if flow.papers else (),
            parent=card,
            is_part=step.parts,
        )
