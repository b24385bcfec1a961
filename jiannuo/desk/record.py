"""A record as staff sees it: every field, its history and its digest, why it is due then, and what may be done with it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

from jiannuo.access import actions as access_actions
from jiannuo.access import rules as access
from jiannuo.access.rules import Actor
from jiannuo.cases import actions as cases
from jiannuo.desk import asked, casework
from jiannuo.desk.batch import BADGES
from jiannuo.desk.gate import DeskRequest, address_of, desk_view
from jiannuo.desk.people import called
from jiannuo.desk.remedying import remedies
from jiannuo.disclosure.queries import desk as records
from jiannuo.disclosure.queries import marks, review, reviewers
from jiannuo.duties import queries as duties
from jiannuo.duties.queries import DutyCard, handovers
from jiannuo.exchange import queries as exchange
from jiannuo.kernel import clock
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as ledger
from jiannuo.ledger import rules as ledger_rules
from jiannuo.ledger.queries import EntryCard, History
from jiannuo.policy import pack as policy
from jiannuo.policy.kinds import Field, Kind
from jiannuo.subjects import queries as subjects

SENT = {"waiting": "open", "delivered": "accepted", "failed": "refused", "overtaken": "unchanged"}
DUTY_BADGES = {
    "running": "open",
    "due_soon": "due_soon",
    "kept": "on_time",
    "kept_late": "late",
    "broken": "overdue",
    "lifted": "withheld",
}


@sensitive_post_parameters()
@desk_view("records.read")
def record_page(request: DeskRequest, entry_id: int) -> HttpResponse:
    card = entry_of(request.actor, entry_id)
    if card.refers is not None and card.kind in ledger_rules.ACTS:
        return redirect("desk:record", card.refers)
    if card.kind == handovers.KIND:
        return redirect("desk:handover", card.id)
    if card.kind not in policy.current().kinds:
        raise Http404
    refused: Refused | None = None
    opened: dict[str, str] = {}
    if request.method == "POST":
        try:
            opened = _opened(request, card)
        except Refused as no:
            if no.code == "forbidden":
                raise
            refused = no
    context = _context(request.actor, card, opened) | {
        "purpose": request.POST.get("purpose", ""),
        "refusal": refused,
    }
    return render(request, "desk/record.html", context, status=422 if refused else 200)


def entry_of(actor: Actor, entry_id: int) -> EntryCard:
    """The entry, where the actor may read it."""
    card = ledger.entry(entry_id)
    if card is None:
        raise Http404
    # Who decides on what was found against another organ reads it, wherever it lies.
    if not access.may(actor, "release.decide", decider(card)):
        access.demand(actor, "records.read", card.organ_id)
    if card.visibility == ledger.CLOSED:
        raise Refused(
            "这一条不公开，不能在这里看",
            fix="由档案里写明可以看的人，到“档案”里写明目的后查阅",
            clause=access.CLAUSE,
            code="forbidden",
        )
    return card


def decider(card: EntryCard) -> int:
    """The organ whose people decide on a record today."""
    kind = policy.current().kinds.get(card.kind)
    return reviewers.reviewer_of(card, kind, subjects.directory(clock.today())) if kind else card.organ_id


def _opened(request: DeskRequest, card: EntryCard) -> dict[str, str]:
    """The personal values, for a purpose that is written down first."""
    access.demand(request.actor, "records.personal", card.organ_id)
    purpose = request.POST.get("purpose", "").strip()
    if not purpose:
        raise Refused(
            "没有写查看的目的",
            fix="请写明为什么要看，例如“审核时核对证件号码”；查看会留下记录",
            clause="中华人民共和国个人信息保护法第六条（目的明确、最小必要）",
            field="purpose",
        )
    access_actions.note(
        request.actor, action="records.personal", object=f"entry:{card.id}", at=clock.now(), organ_id=card.organ_id, purpose=purpose,
        detail=card.number, address=address_of(request),
    )  # fmt: skip
    return ledger.personal(card.id)


def _context(actor: Actor, card: EntryCard, opened: Mapping[str, str]) -> dict[str, Any]:
    today = clock.today()
    kind = policy.current().kinds[card.kind]
    history = ledger.history(card.identity)
    numbers = [*(one.id for one in history.versions), *(act.id for act in history.acts)]
    owed = [duty for found in duties.of_entries(numbers, as_of=today).values() for duty in found]
    names = called(one.author for one in (card, *history.versions, *history.acts))
    state = _state(kind, card, history)
    terms = policy.current().terms(card.kind, card.body, decided_on=card.happened_on)
    objected = marks.of_acts(history.acts).disputed_on
    organ = subjects.directory(today).card(card.organ_id)
    return {
        "record": card,
        "kind": kind,
        "organ": organ,
        "title": kind_title(kind, card),
        "state": BADGES[state],
        "state_words": records.STATES[state],
        "terms_text": terms.words if terms else "",
        "disputed_text": f"当事人{objected}提出异议，正在核查。" if objected else "",
        "newest": history.versions[-1] if history.versions[-1].id != card.id else None,
        "fields": [field_shown(kind, field, card, opened) for field in kind.fields if is_filled(field, card, opened)],
        "blank": [field.title for field in kind.fields if field.need != "B" and not is_filled(field, card, opened)],
        "personal": bool(kind.personal_fields) and access.may(actor, "records.personal", card.organ_id) and not opened,
        "opened": bool(opened),
        "duties": [_duty(one) for one in owed],
        "sent": _sent(history),
        "events": _events(history, card, names),
        "author": names.get(card.author, ""),
        "case": _case(card, kind),
        "buttons": _buttons(actor, card, kind, state),
        "trail": [("记录", asked.link("desk:records", kind=kind.id))],
    }


def _case(card: EntryCard, kind: Kind) -> str:
    """The address of the case that wrote the record, where one did."""
    flows = policy.current().flows.values()
    written = any(
        kind.id == flow.kept or kind.id in {step.asks for step in flow.steps if step.filling.fills} for flow in flows
    )
    number = cases.case_of(card) if written else None
    return reverse("desk:case", args=[number]) if number else ""


def _state(kind: Kind, card: EntryCard, history: History) -> str:
    if history.versions[-1].id != card.id:
        return "superseded"
    acts = [act.kind for act in history.acts if act.refers == card.id and act.kind in review.DECIDING]
    return review.STATES[acts[-1]] if acts else "waiting" if kind.visibility == "public" else "kept"


def kind_title(kind: Kind, card: EntryCard) -> str:
    """What a record is called: whom it is about, else what it says."""
    name = kind.field_for("about_name") or kind.field_for("title")
    return str(card.body.get(name) or card.number or kind.short)


def is_filled(field: Field, card: EntryCard, opened: Mapping[str, str]) -> bool:
    """Whether the record says something in a field."""
    return bool(card.body.get(field.id) or opened.get(field.id))


def field_shown(kind: Kind, field: Field, card: EntryCard, opened: Mapping[str, str]) -> dict[str, Any]:
    """A field as the page shows it: codes in words, what is personal hidden unless it was opened."""
    value = str(card.body.get(field.id) or "")
    shown: dict[str, Any] = {"label": field.title, "value": value, "wide": field.length > 1000}
    if field.codes and value:
        shown["value"] = "；".join(kind.label(field.codes, part, card.happened_on) or part for part in value.split(";"))
    if field.id in opened:
        return shown | {"value": opened[field.id], "hint": "个人信息，只供本次查看的目的使用"}
    if field.id in kind.personal_fields and value:
        return shown | {"masked": "个人信息，查看原文要写明目的"}
    return shown | {
        "hint": "" if field.public or not value else "不公示",
        "code": bool(field.check) and value.isascii(),
    }


def _duty(one: DutyCard) -> dict[str, Any]:
    known = policy.current().duties.get(one.kind)
    # The day of a promise is the one it names, or was moved to: its own page tells how.
    plain = known is not None and not known.is_promised
    stated = one.due_on if known and policy.current().deadlines[known.deadline].values[-1].unit == "stated" else None
    told = duties.explain(known.deadline, started_on=one.started_on, stated=stated) if known and plain else None
    url = reverse("desk:promise", args=[one.id]) if known and not plain else ""
    return {"card": one, "badge": DUTY_BADGES[one.standing], "told": told, "url": url}


def _sent(history: History) -> list[dict[str, Any]]:
    """What became of each publication and withdrawal at each site."""
    acts = {act.id: act for act in history.acts if act.kind in ("publication", "withdrawal")}
    found = exchange.receipts(acts) if acts else {}
    return [
        {
            "what": ledger_rules.ACTS[acts[number].kind],
            "site": one.site_name,
            "badge": SENT[one.state],
            "words": one.state.label,
            "at": one.delivered_at,
            "trouble": one.trouble,
        }
        for number, several in sorted(found.items(), reverse=True)
        for one in several
    ]


def _events(history: History, current: EntryCard, names: Mapping[str, str]) -> list[dict[str, Any]]:
    events = [_version(one, current) for one in history.versions] + [_act(act) for act in history.acts]
    for event in events:
        event["who"] = names.get(event["who"], "")
    return sorted(events, key=lambda event: event["seen_at"], reverse=True)


def _version(one: EntryCard, current: EntryCard) -> dict[str, Any]:
    return {
        "on": one.seen_at,
        "seen_at": one.seen_at,
        "title": "报送" if one.version == 1 else f"更正（第 {one.version} 版）",
        "who": one.author,
        "text": f"原因：{one.reason}" if one.reason else "",
        "url": "" if one.id == current.id else reverse("desk:record", args=[one.id]),
        "current": one.id == current.id,
    }


def _act(act: EntryCard) -> dict[str, Any]:
    words = [str(act.body.get("basis") or act.body.get("law") or ""), act.reason]
    return {
        "on": act.happened_on if act.kind == "breach" else act.seen_at,
        "seen_at": act.seen_at,
        "title": ledger_rules.ACTS.get(act.kind, act.kind),
        "who": act.author,
        "text": "；".join(word for word in words if word),
    }


def _remedies(actor: Actor, card: EntryCard, kind: Kind, state: str) -> list[dict[str, str]]:
    """What the organ that a record is about may open for itself: an objection, and repair from its first day on."""
    own = card.organ_id in actor.scope and access.may(actor, "cases.handle")
    if not own or card.about or not kind.from_case or state in ("superseded", "repaired", "withdrawn", "delisted"):
        return []
    offered = remedies(card, clock.today())
    return [{"label": one.flow.title, "url": one.url, "icon": "file"} for one in offered if one.since is None]


def _is_kept_up(card: EntryCard) -> bool:
    """Whether a case keeps it up: it changes with the case, and not by a correction."""
    return card.batch is None and any(flow.kept == card.kind for flow in policy.current().flows.values())


def _applications(actor: Actor, kind: Kind, card: EntryCard) -> list[dict[str, str]]:
    """What may be entered about an item of a list for somebody at the counter or on the telephone."""
    return [
        {"label": f"登记{flow.short}", "url": asked.link("desk:case_open", flow.id, record=card.id), "icon": "file"}
        for flow in casework.opened_by(actor)
        if flow.about == "item" and kind.id in flow.records
    ]


def _buttons(actor: Actor, card: EntryCard, kind: Kind, state: str) -> Sequence[dict[str, str]]:
    organ = decider(card)
    found = _remedies(actor, card, kind, state) + _applications(actor, kind, card)
    if state == "waiting" and access.may(actor, "release.decide", organ):
        url = asked.link("desk:decide", entry=card.id)
        found.append({"label": "审核这一条", "url": url, "kind": "primary", "icon": "check"})
    if state in ("returned", "withheld", "withdrawn") and access.may(actor, "release.decide", organ):
        found.append({"label": "改为公示", "url": asked.link("desk:decide", entry=card.id)})
    uploaded = not (kind.whole or kind.from_case or _is_kept_up(card))
    if state != "superseded" and uploaded and access.may(actor, "intake.send", organ):
        url = asked.link("desk:entry", kind.id, corrects=card.id)
        found.append(
            {"label": "更正", "url": url, "kind": "primary" if state == "returned" else "secondary", "icon": "file"}
        )
    revocable = state in ("waiting", "public", "returned", "withheld") and not kind.from_case
    if revocable and access.may(actor, "record.revoke", organ):
        found.append({"label": "登记变更、撤销", "url": reverse("desk:revoke", args=[card.id]), "icon": "history"})
    if state in ("public", "revoked") and access.may(actor, "record.withdraw", organ):
        found.append(
            {"label": "撤下公示", "url": reverse("desk:withdraw", args=[card.id]), "kind": "danger", "icon": "cross"}
        )
    return found
