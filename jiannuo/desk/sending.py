"""数据上报: choose a kind, send a file, see what was sent before."""

import hashlib
import secrets
from collections.abc import Collection, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header

from jiannuo.access import actions as access_actions
from jiannuo.access import rules as access
from jiannuo.access.rules import Actor
from jiannuo.desk import asked
from jiannuo.desk.gate import DeskRequest, address_of, desk_view
from jiannuo.desk.people import called
from jiannuo.desk.working import AT_ONCE, work_through
from jiannuo.intake import actions as intake
from jiannuo.intake import queries as batches
from jiannuo.intake.queries import BatchCard
from jiannuo.kernel import clock
from jiannuo.kernel.refusals import Refused
from jiannuo.policy import pack as policy
from jiannuo.policy.kinds import Kind
from jiannuo.subjects import queries as subjects

ACCEPT = ".xlsx,.xls,.ods,.csv"
HINT = "XLSX、XLS、ODS、CSV，不超过 200 MB"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

WHEN: dict[str, str] = {
    "penalty_legal": "对企业、单位、个体工商户作出的行政处罚决定",
    "penalty_natural": "对个人（自然人）作出的行政处罚决定",
    "licence_legal": "对企业、单位、个体工商户作出的行政许可决定",
    "licence_natural": "对个人（自然人）作出的行政许可决定",
    "disclosed_information": "按公开目录主动公开的信息",
    "policy_interpretation": "公开文件的解读材料，按文号对应",
    "revocation": "已报送的许可、处罚决定后来被变更、撤销、确认违法或者无效",
    "power_item": "本单位整份权力清单，一次传全",
    "duty_item": "本单位整份责任清单，一次传全",
}
STATES: dict[str, tuple[str, str]] = {
    "waiting": ("open", "等待核对"),
    "running": ("open", "正在核对"),
    "refused": ("refused", "整份退回"),
}


@desk_view("intake.send")
def intake_page(request: DeskRequest) -> HttpResponse:
    actor = request.actor
    kind = chosen(request)
    refused: Refused | None = None
    if request.method == "POST":
        try:
            return redirect("desk:batch", receive(request, kind))
        except Refused as no:
            if no.code == "forbidden":
                raise
            refused = no
    sent = [one for one in batches.batches(access.scope(actor, "intake.send"), limit=15) if handles(actor, one.kind)]
    context = {
        "kind": kind,
        "when": WHEN.get(kind.id, kind.title),
        "tabs": kind_tabs(kind.id, sendable(actor)),
        "recent": recent(sent),
        "columns": RECENT,
        "refusal": refused,
    }
    return render(request, "desk/intake.html", context | upload_form(request), status=422 if refused else 200)


def chosen(request: DeskRequest) -> Kind:
    """The kind the address names, or the first that clerks send. Refuses a closed one to whom the pack does not let it read."""
    kinds = policy.current().kinds
    name = request.POST.get("kind") or request.GET.get("kind", "")
    if name:
        return handled(request.actor, batches.kind_of(name))
    return kinds[next((name for name in WHEN if name in kinds), next(iter(kinds)))]


def handled(actor: Actor, kind: Kind) -> Kind:
    """The kind, where this actor may send it and see what was sent: a closed one asks for a role that reads its section of the files."""
    closed = policy.current().closed
    if kind.id in closed:
        access.demand_reader(actor, closed[kind.id], f"“{kind.short}”")
    return kind


def handles(actor: Actor, kind: str) -> bool:
    """Whether `handled` lets the kind through."""
    readers = policy.current().closed.get(kind)
    return readers is None or bool(actor.roles & readers)


def sendable(actor: Actor) -> Collection[str]:
    """The kinds that the actor's organ may send and the actor handle."""
    kinds = batches.kinds_for(actor.organ_id, on=clock.today()) if actor.organ_id else policy.current().kinds
    return [name for name in kinds if handles(actor, name)]


def kind_tabs(current: str, kinds: Collection[str]) -> list[dict[str, Any]]:
    """Every kind that the organ may send, those sent every day first."""
    ordered = [*(name for name in WHEN if name in kinds), *(name for name in kinds if name not in WHEN)]
    return [
        {"label": batches.kind_of(name).short, "url": asked.link("desk:intake", kind=name), "current": name == current}
        for name in ordered
    ]


def upload_form(request: HttpRequest) -> dict[str, Any]:
    """What the file form needs: its token, so that a second click sends nothing twice, and what was typed."""
    return {
        "token": request.POST.get("token") or secrets.token_urlsafe(12),
        "accept": ACCEPT,
        "hint": HINT,
        "corrects": bool(request.POST.get("corrects") or request.GET.get("corrects")),
        "reason": request.POST.get("reason", ""),
    }


def receive(request: DeskRequest, kind: Kind) -> int:
    """The file is kept and in line, a small one worked through at once; returns the batch."""
    actor = request.actor
    organ_id = own_organ(actor)
    access.demand(actor, "intake.send", organ_id)
    handled(actor, kind)
    file = request.FILES.get("file")
    if file is None:
        raise Refused("没有选文件", fix="请选一个表格文件再点“上传并核对”", field="file", code="file")
    data = file.read()
    now = clock.now()
    batch_id = intake.receive(
        kind=kind.id,
        organ_id=organ_id,
        author=actor.username,
        data=data,
        filename=file.name or "upload",
        at=now,
        as_of=clock.today(),
        corrects=bool(request.POST.get("corrects")),
        reason=request.POST.get("reason", ""),
        token=token_of(actor, request.POST.get("token", ""), data),
    )
    access_actions.note(
        actor,
        action="intake.send",
        object=f"batch:{batch_id}",
        at=now,
        organ_id=organ_id,
        detail=f"{kind.short} {file.name}",
        address=address_of(request),
    )
    if len(data) <= AT_ONCE:
        work_through(batch_id)
    return batch_id


def own_organ(actor: Actor) -> int:
    """The organ the actor sends for."""
    if actor.organ_id is None:
        raise Refused("您的账号没有所属单位", fix="请系统管理员给账号选定单位", code="organ")
    return actor.organ_id


def token_of(actor: Actor, token: str, data: bytes) -> str | None:
    """The same form with the same file is the same batch; with another file it is another."""
    if not token:
        return None
    return hashlib.sha256(f"{actor.username}\0{token}\0".encode() + data).hexdigest()


RECENT = (
    {"label": "文件"},
    {"label": "类别"},
    {"label": "上传时间", "nowrap": True},
    {"label": "行数", "number": True},
    {"label": "收下", "number": True},
    {"label": "未变", "number": True},
    {"label": "未收", "number": True},
    {"label": "结果"},
)


def recent(sent: Sequence[BatchCard]) -> list[dict[str, Any]]:
    """Batches as rows of a table, each leading to its page."""
    if not sent:
        return []
    organs = subjects.directory(clock.today())
    kinds, names = policy.current().kinds, called(card.author for card in sent)
    rows = []
    for card in sent:
        standing, label = standing_of(card)
        title = {
            "text": name_of(card),
            "url": reverse("desk:batch", args=[card.id]),
            "sub": f"{organs.card(card.organ_id).short} · {names.get(card.author, '')}",
        }
        short = kinds[card.kind].short if card.kind in kinds else card.kind
        counts = [card.rows, card.accepted, card.unchanged, card.rejected]
        result = {"standing": standing, "standing_label": label}
        rows.append({"cells": [title, short, card.received_at, *counts, result], "state": ""})
    return rows


def name_of(card: BatchCard) -> str:
    """The file's name; what a form or a program sent has none of its own."""
    return "网页、接口填报" if card.filename == f"{card.kind}.csv" else card.filename


def standing_of(card: BatchCard) -> tuple[str, str]:
    """How a batch stands, as a badge."""
    if card.state in STATES:
        return STATES[card.state]
    if card.rejected:
        return "warning", f"{card.rejected} 行要改"
    return ("accepted", "全部收下") if card.accepted else ("unchanged", "没有变化")


@desk_view("intake.send")
def template_file(request: DeskRequest, kind: str) -> HttpResponse:
    known = handled(request.actor, batches.kind_of(kind))
    data = batches.template(kind, on=clock.today())
    return download(data, f"{known.title}模板.xlsx", XLSX)


def download(data: bytes, filename: str, content_type: str) -> HttpResponse:
    """A file to save, under its Chinese name."""
    response = HttpResponse(data, content_type=content_type)
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=filename) or ""
    return response
