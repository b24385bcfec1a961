"""Lawsuits against organs: how many were lost of how many, why, who went to court, what had to be performed. No party is named."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from jiannuo.assessment.queries import litigation as figures
from jiannuo.assessment.rules.litigation import COUNTS, DENOMINATOR_WORDS, VALUES, Case, LitigationFigures
from jiannuo.disclosure.queries.released import released
from jiannuo.duties.rules import Standing
from jiannuo.kernel import clock
from jiannuo.portal import figuring, parts
from jiannuo.portal.answering import nothing_here, public
from jiannuo.portal.figuring import Asked, numbered, shared
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.queries import Directory

WORDS: Mapping[str, str] = {
    "concluded": "审结", "counted": "计入分母", "lost": "败诉", "apart": "撤诉和调解", "other": "其他没有败诉的", "undecided": "未审结",
    "heard": "开过庭", "official_appeared": "负责人出庭", "perform_due": "应履行的裁判", "perform_on_time": "按期履行",
    "perform_late": "逾期履行", "perform_missing": "逾期未履行", "perform_running": "期限内待履行", "account": "要追责整改的",
    "account_closed": "追责整改已核实", "account_open": "追责整改未办结", "outcome": "裁判结果", "area": "领域", "cause": "案由",
    "appeared": "出庭",
}  # fmt: skip
BADGES: Mapping[Standing, tuple[str, str]] = {
    Standing.KEPT: ("on_time", "按期履行"),
    Standing.KEPT_LATE: ("late", "逾期履行"),
    Standing.BROKEN: ("overdue", "逾期未履行"),
    Standing.RUNNING: ("open", "待履行"),
    Standing.DUE_SOON: ("due_soon", "将到期"),
    Standing.LIFTED: ("withheld", "依法免除"),
}
COLUMNS = (
    {"label": "案号"},
    {"label": "被告单位"},
    {"label": "领域和案由"},
    {"label": "立案", "nowrap": True},
    {"label": "审结", "nowrap": True},
    {"label": "裁判结果"},
    {"label": "履行"},
)
ORGAN_COLUMNS = (
    {"label": "被告单位"},
    {"label": "审结", "number": True},
    {"label": "败诉", "number": True},
    {"label": "败诉率", "number": True},
    {"label": "撤诉调解", "number": True},
    {"label": "未审结", "number": True},
    {"label": "应履行", "number": True},
    {"label": "履行率", "number": True},
    {"label": "出庭率", "number": True},
)
TABLES = (("outcome", "裁判结果"), ("area", "行政管理领域"), ("cause", "案由"), ("appeared", "负责人出庭"))
MOST_LINES = 12


@public
def litigation(request: HttpRequest) -> HttpResponseBase:
    suit = figures.kind()
    if suit is None:
        raise nothing_here("没有行政诉讼的数据", fix="策略包里没有登记行政诉讼案件这一类数据")
    directory = subjects.directory(clock.today())
    ask = figuring.asked(request, "litigation", directory, {*COUNTS, *VALUES})
    cards = released([suit], on=directory.on, organ_ids=ask.organ_ids)
    found = figures.litigation(organ_ids=ask.organ_ids, first=ask.first, last=ask.last, as_of=directory.on, given=cards)
    if found is None:
        raise nothing_here("没有行政诉讼的数据", fix="策略包没有写明哪些裁判结果算败诉")
    addresses = {card.id: parts.address("record", card.identity.hex()) for card in cards}
    listed = [case for case in found.items if _listed(found, case, ask)]
    page, pager = figuring.paged(listed, ask.at)
    counted = f"{WORDS[ask.count]}{f'：{ask.value}' if ask.value else ''}" if ask.count else ""
    context: dict[str, Any] = {
        "trail": parts.trail(("数据", "portal:figures")),
        "tabs": figuring.tabs("litigation"),
        "stats": _stats(found, ask),
        "counts": _counts(found, ask),
        "counting": found.counting,
        "denominator": DENOMINATOR_WORDS[found.counting.denominator],
        "lost_words": "、".join(sorted(found.counting.lost)),
        "several": _several_defendants(found),
        "tables": [_table(found, ask, name, title) for name, title in TABLES],
        "organ_columns": ORGAN_COLUMNS,
        "organs": [_organ_row(one, ask, directory) for one in found.by_organ()],
        "filters": figuring.filters(ask, directory),
        "keep": [(name, value) for name, value in (("count", ask.count), ("value", ask.value)) if value],
        "chips": figuring.chips(ask, {"count": counted}),
        "columns": COLUMNS,
        "rows": [_row(case, addresses[case.entry_id], directory) for case in page],
        "total": len(listed),
        "pager": pager,
        "period": ask.period,
    }
    about = "各单位当被告的行政诉讼：审结多少、败诉多少、为什么、负责人出没出庭、判决履行没有。"
    return render(request, "portal/litigation.html", parts.context("行政诉讼", about, **context))


def _listed(found: LitigationFigures, case: Case, ask: Asked) -> bool:
    """Where no number is asked for: what was concluded in the period, and what is undecided."""
    if ask.count:
        return found.has(case, ask.count, ask.value)
    return found.has(case, "concluded") or found.has(case, "undecided")


def _stats(found: LitigationFigures, ask: Asked) -> list[dict[str, object]]:
    def lead(name: str) -> str:
        return ask.leading(found.leads_to(name))

    return [
        figuring.count("审结", found.counts["concluded"], lead("concluded"), note="以生效的那一审为准"),
        figuring.share("败诉率", found.lost, lead("lost")),
        figuring.share("生效裁判履行率", found.performed, lead("perform_due")),
        figuring.share("负责人出庭率", found.officials, lead("official_appeared")),
        figuring.count("追责整改未办结", found.counts["account_open"], lead("account_open"),
                       note=f"败诉暴露问题、要追责整改的 {found.counts['account']:,} 件"),
    ]  # fmt: skip


def _counts(found: LitigationFigures, ask: Asked) -> list[dict[str, object]]:
    names = (
        "concluded", "lost", "other", "apart", "undecided", "perform_due", "perform_on_time", "perform_late",
        "perform_missing", "perform_running", "account_closed", "account_open",
    )  # fmt: skip
    return [
        {"label": WORDS[name], "count": found.counts[name], "current": ask.count == name,
         "url": ask.leading(found.leads_to(name))}
        for name in names
        if found.counts[name] or name in ("concluded", "lost", "undecided")
    ]  # fmt: skip


def _several_defendants(found: LitigationFigures) -> int:
    """How many of those concluded are one lawsuit against several organs, counted for each."""
    numbers = [case.number for case in found.concluded]
    return len(numbers) - len(set(numbers))


def _table(found: LitigationFigures, ask: Asked, name: str, title: str) -> dict[str, object]:
    counts = found.by(name)
    lines = [(value, several, ask.leading(found.leads_to(name, value))) for value, several in counts.items()]
    return {"title": title, "lines": lines[:MOST_LINES], "more": max(0, len(lines) - MOST_LINES)}


def _organ_row(one: LitigationFigures, ask: Asked, directory: Directory) -> parts.Row:
    card = directory.card(one.organ_id or 0)

    def number(name: str) -> object:
        return numbered(one.counts[name], ask.leading(one.leads_to(name) | {"organ": card.code}))

    cells = (
        parts.Cell(card.short, parts.address("organ", card.code)),
        number("concluded"),
        number("lost"),
        shared(one.lost),
        number("apart"),
        number("undecided"),
        number("perform_due"),
        shared(one.performed),
        shared(one.officials),
    )
    return parts.Row(cells, "overdue" if one.counts["perform_missing"] else "")


def _row(case: Case, url: str, directory: Directory) -> parts.Row:
    perform: object = "—"
    if case.perform is not None:
        standing, label = BADGES[case.perform]
        perform = parts.Cell(standing=standing, standing_label=label, sub=f"{case.perform_by} 前")
    cells = (
        parts.Cell(case.number, url, case.stage),
        directory.card(case.organ_id).short,
        parts.Cell(case.area or "—", sub=case.cause),
        case.filed_on,
        case.concluded_on or parts.Cell("未审结"),
        "、".join(case.outcomes) or "—",
        perform,
    )
    return parts.Row(cells, "overdue" if case.perform is Standing.BROKEN else "")
