"""汇总报告: looked at as it will be printed, taken away as DOCX or PDF, and recorded as sent to the county government."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from jiannuo.access import actions as access_actions
from jiannuo.assessment import actions
from jiannuo.assessment.queries import consolidated
from jiannuo.assessment.queries.consolidated import SentCard
from jiannuo.assessment.rules.consolidating import County
from jiannuo.assessment.rules.periods import Period, period
from jiannuo.assessment.rules.reporting import OPEN
from jiannuo.desk import asked, reading
from jiannuo.desk.gate import DeskRequest, desk_view
from jiannuo.desk.reporting import lacking
from jiannuo.desk.sending import download
from jiannuo.documents import fonts
from jiannuo.documents.rendering import TYPES, Form
from jiannuo.kernel import clock
from jiannuo.kernel.refusals import Refused

DIFFERENCES = ({"label": "单位"}, {"label": "在哪里"}, {"label": "项目"}, {"label": "单位写的"}, {"label": "台账记的"})


@desk_view("reports.collect")
def consolidated_page(request: DeskRequest, name: str) -> HttpResponse:
    of = period(name)
    refused: Refused | None = None
    if request.method == "POST":
        try:
            _send(request, of)
        except Refused as no:
            refused = no
        else:
            return redirect("desk:consolidated", of.name)
    # The page shows who sent what; what the catalogue lacks is looked up for the document alone.
    county = consolidated.county(of, as_of=clock.today())
    sent = consolidated.sent(of)
    number = request.POST.get("number") or request.GET.get("number", "")
    context = {
        "of": of,
        "county": county,
        "tiles": _tiles(county),
        "rows": _differences(county),
        "columns": DIFFERENCES,
        "sent": [_sent(one) for one in sent],
        "number": number,
        "reason": request.POST.get("reason", ""),
        "refusal": refused,
        "preview": asked.link("desk:consolidated_file", of.name, "pdf", number=number, show="1"),
        "pdf": asked.link("desk:consolidated_file", of.name, "pdf", number=number),
        "docx": asked.link("desk:consolidated_file", of.name, "docx", number=number),
        "fonts": _fonts(),
        "trail": [("半年报告", asked.link("desk:reports", period=of.name))],
    }
    return render(request, "desk/consolidated.html", context, status=422 if refused else 200)


def _send(request: DeskRequest, of: Period) -> None:
    actions.send_up(
        of,
        number=request.POST.get("number", ""),
        reason=request.POST.get("reason", ""),
        actor=request.actor,
        on=clock.today(),
        at=clock.now(),
        lacking=lacking(clock.today()),
    )
    messages.success(request, "已记入台账：汇总报告报送县政府，报送的文件和它的指纹已保存。")


def _tiles(county: County) -> list[dict[str, Any]]:
    lines = county.lines
    missing = sum(one.is_missing for one in lines)
    late = sum(one.state not in OPEN and one.days_late > 0 for one in lines)
    differing = sum(bool(one.differences) for one in lines)

    def to(state: str) -> str:
        return asked.link("desk:reports", period=county.period.name, state=state)

    return [
        {"label": "应报单位", "value": len(lines), "url": to("")},
        {"label": "按期报送", "value": len(lines) - missing - late, "url": ""},
        {"label": "迟报", "value": late, "url": to("late"), "tone": "warn" if late else ""},
        {"label": "未报", "value": missing, "url": to("none"), "tone": "bad" if missing else ""},
        {"label": "与台账不一致", "value": differing, "url": to("differing"), "tone": "warn" if differing else ""},
    ]


def _differences(county: County) -> list[dict[str, Any]]:
    return [
        {"cells": [one.organ, each.where, each.label, each.written, each.ledger], "state": ""}
        for one in county.lines
        for each in one.differences
    ]


def _sent(one: SentCard) -> dict[str, Any]:
    return {
        "on": one.sent_on,
        "title": f"{one.number}，报{one.to}",
        "digest": one.files.get("pdf", ""),
        "files": [(form.upper(), reverse("desk:sent_file", args=[one.period.name, form])) for form in one.files],
    }


def _fonts() -> str:
    try:
        return fonts.present(settings.FONTS).words
    except Refused as no:
        return f"{no.message}。{no.fix}"


@desk_view("reports.collect")
def consolidated_file(request: DeskRequest, name: str, form: Form) -> HttpResponse:
    """The report as it stands today, to look at or to take away."""
    if form not in TYPES:
        raise Http404
    county = consolidated.county(period(name), as_of=clock.today(), lacking=lacking(clock.today()))
    made = consolidated.document(county, number=request.GET.get("number", "")[:60], dated=clock.today())
    data = consolidated.rendered(made, form)
    access_actions.note(
        request.actor, action="reports.collect", object=f"report:{name}", at=clock.now(), detail=f"汇总 {form}"
    )
    filename = f"{county.county}{county.period.title}{county.title}报告.{form}"
    if request.GET.get("show"):
        return reading.inline(data, filename, TYPES[form])
    return download(data, filename, TYPES[form])


@desk_view("reports.collect")
def sent_file(_request: DeskRequest, name: str, form: Form) -> HttpResponse:
    """The file that was sent, as it was."""
    for one in consolidated.sent(period(name)):
        if form in one.files:
            return download(consolidated.file_of(one, form), f"{one.title}.{form}", TYPES[form])
    raise Http404
