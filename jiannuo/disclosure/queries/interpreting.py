"""政策解读: which public documents are to be interpreted, by when, whether they were; and the way from one to the other, by number."""

from collections.abc import Iterable
from datetime import date

from django.db import connection
from msgspec import Struct

from jiannuo.disclosure.models import Listing
from jiannuo.disclosure.queries.catalogue import INFORMATION
from jiannuo.ledger import queries as ledger
from jiannuo.policy import pack as policy
from jiannuo.subjects import queries as subjects

INTERPRETATION = "policy_interpretation"


class Linked(Struct, frozen=True):
    """A public record beside another that bears the same document number."""

    identity: str
    kind: str
    title: str


class Document(Struct, frozen=True):
    """A document that is to be interpreted, and by when it was or should have been."""

    identity: str
    number: str
    title: str
    organ_id: int
    published_on: date
    due_on: date
    provisional: bool
    interpreted_on: date | None

    def is_missing(self, on: date) -> bool:
        """Whether its day is over without an interpretation."""
        return self.interpreted_on is None and self.due_on < on


def beside(kind: str, number: str) -> list[Linked]:
    """Of a document, its interpretations; of an interpretation, its documents. Only what is public now."""
    if not number:
        return []
    rows = Listing.objects.filter(number=number).select_related("entry").order_by("-id")
    rows = rows.exclude(kind=INTERPRETATION) if kind == INTERPRETATION else rows.filter(kind=INTERPRETATION)
    kinds = policy.current().kinds
    return [
        Linked(
            bytes(row.identity).hex(),
            row.kind,
            str(ledger.card_of(row.entry).body.get(kinds[row.kind].field_for("title")) or number),
        )
        for row in rows[:20]
        if kinds[row.kind].family == "information"
    ]


# A document without a number cannot be told apart, so nothing is asked of it.
DOCUMENTS = """
    SELECT l.identity, l.number, l.organ_id, {title}, {item}, COALESCE({day}, CAST(l.published_on AS text)),
        (SELECT MIN(COALESCE({shown}, CAST(i.published_on AS text))) FROM disclosure_listing i JOIN ledger_entry f ON f.id = i.entry_id
         WHERE i.kind = %s AND i.number = l.number)
    FROM disclosure_listing l JOIN ledger_entry e ON e.id = l.entry_id
    WHERE l.kind = %s AND l.number <> '' AND {item} IN ({items})
    ORDER BY l.id
"""


def documents(*, on: date, organ_ids: Iterable[int] | None = None) -> list[Document]:
    """The public documents that the catalogue wants interpreted, those longest without on top."""
    pack = policy.current()
    wanted = {one.id: one.interpret for one in pack.catalogue if one.interpret}
    if not wanted:
        return []
    read = (
        "CAST({0}.body AS jsonb) ->> '{1}'" if connection.vendor == "postgresql" else "json_extract({0}.body, '$.{1}')"
    )
    text = DOCUMENTS.format(
        title=read.format("e", "title"), item=read.format("e", "catalogue_item"), day=read.format("e", "published_on"),
        shown=read.format("f", "published_on"), items=", ".join(["%s"] * len(wanted)),
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(text, [INTERPRETATION, INFORMATION, *wanted])
        rows = cursor.fetchall()
    lines = None if organ_ids is None else set(organ_ids)
    directory = subjects.directory(on)
    found = []
    for identity, number, organ, title, item, day, shown in rows:
        published = date.fromisoformat(day)
        if lines is not None and organ not in lines:
            continue
        try:
            due = pack.rule(wanted[item], on=published).due(published, pack.calendar)
        except LookupError:
            # Made public before anything was said of interpreting it.
            continue
        heir = directory.heir(organ).id
        given = date.fromisoformat(shown) if shown else None
        found.append(
            Document(bytes(identity).hex(), number, title, heir, published, due.due_on, due.provisional, given)
        )
    return sorted(found, key=lambda one: (not one.is_missing(on), one.due_on, one.identity))
