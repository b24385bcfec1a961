"""One promise as staff sees it: what was promised, why that day, what was done about it, what people say, what may be done now."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

from jiannuo.access import rules as access
from jiannuo.access.rules import CLAUSE, Actor
from jiannuo.desk.evidence import files_named, sent
from jiannuo.desk.gate import DeskRequest, address_of, desk_view
from jiannuo.desk.people import called
from jiannuo.desk.record import field_shown, is_filled
from jiannuo.desk.wording import badge_of, due_words, moved, numbers_of, waits, what_kind
from jiannuo.duties import actions as duties
from jiannuo.duties.actions import Answer
from jiannuo.duties.queries import confirms_words
from jiannuo.duties.queries.claims import interest_of
from jiannuo.duties.queries.promises import Promise, PromiseCard, promise
from jiannuo.duties.rules import SUSPENDED_UNTIL, Standing, reading
from jiannuo.kernel import clock
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import rules as ledger_rules
from jiannuo.ledger.queries import EntryCard
from jiannuo.policy import pack as policy
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.queries import Directory

ASKED_BY_LINK = {"promise": "请受益人答复", "suggestion": "请提出人评价"}
"""The families of which named people are asked by a link, and what the way there is called."""
STEPS = (
    {"label": "节点"},
    {"label": "到期日", "nowrap": True},
    {"label": "完成日期", "nowrap": True},
    {"label": "状态"},
)


def promise_of(actor: Actor, duty_id: int) -> Promise:
    """The promise, where the actor may read it."""
    found = promise(duty_id, as_of=clock.today())
    if found is None:
        raise Http404
    if not reading.may_read(actor, found.card.duty.debtor_id, found.card.confirmer_id):
        access.demand(actor, "records.read", found.card.duty.debtor_id)
        raise Refused("这一项不在您的范围内", fix="请由承诺单位或者确认单位的人员查看", clause=CLAUSE, code="forbidden")
    return found


@sensitive_post_parameters()
@desk_view("records.read")
def promise_page(request: DeskRequest, duty_id: int) -> HttpResponse:
    found = promise_of(request.actor, duty_id)
    refused: Refused | None = None
    answers: tuple[Answer, ...] = ()
    purpose = request.POST.get("purpose", "")
    if request.method == "POST":
        try:
            answers = duties.read_answers(
                duty_id, purpose=purpose, actor=request.actor, at=clock.now(), address=address_of(request)
            )
        except Refused as no:
            if no.code == "forbidden":
                raise
            refused = no
    context = _context(request.actor, found) | {"refusal": refused, "answers": answers, "purpose": purpose}
    return render(request, "desk/promise.html", context, status=422 if refused else 200)


def _context(actor: Actor, found: Promise) -> dict[str, Any]:
    card, today = found.card, clock.today()
    reads = access.may(actor, "records.read", card.duty.debtor_id)
    organs = subjects.directory(today)
    debtors = organs.line(organs.heir(card.duty.debtor_id).id) | {card.duty.debtor_id}
    return {
        "promise": found,
        "card": card,
        "title": card.title,
        "kicker": f"{what_kind(card)} · {organs.card(card.duty.debtor_id).short}",
        "note": " · ".join(numbers_of(card)),
        "badge": badge_of(card),
        "facts": facts(card, organs),
        "fields": shown_fields(card),
        "record": reverse("desk:record", args=[card.record.id]) if reads and card.kind else "",
        "suspended": card.duty.due_on == SUSPENDED_UNTIL,
        "steps": [_step(one) for one in found.milestones],
        "step_columns": STEPS,
        "parent": found.parent,
        "sent": sent(found),
        "events": _events(found),
        "buttons": _buttons(actor, found, organs),
        "broken": card.duty.standing is Standing.BROKEN,
        "may_ask": reading.may_read_answers(actor, card.confirmer_id, debtors) and card.agreed + card.disputed > 0,
        "trail": [("承诺", reverse("desk:promises"))],
    }


def facts(card: PromiseCard, organs: Directory) -> list[dict[str, Any]]:
    """Who owes it to whom by when, and how far it is."""
    due = "中止，恢复以后接着计算" if card.suspended_since else f"{card.duty.due_on}（{due_words(card) or '已办结'}）"
    rows = [("期限", due)]
    if card.first_due_on:
        words = "" if card.suspended_since else f"，{moved(card.moved_days)}"
        rows.append(("原定期限", f"{card.first_due_on}，变更{card.amendments}次{words}"))
    confirmer = organs.heir(card.confirmer_id).short if card.confirmer_id else "—"
    rows += [
        ("责任单位", organs.card(card.duty.debtor_id).short),
        ("责任岗位", card.office),
        ("由谁确认", confirms_words(card.duty.kind, confirmer)),
    ]
    rows += [("进度", card.progress.words), ("现在等什么", waits(card, organs) if card.duty.is_open else "")]
    if (late := interest_of(card, on=organs.on)) and late.days:
        rows.append(("逾期利息", late.words))
    if card.duty.kept_on:
        rows.append(("完成日期", card.duty.kept_on.isoformat()))
    if card.duty.lifted_on:
        rows.append(("免除日期", card.duty.lifted_on.isoformat()))
    return [{"label": label, "value": value} for label, value in rows if value]


def shown_fields(card: PromiseCard) -> list[dict[str, Any]]:
    """What the record says, field by field; a name of a person stays masked."""
    kind = card.kind
    if kind is None:
        return []
    return [field_shown(kind, field, card.record, {}) for field in kind.fields if is_filled(field, card.record, {})]


def _step(one: PromiseCard) -> dict[str, Any]:
    title = {"text": one.title, "url": reverse("desk:promise", args=[one.duty.id])}
    due = {"text": "—" if one.suspended_since else one.duty.due_on, "sub": due_words(one)}
    return {"cells": [title, due, one.duty.kept_on or "—", badge_of(one)], "state": ""}


# -- what happened ---------------------------------------------------------------------------------------------------


def _events(found: Promise) -> list[dict[str, Any]]:
    record, what = found.card.record, policy.current().duties[found.card.duty.kind]
    names = called([record.author, *(act.author for act in found.acts)])
    made = {
        "on": record.happened_on,
        "title": "排定节点" if found.card.parent_id else "作出承诺" if what.family == "promise" else "开始计算期限",
        "who": names.get(record.author, ""),
        "seen": record.seen_at,
    }
    shown = [_event(act, names) for act in found.acts if act.kind != "response"]
    return [*reversed(shown), made]


def _event(act: EntryCard, names: Mapping[str, str]) -> dict[str, Any]:
    title = "逾期" if act.kind == "breach" else ledger_rules.ACTS.get(act.kind, act.kind)
    later = act.seen_at.astimezone(clock.SHANGHAI).date() != act.happened_on
    return {
        "on": act.happened_on if later else act.seen_at,
        "title": title,
        "who": names.get(act.author, ""),
        "text": "；".join(_said(act)),
        "seen": act.seen_at if later else None,
    }


def _said(act: EntryCard) -> list[str]:
    body = act.body
    words = []
    if act.kind == "amendment":
        words.append(f"{body.get('due_was')} 改为 {body.get('due_on')}")
    if body.get("until"):
        words.append(f"最迟{body['until']}恢复")
    if body.get("authority"):
        words.append(f"{body['authority']}批准，{body.get('document', '')}")
    if act.kind == "performance":
        files = len(files_named(act))
        words.append(f"完成日期{body.get('done_on')}" + (f"，附{files}份材料" if files else ""))
    if act.kind == "confirmation":
        words.append(f"认定{body.get('kept_on')}完成{'，材料公开' if body.get('publish') else ''}")
    return [*words, *filter(None, [act.reason])]


# -- what may be done ----------------------------------------------------------------------------------------------


def _family(card: PromiseCard) -> str:
    return policy.current().duties[card.duty.kind].family


def _invite(card: PromiseCard) -> dict[str, str]:
    """The way to the links by which those it was promised to, or who put the suggestion, answer for themselves."""
    label = ASKED_BY_LINK[_family(card)]
    return {"label": label, "icon": "link", "url": reverse("desk:invite", args=[card.duty.id]), "kind": "secondary"}


def _report(actor: Actor, card: PromiseCard, *, confirms: bool) -> list[dict[str, str]]:
    """The way to the report itself, for those who write, sign, collect or accept it."""
    organ = card.duty.debtor_id
    reads = any(access.may(actor, one, organ) for one in ("reports.write", "reports.sign", "reports.collect"))
    url = reverse("desk:report", args=[card.record.number, organ])
    return [{"label": "打开这份报告", "icon": "file", "url": url, "kind": "primary"}] if reads or confirms else []


def _buttons(actor: Actor, found: Promise, organs: Directory) -> list[dict[str, str]]:
    card = found.card
    still = card.duty.standing in (Standing.RUNNING, Standing.DUE_SOON)
    ours = organs.heir(card.duty.debtor_id).id in actor.scope
    theirs = not ours and organs.heir(card.confirmer_id or 0).id in actor.scope
    # A half-yearly report is written, signed and accepted on a page of its own.
    plain = _family(card) != "report"
    performs = plain and ours and access.may(actor, "duties.perform", card.duty.debtor_id)
    # What was agreed with somebody outside is moved by a new agreement alone.
    agreed = policy.current().duties[card.duty.kind].confirmed_by == "creditor"
    amends = ours and not agreed and access.may(actor, "duties.amend", card.duty.debtor_id)
    confirms = theirs and access.may(actor, "duties.confirm", card.confirmer_id)
    paused, waiting = card.suspended_since is not None, card.submitted is not None
    wanted = (
        ("confirm", "核实材料", "check", confirms and waiting and plain),
        ("submit", "提交完成情况", "upload", performs and card.duty.is_open and not waiting and not paused),
        ("reopen", "撤销确认", "history", confirms and card.duty.kept_on is not None),
        ("amend", "变更期限", "calendar", amends and still and not paused),
        ("suspend", "中止", "clock", amends and still and not paused),
        ("resume", "恢复", "clock", amends and paused),
        ("exempt", "依法免除", "cross", confirms and card.duty.is_open),
    )
    # How well a suggestion was answered is not asked by who answered it.
    asks = confirms or (performs and _family(card) != "suggestion")
    invites = [_invite(card)] if card.kind and asks and _family(card) in ASKED_BY_LINK else []
    acts = [
        {
            "label": label,
            "icon": icon,
            "url": reverse(f"desk:promise_{name}", args=[card.duty.id]),
            "kind": "primary" if name in ("confirm", "submit") else "secondary",
        }
        for name, label, icon, shown in wanted
        if shown
    ]
    report = [] if plain else _report(actor, card, confirms=confirms)
    return [*report, *acts, *invites]
