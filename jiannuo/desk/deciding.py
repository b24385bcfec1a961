"""The reviewer's answer to one record or many: what will happen is shown before it does."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from msgspec import Struct

from jiannuo.access import rules as access
from jiannuo.desk import asked
from jiannuo.desk.gate import DeskRequest, desk_view
from jiannuo.desk.record import kind_title
from jiannuo.desk.reviewing import OUTCOMES, TONES
from jiannuo.desk.working import carry_over
from jiannuo.disclosure import actions as disclosure
from jiannuo.disclosure import rules
from jiannuo.disclosure.actions import Done
from jiannuo.disclosure.queries import review
from jiannuo.disclosure.queries.review import Judged
from jiannuo.disclosure.rules import Finding
from jiannuo.kernel import clock
from jiannuo.kernel.refusals import Refused
from jiannuo.policy import pack as policy

ACTS = {"release": "公示", "return": "退回修改", "withhold": "不予公示"}
OPEN_UP_TO = 3


class Question(Struct, frozen=True):
    """What the rules ask the reviewer about some of the records."""

    finding: Finding
    records: int
    confirmed: bool


@desk_view("release.decide")
def decide_page(request: DeskRequest) -> HttpResponse:
    asked_of = request.POST if request.method == "POST" else request.GET
    numbers = asked.numbers(asked_of.getlist("entry"))
    if not numbers:
        raise Refused("没有选记录", fix="请在审核列表里勾选要办的记录", code="nothing")
    found = review.judged(numbers, on=clock.today())
    for one in found.values():
        access.demand(request.actor, "release.decide", one.reviewer)
    act = asked_of.get("act", "release")
    act = act if act in ACTS else "release"
    refused: Refused | None = None
    if request.method == "POST" and "done" in request.POST:
        try:
            done = _do(request, act, numbers)
        except Refused as no:
            if no.code == "forbidden":
                raise
            refused = no
        else:
            carry_over(clock.now())
            _tell(request, act, done, found)
            return redirect("desk:review")
    context = _context(request, act, [found[number] for number in numbers if number in found], refused)
    return render(request, "desk/decide.html", context, status=422 if refused else 200)


def _do(request: DeskRequest, act: str, numbers: Sequence[int]) -> Done:
    form, on, at = request.POST, clock.today(), clock.now()
    reason = form.get("reason", "")
    if act == "return":
        return disclosure.send_back(entry_ids=numbers, reason=reason, actor=request.actor, on=on, at=at)
    if act == "withhold":
        law = form.get("rule", "") or form.get("law", "")
        return disclosure.withhold(entry_ids=numbers, rule=law, reason=reason, actor=request.actor, on=on, at=at)
    return disclosure.release(
        entry_ids=numbers,
        actor=request.actor,
        on=on,
        at=at,
        confirmed=form.getlist("confirmed"),
        basis=form.get("basis", ""),
        reason=reason,
    )


def _tell(request: DeskRequest, act: str, done: Done, found: dict[int, Judged]) -> None:
    words = {
        "release": "已公示 {} 条，门户上马上看得到；推送到其他网站的已排队。",
        "return": "已退回 {} 条，填报员的今日待办里看得到理由。",
        "withhold": "{} 条不予公示，公示的义务随之免除。",
    }
    if done.acts:
        messages.success(request, words[act].format(len(done.acts)))
    for one in done.refused:
        number = found[one.entry_id].card.number if one.entry_id in found else one.entry_id
        messages.warning(request, f"{number} 没有公示：{one.message}。{one.fix}")


def _context(request: DeskRequest, act: str, records: Sequence[Judged], refused: Refused | None) -> dict[str, Any]:
    form = request.POST
    kept = [one for one in records if one.judgement.outcome == "withhold"]
    own = [one for one in records if one.card.author == request.actor.username]
    numbers = [("entry", one.card.id) for one in records]
    here = reverse("desk:decide")
    return {
        "act": act,
        "act_words": ACTS[act],
        "tabs": [
            {"label": words, "url": f"{here}?{urlencode([*numbers, ('act', name)])}", "current": name == act}
            for name, words in ACTS.items()
        ],
        "records": [_seen(one, unfolded=len(records) <= OPEN_UP_TO) for one in records],
        "count": len(records),
        "going": len(records) - len({one.card.id for one in [*kept, *own]}),
        "kept": len(kept),
        "own": len(own),
        "sites": [site.name for site in policy.current().sites],
        "questions": _questions(records, form.getlist("confirmed")),
        "bases": _bases(records),
        "basis": form.get("basis", ""),
        "needs_reason": any(
            found.outcome == "ask" and not found.bases for one in records for found in one.judgement.findings
        ),
        "reason": form.get("reason", ""),
        "rules": _rules(records),
        "rule": form.get("rule", ""),
        "law": form.get("law", ""),
        "refusal": refused,
        "trail": [("审核发布", reverse("desk:review"))],
    }


def _seen(one: Judged, *, unfolded: bool) -> dict[str, Any]:
    shown = rules.public_view(one.kind, one.card.body)
    return {
        "card": one.card,
        "title": kind_title(one.kind, one.card),
        "kind": one.kind.short,
        "fields": [{"label": each.title, "value": each.shown, "wide": len(each.shown) > 60} for each in shown],
        "outcome": OUTCOMES[one.judgement.outcome],
        "tone": TONES[one.judgement.outcome],
        "findings": one.judgement.findings,
        "open": unfolded,
    }


def _questions(records: Sequence[Judged], confirmed: Sequence[str]) -> list[Question]:
    asking: dict[str, Finding] = {}
    count: dict[str, int] = {}
    for one in records:
        for found in one.judgement.findings:
            if found.outcome == "ask" and one.judgement.outcome != "withhold":
                asking.setdefault(found.filter_id, found)
                count[found.filter_id] = count.get(found.filter_id, 0) + 1
    return [Question(found, count[name], name in confirmed) for name, found in asking.items()]


def _bases(records: Sequence[Judged]) -> list[tuple[str, str]]:
    found = dict.fromkeys(base for one in records for each in one.judgement.findings for base in each.bases)
    return [("", "请选择"), *((base, base) for base in found)] if found else []


def _rules(records: Sequence[Judged]) -> list[tuple[str, str]]:
    """The rules that speak of these records first, then the others of the pack."""
    biting = dict.fromkeys((each.filter_id, each.title) for one in records for each in one.judgement.findings)
    kinds = {one.kind.id for one in records}
    others = ((one.id, one.title) for one in policy.current().filters if kinds & set(one.kinds))
    return [("", "请选择，或者在下面写明"), *dict.fromkeys([*biting, *others])]
