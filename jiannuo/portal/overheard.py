"""政务舆情回应: what was said of government, and what the organ concerned answered, once it was released; nothing before."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from jiannuo.cases import queries as cases
from jiannuo.cases.queries import CaseCard, StepCard
from jiannuo.kernel import clock
from jiannuo.portal import figuring, parts
from jiannuo.portal.answering import number, public
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.queries import Directory

OPINION = "opinion"


@public
def opinion(request: HttpRequest) -> HttpResponseBase:
    directory = subjects.directory(clock.today())
    cards = cases.of_flows([OPINION], as_of=directory.on)
    told = cases.steps_of(cards)
    answered = [(card, said) for card in cards if (said := _answers(told[card.id]))]
    page, pager = figuring.paged(answered, number(request.GET, "page", 1))
    context: dict[str, Any] = {
        "trail": parts.trail(),
        "answers": [_answer(card, said, directory) for card, said in page],
        "total": len(answered),
        "pager": pager,
    }
    about = "社会关注的政务舆情，涉及的单位查明了什么、怎样处置、怎样回应。"
    return render(request, "portal/opinion.html", parts.context("政务舆情回应", about, **context))


def _answers(done: Sequence[StepCard]) -> list[StepCard]:
    return [one for one in done if one.step and one.step.public and one.entry.reason]


def _answer(card: CaseCard, said: Sequence[StepCard], directory: Directory) -> dict[str, object]:
    organ = directory.heir(card.subject_id or card.handler_id)
    late = any(
        one.kept_on and one.kept_on > one.due_on
        for one in card.duties
        if one.kind in ("respond_to_opinion", "hold_press_conference")
    )
    return {
        "title": card.title,
        "number": card.number,
        "organ": organ.short,
        "organ_url": parts.address("organ", organ.code),
        "opened_on": card.opened_on,
        "late": late,
        "said": [{"on": one.entry.happened_on, "words": one.entry.reason} for one in said],
    }
