"""An organ's list of powers or duties: as it stands, its versions, and any two days beside each other."""

from collections import Counter
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from jiannuo.disclosure.queries import lists
from jiannuo.disclosure.queries.lists import Difference, Item, PublicList
from jiannuo.kernel import clock
from jiannuo.kernel.days import parse_day
from jiannuo.kernel.refusals import Refused
from jiannuo.policy import pack as policy
from jiannuo.portal import parts
from jiannuo.portal.answering import nothing_here, public
from jiannuo.subjects import queries as subjects

COLUMNS = (
    {"label": "事项"},
    {"label": "类型", "nowrap": True},
    {"label": "依据"},
    {"label": "承办机构"},
    {"label": "公布日期", "nowrap": True},
)
LONG = 80
MOST_SHOWN = 1000


@public
def organ_list(request: HttpRequest, code: str, kind: str) -> HttpResponseBase:
    today = clock.today()
    directory = subjects.directory(today)
    card = directory.find(code)
    found = lists.public_list(kind, directory.line(card.id)) if card else None
    if card is None or found is None:
        raise nothing_here("没有这份清单", fix="请从“单位”页进入，选择权力清单或者责任清单")
    after = _day(request, "after", today) or today
    before = _day(request, "before", today)
    days = found.days
    context: dict[str, Any] = {
        "trail": [*parts.trail(("单位", "portal:organs")), (card.short, parts.address("organ", card.code))],
        "organ": card,
        "list": found.kind,
        "days": days,
        "filters": _filters(days, before, after),
        "tabs": _tabs(card.code, kind),
        "after": after,
        "before": before,
        "past_text": f"{after:%Y年%-m月%-d日}结束时的清单。" if after != today else "",
        "here": parts.address("list", card.code, kind),
        "versions": _versions(found, card.code),
    }
    context |= _compared(found, before, after) if before else _whole(found, after)
    title = f"{card.short}{found.kind.title}"
    return render(
        request, "portal/list.html", parts.context(title, f"{card.name}的{found.kind.title}和历次调整。", **context)
    )


def _day(request: HttpRequest, name: str, today: date) -> date | None:
    text = request.GET.get(name, "").strip()
    if not text:
        return None
    day = parse_day(text)
    if day is None or day > today:
        raise Refused(f"“{text}”不是今天或者以前的日期", fix="请写成 2026-09-03 这样", field=name)
    return day


def _tabs(code: str, current: str) -> list[dict[str, object]]:
    kinds = [kind for kind in policy.current().kinds.values() if kind.whole and kind.visibility == "public"]
    return [
        {"label": kind.title, "url": parts.address("list", code, kind.id), "current": kind.id == current}
        for kind in kinds
    ]


def _filters(days: tuple[date, ...], before: date | None, after: date) -> list[dict[str, object]]:
    return [
        {
            "name": "before",
            "label": "从这一天（比较用）",
            "kind": "date",
            "value": before.isoformat() if before else "",
        },
        {"name": "after", "label": "看哪一天的清单", "kind": "date", "value": after.isoformat() if days else ""},
    ]


def _versions(found: PublicList, code: str) -> list[dict[str, object]]:
    """Each day on which the list changed, with what changed on it, newest first."""
    days = found.days
    events: list[dict[str, object]] = []
    for at, day in enumerate(days):
        before = days[at + 1] if at + 1 < len(days) else None
        if before is None:
            words = f"首次公布，{len(found.on(day))} 项"
            url = parts.address("list", code, found.kind.id, after=day)
        else:
            words = _words(found.between(before, day))
            url = parts.address("list", code, found.kind.id, before=before, after=day)
        events.append({"on": day, "title": words, "url": url, "current": at == 0})
    return events


def _words(differences: list[Difference]) -> str:
    counts = Counter(one.what for one in differences)
    names = {"added": "新增", "removed": "取消", "changed": "变更"}
    found = "，".join(f"{name} {counts[what]} 项" for what, name in names.items() if counts[what])
    return found or "没有变动"


def _whole(found: PublicList, day: date) -> dict[str, Any]:
    items = list(found.on(day).values())
    return {
        "total": len(items),
        "columns": COLUMNS,
        "rows": [_row(item) for item in items[:MOST_SHOWN]],
        "kinds": Counter(item.type for item in items).most_common(),
    }


def _row(item: Item) -> parts.Row:
    shown = {each.field: each.shown for each in item.fields}
    basis = shown.get("basis", "")
    name = parts.Cell(item.title, parts.address("record", item.identity), item.code)
    cut = f"{basis[:LONG]}…" if len(basis) > LONG else basis
    return parts.Row((name, item.type, cut, shown.get("undertaker", "") or "—", item.listed_on))


def _compared(found: PublicList, before: date, after: date) -> dict[str, Any]:
    if before > after:
        before, after = after, before
    differences = found.between(before, after)
    counts = Counter(one.what for one in differences)
    return {
        "compared": True,
        "before_name": f"{before:%Y年%-m月%-d日}",
        "after_name": f"{after:%Y年%-m月%-d日}",
        "counts": {what: counts[what] for what in ("added", "removed", "changed", "same")},
        "items": [_compared_item(one) for one in differences if one.what != "same"],
    }


def _compared_item(one: Difference) -> dict[str, object]:
    return {"what": one.what, "code": one.item.code, "title": one.item.title, "depth": 0, "fields": one.changes}
