"""在线申请: somebody applies for an item of a public list without an account; what government holds openly is not asked for."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from jiannuo.cases.actions import asking as forms_of_cases
from jiannuo.cases.actions import gathering
from jiannuo.disclosure.queries import records
from jiannuo.kernel import clock
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as ledger
from jiannuo.ledger.queries import EntryCard
from jiannuo.policy import pack as policy
from jiannuo.policy.flows import Flow
from jiannuo.policy.kinds import Kind
from jiannuo.policy.reading import words
from jiannuo.portal import asking, complaining, forms, parts
from jiannuo.portal.answering import nothing_here, speaking, status_of
from jiannuo.subjects.rules import party_key

LOOK = "look"
"""The button that only looks which papers need not be handed in."""


@csrf_exempt  # Without a cookie there is nothing to forge with; forms holds where the form came from.
@speaking
def apply(request: HttpRequest, identity: str, flow: str) -> HttpResponseBase:
    """The form of an application for one item; sent, the receipt."""
    now, today = clock.now(), clock.today()
    card = records.public_record(identity, on=today)
    item = ledger.entry(card.entry_id) if card else None
    found = next((one for one in offered(card, item) if one.id == flow), None) if card and item else None
    if item is None or found is None:
        raise nothing_here("这个事项现在不能在网上申请", fix="请回到事项的页面，看可以在哪里办")
    if request.method != "POST":
        return _form(request, item, found, {}, now, today)
    asking.not_too_large(request)
    given = asking.typed([*forms_of_cases.asked_at_opening(found, web=True)], request)
    if LOOK in request.POST:
        return _form(request, item, found, given, now, today)
    try:
        single = forms.check(request, _topic(item, found), at=now)
        opened = complaining.take_in(
            given, asking.named_files(request, gathering.list_of(item)), flow=found.id, record_id=item.id, single=single,
            address=forms.address_of(request), on=today, at=now,
        )  # fmt: skip
    except Refused as refusal:
        return _form(request, item, found, given, now, today, refusal)
    trail = [*parts.trail(("政务服务", "portal:services")), (_name(item), parts.address("record", identity))]
    return complaining.receipt(request, opened, today, trail=trail)


def offered(card: records.RecordCard | None, item: EntryCard | None) -> list[Flow]:
    """What may be applied for about a public item from the portal."""
    if card is None or item is None or card.state != "public" or card.as_of is not None:
        return []
    return [
        flow
        for flow in policy.current().flows.values()
        if flow.about == "item" and item.kind in flow.records and "public" in flow.opened_by and _is_open(flow, item)
    ]


def boxes_of(titles: Sequence[str], held: Mapping[str, gathering.Holding], on: date) -> list[dict[str, Any]]:
    """Each paper of a list as a box for its file, or as held already, with the record where it is public."""
    return [
        {
            "name": f"paper.{place}",
            "title": title,
            "held": held[title].what if title in held else "",
            "number": held[title].number if title in held else "",
            "url": _public_address(held[title].record, on) if title in held else "",
        }
        for place, title in enumerate(titles)
    ]


def _public_address(number: int, on: date) -> str:
    record = ledger.entry(number)
    shown = records.public_record(record.identity.hex(), on=on) if record else None
    return parts.address("record", shown.identity) if shown and shown.state == "public" else ""


def _is_open(flow: Flow, item: EntryCard) -> bool:
    """Whether the item may be asked for, and on the web."""
    kinds = policy.current().kinds
    own, listed = kinds[flow.kind], kinds[item.kind]
    says = all(str(item.body.get(name) or "") in values for name, values in flow.only.items())
    channels = words(str(item.body.get(listed.field_for("channels")) or ""))
    channel = flow.by_web.get(own.field_for("channel"), "")
    return says and (not channels or not channel or channel in channels)


def _topic(item: EntryCard, flow: Flow) -> str:
    return f"{flow.id}:{item.identity.hex()}"


def _name(item: EntryCard) -> str:
    return str(item.body.get(policy.current().kinds[item.kind].field_for("title")) or item.number)


def _about(kind: Kind, given: Mapping[str, str]) -> str:
    """The key of a firm that is typed in. What is held about a person is told only with the receipt code."""
    code = given.get(kind.field_for("about_code"), "").strip().upper()
    return party_key({"uscc": code}, "", record=b"-") if code else ""


def _form(
    request: HttpRequest,
    item: EntryCard,
    flow: Flow,
    typed: Mapping[str, str],
    now: datetime,
    today: date,
    refusal: Refused | None = None,
) -> HttpResponseBase:
    (kind, *_) = forms_of_cases.asked_at_opening(flow, web=True)
    listed = policy.current().kinds[item.kind]
    wrong = {"wrong": refusal.field, "message": f"{refusal.message}。{refusal.fix}。"} if refusal else {}
    titles, about = gathering.list_of(item), _about(kind, typed)
    held = gathering.held_openly(titles, about=about, on=today) if about else {}
    name = _name(item)
    context = parts.context(
        f"申请：{name}",
        f"在网上申请“{name}”。不用登录，凭回执码查进度。",
        trail=[*parts.trail(("政务服务", "portal:services")), (name, parts.address("record", item.identity.hex()))],
        item={"name": name, "url": parts.address("record", item.identity.hex()), "number": item.number},
        limits=[
            (listed.by_id[field].title, str(item.body.get(field) or "—"))
            for field in (listed.field_for(role) for role in ("promised_days", "statutory_days"))
            if field
        ],
        flow=flow,
        refusal=refusal,
        boxes=asking.boxes(kind, typed, today, **wrong),
        papers=boxes_of(titles, held, today),
        looked=bool(about) and not refusal,
        following=complaining.following(flow),
        files_hint=asking.FILES_HINT,
        accepted=asking.ACCEPTED,
        action=parts.address("apply", item.identity.hex(), flow.id),
        look=LOOK,
        token=forms.token(_topic(item, flow), at=now, single=secrets.token_urlsafe(16)),
    )
    return render(request, "portal/apply.html", context, status=status_of(refusal) if refusal else 200)
