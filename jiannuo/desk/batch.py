"""A batch: how far it is, how its rows fared, what to mend cell by cell, and the place to send it again."""

from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from jiannuo.access import actions as access_actions
from jiannuo.access import rules as access
from jiannuo.access.rules import Actor
from jiannuo.desk import asked
from jiannuo.desk.gate import DeskRequest, address_of, desk_view
from jiannuo.desk.people import called
from jiannuo.desk.sending import XLSX, download, handled, name_of, receive, upload_form
from jiannuo.disclosure.queries import desk as records
from jiannuo.intake import queries as batches
from jiannuo.intake.queries import BatchCard, ProblemCard
from jiannuo.kernel import clock
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as ledger
from jiannuo.policy import pack as policy
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.queries import Directory

PROBLEMS = 50

NEXT = {
    "public": "下一步由审核员审核公示，期限写在下面每一条后面。",
    "organ": "已经入账。这一类不公示，不用审核。",
    ledger.CLOSED: "已经记入诚信档案。这一类不公示，只有档案里写明可以看的人写了目的才能查阅。",
}
"""What becomes of records by who may see them."""
PROBLEM_COLUMNS = (
    {"label": "位置", "short": True},
    {"label": "字段"},
    {"label": "哪里不对"},
    {"label": "怎么办"},
    {"label": "程度"},
)
ACCEPTED_COLUMNS = (
    {"label": "行政相对人、标题"},
    {"label": "文号"},
    {"label": "日期", "nowrap": True},
    {"label": "原表行号", "number": True},
    {"label": "公示期限", "nowrap": True},
    {"label": "状态"},
)
BADGES = {
    "waiting": "to_review",
    "public": "disclosed",
    "returned": "returned",
    "withheld": "withheld",
    "withdrawn": "withdrawn",
    "revoked": "withdrawn",
    "repaired": "withdrawn",
    "superseded": "unchanged",
    "kept": "accepted",
}


@desk_view("records.read")
def batch_page(request: DeskRequest, batch_id: int) -> HttpResponse:
    card = _card(request, batch_id)
    organs = subjects.directory(clock.today())
    refused: Refused | None = None
    if request.method == "POST":
        try:
            return redirect("desk:batch", receive(request, batches.kind_of(card.kind)))
        except Refused as no:
            if no.code == "forbidden":
                raise
            refused = no
    context: dict[str, Any] = {
        "batch": card,
        "kind": batches.kind_of(card.kind),
        "name": name_of(card),
        "next": NEXT[batches.kind_of(card.kind).visibility],
        "author": called([card.author]).get(card.author, ""),
        "organ": organs.card(card.organ_id).short,
        "may_send": access.may(request.actor, "intake.send", card.organ_id),
        "may_review": access.may(request.actor, "release.decide", card.organ_id),
        "trail": [("数据上报", reverse("desk:intake"))] if access.may(request.actor, "intake.send") else [],
        "refusal": refused,
    }
    context |= upload_form(request)
    if not request.POST:
        context |= {"corrects": card.corrects, "reason": card.reason}
    if card.state == "done":
        context |= _result(request, card, organs)
    return render(request, "desk/batch.html", context, status=422 if refused else 200)


def _card(request: DeskRequest, batch_id: int) -> BatchCard:
    card = batches.batch(batch_id)
    access.demand(request.actor, "records.read", card.organ_id)
    handled(request.actor, batches.kind_of(card.kind))
    return card


def _result(request: DeskRequest, card: BatchCard, organs: Directory) -> dict[str, Any]:
    context: dict[str, Any] = {"tally": _tally(card)}
    at = asked.number(request, "page", 1)
    total, wrong = batches.problems(card.id, limit=PROBLEMS, offset=(max(at, 1) - 1) * PROBLEMS)
    context["problems"] = [_problem(one) for one in wrong]
    context["problem_columns"] = PROBLEM_COLUMNS
    context["problem_pages"] = asked.page_of(at, total, size=PROBLEMS)
    context["errors"] = any(one.level == "error" for one in wrong)
    pages = asked.page_of(asked.number(request, "accepted", 1), card.accepted)
    context["accepted"] = [
        _accepted(one, request.actor) for one in records.of_batch(card.id, organs=organs, page=pages.number)
    ]
    context["accepted_columns"] = ACCEPTED_COLUMNS
    context["accepted_pages"] = pages
    return context


def _tally(card: BatchCard) -> list[dict[str, Any]]:
    parts = (
        ("收下", card.accepted, "good", "#accepted"),
        ("未变（已在库里，不重复）", card.unchanged, "plain", ""),
        ("未收（要改）", card.rejected, "bad" if card.rejected else "plain", "#problems"),
    )
    return [
        {
            "label": label,
            "count": count,
            "share": Decimal(count) / card.rows if card.rows else None,
            "tone": tone,
            "url": url if count else "",
        }
        for label, count, tone, url in parts
    ]


def _problem(one: ProblemCard) -> dict[str, Any]:
    place = f"{one.letters}{one.row}" if one.letters else f"第 {one.row} 行"
    level = ("refused", "未收") if one.level == "error" else ("warning", "提醒")
    cells = [
        place,
        one.title or ("整行" if one.column < 0 else "表头"),
        one.message,
        one.fix or "不影响收下",
        {"standing": level[0], "standing_label": level[1]},
    ]
    return {"cells": cells, "state": "overdue" if one.level == "error" else ""}


def _accepted(one: records.RecordCard, actor: Actor) -> dict[str, Any]:
    # What is closed has no page, and what was sent about another organ is that organ's to read.
    opens = one.kind not in policy.current().closed and access.may(actor, "records.read", one.organ_id)
    title = {
        "text": one.party or one.title,
        "url": reverse("desk:record", args=[one.entry_id]) if opens else "",
        "sub": one.title if one.party else "",
    }
    state = {"standing": BADGES[one.state], "standing_label": one.state_words}
    return {"cells": [title, one.number, one.decided_on, one.row, one.due_on or "—", state], "state": ""}


@desk_view("records.read", polls=True)
def batch_progress(request: DeskRequest, batch_id: int) -> HttpResponse:
    """The progress alone, asked again and again; when it is over the whole page is."""
    card = _card(request, batch_id)
    if card.is_done:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "desk/batch_progress.html", {"batch": card, "name": name_of(card)})


@desk_view("records.read")
def receipt_file(request: DeskRequest, batch_id: int) -> HttpResponse:
    """The file as it came with what is wrong marked in it: it may hold personal data, so reading it is traced."""
    card = _card(request, batch_id)
    access.demand(request.actor, "intake.send", card.organ_id)
    access_actions.note(
        request.actor,
        action="intake.send",
        object=f"batch:{card.id}",
        at=clock.now(),
        organ_id=card.organ_id,
        detail="下载批注表格",
        address=address_of(request),
    )
    stem = card.filename.rsplit(".", 1)[0]
    return download(batches.receipt(card.id), f"{stem}（批注）.xlsx", XLSX)
