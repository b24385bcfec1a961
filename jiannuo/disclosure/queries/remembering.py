"""What many pages count alike, counted once for each state of the ledger and kept in the process."""

from collections.abc import Callable
from datetime import datetime
from threading import Lock
from time import monotonic
from typing import TypeVar

from django.db import connection
from msgspec import Struct

from jiannuo.disclosure.queries import totals
from jiannuo.disclosure.queries.catalogue import CatalogueCard, catalogue_status
from jiannuo.disclosure.queries.owing import PromiseTally, tallies_by_organ
from jiannuo.kernel import clock
from jiannuo.ledger import queries as ledger
from jiannuo.policy import pack as policy

GLANCE = 1.0
"""Seconds for which a process takes the ledger's head as it last saw it."""


class State(Struct, frozen=True):
    """What every public page is made from. Deliveries, organs and the tick move without the ledger: a minute bounds their age."""

    head: int
    minute: datetime
    pack: str
    moved_at: datetime | None = None

    @property
    def modified(self) -> datetime:
        """The moment before which nothing a page shows can have changed unseen."""
        return max(self.minute, self.moved_at or self.minute)


class Glance:
    """The state of the world, looked up once a second at most."""

    def __init__(self) -> None:
        self._until = 0.0
        self._head: tuple[int, datetime | None] = (0, None)

    def state(self) -> State:
        """The state as it is now, or was a second ago."""
        now = monotonic()
        if now >= self._until:
            self._head = ledger.head()
            self._until = now + GLANCE
        head, moved_at = self._head
        minute = clock.now().replace(second=0, microsecond=0)
        return State(head, minute, policy.current().id, moved_at)

    def forget(self) -> None:
        """The next one looks anew."""
        self._until = 0.0


GLIMPSE = Glance()


T = TypeVar("T")

_lock = Lock()
_kept: dict[str, tuple[object, object]] = {}


def remembered(name: str, count: Callable[[], T]) -> T:
    """What was counted under this state, at most ten minutes ago, or counted now.

    Inside a transaction always counted anew: it may be undone.
    """
    if connection.in_atomic_block:
        return count()
    now = GLIMPSE.state()
    state = (
        connection.settings_dict["NAME"],
        now.head,
        now.pack,
        now.minute.replace(minute=now.minute.minute // 10 * 10),
    )
    with _lock:
        known, value = _kept.get(name, (None, None))
    if known != state:
        value = count()
        with _lock:
            _kept[name] = (state, value)
    return value  # type: ignore[return-value]  # each name is counted by one function


def by_kind() -> dict[str, int]:
    """How many records of each kind are public."""
    return remembered("by kind", totals.by_kind)


def by_organ() -> dict[tuple[int, str], int]:
    """How many records are public, by organ and kind."""
    return remembered("by organ", totals.by_organ)


def catalogue() -> CatalogueCard:
    """How the whole catalogue stands today."""
    return remembered("catalogue", lambda: catalogue_status(on=clock.today()))


def promises() -> dict[int, PromiseTally]:
    """How the public promises stand, by the organ that owes them."""
    return remembered("promises", lambda: tallies_by_organ(on=clock.today()))
