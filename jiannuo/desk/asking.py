"""结果运用: may these receive an honour, a project, a fund, a pilot, a contract? Asked by name or by sheet, answered on record."""

from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from jiannuo.desk.gate import DeskRequest, address_of, desk_view
from jiannuo.desk.sending import ACCEPT, XLSX, download
from jiannuo.intake.rules import workbooks
from jiannuo.kernel import clock
from jiannuo.kernel.refusals import Refused
from jiannuo.measures import actions
from jiannuo.measures.actions import Certified
from jiannuo.measures.queries import AnswerCard
from jiannuo.measures.rules import Asked, asked_in, asked_of
from jiannuo.policy.measures import USES

LARGEST = 5 * 2**20
HEADINGS = ("名称", "代码", "能不能", "依据", "规定", "到哪天为止")
COLUMNS = (
    {"label": "名称"},
    {"label": "能不能", "nowrap": True},
    {"label": "依据和规定"},
    {"label": "到哪天为止", "nowrap": True},
)
BADGES = {"yes": "on_time", "no": "refused", "ask": "due_soon"}


@desk_view("eligibility.ask")
def eligibility_page(request: DeskRequest) -> HttpResponse:
    """The form, the answers, or the answers as a sheet."""
    refused: Refused | None = None
    done: Certified | None = None
    if request.method == "POST":
        try:
            done = _ask(request)
        except Refused as no:
            if no.code == "forbidden":
                raise
            refused = no
    if done and request.POST.get("as") == "xlsx":
        rows = (_line(one) for one in done.answers)
        data = workbooks.export(HEADINGS, rows, title=done.certificate.number)
        return download(data, f"{USES[done.certificate.use]}查询结果.xlsx", XLSX)
    return render(request, "desk/eligibility.html", _context(request, done, refused), status=422 if refused else 200)


def _ask(request: DeskRequest) -> Certified:
    return actions.ask(
        _named(request), use=request.POST.get("use", ""), purpose=request.POST.get("purpose", ""), actor=request.actor,
        on=clock.today(), at=clock.now(), token=request.POST.get("token", "") or uuid4().hex, address=address_of(request),
    )  # fmt: skip


def _named(request: DeskRequest) -> list[Asked]:
    file = request.FILES.get("file")
    if file is None:
        return asked_of(request.POST.get("names", ""))
    data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise Refused("文件太大", fix=f"名单不超过{LARGEST // 2**20}兆，请拆分后再问", field="file", code="size")
    return asked_in(data, file.name or "")


def _context(request: DeskRequest, done: Certified | None, refused: Refused | None) -> dict[str, Any]:
    errors = {refused.field: refused.message} if refused and refused.field else {}
    return {
        "uses": [("", "请选择"), *USES.items()],
        "use": request.POST.get("use", ""),
        "purpose": request.POST.get("purpose", ""),
        "names": "\n".join(f"{one.asked.name} {one.asked.code}".strip() for one in done.answers)
        if done
        else request.POST.get("names", ""),
        "token": request.POST.get("token", "") if done else uuid4().hex,
        "errors": errors,
        "refusal": refused,
        "accept": ACCEPT,
        "done": done,
        "counts": [(words, sum(one.word == word for one in done.answers)) for word, words in WORDS] if done else (),
        "rows": [_row(one) for one in done.answers] if done else (),
        "columns": COLUMNS,
        "verify": request.build_absolute_uri(reverse("portal:verify")),
    }


WORDS = (("yes", "可以"), ("no", "不可以"), ("ask", "要核实"))


def _row(one: AnswerCard) -> dict[str, Any]:
    name = {"text": one.name or one.asked.name or one.asked.code, "sub": one.key.partition(":")[2]}
    said = {"text": one.why or "没有查到不利的记录", "sub": "；".join(dict.fromkeys(fact.source for fact in one.facts))}
    answer = {"standing": BADGES[one.word], "standing_label": one.words}
    return {"cells": [name, answer, said, one.ends_on or "—"], "state": ""}


def _line(one: AnswerCard) -> tuple[str, ...]:
    sources = "；".join(dict.fromkeys(fact.source for fact in one.facts))
    name, code = one.name or one.asked.name, one.key.partition(":")[2] or one.asked.code
    return name, code, one.words, one.why, sources, one.ends_on.isoformat() if one.ends_on else ""
