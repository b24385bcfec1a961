"""Notices that are printed for who applied: 受理通知书, 补正告知书 and whatever else the table of a procedure names."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from jiannuo.cases.actions import Reading, gathering, keeping
from jiannuo.cases.queries import CaseCard, StepCard
from jiannuo.desk.applications import paper_shown
from jiannuo.desk.case import reading_of
from jiannuo.desk.gate import DeskRequest, desk_view
from jiannuo.kernel import clock
from jiannuo.subjects import queries as subjects


@desk_view(None)
def notice_page(request: DeskRequest, case_id: int, entry_id: int) -> HttpResponse:
    """One notice as it is printed for who applied: number, day, what was told, the papers, the days."""
    found = reading_of(request, case_id)
    step = next(((one, words) for one, words in found.done if one.entry.id == entry_id), None)
    if step is None or step[0].step is None or not step[0].step.filling.notice:
        raise Http404
    return render(request, "desk/notice.html", _notice(found, step[0], step[1], step[0].step.filling.notice))


def _notice(found: Reading, step: StepCard, words: str, title: str) -> dict[str, Any]:
    card, organs = found.card, subjects.directory(clock.today())
    upto = [one for one, _ in found.done if one.entry.id <= step.entry.id]
    return {
        "title": title,
        "card": card,
        "said": _said(card, found.opening),
        "on": step.entry.happened_on,
        "organ": organs.card(step.entry.organ_id).name,
        "words": words,
        "papers": [paper_shown(one) for one in gathering.papers_of(card, done=upto, on=step.entry.happened_on)],
        "promised": keeping.promised(card, done=upto),
        "backing": card.flow.backing,
        "trail": [("案件", reverse("desk:cases")), (card.number, reverse("desk:case", args=[card.id]))],
    }


def _said(card: CaseCard, opening: Mapping[str, str]) -> list[dict[str, str]]:
    """Who applied for what, on which channel; nothing that a notice need not say."""
    kind = card.kind
    names = [kind.field_for(role) for role in ("title", "about_name", "channel")]
    return [{"label": kind.by_id[name].title, "value": opening.get(name, "")} for name in names if name]
