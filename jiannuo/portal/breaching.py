"""企业反映政府违约: a firm says that an organ does not keep a contract, and is told at once which body verifies it and by when."""

import secrets
from collections.abc import Mapping
from datetime import date, datetime

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from jiannuo.kernel import clock
from jiannuo.kernel.refusals import Refused
from jiannuo.policy import pack as policy
from jiannuo.portal import asking, complaining, forms, parts
from jiannuo.portal.answering import speaking, status_of
from jiannuo.subjects import queries as subjects

BREACH = "breach"


@csrf_exempt  # Without a cookie there is nothing to forge with; forms holds where the form came from.
@speaking
def lodge(request: HttpRequest) -> HttpResponseBase:
    """The form; sent, the receipt."""
    now, today = clock.now(), clock.today()
    kind = policy.current().kinds[policy.current().flows[BREACH].kind]
    if request.method != "POST":
        organ = request.GET.get("organ", "")[:200]
        return _form(request, {kind.field_for("organ_name"): organ}, now, today)
    asking.not_too_large(request)
    given = asking.typed([kind], request)
    try:
        single = forms.check(request, BREACH, at=now)
        opened = complaining.take_in(
            given,
            asking.files(request),
            flow=BREACH,
            single=single,
            address=forms.address_of(request),
            on=today,
            at=now,
        )
    except Refused as refusal:
        return _form(request, given, now, today, refusal)
    return complaining.receipt(request, opened, today, trail=parts.trail(("企业反映政府违约", "portal:lodge")))


def _form(
    request: HttpRequest, typed: Mapping[str, str], now: datetime, today: date, refusal: Refused | None = None
) -> HttpResponseBase:
    flow = policy.current().flows[BREACH]
    wrong = {"wrong": refusal.field, "message": f"{refusal.message}。{refusal.fix}。"} if refusal else {}
    context = parts.context(
        "企业反映政府违约",
        "机关、事业单位不履行合同、拖欠账款的，由它的上级或者主管单位核实、督促履行。不用登录，凭回执码查进度。",
        trail=parts.trail(("投诉举报", "portal:complain")),
        tabs=complaining.tabs("lodge"),
        flow=flow,
        refusal=refusal,
        boxes=asking.boxes(policy.current().kinds[flow.kind], typed, today, **wrong),
        organs=[card.name for card in subjects.directory(today).organs],
        following=complaining.following(flow),
        files_hint=asking.FILES_HINT,
        accepted=asking.ACCEPTED,
        token=forms.token(BREACH, at=now, single=secrets.token_urlsafe(16)),
    )
    return render(request, "portal/lodge.html", context, status=status_of(refusal) if refusal else 200)
