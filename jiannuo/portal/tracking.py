"""查进度: the holder of a receipt code sees how the case stands, reads what was answered, and goes on with it. The code is never in an address."""

import secrets
from collections.abc import Sequence
from datetime import date, datetime

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.csrf import csrf_exempt

from jiannuo.cases import actions as cases
from jiannuo.cases import queries
from jiannuo.cases.actions import Followed, Given, Line
from jiannuo.cases.actions.gathering import Paper
from jiannuo.cases.actions.keeping import Promised
from jiannuo.cases.queries import CaseCard
from jiannuo.disclosure.queries import records
from jiannuo.duties.queries.claims import interest_of, sum_of
from jiannuo.duties.queries.promises import PromiseCard
from jiannuo.kernel import clock
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as ledger
from jiannuo.policy import pack as policy
from jiannuo.policy.flows import Step
from jiannuo.portal import asking, complaining, forms, parts
from jiannuo.portal.answering import number, speaking, status_of
from jiannuo.portal.promises import standing_cell
from jiannuo.subjects import queries as subjects

ABOUT = "track"


@csrf_exempt  # Without a cookie there is nothing to forge with; forms holds where the form came from.
@speaking
@subjects.one_reading()
def track(request: HttpRequest) -> HttpResponseBase:
    """The box for the code; with the code, the case."""
    if request.method != "POST":
        return _ask(request)
    now, today = clock.now(), clock.today()
    code, address = request.POST.get("code", "").strip()[:40], forms.address_of(request)
    try:
        forms.check(request, ABOUT, at=now)
        found = cases.follow(code, on=today, at=now, address=address)
    except Refused as refusal:
        return _ask(request, refusal, code)
    return _show(request, found, code, now, today)


@csrf_exempt  # As above.
@speaking
def go_on(request: HttpRequest) -> HttpResponseBase:
    """A step that its opener takes: what the table allows, with what it needs."""
    if request.method != "POST":
        return _ask(request)
    asking.not_too_large(request)
    now, today = clock.now(), clock.today()
    code, name = request.POST.get("code", "").strip()[:40], request.POST.get("step", "")
    address = forms.address_of(request)
    try:
        single = forms.check(request, ABOUT, at=now)
        found = cases.follow(code, on=today, at=now, address=address)
    except Refused as refusal:
        return _ask(request, refusal, code)
    step = found.card.flow.by_id.get(name)
    try:
        given = _given(request, step, f"{single}/{name}", missing(found, step))
        after = cases.go_on(code, step=name, given=given, on=today, at=now, address=address)
    except Refused as refusal:
        return _show(request, found, code, now, today, refusal=refusal, step=name)
    return _show(request, after, code, now, today, done=step.title if step else "")


@csrf_exempt  # As above.
@speaking
def acknowledge(request: HttpRequest) -> HttpResponseBase:
    """Whether a part of an agreement was kept, in the words of whom it was promised to."""
    if request.method != "POST":
        return _ask(request)
    now, today = clock.now(), clock.today()
    code, address = request.POST.get("code", "").strip()[:40], forms.address_of(request)
    try:
        single = forms.check(request, ABOUT, at=now)
        found = cases.follow(code, on=today, at=now, address=address)
    except Refused as refusal:
        return _ask(request, refusal, code)
    duty, seen = (number(request.POST, name, 0) for name in ("duty", "seen"))
    done = request.POST.get("said") == "done"
    try:
        after = cases.acknowledge(
            code, duty_id=duty, done=done, words=request.POST.get("words", ""), seen=seen, token=f"{single}/{duty}",
            on=today, at=now, address=address,
        )  # fmt: skip
    except Refused as refusal:
        return _show(request, found, code, now, today, refusal=refusal)
    return _show(request, after, code, now, today, done="确认已经做到" if done else "退回，没有做到")


@csrf_exempt  # As above.
@speaking
def own_file(request: HttpRequest) -> HttpResponseBase:
    """A file of the case, to who holds the code."""
    if request.method != "POST":
        return _ask(request)
    now, today = clock.now(), clock.today()
    code, address = request.POST.get("code", "").strip()[:40], forms.address_of(request)
    try:
        forms.check(request, ABOUT, at=now)
        digest = request.POST.get("digest", "")
        name, data = cases.own_file(code, digest=digest, on=today, at=now, address=address)
    except Refused as refusal:
        return _ask(request, refusal, code)
    response = HttpResponse(data, content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def missing(found: Followed, step: Step | None) -> list[str]:
    """The papers that are still to be handed in, by name, where the step brings them."""
    return [one.title for one in found.papers if one.missing] if step and step.filling.collects else []


def _given(request: HttpRequest, step: Step | None, token: str, titles: Sequence[str]) -> Given:
    kind = policy.current().kinds[step.asks] if step and step.asks else None
    return Given(
        words=request.POST.get("words", ""),
        files=asking.named_files(request, titles) if step and "papers" in step.needs else asking.files(request),
        fields=asking.typed([kind], request) if kind else {},
        organs=[one for one in request.POST.getlist("organs") if one.strip()],
        token=token,
    )


def _ask(request: HttpRequest, refusal: Refused | None = None, code: str = "") -> HttpResponseBase:
    context = parts.context(
        "凭回执码查进度",
        "投诉举报办到哪一步了、答复了什么，凭回执码查看、补充、评价。",
        trail=parts.trail(("投诉举报", "portal:complain")),
        tabs=complaining.tabs("track"),
        refusal=refusal,
        code=code,
        token=forms.token(ABOUT, at=clock.now()),
    )
    return render(request, "portal/track.html", context, status=status_of(refusal) if refusal else 200)


def _show(
    request: HttpRequest,
    found: Followed,
    code: str,
    now: datetime,
    today: date,
    *,
    refusal: Refused | None = None,
    step: str = "",
    done: str = "",
) -> HttpResponseBase:
    directory = subjects.directory(today)
    card = found.card
    context = parts.context(
        f"{card.flow.short} {card.number}",
        "凭回执码看到的进度。",
        trail=_trail(card),
        card=card,
        days=[_day(one) for one in found.days],
        papers=[_paper(one) for one in found.papers],
        handler=directory.heir(card.handler_id).name,
        clock=complaining.clock_of(card, today),
        said=[{"label": title, "value": value, "wide": len(value) > 60} for title, value in found.said],
        lines=[_line(one, directory, today) for one in reversed(found.lines)],
        steps=[
            _step(card, one, request, today, refusal if one.id == step else None, missing(found, one))
            for one in found.open_steps
        ],
        owed=found.owed,
        promised=[_promised(one, today) for one in found.promised],
        readings=[{"on": one.at, "who": one.detail, "purpose": one.purpose} for one in found.readings],
        apart=bool(card.flow.apart),
        organs=[one.name for one in directory.organs] if any(one.needs for one in found.open_steps) else [],
        refusal=refusal,
        done=done,
        code=code,
        files_hint=asking.FILES_HINT,
        accepted=asking.ACCEPTED,
        token=forms.token(ABOUT, at=now, single=secrets.token_urlsafe(12)),
    )
    return render(request, "portal/followed.html", context, status=status_of(refusal) if refusal else 200)


def _trail(card: CaseCard) -> list[tuple[str, str]]:
    """Back to where such a case begins."""
    begun = ("政务服务", "portal:services") if card.flow.about == "item" else ("投诉举报", "portal:complain")
    return parts.trail(begun, ("查进度", "portal:track"))


def _day(one: Promised) -> dict[str, object]:
    return {
        "title": one.title,
        "due_on": one.due.due_on,
        "start": one.due.start,
        "limit": f"{one.due.limit}个工作日",
        "explanation": one.due.explanation,
        "skipped": [{"day": skip.day, "why": skip.why} for skip in one.due.skipped],
        "provisional": one.due.provisional,
    }


def _paper(one: Paper) -> dict[str, object]:
    held = f"{one.held.what}（{one.held.number}）" if one.held else ""
    return {"title": one.title, "words": "已交" if one.came else f"已有，不用再交：{held}" if held else "还没有交"}


def _line(one: Line, directory: subjects.Directory, on: date) -> dict[str, object]:
    written = ledger.entry(one.record) if one.record else None
    shown = records.public_record(written.identity.hex(), on=on) if written else None
    return {
        "record": parts.address("record", shown.identity) if shown and shown.state == "public" else "",
        "on": one.on,
        "title": one.title,
        "state": one.state,
        "who": "您" if one.mine else directory.card(one.organ_id).name,
        "words": one.words,
        "files": [{"name": name, "digest": digest} for name, digest in one.files],
    }


def _promised(one: PromiseCard, on: date) -> dict[str, object]:
    """A part of an agreement: how it stands, what it owes in interest, and whether it waits for the word of whoever holds the code."""
    late = interest_of(one, on=on)
    waits = one.submitted is not None and one.duty.is_open
    cell = standing_cell(
        one.duty.standing, waits=waits, still=one.suspended_since is not None, kept_on=one.duty.kept_on
    )
    return {
        "id": one.duty.id,
        "title": one.title,
        "sum": sum_of(one),
        "due_on": one.duty.due_on,
        "kept_on": one.duty.kept_on,
        "standing": cell.standing,
        "submitted_on": one.submitted_on if waits else None,
        "seen": one.submitted,
        "late": late.words if late and late.days else "",
    }


def _step(
    card: CaseCard, step: Step, request: HttpRequest, on: date, refusal: Refused | None, titles: Sequence[str]
) -> dict[str, object]:
    """A step as a form: the words, papers and fields that the table asks for."""
    kind = queries.asked(card, step)
    message = f"{refusal.message}。{refusal.fix}。" if refusal else ""
    typed = {name: str(value) for name, value in request.POST.items()} if refusal else {}
    return {
        "id": step.id,
        "title": step.title,
        "hint": step.hint,
        "what": step.what,
        "words": "words" in step.needs,
        "papers": "papers" in step.needs,
        "titles": list(titles),
        "organ": bool({"organ", "organs"} & set(step.needs)),
        "boxes": asking.boxes(kind, typed, on, wrong=refusal.field if refusal else "", message=message) if kind else [],
        "typed": typed.get("words", ""),
        "open": refusal is not None,
        "error": message,
    }
