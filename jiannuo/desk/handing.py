"""岗位交接: what an office still owes, listed and signed by the one who leaves and the one who comes (新官理旧账)."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from jiannuo.access import rules as access
from jiannuo.access.rules import Actor
from jiannuo.desk import asked
from jiannuo.desk.gate import DeskRequest, desk_view
from jiannuo.desk.people import called
from jiannuo.desk.record import DUTY_BADGES
from jiannuo.desk.sections import Section
from jiannuo.desk.sending import download
from jiannuo.documents.content import LONGEST_ISSUER
from jiannuo.documents.rendering import TYPES, Form, rendered
from jiannuo.duties import queries as duties
from jiannuo.duties.actions import handing_over
from jiannuo.duties.queries import handovers
from jiannuo.duties.queries.handovers import HandoverCard
from jiannuo.duties.queries.promises import PromiseCard
from jiannuo.duties.rules import handover_list
from jiannuo.duties.rules.handing_over import SIDES, Item, Side
from jiannuo.duties.rules.handover_list import Handover, Party
from jiannuo.kernel import clock
from jiannuo.kernel.refusals import Refused
from jiannuo.policy import pack as policy
from jiannuo.subjects import queries as subjects

COLUMNS = (
    {"label": "岗位"},
    {"label": "移交人", "short": True},
    {"label": "接收人", "short": True},
    {"label": "交接日期", "nowrap": True},
    {"label": "未办结事项", "number": True},
    {"label": "签收"},
)
OPEN_COLUMNS = ({"label": "事项"}, {"label": "编号"}, {"label": "到期日", "nowrap": True}, {"label": "现在"})
OFFICE_COLUMNS = ({"label": "岗位"}, {"label": "现任"}, {"label": "未办结事项", "number": True})


@desk_view(None)
def handovers_page(request: DeskRequest) -> HttpResponse:
    """The handovers of one's organ, and those one is part of."""
    actor = request.actor
    mine = access.may(actor, "duties.hand_over")
    if not mine and not actor.official:
        access.demand(actor, "duties.hand_over")
    found = {one.id: one for one in (*_own(actor), *handovers.of_official(actor.official))}
    cards = sorted(found.values(), key=lambda one: (one.is_complete, -one.on.toordinal()))
    context = {
        "columns": COLUMNS,
        "rows": [_row(one, actor) for one in cards],
        "may_begin": mine,
        "waiting": [one for one in cards if one.waits_for(actor)],
    }
    return render(request, "desk/handovers.html", context)


def _own(actor: Actor) -> tuple[HandoverCard, ...]:
    return handovers.handovers(actor.scope) if access.may(actor, "duties.hand_over") else ()


def _row(one: HandoverCard, actor: Actor) -> dict[str, Any]:
    if one.is_complete:
        badge = ("accepted", "双方已签")
    else:
        badge = ("due_soon", _lacking(one))
    title = {
        "text": one.office,
        "url": reverse("desk:handover", args=[one.id]),
        "sub": "等您签" if one.waits_for(actor) else "",
    }
    state = {"standing": badge[0], "standing_label": badge[1]}
    return {"cells": [title, one.outgoing_name, one.incoming_name, one.on, len(one.items), state], "state": ""}


@desk_view("duties.hand_over")
def handover_new_page(request: DeskRequest) -> HttpResponse:
    """An office of one's organ is chosen, what it owes is shown, and both sides are named."""
    actor, today = request.actor, clock.today()
    if actor.organ_id is None:
        raise Refused("您的账号没有所属单位", fix="请系统管理员给账号选定单位", code="organ")
    organs = subjects.directory(today)
    organ = organs.heir(actor.organ_id)
    line = organs.line(organ.id)
    office = (request.POST.get("office") or request.GET.get("office", "")).strip()[:100]
    refused: Refused | None = None
    if request.method == "POST":
        try:
            number = handing_over.begin(
                organ.id, office=office, outgoing=request.POST.get("outgoing", ""), incoming=request.POST.get("incoming", ""),
                day=asked.need_day(request.POST.get("day", ""), "交接日期", "day"), actor=actor, on=today, at=clock.now(),
            )  # fmt: skip
        except Refused as no:
            if no.code == "forbidden":
                raise
            refused = no
        else:
            messages.success(request, "交接清单已经定下，请移交人、接收人各自签收。")
            return redirect("desk:handover", number)
    held = subjects.officials(line)
    owed = handovers.open_of_office(line, office, as_of=today) if office else []
    context = {
        "organ": organ,
        "office": office,
        "offices": [_office(one) for one in handovers.offices(line, on=today)],
        "office_columns": OFFICE_COLUMNS,
        "owed": [_owed(one) for one in owed],
        "owed_columns": OPEN_COLUMNS,
        "fields": _fields(request, held, refused),
        "refusal": refused,
        "trail": [("岗位交接", reverse("desk:handovers"))],
    }
    return render(request, "desk/handover_new.html", context, status=422 if refused else 200)


def _office(one: handovers.Office) -> dict[str, Any]:
    title = {"text": one.title, "url": asked.link("desk:handover_new", office=one.title)}
    return {"cells": [title, "、".join(one.holders) or "名录里没有", one.open], "state": ""}


def _owed(one: PromiseCard) -> dict[str, Any]:
    state = {"standing": DUTY_BADGES[one.duty.standing], "standing_label": one.duty.standing.label}
    title = {"text": one.title, "sub": one.duty.what}
    return {"cells": [title, one.record.number, one.duty.due_on, state], "state": ""}


def _fields(
    request: DeskRequest, held: tuple[subjects.OfficeCard, ...], refused: Refused | None
) -> list[dict[str, Any]]:
    today = clock.today()
    ever = {one.official_code: f"{one.name}（{one.title}）" for one in held}
    now = {one.official_code: f"{one.name}（{one.title}）" for one in held if one.holds(today)}
    fields: list[dict[str, Any]] = [
        {"name": "outgoing", "label": "移交人", "type": "select", "options": [("", "请选择"), *ever.items()]},
        {"name": "incoming", "label": "接收人", "type": "select", "options": [("", "请选择"), *now.items()]},
        {"name": "day", "label": "交接日期", "type": "date", "short": True, "value": today.isoformat()},
    ]
    return [
        {
            **one,
            "value": request.POST.get(one["name"], one.get("value", "")),
            "error": refused.message if refused and refused.field == one["name"] else "",
        }
        for one in fields
    ]


@desk_view(None)
def handover_page(request: DeskRequest, entry_id: int) -> HttpResponse:
    """One handover: the list as it was frozen, how each item stands now, and the two signatures."""
    actor, today = request.actor, clock.today()
    card = handovers.handover(entry_id)
    if card is None:
        raise Http404
    _demand(actor, card)
    refused: Refused | None = None
    if request.method == "POST":
        try:
            handing_over.sign(entry_id, actor=actor, reason=request.POST.get("reason", ""), on=today, at=clock.now())
        except Refused as no:
            if no.code == "forbidden":
                raise
            refused = no
        else:
            messages.success(request, "已签收。")
            return redirect("desk:handover", entry_id)
    reads = access.may(actor, "records.read", card.organ_id)
    standing = duties.of_entries([one.entry_id for one in card.items], as_of=today)
    stands_in = not card.waits_for(actor) and card.signed("outgoing") is None and _stands_in(actor, card)
    names = called([card.author, *(one.author for one in card.signatures)])
    context = {
        "card": card,
        "organ": subjects.directory(today).card(card.organ_id),
        "columns": OPEN_COLUMNS,
        "rows": [_item(one, standing.get(one.entry_id, ()), linked=reads) for one in card.items],
        "sides": [_side(card, side, names) for side in SIDES],
        "frozen_by": names.get(card.author, ""),
        "may_sign": card.waits_for(actor),
        "stands_in": stands_in,
        "refusal": refused,
        "reason": request.POST.get("reason", ""),
        "files": [(f"下载 {form.upper()}", reverse("desk:handover_file", args=[entry_id, form])) for form in TYPES],
        "trail": [("岗位交接", reverse("desk:handovers"))],
    }
    return render(request, "desk/handover.html", context, status=422 if refused else 200)


@desk_view(None)
def handover_file(request: DeskRequest, entry_id: int, form: Form) -> HttpResponse:
    """The list as an official document, to be signed on paper too or kept in a folder."""
    card = handovers.handover(entry_id)
    if card is None or form not in TYPES:
        raise Http404
    _demand(request.actor, card)
    organ = subjects.directory(card.on).card(card.organ_id)
    made = handover_list.document(
        Handover(
            organ=organ.name,
            issuer=organ.name if len(organ.name) <= LONGEST_ISSUER else organ.short,
            office=card.office,
            parties={
                "outgoing": Party(card.outgoing_name, card.outgoing),
                "incoming": Party(card.incoming_name, card.incoming),
            },
            on=card.on,
            fixed_at=card.seen_at,
            digest=card.digest,
            items=card.items,
            signatures=card.signatures,
        ),
        is_demo=bool(policy.current().about.get("demo", False)),
    )
    data = rendered(made, form, folder=settings.HOME, fonts=settings.FONTS)
    return download(data, f"{organ.short}{card.office}交接清单{card.on:%Y%m%d}.{form}", TYPES[form])


def _demand(actor: Actor, card: HandoverCard) -> None:
    if actor.official and actor.official in (card.outgoing, card.incoming):
        return
    if handovers.may_stand_in(actor, card.organ_id):
        return
    access.demand(actor, "duties.hand_over", card.organ_id)


def _stands_in(actor: Actor, card: HandoverCard) -> bool:
    if actor.official in (card.outgoing, card.incoming) and actor.official:
        return False
    return handovers.may_stand_in(actor, card.organ_id) and not handovers.handing(card).outgoing_account


def _item(one: Item, now: tuple[duties.DutyCard, ...], *, linked: bool) -> dict[str, Any]:
    found = next((duty for duty in now if duty.what == one.kind), next(iter(now), None))
    state: dict[str, Any] | str = "—"
    if found:
        state = {"standing": DUTY_BADGES[found.standing], "standing_label": found.standing.label}
    url = reverse("desk:promise", args=[found.id]) if found and linked else ""
    title = {"text": one.title, "url": url, "sub": one.kind}
    due = (
        {"text": one.due_on, "sub": f"现在到期日 {found.due_on}"}
        if found and found.due_on.isoformat() != one.due_on
        else one.due_on
    )
    return {"cells": [title, one.number, due, state], "state": ""}


def _side(card: HandoverCard, side: Side, names: Mapping[str, str]) -> dict[str, Any]:
    outgoing = side == "outgoing"
    return {
        "title": SIDES[side],
        "name": card.outgoing_name if outgoing else card.incoming_name,
        "code": card.outgoing if outgoing else card.incoming,
        "signed": (signed := card.signed(side)),
        "signed_by": names.get(signed.author, "") if signed else "",
    }


def unsigned(actor: Actor) -> list[Section]:
    """未完成交接 on 今日待办: those this actor has to sign, and where the actor is the head, those of the organ."""
    found = handovers.unsigned(actor)
    if not found:
        return []
    tasks = [
        {
            "title": f"{one.office}：{one.outgoing_name} → {one.incoming_name}",
            "url": reverse("desk:handover", args=[one.id]),
            "due_on": one.on,
            "left": "等您签收" if one.waits_for(actor) else _lacking(one),
            "standing": "due_soon",
            "meta": f"未办结事项 {len(one.items)} 项，交接以后照旧到期",
            "action": "去签收" if one.waits_for(actor) else "去看看",
        }
        for one in found
    ]
    return [Section("未完成交接", tasks, note="双方都签收才算交接完")]


def _lacking(one: HandoverCard) -> str:
    return f"等{'、'.join(SIDES[side] for side in SIDES if one.signed(side) is None)}签"
