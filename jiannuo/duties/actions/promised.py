"""What a fact says of the duty it opens beyond who owes it: the day it names, the office, who confirms, whose milestone it is."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from jiannuo.duties.actions.opening import Owed
from jiannuo.duties.models import Duty
from jiannuo.duties.rules.confirming import confirmer, oversight
from jiannuo.kernel import days
from jiannuo.kernel.clock import SHANGHAI
from jiannuo.ledger.queries import EntryCard
from jiannuo.policy.documents import DutyKind
from jiannuo.policy.kinds import Kind
from jiannuo.policy.pack import Pack
from jiannuo.subjects.rules import Directory


class Parent(NamedTuple):
    """The promise that another is a milestone of, and who confirms it."""

    id: int
    confirmer_id: int


Parents = Mapping[tuple[str, int], Parent]
"""By number and the organ that answers today: organs number their promises each for itself."""


def is_plain(kind: Kind, pack: Pack) -> bool:
    """Whether every fact of a kind opens its duties alike, whatever else it says: counted from its own day, by its own organ."""
    return not kind.field_for("kept_on") and all(_is_plain(pack, pack.duties[name]) for name in kind.opens)


def _is_plain(pack: Pack, duty: DutyKind) -> bool:
    stated = any(value.unit == "stated" for value in pack.deadlines[duty.deadline].values)
    return not (duty.is_promised or duty.opened_when or duty.starts or stated)


def owed_of(
    cards: Mapping[int, EntryCard], kind: Kind, duty: DutyKind, *, corrects: Mapping[int, int], organs: Directory
) -> list[Owed]:
    """What each of these facts opens of one kind of duty; facts that open none are left out."""
    found = []
    parents = _parents(cards.values(), kind, organs) if duty.is_promised else {}
    for number, card in cards.items():
        if duty.opened_when and not _said(card, kind, duty.opened_when):
            continue
        one = Owed(
            number,
            card.organ_id,
            _day(card, kind, duty.starts) or card.happened_on,
            corrects.get(number),
            _day(card, kind, "kept_on"),
            stated_on=_day(card, kind, duty.stated),
            seen_on=card.seen_at.astimezone(SHANGHAI).date(),
        )
        found.append(_promised(one, card, kind, duty, organs, parents) if duty.is_promised else one)
    return found


def _promised(one: Owed, card: EntryCard, kind: Kind, duty: DutyKind, organs: Directory, parents: Parents) -> Owed:
    parent = parents.get((_said(card, kind, "parent"), organs.heir(one.debtor_id).id))
    named = organs.find(_said(card, kind, "confirmer")) if duty.confirmed_by in ("named", "creditor") else None
    wanted = oversight(organs).id if duty.confirmed_by == "oversight" else organs.lead.id
    # Who confirms the whole confirms its parts.
    wanted = parent.confirmer_id if parent else wanted
    return one._replace(
        office=_said(card, kind, "office")[:60],
        official=_said(card, kind, "official")[:64],
        confirmer_id=confirmer(named.id if named else wanted, one.debtor_id, organs),
        parent_id=parent.id if parent else None,
    )


def _said(card: EntryCard, kind: Kind, role: str) -> str:
    name = kind.field_for(role)
    return str(card.body.get(name) or "") if name else ""


def _day(card: EntryCard, kind: Kind, role: str) -> date | None:
    return days.parse_day(_said(card, kind, role)) if role else None


def _parents(cards: Iterable[EntryCard], kind: Kind, organs: Directory) -> Parents:
    """The promises that these facts are milestones of; a milestone of a milestone is none."""
    if not kind.field_for("parent"):
        return {}
    numbers = {_said(card, kind, "parent") for card in cards} - {""}
    rows = Duty.objects.filter(entry__number__in=numbers, parent=None, confirmer__isnull=False).exclude(
        entry__kind=kind.id
    )
    found = rows.order_by("pk").values_list("entry__number", "debtor_id", "pk", "confirmer_id")
    return {(number, organs.heir(debtor).id): Parent(pk, to) for number, debtor, pk, to in found}
