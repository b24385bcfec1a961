"""The tasks of the document's annex as the calendar asked for them: how each stands today, and what was accepted as shown."""

from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from jiannuo.duties.models import Duty
from jiannuo.duties.queries.promises import PromiseCard, cards_of
from jiannuo.duties.rules import Standing
from jiannuo.ledger import queries as ledger
from jiannuo.policy import pack as policy


class TaskState(Struct, frozen=True):
    """One task, by its last call: whose it is, by when, how it stands, and how much evidence of it was ever accepted."""

    number: int
    card: PromiseCard
    accepted: int
    """Files that somebody other than the lead organ accepted, over all its calls."""
    kept_calls: int
    """How many calls of it are done: one that goes on is called each year."""

    @property
    def standing(self) -> Standing:
        """How it stands."""
        return self.card.duty.standing

    @property
    def waits(self) -> bool:
        """Evidence was sent in that nobody has confirmed yet."""
        return self.card.submitted is not None and self.card.duty.kept_on is None


def task_states(*, on: date) -> Mapping[int, TaskState]:
    """The tasks that the calendar has asked for, by their number in the annex."""
    kinds = [one.id for one in policy.current().duties.values() if one.every == "task"]
    rows = Duty.objects.filter(kind__in=kinds, started_on__lte=on, confirmer__isnull=False).order_by("due_on", "pk")
    several: dict[int, list[PromiseCard]] = {}
    for card in cards_of(rows, as_of=on):
        several.setdefault(int(card.record.body.get("task") or 0), []).append(card)
    files = _accepted([card.duty.kept_by for cards in several.values() for card in cards if card.duty.kept_by])
    return {
        number: TaskState(
            number,
            _now(cards),
            sum(files.get(card.duty.kept_by or 0, 0) for card in cards),
            sum(card.duty.kept_on is not None for card in cards),
        )
        for number, cards in several.items()
        if number
    }


def _now(cards: list[PromiseCard]) -> PromiseCard:
    """The first that is still owed, else the last."""
    return next((card for card in cards if card.duty.is_open), cards[-1])


def _accepted(confirmations: list[int]) -> dict[int, int]:
    """How many files each of these confirmations accepted."""
    acts = ledger.entries(confirmations)
    digests = {str(act.body.get("performance", "")): number for number, act in acts.items()}
    refers = {act.refers for act in acts.values()}
    sent = ledger.cards(ledger.facts().filter(kind="performance", refers__in=refers)) if refers else []
    return {digests[one.digest]: len(one.body.get("evidence") or ()) for one in sent if one.digest in digests}
