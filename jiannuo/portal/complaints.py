"""How complaints fare: how many came, about what, in what time they were answered, and whether who complained says it is solved."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from jiannuo.assessment.queries import complaints as figures
from jiannuo.assessment.rules.complaints import COUNTS, Complaint, ComplaintFigures
from jiannuo.kernel import clock
from jiannuo.kernel.refusals import Refused
from jiannuo.portal import complaining, figuring, parts
from jiannuo.portal.answering import public
from jiannuo.portal.figuring import Asked, numbered, shared
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.queries import Directory

WORDS: Mapping[str, str] = {
    "came": "收到", "answered": "已答复", "running": "还没有答复", "late": "超期", "judged": "提出人评价了", "solved": "提出人说已解决",
    "unsolved": "提出人说没有解决", "not_judged": "没有评价", "refused": "不予受理", "merged": "并案", "withdrawn": "撤回",
}  # fmt: skip
CATEGORY_COLUMNS = (
    {"label": "反映什么"},
    {"label": "收到", "number": True},
    {"label": "已答复", "number": True},
    {"label": "平均几天答复", "number": True},
    {"label": "解决率", "number": True},
)
ORGAN_COLUMNS = (
    {"label": "答复单位"},
    {"label": "承办", "number": True},
    {"label": "已答复", "number": True},
    {"label": "超期", "number": True},
    {"label": "平均几天答复", "number": True},
    {"label": "解决率", "number": True},
)
COLUMNS = (
    {"label": "编号"},
    {"label": "反映什么"},
    {"label": "答复单位"},
    {"label": "收到", "nowrap": True},
    {"label": "答复", "nowrap": True},
    {"label": "现在"},
)


@public
def complaints(request: HttpRequest) -> HttpResponseBase:
    directory = subjects.directory(clock.today())
    ask = figuring.asked(request, "complaints", directory, COUNTS)
    known = figures.categories(directory.on)
    category = request.GET.get("category", "").strip()
    if category and category not in known:
        raise Refused("没有这一类", fix="请从页面的类别中选择", field="category", code="category")
    own = {"category": category}
    found = figures.complaints(
        organ_ids=ask.organ_ids, first=ask.first, last=ask.last, as_of=directory.on, category=category
    )
    counted = [one for one in found.items if not ask.count or COUNTS[ask.count](one)]
    page, pager = figuring.paged([one for one in counted if one.is_open], ask.at)
    context: dict[str, Any] = {
        "trail": parts.trail(("投诉举报", "portal:complain")),
        "tabs": complaining.tabs("complaints"),
        "stats": _stats(found, ask, own),
        "counts": _counts(found, ask, own),
        "category_columns": CATEGORY_COLUMNS,
        "categories": [_category_row(name, one, ask) for name, one in found.by_category().items()],
        "organ_columns": ORGAN_COLUMNS,
        "organs": [_organ_row(one, ask, own, directory) for one in found.by_organ()],
        "filters": figuring.filters(
            ask, directory,
            {"name": "category", "label": "类别", "value": category, "options": figuring.options(known)},
        ),
        "keep": [("count", ask.count)] if ask.count else [],
        "chips": figuring.chips(ask, {**own, "count": WORDS.get(ask.count, "")}),
        "columns": COLUMNS,
        "rows": [_row(one, directory) for one in page],
        "total": len(counted),
        "hidden": sum(not one.is_open for one in counted),
        "pager": pager,
        "period": ask.period,
    }  # fmt: skip
    about = "群众和企业投诉举报多少件、反映什么、几天答复、解决没有，解决没有由提出的人说。"
    return render(request, "portal/complaints.html", parts.context("投诉举报办得怎么样", about, **context))


def _stats(found: ComplaintFigures, ask: Asked, own: Mapping[str, str]) -> list[dict[str, object]]:
    def lead(name: str) -> str:
        return ask.leading(found.leads_to(name), **own)

    return [
        figuring.count("收到", found.counts["came"], lead("came")),
        figuring.share("答复率", found.answered, lead("answered")),
        {
            "label": "平均几天答复",
            "value": found.average_days or "—",
            "unit": "天" if found.average_days else "",
            "note": "收到之日到第一次答复，只算已答复的",
            "url": lead("answered") if found.average_days else "",
        },
        figuring.share("解决率", found.solved, lead("solved")),
        figuring.share("评价率", found.judged, lead("judged")),
    ]


def _counts(found: ComplaintFigures, ask: Asked, own: Mapping[str, str]) -> list[dict[str, object]]:
    return [
        {"label": WORDS[name], "count": found.counts[name], "current": ask.count == name,
         "url": ask.leading(found.leads_to(name), **own)}
        for name in COUNTS
        if found.counts[name] or name in ("came", "late", "not_judged")
    ]  # fmt: skip


def _category_row(name: str, one: ComplaintFigures, ask: Asked) -> parts.Row:
    def number(count: str) -> object:
        return numbered(one.counts[count], ask.leading(one.leads_to(count), category=name))

    cells = (
        parts.Cell(name, ask.leading(one.leads_to("came"), category=name)),
        number("came"),
        number("answered"),
        one.average_days or "—",
        shared(one.solved),
    )
    return parts.Row(cells)


def _organ_row(one: ComplaintFigures, ask: Asked, own: Mapping[str, str], directory: Directory) -> parts.Row:
    card = directory.card(one.organ_id or 0)

    def number(name: str) -> object:
        return numbered(one.counts[name], ask.leading(one.leads_to(name) | {"organ": card.code}, **own))

    cells = (
        parts.Cell(card.short, parts.address("organ", card.code)),
        number("came"),
        number("answered"),
        number("late"),
        one.average_days or "—",
        shared(one.solved),
    )
    return parts.Row(cells, "overdue" if one.counts["late"] else "")


def _row(one: Complaint, directory: Directory) -> parts.Row:
    return parts.Row(
        (
            one.number,
            one.category,
            directory.card(one.organ_id).short,
            one.opened_on,
            one.answered_on or "—",
            one.state_title,
        ),
        "overdue" if one.late else "",
    )
