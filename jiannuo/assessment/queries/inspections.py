"""Inspections of a year as they stand on a day, from their cases."""

from collections.abc import Collection, Sequence
from datetime import date

from msgspec import Struct

from jiannuo.assessment.rules.inspections import Inspection, Inspections
from jiannuo.cases import actions, queries
from jiannuo.cases.queries import CaseCard, StepCard
from jiannuo.cases.rules import ANSWERED_WRONG
from jiannuo.duties.queries import Standing
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.queries import Directory

INSPECTION, PLAN = "inspection", "inspection_plan"
CONCLUDED = ("pass", "notify")
LATE = frozenset({Standing.KEPT_LATE, Standing.BROKEN})


class Plan(Struct, frozen=True):
    """A plan as everybody may read it."""

    case_id: int
    number: str
    title: str
    announced_on: date
    words: str
    summed_up_on: date | None
    summary: str


def inspections(
    *, year: int, as_of: date, organ_ids: Collection[int] | None = None, announced: bool = True
) -> tuple[list[Plan], Inspections]:
    """The plans of a year that were announced, and the inspections to be made in it, those due first on top; with `announced` only
    those of such plans.
    """
    cards = queries.of_flows([PLAN, INSPECTION], as_of=as_of)
    told = queries.steps_of(cards)
    plans = [plan for card in reversed(cards) if _is_of(card, year) and (plan := _plan(card, told[card.id]))]
    known = {plan.case_id for plan in plans}
    wanted = [
        card
        for card in cards
        if card.flow.id == INSPECTION
        and _day(card).year == year
        and (card.parent_id in known or not announced)
        and (organ_ids is None or card.subject_id in organ_ids)
    ]
    answers = actions.answers_of({card.id: told[card.id] for card in wanted})
    directory = subjects.directory(as_of)
    found = [_inspection(card, told[card.id], answers[card.id], directory) for card in wanted]
    return plans, Inspections(tuple(sorted(found, key=lambda one: (one.planned_by, one.case_id))))


def _is_of(card: CaseCard, year: int) -> bool:
    return card.flow.id == PLAN and card.opening.body["year"] == str(year)


def _plan(card: CaseCard, done: Sequence[StepCard]) -> Plan | None:
    steps = {one.step.id: one.entry for one in done if one.step}
    announced, summary = steps.get("announce"), steps.get("sum_up")
    if announced is None:
        return None
    return Plan(
        card.id, card.number, card.title, announced.happened_on, announced.reason,
        summary.happened_on if summary else None, summary.reason if summary else "",
    )  # fmt: skip


def _day(card: CaseCard) -> date:
    return date.fromisoformat(str(card.opening.body["planned_by"]))


def _inspection(
    card: CaseCard, done: Sequence[StepCard], answers: dict[str, actions.AnswerCard], directory: Directory
) -> Inspection:
    concluded = next((one for one in done if one.step and one.step.id in CONCLUDED), None)
    said = next((one.entry.reason for one in reversed(done) if one.step and one.step.public), "")
    inspector = directory.find(str(card.opening.body["inspector"]))
    return Inspection(
        case_id=card.id,
        number=card.number,
        organ_id=directory.heir(card.subject_id or card.handler_id).id,
        inspector_id=directory.heir(inspector.id).id if inspector else card.handler_id,
        planned_by=_day(card),
        inspected_on=concluded.entry.happened_on if concluded else None,
        closed_on=card.closed_on,
        state=card.state.id,
        state_title=card.state.title,
        late=any(one.standing in LATE for one in card.duties),
        wrong=tuple(item for item, one in sorted(answers.items()) if concluded and one.result == ANSWERED_WRONG),
        words=said if card.closed_on else "",
    )
