"""权责清单: an organ's lists of powers and duties, sent whole, and any two days of them compared."""

from collections import Counter
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from jiannuo.access import rules as access
from jiannuo.desk import asked
from jiannuo.desk.gate import DeskRequest, desk_view
from jiannuo.disclosure.queries import lists
from jiannuo.disclosure.queries.lists import Difference, PublicList
from jiannuo.kernel import clock
from jiannuo.policy import pack as policy
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.queries import Directory

SHOWN = 200
COLUMNS = (
    {"label": "事项"},
    {"label": "编码", "short": True},
    {"label": "类型", "short": True},
    {"label": "公布日期", "nowrap": True},
)


@desk_view("lists.read")
def lists_page(request: DeskRequest) -> HttpResponse:
    today = clock.today()
    organs = subjects.directory(today)
    kinds = [kind for kind in policy.current().kinds.values() if kind.whole]
    kind = request.GET.get("kind", "")
    kind = kind if kind in {one.id for one in kinds} else kinds[0].id
    organ_id = _organ(request, organs)
    found = lists.public_list(kind, organs.line(organ_id)) if organ_id else None
    options = asked.organ_options(organs, access.scope(request.actor, "lists.read"))
    context: dict[str, Any] = {
        "organ": organs.card(organ_id) if organ_id else None,
        "kind": policy.current().kinds[kind],
        "tabs": [
            {
                "label": one.short,
                "url": asked.link("desk:lists", kind=one.id, organ=organ_id),
                "current": one.id == kind,
            }
            for one in kinds
        ],
        "filters": [{"name": "organ", "label": "单位", "value": organ_id or "", "options": options}]
        if len(options) > 1
        else [],
        "keep": [("kind", kind)],
        "may_send": bool(organ_id) and access.may(request.actor, "intake.send", organ_id),
        "send": asked.link("desk:intake", kind=kind),
        "waiting": asked.link("desk:records", kind=kind, organ=organ_id, state="waiting"),
        "columns": COLUMNS,
    }
    if found is not None:
        context |= _versions(request, found, today)
    return render(request, "desk/lists.html", context)


def _organ(request: DeskRequest, organs: Directory) -> int | None:
    """The organ asked for, within reach; else the actor's own."""
    reach = access.scope(request.actor, "lists.read")
    wanted = asked.number(request, "organ")
    if wanted in organs.cards:
        access.demand(request.actor, "lists.read", wanted)
        return wanted
    own = request.actor.organ_id
    return own if own is not None and (reach is None or own in reach) else None


def _versions(request: DeskRequest, found: PublicList, today: date) -> dict[str, Any]:
    days = found.days
    current = found.on(today)
    items = list(current.values())
    context: dict[str, Any] = {
        "days": days,
        "count": len(items),
        "rows": [
            {"cells": [{"text": one.title, "sub": ""}, one.code, one.type, one.listed_on], "state": ""}
            for one in items[:SHOWN]
        ],
        "more": len(items) - SHOWN if len(items) > SHOWN else 0,
    }
    if len(days) > 1:
        after = asked.day(request, "after", days[0]) or days[0]
        before = asked.day(request, "before", days[1]) or days[1]
        context |= _compared(found, min(before, after), max(before, after))
        context["day_options"] = [(day.isoformat(), f"{day.year}年{day.month}月{day.day}日") for day in days]
    return context


def _compared(found: PublicList, before: date, after: date) -> dict[str, Any]:
    differences = found.between(before, after)
    counts = Counter(one.what for one in differences)
    changed = [_difference(one) for one in differences if one.what != "same"]
    return {
        "before": before,
        "after": after,
        "counts": {name: counts[name] for name in ("added", "removed", "changed", "same")},
        "items": changed[:SHOWN],
    }


def _difference(one: Difference) -> dict[str, Any]:
    return {"what": one.what, "code": one.item.code, "title": one.item.title, "depth": 0, "fields": list(one.changes)}
