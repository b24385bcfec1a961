"""督导检查一年的情况 at the desk: how many planned and done, what was found by item, each number opening the cases behind it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from jiannuo.assessment.queries import inspections as figures
from jiannuo.assessment.rules.inspections import COUNTS, Inspection
from jiannuo.desk import asked
from jiannuo.desk.checking import questions
from jiannuo.desk.gate import DeskRequest, desk_view
from jiannuo.kernel import clock
from jiannuo.policy import pack as policy
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.queries import Directory

WORDS = {
    "planned": "计划检查", "done": "已检查", "waiting": "还没有检查", "passed": "合格", "mended": "整改后合格", "unmended": "整改不到位",
    "mending": "说明整改中", "late": "有逾期的", "cancelled": "不再检查",
}  # fmt: skip
COLUMNS = (
    {"label": "被检查单位"},
    {"label": "检查单位", "short": True},
    {"label": "最迟", "nowrap": True},
    {"label": "检查", "nowrap": True},
    {"label": "不合格的项"},
    {"label": "结果"},
)
ITEM_COLUMNS = ({"label": "查什么"}, {"label": "不合格的单位", "number": True})
YEARS = 6


@desk_view("cases.read")
def inspections_page(request: DeskRequest) -> HttpResponse:
    today = clock.today()
    year = asked.number(request, "year", today.year)
    count, item = request.GET.get("count", ""), request.GET.get("item", "")
    # Who sees all sees plans not announced yet; an organ sees its own inspections.
    everything = request.actor.sees_all
    own = None if everything else sorted(request.actor.scope)
    _, found = figures.inspections(year=year, as_of=today, organ_ids=own, announced=not everything)
    listed = found.narrowed(count=count, item=item)
    checklist = policy.current().flows[figures.INSPECTION].checklist
    known = questions(checklist) if checklist else {}
    directory = subjects.directory(today)
    context: dict[str, Any] = {
        "year": year,
        "counts": [
            {"label": WORDS[name], "count": found.counts[name], "current": name == count, "url": _link(year, count=name)}
            for name in COUNTS
        ],
        "items": [
            {"cells": [f"{code} {known[code].question}", {"text": number, "url": _link(year, item=code)}]}
            for code, number in found.by_item.items() if code in known
        ],
        "item_columns": ITEM_COLUMNS,
        "rows": [_row(one, directory) for one in listed],
        "columns": COLUMNS,
        "filters": [
            {"name": "year", "label": "年份", "value": year,
             "options": [(one, f"{one}年") for one in range(today.year, today.year - YEARS, -1)]}
        ],
        "trail": [("案件", reverse("desk:cases"))],
    }  # fmt: skip
    return render(request, "desk/inspections.html", context)


def _link(year: int, **more: object) -> str:
    return f"{asked.link('desk:inspections', year=year, **more)}#list"


def _row(one: Inspection, directory: Directory) -> dict[str, Any]:
    organ = {
        "text": directory.card(one.organ_id).short,
        "url": reverse("desk:case", args=[one.case_id]),
        "sub": one.number,
    }
    standing = {"passed": "on_time", "mended": "on_time", "unmended": "overdue", "lapsed": "overdue"}.get(
        one.state, "open"
    )
    result = {"standing": standing, "standing_label": one.state_title, "sub": "有逾期" if one.late else ""}
    cells = [
        organ, directory.card(one.inspector_id).short, one.planned_by, one.inspected_on or "—",
        "、".join(one.wrong) or "—", result,
    ]  # fmt: skip
    return {"cells": cells, "state": "overdue" if one.late and one.closed_on is None else ""}
