"""Opening a case to somebody on the desk: whether they may, what they see, and the trace it leaves."""

from collections.abc import Mapping
from datetime import date, datetime

from msgspec import Struct

from jiannuo.access import actions as access
from jiannuo.access.rules import CLAUSE, Actor
from jiannuo.cases import queries, rules
from jiannuo.cases.actions.reckoning import Reckoned, reckoned
from jiannuo.cases.queries import CaseCard, StepCard
from jiannuo.cases.rules import Matter, Taker
from jiannuo.duties.queries.promises import PromiseCard
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as entries
from jiannuo.policy.flows import Step
from jiannuo.subjects import queries as subjects


class Reading(Struct, frozen=True):
    """A case with what was said in it, as far as the reader may know."""

    card: CaseCard
    matter: Matter
    done: tuple[tuple[StepCard, str], ...]
    """The steps the reader may see, oldest first, each with its words."""
    opening: Mapping[str, str]
    """What the opening says, by field, sealed values opened."""
    parts: tuple[CaseCard, ...]
    promised: tuple[PromiseCard, ...]
    """What an agreement of the case promised, part by part."""
    owed: Reckoned | None
    """What is owed by today, where it is about money."""
    open_steps: tuple[Step, ...]
    """What the reader may do now."""
    whole: bool
    """False where the reader is the one it is about and sees only what was told."""


class Paper(Struct, frozen=True):
    """A file that came with a step."""

    name: str
    type: str
    data: bytes


def read(case_id: int, *, actor: Actor, on: date, at: datetime, address: str = "") -> Reading | None:
    """The case, where the actor may read it; nothing where there is none. Reading what is sealed is written down each time."""
    card = queries.case(case_id, as_of=on)
    if card is None:
        return None
    done = queries.steps(card)
    parts = queries.parts(card, as_of=on)
    promised = queries.promised(done, as_of=on)
    matter = queries.matter(card, done, as_of=on, of_parts=parts, promises=promised)
    if not rules.may_read(matter, queries.involved(card, done, subjects.directory(on)), actor):
        raise Refused("这件事不在您的范围内", fix="请由承办单位的人员查看", clause=CLAUSE, code="forbidden")
    whole = not rules.is_own(matter, actor) or card.flow.sees == "whole" or card.opener_id in actor.scope
    seen = done if whole else [one for one in done if one.step and one.step.tells]
    sealed = card.opening.visibility == entries.CLOSED
    if sealed:
        access.note(
            actor, action="cases.read", object=f"case:{card.number}", at=at, organ_id=card.handler_id, address=address
        )
    kept_apart = [card.opening.id] if whole and sealed else []
    opened = entries.personals([*kept_apart, *(one.entry.id for one in seen if one.is_sealed)])
    opening = {name: str(value) for name, value in card.opening.body.items()} | opened.get(card.opening.id, {})
    return Reading(
        card=card,
        matter=matter,
        done=tuple(queries.with_words(seen, opened)),
        opening=opening,
        parts=tuple(parts) if whole else (),
        promised=tuple(promised),
        owed=reckoned(card=card, promised=promised, on=on),
        open_steps=rules.open_steps(matter, Taker(actor)),
        whole=whole,
    )


def read_paper(
    case_id: int, *, step_entry: int, place: int, actor: Actor, on: date, at: datetime, address: str = ""
) -> Paper | None:
    """A file of a step the actor may see; who opened it is written down. Nothing where there is no such file."""
    found = read(case_id, actor=actor, on=on, at=at, address=address)
    step = next((step for step, _ in found.done if step.entry.id == step_entry), None) if found else None
    papers: list[str] = list(step.entry.body.get("papers") or []) if step else []
    if found is None or step is None or not 0 <= place < len(papers):
        return None
    card = entries.evidence(papers[place])
    if card is None:
        return None
    access.note(
        actor,
        action="evidence.read",
        object=f"case:{found.card.number}",
        at=at,
        organ_id=found.card.handler_id,
        address=address,
    )
    names: list[str] = list(step.entry.body.get("files") or [])
    return Paper(names[place], card.type, entries.evidence_bytes(card.digest))
