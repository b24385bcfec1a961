"""The record that a case keeps up (办件): written by the step that begins it, brought up to date by later ones, its days counted anew.

It goes into the ledger as what an organ uploads does, under the same identity, so that duties and figures follow it without knowing of
cases, and a row of a workbook under its number is the same record.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from msgspec import Struct

from jiannuo.cases import rules
from jiannuo.cases.actions.filling import Filled, filled
from jiannuo.cases.actions.writing import Given, Moment, checked, drafted
from jiannuo.cases.queries import CaseCard, StepCard
from jiannuo.cases.rules import Run
from jiannuo.kernel.refusals import Refused
from jiannuo.kernel.workdays import Due
from jiannuo.ledger import actions as ledger
from jiannuo.ledger import queries as entries
from jiannuo.ledger import rules as ledger_rules
from jiannuo.ledger.queries import EntryCard
from jiannuo.policy import pack as policy
from jiannuo.policy.flows import Step
from jiannuo.policy.kinds import Kind
from jiannuo.subjects import queries as subjects

UNTIL = "until"
"""What a step's entry says of the day until which the days stand still."""

Happened = tuple[Step, date, str]
"""A step, its day, and until when it stops the days."""

SINCE = "since"
"""What the entry that begins the record says of the day from which the days run."""


class Promised(Struct, frozen=True):
    """A day that was promised, or is the law's, with how it follows."""

    title: str
    due: Due
    field: str


def kept(done: Sequence[StepCard]) -> EntryCard | None:
    """The record that a case keeps up, as its last step left it."""
    number = kept_id(done)
    return entries.entry(number) if number else None


def kept_id(done: Sequence[StepCard]) -> int | None:
    """The number of its entry, without reading it."""
    return next((int(str(one.entry.body["kept"])) for one in reversed(done) if one.entry.body.get("kept")), None)


def promised(card: CaseCard, *, done: Sequence[StepCard]) -> list[Promised]:
    """The days by which the case is to be decided, each with how it is counted; none before it is accepted."""
    since = next((str(one.entry.body[SINCE]) for one in done if one.entry.body.get(SINCE)), "")
    if not since:
        return []
    kind, run = policy.current().kinds[card.flow.kept], _run(_happened(done))
    days = {
        name: source.name
        for step in card.flow.steps
        for name, source in step.filling.keeps.items()
        if source.of == "days"
    }
    found = [(name, _due(card, role, date.fromisoformat(since), run)) for name, role in days.items()]
    return [Promised(kind.by_id[name].title, due, name) for name, due in found if due is not None]


def keep_up(card: CaseCard, step: Step, given: Given, when: Moment, done: Sequence[StepCard]) -> ledger_rules.Body:
    """Write the record, or bring it up to date, inside the caller's transaction; what the step's entry says of it.

    Refuses a number that an organ has uploaded a record of its own under.
    """
    if not step.filling.keeps:
        return {}
    flow = card.flow
    kind, before = policy.current().kinds[flow.kept], kept(done)
    values = {**_plain(before), **_now(card, step, given, when, done, kind, before)}
    values = checked(kind, values, flow, when.on)
    organ = before.organ_id if before else card.handler_id
    draft = drafted(kind, values, when, organ=organ, number=card.number)
    present = entries.present([draft.identity]).get(draft.identity)
    if before is None and present is not None:
        fix = f"请先把上传的“{card.number}”改回政务服务系统里的编号，再办这一步"
        raise Refused(f"已经上传过编号是“{card.number}”的{kind.short}", fix=fix, clause=flow.source, code="kept")
    said: ledger_rules.Body = {
        "kept": 0,
        **({} if before else {SINCE: values[kind.field_for("day")]}),
        **stopped_until(step, given),
    }
    if before is not None:
        assert present is not None  # noqa: S101 - the record of an earlier step
        if present.content == draft.content:
            return {**said, "kept": before.id}
        _moved(kind, before, values, step, when)
        draft = draft._replace(version=present.version + 1, corrects=present.link, reason=step.title)
    return {**said, "kept": ledger.append([draft], at=when.at)[0]}


def stopped_until(step: Step, given: Given) -> dict[str, str]:
    """What the entry of a step must say of how long the days stand still, so that they can be counted from the entries alone."""
    name = step.filling.stops
    return {UNTIL: given.fields.get(name, "")} if name else {}


def _plain(record: EntryCard | None) -> dict[str, str]:
    return {name: str(value) for name, value in record.body.items()} if record else {}


def _now(
    card: CaseCard,
    step: Step,
    given: Given,
    when: Moment,
    done: Sequence[StepCard],
    kind: Kind,
    before: EntryCard | None,
) -> dict[str, str]:
    """The fields that the step writes: first what is said, then the days counted from the day of the record."""
    known = Filled(card, tuple(done), when)
    keeps = step.filling.keeps
    values = {name: filled(source, known) for name, source in keeps.items() if source.of != "days"}
    start = values.get(kind.field_for("day")) or (before and str(before.body[kind.field_for("day")])) or ""
    run = _run([*_happened(done), (step, when.on, stopped_until(step, given).get(UNTIL, ""))])
    for name, source in keeps.items():
        if source.of == "days":
            due = _due(card, source.name, date.fromisoformat(start), run)
            values[name] = due.due_on.isoformat() if due else ""
    return values


def _run(happened: Sequence[Happened]) -> Run:
    """How the working days ran so far."""
    pack = policy.current()
    grown = [pack.rule(step.filling.adds, on=on).value.limit for step, on, _ in happened if step.filling.adds]
    return rules.run_of(happened, added=sum(grown))


def _happened(done: Sequence[StepCard]) -> list[Happened]:
    return [(one.step, one.entry.happened_on, str(one.entry.body.get(UNTIL) or "")) for one in done if one.step]


def _due(card: CaseCard, role: str, start: date, run: Run) -> Due | None:
    """The last of so many working days as the item says in a role; nothing where it says none."""
    item = card.record
    if item is None:
        return None
    text = str(item.body.get(policy.current().kinds[item.kind].field_for(role)) or "").partition(".")[0]
    return rules.last_day(policy.current().calendar, start, int(text), run) if text.isdigit() else None


def _moved(kind: Kind, before: EntryCard, values: Mapping[str, str], step: Step, when: Moment) -> None:
    """A promised day that moves, moves in the open: an act on the record before the record says the new day."""
    name = kind.field_for("due_on")
    was, now = str(before.body.get(name) or ""), values.get(name, "")
    if not now or was == now:
        return
    organ = subjects.directory(when.on).card(before.organ_id).code
    for duty in kind.opens:
        draft = ledger.act(
            "amendment", on=before, organ_code=organ, happened_on=when.on, rule=f"{policy.current().id}#{duty}",
            author=when.author, reason=step.title, body={"duty": duty, "due_was": was, "due_on": now}, of=duty,
        )  # fmt: skip
        ledger.append([draft], at=when.at)
