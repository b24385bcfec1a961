"""Links for the people something was promised to: made here, shown and printed once, because only their digests are kept."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from jiannuo.desk.gate import DeskRequest, desk_view
from jiannuo.desk.people import called
from jiannuo.desk.sending import XLSX, download
from jiannuo.disclosure.queries.promised import title_of
from jiannuo.duties import actions as duties
from jiannuo.duties.actions import Link
from jiannuo.duties.queries import invited
from jiannuo.duties.queries.promises import promise
from jiannuo.intake.rules import workbooks
from jiannuo.kernel import clock
from jiannuo.kernel.refusals import Refused

COLUMNS = (
    {"label": "哪次做的"},
    {"label": "谁做的"},
    {"label": "链接", "number": True},
    {"label": "已答复", "number": True},
)


@desk_view("records.read")
def invite_page(request: DeskRequest, duty_id: int) -> HttpResponse:
    """Who is to be asked is typed one to a line; what comes back is a sheet to print or a workbook, this once."""
    today = clock.today()
    found = promise(duty_id, as_of=today)
    if found is None:
        raise Http404
    duties.may_invite(duty_id=duty_id, actor=request.actor, on=today)
    title, _ = title_of(found.card.record.id)
    links: tuple[Link, ...] = ()
    refusal: Refused | None = None
    if request.method == "POST":
        names = request.POST.get("names", "").splitlines()
        try:
            links = duties.invite(duty_id=duty_id, names=names, actor=request.actor, on=today, at=clock.now())
        except Refused as no:
            refusal = no
    sheet = [(link.name, request.build_absolute_uri(reverse("portal:answer", args=[link.token]))) for link in links]
    if sheet and request.POST.get("form") == "xlsx":
        return _workbook(sheet, title)
    made = invited.made_for(duty_id)
    makers = called(one.made_by for one in made)
    context = {
        "promise_title": title,
        "duty_id": duty_id,
        "is_judged": invited.purpose_of(found.card.duty.kind) == invited.SATISFACTION,
        "sheet": sheet,
        "names": "" if links else request.POST.get("names", ""),
        "refusal": refusal,
        "columns": COLUMNS,
        "trail": [("承诺", reverse("desk:promises")), (title, reverse("desk:promise", args=[duty_id]))],
        "made": [
            {"cells": [one.made_at, makers.get(one.made_by, ""), one.count, one.used], "state": ""} for one in made
        ],
    }
    return render(request, "desk/invite.html", context, status=422 if refusal else 200)


def _workbook(sheet: list[tuple[str, str]], title: str) -> HttpResponse:
    lines = ([name, url, title] for name, url in sheet)
    return download(
        workbooks.export(["给谁", "链接", "哪件事"], lines, title="答复链接"), f"答复链接{title[:40]}.xlsx", XLSX
    )
