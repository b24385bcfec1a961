"""Reading batches: how far they are, how they fared, what to mend."""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db.models import Sum
from msgspec import Struct

from jiannuo.intake.models import Batch, Problem
from jiannuo.intake.rules import tables, workbooks
from jiannuo.intake.rules.headings import Headings
from jiannuo.intake.rules.senders import may_send
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as ledger
from jiannuo.policy import pack as policy
from jiannuo.policy.kinds import Kind
from jiannuo.subjects import queries as subjects

WHOLE_RECEIPT = 10_000
"""Up to so many rows a receipt gives back every row; beyond, those with something to say."""


class BatchCard(Struct, frozen=True):
    """One batch as pages and commands show it."""

    id: int
    kind: str
    kind_title: str
    organ_id: int
    author: str
    filename: str
    received_at: datetime
    as_of: date
    corrects: bool
    reason: str
    state: str
    seen: int
    rows: int
    accepted: int
    unchanged: int
    rejected: int
    finished_at: datetime | None
    refusal: Mapping[str, str]
    """What the whole file was refused with: message, fix, code; empty where it was not."""

    @property
    def is_done(self) -> bool:
        return self.state in ("done", "refused")


class ProblemCard(Struct, frozen=True):
    """What is wrong with one cell (column -1: the row) and what to do."""

    row: int
    column: int
    letters: str
    field: str
    title: str
    code: str
    level: str
    message: str
    fix: str


class Total(Struct, frozen=True):
    """What an organ reported and what entered, in a period: the two sides of 合规率."""

    organ_id: int
    reported: int
    accepted: int
    unchanged: int
    rejected: int


def kind_of(name: str) -> Kind:
    """The kind of that id in the pack in force. Refuses an unknown one."""
    kinds = policy.current().kinds
    if name not in kinds:
        raise Refused(f"没有“{name}”这类数据", fix=f"可用的类别：{'、'.join(sorted(kinds))}", code="kind")
    return kinds[name]


def kinds_for(organ_id: int, *, on: date) -> dict[str, Kind]:
    """The kinds that an organ may send, by id."""
    pack, directory = policy.current(), subjects.directory(on)
    organ = directory.card(organ_id)
    return {
        name: kind
        for name, kind in pack.kinds.items()
        if not kind.from_case and may_send(kind, organ, directory, pack.bodies)
    }


def batch(batch_id: int) -> BatchCard:
    """The batch of that number. Refuses where there is none."""
    row = Batch.objects.filter(pk=batch_id).first()
    if row is None:
        raise Refused("没有这个批次", fix="请从“数据上报”页的批次列表进入", code="batch")
    return _card(row)


def token_of(batch_id: int) -> str:
    """The token a batch was sent in with; empty where it had none."""
    return Batch.objects.filter(pk=batch_id).values_list("token", flat=True).first() or ""


def by_token(token: str) -> BatchCard | None:
    """The batch a sender's idempotency key already made."""
    row = Batch.objects.filter(token=token).first()
    return None if row is None else _card(row)


def batches(organ_ids: Iterable[int] | None, *, limit: int = 20) -> list[BatchCard]:
    """The newest batches of these organs; None means of all."""
    rows = Batch.objects.order_by("-received_at", "-pk")
    if organ_ids is not None:
        rows = rows.filter(organ__in=list(organ_ids))
    return [_card(row) for row in rows[:limit]]


def _card(row: Batch) -> BatchCard:
    kinds = policy.current().kinds
    return BatchCard(
        id=row.pk,
        kind=row.kind,
        kind_title=kinds[row.kind].title if row.kind in kinds else row.kind,
        organ_id=row.organ_id,
        author=row.author,
        filename=row.filename,
        received_at=row.received_at,
        as_of=row.as_of,
        corrects=row.corrects,
        reason=row.reason,
        state=row.state,
        seen=row.seen,
        rows=row.rows,
        accepted=row.accepted,
        unchanged=row.unchanged,
        rejected=row.rejected,
        finished_at=row.finished_at,
        refusal=json.loads(row.refusal) if row.refusal else {},
    )


def problems(batch_id: int, *, limit: int, offset: int = 0) -> tuple[int, list[ProblemCard]]:
    """How many things are wrong in a batch, and one page of them in the order of the sheet."""
    rows = Problem.objects.filter(batch=batch_id).exclude(level="note").order_by("row", "column", "pk")
    kind = Batch.objects.values_list("kind", flat=True).get(pk=batch_id)
    return rows.count(), [_problem(row, kind) for row in rows[offset : offset + limit]]


def _problem(row: Problem, kind: str) -> ProblemCard:
    fields = policy.current().kinds[kind].by_id
    title = fields[row.field].title if row.field in fields else ""
    letters = tables.column_letters(row.column) if row.column >= 0 else ""
    return ProblemCard(row.row, row.column, letters, row.field, title, row.code, row.level, row.message, row.fix)


def totals(organ_ids: Iterable[int] | None, kinds: Iterable[str], *, first: date, last: date) -> dict[int, Total]:
    """Per organ, the rows reported and those that entered in batches judged within a period."""
    rows = Batch.objects.filter(state="done", kind__in=list(kinds), as_of__range=(first, last))
    if organ_ids is not None:
        rows = rows.filter(organ__in=list(organ_ids))
    sums = (
        rows.values_list("organ")
        .annotate(Sum("rows"), Sum("accepted"), Sum("unchanged"), Sum("rejected"))
        .order_by("organ")
    )
    return {organ: Total(organ, *figures) for organ, *figures in sums}


def waiting() -> list[int]:
    """The batches still to be worked through, oldest first."""
    return list(
        Batch.objects.filter(state__in=["waiting", "running"])
        .order_by("received_at", "pk")
        .values_list("pk", flat=True)
    )


def template(kind: str, *, on: date) -> bytes:
    """The workbook to fill for a kind, with the rules of that day."""
    return workbooks.template(kind_of(kind), on=on)


def receipt(batch_id: int) -> bytes:
    """The file as it came, each refused cell marked with what is wrong and what to do. Refuses a file that could not be read."""
    row = Batch.objects.get(pk=batch_id)
    if row.refusal:
        no = json.loads(row.refusal)
        raise Refused(no["message"], fix=no["fix"], code=no["code"])
    table = tables.open_table(
        ledger.evidence_bytes(row.evidence), row.filename, score=Headings(kind_of(row.kind)).score
    )
    marks: dict[int, list[workbooks.Mark]] = {}
    for one in Problem.objects.filter(batch=row).order_by("row", "column", "pk").iterator(chunk_size=5000):
        marks.setdefault(one.row, []).append(workbooks.Mark(one.row, one.column, one.level, one.message, one.fix))
    # A long sheet comes back as the rows to look at: the others are in, and writing them again would take minutes.
    whole = row.rows <= WHOLE_RECEIPT
    wanted = {number for number, found in marks.items() if any(mark.level != "note" for mark in found)}
    cells = (
        (first + at, cells)
        for first, chunk in table.chunks
        for at, cells in enumerate(chunk)
        if (any(cells) if whole else first + at in wanted)
    )
    left_out = "" if whole else f"原文件共{row.rows}行，这里只列出需要看的行；改好后直接上传本表即可，其余行已经收下"
    return workbooks.receipt(table.headings, cells, marks, heading_row=table.heading_row, remark=left_out)
