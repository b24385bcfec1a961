"""Read who exists: the directory of a day, the history of an organ, officials, and outside parties."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import lru_cache
from itertools import pairwise
from threading import Lock
from typing import Any, TypeVar

from django.db import connection
from django.db.models import F, Q
from msgspec import Struct

from jiannuo.kernel.names import fold_name
from jiannuo.policy import pack as policy
from jiannuo.subjects import rules
from jiannuo.subjects.models import OfficeSpell, Official, OrganSpell, Party
from jiannuo.subjects.rules import Directory, OrganCard, Spell

__all__ = [
    "Coverage", "Directory", "OfficeCard", "OfficialCard", "OrganCard", "PartyCard", "Spell", "coverage",
    "directory", "history", "official", "officials", "officials_by_code", "one_reading", "parties",
    "parties_named", "spells",
]  # fmt: skip

_KEPT = 64
_LISTS = (10, 11)  # successors and aliases, joined by ; in their columns
_lock = Lock()
_cache: dict[tuple[object, ...], Any] = {}
T = TypeVar("T")
_held: ContextVar[dict[tuple[date, datetime | None], Directory] | None] = ContextVar("directories", default=None)


def directory(on: date, *, known: datetime | None = None) -> Directory:
    """The organs as they stood on a day, as was known at a moment (now, when none is given).

    Kept in memory until a spell is added; inside a transaction it is read anew, because what it sees may be undone.
    """
    lead = str(policy.current().about.get("lead", ""))
    held = _held.get()
    if held is not None and (on, known) in held:
        return held[on, known]
    found = _directory(on, known, lead)
    if held is not None:
        held[on, known] = found
    return found


@contextmanager
def one_reading() -> Iterator[None]:
    """Within this block a day's directory is asked for once: for whatever changes no organ. A block within a block is the same one.

    What is asked for before a transaction begins comes from memory and holds within it.
    """
    held = _held.get()
    token = _held.set({} if held is None else held)
    try:
        yield
    finally:
        _held.reset(token)


def _directory(on: date, known: datetime | None, lead: str) -> Directory:
    if connection.in_atomic_block:
        return _directory_of(tuple(_rows()), on, known, lead)
    return _kept((on, known, lead), lambda: _directory_of(tuple(_rows()), on, known, lead))


def _kept(key: tuple[object, ...], read: Callable[[], T]) -> T:
    """What was read under this key, as long as no spell is added."""
    # The count is part of the key because on PostgreSQL a lower id may become visible after a higher one.
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id), count(*) FROM subjects_organspell")
        state = cursor.fetchone()
    whole = (connection.settings_dict["NAME"], state, *key)
    if (found := _cache.get(whole)) is None:
        found = read()
        with _lock:
            if len(_cache) >= _KEPT:
                _cache.clear()
            _cache[whole] = found
    return found


@lru_cache(maxsize=16)
def _directory_of(rows: tuple[tuple[Any, ...], ...], on: date, known: datetime | None, lead: str) -> Directory:
    """Told by what the rows hold, so that a transaction which reads the same rows again computes nothing anew."""
    return rules.directory(rules.known([_spell(row) for row in rows], known), on, lead_code=lead)


def spells(organ_ids: Iterable[int] | None = None) -> list[Spell]:
    """Every spell ever recorded, replaced ones included, in the order of recording."""
    return [_spell(row) for row in _rows(organ_ids)]


def _rows(organ_ids: Iterable[int] | None = None) -> Iterable[tuple[Any, ...]]:
    rows = OrganSpell.objects.order_by("id")
    if organ_ids is not None:
        rows = rows.filter(organ__in=organ_ids)
    names = (
        "id organ_id organ__code name short type parent_id uscc since until successors aliases assumed "
        "recorded_at recorded_by replaces_id"
    )
    return rows.values_list(*names.split())


def _spell(row: Iterable[Any]) -> Spell:
    values: list[Any] = [_words(value) if at in _LISTS else value for at, value in enumerate(row)]
    return Spell(*values)


def _words(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split(";") if part)


def history(organ_id: int, *, known: datetime | None = None) -> tuple[Spell, ...]:
    """An organ's names one after the other, with those of the organs it took over, oldest first (沿革)."""
    every = spells() if connection.in_atomic_block else _kept(("spells",), spells)
    counting = rules.known(every, known)
    codes = {spell.code for spell in counting if spell.organ_id == organ_id}
    while more := {spell.code for spell in counting if codes & set(spell.successors)} - codes:
        codes |= more
    return tuple(
        sorted((spell for spell in counting if spell.code in codes), key=lambda spell: (spell.since, spell.id))
    )


class Coverage(Struct, frozen=True):
    """How far back the history of organs reaches, and how much of it is assumed rather than documented."""

    since: date | None
    organs: int
    spells: int
    assumed: int
    gaps: tuple[tuple[str, date, date], ...]
    """Organ, first day and end of each stretch between two spells in which nothing is recorded."""


def coverage(*, known: datetime | None = None) -> Coverage:
    """What the history of organs covers."""
    counting = rules.known(spells(), known)
    gaps = []
    for before, after in pairwise(counting):
        if before.organ_id == after.organ_id and before.until is not None and before.until < after.since:
            gaps.append((before.name, before.until, after.since))
    return Coverage(
        since=min((spell.since for spell in counting), default=None),
        organs=len({spell.organ_id for spell in counting}),
        spells=len(counting),
        assumed=sum(bool(spell.assumed) for spell in counting),
        gaps=tuple(gaps),
    )


class OfficeCard(Struct, frozen=True):
    """An office held by an official."""

    id: int
    official_id: int
    official_code: str
    name: str
    organ_id: int
    title: str
    since: date
    until: date | None
    document: str = ""
    end_document: str = ""
    recorded_at: datetime | None = None
    recorded_by: str = ""

    def holds(self, on: date) -> bool:
        """True from its first day until the day before its end."""
        return self.since <= on and (self.until is None or on < self.until)


class OfficialCard(Struct, frozen=True):
    """A public servant with every office held, the latest first."""

    code: str
    name: str
    offices: tuple[OfficeCard, ...]

    def holding(self, on: date) -> tuple[OfficeCard, ...]:
        """The offices held on a day."""
        return tuple(office for office in self.offices if office.holds(on))

    def last(self, on: date) -> tuple[OfficeCard, ...]:
        """The offices held on a day, or where there is none the one held last before it."""
        return self.holding(on) or self.offices[:1]


def officials(
    organ_ids: Iterable[int] | None = None,
    *,
    on: date | None = None,
    known: datetime | None = None,
    codes: Iterable[str] | None = None,
    text: str = "",
) -> tuple[OfficeCard, ...]:
    """The offices held on a day, or ever when no day is given, as was known at a moment; one recorded by mistake is left out."""
    rows = OfficeSpell.objects.order_by("organ_id", "since", "id").exclude(until=F("since"))
    if organ_ids is not None:
        rows = rows.filter(organ__in=organ_ids)
    if codes is not None:
        rows = rows.filter(official__code__in=list(codes))
    if text:
        rows = rows.filter(Q(official__name__contains=text) | Q(official__code=text) | Q(title__contains=text))
    if known is not None:
        rows = rows.filter(recorded_at__lte=known).exclude(replaced_by__recorded_at__lte=known)
    else:
        rows = rows.filter(replaced_by=None)
    if on is not None:
        rows = rows.filter(since__lte=on).exclude(until__lte=on)
    names = "id official_id official__code official__name organ_id title since until document end_document recorded_at recorded_by"
    return tuple(OfficeCard(*row) for row in rows.values_list(*names.split()))


def official(code: str) -> OfficialCard | None:
    """The official of that code; nothing where there is none."""
    return officials_by_code((code,)).get(code)


def officials_by_code(codes: Iterable[str]) -> dict[str, OfficialCard]:
    """The officials of these codes with all their offices, by code, in two questions."""
    wanted = [code for code in dict.fromkeys(codes) if code]
    if not wanted:
        return {}
    held: dict[str, list[OfficeCard]] = {}
    for office in officials(codes=wanted):
        held.setdefault(office.official_code, []).append(office)
    return {
        code: OfficialCard(
            code, name, tuple(sorted(held.get(code, ()), key=lambda one: (one.since, one.id), reverse=True))
        )
        for code, name in Official.objects.filter(code__in=wanted).values_list("code", "name")
    }


class PartyCard(Struct, frozen=True):
    """An outside party."""

    key: str
    type: str
    name: str
    since: date


def parties(keys: Iterable[str]) -> dict[str, PartyCard]:
    """The parties of these keys, in one query."""
    return {card.key: card for card in _cards(Q(key__in=list(keys)), limit=None)}


def parties_named(text: str, *, limit: int = 20) -> Sequence[PartyCard]:
    """The parties whose name, with width and spaces ignored, contains this text; natural persons are left out."""
    folded = fold_name(text)
    return _cards(Q(folded__contains=folded) & ~Q(key__startswith="person:"), limit=limit) if folded else []


def _cards(where: Q, *, limit: int | None) -> list[PartyCard]:
    rows = Party.objects.filter(where).order_by("folded", "key").values_list("key", "type", "name", "since")
    return [PartyCard(*row) for row in rows[:limit]]
