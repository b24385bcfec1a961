"""Lawsuits against organs: what was concluded in a period and how, what had to be performed, who went to court."""

from collections.abc import Collection, Sequence
from datetime import date

from jiannuo.assessment.queries.records import Owed, kinds_opening, owed, records, said
from jiannuo.assessment.rules.litigation import Case, LitigationFigures, effective
from jiannuo.kernel.days import parse_day
from jiannuo.ledger.queries import EntryCard
from jiannuo.policy.kinds import Kind
from jiannuo.subjects import queries as subjects

PERFORM, ACCOUNT = "perform_judgment", "account_for_lost_case"


def kind() -> Kind | None:
    """The kind of record that is a lawsuit: it says which outcomes are lost."""
    return next((one for one in kinds_opening(PERFORM, ACCOUNT) if one.outcomes), None)


def litigation(
    *,
    organ_ids: Collection[int] | None,
    first: date,
    last: date,
    as_of: date,
    given: Sequence[EntryCard] | None = None,
    with_duties: bool = True,
) -> LitigationFigures | None:
    """The lawsuits of these organs over a period, as they stand on a day; nothing where the pack has no such kind.

    Without their duties it is said how cases ended and not how judgments were performed. All instances are read whatever their day, because a case is counted by the judgment that takes effect.
    """
    suit = kind()
    if suit is None or suit.outcomes is None:
        return None
    found = records([suit], organ_ids=organ_ids, given=given)
    duties = owed([card.identity for card in found], (PERFORM, ACCOUNT), as_of=as_of) if with_duties else {}
    organs = subjects.directory(as_of)
    cases = [_case(card, suit, duties.get(card.identity, ()), organs) for card in found]
    ordered = sorted(
        effective(cases, as_of=as_of),
        key=lambda one: (one.concluded_on or date.max, one.filed_on, one.entry_id),
        reverse=True,
    )
    return LitigationFigures(None, first, last, as_of, suit.outcomes, tuple(ordered))


def _case(card: EntryCard, suit: Kind, duties: Sequence[Owed], organs: subjects.Directory) -> Case:
    by_kind = {one.kind: one for one in duties}
    perform, account = by_kind.get(PERFORM), by_kind.get(ACCOUNT)
    concluded = said(card, suit, "concluded_on")
    return Case(
        entry_id=card.id,
        number=card.number,
        stage=said(card, suit, "stage"),
        organ_id=organs.heir(card.organ_id).id,
        filed_on=card.happened_on,
        concluded_on=parse_day(concluded) if concluded else None,
        outcomes=tuple(text for text in said(card, suit, "outcome").replace("；", ";").split(";") if text),
        earlier=said(card, suit, "earlier"),
        cause=said(card, suit, "cause"),
        area=said(card, suit, "area"),
        appeared=said(card, suit, "appeared"),
        perform=perform.standing if perform else None,
        perform_by=perform.due_on if perform else None,
        account=account.standing if account else None,
    )
