"""重大行政决策: what is being prepared and open to opinions, and of each its six gates as they stand, with what became of what people said."""

import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import content_disposition_header

from jiannuo.disclosure.queries import decisions
from jiannuo.disclosure.queries.decisions import PublicDecision
from jiannuo.disclosure.rules.decisions import Gate, Passed
from jiannuo.kernel import clock
from jiannuo.ledger import queries as ledger
from jiannuo.policy import pack as policy
from jiannuo.portal import parts
from jiannuo.portal.answering import nothing_here, public
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.queries import Directory

ADDRESS = re.compile(r"[0-9a-f]{32}")
COLUMNS = (
    {"label": "决策事项"},
    {"label": "起草单位"},
    {"label": "登记", "nowrap": True},
    {"label": "现在"},
)
STEPS = {Passed.DONE: "done", Passed.SKIPPED: "done", Passed.NOW: "current", Passed.AHEAD: "ahead"}
BADGES = {
    Passed.DONE: ("accepted", "已办"),
    Passed.SKIPPED: ("withheld", "不需要"),
    Passed.NOW: ("open", "正在办"),
    Passed.AHEAD: ("unchanged", "还没有办"),
}


OUTCOMES = {"采纳": "accepted", "部分采纳": "warning", "没有采纳": "withheld"}
"""How an answer is coloured; the words beside it say the same."""


@public
def decision_list(request: HttpRequest) -> HttpResponseBase:
    """All decisions whose draft was made public, those open to opinions first."""
    today = clock.today()
    found, directory = decisions.decisions(on=today), subjects.directory(today)
    context: dict[str, Any] = {
        "trail": parts.trail(),
        "columns": COLUMNS,
        "open": [_row(one, directory) for one in found if one.is_open],
        "running": [_row(one, directory) for one in found if not one.is_open and not one.card.state.final],
        "closed": [_row(one, directory) for one in found if one.card.state.final],
        "rule": policy.current().deadlines["consult_draft"],
        "source": policy.current().flows[decisions.FLOW].source,
    }
    about = "正在征求意见的重大行政决策草案、六道程序办到哪一步、意见采纳没有、最后怎么定的。"
    return render(request, "portal/decisions.html", parts.context("重大行政决策", about, **context))


@public
def decision(request: HttpRequest, identity: str) -> HttpResponseBase:
    """One decision: its gates, its draft, what was said and what became of it, what was decided."""
    found, today = of(identity), clock.today()
    directory = subjects.directory(today)
    opening = found.card.opening
    context: dict[str, Any] = {
        "trail": parts.trail(("重大行政决策", "portal:decisions")),
        "found": found,
        "card": found.card,
        "identity": identity,
        "steps": [{"label": gate.title, "state": STEPS[gate.stands]} for gate in found.gates],
        "gates": [_gate(gate, found) for gate in found.gates],
        "facts": [
            {"label": "编号", "value": found.card.number},
            {"label": "起草单位", "value": drafter(found, directory)},
            {"label": "类别", "value": opening.body.get("field")},
            {"label": "依据", "value": opening.body.get("basis"), "wide": True},
            {"label": "为什么要决策", "value": opening.body.get("why"), "wide": True},
            *([{"label": "变更哪一件决策", "value": opening.body["changes"]}] if opening.body.get("changes") else []),
        ],
        "notice": found.notice,
        "hearing": found.facts.get(decisions.HEARING),
        "heard": found.facts.get(decisions.RECORDED),
        "papers": [
            {"name": one.name, "step": one.step, "digest": one.digest,
             "url": parts.address("decision_file", identity, one.digest)}
            for one in found.papers
        ],
        "answers": [{"said": one, "standing": OUTCOMES.get(one.outcome, "open")} for one in found.answers],
        "questions": [_question(one) for one in found.questions],
        "stopped": found.facts.get("stop"),
        "resolution": _resolution(found),
    }  # fmt: skip
    about = f"{found.card.title}：六道程序办到哪一步，意见采纳没有。"
    return render(request, "portal/decision.html", parts.context(found.card.title, about, **context))


@public
def decision_file(_request: HttpRequest, identity: str, digest: str) -> HttpResponseBase:
    """A file that was published with the draft, the hearing, the report or the resolution."""
    paper = next((one for one in of(identity).papers if one.digest == digest), None)
    if paper is None:
        raise nothing_here("没有公开这份材料", fix="请回到决策的页面，只有列出的材料可以下载")
    response = HttpResponse(ledger.evidence_bytes(paper.digest), content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=paper.name)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def of(identity: str) -> PublicDecision:
    """The decision of an address. Refuses one that is not public."""
    found = decisions.decision(identity, on=clock.today()) if ADDRESS.fullmatch(identity) else None
    if found is None:
        raise nothing_here("没有这件公开的决策", fix="请从“重大行政决策”页选择；草案公开以前没有页面")
    return found


def drafter(found: PublicDecision, directory: Directory) -> str:
    """The organ that prepares it."""
    return directory.heir(found.card.opener_id or found.card.handler_id).name


def _row(one: PublicDecision, directory: Directory) -> parts.Row:
    title = parts.Cell(one.card.title, parts.address("decision", one.card.opening.identity.hex()), one.card.number)
    until = f"到 {one.closes_on} 截止" if one.closes_on else ""
    label = one.card.state.title
    tone = "due_soon" if one.is_open else "accepted" if one.card.state.id == "decided" else "open"
    state = parts.Cell(sub=until, standing=tone, standing_label=label)
    return parts.Row((title, drafter(one, directory), one.card.opened_on, state))


def _gate(gate: Gate, found: PublicDecision) -> dict[str, object]:
    standing, label = BADGES[gate.stands]
    # What was decided stands at the head of the page.
    told = found.told(gate) if gate.step >= 0 and gate.id != "discussion" else None
    return {
        "title": gate.title,
        "standing": standing,
        "label": label,
        "on": gate.on if gate.stands != Passed.NOW else None,
        "words": told.words if told else "",
        "fields": told.fields if told else (),
        "note": found.card.state.title if gate.stands == Passed.NOW else "",
    }


def _question(one: decisions.Question) -> dict[str, object]:
    share = {name: round(count * 100 / one.total) if one.total else 0 for name, count in one.counts.items()}
    rows = [{"label": name, "count": count, "percent": share[name]} for name, count in one.counts.items()]
    return {"text": one.text, "total": one.total, "rows": rows}


def _resolution(found: PublicDecision) -> dict[str, object] | None:
    record = found.resolution
    if record is None:
        return None
    said = found.facts.get(decisions.DECIDED)
    return {
        "url": parts.address("record", record.identity),
        "number": record.number,
        "fields": said.fields if said else (),
    }
