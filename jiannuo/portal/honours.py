"""荣誉和示范: what is being selected by which criteria, who is before everybody now, who holds what; and anybody's opinion on a nominee."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from jiannuo.cases import queries as cases
from jiannuo.cases.queries import CaseCard, StepCard
from jiannuo.kernel import clock
from jiannuo.kernel.refusals import Refused
from jiannuo.policy import pack as policy
from jiannuo.portal import asking, complaining, forms, parts
from jiannuo.portal.answering import public, speaking, status_of
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.queries import Directory

OBJECTION, NOMINEE = "nomination_objection", "nominee"
NOMINATED = "nominated"
NOMINEE_COLUMNS = ({"label": "单位"}, {"label": "理由"}, {"label": "公示到", "nowrap": True}, {"label": "有不同意见"})
HONOUR_COLUMNS = (
    {"label": "单位"},
    {"label": "荣誉"},
    {"label": "授予机关"},
    {"label": "授予", "nowrap": True},
    {"label": "有效期至", "nowrap": True},
    {"label": "现在"},
)
STANDINGS: Mapping[str, str] = {"held": "on_time", "withdrawn": "overdue", "expired": "unchanged"}


@public
def honours(request: HttpRequest) -> HttpResponseBase:
    directory = subjects.directory(clock.today())
    pack, today = policy.current(), directory.on
    selections, nominees = (cases.of_flows([flow], as_of=today) for flow in ("selection", "demonstration"))
    held = [one for one in cases.of_flows(["honour"], as_of=today) if one.state.id in STANDINGS and not one.official]
    told = cases.steps_of([*selections, *nominees])
    before = [one for one in nominees if one.state.id == NOMINATED]
    context: dict[str, Any] = {
        "trail": parts.trail(),
        "selections": [_selection(one, told[one.id]) for one in selections if _said(told[one.id])],
        "criteria": list(pack.criteria.values()),
        "nominee_columns": NOMINEE_COLUMNS,
        "nominees": [_nominee(one, told[one.id], directory) for one in before],
        "columns": HONOUR_COLUMNS,
        "rows": [_honour(one, directory) for one in held],
    }
    about = "评选政务诚信示范单位的标准、公示中的名单、谁有什么荣誉；有了失信记录的自动撤销。"
    return render(request, "portal/honours.html", parts.context("荣誉和示范", about, **context))


def _said(done: Sequence[StepCard]) -> list[StepCard]:
    return [one for one in done if one.step and one.step.public and one.entry.reason]


def _selection(card: CaseCard, done: Sequence[StepCard]) -> dict[str, object]:
    return {
        "card": card,
        "apply_by": card.opening.body["apply_by"],
        "said": [(one.title, one.entry) for one in _said(done)],
    }


def _nominee(card: CaseCard, done: Sequence[StepCard], directory: Directory) -> parts.Row:
    pack, organ = policy.current(), directory.heir(card.subject_id or card.handler_id)
    last = pack.rule("honour_publicity", on=card.entered_on).due(card.entered_on, pack.calendar).due_on
    words = next((one.entry.reason for one in reversed(_said(done))), "")
    object_to = parts.Cell("提意见", parts.address("nomination", nominee=card.number))
    return parts.Row(
        (parts.Cell(organ.short, parts.address("organ", organ.code), sub=card.number), words, last, object_to)
    )


def _honour(card: CaseCard, directory: Directory) -> parts.Row:
    organ, body = directory.heir(card.subject_id or card.handler_id), card.opening.body
    standing = parts.Cell(standing=STANDINGS[card.state.id], standing_label=card.state.title)
    return parts.Row(
        (
            parts.Cell(organ.short, parts.address("organ", organ.code)),
            parts.Cell(body["title"], sub=str(body["document"])),
            body["authority"],
            date.fromisoformat(str(body["awarded_on"])),
            date.fromisoformat(str(body["valid_until"])) if body.get("valid_until") else "长期",
            standing,
        )
    )


@csrf_exempt  # Without a cookie there is nothing to forge with; forms holds where the form came from.
@speaking
def nomination(request: HttpRequest) -> HttpResponseBase:
    """The form of an opinion on a nominee; sent, the receipt."""
    now, today = clock.now(), clock.today()
    if request.method != "POST":
        return _form(request, {NOMINEE: request.GET.get(NOMINEE, "")[:40]}, now, today)
    asking.not_too_large(request)
    given: dict[str, str] = {}
    kind = policy.current().kinds[policy.current().flows[OBJECTION].kind]
    try:
        single = forms.check(request, OBJECTION, at=now)
        given = asking.typed([kind], request)
        opened = complaining.take_in(
            given,
            asking.files(request),
            flow=OBJECTION,
            single=single,
            address=forms.address_of(request),
            on=today,
            at=now,
        )
    except Refused as refusal:
        return _form(request, given or asking.typed([kind], request), now, today, refusal)
    return complaining.receipt(request, opened, today, trail=parts.trail(("荣誉和示范", "portal:honours")))


def _form(
    request: HttpRequest, typed: Mapping[str, str], now: datetime, today: date, refusal: Refused | None = None
) -> HttpResponseBase:
    pack = policy.current()
    flow = pack.flows[OBJECTION]
    wrong = {"wrong": refusal.field, "message": f"{refusal.message}。{refusal.fix}。"} if refusal else {}
    context = parts.context(
        flow.title,
        "对公示中的拟授予名单提意见：不用登录，收下以后给回执码。",
        trail=parts.trail(("荣誉和示范", "portal:honours")),
        flow=flow,
        refusal=refusal,
        boxes=asking.boxes(pack.kinds[flow.kind], typed, today, **wrong),
        following=complaining.following(flow),
        files_hint=asking.FILES_HINT,
        accepted=asking.ACCEPTED,
        action=parts.address("nomination"),
        token=forms.token(OBJECTION, at=now, single=secrets.token_urlsafe(16)),
    )
    return render(request, "portal/nomination.html", context, status=status_of(refusal) if refusal else 200)
