"""A step whose subject must be proven: the ledger is asked for the criteria, the use of the result for the honour, both kept with it."""

from datetime import date, datetime

from msgspec.structs import replace

from jiannuo.access.rules import Actor
from jiannuo.assessment.queries import criteria
from jiannuo.cases import actions as cases
from jiannuo.cases import queries
from jiannuo.cases.actions import Given
from jiannuo.cases.queries import CaseCard
from jiannuo.cases.rules import Taker
from jiannuo.kernel.refusals import Refused
from jiannuo.measures import actions as measures
from jiannuo.measures.rules import Asked
from jiannuo.subjects import queries as subjects


def take(case_id: int, *, step: str, given: Given, taker: Taker, on: date, at: datetime, address: str = "") -> None:
    """Take one step of a case, as `cases.take` does, with the proofs it needs. The asking stays on record where the answer is no."""
    card = queries.case(case_id, as_of=on)
    row = card.flow.by_id.get(step) if card else None
    if card and row and "criteria" in row.needs and card.subject_id:
        given = replace(given, criteria=[one.line for one in criteria.standing(card.subject_id, on=on)])
    if card and row and "eligible" in row.needs and taker.actor:
        given = replace(given, certificate=_certificate(card, given, taker.actor, on=on, at=at, address=address))
    cases.take(case_id, step=step, given=given, taker=taker, on=on, at=at)


def _certificate(card: CaseCard, given: Given, actor: Actor, *, on: date, at: datetime, address: str) -> str:
    code = card.official or subjects.directory(on).heir(card.subject_id or card.handler_id).code
    done = measures.ask(
        [Asked("", code)], use=measures.HONOUR, purpose=f"{card.flow.short}{card.number}", actor=actor,
        on=on, at=at, token=f"{given.token or card.number}/{on}", address=address,
    )  # fmt: skip
    (answer,) = done.answers
    if answer.word != "yes":
        fix = f"请写明理由，不予授予；查询已经记下，编号{done.certificate.number}"
        clause = card.flow.clause or card.flow.source
        raise Refused(f"现在不能授予：{answer.words}，{answer.why}", fix=fix, clause=clause, code="proof")
    return done.certificate.number
