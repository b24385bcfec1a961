"""Suggestions of deputies and proposals of members: what was assigned in a period and how it was answered."""

from collections.abc import Collection, Sequence
from datetime import date

from jiannuo.assessment.queries.records import Owed, kinds_opening, owed, records, said
from jiannuo.assessment.rules.suggestions import Suggestion, SuggestionFigures
from jiannuo.kernel.days import parse_day
from jiannuo.ledger.queries import EntryCard
from jiannuo.policy.kinds import Kind
from jiannuo.subjects import queries as subjects

ANSWERS = ("answer_suggestion", "answer_proposal")


def kinds() -> tuple[Kind, ...]:
    """The kinds of record that are answered."""
    return kinds_opening(*ANSWERS)


def suggestions(
    *,
    organ_ids: Collection[int] | None,
    first: date,
    last: date,
    as_of: date,
    given: Sequence[EntryCard] | None = None,
) -> SuggestionFigures:
    """What was assigned to these organs in a period, as it stands on a day: all in the ledger, or the versions given."""
    found = [
        card
        for card in records(kinds(), organ_ids=organ_ids, given=given)
        if first <= card.happened_on <= min(last, as_of)
    ]
    duties = owed([card.identity for card in found], ANSWERS, as_of=as_of, told=True)
    organs = subjects.directory(as_of)
    by_name = {kind.id: kind for kind in kinds()}
    items = [
        _suggestion(card, by_name[card.kind], next(iter(duties.get(card.identity, ())), None), organs) for card in found
    ]
    ordered = sorted(items, key=lambda one: (one.assigned_on, one.entry_id), reverse=True)
    return SuggestionFigures(None, first, last, as_of, tuple(ordered))


def _suggestion(card: EntryCard, kind: Kind, duty: Owed | None, organs: subjects.Directory) -> Suggestion:
    told = duty.accepted if duty else {}
    return Suggestion(
        entry_id=card.id,
        kind=card.kind,
        organ_id=organs.heir(card.organ_id).id,
        field=said(card, kind, "category"),
        assigned_on=card.happened_on,
        due_on=duty.due_on if duty else None,
        first_due_on=duty.first_due_on if duty else None,
        kept_on=duty.kept_on if duty else None,
        standing=duty.standing if duty else None,
        waits=duty.waits if duty else False,
        result=str(told.get("result") or ""),
        met_on=_day(told.get("met_on")),
        replied_on=_day(told.get("replied_on")),
        agreed=duty.agreed if duty else 0,
        disputed=duty.disputed if duty else 0,
    )


def _day(text: object) -> date | None:
    return parse_day(str(text)) if text else None
