"""办事流程: each procedure drawn from its table, with its steps as a list; the help that cannot differ from what the desk does."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe

from jiannuo.desk.gate import DeskRequest, desk_view
from jiannuo.documents.diagrams import Arrow, Node, diagram
from jiannuo.kernel import clock
from jiannuo.policy import pack as policy
from jiannuo.policy.flows import BY, HANDS_TO, NEEDS, RIGHTS, Flow, Step


@desk_view("cases.read")
def procedures_page(request: DeskRequest) -> HttpResponse:
    flows = policy.current().flows.values()
    rows = [
        {
            "cells": [
                {"text": flow.title, "url": reverse("desk:procedure", args=[flow.id])},
                f"{len(flow.states)}个状态，{len(flow.steps)}步",
                flow.backing,
            ]
        }
        for flow in flows
    ]
    columns = ({"label": "流程"}, {"label": "大小", "short": True}, {"label": "依据"})
    trail = [("案件", reverse("desk:cases"))]
    return render(request, "desk/procedures.html", {"rows": rows, "columns": columns, "trail": trail})


@desk_view("cases.read")
def procedure_page(request: DeskRequest, flow: str) -> HttpResponse:
    found = policy.current().flows.get(flow)
    if found is None:
        raise Http404
    context = {
        "flow": found,
        "picture": picture(found),
        "rows": [{"cells": _cells(number, found, step)} for number, step in enumerate(found.steps, 1)],
        "columns": (
            {"label": "步骤"}, {"label": "什么时候"}, {"label": "谁办"}, {"label": "要什么"}, {"label": "时限"}, {"label": "办完以后"},
        ),
        "trail": [("案件", reverse("desk:cases")), ("办事流程", reverse("desk:procedures"))],
    }  # fmt: skip
    return render(request, "desk/procedure.html", context)


def picture(flow: Flow, *, here: str = "") -> str:
    """The procedure as a picture, with the state a case stands in marked; its steps carry the numbers of the list."""
    nodes = [Node(name, state.title, state.final, name == here) for name, state in flow.states.items()]
    arrows = [
        Arrow(start, step.leads_to(start), str(number))
        for number, step in enumerate(flow.steps, 1)
        for start in flow.states
        if start in step.start
    ]
    # Every text in it was escaped where the picture was made.
    return mark_safe(diagram(nodes, arrows, title=f"{flow.title}的流程图"))


def _cells(number: int, flow: Flow, step: Step) -> list[Any]:
    pack, today = policy.current(), clock.today()
    states = "、".join(state.title for name, state in flow.states.items() if name in step.start)
    if step.filling.where:
        states += f"（只用于{'、'.join(value for values in step.filling.where.values() for value in sorted(values))}）"
    limits = [f"开始“{pack.duties[kind].what}”：{_limit(pack.duties[kind].deadline, today)}" for kind in step.starts]
    if step.after:
        limits.append(f"等{_limit(step.after, today)}")
    needs = [NEEDS[one] for one in step.needs] + ([f"填写{pack.kinds[step.asks].title}"] if step.asks else [])
    after = flow.states[step.to].title if step.to else "状态不变"
    hands = f"，交给{HANDS_TO[step.hands_to]}" if step.hands_to else ""
    if step.opens:
        hands += f"，办出{pack.flows[step.opens].short}"
    if step.joins:
        needs.append("由它办出来的、协议里约定的都办结了")
    who = BY[step.by] + (f"（{RIGHTS[step.right]}）" if step.by not in ("opener", "subject", "clock") else "")
    two = f"，不能与“{'、'.join(flow.called(one) for one in step.not_by)}”是同一人" if step.not_by else ""
    return [
        f"{number}. {step.title}",
        states,
        who + two,
        "、".join(needs) or "—",
        "；".join(limits) or "—",
        after + hands,
    ]


def _limit(deadline: str, today: Any) -> str:
    pack = policy.current()
    return pack.rule(deadline, on=today).value.words
