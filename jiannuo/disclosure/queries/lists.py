"""The lists an organ publishes whole (权力清单, 责任清单): as everybody could read them on any day, and what changed between two."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from msgspec import Struct

from jiannuo.disclosure import rules
from jiannuo.disclosure.rules import Shown
from jiannuo.ledger import queries as ledger
from jiannuo.ledger.queries import EntryCard
from jiannuo.policy import pack as policy
from jiannuo.policy.kinds import Kind

MOVING = ("publication", "withdrawal", "delisting", "repair")
"""The acts by which an item comes on a public list or goes off it."""
LARGEST = 20_000


class Item(Struct, frozen=True):
    """One item of a public list in one version."""

    identity: str
    code: str
    title: str
    type: str
    listed_on: date
    fields: tuple[Shown, ...]


class Difference(Struct, frozen=True):
    """What became of one item between two days: added, removed, changed or the same."""

    what: str
    item: Item
    changes: tuple[tuple[str, str, str], ...] = ()
    """Title, before and after of each public field that differs."""


class PublicList(Struct, frozen=True):
    """An organ's public list through time."""

    kind: Kind
    acts: tuple[EntryCard, ...]
    versions: Mapping[int, EntryCard]

    @property
    def days(self) -> tuple[date, ...]:
        """The days on which it changed, newest first."""
        return tuple(sorted({act.happened_on for act in self.acts}, reverse=True))

    def on(self, day: date) -> dict[str, Item]:
        """The items on it at the end of a day, by identity, in the order of their codes."""
        shown: dict[bytes, EntryCard | None] = {}
        for act in self.acts:
            version = self.versions.get(act.refers or 0)
            if version is not None and act.happened_on <= day:
                shown[version.identity] = version if act.kind == "publication" else None
        found = sorted(filter(None, shown.values()), key=lambda card: (card.number, card.id))
        return {card.identity.hex(): self._item(card) for card in found}

    def between(self, before: date, after: date) -> list[Difference]:
        """What changed from the end of one day to the end of another, in the order of codes."""
        old, new = self.on(before), self.on(after)
        found = [Difference("removed", item) for identity, item in old.items() if identity not in new]
        day = self.kind.by_id[self.kind.field_for("day")].title
        found += [_difference(old.get(identity), item, day) for identity, item in new.items()]
        return sorted(found, key=lambda one: (one.item.code, one.item.identity))

    def _item(self, card: EntryCard) -> Item:
        part = rules.public_part(self.kind, card.body, ("title", "category"))
        fields = tuple(rules.public_view(self.kind, card.body))
        return Item(card.identity.hex(), card.number, part["title"], part["category"], card.happened_on, fields)


def public_list(kind: str, organ_ids: Iterable[int]) -> PublicList | None:
    """The list of a kind that these organs (one and those it took over) publish; nothing for a kind that is no list."""
    found = policy.current().kinds.get(kind)
    if found is None or not found.whole or found.visibility != "public":
        return None
    own = ledger.facts().filter(kind=kind, organ__in=list(organ_ids)).order_by("-pk")[:LARGEST]
    versions = {card.id: card for card in ledger.cards(own)}
    acts = _acts(versions)
    public_ones = {act.refers for act in acts if act.kind == "publication"}
    kept = tuple(act for act in acts if act.refers in public_ones)
    return PublicList(found, kept, {number: card for number, card in versions.items() if number in public_ones})


def _acts(versions: Mapping[int, EntryCard]) -> Sequence[EntryCard]:
    numbers = sorted(versions)
    rows = (
        ledger.facts().filter(kind__in=MOVING, refers__in=numbers[start : start + 30_000]).order_by("pk")
        for start in range(0, len(numbers), 30_000)
    )
    return [card for found in rows for card in ledger.cards(found)]


def _difference(old: Item | None, new: Item, day: str) -> Difference:
    # A list is sent whole and dated anew each time: the day alone changes nothing.
    if old is None:
        return Difference("added", new)
    changes = tuple(change for change in _changes(old.fields, new.fields) if change[0] != day)
    return Difference("changed" if changes else "same", new, changes)


def _changes(old: Sequence[Shown], new: Sequence[Shown]) -> tuple[tuple[str, str, str], ...]:
    before = {each.field: each.shown for each in old}
    after = {each.field: each.shown for each in new}
    titles = {each.field: each.title for each in (*old, *new)}
    found = ((title, before.get(name, ""), after.get(name, "")) for name, title in titles.items())
    return tuple(change for change in found if change[1] != change[2])
