"""对决策草案提意见: anybody says something of a draft, answers its survey or registers for its hearing, and is given a receipt."""

import secrets
from collections.abc import Mapping
from datetime import datetime

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from jiannuo.disclosure.queries import decisions
from jiannuo.disclosure.queries.decisions import OPINION, PublicDecision
from jiannuo.kernel import clock
from jiannuo.kernel.refusals import Refused
from jiannuo.policy import pack as policy
from jiannuo.policy.kinds import Kind
from jiannuo.portal import asking, complaining, forms, parts
from jiannuo.portal.answering import nothing_here, speaking, status_of
from jiannuo.portal.decisions import of


@csrf_exempt  # Without a cookie there is nothing to forge with; forms holds where the form came from.
@speaking
def opine(request: HttpRequest, identity: str) -> HttpResponseBase:
    """The form, while the draft is open to opinions or a hearing to registration; sent, the receipt."""
    now, today, found = clock.now(), clock.today(), of(identity)
    if not found.is_open:
        raise nothing_here("现在不收对这件决策的意见", fix="请看它的页面：意见怎样答复的、决定到哪一步")
    if request.method != "POST":
        return _form(request, identity, found, {}, now)
    asking.not_too_large(request)
    given = asking.typed(_kinds(), request)
    try:
        single = forms.check(request, _topic(identity), at=now)
        opened = complaining.take_in(
            given, asking.files(request), flow=OPINION, under=found.card.id, single=single,
            address=forms.address_of(request), on=today, at=now,
        )  # fmt: skip
    except Refused as refusal:
        return _form(request, identity, found, given, now, refusal)
    back = parts.address("decision", identity)
    trail = [*parts.trail(("重大行政决策", "portal:decisions")), (found.card.title, back)]
    return complaining.receipt(request, opened, today, trail=trail)


def _kinds() -> tuple[Kind, Kind]:
    pack = policy.current()
    return pack.kinds[OPINION], pack.kinds[pack.flows[OPINION].apart]


def _topic(identity: str) -> str:
    return f"{OPINION}:{identity}"


def _form(
    request: HttpRequest,
    identity: str,
    found: PublicDecision,
    typed: Mapping[str, str],
    now: datetime,
    refusal: Refused | None = None,
) -> HttpResponseBase:
    said, apart = _kinds()
    wrong = {"wrong": refusal.field, "message": f"{refusal.message}。{refusal.fix}。"} if refusal else {}
    today = now.date()
    questions, hearing = decisions.asked(found), found.card.state.id == "hearing"
    boxes = [
        box | {"label": questions.get(str(box["name"]), box["label"]), "hint": box["hint"] if box["name"] not in questions else ""}
        for box in asking.boxes(said, typed, today, **wrong)
        if box["name"] in questions or box["name"] == "content" or (hearing and box["name"] == "attend")
    ]  # fmt: skip
    # The opinion itself stands first, then the survey.
    boxes.sort(key=lambda box: box["name"] != ("attend" if hearing else "content"))
    title = "报名参加听证" if hearing else "对草案提意见"
    context = parts.context(
        title,
        f"{found.card.title}：不用登录，可以不留姓名，每一条都有答复。",
        trail=[
            *parts.trail(("重大行政决策", "portal:decisions")),
            (found.card.title, parts.address("decision", identity)),
        ],
        found=found,
        refusal=refusal,
        boxes=boxes,
        who=asking.boxes(apart, typed, today, **wrong),
        files_hint=asking.FILES_HINT,
        accepted=asking.ACCEPTED,
        following=complaining.following(policy.current().flows[OPINION]),
        action=parts.address("opine", identity),
        back=parts.address("decision", identity),
        token=forms.token(_topic(identity), at=now, single=secrets.token_urlsafe(16)),
    )
    return render(request, "portal/opine.html", context, status=status_of(refusal) if refusal else 200)
