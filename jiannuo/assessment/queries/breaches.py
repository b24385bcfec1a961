"""Breaches of a period as they are counted in public: nothing of what a firm said is opened."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal

from jiannuo.assessment.rules.breaches import TOLD_TRUE, Breach, BreachFigures
from jiannuo.cases import queries as cases
from jiannuo.cases.queries import CaseCard, StepCard
from jiannuo.duties.queries import Standing
from jiannuo.policy import pack as policy
from jiannuo.subjects import queries as subjects

BREACH = "breach"
LATE = frozenset({Standing.KEPT_LATE, Standing.BROKEN})


def breaches(*, organ_ids: Collection[int] | None, first: date, last: date, as_of: date, field: str) -> BreachFigures:
    """What came in a period, as it stands on a day; of these organs as those that verify it, of one field or all."""
    cards = cases.opened_between(BREACH, first=first, last=min(last, as_of), as_of=as_of)
    told = cases.steps_of(cards)
    directory = subjects.directory(as_of)
    items = [_breach(card, told[card.id], directory) for card in cards]
    wanted = [one for one in items if (organ_ids is None or one.organ_id in organ_ids) and field in ("", one.field)]
    return BreachFigures(first, last, tuple(sorted(wanted, key=lambda one: (one.opened_on, one.number), reverse=True)))


def fields(on: date) -> tuple[str, ...]:
    """The fields a breach may lie in, in the order of the form."""
    pack = policy.current()
    kind = pack.kinds[pack.flows[BREACH].kind]
    return kind.codes_on(kind.by_id[kind.field_for("category")].codes, on)


def _breach(card: CaseCard, done: list[StepCard], directory: subjects.Directory) -> Breach:
    claim = card.kind.claim
    owed = card.opening.body.get(claim.owed) if claim else None
    return Breach(
        number=card.number,
        field=str(card.opening.body.get(card.kind.field_for("category")) or ""),
        organ_id=directory.heir(card.handler_id).id,
        opened_on=card.opened_on,
        closed_on=card.closed_on,
        state=card.state.id,
        state_title=card.state.title,
        is_true=any(one.step is not None and one.step.id in TOLD_TRUE for one in done),
        found=card.record_id is not None,
        late=any(one.standing in LATE for one in card.duties),
        owed=Decimal(str(owed)) if owed else None,
    )
