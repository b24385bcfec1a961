"""督导检查: which organs are inspected this year, by when, what was found by item, what came of it; each number opens its list."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from jiannuo.assessment.queries import inspections as figures
from jiannuo.assessment.rules.inspections import COUNTS, Inspection, Inspections
from jiannuo.kernel import clock
from jiannuo.kernel.refusals import Refused
from jiannuo.policy import pack as policy
from jiannuo.policy.checklists import Question
from jiannuo.portal import figuring, parts
from jiannuo.portal.answering import public
from jiannuo.portal.figuring import Asked, numbered
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.queries import Directory

WORDS: Mapping[str, str] = {
    "planned": "计划检查", "done": "已检查", "waiting": "还没有检查", "passed": "合格", "mended": "整改后合格", "unmended": "整改不到位",
    "mending": "说明整改中", "late": "有逾期的", "cancelled": "不再检查",
}  # fmt: skip
STANDINGS: Mapping[str, str] = {"passed": "on_time", "mended": "on_time", "unmended": "overdue", "lapsed": "overdue"}
COLUMNS = (
    {"label": "被检查单位"},
    {"label": "检查单位"},
    {"label": "最迟", "nowrap": True},
    {"label": "检查", "nowrap": True},
    {"label": "不合格的项"},
    {"label": "结果"},
)
ITEM_COLUMNS = ({"label": "查什么"}, {"label": "依据"}, {"label": "不合格的单位", "number": True})


@public
def inspections(request: HttpRequest) -> HttpResponseBase:
    directory = subjects.directory(clock.today())
    ask = figuring.asked(request, "inspections", directory, COUNTS)
    asked = questions()
    item = request.GET.get("item", "").strip()
    if item and item not in asked:
        raise Refused("清单里没有这一项", fix="请从页面的清单中选择", field="item", code="item")
    year = ask.first.year
    plans, found = figures.inspections(year=year, as_of=directory.on, organ_ids=ask.organ_ids)
    listed = found.narrowed(count=ask.count, item=item)
    page, pager = figuring.paged(listed, ask.at)
    context: dict[str, Any] = {
        "trail": parts.trail(("数据", "portal:figures")),
        "tabs": figuring.tabs("inspections"),
        "plans": plans,
        "stats": _stats(found, ask),
        "counts": [
            {"label": WORDS[name], "count": found.counts[name], "current": ask.count == name,
             "url": ask.leading({"count": name})}
            for name in COUNTS if found.counts[name] or name in ("planned", "done", "late")
        ],
        "item_columns": ITEM_COLUMNS,
        "items": [item_row(asked[code], numbered(count, ask.leading({"item": code}))) for code, count in found.by_item.items()],
        "filters": figuring.filters(ask, directory),
        "keep": [(name, value) for name, value in (("count", ask.count), ("item", item)) if value],
        "chips": figuring.chips(ask, {"count": WORDS.get(ask.count, ""), "item": item}),
        "columns": COLUMNS,
        "rows": [_row(one, directory) for one in page],
        "total": len(listed),
        "pager": pager,
        "year": year,
    }  # fmt: skip
    about = "每年检查哪些单位、查什么、发现什么问题、改好没有，逐个单位公开。"
    return render(request, "portal/inspections.html", parts.context("督导检查", about, **context))


def questions() -> Mapping[str, Question]:
    """The items that inspections are answered by."""
    pack = policy.current()
    checklist = pack.flows[figures.INSPECTION].checklist
    return pack.checklists[checklist.items] if checklist else {}


def item_row(question: Question, count: object) -> parts.Row:
    """One item with how often it was found wrong."""
    return parts.Row((parts.Cell(f"{question.code} {question.question}"), question.basis, count))


def _stats(found: Inspections, ask: Asked) -> list[dict[str, object]]:
    def tile(name: str, tone: str = "") -> dict[str, object]:
        return figuring.count(WORDS[name], found.counts[name], ask.leading({"count": name}), unit="个", tone=tone)

    return [
        tile("planned"), tile("done"), tile("passed"), tile("mended"),
        tile("unmended", "bad" if found.counts["unmended"] else ""),
    ]  # fmt: skip


def _row(one: Inspection, directory: Directory) -> parts.Row:
    organ = directory.card(one.organ_id)
    result = parts.Cell(
        standing=STANDINGS.get(one.state, "open"), standing_label=one.state_title, sub="有逾期" if one.late else ""
    )
    return parts.Row(
        (
            parts.Cell(organ.short, parts.address("organ", organ.code), sub=one.words),
            directory.card(one.inspector_id).short,
            one.planned_by,
            one.inspected_on or "—",
            "、".join(one.wrong) or "—",
            result,
        ),
        "overdue" if one.late and one.closed_on is None else "",
    )
