"""One case as staff sees it: where it stands, what was done and said, by when, what may be done now; and the procedure as a picture."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from jiannuo.access.rules import may
from jiannuo.cases import actions as cases
from jiannuo.cases import rules
from jiannuo.cases.actions import Reading
from jiannuo.cases.queries import CaseCard, StepCard
from jiannuo.desk import applications, checking, decisions
from jiannuo.desk.casework import state_badge
from jiannuo.desk.evidence import PICTURES, TYPES
from jiannuo.desk.gate import DeskRequest, address_of, desk_view
from jiannuo.desk.people import called
from jiannuo.desk.procedures import picture
from jiannuo.desk.record import DUTY_BADGES
from jiannuo.desk.sections import left
from jiannuo.desk.sending import download
from jiannuo.desk.wording import badge_of
from jiannuo.duties.queries.claims import interest_of, sum_of
from jiannuo.duties.queries.promises import PromiseCard
from jiannuo.kernel import clock
from jiannuo.policy import pack as policy
from jiannuo.policy.flows import BY
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.queries import Directory

SEALED: Mapping[str, str] = {
    "never": "每次打开都会记下来。不要把反映的情况告诉被反映的人或者单位。",
    "told": "每次打开都会记下来。要告诉当事人或者单位的，在会告知它的步骤里写；封存的内容不要转告。",
    "whole": "每次打开都会记下来。除了当事人和承办的单位，不要告诉别人。",
}
"""What whoever reads a case that is not public is warned of, by what the one it is about may see."""
SEALED_APPLICATION = "每次打开都会记下来。申请人是谁、交了什么，只用来办这件事。"
WHO: Mapping[str, str] = {rules.TICK: "系统按期限办理", rules.RECEIPT: "提出人"}
"""Authors that are no account, in words."""

MOST_PARTS = 20
"""How many of the cases that a case opened its page lists."""


def reading_of(request: DeskRequest, case_id: int) -> Reading:
    """The case, where the actor may read it."""
    found = cases.read(case_id, actor=request.actor, on=clock.today(), at=clock.now(), address=address_of(request))
    if found is None:
        raise Http404
    return found


@desk_view(None)
def case_page(request: DeskRequest, case_id: int) -> HttpResponse:
    found = reading_of(request, case_id)
    card, today, organs = found.card, clock.today(), subjects.directory(clock.today())
    context = applications.beside(found) | {
        "found": found,
        "title": card.title,
        "kicker": f"{card.flow.title} · {card.number}",
        "badge": state_badge(card, today),
        "facts": facts(card, organs),
        "fields": opening_fields(found),
        "duties": [_duty(one, today) for one in card.duties] if found.whole else [],
        "events": _events(found, organs),
        "criteria": checking.criteria(found),
        "checklist": checking.table(found),
        "owed": found.owed,
        "promised": [_promised(one, today) for one in found.promised],
        "parts": [_part(one, organs) for one in found.parts[:MOST_PARTS]],
        "more_parts": max(0, len(found.parts) - MOST_PARTS),
        "buttons": _buttons(found) + _reporter(found, request) + decisions.links(card, request.actor),
        "waits_for": waits_for(found, organs),
        "picture": picture(card.flow, here=card.state.id),
        "procedure": reverse("desk:procedure", args=[card.flow.id]),
        "sealed": _sealed(card),
        "trail": [way_here(request)],
    }
    return render(request, "desk/case.html", context)


def _sealed(card: CaseCard) -> str:
    if card.opening.visibility != "restricted":
        return ""
    return SEALED_APPLICATION if card.flow.about == "item" else SEALED[card.flow.sees]


def way_here(request: DeskRequest) -> tuple[str, str]:
    """The list a reader came from: an official without a part in handling cases has only their own."""
    if may(request.actor, "cases.read"):
        return "案件", reverse("desk:cases")
    return "与我有关的案件", reverse("desk:my_cases")


@desk_view(None)
def paper_file(request: DeskRequest, case_id: int, entry_id: int, place: int) -> HttpResponse:
    """A file that came with a step; whoever opens it is written down."""
    paper = cases.read_paper(
        case_id, step_entry=entry_id, place=place, actor=request.actor, on=clock.today(), at=clock.now(),
        address=address_of(request),
    )  # fmt: skip
    if paper is None:
        raise Http404
    response = download(paper.data, paper.name, TYPES.get(paper.type, "application/octet-stream"))
    if paper.type in PICTURES:
        response.headers["Content-Disposition"] = "inline"
    return response


def facts(card: CaseCard, organs: Directory) -> list[dict[str, Any]]:
    """Who has it, whom it is about, since when it stands where it stands."""
    rows: list[tuple[str, object]] = [("承办单位", organs.heir(card.handler_id).short)]
    if card.subject_id:
        rows.append(("针对", organs.heir(card.subject_id).short))
    if card.opener_id:
        rows.append(("提出单位", organs.heir(card.opener_id).short))
    rows += [("登记日期", card.opened_on), ("进入这一状态", card.entered_on)]
    if card.closed_on:
        rows.append(("办结日期", card.closed_on))
    return [{"label": label, "value": value} for label, value in rows]


def opening_fields(found: Reading) -> list[dict[str, Any]]:
    """What was said when it was opened, field by field."""
    kind, day = found.card.kind, found.card.opened_on
    return [
        {"label": one.title, "value": kind.label(one.codes, found.opening[one.id], day), "wide": one.length > 255}
        for one in kind.fields
        if found.opening.get(one.id)
    ]


def waits_for(found: Reading, organs: Directory) -> str:
    """Whose turn it is: who owes what is due next, else those whom the table lets lead it on."""
    card = found.card
    if card.closed_on:
        return ""
    if mine := [step.title for step in found.open_steps if step.to and step.by in ("subject", "opener")]:
        return f"您：{'、'.join(mine)}"
    if card.next_due:
        return organs.heir(card.handler_id).short
    whose = [BY[step.turn] for step in card.flow.out_of(card.state.id) if step.to and step.turn != "clock"]
    return "、".join(dict.fromkeys(whose))


def _duty(one: Any, today: Any) -> dict[str, Any]:
    words = left(one.due_on, today) if one.is_open else ""
    return {"card": one, "standing": DUTY_BADGES[one.standing], "left": words}


def _events(found: Reading, organs: Directory) -> list[dict[str, Any]]:
    names = {**called(step.entry.author for step, _ in found.done if step.entry.author not in WHO), **WHO}
    return [_event(found.card.id, step, words, organs, names) for step, words in reversed(found.done)]


def _event(case_id: int, step: StepCard, words: str, organs: Directory, who: Mapping[str, str]) -> dict[str, Any]:
    names: list[str] = list(step.entry.body.get("files") or [])
    papers = [
        {"name": name, "url": reverse("desk:case_paper", args=[case_id, step.entry.id, place])}
        for place, name in enumerate(names)
    ]
    record = step.entry.body.get("record")
    return {
        "on": step.entry.seen_at,
        "title": step.title,
        "to": step.state.title,
        "who": who[step.entry.author],
        "handler": organs.heir(step.entry.organ_id).short,
        "words": words,
        "answers": bool(step.step and step.step.answers),
        "papers": papers,
        "record": reverse("desk:record", args=[int(record)]) if record and _is_open(step) else "",
    }


def _is_open(step: StepCard) -> bool:
    asks = step.step.asks if step.step else ""
    return bool(asks) and policy.current().kinds[asks].visibility != "restricted"


def _promised(one: PromiseCard, today: Any) -> dict[str, Any]:
    """A part of an agreement: by when, how much, how it stands, and what it owes in interest."""
    late = interest_of(one, on=today)
    return {
        "title": one.title,
        "url": reverse("desk:promise", args=[one.duty.id]),
        "sum": sum_of(one),
        "due_on": one.duty.due_on,
        "badge": badge_of(one),
        "late": late.words if late and late.days else "",
    }


def _part(card: CaseCard, organs: Directory) -> dict[str, Any]:
    return {
        "title": card.flow.short,
        "number": card.number,
        "url": reverse("desk:case", args=[card.id]),
        "handler": organs.heir(card.handler_id).short,
        "state": card.state.title,
    }


def _reporter(found: Reading, request: DeskRequest) -> list[dict[str, str]]:
    """Where who handles the case is told who opened it, or how to ask."""
    handles = request.actor.organ_id in found.matter.answering["handler"] and may(request.actor, "cases.handle")
    if not (found.card.flow.apart and found.whole and handles) or rules.is_own(found.matter, request.actor):
        return []
    return [{"label": "提出人是谁", "url": reverse("desk:case_reporter", args=[found.card.id]), "kind": "secondary"}]


def _buttons(found: Reading) -> list[dict[str, str]]:
    return [
        {
            "label": step.title,
            "url": reverse("desk:case_step", args=[found.card.id, step.id]),
            "kind": "primary" if step.to and number == 0 else "secondary",
        }
        for number, step in enumerate(found.open_steps)
    ]
