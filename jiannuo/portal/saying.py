"""我说两句 and the links of those it was promised to: people say whether it is true, without an account and without a name."""

from datetime import date, datetime

from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt

from jiannuo.cases.actions import ANONYMOUS, Opened
from jiannuo.disclosure.queries.promised import PromiseCard, title_of
from jiannuo.duties import actions as duties
from jiannuo.duties.queries import invited
from jiannuo.kernel import clock
from jiannuo.kernel.refusals import Refused
from jiannuo.portal import complaining, forms, parts, promise
from jiannuo.portal.answering import nothing_here, public, speaking, status_of
from jiannuo.subjects import queries as subjects

SAYS = (
    ("agreed", "属实，办成了"),
    ("disputed", "不属实，只加一个人数"),
    ("verify", "不属实，请核实并答复我（给回执码）"),
)
NOT_KEPT = "承诺没有兑现"


@csrf_exempt  # Without a cookie there is nothing to forge with; forms holds where the form came from.
@speaking
def say(request: HttpRequest, identity: str) -> HttpResponseBase:
    """What somebody says of a promise enters the ledger, or is refused with what they wrote still in the form."""
    now, today = clock.now(), clock.today()
    card = promise.found(identity, on=today)
    if request.method != "POST" or not promise.may_say(card):
        return redirect("portal:promise", identity)
    try:
        opened = _speak(request, card, now, today)
    except Refused as refusal:
        context = promise.page(card, on=today, day=None)
        context |= {"refusal": refusal, **_typed(request)}
        return render(request, "portal/promise.html", context, status=status_of(refusal))
    if opened:
        return complaining.receipt(request, opened, today, back=parts.address("promise", identity))
    return redirect("portal:heard", identity)


def _speak(request: HttpRequest, card: PromiseCard, now: datetime, today: date) -> Opened | None:
    """The answer is counted; who wants it looked into gets a complaint with a receipt, without a name, in the same moment."""
    forms.check(request, card.identity, at=now)
    said = request.POST.get("said", "")
    if said not in dict(SAYS):
        raise Refused("没有选属实还是不属实", fix="请选一个", field="said")
    words, address = request.POST.get("words", ""), forms.address_of(request)
    with transaction.atomic():
        agreed = said == "agreed"
        duties.speak(duty_id=card.duty_id, agreed=agreed, words=words, address=address, on=today, at=now)
        if said != "verify":
            return None
        debtor = subjects.directory(today).heir(card.debtor_id)
        content = f"承诺“{card.title}”（{card.shown.number}）不属实：{words.strip()}"
        given = {"category": NOT_KEPT, "against": debtor.name, "content": content, "disclosure": ANONYMOUS}
        # The page is the same for everybody, so this is all that tells one person's form from another's.
        single = f"promise:{card.identity}:{address}:{request.headers.get('User-Agent', '')}"
        return complaining.take_in(given, (), single=single, address=address, on=today, at=now)


def _typed(request: HttpRequest) -> dict[str, str]:
    """What stands in the form still, so that nobody types it twice."""
    return {"said": request.POST.get("said", ""), "words": request.POST.get("words", "")[:4000]}


@public
def heard(request: HttpRequest, identity: str) -> HttpResponseBase:
    card = promise.found(identity, on=clock.today())
    debtor = subjects.directory(clock.today()).heir(card.debtor_id)
    return render(
        request,
        "portal/heard.html",
        parts.context(
            "收到了",
            "您说的已经收下。接下来会怎样。",
            trail=parts.trail(("承诺", "portal:promises")),
            promise_title=card.title,
            debtor=debtor.short,
            back=parts.address("promise", identity),
        ),
    )


@csrf_exempt  # The link itself is the secret; forms holds where the form came from.
@speaking
def answer(request: HttpRequest, token: str) -> HttpResponseBase:
    """The page a link leads to: one question, one answer."""
    now, today = clock.now(), clock.today()
    link = invited.invitation(duties.digest_of(token))
    if link is None:
        raise nothing_here("没有这个链接", fix="请照纸上或者短信里的地址重新输入；还打不开的，请联系给您链接的单位")
    refusal: Refused | None = None
    done = False
    if request.method == "POST":
        try:
            _take(request, token, now, today)
            done = True
        except Refused as no:
            refusal = no
    status = 200 if refusal is None else status_of(refusal)
    return render(request, "portal/answer.html", _answer_page(request, token, link, refusal, done=done), status=status)


def _take(request: HttpRequest, token: str, now: datetime, today: date) -> None:
    forms.check(request, f"link:{token}", at=now)
    said, words = request.POST.get("said", ""), request.POST.get("words", "")
    duties.answer(token=token, said=said, words=words, on=today, at=now)


def _answer_page(
    request: HttpRequest, token: str, link: invited.InvitationCard, refusal: Refused | None, *, done: bool
) -> dict[str, object]:
    title, organ_id = title_of(link.entry_id)
    is_judged = link.purpose == invited.SATISFACTION
    return parts.context(
        "您对答复满意吗" if is_judged else "这件事办成了吗",
        "给受益人和提出人的答复页，一个链接答一次。",
        promise_title=title,
        organ=subjects.directory(clock.today()).heir(organ_id).name,
        choices=list(link.choices.items()),
        is_judged=is_judged,
        used=link.is_used and not done,
        done=done,
        refusal=refusal,
        **_typed(request),
        token=forms.token(f"link:{token}", at=clock.now()),
    )
