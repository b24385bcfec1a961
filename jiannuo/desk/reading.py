"""How the page of a report shows it: sections with their words and figures, what differs, what may be done, what happened."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from jiannuo.access import rules as access
from jiannuo.access.rules import Actor
from jiannuo.assessment.actions.drafting import STATED
from jiannuo.assessment.queries.reports import ReportCard
from jiannuo.assessment.rules.figures import Figure
from jiannuo.assessment.rules.reporting import NOTE, OPEN, State, mark
from jiannuo.desk import asked
from jiannuo.desk.gate import DeskRequest
from jiannuo.desk.people import called
from jiannuo.desk.report_acts import Tried
from jiannuo.kernel import clock
from jiannuo.ledger.queries import EntryCard
from jiannuo.ledger.rules import ACTS
from jiannuo.policy import pack as policy
from jiannuo.policy.reporting import Section
from jiannuo.subjects import queries as subjects

BADGES: dict[State, str] = {
    State.NONE: "missing",
    State.DRAFT: "draft",
    State.OFFERED: "to_review",
    State.SENT: "open",
    State.RETURNED: "returned",
    State.ACCEPTED: "accepted",
    State.LIFTED: "unchanged",
}
SAID = {
    "performance": "签发报送",
    "confirmation": "信用办收下",
    "rejection": "信用办退回",
    "reopening": "撤销收下",
    "breach": "逾期未报",
}


def badge_of(card: ReportCard) -> dict[str, str]:
    """Where a report stands, with the days it is late by."""
    return {"standing": BADGES[card.state], "standing_label": state_words(card)}


def state_words(card: ReportCard) -> str:
    """The same in words."""
    late = card.days_late
    if card.is_mending:
        return f"按时报过，{card.state.label}{'修改中' if card.state is State.RETURNED else ''}"
    return f"{card.state.label}{f'，迟{late}天' if late else ''}"


def may_confirm(actor: Actor, card: ReportCard) -> bool:
    """Whether this actor accepts or returns the report."""
    to = subjects.directory(clock.today()).heir(card.confirmer_id or 0)
    return access.may(actor, "duties.confirm", card.confirmer_id) and to.id in actor.scope


def page(request: DeskRequest, card: ReportCard, own: Sequence[Figure], tried: Tried) -> dict[str, Any]:
    """What the page of a report needs."""
    actor, pack = request.actor, policy.current()
    open_still = card.state in OPEN
    writes = open_still and access.may(actor, "reports.write", card.organ_id)
    by_name = {one.id: one for one in own}
    organ = subjects.directory(clock.today()).card(card.organ_id)
    signs = card.state is State.OFFERED and access.may(actor, "reports.sign", card.organ_id)
    return {
        "card": card,
        "title": f"{card.period.title}{pack.report.title}",
        "organ": organ,
        "state": badge_of(card),
        "sections": [_section(section, card, by_name, tried) for section in pack.report.sections],
        "note": _box(NOTE, "数字不一致的说明", card, tried),
        "differences": [
            {"cells": [one.label, one.where, one.written, one.ledger], "state": ""} for one in card.differences(own)
        ],
        "difference_columns": ({"label": "项目"}, {"label": "在哪里"}, {"label": "单位写的"}, {"label": "台账记的"}),
        "as_of": card.draft.signed_on if card.is_signed and card.draft else clock.today(),
        "writes": writes,
        "signs": signs,
        "saved_by": called([card.draft.updated_by]).get(card.draft.updated_by, "") if card.draft else "",
        "wrote": card.draft is not None and actor.username in card.draft.writers,
        "confirms": card.state is State.SENT and may_confirm(actor, card),
        "refusal": tried.refused,
        "clashing": [_clash(name, card) for name in tried.clashing],
        "typed": {name: request.POST.get(name, "") for name in ("remark", "reason")},
        "events": _events(card),
        "why": card.duty.why,
    }


def _section(section: Section, card: ReportCard, by_name: dict[str, Figure], tried: Tried) -> dict[str, Any]:
    shown = [by_name[name] for name in section.figures if name in by_name]
    return _box(section.id, section.title, card, tried) | {
        "hint": section.hint,
        "rule": f"至少{section.shortest}字，最多{section.longest}字",
        "required": section.required,
        "rows": 8,
        "figures": [_figure(one, card, tried) for one in shown],
        "stated": any(one.id in card.draft.stated for one in shown) if card.draft else False,
    }


def _box(name: str, label: str, card: ReportCard, tried: Tried) -> dict[str, Any]:
    words = card.draft.words.get(name, "") if card.draft else ""
    return {
        "name": name,
        "label": label,
        "words": words,
        "value": tried.typed.get(name, words),
        "seen": mark(words),
        "error": tried.refused.message if tried.refused and tried.refused.field == name else "",
    }


def _figure(one: Figure, card: ReportCard, tried: Tried) -> dict[str, str]:
    url = asked.link(one.leads_to[0], **dict(one.leads_to[1])) if one.leads_to and one.value is not None else ""
    name = f"{STATED}{one.id}"
    stored = card.draft.stated.get(one.id, "") if card.draft else ""
    return {
        "label": one.label,
        "value": one.shown if one.unit == "%" or one.value is None else f"{one.shown} {one.unit}",
        "note": f"{one.part}/{one.whole}" if one.whole else one.why,
        "url": url,
        "name": name,
        "own": tried.typed.get(name, stored),
        "seen": mark(stored),
    }


def _clash(name: str, card: ReportCard) -> dict[str, str]:
    titles = {section.id: section.title for section in policy.current().report.sections}
    draft = card.draft
    who, at = draft.changes.get(name, ["", ""]) if draft else ("", "")
    who = called([who]).get(who, "")
    words = draft.words.get(name, "") if draft else ""
    moment = datetime.fromisoformat(at).astimezone(clock.SHANGHAI) if at else None
    if name.startswith(STATED):
        words = draft.stated.get(name.removeprefix(STATED), "") if draft else ""
    return {
        "title": titles.get(name, "本单位统计" if name.startswith(STATED) else "说明"),
        "who": who,
        "when": f"{moment:%H:%M}" if moment else "",
        "words": words or "（删空了）",
    }


def _events(card: ReportCard) -> list[dict[str, Any]]:
    names = called(act.author for act in card.acts if act.author != "tick")
    events = [
        {
            "on": act.happened_on,
            "title": _said(act, card),
            "who": names.get(act.author, ""),
            "text": act.reason or str(act.body.get("words") or ""),
        }
        for act in card.acts
    ]
    if card.draft and card.draft.remark:
        events.append({"on": card.draft.updated_at, "title": "负责人请修改", "who": "", "text": card.draft.remark})
    events.insert(0, {"on": card.duty.started_on, "title": f"要求报送{card.period.title}情况", "who": "", "text": ""})
    return list(reversed(events))


def _said(act: EntryCard, card: ReportCard) -> str:
    if act.kind == "breach" and card.sent_on and card.sent_on <= card.due_on:
        # What nobody has accepted yet counts as not done; accepted, it counts from the day it was signed.
        return "台账暂记逾期，收下以后按签发日更正"
    return SAID.get(act.kind, ACTS.get(act.kind, act.kind))


def inline(data: bytes, filename: str, content_type: str = "application/pdf") -> HttpResponse:
    """A file shown in the browser, under its Chinese name when it is saved."""
    response = HttpResponse(data, content_type=content_type)
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=False, filename=filename) or ""
    return response
