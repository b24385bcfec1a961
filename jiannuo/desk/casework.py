"""案件: what is being handled, whose turn it is, by when; narrowed and paged."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from jiannuo.access.rules import Actor
from jiannuo.cases import queries as cases
from jiannuo.cases.actions import may_register
from jiannuo.cases.queries import CaseCard
from jiannuo.desk import asked
from jiannuo.desk.gate import DeskRequest, desk_view
from jiannuo.desk.sections import left, standing_of
from jiannuo.kernel import clock
from jiannuo.policy import pack as policy
from jiannuo.policy.flows import Flow
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.queries import Directory

TABS = {"mine": "我单位要办的", "open": "全部在办", "closed": "已办结"}
COLUMNS = (
    {"label": "案件"},
    {"label": "承办单位", "short": True},
    {"label": "期限", "nowrap": True},
    {"label": "状态"},
    {"label": "登记日期", "nowrap": True},
)


@desk_view("cases.read")
def cases_page(request: DeskRequest) -> HttpResponse:
    today, flows = clock.today(), policy.current().flows
    tab = request.GET.get("tab", "")
    tab = tab if tab in TABS else "mine"
    flow = request.GET.get("flow", "")
    flow = flow if flow in flows else ""
    state = request.GET.get("state", "")
    state = state if flow and state in flows[flow].states else ""
    found = cases.cases(
        request.actor, as_of=today, flow=flow, state=state, mine=tab == "mine", closed=tab == "closed",
        page=asked.number(request, "page", 1),
    )  # fmt: skip
    organs = subjects.directory(today)
    counts = cases.counts(request.actor, as_of=today)
    context = {
        "tabs": [{"label": label, "url": asked.link("desk:cases", tab=name), "current": name == tab} for name, label in TABS.items()],
        "rows": [_row(card, organs, today) for card in found.rows],
        "columns": COLUMNS,
        "page": asked.Page(found.page, found.total, found.pages),
        "filters": _filters(flows, flow, state, counts),
        "keep": [("tab", tab)],
        "chips": asked.chips(_words(flows, flow), request),
        "clear": asked.link("desk:cases", tab=tab),
        "opening": [{"label": one.title, "url": reverse("desk:case_open", args=[one.id])} for one in opened_by(request.actor)],
        "procedures": reverse("desk:procedures"),
    }  # fmt: skip
    return render(request, "desk/cases.html", context)


def opened_by(actor: Actor) -> list[Flow]:
    """The procedures the actor may open without coming from a record: those about a record are opened on its page."""
    flows = policy.current().flows.values()
    return [flow for flow in flows if flow.about != "record" and may_register(flow, actor=actor, on=clock.today())]


def due_cell(card: CaseCard, today: date) -> dict[str, Any]:
    """By when the next thing in it is due, and how long there still is."""
    due = card.next_due
    return {"text": due.due_on, "sub": left(due.due_on, today)} if due else {"text": "—"}


def state_badge(card: CaseCard, today: date) -> dict[str, Any]:
    """Where it stands, in the tone of how near its day is."""
    due = card.next_due
    standing = "unchanged" if card.closed_on else standing_of(due.due_on, today) if due else "open"
    return {"standing": standing, "standing_label": card.state.title}


def _row(card: CaseCard, organs: Directory, today: date) -> dict[str, Any]:
    title = {
        "text": card.title,
        "url": reverse("desk:case", args=[card.id]),
        "sub": f"{card.flow.short} · {card.number}",
    }
    badge = state_badge(card, today)
    cells = [title, organs.heir(card.handler_id).short, due_cell(card, today), badge, card.opened_on]
    return {"cells": cells, "state": "overdue" if badge["standing"] == "overdue" else ""}


def _filters(flows: Any, flow: str, state: str, counts: dict[tuple[str, str], int]) -> list[dict[str, Any]]:
    by_flow: dict[str, int] = {}
    for (name, _), count in counts.items():
        by_flow[name] = by_flow.get(name, 0) + count
    options = [(name, f"{one.short}（{by_flow.get(name, 0)}件在办）") for name, one in flows.items()]
    filters: list[dict[str, Any]] = [{"name": "flow", "label": "流程", "value": flow, "options": options}]
    if flow:
        states = [(name, one.title) for name, one in flows[flow].states.items()]
        filters.append({"name": "state", "label": "状态", "value": state, "options": states})
    return filters


def _words(flows: Any, flow: str) -> dict[str, dict[str, str]]:
    states = flows[flow].states if flow else {}
    return {
        "flow": {name: f"流程：{one.short}" for name, one in flows.items()},
        "state": {name: f"状态：{one.title}" for name, one in states.items()},
    }
