"""An organ's own promises, and what its systems may do with them: say that one is done, and show it. Confirming is for people."""

import hashlib
import json
from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import File, Form, Query, Router, Schema, Status, UploadedFile
from pydantic import Field

from jiannuo.access.rules import Actor, demand, scope
from jiannuo.api.batches import Token
from jiannuo.api.keys import actor
from jiannuo.api.problems import nothing_here
from jiannuo.api.shapes import PAGE, PLAIN, Limit, Number, Text
from jiannuo.duties import actions as duties
from jiannuo.duties import queries as reading
from jiannuo.duties.actions import Upload
from jiannuo.duties.queries import pending
from jiannuo.duties.queries.promises import Promise, PromiseCard, promise, promises
from jiannuo.duties.rules import SUSPENDED_UNTIL
from jiannuo.duties.rules.reading import may_read
from jiannuo.kernel import clock
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger.queries import EntryCard
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.queries import Directory

router = Router(tags=["承诺"])
MOST_VALUES = 40


class PromiseOut(Schema):
    """One promise as a line of a list."""

    id: int
    record: str = Field(description="记录的固定编号；没有记录、由日历产生的也有")
    kind: str = Field(description="责任事项的种类")
    number: str
    title: str
    organ: str
    office: str
    confirmer: str = Field(description="由哪个单位确认")
    first_due_on: date | None = Field(description="变更以前的期限，没有变更过为空")
    due_on: date | None = Field(description="现在的期限，中止时为空")
    amendments: int
    standing: str = Field(description="running、due_soon、kept、kept_late、broken、lifted")
    kept_on: date | None
    submitted_on: date | None = Field(description="有材料在等确认的，哪天提交的")
    milestones: int
    milestones_done: int
    agreed: int
    disputed: int


class PromisesPage(Schema):
    """A page of promises by due date."""

    total: int
    items: list[PromiseOut]
    next: str | None


class ActOut(Schema):
    """What was done to a promise."""

    id: int
    act: str
    happened_on: date
    seen_at: datetime
    author: str
    reason: str
    fields: dict[str, Any]
    digest: str


class PromiseDetail(PromiseOut):
    """A promise with its milestones and everything done to it, oldest first."""

    why: str = Field(description="为什么是这个期限")
    steps: list[PromiseOut] = Field(description="节点")
    acts: list[ActOut]


class PerformanceForm(Schema):
    """What comes with the files that show it is done."""

    done_on: date = Field(description="完成日期")
    words: Text = Field(max_length=2000, description="办理情况")
    result: Text = Field(
        "", max_length=8000, description='这一类另外要填的项，字段编号到值的 JSON，例如 {"result": "A已办结"}'
    )


class PerformanceOut(Schema):
    """What was sent in; it waits to be confirmed."""

    id: int = Field(description="这次提交的编号；同一 Idempotency-Key 重发得到同一个")
    promise: int
    submitted_on: date | None = Field(description="在等确认的，哪天提交的")


@router.get("/promises", response=PromisesPage, summary="本单位的承诺，到期日在前的在前")
def listed(
    request: HttpRequest,
    kind: Annotated[str, Query(max_length=40, description="责任事项的种类，默认全部"), PLAIN] = "",
    standing: Annotated[str, Query(max_length=80, description="状态，可用逗号分隔几个"), PLAIN] = "",
    cursor: Annotated[str, Query(pattern=r"^[1-9][0-9]{0,5}$", description="上一页给出的 next")] = "1",
    limit: Limit = PAGE,
) -> PromisesPage:
    asking = actor(request)
    demand(asking, "records.read")
    known = pending.promised()
    if kind and kind not in known:
        raise Refused(f"没有“{kind}”这种承诺", fix=f"可用的是：{'、'.join(known)}", field="kind", code="kind")
    found = promises(
        as_of=clock.today(), kinds=[kind] if kind else known, standings=reading.standings(standing),
        reach=scope(asking, "records.read"), with_milestones=True, page=int(cursor), size=limit,
    )  # fmt: skip
    organs = subjects.directory(clock.today())
    past_the_end = int(cursor) > found.pages
    items = [] if past_the_end else [PromiseOut(**_line(card, organs)) for card in found.rows]
    following = str(found.page + 1) if found.page < found.pages and not past_the_end else None
    return PromisesPage(total=found.total, items=items, next=following)


@router.get("/promises/{promise_id}", response=PromiseDetail, summary="一项承诺：节点和经过")
def one(request: HttpRequest, promise_id: Number) -> PromiseDetail:
    found = _own(actor(request), promise_id)
    organs = subjects.directory(clock.today())
    return PromiseDetail(
        **_line(found.card, organs),
        why=found.card.duty.why,
        steps=[PromiseOut(**_line(step, organs)) for step in found.milestones],
        acts=[_act(act) for act in found.acts if act.kind != "response"],
    )


@router.post(
    "/promises/{promise_id}/performance",
    response={200: PerformanceOut, 201: PerformanceOut},
    summary="提交完成情况和佐证材料（PDF、图片、Word、Excel、OFD）",
)
def perform(
    request: HttpRequest,
    promise_id: Number,
    form: Form[PerformanceForm],
    files: File[list[UploadedFile]],
    key: Token = None,
) -> Status[PerformanceOut]:
    sender = actor(request)
    found = _own(sender, promise_id)
    token = hashlib.sha256(f"{sender.username}\n{key}".encode()).hexdigest() if key else ""
    known = {act.id for act in found.acts if act.kind == "performance"}
    number = duties.submit(
        promise_id, done_on=form.done_on, words=form.words, result=_values(form.result), token=token,
        files=[Upload((file.name or "")[-200:].replace("\0", ""), file.read()) for file in files],
        actor=sender, on=clock.today(), at=clock.now(),
    )  # fmt: skip
    now = promise(promise_id, as_of=clock.today())
    waiting = now.card.submitted_on if now else None
    return Status(200 if number in known else 201, PerformanceOut(id=number, promise=promise_id, submitted_on=waiting))


def _values(text: str) -> dict[str, str]:
    """The values of a JSON object of plain values. Refuses what is none."""
    if not text.strip():
        return {}
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    plain = isinstance(found, dict) and all(isinstance(value, str | int | float) for value in found.values())
    if not plain or len(found) > MOST_VALUES:
        raise Refused("result 不是字段编号到值的 JSON", fix='例如 {"result": "A已办结"}', field="result", code="result")
    return {name[:64]: str(value) for name, value in found.items()}


def _own(asking: Actor, number: int) -> Promise:
    """The promise, where the key may read it; one that it may not is as if there were none."""
    demand(asking, "records.read")
    found = promise(number, as_of=clock.today())
    if found is None or not may_read(asking, found.card.duty.debtor_id, found.card.confirmer_id):
        raise nothing_here("项承诺")
    return found


def _line(card: PromiseCard, organs: Directory) -> dict[str, Any]:
    return {
        "id": card.duty.id,
        "record": card.record.identity.hex(),
        "kind": card.duty.kind,
        "number": card.record.number,
        "title": card.title,
        "organ": organs.card(card.duty.debtor_id).code,
        "office": card.office,
        "confirmer": organs.card(card.confirmer_id).code if card.confirmer_id else "",
        "first_due_on": card.first_due_on,
        "due_on": None if card.duty.due_on == SUSPENDED_UNTIL else card.duty.due_on,
        "amendments": card.amendments,
        "standing": card.duty.standing.value,
        "kept_on": card.duty.kept_on,
        "submitted_on": card.submitted_on,
        "milestones": card.progress.whole,
        "milestones_done": card.progress.done,
        "agreed": card.agreed,
        "disputed": card.disputed,
    }


def _act(act: EntryCard) -> ActOut:
    fields = {name: value for name, value in act.body.items() if name != "token"}
    return ActOut(
        id=act.id, act=act.kind, happened_on=act.happened_on, seen_at=act.seen_at, author=act.author,
        reason=act.reason, fields=fields, digest=act.digest,
    )  # fmt: skip
