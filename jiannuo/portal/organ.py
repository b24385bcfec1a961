"""The page of one organ: who it is and was, its promises, its lists, what it disclosed, how much of it on time."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from jiannuo.cases import queries as cases
from jiannuo.cases.queries import CaseCard
from jiannuo.disclosure import queries as disclosure
from jiannuo.disclosure.queries import interpreting, owing, promises, remembering
from jiannuo.documents.figures import Figure
from jiannuo.duties import queries as duties
from jiannuo.duties.queries import Rates
from jiannuo.duties.rules import SUSPENDED_UNTIL, slipping
from jiannuo.kernel import clock
from jiannuo.policy import pack as policy
from jiannuo.policy.documents import ORGAN_TYPES
from jiannuo.portal import parts
from jiannuo.portal import promises as promise_pages
from jiannuo.portal.answering import nothing_here, public
from jiannuo.portal.organs import COLUMNS, DECISION, numbers
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.queries import Directory, OrganCard, Spell

MONTHS = 12
NEWEST = 8
SLIPS = 10
SLIP_COLUMNS = (
    {"label": "改过期限的承诺"},
    {"label": "原定", "nowrap": True},
    {"label": "现在", "nowrap": True},
    {"label": "推后", "number": True},
)
FIGURES = (
    ("suggestions", "建议提案"),
    ("litigation", "行政诉讼"),
    ("services", "政务服务"),
    ("inspections", "督导检查"),
)
INSPECTION, HONOUR, HELD = "inspection", "honour", "held"
"""Procedures whose cases its page tells of, and the state of an honour that stands."""
MONTH_COLUMNS = ({"label": "到期月份"}, *COLUMNS[2:])


@public
def organ(request: HttpRequest, code: str) -> HttpResponseBase:
    today = clock.today()
    directory = subjects.directory(today)
    card = directory.find(code)
    if card is None:
        raise nothing_here("没有这个单位", fix="请从“单位”页选择，或者按名称搜索")
    heir = directory.heir(card.id)
    line = sorted(directory.line(card.id))
    first = parts.months_before(today, MONTHS - 1)
    figures = duties.rates(DECISION, first=first, last=today, organ_ids=line, as_of=today)
    filters = disclosure.Filters(organs=tuple(line))
    newest = disclosure.listing(filters, on=today, size=NEWEST)
    counts = _counts(line)
    moved = promises.find(owing.Narrowed(organs=tuple(line), standing="moved"), on=today, size=SLIPS)
    handled = cases.of_flows([INSPECTION, HONOUR], as_of=today, organ_ids=line, owing=False)
    context: dict[str, Any] = {
        "trail": parts.trail(("单位", "portal:organs")),
        "organ": card,
        "promises": promise_pages.stats(moved.tally, {"organ": card.code}) if moved.tally.whole else [],
        "promises_url": parts.address("promises", organ=card.code),
        "slips": _slips(moved.rows),
        "slip_chart": _slip_chart(moved.rows),
        "slip_columns": SLIP_COLUMNS,
        "more_slips": parts.address("promises", organ=card.code, standing="moved") if moved.total > SLIPS else "",
        "pages": [(label, parts.address(name, organ=card.code)) for name, label in FIGURES],
        "honours": [
            one.opening.body for one in handled if one.flow.id == HONOUR and one.state.id == HELD and not one.official
        ],
        "results": _results(handled, line),
        "ended_text": f"{card.name}已于{card.until}撤并，由{heir.name}承接。" if heir.id != card.id else "",
        "heir_url": parts.address("organ", heir.code),
        "facts": _facts(card, directory),
        "spells": _spells(subjects.history(card.id), directory),
        "stats": _stats(figures.total, card, sum(counts.values())),
        "lists": _lists(counts, card),
        "columns": parts.SHORT_COLUMNS,
        "rows": parts.record_rows(newest.rows, parts.SHORT_COLUMNS),
        "all_records": parts.address("disclosures", organ=card.code),
        "month_columns": MONTH_COLUMNS,
        "months": _months(figures.by_month, card.code),
        "actions": [
            {"label": "投诉举报这个单位", "url": parts.address("complain", organ=heir.name)},
            {"label": "导出公示", "url": parts.address("export", "csv", organ=card.code), "icon": "download"},
        ],
        "uninterpreted": sum(one.is_missing(today) for one in interpreting.documents(on=today, organ_ids=line)),
        "catalogue_url": parts.address("catalogue", organ=card.code),
    }
    about = f"{card.name}的权责清单、行政许可和行政处罚公示、及时率和沿革。"
    return render(request, "portal/organ.html", parts.context(card.name, about, **context))


def _results(handled: Sequence[CaseCard], line: Sequence[int]) -> list[dict[str, object]]:
    """What the inspections of the organ came to, each in its year's list."""
    return [
        {
            "label": f"{one.opened_on.year}年督导检查",
            "result": one.state.title,
            "url": parts.address("inspections", organ=line[0], year=one.opened_on.year),
        }
        for one in handled
        if one.flow.id == INSPECTION and one.closed_on and one.state.id != "cancelled"
    ]


def _slips(rows: tuple[promises.PublicPromise, ...]) -> list[parts.Row]:
    """The promises whose date was put off in public: from when, to when, by how many days."""
    return [
        parts.Row(
            (
                parts.Cell(one.title, parts.address("promise", one.identity)),
                one.first_due_on,
                "中止" if one.due_on >= SUSPENDED_UNTIL else one.due_on,
                "—" if one.due_on >= SUSPENDED_UNTIL else f"{(one.due_on - one.first_due_on).days}天",
            )
        )
        for one in rows
        if one.first_due_on
    ]


def _slip_chart(rows: tuple[promises.PublicPromise, ...]) -> Figure | None:
    moved = [
        (one.title, (one.due_on - one.first_due_on).days)
        for one in rows
        if one.first_due_on and one.due_on < SUSPENDED_UNTIL
    ]
    # One bar compares nothing: the table says it.
    return slipping.by_promise(moved) if len(moved) > 1 else None


def _counts(line: list[int]) -> dict[str, int]:
    found: dict[str, int] = {}
    for (organ, kind), count in remembering.by_organ().items():
        if organ in line:
            found[kind] = found.get(kind, 0) + count
    return found


def _facts(card: OrganCard, directory: Directory) -> list[dict[str, object]]:
    parent = directory.card(card.parent_id) if card.parent_id else None
    return [
        {"label": "类型", "value": ORGAN_TYPES.get(card.type, card.type)},
        {"label": "统一社会信用代码", "value": card.uscc or "待单位登记核实", "code": bool(card.uscc)},
        {
            "label": "隶属",
            "value": parent.name if parent else "—",
            "url": parts.address("organ", parent.code) if parent else "",
        },
        {"label": "其他名称", "value": "、".join(card.aliases) or "—"},
        {"label": "单位编码", "value": card.code, "code": True},
    ]


def _spells(spells: tuple[Spell, ...], directory: Directory) -> list[dict[str, object]]:
    """The names one after another, newest first, with those of the organs taken over."""
    return [
        {
            "on": spell.since,
            "title": spell.name,
            "who": f"至 {spell.until}" if spell.until else "至今",
            "text": f"推定：{spell.assumed}" if spell.assumed else "",
            "current": spell.holds(directory.on),
        }
        for spell in reversed(spells)
    ]


def _stats(total: Rates, card: OrganCard, published: int) -> list[dict[str, object]]:
    rate, tally = total.timeliness, total.tally
    asked = {"kind": DECISION, "organ": card.code}
    return [
        {"label": "已公示", "value": published, "unit": "条", "url": parts.address("disclosures", organ=card.code)},
        {
            "label": "近十二个月及时率",
            "value": rate.percent or "—",
            "share": rate.value,
            "tone": parts.tone(rate.part, rate.whole),
            "note": f"按期 {rate.part:,}，应公示 {rate.whole:,}",
            "url": parts.address("timeliness", **asked, first=total.first, last=total.last),
        },
        {
            "label": "迟报",
            "value": tally.late,
            "unit": "条",
            "url": parts.address("timeliness", **asked, standing="kept_late", first=total.first, last=total.last),
        },
        {
            "label": "超期未公示",
            "value": tally.missing,
            "unit": "条",
            "tone": "bad" if tally.missing else "",
            "url": parts.address("timeliness", **asked, standing="broken"),
        },
    ]


def _lists(counts: dict[str, int], card: OrganCard) -> list[dict[str, object]]:
    """The lists of powers and duties that an organ publishes whole."""
    return [
        {"label": kind.short, "count": counts.get(kind.id, 0), "url": parts.address("list", card.code, kind.id)}
        for kind in policy.current().kinds.values()
        if kind.whole and kind.visibility == "public"
    ]


def _months(by_month: tuple[Rates, ...], code: str) -> list[parts.Row]:
    """The months of the year past, newest first."""
    return [
        parts.Row(
            (f"{rates.first:%Y-%m}", *numbers(rates.tally, code, (rates.first, rates.last))),
            "overdue" if rates.tally.missing else "",
        )
        for rates in reversed(by_month)
    ]
