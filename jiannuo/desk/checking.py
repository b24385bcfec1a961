"""The checklist of a case on a phone: each item one thumb's choice, what is wrong said and photographed; and its answers afterwards."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from jiannuo.assessment.queries.criteria import standing
from jiannuo.assessment.rules.criteria import WORDS
from jiannuo.cases import actions as cases
from jiannuo.cases.actions import Answer, AnswerCard, Reading
from jiannuo.cases.rules import ANSWERED_WRONG
from jiannuo.duties.actions import Upload
from jiannuo.kernel import clock
from jiannuo.policy import pack as policy
from jiannuo.policy.checklists import Question
from jiannuo.policy.flow_parts import Checklist
from jiannuo.policy.flows import Flow, Step

STANDS: Mapping[str, str] = {"yes": "on_time", "no": "overdue", "ask": "open"}
"""How near a criterion is to being met, in the tone of a badge."""
PICTURES = ".jpg,.jpeg,.png,image/jpeg,image/png"


def questions(checklist: Checklist) -> Mapping[str, Question]:
    """The items of a list, by code."""
    return policy.current().checklists[checklist.items]


def given(request: HttpRequest, flow: Flow, step: Step) -> list[Answer]:
    """What was answered on the form; an item left alone is no answer."""
    if flow.checklist is None or "answers" not in step.needs:
        return []
    return [
        Answer(
            item,
            request.POST[f"result_{item}"],
            request.POST.get(f"words_{item}", ""),
            [Upload(file.name or "", file.read()) for file in request.FILES.getlist(f"photo_{item}")],
        )
        for item in questions(flow.checklist)
        if request.POST.get(f"result_{item}")
    ]


def form(request: HttpRequest, found: Reading, step: Step, errors: Mapping[str, str]) -> dict[str, Any] | None:
    """The items as a form, those not answered yet first; nothing where the step takes no answers."""
    checklist = found.card.flow.checklist
    if checklist is None or "answers" not in step.needs:
        return None
    asked, had = questions(checklist), cases.answers(one for one, _ in found.done)
    kind = policy.current().kinds[checklist.kind]
    results = kind.codes_on(kind.by_id["result"].codes, clock.today())
    boxes = [_box(request, one, had.get(one.code), results, errors.get(one.code, "")) for one in asked.values()]
    return {
        "boxes": sorted(boxes, key=lambda box: bool(box["had"])),
        "wrong": ANSWERED_WRONG,
        "pictures": PICTURES,
        "error": errors.get("answers", ""),
        "words": f"共{len(asked)}项，已答{len(had)}项，还有{len(asked) - len(had)}项",
    }


def table(found: Reading) -> dict[str, Any] | None:
    """What was answered, item by item, for the page of the case; nothing where it has no checklist."""
    checklist = found.card.flow.checklist
    if checklist is None or not found.whole:
        return None
    asked, had = questions(checklist), cases.answers(one for one, _ in found.done)
    rows = [_row(found.card.id, one, had[code]) for code, one in asked.items() if code in had]
    return {"rows": rows, "missing": [code for code in asked if code not in had]}


def criteria(found: Reading) -> list[dict[str, str]]:
    """How whom the case is about stands by the criteria: today, while a step that needs them may still be taken; then as that step
    kept it.
    """
    needing = [step for step in found.card.flow.out_of(found.card.state.id) if "criteria" in step.needs]
    kept = [str(line) for one, _ in found.done for line in one.entry.body.get("criteria") or ()]
    if needing and found.card.subject_id:
        kept = [one.line for one in standing(found.card.subject_id, on=clock.today())]
    return [_criterion(*line.split("|", 2)) for line in kept]


def _criterion(_name: str, word: str, said: str) -> dict[str, str]:
    title, _, fact = said.partition("：")
    return {"title": title, "fact": fact, "words": WORDS[word], "standing": STANDS[word]}


def _box(
    request: HttpRequest, one: Question, had: AnswerCard | None, results: tuple[str, ...], error: str
) -> dict[str, Any]:
    chosen = request.POST.get(f"result_{one.code}", "")
    return {
        "asked": one,
        "had": had.result if had else "",
        "error": error,
        "words": request.POST.get(f"words_{one.code}", ""),
        "choices": [{"value": value, "checked": value == chosen} for value in results],
    }


def _row(case_id: int, one: Question, had: AnswerCard) -> dict[str, Any]:
    return {
        "asked": one,
        "result": had.result,
        "standing": {"合格": "on_time", ANSWERED_WRONG: "overdue"}.get(had.result, "unchanged"),
        "words": had.words,
        "on": had.step.entry.happened_on,
        "photos": [reverse("desk:case_paper", args=[case_id, had.step.entry.id, place]) for place in had.photos],
    }
