"""Matters of service: how long the law allows, how long the organ promises, how long it takes, and what was cut."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from msgspec.structs import replace

from jiannuo.assessment.queries import services as figures
from jiannuo.assessment.rules.services import COUNTS, Catalogue, Handling, Offered, ServiceFigures, catalogue
from jiannuo.disclosure.queries import remembering
from jiannuo.disclosure.queries.released import released
from jiannuo.kernel import clock
from jiannuo.kernel.searching import fold_text
from jiannuo.portal import figuring, parts
from jiannuo.portal.answering import nothing_here, public
from jiannuo.portal.figuring import Asked, numbered, shared
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.queries import Directory

WORDS: Mapping[str, str] = {
    "items": "正在办的事项", "permits_cut": "取消、下放的行政许可", "others_cut": "取消、下放的其他事项", "papers_cut": "减了材料的事项",
    "proofs_cut": "取消了证明的事项", "shortened": "承诺比法定快的事项",
}  # fmt: skip
COLUMNS = (
    {"label": "事项"},
    {"label": "实施单位"},
    {"label": "法定", "number": True},
    {"label": "承诺", "number": True},
    {"label": "实际平均", "number": True},
    {"label": "办件", "number": True},
    {"label": "按时办结率", "number": True},
    {"label": "渠道"},
    {"label": "材料和证明"},
)
ORGAN_COLUMNS = (
    {"label": "单位"},
    {"label": "应办结", "number": True},
    {"label": "按时", "number": True},
    {"label": "超时", "number": True},
    {"label": "超期未办", "number": True},
    {"label": "按时办结率", "number": True},
    {"label": "平均工作日", "number": True},
)


@public
def services(request: HttpRequest) -> HttpResponseBase:
    directory = subjects.directory(clock.today())
    ask = figuring.asked(request, "services", directory, COUNTS)
    if figures.item_kind() is None:
        raise nothing_here("没有政务服务的数据", fix="策略包里没有登记政务服务事项这一类数据")
    period: dict[str, Any] = {
        "organ_ids": ask.organ_ids,
        "first": ask.first,
        "last": ask.last,
        "as_of": directory.on,
    }
    found = figures.services(**period)
    own = directory.heir(ask.organ.id).id if ask.organ else 0
    items = [item for item in _offered(directory) if own in (0, item.organ_id)]
    cut = catalogue(items)
    listed = [item for item in _named(items, ask.q) if not ask.count or COUNTS[ask.count](item)]
    page, pager = figuring.paged(listed, ask.at)
    handled = figures.by_item([item.code for item in page], **period)
    context: dict[str, Any] = {
        "trail": parts.trail(("数据", "portal:figures")),
        "tabs": figuring.tabs("services"),
        "stats": _stats(found, cut, ask),
        "counts": _counts(cut, ask),
        "channels": _channels(found.handling),
        "organ_columns": ORGAN_COLUMNS,
        "organs": [_organ_row(one, directory) for one in found.by_organ()],
        "filters": _filters(ask, directory),
        "keep": [("count", ask.count)] if ask.count else [],
        "chips": figuring.chips(ask, {"count": WORDS.get(ask.count, "")}),
        "columns": COLUMNS,
        "rows": [
            _row(replace(item, cases=handled.get((item.organ_id, item.code), Handling())), directory) for item in page
        ],
        "total": len(listed),
        "pager": pager,
        "period": ask.period,
        "is_whole": found.is_whole,
    }
    about = "政务服务事项的法定时限、承诺时限和实际用时，按时办结多少，减了哪些许可、材料和证明。"
    return render(request, "portal/services.html", parts.context("政务服务", about, **context))


def _offered(directory: Directory) -> list[Offered]:
    """The public matters of all organs, read once for each state of the ledger."""
    kind = figures.item_kind()
    if kind is None:
        return []

    def read() -> list[Offered]:
        return figures.offered(organ_ids=None, as_of=directory.on, given=released([kind], on=directory.on))

    return remembering.remembered("service items", read)


def _named(items: list[Offered], text: str) -> list[Offered]:
    """Those whose name or code contains a text, whatever its width or case."""
    words = fold_text(text)
    return [item for item in items if words in fold_text(f"{item.name}{item.code}")] if words else items


def _filters(ask: Asked, directory: Directory) -> list[dict[str, object]]:
    search = {"name": "q", "label": "事项名称或编码", "kind": "text", "value": ask.q, "wide": True}
    return [search, *figuring.filters(ask, directory)]


def _stats(found: ServiceFigures, cut: Catalogue, ask: Asked) -> list[dict[str, object]]:
    one = found.handling
    timely, organ = one.timeliness, ask.organ.code if ask.organ else ""
    average = one.average

    def lead(number: str) -> str:
        return parts.address("timeliness", **found.leads_to(number), organ=organ)

    return [
        figuring.count("办件", one.cases, lead("accepted"), note=f"承诺办结日在{ask.period}的；已办结 {one.done:,} 件"),
        figuring.share("按时办结率", timely, lead("due"), tone=parts.tone(timely.part, timely.whole)),
        {
            "label": "实际平均用时",
            "value": average if average is not None else "—",
            "unit": "个工作日" if average is not None else "",
            "note": f"已办结的 {one.done:,} 件，自受理次日算起" if one.done else "还没有办结的",
            "url": "",
        },
        figuring.count("超期未办结", one.missing, lead("missing"), tone="bad" if one.missing else ""),
        figuring.share("承诺时限压缩", cut.shortening, ask.leading(found.items_lead_to("shortened"))),
    ]


def _counts(cut: Catalogue, ask: Asked) -> list[dict[str, object]]:
    lead = {name: ask.leading({"count": name}) for name in COUNTS}
    sums = {"papers_cut": f"，共 {cut.papers_cut:,} 件材料", "proofs_cut": f"，共 {cut.proofs_cut:,} 项证明"}
    return [
        {"label": WORDS[name], "count": count, "more": sums.get(name, "") if count else "", "url": lead[name],
         "current": ask.count == name}
        for name, count in cut.counts.items()
        if count or name == "items"
    ]  # fmt: skip


def _channels(one: Handling) -> list[dict[str, object]]:
    whole = sum(one.channels.values())
    return [
        {"label": name, "share": count / whole, "part": count, "whole": whole}
        for name, count in sorted(one.channels.items(), key=lambda pair: -pair[1])
    ]


def _organ_row(one: ServiceFigures, directory: Directory) -> parts.Row:
    card, handling = directory.card(one.organ_id or 0), one.handling

    def number(count: int, name: str) -> object:
        return numbered(count, parts.address("timeliness", **(one.leads_to(name) | {"organ": card.code})))

    cells = (
        parts.Cell(card.short, parts.address("organ", card.code)),
        number(handling.tally.due, "due"),
        number(handling.on_time, "on_time"),
        number(handling.late, "late"),
        number(handling.missing, "missing"),
        shared(handling.timeliness),
        str(handling.average) if handling.average is not None else "—",
    )
    return parts.Row(cells, "overdue" if handling.missing else "")


def _row(item: Offered, directory: Directory) -> parts.Row:
    one = item.cases
    state = "" if item.is_offered else item.status
    name = parts.Cell(item.name, parts.address("record", item.identity.hex()), f"{item.type} · {item.code}")
    cut = [f"少交 {item.papers_cut} 件材料"] if item.papers_cut else []
    cut += [f"不要{'、'.join(item.proofs_cut)}"] if item.proofs_cut else []
    if state:
        cut = [f"{state}：{item.status_basis}"]
    average = str(one.average) if one.average is not None else "—"
    channels = "、".join(f"{name} {count:,}" for name, count in sorted(one.channels.items(), key=lambda pair: -pair[1]))
    cells = (
        name,
        directory.card(item.organ_id).short,
        "—" if item.statutory is None else item.statutory,
        "—" if item.promised is None or state else item.promised,
        average,
        one.cases,
        shared(one.timeliness),
        channels or "、".join(item.channels),
        "；".join(cut) or "—",
    )
    return parts.Row(cells, "withdrawn" if state else "")
