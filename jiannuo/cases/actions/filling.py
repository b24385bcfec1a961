"""What a step fills in by itself, and a fact of an ordinary kind that it sends in through the checks every row goes through."""

from collections.abc import Mapping
from functools import cached_property

from msgspec import Struct

from jiannuo.cases import queries
from jiannuo.cases.actions.writing import Moment
from jiannuo.cases.queries import CaseCard, StepCard
from jiannuo.intake import actions as intake
from jiannuo.intake import queries as batches
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as entries
from jiannuo.ledger.queries import EntryCard
from jiannuo.policy import pack as policy
from jiannuo.policy.filling import Source
from jiannuo.policy.kinds import Kind
from jiannuo.subjects import queries as subjects

FROM_CASE = "case/"
"""How the token of a batch begins that a step of a case sent in; its number follows."""


class Filled(Struct, frozen=True, dict=True):
    """What there is to fill in from: the case, what was done in it, and when the step is taken."""

    card: CaseCard
    done: tuple[StepCard, ...]
    when: Moment

    @cached_property
    def opening(self) -> Mapping[str, str]:
        """What the opening says, sealed values opened for the record that is written from them."""
        said = {name: str(value) for name, value in self.card.opening.body.items()}
        return said | entries.personal(self.card.opening.id)

    def day_of(self, step: str) -> str:
        """The day on which a step was taken last."""
        days = [one.entry.happened_on for one in self.done if one.step and one.step.id == step]
        return days[-1].isoformat() if days else ""


def filled(source: Source, known: Filled) -> str:
    """The value that a source of `policy.filling` stands for; `days` are the business of whoever keeps a record up."""
    if source.of == "says":
        return source.name
    if source.of == "opening":
        return known.opening.get(source.name, "")
    if source.of == "day" and source.name:
        return known.day_of(source.name)
    organ = subjects.directory(known.when.on).card(known.card.handler_id)
    plain = {
        "number": known.card.number,
        "day": known.when.on.isoformat(),
        "since": known.card.entered_on.isoformat(),
        "handler.name": organ.name,
        "handler.uscc": organ.uscc,
    }
    return plain[source.of]


def case_of(record: EntryCard) -> int | None:
    """The case that wrote a record of an ordinary kind, or keeps it up; nothing where an organ sent it in."""
    if record.batch is not None:
        token = batches.token_of(record.batch)
        number = token.removeprefix(FROM_CASE).rpartition("/")[0] if token.startswith(FROM_CASE) else ""
    else:
        kept = any(flow.kept == record.kind for flow in policy.current().flows.values())
        number = record.number if kept else ""
    found = queries.by_number(number, as_of=record.happened_on) if number else None
    return found.id if found else None


def send_in(kind: Kind, values: Mapping[str, str], card: CaseCard, when: Moment) -> EntryCard:
    """The fact goes in as a row of a form does, inside the caller's transaction: checked, known by what makes it unique, its party
    met. Refuses what intake does not take, at its field.
    """
    batch_id = intake.receive_rows(
        [{name: value for name, value in values.items() if name in kind.by_id}],
        kind=kind.id,
        organ_id=card.handler_id,
        author=when.author,
        at=when.at,
        as_of=when.on,
        token=f"{FROM_CASE}{card.number}/{card.steps}",
    )
    batch = intake.process(batch_id, clock=lambda: when.at)
    if batch.refusal:
        raise Refused(batch.refusal["message"], fix=batch.refusal["fix"], code=batch.refusal["code"])
    if batch.rejected:
        one = next(one for one in batches.problems(batch_id, limit=200)[1] if one.level == "error")
        title = kind.by_id[one.field].title if one.field in kind.by_id else kind.short
        raise Refused(f"{title}：{one.message}", fix=one.fix, clause=kind.source, field=one.field, code=one.code)
    if not batch.accepted:
        fix = "请核对文书号；确实是同一份决定的，说明已经报送过"
        raise Refused(f"库里已经有内容完全相同的{kind.short}", fix=fix, clause=kind.source, code="unchanged")
    (sent,) = entries.cards(entries.facts().filter(batch=batch_id))
    return sent
