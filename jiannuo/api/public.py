"""What everybody may read, without a key."""

# ruff: noqa: ARG001 - an operation takes the request first, whether it reads it or not

from datetime import date
from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Path, Query, Router

from jiannuo.api.problems import nothing_here
from jiannuo.api.shapes import (
    PAGE,
    PLAIN,
    CatalogueOut,
    CataloguePage,
    DisclosureOut,
    DisclosuresPage,
    DueOut,
    Limit,
    NoticeOut,
    Offset,
    OrganOut,
    PublicRecordOut,
    ShownOut,
    SkipOut,
    StepOut,
    ValidateIn,
    VerdictOut,
)
from jiannuo.disclosure import queries as disclosure
from jiannuo.duties import queries as duties
from jiannuo.kernel import clock
from jiannuo.kernel.identifiers import CHECKS
from jiannuo.kernel.refusals import Refused
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.queries import OrganCard

router = Router(tags=["公开"])
Organ = Annotated[str, Query(max_length=60, description="单位编码、统一社会信用代码或者名称"), PLAIN]


@router.get("/disclosures", response=DisclosuresPage, summary="公示的记录：检索和筛选")
def disclosures(
    request: HttpRequest,
    q: Annotated[str, Query(max_length=100, description="名称的一部分、代码、文号"), PLAIN] = "",
    kind: Annotated[str, Query(max_length=40), PLAIN] = "",
    organ: Organ = "",
    year: Annotated[int, Query(ge=0, le=2200)] = 0,
    standing: Literal["", "on_time", "late"] = "",
    cursor: Annotated[str, Query(pattern=r"^$|^[0-9]{1,15}\.[0-9]{1,4}$", description="上一页给出的 next")] = "",
    limit: Limit = PAGE,
) -> DisclosuresPage:
    on = clock.today()
    organ_id = _organ(organ).id if organ else None
    filters = disclosure.narrowed(on=on, kind=kind, organ=organ_id, year=year, standing=standing)
    before, number = map(int, (cursor or "0.1").split("."))
    page = disclosure.find(q, filters, on=on, page=number, before=before, size=limit)
    if number > page.pages:
        return DisclosuresPage(total=page.total, capped=page.capped, items=[], next=None)
    following = f"{before}.{page.page + 1}" if page.page < page.pages else f"{page.before}.1" if page.before else None
    names = DisclosureOut.model_fields.keys() - {"record"}
    items = [DisclosureOut(record=row.identity, **{name: getattr(row, name) for name in names}) for row in page.rows]
    return DisclosuresPage(total=page.total, capped=page.capped, items=items, next=following)


@router.get("/records/{record}", response=PublicRecordOut, summary="一条公示的记录")
def record(
    request: HttpRequest, record: Annotated[str, Path(pattern=r"^[0-9a-f]{32}$", description="记录的固定编号")]
) -> PublicRecordOut:
    on = clock.today()
    card = disclosure.public_record(record, on=on)
    if card is None:
        raise nothing_here("条公示")
    return PublicRecordOut(
        record=card.identity, kind=card.kind, kind_title=card.kind_title, state=card.state, title=card.title,
        party=card.party, number=card.number, organ=subjects.directory(on).card(card.organ_id).code,
        organ_name=card.organ, decided_on=card.decided_on, published_on=card.published_on,
        fields=[ShownOut(field=one.field, title=one.title, value=one.shown) for one in card.fields],
        due_on=card.duty.due_on if card.duty else None, why=card.duty.why if card.duty else "",
        standing=card.standing, disputed_on=card.disputed_on, version=card.version, digest=card.digest,
        withdrawn=_notice(card.withdrawn), revoked=_notice(card.revoked),
        history=[StepOut(**{name: getattr(one, name) for name in StepOut.model_fields}) for one in card.history],
    )  # fmt: skip


def _notice(found: disclosure.Notice | None) -> NoticeOut | None:
    return None if found is None else NoticeOut(on=found.on, what=found.what, reason=found.reason, law=found.law)


@router.get("/organs", response=list[OrganOut], summary="单位名录")
def organs(request: HttpRequest) -> list[OrganOut]:
    directory = subjects.directory(clock.today())
    return [
        OrganOut(
            code=one.code, name=one.name, short=one.short, type=one.type, uscc=one.uscc, since=one.since,
            parent=directory.card(one.parent_id).code if one.parent_id else "",
        )
        for one in directory.organs
    ]  # fmt: skip


@router.get("/catalogue", response=CataloguePage, summary="主动公开目录和公开情况")
def catalogue(
    request: HttpRequest,
    area: Annotated[str, Query(max_length=40, description="重点领域的编号"), PLAIN] = "",
    organ: Organ = "",
    cursor: Offset = "0",
    limit: Limit = PAGE,
) -> CataloguePage:
    on = clock.today()
    whole = disclosure.catalogue_status(on=on, area=area, organ=_organ(organ).id if organ else None)
    offset = int(cursor)
    directory = subjects.directory(on)
    items = [
        CatalogueOut(
            item=cell.item.id, area=cell.item.area, title=cell.item.title, organ=directory.card(cell.organ_id).code,
            organ_name=cell.organ, period=cell.period, state=cell.state.value, last_on=cell.last_on,
            records=cell.records, due_on=cell.due_on, basis=cell.item.basis,
        )
        for cell in whole.cells[offset : offset + limit]
    ]  # fmt: skip
    following = str(offset + limit) if len(whole.cells) > offset + limit else None
    return CataloguePage(total=len(whole.cells), items=items, next=following)


@router.get("/due", response=DueOut, summary="从某一天起算，哪天到期，为什么")
def due(
    request: HttpRequest,
    rule: Annotated[str, Query(max_length=60, description="时限的编号，例如 disclose_decision"), PLAIN],
    start: Annotated[date, Query(alias="from", description="起算日")],
) -> DueOut:
    if not date(1949, 10, 1) <= start <= date(2199, 12, 31):
        raise Refused(f"{start}不在可计算的范围", fix="请填1949年10月1日至2199年的日子", field="from", code="from")
    found = duties.explain(rule, started_on=start)
    plain = found.as_dict()
    names = DueOut.model_fields.keys() - {"skipped"}
    skipped = [SkipOut(day=one.day, why=one.why) for one in found.skipped]
    return DueOut(**{name: plain[name] for name in names}, skipped=skipped)  # type: ignore[arg-type]


@router.get("/validate/{what}/{value}", response=VerdictOut, summary="检查一个机构的代码")
def validate(
    request: HttpRequest,
    what: Literal["uscc", "org_code"],
    value: Annotated[str, Path(max_length=64), PLAIN],
) -> VerdictOut:
    return _verdict(what, value)


@router.post("/validate", response=VerdictOut, summary="检查一个代码，身份证号只走这里")
def validate_body(request: HttpRequest, body: ValidateIn) -> VerdictOut:
    return _verdict(body.what, body.value)


def _verdict(what: str, value: str) -> VerdictOut:
    found = CHECKS[what](value)
    return VerdictOut(valid=found.level != "error", level=found.level, value=found.value, reason=found.reason)


def _organ(text: str) -> OrganCard:
    found = subjects.directory(clock.today()).find(text)
    if found is None:
        raise Refused(
            f"单位名录里没有“{text}”", fix="请填单位编码、统一社会信用代码或者全称", field="organ", code="organ"
        )
    return found
