"""投诉举报: anybody complains without an account, openly, in confidence or without a name, and is given a receipt."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from jiannuo.access import actions as access
from jiannuo.access.rules import Limit
from jiannuo.cases import actions as cases
from jiannuo.cases import queries
from jiannuo.cases.actions import Opened
from jiannuo.cases.queries import CaseCard
from jiannuo.cases.rules import Taker
from jiannuo.duties.actions import Upload
from jiannuo.duties.queries import explain
from jiannuo.kernel import clock, sealing
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as ledger
from jiannuo.policy import pack as policy
from jiannuo.policy.flows import Flow
from jiannuo.policy.kinds import Kind
from jiannuo.portal import asking, forms, parts
from jiannuo.portal.answering import speaking, status_of
from jiannuo.subjects import queries as subjects

COMPLAINT = "complaint"
NEW = Limit("complaint", 10, timedelta(hours=1), "已经提出了{times}件")
"""So many complaints from one network address in so long; an address may be shared by a village or an office."""
TABS = (
    ("complain", "我要投诉举报"),
    ("lodge", "企业反映政府违约"),
    ("track", "凭回执码查进度"),
    ("complaints", "投诉办得怎么样"),
    ("breaches", "违约处理得怎么样"),
)


@csrf_exempt  # Without a cookie there is nothing to forge with; forms holds where the form came from.
@speaking
def complain(request: HttpRequest) -> HttpResponseBase:
    """The form; sent, the receipt."""
    now, today = clock.now(), clock.today()
    if request.method != "POST":
        return _form(request, {"against": request.GET.get("organ", "")[:200]}, now, today)
    asking.not_too_large(request)
    given: dict[str, str] = {}
    try:
        single = forms.check(request, COMPLAINT, at=now)
        given = asking.typed(_kinds(), request)
        opened = take_in(
            given, asking.files(request), single=single, address=forms.address_of(request), on=today, at=now
        )
    except Refused as refusal:
        return _form(request, given or asking.typed(_kinds(), request), now, today, refusal)
    return receipt(request, opened, today)


@subjects.one_reading()
def take_in(
    given: Mapping[str, str],
    files: Sequence[Upload],
    *,
    single: str,
    address: str,
    on: date,
    at: datetime,
    flow: str = COMPLAINT,
    record_id: int | None = None,
    under: int | None = None,
) -> Opened:
    """The complaint, or what else the public opens, is in the ledger, or refused; the very same form sent twice is one with one code."""
    key = ledger.ring()[0]
    # Keyed: what is kept of the token must not let anybody try which address or form it was made from.
    said = [single, *(f"{name}={value}" for name, value in sorted(given.items()))]
    parts_of = [*(one.encode() for one in said), *(file.data for file in files)]
    token = sealing.blind(key, b"".join(sealing.blinds(key, parts_of))).hex()
    subjects.directory(on)
    with transaction.atomic():
        access.speak(key=key, address=address, topic=COMPLAINT, content=token, limits=[NEW], at=at)
        return cases.open_case(
            flow,
            fields=given,
            taker=Taker(holds_receipt=True),
            on=on,
            at=at,
            token=token,
            files=files,
            record_id=record_id,
            under=under,
        )


def receipt(
    request: HttpRequest, opened: Opened, on: date, *, back: str = "", trail: Sequence[tuple[str, str]] = ()
) -> HttpResponseBase:
    """What whoever complained takes away: number, code, and by when who has to answer and why then."""
    card = queries.case(opened.case_id, as_of=on)
    assert card is not None  # noqa: S101 - it was just opened
    context = parts.context(
        "回执",
        "编号和回执码。",
        trail=list(trail) or parts.trail(("投诉举报", "portal:complain")),
        opened=opened,
        card=card,
        clock=clock_of(card, on),
        owed=cases.reckoned(card=card, promised=(), on=on),
        following=following(card.flow),
        back=back,
    )
    return render(request, "portal/receipt.html", context)


def clock_of(card: CaseCard, on: date) -> dict[str, object] | None:
    """What has to be done next, by whom, by when, and why that day; nothing where nothing is owed."""
    duty = card.next_due
    pack = policy.current()
    if duty is None or (card.flow.kept and duty.kind in pack.kinds[card.flow.kept].opens):
        # The days of the record a case keeps up are told by themselves, each with how it is counted.
        return None
    kind = pack.duties[duty.kind]
    why = explain(kind.deadline, started_on=duty.started_on)
    debtor = subjects.directory(on).heir(duty.debtor_id)
    return {
        "what": duty.what,
        "who": debtor.name,
        "due_on": duty.due_on,
        "broken": duty.due_on < on,
        "start": why.start,
        "start_label": why.event,
        "limit": why.within,
        "explanation": why.words,
        "rule": why.source or why.assumed,
        "skipped": [{"day": one.day, "why": one.why} for one in why.skipped],
        "provisional": why.provisional,
    }


def tabs(current: str) -> list[dict[str, object]]:
    """The pages for who complains, beside one another."""
    return [{"label": label, "url": parts.address(name), "current": name == current} for name, label in TABS]


def _kinds() -> tuple[Kind, Kind]:
    """What was said, and who said it."""
    pack = policy.current()
    flow = pack.flows[COMPLAINT]
    return pack.kinds[flow.kind], pack.kinds[flow.apart]


def _form(
    request: HttpRequest, typed: Mapping[str, str], now: datetime, today: date, refusal: Refused | None = None
) -> HttpResponseBase:
    said, apart = _kinds()
    wrong = {"wrong": refusal.field, "message": f"{refusal.message}。{refusal.fix}。"} if refusal else {}
    context = parts.context(
        "投诉举报",
        "反映政府部门和工作人员不守信用的事：说了不办、拖欠账款、该公开的不公开。可以不留姓名，凭回执码查进度。",
        trail=parts.trail(),
        tabs=tabs("complain"),
        refusal=refusal,
        said=asking.boxes(said, typed, today, **wrong),
        who=asking.boxes(apart, typed, today, **wrong),
        organs=[card.name for card in subjects.directory(today).organs],
        following=following(policy.current().flows[COMPLAINT]),
        files_hint=asking.FILES_HINT,
        accepted=asking.ACCEPTED,
        token=forms.token(COMPLAINT, at=now, single=secrets.token_urlsafe(16)),
    )
    return render(request, "portal/complain.html", context, status=status_of(refusal) if refusal else 200)


def following(flow: Flow) -> list[str]:
    """What happens next and how long each part may take, as the pack has it."""
    pack = policy.current()
    kinds = [*pack.kinds[flow.kind].opens, *(kind for step in flow.steps for kind in step.starts)]
    names = [pack.duties[kind].deadline for kind in kinds] + [step.after for step in flow.steps if step.after]
    found = [pack.deadlines[name] for name in dict.fromkeys(names)]
    return [f"{one.what}：自{one.start}起{one.values[-1].words}" for one in found]
