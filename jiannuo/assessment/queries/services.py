"""Matters of service and their cases: limits from the lists organs publish, cases from counts that follow the ledger."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from django.db import connection

from jiannuo.assessment.models import ServiceMark
from jiannuo.assessment.queries.records import kinds_opening, said
from jiannuo.assessment.rules.services import OPEN, Handling, Offered, ServiceFigures, month
from jiannuo.ledger import queries as ledger
from jiannuo.ledger.queries import EntryCard
from jiannuo.policy import pack as policy
from jiannuo.policy.kinds import Kind
from jiannuo.subjects import queries as subjects

HANDLE = "handle_service"
ROLES = ("item", "channel", "due_on", "kept_on")
COUNTED = """
SELECT {by}, channel,
    SUM(CASE WHEN done <= %s THEN cases - late ELSE 0 END), SUM(CASE WHEN done <= %s THEN late ELSE 0 END),
    SUM(CASE WHEN done > %s AND due < %s THEN cases ELSE 0 END), SUM(CASE WHEN done > %s AND due >= %s THEN cases ELSE 0 END),
    SUM(CASE WHEN done <= %s THEN workdays ELSE 0 END)
FROM assessment_servicecount WHERE {which} AND due >= %s AND due <= %s {organs} GROUP BY {by}, channel
"""


def case_kinds() -> tuple[Kind, ...]:
    """The kinds of record that are cases of service: they name their matter, their channel and both days."""
    return tuple(kind for kind in kinds_opening(HANDLE) if all(kind.field_for(role) for role in ROLES))


def item_kind() -> Kind | None:
    """The kind of record that is a matter of service: a whole list that names the promised limit."""
    kinds = policy.current().kinds.values()
    return next((kind for kind in kinds if kind.whole and kind.field_for("promised_days")), None)


def services(*, organ_ids: Collection[int] | None, first: date, last: date, as_of: date) -> ServiceFigures:
    """The cases that fell due in the months of a period: exact for today, to the month for days past."""
    found: dict[int, Handling] = {}
    organs = subjects.directory(as_of)
    for organ, *counts in _counted(
        "organ_id", "item = ''", [], organ_ids=organ_ids, first=first, last=last, as_of=as_of
    ):
        heir = organs.heir(organ).id
        found[heir] = found.get(heir, Handling()) + _handling(counts)
    total = sum(found.values(), Handling())
    return ServiceFigures(None, first, last, as_of, HANDLE, total, found, is_whole=_is_whole())


def by_item(
    codes: Iterable[str], *, organ_ids: Collection[int] | None, first: date, last: date, as_of: date
) -> dict[tuple[int, str], Handling]:
    """The same for each of these matters, by the organ that answers today and the matter's code."""
    wanted = sorted(set(codes) - {""})
    if not wanted:
        return {}
    which = f"item IN ({', '.join(['%s'] * len(wanted))})"
    organs = subjects.directory(as_of)
    found: dict[tuple[int, str], Handling] = {}
    for organ, item, *counts in _counted(
        "organ_id, item", which, wanted, organ_ids=organ_ids, first=first, last=last, as_of=as_of
    ):
        key = organs.heir(organ).id, item
        found[key] = found.get(key, Handling()) + _handling(counts)
    return found


def _counted(
    by: str,
    which: str,
    values: Sequence[str],
    *,
    organ_ids: Collection[int] | None,
    first: date,
    last: date,
    as_of: date,
) -> list[tuple[Any, ...]]:
    if organ_ids is not None and not organ_ids:
        return []
    organs = "" if organ_ids is None else f"AND organ_id IN ({', '.join(str(int(one)) for one in sorted(organ_ids))})"
    day = connection.ops.adapt_datefield_value
    done, today = day(min(as_of, OPEN)), day(as_of)
    bounds = [day(month(first)), day(last)]
    with connection.cursor() as cursor:
        query = COUNTED.format(by=by, which=which, organs=organs)
        cursor.execute(query, [done, done, done, today, done, today, done, *values, *bounds])
        return list(cursor.fetchall())


def _handling(row: Sequence[Any]) -> Handling:
    channel, on_time, late, missing, running, took = row
    count = on_time + late + missing + running
    return Handling(on_time, late, missing, running, int(took), {channel: count} if channel and count else {})


def _is_whole() -> bool:
    mark = ServiceMark.objects.filter(pk=1).first()
    if mark is None:
        return not ledger.facts().filter(kind__in=[kind.id for kind in case_kinds()]).exists()
    return mark.whole and mark.pack == policy.current().id


def offered(
    *, organ_ids: Collection[int] | None, as_of: date, given: Sequence[EntryCard] | None = None
) -> list[Offered]:
    """The matters these organs list, by organ and code: all in the ledger, or the versions given."""
    kind = item_kind()
    if kind is None:
        return []
    wanted = None if organ_ids is None else frozenset(organ_ids)
    organs = subjects.directory(as_of)
    cards = given if given is not None else _listed(kind)
    items = [_offered(card, kind, organs) for card in cards if wanted is None or card.organ_id in wanted]
    return sorted(items, key=lambda item: (item.organ_id, item.code))


def _listed(kind: Kind) -> list[EntryCard]:
    return ledger.cards(ledger.newest([kind.id]).exclude(acts__kind="delisting"))


def _offered(card: EntryCard, kind: Kind, organs: subjects.Directory) -> Offered:
    return Offered(
        entry_id=card.id,
        identity=card.identity,
        organ_id=organs.heir(card.organ_id).id,
        code=card.number,
        name=said(card, kind, "title"),
        type=said(card, kind, "category"),
        status=said(card, kind, "status"),
        status_basis=said(card, kind, "status_basis"),
        statutory=_number(said(card, kind, "statutory_days")),
        promised=_number(said(card, kind, "promised_days")),
        papers=_number(said(card, kind, "papers")),
        papers_cut=_number(said(card, kind, "papers_cut")) or 0,
        proofs_cut=_several(said(card, kind, "proofs_cancelled")),
        channels=_several(said(card, kind, "channels")),
    )


def _number(text: str) -> int | None:
    digits = text.partition(".")[0]
    return int(digits) if digits.isdigit() else None


def _several(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.replace("；", ";").split(";") if part.strip())
