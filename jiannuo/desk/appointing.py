"""登记任免: the personnel office appoints, relieves, takes back a mistake and imports the register; each change with its document."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from jiannuo.access import actions as access_actions
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
