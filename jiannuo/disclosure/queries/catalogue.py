"""The disclosure catalogue: who must publish what by when, when it last was, and what is missing."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date

from django.db import connection
from django.db.models import Min
from msgspec import Struct

from jiannuo.disclosure import rules
from jiannuo.disclosure.queries import review
from jiannuo.disclosure.rules import Published, Stands, State
from jiannuo.duties import queries as duties
from jiannuo.policy import pack as policy
from jiannuo.policy.deadlines import Rule
from jiannuo.policy.documents import CatalogueItem
from jiannuo.policy.pack import Pack
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.queries import Directory, OrganCard

INFORMATION = "disclosed_information"

Key = tuple[str, str, int]
"""A kind, of disclosed information an item of the catalogue, and an organ."""


class CatalogueCell(Struct, frozen=True):
    """One item of the catalogue for one organ that answers for it."""

    item: CatalogueItem
    organ_id: int
    organ: str
    state: State
    last_on: date | None
    records: int
    due_on: date | None
    provisional: bool
    period: str
    """The period asked for, as the disclosed information names it."""


class AreaCard(Struct, frozen=True):
    """One of the document's key areas, and how its items stand."""

    id: str
    title: str
    items: int
    cells: int
    by_state: Mapping[str, int]


class CatalogueCard(Struct, frozen=True):
    """The whole catalogue on a day."""

    on: date
    areas: tuple[AreaCard, ...]
    cells: tuple[CatalogueCell, ...]

    @property
    def missing(self) -> tuple[CatalogueCell, ...]:
        """What should be public by now and is not, the longest overdue first."""
        missing = [cell for cell in self.cells if cell.state == State.MISSING]
        return tuple(sorted(missing, key=lambda cell: (cell.due_on or self.on, cell.item.id, cell.organ_id)))


def catalogue_status(*, on: date, area: str = "", organ: int | None = None) -> CatalogueCard:
    """How every item stands for every organ that answers for it; narrowed to an area or an organ where asked."""
    pack = policy.current()
    directory = subjects.directory(on)
    public, open_due = _published(directory), _open_due(directory)
    cells: list[CatalogueCell] = []
    known: dict[tuple[str, Published, date | None], Stands] = {}
    for item in pack.catalogue:
        if (area and item.area != area) or item.since > on:
            continue
        for answering in _answering(item, directory):
            if organ is not None and answering.id != organ:
                continue
            key = (item.kind, item.id if item.kind == INFORMATION else "", answering.id)
            published = public.get(key, Published())
            # Most organs have published the same of an item, nothing or all of it, and stand alike.
            alike = item.id, published, open_due.get((item.kind, answering.id))
            if (stands := known.get(alike)) is None:
                stands = known[alike] = _stands(pack, item, *alike[1:], on=on)
            cells.append(
                CatalogueCell(
                    item=item,
                    organ_id=answering.id,
                    organ=answering.short,
                    state=stands.state,
                    last_on=published.last_on,
                    records=published.records,
                    due_on=stands.due_on,
                    provisional=stands.provisional,
                    period=stands.period,
                )
            )
    return CatalogueCard(on, _areas(pack, cells), tuple(cells))


def _areas(pack: Pack, cells: list[CatalogueCell]) -> tuple[AreaCard, ...]:
    found = []
    for area, title in pack.areas.items():
        own = [cell for cell in cells if cell.item.area == area]
        states = Counter(cell.state.value for cell in own)
        items = len({item.id for item in pack.catalogue if item.area == area})
        found.append(AreaCard(area, title, items, len(own), {state.value: states[state.value] for state in State}))
    return tuple(found)


def _answering(item: CatalogueItem, directory: Directory) -> Iterator[OrganCard]:
    seen: set[int] = set()
    for who in item.who:
        if who.startswith("type:"):
            found = [organ for organ in directory.organs if organ.type == who.removeprefix("type:")]
        else:
            named = directory.by_code.get(who)
            found = [directory.heir(named.id)] if named else []
        for organ in found:
            if organ.id not in seen:
                seen.add(organ.id)
                yield organ


def _stands(pack: Pack, item: CatalogueItem, published: Published, open_due: date | None, *, on: date) -> Stands:
    def rule(day: date) -> Rule | None:
        try:
            return pack.rule(item.deadline, on=day)
        except LookupError:
            return None

    if item.period == "event":
        due = None if item.kind == INFORMATION else open_due
        return rules.on_event(published, open_due=due, calendar=pack.calendar, on=on)
    if item.period == "standing":
        return rules.lasting(published, since=item.since, rule=rule(item.since), calendar=pack.calendar, on=on)
    return rules.periodic(item.period, published, since=item.since, rule=rule, calendar=pack.calendar, on=on)


# What the kinds have published, by the newest listing, whose number stands in the index (the days would have to be read one by
# one); and disclosed information by its item of the catalogue, with the periods it names.
PUBLISHED = """
    SELECT g.kind, '', g.organ_id, '', g.several, CAST(l.published_on AS text)
    FROM (SELECT kind, organ_id, COUNT(*) AS several, MAX(id) AS newest FROM disclosure_listing GROUP BY 1, 2) g
    JOIN disclosure_listing l ON l.id = g.newest
    UNION ALL
    SELECT l.kind, {item}, l.organ_id, {period}, COUNT(*), MAX(COALESCE({day}, CAST(l.published_on AS text)))
    FROM disclosure_listing l JOIN ledger_entry e ON e.id = l.entry_id
    WHERE l.kind = %s GROUP BY 1, 2, 3, 4
"""


def _published(directory: Directory) -> dict[Key, Published]:
    """What is public, by kind and organ, and of disclosed information by item as well."""
    reads = "CAST(e.body AS jsonb) ->> '{0}'" if connection.vendor == "postgresql" else "json_extract(e.body, '$.{0}')"
    item, period, day = (reads.format(name) for name in ("catalogue_item", "period", "published_on"))
    found: dict[Key, Published] = {}
    with connection.cursor() as cursor:
        cursor.execute(PUBLISHED.format(item=item, period=period, day=day), [INFORMATION])
        rows = cursor.fetchall()
    for kind, item_id, organ, name, count, last in rows:
        key = (kind, item_id or "", directory.heir(organ).id)
        here = Published(count, rules.as_date(last), frozenset((name,) if name else ()))
        found[key] = _joined(found.get(key, Published()), here)
    return found


def _joined(one: Published, other: Published) -> Published:
    last = max(filter(None, (one.last_on, other.last_on)), default=None)
    return Published(one.records + other.records, last, one.periods | other.periods)


def _open_due(directory: Directory) -> dict[tuple[str, int], date]:
    """The earliest day by which a record of a kind should be public and is not, by organ."""
    rows = (
        duties.owed()
        .filter(kept_on=None, lifted_on=None, kind__in=review.duties_to_publish())
        .values_list("entry__kind", "debtor")
        .order_by()
        .annotate(first=Min("due_on"))
    )
    found: dict[tuple[str, int], date] = {}
    for kind, debtor, first in rows:
        key = (kind, directory.heir(debtor).id)
        found[key] = min(first, found.get(key, first))
    return found
