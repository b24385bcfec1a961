"""Major decisions at the desk: opinions answered many at once, and everybody who took part, opened for a purpose."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

from jiannuo.access import rules as access
from jiannuo.access.rules import Actor
from jiannuo.cases import actions as cases
from jiannuo.cases import queries
from jiannuo.cases.actions import Given
from jiannuo.cases.queries import CaseCard
from jiannuo.cases.rules import Taker
from jiannuo.desk.fields import field_of, typed
from jiannuo.desk.forms import form_page
from jiannuo.desk.gate import DeskRequest, address_of, desk_view
from jiannuo.disclosure.queries import decisions
from jiannuo.disclosure.queries.decisions import Opinion, Participant
from jiannuo.kernel import clock
from jiannuo.kernel.refusals import Refused
from jiannuo.policy import pack as policy

STEP = "answer"
COLUMNS = (
    {"label": "哪一步"},
    {"label": "姓名"},
    {"label": "当时的职务"},
    {"label": "做什么", "short": True},
    {"label": "意见", "short": True},
    {"label": "日期", "nowrap": True},
)
PURPOSE = {"name": "purpose", "label": "查阅的目的", "hint": "例如：责任倒查。谁、何时、为什么看，都会记下来"}


@sensitive_post_parameters()
@desk_view("cases.handle")
def opinions_page(request: DeskRequest, case_id: int) -> HttpResponse:
    """The opinions without an answer; those that say the same are answered together."""
    refused: Refused | None = None
    kind = policy.current().kinds["opinion_answer"]
    if request.method == "POST":
        try:
            several = _answer(request, case_id)
        except Refused as no:
            if no.code == "forbidden":
                raise
            refused = no
        else:
            messages.success(request, f"已答复{several}条意见。")
            return redirect("desk:case_opinions", case_id)
    card, total, waiting = decisions.waiting(
        case_id, actor=request.actor, on=clock.today(), at=clock.now(), address=address_of(request)
    )
    errors = {refused.field: refused.message} if refused and refused.field else {}
    context = {
        "card": card,
        "total": total,
        "opinions": [_opinion(one, request) for one in waiting],
        "boxes": [field_of(kind, field, typed(kind, request.POST), errors, clock.today()) for field in kind.fields],
        "words": request.POST.get("words", ""),
        "words_error": errors.get("words", ""),
        "chosen_error": errors.get("opinions", ""),
        "refusal": refused,
        "token": request.POST.get("token") or uuid4().hex,
        "back": reverse("desk:case", args=[case_id]),
        "trail": _trail(card),
    }
    return render(request, "desk/opinions.html", context, status=422 if refused else 200)


def _answer(request: DeskRequest, case_id: int) -> int:
    """The same answer to every opinion that was ticked; how many those were."""
    kind, flow = policy.current().kinds["opinion_answer"], policy.current().flows[decisions.OPINION]
    ticked = [int(one) for one in request.POST.getlist("opinions") if one.isascii() and one.isdigit()]
    _, _, waiting = decisions.waiting(
        case_id, actor=request.actor, on=clock.today(), at=clock.now(), address=address_of(request)
    )
    known = {one.card.id for one in waiting}
    if not ticked or not known.issuperset(ticked):
        fix = "请刷新页面，看别人是不是已经答复了" if ticked else "请在要答复的意见前打勾；说的是一件事的，可以一并答复"
        raise Refused("没有选要答复的意见" if not ticked else "选的意见里有已经答复的", fix=fix, clause=flow.source, field="opinions", code="opinions")  # fmt: skip
    given = Given(request.POST.get("words", ""), fields=typed(kind, request.POST), token=request.POST.get("token", ""))
    cases.take_each(ticked, step=STEP, given=given, taker=Taker(request.actor), on=clock.today(), at=clock.now())
    return len(ticked)


def _opinion(one: Opinion, request: DeskRequest) -> dict[str, Any]:
    said = "；".join(f"{title}：{value}" for title, value in one.answers)
    return {
        "id": one.card.id,
        "number": one.card.number,
        "on": one.card.opened_on,
        "content": one.content,
        "said": said,
        "chosen": str(one.card.id) in request.POST.getlist("opinions"),
        "url": reverse("desk:case", args=[one.card.id]),
    }


@sensitive_post_parameters()
@desk_view(None)
def people_page(request: DeskRequest, case_id: int) -> HttpResponse:
    """Everybody who took part in a decision; first the purpose."""
    card = queries.case(case_id, as_of=clock.today())
    if card is None or card.flow.id != decisions.FLOW:
        raise Refused("没有这件决策", fix="请从案件列表进入", code="not_found")
    decisions.demand(card, request.actor, clock.today())
    refused: Refused | None = None
    if request.method == "POST":
        purpose = request.POST.get("purpose", "")
        try:
            found = decisions.people(
                case_id, actor=request.actor, purpose=purpose, on=clock.today(), at=clock.now(),
                address=address_of(request),
            )  # fmt: skip
        except Refused as no:
            refused = no
        else:
            context = {
                "card": card,
                "purpose": purpose,
                "columns": COLUMNS,
                "rows": [_participant(one, request.actor) for one in found],
                "trail": _trail(card),
            }
            return render(request, "desk/decision_people.html", context)
    words = {
        "title": "查阅参与决策的人",
        "button": "查阅",
        "lead": "每一步由谁经办、审查、表决，当时的职务和意见，终身可查。写明目的再看。",
    }
    about = f"{card.number}　{card.title}"
    return form_page(request, words=words, fields=[PURPOSE], refused=refused, trail=_trail(card), about=about)


def _participant(one: Participant, actor: Actor) -> dict[str, Any]:
    file = reverse("desk:official", args=[one.code]) if access.may(actor, "files.official") else ""
    name = {"text": one.name or one.code, "url": file, "sub": one.code}
    opinion = {"text": one.opinion, "sub": one.said}
    return {"cells": [one.gate, name, one.post, one.part, opinion, one.on], "state": ""}


def links(card: CaseCard, actor: Actor) -> list[dict[str, str]]:
    """Where the case page of a decision leads besides its steps."""
    if card.flow.id != decisions.FLOW:
        return []
    found = []
    today = clock.today()
    if not card.closed_on and access.may(actor, "cases.handle"):
        found.append(("答复意见", "desk:case_opinions"))
    try:
        decisions.demand(card, actor, today)
    except Refused:
        pass
    else:
        found.append(("谁参与了", "desk:case_people"))
    return [{"label": label, "url": reverse(name, args=[card.id]), "kind": "secondary"} for label, name in found]


def _trail(card: CaseCard) -> list[tuple[str, str]]:
    return [("案件", reverse("desk:cases")), (card.number, reverse("desk:case", args=[card.id]))]
