"""What whoever a record is about may ask for against it, an objection or its repair, and from which day on."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from msgspec import Struct

from jiannuo.access.rules import Actor
from jiannuo.cases import queries as cases
from jiannuo.cases.queries import CaseCard
from jiannuo.desk import asked
from jiannuo.desk.casework import due_cell, state_badge
from jiannuo.desk.gate import DeskRequest, desk_view
from jiannuo.disclosure.queries import marks
from jiannuo.disclosure.queries.files import no_official
from jiannuo.disclosure.queries.marks import Mark
from jiannuo.kernel import clock
from jiannuo.ledger import queries as ledger
from jiannuo.ledger.queries import EntryCard
from jiannuo.policy import pack as policy
from jiannuo.policy.flows import Flow
from jiannuo.subjects.rules import official_key

CASE_COLUMNS = ({"label": "案件"}, {"label": "期限", "nowrap": True}, {"label": "状态"}, {"label": "登记日期", "nowrap": True})  # fmt: skip


class Remedy(Struct, frozen=True):
    """A procedure that may be opened against a record, now or from a day on."""

    flow: Flow
    url: str
    since: date | None
    """The first day on which it may be asked for, where that is still to come."""


def remedies(card: EntryCard, on: date) -> list[Remedy]:
    """What the organ or official that a record is about may open against it; repair with its first day, where it has one."""
    terms = policy.current().terms(card.kind, card.body, decided_on=card.happened_on)
    first = terms.first_on if terms else None
    return [
        Remedy(
            flow,
            asked.link("desk:case_open", flow.id, record=card.id),
            first if flow.repairable and first and first > on else None,
        )
        for flow in policy.current().flows.values()
        if card.kind in flow.records and "subject" in flow.opened_by and (first or not flow.repairable)
    ]


@desk_view(None)
def my_cases_page(request: DeskRequest) -> HttpResponse:
    """What concerns the official whose account it is: the cases they are told of, and what they may ask for against a record."""
    if not request.actor.official:
        raise no_official()
    today = clock.today()
    context = {
        "tabs": own_tabs("desk:my_cases"),
        "cases": {"columns": CASE_COLUMNS, "rows": own_cases(request.actor, today)},
        "records": own_records(request.actor, today),
    }
    return render(request, "desk/my_cases.html", context)


def own_tabs(here: str) -> list[dict[str, Any]]:
    """The two pages an official has of their own."""
    pages = {"desk:my_file": "档案", "desk:my_cases": "与我有关的案件"}
    return [{"label": label, "url": reverse(name), "current": name == here} for name, label in pages.items()]


def own_records(actor: Actor, on: date) -> dict[str, Any]:
    """A table of the records about the official whose account it is, each with what may be opened against it; newest first."""
    flows = [flow for flow in policy.current().flows.values() if flow.about == "record" and "subject" in flow.opened_by]
    kinds = sorted({kind for flow in flows for kind in flow.records})
    found = ledger.cards(
        ledger.newest(kinds).filter(about=official_key(actor.official)).order_by("-happened_on", "-pk")
    )
    marked = marks.of_records(found)
    columns = [{"label": "记录"}, {"label": "认定日期", "nowrap": True}, {"label": "情况"}]
    return {
        "columns": [*columns, *({"label": flow.title} for flow in flows)],
        "rows": [_record(one, marked.get(one.identity, marks.NONE), flows, on) for one in found],
    }


def own_cases(actor: Actor, on: date) -> list[dict[str, Any]]:
    """The cases about the official whose account it is that they were told of, and those they opened, newest first."""
    return [_case(one, on) for one in cases.of_officials(actor.official, as_of=on) if _seen(one, actor)]


def _seen(card: CaseCard, actor: Actor) -> bool:
    if card.opener_official == actor.official:
        return True
    return card.flow.sees == "whole" or (card.flow.sees == "told" and card.told)


def _case(card: CaseCard, on: date) -> dict[str, Any]:
    title = {
        "text": card.title,
        "url": reverse("desk:case", args=[card.id]),
        "sub": f"{card.flow.short} · {card.number}",
    }
    return {"cells": [title, due_cell(card, on), state_badge(card, on), card.opened_on], "state": ""}


def _record(card: EntryCard, mark: Mark, flows: Sequence[Flow], on: date) -> dict[str, Any]:
    kind = policy.current().kinds[card.kind]
    title = {"text": str(card.body.get(kind.field_for("title")) or kind.short), "sub": card.number}
    offered = {} if mark.gone else {one.flow.id: one for one in remedies(card, on)}
    cells = [_remedy(offered.get(flow.id)) for flow in flows]
    return {"cells": [title, card.happened_on, _standing(mark), *cells], "state": "withdrawn" if mark.gone else ""}


def _standing(mark: Mark) -> dict[str, str]:
    if mark.disputed_on:
        return {"standing": "disputed", "standing_label": f"有异议，{mark.disputed_on}提出"}
    if mark.gone:
        words = f"{mark.repaired_on} 已修复" if mark.repaired_on else "已撤下"
        return {"standing": "withdrawn", "standing_label": words}
    return {"standing": "open", "standing_label": "计入档案"}


def _remedy(one: Remedy | None) -> dict[str, str] | str:
    if one is None:
        return "—"
    if one.since:
        return f"{one.since}起可以提出"
    return {"text": f"提出{one.flow.title}", "url": one.url}
