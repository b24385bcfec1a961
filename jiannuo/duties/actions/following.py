"""Duties follow the ledger: what an entry opens, keeps or lifts, carried over once however often and wherever it is run."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import NamedTuple

from django.db import connection, transaction
from msgspec import Struct

from jiannuo.duties.actions import acted, promised, stepping
from jiannuo.duties.actions.opening import Owed, keep, lift, open_between, open_for
from jiannuo.duties.actions.stating import names_its_day, open_stated_between
from jiannuo.duties.models import Bookmark, Duty
from jiannuo.duties.rules.confirming import confirmer
from jiannuo.kernel import days
from jiannuo.kernel.sql import places
from jiannuo.ledger import queries as ledger
from jiannuo.ledger.queries import EntryCard
from jiannuo.policy import pack as policy
from jiannuo.subjects import queries as subjects

CLOSING = ("publication", "withholding", "withdrawal")
CALL = "call"
"""An entry by which the calendar asks for something; what follows it opens the duty it names."""
ACTS = (*CLOSING, *acted.CARRY, CALL, stepping.STEP)
CHUNK = 50_000
"""Entries carried over in one transaction: 98,000 take 1.2 s, by twenty thousand 1.5. Each commit writes the pages of every index again."""

SURVEY = """
SELECT kind, happened_on, CASE WHEN version = 1 THEN 1 ELSE 0 END AS met_first, count(*) FROM ledger_entry
WHERE id BETWEEN %s AND %s AND kind IN ({kinds}) GROUP BY 1, 2, 3
"""
FACTS = """
SELECT id, kind, organ_id, happened_on, identity, version, refers_id, number FROM ledger_entry
WHERE id BETWEEN %s AND %s AND kind IN ({kinds}) AND NOT (version = 1 AND kind IN ({plain})) ORDER BY id
"""

# The duties of a record, whichever version carries them, for each entry of a stretch: itself, or the one it refers to.
CARRIED = """
SELECT e.id, d.entry_id, v.version, d.kept_on FROM ledger_entry e {through}
JOIN ledger_entry v ON v.identity = {subject}.identity JOIN duties_duty d ON d.entry_id = v.id
WHERE e.id BETWEEN %s AND %s AND e.kind = %s AND d.kind IN ({kinds}) ORDER BY v.version
"""


class Fact(NamedTuple):
    """What of an entry the duties follow."""

    id: int
    kind: str
    organ_id: int
    happened_on: date
    identity: bytes
    version: int
    refers: int | None
    number: str


class Carried(NamedTuple):
    """The duty a record has already: the version that carries it, and whether it is kept."""

    entry_id: int
    version: int
    kept: bool


class Survey(Struct, frozen=True):
    """How many entries of a stretch are of one kind and day, those met for the first time apart from later versions."""

    counts: Mapping[tuple[str, date, bool], int]

    @property
    def count(self) -> int:
        """All of them."""
        return sum(self.counts.values())

    def met_first(self, name: str) -> list[date]:
        """The days of the records of a kind that are met for the first time, in order."""
        return sorted({on for kind, on, met_first in self.counts if kind == name and met_first})

    def holds_more_than(self, plain: Collection[str]) -> bool:
        """True where there is anything besides first versions of these kinds."""
        return any(kind not in plain or not met_first for kind, _, met_first in self.counts)


def catch_up(*, opened_at: datetime) -> int:
    """Carry over all that the ledger holds and return how many entries there were."""
    count, more = 0, True
    while more:
        some, more = _follow(opened_at, CHUNK)
        count += some
    return count


def follow(*, opened_at: datetime, limit: int = CHUNK) -> int:
    """Carry over the next entries of the ledger and return how many there were.

    The bookmark moves in the same transaction as the duties and its row is locked first: killed anywhere, run again,
    or run by two at once, nothing is lost and nothing doubled. What others did to a duty already is left as it is.
    """
    return _follow(opened_at, limit)[0]


def _follow(opened_at: datetime, limit: int) -> tuple[int, bool]:
    """How many entries were carried over, and whether the ledger holds more."""
    opening = {name: kind.opens for name, kind in policy.current().kinds.items() if kind.opens}
    with transaction.atomic():
        mark = Bookmark.objects.select_for_update().get(pk=1)
        head, _ = ledger.head()
        if head == mark.entry:
            return 0, False
        first, last, survey = _stretch(mark.entry, head, (*opening, *ACTS), limit)
        # Most of a stretch is records met for the first time: they open their duties all at once, before what is done to any.
        plain = [
            name
            for name in opening
            if (met_on := survey.met_first(name)) and _open_at_once(name, met_on, first, last, opened_at)
        ]
        facts = _facts(first, last, (*opening, *ACTS), plain) if survey.holds_more_than(plain) else iter(())
        for name, run in groupby(facts, key=lambda fact: fact.kind):
            if name in CLOSING:
                _close(list(run))
            elif name == CALL:
                _open_calls([fact.id for fact in run], opened_at)
            elif name == stepping.STEP:
                stepping.apply((fact.id for fact in run), opened_at=opened_at)
            elif name in acted.CARRY:
                acted.apply(fact.id for fact in run)
            else:
                _open(list(run), opening[name], opened_at)
        mark.entry = last
        mark.save(update_fields=["entry"])
    return survey.count, last < head


def _open_at_once(name: str, met_on: Collection[date], first: int, last: int, opened_at: datetime) -> bool:
    """Open the duties of what is met for the first time, where all entries of that kind can be opened in one statement."""
    pack = policy.current()
    fact = pack.kinds[name]
    plain = name != "revocation" and promised.is_plain(fact, pack)
    stated = not plain and names_its_day(fact, pack)
    for kind in fact.opens:
        if plain:
            open_between(first, last, days=met_on, of=name, kind=kind, opened_at=opened_at)
        elif stated:
            open_stated_between(first, last, days=met_on, of=fact, kind=kind, opened_at=opened_at)
    return plain or stated


def _stretch(after: int, head: int, kinds: Sequence[str], limit: int) -> tuple[int, int, Survey]:
    """The next so many entries that hold one of these kinds: their first and last number, and what is among them."""
    first, last, survey = after + 1, after, Survey({})
    while last < head and not survey.count:
        first, last = last + 1, min(last + limit, head)
        with connection.cursor() as cursor:
            cursor.execute(SURVEY.format(kinds=places(kinds)), [first, last, *kinds])
            found = {
                (kind, days.as_day(on), bool(met_first)): count for kind, on, met_first, count in cursor.fetchall()
            }
        survey = Survey(found)
    return first, last, survey


def _facts(first: int, last: int, kinds: Sequence[str], plain: Sequence[str]) -> Iterator[Fact]:
    read: dict[object, date] = {}
    with connection.cursor() as cursor:
        # An empty name and not NULL: compared with NULL nothing is false, and no first version would be read at all.
        query = FACTS.format(kinds=places(kinds), plain=places(plain) if plain else "''")
        cursor.execute(query, [first, last, *kinds, *plain])
        for number, kind, organ, on, identity, *rest in cursor.fetchall():
            day = read.get(on) or read.setdefault(on, days.as_day(on))
            yield Fact(number, kind, organ, day, bytes(identity), *rest)


# -- opening ----------------------------------------------------------------------------------------------------------


def _open(facts: Sequence[Fact], kinds: Iterable[str], opened_at: datetime) -> None:
    pack = policy.current()
    newest = {fact.identity: fact for fact in facts}
    name = facts[0].kind
    plain = promised.is_plain(pack.kinds[name], pack)
    cards = {} if plain else ledger.entries(fact.id for fact in newest.values())
    for kind in kinds:
        known = _carried(facts, [kind])
        owed = []
        for fact in newest.values():
            had = known.get(fact.id)
            if had is None or had.version < fact.version:
                owed.append(Owed(fact.id, fact.organ_id, fact.happened_on, had.entry_id if had else None))
        if name == "revocation":
            owed = _of_published(owed, facts)
        elif not plain:
            owed = _as_said(owed, cards, name, kind, opened_at)
        open_for(owed, kind=kind, opened_at=opened_at)


def _as_said(
    owed: Sequence[Owed], cards: Mapping[int, EntryCard], name: str, kind: str, opened_at: datetime
) -> list[Owed]:
    """The same with what each fact says of its duty: the day it names or was done, the office, who confirms."""
    pack = policy.current()
    wanted = {one.entry_id: cards[one.entry_id] for one in owed}
    corrects = {one.entry_id: one.corrects for one in owed if one.corrects is not None}
    organs = subjects.directory(opened_at.date())
    return promised.owed_of(wanted, pack.kinds[name], pack.duties[kind], corrects=corrects, organs=organs)


def _open_calls(entry_ids: Iterable[int], opened_at: datetime) -> None:
    """What the calendar asked for is owed from the day its period ended."""
    organs = subjects.directory(opened_at.date())
    by_duty: dict[str, list[Owed]] = {}
    for card in ledger.entries(entry_ids).values():
        stated = days.parse_day(card.body.get("due_on") or "")
        to = confirmer(organs.lead.id, card.organ_id, organs)
        one = Owed(card.id, card.organ_id, card.happened_on, stated_on=stated, confirmer_id=to)
        by_duty.setdefault(card.body["duty"], []).append(one)
    for kind, owed in by_duty.items():
        if kind in policy.current().duties:
            open_for(owed, kind=kind, opened_at=opened_at)


def _of_published(owed: Sequence[Owed], revocations: Sequence[Fact]) -> list[Owed]:
    """A revoked decision is withdrawn where it was public; where it was not, it need no longer be disclosed."""
    about = _carried(revocations, _kept_by("publication"), referred=True)
    facts = {fact.id: fact for fact in revocations}
    found = []
    for one in owed:
        duties = [about[one.entry_id]] if one.entry_id in about else _of_number(facts[one.entry_id])
        if any(had.kept for had in duties):
            found.append(one)
        else:
            lift([had.entry_id for had in duties], by=one.entry_id, on=one.started_on)
    return found


def _of_number(revocation: Fact) -> list[Carried]:
    """The duties to publish the decision of that number, where its organ reported the revocation by number alone."""
    if revocation.refers is not None or not revocation.number:
        return []
    rows = Duty.objects.filter(
        kind__in=_kept_by("publication"), entry__number=revocation.number, entry__organ=revocation.organ_id
    )
    return [Carried(*row[:2], row[2] is not None) for row in rows.values_list("entry_id", "entry__version", "kept_on")]


# -- closing ----------------------------------------------------------------------------------------------------------


def _close(acts: Sequence[Fact]) -> None:
    if acts[0].kind == "withdrawal":
        _close_withdrawals(acts)
        return
    closing = lift if acts[0].kind == "withholding" else keep
    kinds = _kept_by("publication")
    duties = _carried(acts, kinds, referred=True)
    for day, several in groupby(
        sorted(acts, key=lambda act: (act.happened_on, act.id)), key=lambda act: act.happened_on
    ):
        pairs = [(duties[act.id].entry_id, act.id) for act in several if act.id in duties]
        for kind in kinds:
            closing([entry for entry, _ in pairs], by=[act for _, act in pairs], on=day, kind=kind)


def _close_withdrawals(acts: Sequence[Fact]) -> None:
    records = ledger.entries(act.refers for act in acts if act.refers)
    for act in acts:
        record = records.get(act.refers or 0)
        if record is None:
            continue
        for kind in _kept_by("withdrawal"):
            opened = Duty.objects.filter(entry__refers__identity=record.identity, kind=kind, kept_on=None)
            keep(list(opened.values_list("entry_id", flat=True)), by=act.id, on=act.happened_on, kind=kind)


def _kept_by(act: str) -> list[str]:
    return [name for name, duty in policy.current().duties.items() if duty.kept_by == act]


def _carried(facts: Sequence[Fact], kinds: Sequence[str], *, referred: bool = False) -> Mapping[int, Carried]:
    """For each fact, the duty its record has, or the record it refers to; the newest version's where there are several."""
    if not kinds:
        return {}
    through, subject = ("JOIN ledger_entry r ON r.id = e.refers_id", "r") if referred else ("", "e")
    query = CARRIED.format(through=through, subject=subject, kinds=places(kinds))
    with connection.cursor() as cursor:
        cursor.execute(query, [facts[0].id, facts[-1].id, facts[0].kind, *kinds])
        return {number: Carried(entry, version, kept is not None) for number, entry, version, kept in cursor.fetchall()}
