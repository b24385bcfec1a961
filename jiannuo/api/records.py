"""An organ's own records, as known now or on a day."""

from datetime import date, datetime, time, timedelta
from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import Field

from jiannuo.access.rules import demand, scope
from jiannuo.api.keys import actor
from jiannuo.api.shapes import PAGE, PLAIN, Limit, RecordOut, RecordsPage
from jiannuo.disclosure.queries import marks
from jiannuo.intake import queries as intake
from jiannuo.kernel import clock
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as ledger
from jiannuo.subjects import queries as subjects

router = Router(tags=["本单位记录"])
Cursor = Annotated[str, Query(pattern=r"^$|^[0-9]{1,17}\.[0-9]{1,7}$", description="上一页给出的 next")]


@router.get("/records", response=RecordsPage, summary="本单位的记录，最近的在前")
def records(
    request: HttpRequest,
    kind: Annotated[str, Field(max_length=40), PLAIN],
    as_of: Annotated[date | None, Query(description="按哪一天已知的情况，默认现在")] = None,
    cursor: Cursor = "",
    limit: Limit = PAGE,
) -> RecordsPage:
    asking = actor(request)
    demand(asking, "records.read")
    intake.kind_of(kind)
    moment, offset = _place(cursor, as_of)
    total, found = ledger.records(
        kind, organ_ids=scope(asking, "records.read"), as_of=moment, limit=limit, offset=offset
    )
    directory = subjects.directory(clock.today())
    marked = marks.of_records(found)
    items = [
        RecordOut(
            id=one.id, record=one.identity.hex(), kind=one.kind, organ=directory.card(one.organ_id).code,
            number=one.number, happened_on=one.happened_on, seen_at=one.seen_at, version=one.version,
            visibility=one.visibility, fields=dict(one.body), digest=one.digest,
            disputed_on=marked.get(one.identity, marks.NONE).disputed_on,
        )
        for one in found
    ]  # fmt: skip
    following = f"{int(moment.timestamp() * 1_000_000)}.{offset + limit}" if total > offset + limit else None
    return RecordsPage(total=total, items=items, next=following)


def _place(cursor: str, as_of: date | None) -> tuple[datetime, int]:
    """The moment all pages of one walk look at, and how far it has come."""
    now = clock.now()
    if cursor:
        micros, offset = map(int, cursor.split("."))
        return min(datetime.fromtimestamp(0, clock.SHANGHAI) + timedelta(microseconds=micros), now), offset
    if as_of is None:
        return now, 0
    if as_of > now.date():
        raise Refused(f"{as_of}还没有到", fix="请填今天或者以前的日子", field="as_of", code="as_of")
    return datetime.combine(as_of, time.max, clock.SHANGHAI), 0
