"""公务员: who holds which office as of any day; appointed, relieved, imported; each change with its document."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from jiannuo.access import actions as access_actions
from jiannuo.access import queries as accounts
from jiannuo.access import rules as access
from jiannuo.access.rules import Actor
from jiannuo.desk import asked
from jiannuo.desk.forms import form_page
from jiannuo.desk.gate import DeskRequest, address_of, desk_view
from jiannuo.desk.sending import ACCEPT, XLSX, download
from jiannuo.intake import actions as intake
from jiannuo.intake.actions import Registered
from jiannuo.intake.actions.registering import HEADINGS
from jiannuo.intake.rules import workbooks
from jiannuo.kernel import clock
from jiannuo.kernel.refusals import Refused
from jiannuo.subjects import actions as register
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.queries import Directory, OfficeCard, OrganCard

READING = ("offices.manage", "files.official")
COLUMNS = (
    {"label": "姓名"},
    {"label": "单位", "short": True},
    {"label": "职务"},
    {"label": "任职自", "nowrap": True},
    {"label": "任职文件", "minor": True},
    {"label": "账号", "short": True, "minor": True},
)
SIZE = 50


def file_tabs(actor: Actor, current: str) -> list[dict[str, Any]]:
    """The parts of 档案 that the actor may see."""
    parts = (
        ("desk:officials", "公务员", READING),
        ("desk:organ_files", "单位档案", ("files.organ",)),
        ("desk:coverage", "建档情况", ("files.organ",)),
    )
    return [
        {"label": label, "url": reverse(name), "current": name == current}
        for name, label, actions in parts
        if any(access.may(actor, action) for action in actions)
    ]


def reach(actor: Actor) -> frozenset[int] | None:
    """The organs whose officials the actor may see: None is all. Refuses who may see none."""
    for action in READING:
        if access.may(actor, action):
            return access.scope(actor, action)
    access.demand(actor, "files.official")
    return frozenset()


@desk_view(None)
def files_page(request: DeskRequest) -> HttpResponse:
    """The files begin with the first part the actor may see."""
    tabs = file_tabs(request.actor, "")
    if not tabs:
        access.demand(request.actor, "files.organ")
    return redirect(tabs[0]["url"])


@desk_view(None)
def officials_page(request: DeskRequest) -> HttpResponse:
    within = reach(request.actor)
    on = asked.day(request, "on", clock.today()) or clock.today()
    organs = subjects.directory(on)
    organ = asked.number(request, "organ")
    lines = organs.line(organ) if organ in organs.cards else None
    wanted = lines if within is None else within if lines is None else lines & within
    found = subjects.officials(wanted, on=on, text=request.GET.get("q", "").strip()[:60])
    page = asked.page_of(asked.number(request, "page", 1), len(found), size=SIZE)
    shown = found[(page.number - 1) * SIZE : page.number * SIZE]
    names = accounts.usernames_of_officials(one.official_code for one in shown)
    context = {
        "tabs": file_tabs(request.actor, "desk:officials"),
        "may_manage": access.may(request.actor, "offices.manage"),
        "columns": COLUMNS,
        "rows": [_row(one, organs, names) for one in shown],
        "page": page,
        "on": on,
        "people": len({one.official_code for one in found}),
        "filters": [
            {"name": "q", "label": "姓名、编号、职务", "kind": "text", "value": request.GET.get("q", "")},
            {"name": "organ", "label": "单位", "value": organ or "", "options": asked.organ_options(organs, within)},
            {"name": "on", "label": "截至", "kind": "date", "value": on.isoformat()},
        ],
    }
    return render(request, "desk/officials.html", context)


def _row(one: OfficeCard, organs: Directory, names: dict[str, str]) -> dict[str, Any]:
    title = {"text": one.name, "url": reverse("desk:official", args=[one.official_code]), "sub": one.official_code}
    organ = organs.card(one.organ_id).short
    return {
        "cells": [title, organ, one.title, one.since, one.document or "—", names.get(one.official_code, "没有")],
        "state": "",
    }


@desk_view(None)
def official_page(request: DeskRequest, code: str) -> HttpResponse:
    """One official: every office held, who recorded it, and where to go from here."""
    within = reach(request.actor)
    official = subjects.official(code)
    today = clock.today()
    if official is None or not (within is None or any(one.organ_id in within for one in official.last(today))):
        raise Http404
    organs = subjects.directory(today)
    may_manage = access.may(request.actor, "offices.manage")
    context = {
        "official": official,
        "now": [f"{organs.card(one.organ_id).short}{one.title}" for one in official.holding(today)],
        "offices": [_office(one, organs, today) for one in official.offices],
        "account": accounts.usernames_of_officials([code]).get(code, ""),
        "may_manage": may_manage,
        "may_read": access.may(request.actor, "files.official"),
        "trail": [("公务员", reverse("desk:officials"))],
    }
    return render(request, "desk/official.html", context)


def _office(one: OfficeCard, organs: Directory, today: date) -> dict[str, Any]:
    return {
        "card": one,
        "organ": organs.card(one.organ_id),
        "holds": one.holds(today),
        "handover": asked.link("desk:handover_new", office=one.title),
    }


# -- what the personnel office does ----------------------------------------------------------------------------------


@desk_view("offices.manage")
def appoint_page(request: DeskRequest) -> HttpResponse:
    organs = subjects.directory(clock.today())
    form = request.POST
    refused: Refused | None = None
    known = subjects.official(request.GET.get("code", ""))
    if request.method == "POST":
        try:
            organ = _organ(organs, form.get("organ", ""))
            on = _past(asked.need_day(form.get("on", ""), "任职日期", "on"), "on")
            code = form.get("code", "").strip()
            register.appoint(
                code=code, name=form.get("name", ""), organ=organ, title=form.get("title", ""), on=on, at=clock.now(),
                by=request.actor.username, document=_document(form.get("document", "")),
            )  # fmt: skip
        except Refused as no:
            refused = no
        else:
            detail = f"任{organ.short}{form.get('title', '').strip()}，{on}"
            return _done(request, code, detail, "已登记任职。", organ.id)
    fields: list[dict[str, Any]] = [
        {
            "name": "code",
            "label": "人员编号",
            "hint": "人员名录里的编号，一人一号，终身不变；不要用身份证号",
            "value": known.code if known else "",
        },
        {"name": "name", "label": "姓名", "value": known.name if known else ""},
        {
            "name": "organ",
            "label": "单位",
            "type": "select",
            "options": [("", "请选择"), *asked.organ_options(organs, None)],
        },
        {"name": "title", "label": "职务、岗位", "hint": "与承诺书上的责任岗位写法一致，承诺才能跟着岗位走"},
        {"name": "on", "label": "任职日期", "type": "date", "short": True},
        {"name": "document", "label": "任职文号", "hint": "例如 青组干〔2026〕18号"},
    ]
    words = {"title": "登记任职", "button": "登记", "lead": "按任免文件登记；登记了不能改，错了可以作废重登。"}
    return form_page(
        request, words=words, fields=fields, refused=refused, trail=[("公务员", reverse("desk:officials"))]
    )


@desk_view("offices.manage")
def relieve_page(request: DeskRequest, code: str, office_id: int) -> HttpResponse:
    office, organ = _held(code, office_id)
    form = request.POST
    refused: Refused | None = None
    if request.method == "POST":
        try:
            on = _past(asked.need_day(form.get("on", ""), "免职日期", "on"), "on")
            document = _document(form.get("document", ""))
            register.relieve(office_id, on=on, at=clock.now(), by=request.actor.username, document=document)
        except Refused as no:
            refused = no
        else:
            told = "已登记免职。这个岗位的承诺和任务照旧有效，请办理交接。"
            return _done(request, code, f"免{organ}{office.title}，{on}", told, office.organ_id)
    fields: list[dict[str, Any]] = [
        {"name": "on", "label": "免职日期", "type": "date", "short": True, "hint": "从这一天起不再任职"},
        {"name": "document", "label": "免职文号", "hint": "例如 青组干〔2026〕21号"},
    ]
    words = {"title": "登记免职", "button": "登记免职", "lead": "换了人，承诺不变：岗位欠着的事由接任的人接着办。"}
    return form_page(
        request, words=words, fields=fields, refused=refused, trail=_trail(code, office), about=f"{office.name}　{organ}{office.title}"
    )  # fmt: skip


@desk_view("offices.manage")
def retract_page(request: DeskRequest, code: str, office_id: int) -> HttpResponse:
    office, organ = _held(code, office_id)
    refused: Refused | None = None
    if request.method == "POST":
        reason = request.POST.get("reason", "")
        try:
            register.retract(office_id, reason=reason, at=clock.now(), by=request.actor.username)
        except Refused as no:
            refused = no
        else:
            detail = f"作废{organ}{office.title}（{office.since}）：{reason.strip()[:100]}"
            return _done(request, code, detail, "已作废；原来的登记仍留在账里。", office.organ_id)
    fields = [{"name": "reason", "label": "哪里登记错了", "type": "textarea"}]
    words = {"title": "作废这条任职", "button": "作废", "danger": "1", "lead": "只用于登记有误；正常离任请登记免职。"}
    return form_page(
        request, words=words, fields=fields, refused=refused, trail=_trail(code, office), about=f"{office.name}　{organ}{office.title}"
    )  # fmt: skip


def _held(code: str, office_id: int) -> tuple[OfficeCard, str]:
    official = subjects.official(code)
    office = next((one for one in official.offices if one.id == office_id), None) if official else None
    if office is None:
        raise Http404
    return office, subjects.directory(clock.today()).card(office.organ_id).short


def _trail(code: str, office: OfficeCard) -> list[tuple[str, str]]:
    return [("公务员", reverse("desk:officials")), (office.name, reverse("desk:official", args=[code]))]


def _organ(organs: Directory, text: str) -> OrganCard:
    number = asked.need_choice(text, "单位", "organ")
    if number not in organs.cards:
        raise Refused("没有这个单位", fix="请从名单里选", field="organ")
    return organs.card(number)


def _past(day: date, field: str) -> date:
    if day > clock.today():
        raise Refused(f"日期{day}在今天以后", fix="到任、离任当天或者以后再登记", field=field)
    return day


def _document(text: str) -> str:
    if not text.strip():
        raise Refused("没有写文号", fix="请写任免文件的文号；没有文号的，写文件名称和日期", field="document")
    return text.strip()


def _done(request: DeskRequest, code: str, detail: str, words: str, organ_id: int) -> HttpResponse:
    access_actions.note(
        request.actor, action="offices.manage", object=f"official:{code}", at=clock.now(), organ_id=organ_id, detail=detail,
        address=address_of(request),
    )  # fmt: skip
    messages.success(request, words)
    return redirect("desk:official", code)


@desk_view("offices.manage")
def register_page(request: DeskRequest) -> HttpResponse:
    """The register of offices from a spreadsheet."""
    refused: Refused | None = None
    result: Registered | None = None
    if request.method == "POST":
        try:
            file = _file(request)
            result = intake.register_offices(
                file.read(), filename=file.name or "upload", by=request.actor, on=clock.today(), at=clock.now()
            )
        except Refused as no:
            if no.code == "forbidden":
                raise
            refused = no
    context = {
        "result": result,
        "columns": ({"label": "行", "number": True}, {"label": "哪里不对"}, {"label": "怎么办"}),
        "rows": [{"cells": [one.row, one.message, one.fix], "state": "overdue"} for one in result.faults[:200]]
        if result
        else [],
        "accept": ACCEPT,
        "headings": "、".join(words[0] for words in HEADINGS.values()),
        "refusal": refused,
        "trail": [("公务员", reverse("desk:officials"))],
    }
    return render(request, "desk/register.html", context, status=422 if refused else 200)


def _file(request: DeskRequest) -> "UploadedFile[Any]":
    file = request.FILES.get("file")
    if file is None:
        raise Refused("没有选文件", fix="请选任免名册再点“上传”", field="file", code="file")
    return file


@desk_view("offices.manage")
def register_file(_request: DeskRequest) -> HttpResponse:
    """An empty register to fill."""
    headings = [words[0] for words in HEADINGS.values()]
    return download(workbooks.export(headings, iter(()), title="任免名册"), "任免名册模板.xlsx", XLSX)
