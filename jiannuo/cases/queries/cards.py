"""Reading cases: where each stands, what was done in it, what may be done now and by whom."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from msgspec import Struct
from msgspec.structs import replace

from jiannuo.access.rules import Actor
from jiannuo.cases import rules
from jiannuo.cases.models import Case
from jiannuo.cases.rules import Matter
from jiannuo.duties.queries import DutyCard, of_cases, oversight
from jiannuo.duties.queries.promises import PromiseCard, promises_of
from jiannuo.kernel import sql
from jiannuo.ledger import queries as ledger
from jiannuo.ledger.queries import EntryCard
from jiannuo.policy import pack as policy
from jiannuo.policy.flows import OPENING, Flow, State, Step
from jiannuo.policy.kinds import Kind
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.queries import Directory

Known = tuple[Any, EntryCard, EntryCard | None]
"""A row of the table with its opening, and the record it is about."""
STEP = "step"
OPEN = OPENING
"""The step with which every case begins."""

HANDLERS = ("decider", "confirmer")
"""The roles of what a step writes that whoever has the case on the table fills."""
ENDING = ("repair", "withdrawal", "revocation")
"""The acts after which a record counts against nobody."""


class CaseCard(Struct, frozen=True):
    """One case as lists show it."""

    id: int
    flow: Flow
    number: str
    opening: EntryCard
    state: State
    entered_on: date
    handler_id: int
    subject_id: int | None
    official: str
    record_id: int | None
    record: EntryCard | None
    """The record it is about, or the item of a list, in the version it was opened with."""
    opener_id: int | None
    opener_official: str
    parent_id: int | None
    is_part: bool
    told: bool
    steps: int
    opened_on: date
    closed_on: date | None
    duties: tuple[DutyCard, ...]

    @property
    def kind(self) -> Kind:
        """The kind of fact that opened it."""
        return policy.current().kinds[self.flow.kind]

    @property
    def title(self) -> str:
        """What it is about, as its opening says; where that is sealed, what else it says in a word."""
        return title_of(self.flow, self.opening, self.record)

    @property
    def next_due(self) -> DutyCard | None:
        """What in it is due first of what is still to be done."""
        return next((one for one in self.duties if one.is_open), None)


class StepCard(Struct, frozen=True):
    """One step as it was taken."""

    entry: EntryCard
    step: Step | None
    """None for the opening."""
    state: State

    @property
    def title(self) -> str:
        """What was done."""
        return self.step.title if self.step else "登记"

    @property
    def is_sealed(self) -> bool:
        """Whether its words are kept apart and opened only by who may read the case."""
        return self.entry.visibility == ledger.CLOSED


def title_of(flow: Flow, opening: EntryCard, record: EntryCard | None) -> str:
    """What a case is about, in the words of its opening that are not sealed, with the record it is about; else the procedure's name."""
    said = _called(opening) or flow.short
    if record is None:
        return said
    if record.visibility == ledger.CLOSED:
        # What a closed record says is told to nobody who only sees the list.
        return f"{flow.short}：{said}" if flow.short not in said else said
    named = _called(record) or record.number
    return f"{said}：{named}" if named and named not in said else said


def _called(one: EntryCard) -> str:
    """The first of its title and summary that is nobody's personal data."""
    kind = policy.current().kinds[one.kind]
    names = [*kind.fields_for("title"), *kind.fields_for("summary")]
    return next(filter(None, (str(one.body.get(name) or "") for name in names if not kind.by_id[name].personal)), "")


def case(case_id: int, *, as_of: date, owing: bool = True) -> CaseCard | None:
    """The case of that number in the table."""
    return next(iter(_read("c.id = %s", [case_id], as_of=as_of, owing=owing)), None)


def by_number(number: str, *, as_of: date) -> CaseCard | None:
    """The case of that number."""
    return next(iter(_read("c.number = %s", [number], as_of=as_of)), None)


def by_receipt(code: str, *, as_of: date) -> CaseCard | None:
    """The case that a receipt code follows."""
    return next(iter(_read("c.receipt = %s", [receipt_digest(code)], as_of=as_of)), None)


def receipt_digest(code: str) -> bytes:
    """What is kept of a receipt code, however its owner writes it."""
    return hashlib.sha256(code.replace("-", "").replace(" ", "").strip().upper().encode()).digest()


def of_record(record_ids: Collection[int], *, as_of: date, flow: str = "") -> list[CaseCard]:
    """The cases about these records, newest first."""
    rows = Case.objects.filter(record__in=list(record_ids), **({"flow": flow} if flow else {}))
    return cards(rows.order_by("-pk"), as_of=as_of)


def of_flows(
    flows: Collection[str],
    *,
    as_of: date,
    organ_ids: Collection[int] | None = None,
    owing: bool = True,
) -> list[CaseCard]:
    """The cases of some procedures, newest first; only those about some organs, where they are given. Who does not ask what is `owing`
    in them is told of no duties.
    """
    about = "" if organ_ids is None else f" AND c.subject_id IN ({sql.numbers(organ_ids)})"
    # In the order of the index of procedures: by their numbers a database walks all cases there are.
    order = "ORDER BY c.opened_on DESC, c.id DESC"
    return _read(f"c.flow IN ({sql.names(flows)}){about} {order}", as_of=as_of, owing=owing)


def standing_in(flow: str, states: Collection[str]) -> QuerySet[Case]:
    """The rows of the cases of a procedure that stand in one of these states and are not closed, oldest first: the clock's."""
    return Case.objects.filter(flow=flow, state__in=list(states), closed_on=None).order_by("pk")


def of_officials(code: str, *, as_of: date) -> list[CaseCard]:
    """The cases about an official, or that the official opened, newest first."""
    return cards(Case.objects.filter(Q(official=code) | Q(opener_official=code)).order_by("-pk"), as_of=as_of)


def parts(card: CaseCard, *, as_of: date) -> list[CaseCard]:
    """The cases that this one opened, or that were opened in it, oldest first; none is looked for where no table lets any be."""
    inside = any(one.within and one.within.flow == card.flow.id for one in policy.current().flows.values())
    if not inside and not any(step.opens for step in card.flow.steps):
        return []
    return cards(Case.objects.filter(parent=card.id).order_by("pk"), as_of=as_of)


def steps(card: CaseCard) -> list[StepCard]:
    """What was done in a case, oldest first."""
    return steps_of([card])[card.id]


def steps_of(cards: Iterable[CaseCard]) -> dict[int, list[StepCard]]:
    """What was done in many cases, in one question, each oldest first."""
    found: dict[int, list[StepCard]] = {card.id: [] for card in cards}
    by_opening = {card.opening.id: card for card in cards}
    for one in ledger.acts_on(by_opening, kind=STEP):
        card = by_opening[one.refers or 0]
        if one.body["to"] in card.flow.states:
            found[card.id].append(
                StepCard(one, card.flow.by_id.get(one.body["step"]), card.flow.states[one.body["to"]])
            )
    return found


def opened_between(flow: str, *, first: date, last: date, as_of: date) -> list[CaseCard]:
    """The cases of a procedure that were opened in a period, oldest first; for counting, whoever may read them."""
    return cards(Case.objects.filter(flow=flow, opened_on__range=(first, last)).order_by("pk"), as_of=as_of)


def matter(
    card: CaseCard,
    done: Collection[StepCard],
    *,
    as_of: date,
    of_parts: Collection[CaseCard] | None = None,
    promises: Collection[PromiseCard] | None = None,
) -> Matter:
    """The case as the rules of its steps see it; `of_parts` are the cases it opened, `promises` those written in it, where known."""
    directory = subjects.directory(as_of)
    own = directory.line(directory.heir(card.subject_id).id) | {card.subject_id} if card.subject_id else frozenset()
    return Matter(
        flow=card.flow,
        number=card.number,
        state=card.state,
        answering=answering(card, directory),
        subject=frozenset(own),
        official=card.official,
        opener_official=card.opener_official,
        takers={one.step.id if one.step else OPEN: one.entry.author for one in done},
        cases_open=Case.objects.filter(parent=card.id, closed_on=None).count()
        if of_parts is None
        else sum(one.closed_on is None for one in of_parts),
        promises_open=sum(one.duty.is_open for one in (promised(done, as_of=as_of) if promises is None else promises)),
        told=card.told,
        said=card.opening.body,
    )


def promised(done: Iterable[StepCard], *, as_of: date) -> list[PromiseCard]:
    """The promises that steps of a case wrote down, oldest first."""
    written = [int(str(number)) for one in done if _promises(one.step) and (number := one.entry.body.get("record"))]
    return list(promises_of(written, as_of=as_of).values()) if written else []


def _promises(step: Step | None) -> bool:
    """Whether what a step writes is a promise: it opens a duty that is kept by evidence."""
    pack = policy.current()
    kind = pack.kinds.get(step.asks) if step else None
    return kind is not None and any(pack.duties[duty].is_promised for duty in kind.opens)


def answering(card: CaseCard, directory: Directory) -> dict[str, frozenset[int]]:
    """For each `by` of a table, the organs that stand for it, with those they took over."""
    own = directory.line(directory.heir(card.subject_id).id) if card.subject_id else frozenset()
    over = directory.line(oversight(directory).id)
    lead = directory.line(directory.lead.id)
    found = {
        "handler": directory.line(directory.heir(card.handler_id).id),
        "lead": over if lead & own else lead,
        "oversight": over,
        "subject": own,
        "opener": directory.line(directory.heir(card.opener_id).id) if card.opener_id else frozenset(),
    }
    for name, codes in policy.current().bodies.items():
        bodies = [directory.by_code[code].id for code in codes if code in directory.by_code]
        found[name] = frozenset().union(*(directory.line(directory.heir(one).id) for one in bodies))
    return found


def asked(card: CaseCard, step: Step, *, lines: bool = False) -> Kind | None:
    """The kind of fact a step writes, or that the case it opens begins with, with the fields its form asks for; what the case holds
    already is not asked again. `lines` is the kind it writes for each line typed in.
    """
    name = step.lines if lines else step.asks
    if not name:
        return None
    kind = policy.current().kinds[name]
    held = {
        # Whom each part is about is chosen on the form, not typed into it.
        "organ_name": card.subject_id or step.parts,
        "official": card.official,
        **dict.fromkeys(HANDLERS, card.handler_id),
    }
    own = {kind.field_for(role) for role, value in held.items() if value and not (lines and role == "organ_name")}
    own |= {kind.field_for("step"), kind.field_for("case"), *step.carries, *step.filling.fills}
    return replace(kind, fields=tuple(field for field in kind.fields if field.id not in own))


def carried(card: CaseCard, step: Step, done: Iterable[StepCard], kind: Kind, *, on: date) -> dict[str, str]:
    """What a step takes over into a fact it writes: whom the case is about, and fields of its opening and of facts written before."""
    found: dict[str, str] = {}
    numbers = [int(str(number)) for one in done if step.carries and (number := one.entry.body.get("record"))]
    written = ledger.entries(numbers) if numbers else {}
    for body in (card.opening.body, *(one.body for one in written.values())):
        found |= {name: str(body[name]) for name in step.carries if body.get(name) and name in kind.by_id}
    directory = subjects.directory(on)
    if card.subject_id and (name := kind.field_for("organ_name")):
        found[name] = directory.card(card.subject_id).name
    found |= dict.fromkeys(filter(None, map(kind.field_for, HANDLERS)), directory.heir(card.handler_id).name)
    if card.official and (name := kind.field_for("official")):
        found[name] = card.official
    told = {kind.field_for("step"): step.title, kind.field_for("case"): card.number}
    return found | {name: value for name, value in told.items() if name}


def record_ended(record: EntryCard, *, as_of: date) -> date | None:
    """The day since which a record counts no more: repaired, taken down, revoked, or its time over. None while it counts."""
    acts = ledger.facts().filter(refers__identity=record.identity, kind__in=(*ENDING, "publication")).order_by("-pk")
    last = acts.values_list("kind", "happened_on").first()
    if last and last[0] != "publication" and last[1] <= as_of:
        return last[1]
    until = policy.current().counts_until(record.kind, record.body, on=record.happened_on)
    return until + timedelta(days=1) if until is not None and until < as_of else None


def involved(card: CaseCard, done: Iterable[StepCard], directory: Directory) -> frozenset[int]:
    """The organs that have or had it on their table, and the one that opened it."""
    organs = {card.handler_id, card.opening.organ_id, card.opener_id, *(one.entry.organ_id for one in done)} - {None}
    return frozenset().union(*(directory.line(directory.heir(one).id) | {one} for one in organs if one))


def may_read(card: CaseCard, done: Collection[StepCard], actor: Actor, *, as_of: date) -> bool:
    """Whether the actor may read the case."""
    handlers = involved(card, done, subjects.directory(as_of))
    return rules.may_read(matter(card, done, as_of=as_of), handlers, actor)


READ = """
SELECT c.*, {opening}, {record} FROM cases_case c
JOIN ledger_entry o ON o.id = c.opening_id LEFT JOIN ledger_entry r ON r.id = c.record_id WHERE {where}
"""
"""In words of SQL, because composing it anew took longer than answering it."""


def _read(where: str, values: Sequence[object] = (), *, as_of: date, owing: bool = True) -> list[CaseCard]:
    asked = READ.format(opening=ledger.beside("o"), record=ledger.beside("r"), where=where)
    rows: list[Any] = list(Case.objects.raw(asked, values))
    known = [
        (row, ledger.card_beside(row, "o"), ledger.card_beside(row, "r") if row.record_id else None) for row in rows
    ]
    return _carded(known, as_of=as_of, owing=owing)


def cards(rows: QuerySet[Case], *, as_of: date, owing: bool = True) -> list[CaseCard]:
    """The cards of a query's rows, in its order; those of procedures the pack does not have any more are left out."""
    known = [(row, ledger.card_of(row.opening), record_of(row)) for row in rows.select_related("opening", "record")]
    return _carded(known, as_of=as_of, owing=owing)


def _carded(known: Sequence[Known], *, as_of: date, owing: bool) -> list[CaseCard]:
    flows = policy.current().flows
    openings = {
        row.opening_id: row.number if (flow := flows.get(row.flow)) and flow.kept else "" for row, _, _ in known
    }
    owed = of_cases(openings, as_of=as_of) if known and owing else {}
    return [
        CaseCard(
            row.pk, flow, row.number, opening, flow.states[row.state], row.entered_on, row.handler_id,
            row.subject_id, row.official, row.record_id, record, row.opener_id, row.opener_official, row.parent_id, row.is_part, row.told,
            row.steps, row.opened_on, row.closed_on, tuple(owed.get(row.opening_id, ())),
        )
        for row, opening, record in known
        if (flow := flows.get(row.flow)) and row.state in flow.states
    ]  # fmt: skip


def record_of(row: Case) -> EntryCard | None:
    """The record or item that came along with a row of the table."""
    return ledger.card_of(row.record) if row.record else None


def said(done: Iterable[StepCard]) -> list[tuple[StepCard, str]]:
    """Each step with its words. Whoever calls this knows that the reader may read the case, and leaves a trace where they are sealed."""
    return with_words(several := list(done), ledger.personals(one.entry.id for one in several if one.is_sealed))


def with_words(done: Iterable[StepCard], sealed: Mapping[int, Mapping[str, str]]) -> list[tuple[StepCard, str]]:
    """Each step with its words, those that were sealed already opened."""
    return [(one, sealed.get(one.entry.id, {}).get("words", one.entry.reason)) for one in done]
