"""期限变更: which promises were put off, from when to when, how often, and who allowed it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from jiannuo.access import rules as access
from jiannuo.desk import asked
from jiannuo.desk.gate import DeskRequest, desk_view
from jiannuo.desk.wording import moved
from jiannuo.documents.figures import Figure
from jiannuo.duties.queries.promises import slips
from jiannuo.duties.rules import slipping
from jiannuo.duties.rules.slipping import Slip
from jiannuo.kernel import clock
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.queries import Directory

COLUMNS = (
    {"label": "承诺的事"},
    {"label": "单位", "short": True},
    {"label": "原定期限", "nowrap": True},
    {"label": "现在期限", "nowrap": True},
    {"label": "变动天数", "number": True},
    {"label": "变更次数", "number": True},
    {"label": "最近一次谁批准"},
)


@desk_view("records.read")
def slips_page(request: DeskRequest) -> HttpResponse:
    today = clock.today()
    organs = subjects.directory(today)
    reach = access.scope(request.actor, "records.read")
    organ = asked.number(request, "organ")
    wanted = organs.line(organ) if organ in organs.cards else None
    if wanted is not None:
        reach = wanted if reach is None else reach & wanted
    found = slips(reach, as_of=today)
    options = asked.organ_options(organs, access.scope(request.actor, "records.read"))
    later = [one for one in found if one.days > 0]
    context = {
        "chart": _chart(found, organs),
        "rows": [_row(one, organs) for one in found],
        "columns": COLUMNS,
        "later": len(later),
        "most": max((one.days for one in later), default=0),
        "average": sum(one.days for one in later) // len(later) if later else 0,
        "several": sum(one.amendments > 1 for one in found),
        "organ": organs.card(organ).short if organ in organs.cards else "",
        "filters": [{"name": "organ", "label": "单位", "value": organ or "", "options": options}]
        if len(options) > 1
        else [],
        "trail": [("承诺", reverse("desk:promises"))],
    }
    return render(request, "desk/slips.html", context)


def _chart(found: list[Slip], organs: Directory) -> Figure | None:
    """By organ where there are several, else by promise."""
    if len({organs.heir(one.debtor_id).id for one in found}) > 1:
        return slipping.by_organ((organs.heir(one.debtor_id).short, one.days) for one in found)
    return slipping.by_promise((one.title, one.days) for one in found)


def _row(one: Slip, organs: Directory) -> dict[str, Any]:
    first, now = one.first_due_on, one.due_on
    cells: list[Any] = [
        {"text": one.title, "url": reverse("desk:promise", args=[one.duty_id])},
        organs.card(one.debtor_id).short,
        first,
        now,
        {"text": one.days, "sub": moved(one.days)},
        one.amendments,
        {"text": one.authority or "更正录入", "sub": one.document},
    ]
    return {"cells": cells, "state": ""}
