"""Complaints of a period as they are counted in public: nothing of what they say is opened."""

from collections.abc import Collection
from datetime import date

from jiannuo.assessment.rules.complaints import Complaint, ComplaintFigures
from jiannuo.cases import queries as cases
from jiannuo.cases.queries import CaseCard, StepCard
from jiannuo.duties.queries import Standing
from jiannuo.ledger import queries as ledger
from jiannuo.policy import pack as policy
from jiannuo.subjects import queries as subjects

COMPLAINT = "complaint"
OPENLY = "公开"
LATE = frozenset({Standing.KEPT_LATE, Standing.BROKEN})


def complaints(
    *, organ_ids: Collection[int] | None, first: date, last: date, as_of: date, category: str = ""
) -> ComplaintFigures:
    """What came in a period, as it stands on a day; of these organs as those that answer."""
    cards = cases.opened_between(COMPLAINT, first=first, last=min(last, as_of), as_of=as_of)
    told = cases.steps_of(cards)
    apart = ledger.entries(int(number) for done in told.values() if (number := _apart(done)))
    directory = subjects.directory(as_of)
    items = [_complaint(card, told[card.id], apart.get(int(_apart(told[card.id]) or 0)), directory) for card in cards]
    wanted = [
        one for one in items if (organ_ids is None or one.organ_id in organ_ids) and category in ("", one.category)
    ]
    return ComplaintFigures(
        None, first, last, as_of, tuple(sorted(wanted, key=lambda one: (one.opened_on, one.case_id), reverse=True))
    )


def categories(on: date) -> tuple[str, ...]:
    """What complaints may be about, in the order of the form."""
    pack = policy.current()
    kind = pack.kinds[pack.flows[COMPLAINT].kind]
    field = kind.by_id[kind.field_for("category")]
    return kind.codes_on(field.codes, on)


def _apart(done: list[StepCard]) -> str | int | None:
    return done[0].entry.body.get("apart") if done else None


def _complaint(
    card: CaseCard, done: list[StepCard], apart: ledger.EntryCard | None, directory: subjects.Directory
) -> Complaint:
    answers = [one for one in done if one.step and one.step.id == "answer"]
    disclosure = policy.current().kinds[apart.kind].field_for("disclosure") if apart else ""
    return Complaint(
        case_id=card.id,
        number=card.number,
        category=str(card.opening.body.get(card.kind.field_for("category")) or ""),
        organ_id=directory.heir(answers[0].entry.organ_id if answers else card.handler_id).id,
        opened_on=card.opened_on,
        answered_on=answers[0].entry.happened_on if answers else None,
        state=card.state.id,
        state_title=card.state.title,
        final=card.state.final,
        said_unsolved=any(one.step is not None and one.step.id == "disagree" for one in done),
        late=any(one.standing in LATE for one in card.duties),
        is_open=bool(apart and apart.body.get(disclosure) == OPENLY),
    )
