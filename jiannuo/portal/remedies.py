"""异议和信用修复: who a public record is about objects to it, or asks for its repair, without an account and with a receipt."""

import secrets
from collections.abc import Mapping
from datetime import date, datetime

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from jiannuo.disclosure.queries import records
from jiannuo.kernel import clock
from jiannuo.kernel.refusals import Refused
from jiannuo.policy import pack as policy
from jiannuo.policy.flows import Flow
from jiannuo.policy.kinds import Kind
from jiannuo.portal import asking, complaining, forms, parts
from jiannuo.portal.answering import nothing_here, speaking, status_of

WHOSE = ("about_name", "about_code")
"""What tells that whoever writes is the one the record is about; on the desk the account tells it."""


@csrf_exempt  # Without a cookie there is nothing to forge with; forms holds where the form came from.
@speaking
def remedy(request: HttpRequest, identity: str, flow: str) -> HttpResponseBase:
    """The form of one remedy against one record; sent, the receipt."""
    now, today = clock.now(), clock.today()
    card = records.public_record(identity, on=today)
    found = next((one for one in offered(card, today) if one.id == flow), None) if card else None
    if card is None or found is None:
        raise nothing_here("这条记录现在不能这样办", fix="请回到记录的页面，看可以办什么、从哪一天起可以办")
    if request.method != "POST":
        return _form(request, card, found, {}, now, today)
    asking.not_too_large(request)
    given = asking.typed([_kind(found)], request)
    try:
        single = forms.check(request, _topic(card, found), at=now)
        opened = complaining.take_in(
            given, asking.files(request), flow=flow, record_id=card.entry_id, single=single,
            address=forms.address_of(request), on=today, at=now,
        )  # fmt: skip
    except Refused as refusal:
        return _form(request, card, found, given, now, today, refusal)
    trail = [
        *parts.trail(("信息公示", "portal:disclosures")),
        (card.number or card.kind_short, parts.address("record", identity)),
    ]
    return complaining.receipt(request, opened, today, trail=trail)


def offered(card: records.RecordCard, on: date) -> list[Flow]:
    """What the outside party that a record is about may ask for on a day; repair from its first day on."""
    if not card.party or card.state != "public" or card.as_of is not None:
        return []
    ripe = card.terms is not None and card.terms.first_on is not None and card.terms.first_on <= on
    return [
        flow
        for flow in policy.current().flows.values()
        if card.kind in flow.records and "public" in flow.opened_by and (ripe or not flow.repairable)
    ]


def _kind(flow: Flow) -> Kind:
    return policy.current().kinds[flow.kind]


def _topic(card: records.RecordCard, flow: Flow) -> str:
    return f"{flow.id}:{card.identity}"


def _form(
    request: HttpRequest,
    card: records.RecordCard,
    flow: Flow,
    typed: Mapping[str, str],
    now: datetime,
    today: date,
    refusal: Refused | None = None,
) -> HttpResponseBase:
    kind = _kind(flow)
    wrong = {"wrong": refusal.field, "message": f"{refusal.message}。{refusal.fix}。"} if refusal else {}
    needed = {kind.field_for(role) for role in WHOSE}
    boxes = asking.boxes(kind, typed, today, **wrong)
    name = card.number or card.title or card.kind_title
    context = parts.context(
        flow.title,
        f"对“{name}”{flow.title}。不用登录，凭回执码查进度。",
        trail=[*parts.trail(("信息公示", "portal:disclosures")), (name, parts.address("record", card.identity))],
        card=card,
        flow=flow,
        refusal=refusal,
        boxes=[box | {"required": box["required"] or box["name"] in needed} for box in boxes],
        following=complaining.following(flow),
        files_hint=asking.FILES_HINT,
        accepted=asking.ACCEPTED,
        action=parts.address("remedy", card.identity, flow.id),
        token=forms.token(_topic(card, flow), at=now, single=secrets.token_urlsafe(16)),
    )
    return render(request, "portal/remedy.html", context, status=status_of(refusal) if refusal else 200)
