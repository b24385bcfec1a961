"""What many pages count alike, counted once for each state of the ledger and kept in the process."""

from collections.abc import Callable
from threading import Lock
from typing import TypeVar

from django.db import connection

from jiannuo.disclosure import queries as disclosure
from jiannuo.disclosure.queries import CatalogueCard, totals
from jiannuo.disclosure.queries.owing import PromiseTally, tallies_by_organ
from jiannuo.kernel import clock
from jiannuo.portal.caching import GLIMPSE

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
    return remembered("catalogue", lambda: disclosure.catalogue_status(on=clock.today()))


def promises() -> dict[int, PromiseTally]:
    """How the public promises stand, by the organ that owes them."""
    return remembered("promises", lambda: tallies_by_organ(on=clock.today()))
