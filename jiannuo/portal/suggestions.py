"""Suggestions of deputies and proposals of members: who had to answer by when, whether they met, what came of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from msgspec.structs import replace

from jiannuo.assessment.queries import suggestions as figures
from jiannuo.assessment.rules.suggestions import COUNTS, RESULTS, Suggestion, SuggestionFigures
from jiannuo.disclosure.queries.released import released
from jiannuo.disclosure.rules import public_part
from jiannuo.duties.rules import SUSPENDED_UNTIL, Standing
from jiannuo.kernel import clock
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger.queries import EntryCard
from jiannuo.policy import pack as policy
from jiannuo.portal import figuring, parts
from jiannuo.portal.answering import public
from jiannuo.portal.figuring import Asked, numbered, shared
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.queries import Directory

WORDS: Mapping[str, str] = {
    "assigned": "交办的", "answered": "已办复", "due": "已办复和已到期", "on_time": "按期办复", "late": "逾期办复",
    "missing": "逾期未办复", "running": "办理中", "waits": "已报办复、待核实", "moved": "期限改过", "met": "面商过",
    "rated": "有人评价", "satisfied": "评价满意", "a": "A已解决", "b": "B列入计划", "c": "C留作参考",
}  # fmt: skip
BADGES: Mapping[Standing, tuple[str, str]] = {
    Standing.KEPT: ("on_time", "按期办复"),
    Standing.KEPT_LATE: ("late", "逾期办复"),
    Standing.BROKEN: ("overdue", "逾期未办复"),
    Standing.RUNNING: ("open", "办理中"),
    Standing.DUE_SOON: ("due_soon", "将到期"),
    Standing.LIFTED: ("withheld", "依法免除"),
}
COLUMNS = (
    {"label": "标题"},
    {"label": "承办单位"},
    {"label": "交办", "nowrap": True},
    {"label": "答复期限", "nowrap": True},
    {"label": "面商", "nowrap": True},
    {"label": "办理"},
    {"label": "结果"},
)
ORGAN_COLUMNS = (
    {"label": "承办单位"},
    {"label": "交办", "number": True},
    {"label": "已办复", "number": True},
    {"label": "按期", "number": True},
    {"label": "逾期", "number": True},
    {"label": "未办复", "number": True},
    {"label": "按期办复率", "number": True},
    {"label": "面商率", "number": True},
    {"label": "A类", "number": True},
)


@public
def suggestions(request: HttpRequest) -> HttpResponseBase:
    directory = subjects.directory(clock.today())
    ask = figuring.asked(request, "suggestions", directory, COUNTS)
    own = _own(request)
    cards = released(
        figures.kinds(), on=directory.on, organ_ids=ask.organ_ids, first=ask.first, last=min(ask.last, directory.on)
    )
    found = figures.suggestions(
        organ_ids=ask.organ_ids, first=ask.first, last=ask.last, as_of=directory.on, given=cards
    )
    shown = replace(found, items=tuple(one for one in found.items if _wanted(one, own)))
    listed = [one for one in shown.items if not ask.count or COUNTS[ask.count](one)]
    page, pager = figuring.paged(listed, ask.at)
    by_entry = {card.id: card for card in cards}
    context: dict[str, Any] = {
        "trail": parts.trail(("数据", "portal:figures")),
        "tabs": figuring.tabs("suggestions"),
        "clocks": _clocks(),
        "stats": _stats(shown, ask, own),
        "counts": _counts(shown, ask, own),
        "organ_columns": ORGAN_COLUMNS,
        "organs": [_organ_row(one, ask, own, directory) for one in shown.by_organ()],
        "filters": figuring.filters(ask, directory, *_filters(own)),
        "keep": [("count", ask.count)] if ask.count else [],
        "chips": figuring.chips(ask, {**own, "kind": _short(own["kind"]), "count": WORDS.get(ask.count, "")}),
        "columns": COLUMNS,
        "rows": [_row(one, by_entry[one.entry_id], directory) for one in page],
        "total": len(listed),
        "pager": pager,
        "period": ask.period,
    }
    about = "人大代表建议、政协提案由谁承办、哪天答复、有没有面商、办成了没有，按单位和领域看。"
    return render(request, "portal/suggestions.html", parts.context("建议提案", about, **context))


def _own(request: HttpRequest) -> dict[str, str]:
    """The filters that this page alone has."""
    own = {name: request.GET.get(name, "").strip() for name in ("kind", "field", "result")}
    if own["kind"] and own["kind"] not in {kind.id for kind in figures.kinds()}:
        raise Refused("没有这一类", fix="请从页面的类别中选择", field="kind", code="kind")
    if own["result"] and own["result"] not in RESULTS.values():
        raise Refused("没有这种办理结果", fix="请从页面的选项中选择", field="result", code="result")
    return own


def _wanted(one: Suggestion, own: Mapping[str, str]) -> bool:
    return (
        own["kind"] in ("", one.kind)
        and own["field"] in ("", _main(one.field))
        and (not own["result"] or (one.is_answered and one.result == own["result"]))
    )


def _main(field: str) -> str:
    """A field without its particulars: 其他-具体类别."""
    return field.partition("-")[0]


def _short(kind: str) -> str:
    return policy.current().kinds[kind].short if kind else ""


def _fields() -> list[str]:
    found: dict[str, None] = {}
    for kind in figures.kinds():
        field = kind.by_id.get(kind.field_for("category"))
        found |= dict.fromkeys(kind.codes.get(field.codes, ()) if field and field.codes else ())
    return list(found)


def _filters(own: Mapping[str, str]) -> list[dict[str, object]]:
    kinds = [(kind.id, kind.short) for kind in figures.kinds()]
    return [
        {"name": "kind", "label": "类别", "value": own["kind"], "options": kinds},
        {"name": "field", "label": "领域", "value": own["field"], "options": figuring.options(_fields())},
        {"name": "result", "label": "办理结果", "value": own["result"], "options": figuring.options(RESULTS.values())},
    ]


def _clocks() -> list[dict[str, str]]:
    """By when each kind has to be answered, and how far that may be put off."""
    pack = policy.current()
    found = []
    for kind in figures.kinds():
        for name in kind.opens:
            duty = pack.duties[name]
            longest = pack.deadlines[duty.longest].values[-1].words if duty.longest else ""
            words = pack.deadlines[duty.deadline].values[-1].words
            more = f"，经交办单位同意并公开的最长{longest}" if longest else ""
            says = f"自交办之日起{words}答复{more}"
            found.append({"kind": kind.short, "says": says, "source": duty.source, "assumed": duty.assumed})
    return found


def _stats(found: SuggestionFigures, ask: Asked, own: Mapping[str, str]) -> list[dict[str, object]]:
    def lead(name: str) -> str:
        return ask.leading(found.leads_to(name), **own)

    timely = found.on_time
    return [
        figuring.share("办复率", found.answered, lead("answered")),
        figuring.share("按期办复率", timely, lead("on_time"), tone=parts.tone(timely.part, timely.whole)),
        figuring.share("面商率", found.met, lead("met")),
        figuring.share("满意率", found.satisfied, lead("satisfied")),
        figuring.share("解决率（A类）", found.solved, lead("a")),
    ]


def _counts(found: SuggestionFigures, ask: Asked, own: Mapping[str, str]) -> list[dict[str, object]]:
    names = ("assigned", "answered", "on_time", "late", "missing", "running", "waits", "moved", "a", "b", "c")
    return [
        {"label": WORDS[name], "count": found.counts[name], "current": ask.count == name,
         "url": ask.leading(found.leads_to(name), **own)}
        for name in names
        if found.counts[name] or name in ("assigned", "missing")
    ]  # fmt: skip


def _organ_row(one: SuggestionFigures, ask: Asked, own: Mapping[str, str], directory: Directory) -> parts.Row:
    card = directory.card(one.organ_id or 0)

    def number(name: str) -> object:
        return numbered(one.counts[name], ask.leading(one.leads_to(name) | {"organ": card.code}, **own))

    cells = (
        parts.Cell(card.short, parts.address("organ", card.code)),
        *map(number, ("assigned", "answered", "on_time", "late", "missing")),
        shared(one.on_time),
        shared(one.met),
        number("a"),
    )
    return parts.Row(cells, "overdue" if one.counts["missing"] else "")


def _row(one: Suggestion, card: EntryCard, directory: Directory) -> parts.Row:
    kind = policy.current().kinds[one.kind]
    shown = public_part(kind, card.body, ("title", "office"))
    organ = directory.card(one.organ_id).short
    cells: Sequence[object] = (
        parts.Cell(shown["title"] or card.number, parts.address("record", card.identity.hex()), f"{kind.short} {card.number} · {one.field}"),
        parts.Cell(organ, sub=shown["office"]),
        one.assigned_on,
        _due(one),
        one.met_on or "—",
        _standing(one),
        one.result or "—",
    )  # fmt: skip
    return parts.Row(tuple(cells), "overdue" if one.standing is Standing.BROKEN else "")


def _due(one: Suggestion) -> object:
    if one.due_on is None:
        return "—"
    moved = one.first_due_on if one.first_due_on != one.due_on else None
    day: object = "中止，期限另计" if one.due_on >= SUSPENDED_UNTIL else one.due_on
    return parts.Cell(day, sub=f"原定 {moved}" if moved else "")


def _standing(one: Suggestion) -> object:
    if one.standing is None:
        return "—"
    standing, label = BADGES[one.standing]
    if one.waits and one.standing is not Standing.BROKEN:
        standing, label = "provisional", "待核实"
    sub = f"{one.replied_on or one.kept_on} 答复" if one.kept_on else "已报办复，待核实" if one.waits else ""
    return parts.Cell(standing=standing, standing_label=label, sub=sub)
