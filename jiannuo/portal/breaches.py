"""How breaches that firms spoke of fare: how many, how much money, how they ended. Neither firms nor what they said are here."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from jiannuo.assessment.queries import breaches as figures
from jiannuo.assessment.rules.breaches import COUNTS, Breach, BreachFigures
from jiannuo.kernel import clock
from jiannuo.kernel.refusals import Refused
from jiannuo.portal import complaining, figuring, parts
from jiannuo.portal.answering import public
from jiannuo.portal.figuring import Asked, numbered
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.queries import Directory

WORDS: Mapping[str, str] = {
    "came": "收到", "running": "在办", "true": "核实属实", "mended": "已履行、已补偿", "found": "认定违约失信", "untrue": "不属实",
    "late": "超期",
}  # fmt: skip
ENDED_COLUMNS = (
    {"label": "现在怎样"},
    {"label": "件数", "number": True},
    {"label": "金额（元）", "number": True},
)
FIELD_COLUMNS = (
    {"label": "领域"},
    {"label": "收到", "number": True},
    {"label": "核实属实", "number": True},
    {"label": "已履行、已补偿", "number": True},
    {"label": "金额（元）", "number": True},
)
COLUMNS = (
    {"label": "编号"},
    {"label": "领域"},
    {"label": "核实单位"},
    {"label": "收到", "nowrap": True},
    {"label": "金额（元）", "number": True},
    {"label": "现在怎样"},
)


@public
def breaches(request: HttpRequest) -> HttpResponseBase:
    directory = subjects.directory(clock.today())
    ask = figuring.asked(request, "breaches", directory, COUNTS)
    known = figures.fields(directory.on)
    field = request.GET.get("field", "").strip()
    if field and field not in known:
        raise Refused("没有这个领域", fix="请从页面的领域中选择", field="field", code="field")
    own = {"field": field}
    found = figures.breaches(organ_ids=ask.organ_ids, first=ask.first, last=ask.last, as_of=directory.on, field=field)
    counted = [one for one in found.items if not ask.count or COUNTS[ask.count](one)]
    page, pager = figuring.paged(counted, ask.at)
    context: dict[str, Any] = {
        "trail": parts.trail(("投诉举报", "portal:complain")),
        "tabs": complaining.tabs("breaches"),
        "stats": _stats(found, ask, own),
        "counts": [
            {"label": WORDS[name], "count": count, "current": ask.count == name, "url": ask.leading({"count": name}, **own)}
            for name, count in found.counts.items()
        ],
        "ended_columns": ENDED_COLUMNS,
        "ended": [
            parts.Row((title, f"{one.counts['came']:,}", _money(one.total("came"))))
            for title, one in found.by(lambda one: one.state_title).items()
        ],
        "field_columns": FIELD_COLUMNS,
        "fields": [_field_row(name, one, ask) for name, one in found.by(lambda one: one.field).items()],
        "filters": figuring.filters(
            ask, directory, {"name": "field", "label": "领域", "value": field, "options": figuring.options(known)}
        ),
        "keep": [("count", ask.count)] if ask.count else [],
        "chips": figuring.chips(ask, {**own, "count": WORDS.get(ask.count, "")}),
        "columns": COLUMNS,
        "rows": [_row(one, directory) for one in page],
        "total": len(counted),
        "pager": pager,
        "period": ask.period,
    }  # fmt: skip
    about = "企业反映政府违约多少件、多少钱、由谁核实、怎样了结；不列企业，也不列没有认定的单位。"
    return render(request, "portal/breaches.html", parts.context("政府违约处理得怎么样", about, **context))


def _stats(found: BreachFigures, ask: Asked, own: Mapping[str, str]) -> list[dict[str, object]]:
    def tile(name: str) -> dict[str, object]:
        note = f"{found.total(name):,.2f}元" if found.total(name) else ""
        tone = "bad" if name == "found" and found.counts[name] else ""
        return figuring.count(
            WORDS[name], found.counts[name], ask.leading({"count": name}, **own), tone=tone, note=note
        )

    return [tile(name) for name in ("came", "true", "mended", "found", "running")]


def _field_row(name: str, one: BreachFigures, ask: Asked) -> parts.Row:
    def number(count: str) -> object:
        return numbered(one.counts[count], ask.leading({"count": count}, field=name))

    return parts.Row((name, number("came"), number("true"), number("mended"), _money(one.total("came"))))


def _row(one: Breach, directory: Directory) -> parts.Row:
    return parts.Row(
        (
            one.number,
            one.field,
            directory.card(one.organ_id).short,
            one.opened_on,
            _money(one.owed or Decimal(0)),
            one.state_title,
        ),
        "overdue" if one.late else "",
    )


def _money(amount: Decimal) -> str:
    return f"{amount:,.2f}" if amount else "—"
