"""What everybody may read: lists and search of public records, those of an organ or a party, and the county's numbers."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Count, F, Q
from msgspec import Struct

from jiannuo.disclosure import rules
from jiannuo.disclosure.models import Listing
from jiannuo.disclosure.queries import marks, review, search
from jiannuo.disclosure.rules import CAP, Filters
from jiannuo.kernel import days, sql
from jiannuo.kernel.refusals import Refused
from jiannuo.policy import pack as policy
from jiannuo.subjects import queries as subjects

PAGE = 20
EVERYTHING = Filters()


class RowCard(Struct, frozen=True):
    """One public record as a line of a list."""

    listing: int
    entry_id: int
    identity: str
    """In hexadecimal: the record's lasting address."""
    kind: str
    kind_short: str
    family: str
    title: str
    party: str
    party_key: str
    number: str
    category: str
    organ_id: int
    organ: str
    decided_on: date
    published_on: date
    due_on: date | None
    standing: str
    """on_time, late, or nothing where no duty asks for it."""
    disputed_on: date | None = None
    """Since when somebody objects to it; nothing where nobody does."""


class Page(Struct, frozen=True):
    """A page of public records. Totals stop at a thousand; past that a reader narrows or goes on by `before`."""

    rows: tuple[RowCard, ...]
    total: int
    capped: bool
    page: int
    pages: int
    before: int = 0
    """The `before` that continues after the last countable row, or nought."""

    @property
    def total_words(self) -> str:
        """The total as people read it."""
        return f"{CAP}+" if self.capped else str(self.total)


LINES = """
SELECT l.id, l.entry_id, l.identity, l.kind, l.about, l.number, l.organ_id, l.decided_on, l.published_on, l.due_on, l.kept_on, e.body,
  (SELECT CASE WHEN a.kind = 'dispute' THEN a.happened_on END FROM ledger_entry v JOIN ledger_entry a ON a.refers_id = v.id
   WHERE v.identity = l.identity AND (a.kind IN ('dispute', 'settlement') OR a.kind IN ({ending})) ORDER BY a.id DESC LIMIT 1),
  EXISTS (SELECT 1 FROM ledger_entry v JOIN ledger_entry a ON a.refers_id = v.id
   WHERE v.identity = l.identity AND a.kind IN ({ending}) AND a.id > l.publication_id)
FROM disclosure_listing l JOIN ledger_entry e ON e.id = l.entry_id WHERE l.{column} IN ({values})
"""
"""Public records with what they say, since when somebody objects to them, and whether they are gone already: in one question, so that
no page asks twice, and in words of SQL, because composing it anew took longer than answering it.
"""


def narrowed(
    *,
    on: date,
    kind: str = "",
    family: str = "",
    organ: int | None = None,
    year: int = 0,
    month: int = 0,
    standing: str = "",
) -> Filters:
    """The filters as a page's address names them; an organ brings those it took over. Refuses what is not there."""
    kinds = policy.current().kinds
    if (kind and kind not in kinds) or (family and family not in {each.family for each in kinds.values()}):
        raise Refused("没有这类信息", fix="请从页面的类别中选择", field="kind", code="kind")
    if standing not in {"", "on_time", "late"}:
        raise Refused("公示时效只能选按期或者迟报", fix="请从页面的选项中选择", field="standing", code="standing")
    if (month and not year) or not 0 <= month <= 12 or (year and not 1949 <= year <= 2200):
        raise Refused("年份或者月份不对", fix="年份写四位数，月份写1到12，选月份先选年份", field="year", code="period")
    names = (kind,) if kind else tuple(each.id for each in kinds.values() if each.family == family) if family else ()
    line = tuple(sorted(subjects.directory(on).line(organ))) if organ is not None else ()
    return Filters(names, line, year, month, standing)  # type: ignore[arg-type]  # checked above


def listing(filters: Filters, *, on: date, page: int = 1, before: int = 0, size: int = PAGE) -> Page:
    """The public records within filters, newest publication first."""
    return find("", filters, on=on, page=page, before=before, size=size)


def find(
    question: str, filters: Filters = EVERYTHING, *, on: date, page: int = 1, before: int = 0, size: int = PAGE
) -> Page:
    """The public records that answer a question: part of a name, a code, a document number, or several words."""
    found = search.numbers(rules.looked(question), filters, before=before)
    countable = found[:CAP]
    pages = max(1, -(-len(countable) // size))
    page = min(max(1, page), pages)
    rows = cards(countable[(page - 1) * size : page * size], on=on)
    capped = len(found) > CAP
    return Page(tuple(rows), len(countable), capped, page, pages, countable[-1] if capped else 0)


def cards(numbers: Sequence[int], *, on: date) -> list[RowCard]:
    """The lines of these listings, in their order."""
    if not numbers:
        return []
    rows = {row[0]: row for row in _lines("id", numbers)}
    return list(_cards((rows[number] for number in numbers if number in rows), on=on))


def cards_at(identities: Iterable[str], *, on: date) -> list[RowCard]:
    """The lines of the public records at these lasting addresses; what is not public is left out."""
    return list(_cards(_lines("identity", [bytes.fromhex(one) for one in identities]), on=on))


def _lines(column: str, values: Sequence[int] | Sequence[bytes]) -> Sequence[tuple[Any, ...]]:
    if not values:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            LINES.format(ending=sql.names(marks.ENDING), column=column, values=sql.places(values)), list(values)
        )
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _cards(rows: Iterable[tuple[Any, ...]], *, on: date) -> Iterator[RowCard]:
    kinds = policy.current().kinds
    organs = subjects.directory(on)
    for (
        number,
        entry,
        identity,
        kind_id,
        about,
        document,
        organ,
        decided,
        published,
        due,
        kept,
        raw,
        disputed,
        gone,
    ) in rows:
        if gone:
            # Decided already, and leaves the index as soon as that follows.
            continue
        kind, body = kinds[kind_id], json.loads(raw)
        shown = rules.public_part(kind, body, ("title", "about_name", "category"))
        yield RowCard(
            listing=number,
            entry_id=entry,
            identity=bytes(identity).hex(),  # memoryview on PostgreSQL
            kind=kind.id,
            kind_short=kind.short,
            family=kind.family,
            title=shown["title"],
            party=shown["about_name"],
            party_key=about,
            number=document,
            category=shown["category"],
            organ_id=organ,
            organ=organs.card(organ).short,
            decided_on=days.as_day(decided),
            published_on=days.as_day(published),
            due_on=_day(due),
            standing=review.standing(_day(due), _day(kept)),
            disputed_on=_day(disputed),
        )


def _day(value: date | str | None) -> date | None:
    return days.as_day(value) if value else None


BODY = 11
"""Where in a line its content stands."""


class PartyPage(Struct, frozen=True):
    """Everything public about one outside party that has a code."""

    key: str
    code: str
    name: str
    type: str
    records: Page


def party(key: str, *, on: date, page: int = 1) -> PartyPage | None:
    """The page of a party; nothing for natural persons, whose records are never gathered, nor where nothing is public."""
    scheme, _, code = key.partition(":")
    if scheme not in rules.PARTY_CODES or not code:
        return None
    records = _of_party(key, on=on, page=page)
    if not records.rows:
        return None
    known = subjects.parties([key]).get(key)
    return PartyPage(key, code, known.name if known else records.rows[0].party, known.type if known else "", records)


def _of_party(key: str, *, on: date, page: int) -> Page:
    numbers = list(Listing.objects.filter(about=key).order_by("-pk").values_list("pk", flat=True)[: CAP + 1])
    pages = max(1, -(-min(len(numbers), CAP) // PAGE))
    page = min(max(1, page), pages)
    rows = cards(numbers[(page - 1) * PAGE : page * PAGE], on=on)
    return Page(tuple(rows), min(len(numbers), CAP), len(numbers) > CAP, page, pages)


class Numbers(Struct, frozen=True):
    """What is public now, counted for the front page."""

    total: int
    by_kind: dict[str, int]
    on_time: int
    late: int
    parties: int
    newest_on: date | None


def numbers(*, organs: Iterable[int] | None = None) -> Numbers:
    """How much is public, by kind, and how much of it was on time."""
    rows = Listing.objects.all() if organs is None else Listing.objects.filter(organ__in=list(organs))
    late = Count("id", filter=Q(kept_on__gt=F("due_on")))
    on_time = Count("id", filter=Q(kept_on__lte=F("due_on")))
    found = list(rows.values_list("kind").order_by("kind").annotate(rows=Count("id"), late=late, on_time=on_time))
    parties = rows.exclude(about="").aggregate(count=Count("about", distinct=True))["count"]
    newest = rows.order_by("-pk").values_list("published_on", flat=True).first()
    return Numbers(
        total=sum(row[1] for row in found),
        by_kind={row[0]: row[1] for row in found},
        on_time=sum(row[3] for row in found),
        late=sum(row[2] for row in found),
        parties=parties,
        newest_on=newest,
    )


class PublicRow(Struct, frozen=True):
    """A public record as it is exported: its line, and every field the public sees, by title."""

    card: RowCard
    fields: tuple[rules.Shown, ...]


def export(filters: Filters, *, on: date) -> Iterator[PublicRow]:
    """Every public record within filters, newest first, as many as there are; read in pieces, never all at once."""
    before = 0
    kinds = policy.current().kinds
    while numbers := search.numbers(rules.looked(""), filters, before=before):
        rows = {row[0]: row for row in _lines("id", numbers)}
        ordered = [rows[number] for number in numbers if number in rows]
        bodies = {row[0]: row[BODY] for row in ordered}
        for card in _cards(ordered, on=on):
            yield PublicRow(card, tuple(rules.public_view(kinds[card.kind], json.loads(bodies[card.listing]))))
        if len(numbers) <= CAP:
            return
        before = numbers[-1]
