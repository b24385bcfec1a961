"""What stands on a record besides its content, read from the ledger at every look: 有异议 from the moment somebody objects, repaired or
taken down from the moment it is decided. Nothing here waits for an index to follow.
"""

from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from jiannuo.ledger import queries as ledger
from jiannuo.ledger.queries import EntryCard
from jiannuo.policy import pack as policy

ENDING = frozenset({"withdrawal", "delisting", "repair"})
"""The acts after which a record is public no more."""
DISPUTED = "有异议"
"""The mark as it is shown."""
MARKING = ("dispute", "settlement", "publication", *sorted(ENDING))


class Mark(Struct, frozen=True):
    """How a record stands by the acts on all its versions."""

    disputed_on: date | None = None
    gone: bool = False
    """Taken down or repaired and not released again."""
    repaired_on: date | None = None


NONE = Mark()


def of_acts(acts: Iterable[EntryCard]) -> Mark:
    """The mark that acts leave, oldest first."""
    return mark((act.kind, act.happened_on) for act in acts)


def of_records(entries: Iterable[EntryCard]) -> dict[bytes, Mark]:
    """The marks of records, by identity; a record without any is left out. Nobody is asked where no procedure marks such a kind."""
    marked = {kind for flow in policy.current().flows.values() for kind in flow.records}
    identities = [one.identity for one in entries if one.kind in marked]
    found: dict[bytes, list[tuple[str, date]]] = {}
    if not identities:
        return {}
    acts = ledger.facts().filter(refers__identity__in=identities, kind__in=MARKING).order_by("pk")
    for identity, kind, on in acts.values_list("refers__identity", "kind", "happened_on"):
        found.setdefault(bytes(identity), []).append((kind, on))
    return {identity: found_mark for identity, told in found.items() if (found_mark := mark(told)) != NONE}


def mark(told: Iterable[tuple[str, date]]) -> Mark:
    """The mark that acts leave, each by kind and day, oldest first."""
    disputed: date | None = None
    gone, repaired = False, None
    for kind, on in told:
        if kind == "dispute":
            disputed = on
        elif kind == "publication":
            gone = repaired is not None
        elif kind == "settlement":
            disputed = None
        elif kind in ENDING:
            disputed, gone = None, True
            repaired = on if kind == "repair" else repaired
    return Mark(disputed, gone, repaired)


def shown_last(card: EntryCard) -> date | None:
    """The last day of the longest publicity of a record, where a rule of the pack stops it then."""
    pack = policy.current()
    if not any(rule.check == "publicity_over" and card.kind in rule.kinds for rule in pack.filters):
        return None
    found = pack.terms(card.kind, card.body, decided_on=card.happened_on)
    return found.last_on if found else None
