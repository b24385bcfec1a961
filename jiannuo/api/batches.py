"""Reporting by machine: rows or a file in, the batch and its problems out."""

import hashlib
from datetime import date
from typing import Annotated, Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Header, Query, Router, Status, UploadedFile

from jiannuo.access import actions as access
from jiannuo.access.rules import Actor, demand, demand_reader, may, network_address
from jiannuo.api import workbooks
from jiannuo.api.keys import actor
from jiannuo.api.problems import nothing_here
from jiannuo.api.shapes import PAGE, BatchOut, FileForm, Limit, Number, Offset, ProblemOut, ProblemsPage, Rows
from jiannuo.intake import actions as intake
from jiannuo.intake import queries as batches
from jiannuo.intake.queries import BatchCard
from jiannuo.kernel import clock
from jiannuo.kernel.refusals import Refused
from jiannuo.policy import pack as policy

router = Router(tags=["上报"])
AT_ONCE = 2**20
"""A file up to this size is checked while the sender waits, if it asks to."""
FIRST_PROBLEMS = 100

Token = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[!-~]{1,64}$",
        description="发送方自定的唯一编号；同一编号重发，得到同一个批次",
    ),
]


@router.post("/batches", response={200: BatchOut, 201: BatchOut}, summary="上报数据行（至多一千行，当场校验）")
def send_rows(request: HttpRequest, body: Rows, key: Token = None) -> Status[BatchOut]:
    sender = _sender(request)
    _open(sender, body.kind)
    token = _token(sender, key)
    if known := _known(token, body.kind, corrects=body.corrects):
        return Status(200, _shown(known))
    rows = [{name: "" if value is None else str(value) for name, value in row.items()} for row in body.rows]
    batch_id = intake.receive_rows(
        rows, kind=body.kind, organ_id=_organ(sender), author=sender.username, at=clock.now(),
        as_of=_day(body.as_of), corrects=body.corrects, reason=body.reason, token=token,
    )  # fmt: skip
    _note(request, sender, batch_id)
    return Status(201, _shown(intake.process(batch_id, clock=clock.now)))


@router.post(
    "/batches/file", response={200: BatchOut, 201: BatchOut, 202: BatchOut}, summary="上报文件（XLSX、XLS、ODS、CSV）"
)
def send_file(
    request: HttpRequest,
    form: Form[FileForm],
    file: File[UploadedFile],
    key: Token = None,
    wait: Annotated[bool, Query(description="文件不大于1兆时当场校验，否则排队")] = False,  # noqa: FBT002
) -> Status[BatchOut]:
    sender = _sender(request)
    _open(sender, form.kind)
    token = _token(sender, key)
    if known := _known(token, form.kind, corrects=form.corrects):
        return Status(200, _shown(known))
    if (file.size or 0) > settings.UPLOAD_LIMIT:
        raise Refused("文件太大", fix=f"每个文件不超过{settings.UPLOAD_LIMIT // 2**20}兆，请拆分", code="size")
    batch_id = intake.receive(
        kind=form.kind, organ_id=_organ(sender), author=sender.username, data=file.read(),
        filename=(file.name or "")[-200:].replace("\0", ""), at=clock.now(), as_of=_day(form.as_of),
        corrects=form.corrects, reason=form.reason, token=token,
    )  # fmt: skip
    _note(request, sender, batch_id)
    if wait and (file.size or 0) <= AT_ONCE:
        return Status(201, _shown(intake.process(batch_id, clock=clock.now)))
    return Status(202, _shown(batches.batch(batch_id)))


@router.get("/batches/{batch_id}", response=BatchOut, summary="批次的进度和结果")
def batch(request: HttpRequest, batch_id: Number) -> BatchOut:
    return _shown(_own(request, batch_id))


@router.get("/batches/{batch_id}/problems", response=ProblemsPage, summary="批次里的问题，按行排列")
def problems(request: HttpRequest, batch_id: Number, cursor: Offset = "0", limit: Limit = PAGE) -> ProblemsPage:
    _own(request, batch_id)
    offset = int(cursor)
    total, found = batches.problems(batch_id, limit=limit, offset=offset)
    following = str(offset + limit) if total > offset + limit else None
    return ProblemsPage(total=total, items=[_problem(one) for one in found], next=following)


@router.get(
    "/batches/{batch_id}/receipt.xlsx", response=None, openapi_extra=workbooks.RESPONSES, summary="标注了问题的回执表格"
)
def receipt(request: HttpRequest, batch_id: Number) -> HttpResponse:
    card = _own(request, batch_id)
    if not card.is_done:
        raise Refused("这个批次还没有处理完", fix="请稍后再取回执", code="conflict")
    return workbooks.answer(batches.receipt(batch_id), f"receipt-{batch_id}.xlsx")


# -- what they share --------------------------------------------------------------------------------------------------


def _sender(request: HttpRequest) -> Actor:
    sender = actor(request)
    demand(sender, "intake.send", sender.organ_id)
    return sender


def _open(sender: Actor, kind: str) -> None:
    """What is closed is sent by the people whom the pack lets it read, never by a machine."""
    if kind in (closed := policy.current().closed):
        demand_reader(sender, closed[kind], "这类数据")


def _organ(sender: Actor) -> int:
    if sender.organ_id is None:
        raise Refused("这把密钥没有所属单位", fix="请系统管理员重新开设", code="forbidden")
    return sender.organ_id


def _day(asked: date | None) -> date:
    if asked is not None and asked > clock.today():
        raise Refused(f"{asked}还没有到", fix="校验日请填今天或者以前的日子", code="as_of", field="as_of")
    return asked or clock.today()


def _token(sender: Actor, key: str | None) -> str | None:
    return hashlib.sha256(f"{sender.username}\n{key}".encode()).hexdigest() if key else None


def _known(token: str | None, kind: str, *, corrects: bool) -> BatchCard | None:
    """The batch an earlier request of this key made, worked through if that was cut short."""
    known = batches.by_token(token) if token else None
    if known and (known.kind, known.corrects) != (kind, corrects):
        raise Refused("这个 Idempotency-Key 已经用于另一次上报", fix="每次新的上报请换一个编号", code="conflict")
    return known


def _note(request: HttpRequest, sender: Actor, batch_id: int) -> None:
    address = network_address(str(request.META.get("REMOTE_ADDR", "")), request.headers.get("X-Forwarded-For", ""))
    access.note(sender, action="intake.send", object=f"batch:{batch_id}", at=clock.now(), address=address)


def _own(request: HttpRequest, batch_id: int) -> BatchCard:
    """The batch, where the key may see it; one that it may not is as if there were none."""
    asking = actor(request)
    card = batches.batch(batch_id)
    if not may(asking, "records.read", card.organ_id) or card.kind in policy.current().closed:
        raise nothing_here("个批次")
    return card


def _shown(card: BatchCard) -> BatchOut:
    _, found = batches.problems(card.id, limit=FIRST_PROBLEMS)
    plain: dict[str, Any] = {name: getattr(card, name) for name in BatchOut.model_fields if name != "problems"}
    return BatchOut(**plain | {"refusal": dict(card.refusal), "problems": [_problem(one) for one in found]})


def _problem(one: batches.ProblemCard) -> ProblemOut:
    return ProblemOut(
        row=one.row, column=one.field, title=one.title, code=one.code, level=one.level, message=one.message, fix=one.fix
    )
