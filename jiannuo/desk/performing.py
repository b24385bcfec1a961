"""What is done to a promise, each on a page of its own: shown, confirmed or sent back, put off, stood still, lifted."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from jiannuo.access import rules as access
from jiannuo.desk.acting import ACCEPT, AMEND, CONFIRM, EXEMPT, FILES, REOPEN, RESUME, SUBMIT, SUSPEND, Act
from jiannuo.desk.evidence import result_kind, sent
from jiannuo.desk.fields import field_of, typed
from jiannuo.desk.gate import DeskRequest, desk_view
from jiannuo.desk.promise import facts, promise_of, shown_fields
from jiannuo.desk.wording import what_kind
from jiannuo.desk.working import carry_over
from jiannuo.duties.queries.promises import Promise
from jiannuo.kernel import clock
from jiannuo.kernel.refusals import Refused
from jiannuo.subjects import queries as subjects


@desk_view("duties.perform")
def submit_page(request: DeskRequest, duty_id: int) -> HttpResponse:
    return _page(request, duty_id, SUBMIT, "duties.perform")


@desk_view("duties.confirm")
def confirm_page(request: DeskRequest, duty_id: int) -> HttpResponse:
    return _page(request, duty_id, CONFIRM, "duties.confirm")


@desk_view("duties.confirm")
def reopen_page(request: DeskRequest, duty_id: int) -> HttpResponse:
    return _page(request, duty_id, REOPEN, "duties.confirm")


@desk_view("duties.amend")
def amend_page(request: DeskRequest, duty_id: int) -> HttpResponse:
    return _page(request, duty_id, AMEND, "duties.amend")


@desk_view("duties.amend")
def suspend_page(request: DeskRequest, duty_id: int) -> HttpResponse:
    return _page(request, duty_id, SUSPEND, "duties.amend")


@desk_view("duties.amend")
def resume_page(request: DeskRequest, duty_id: int) -> HttpResponse:
    return _page(request, duty_id, RESUME, "duties.amend")


@desk_view("duties.confirm")
def exempt_page(request: DeskRequest, duty_id: int) -> HttpResponse:
    return _page(request, duty_id, EXEMPT, "duties.confirm")


def _page(request: DeskRequest, duty_id: int, act: Act, right: str) -> HttpResponse:
    """The act done, or its form with what was typed and the complaint at its field."""
    found = promise_of(request.actor, duty_id)
    refused: Refused | None = None
    if request.method == "POST":
        try:
            act.do(request, duty_id)
        except Refused as no:
            if no.code == "forbidden":
                raise
            refused = no
        else:
            carry_over(clock.now())
            messages.success(request, act.said)
            return redirect("desk:promise", duty_id)
    else:
        whose = found.card.confirmer_id if right == "duties.confirm" else found.card.duty.debtor_id
        access.demand(request.actor, right, whose)
    return render(
        request, "desk/promise_act.html", _context(request, found, act, refused), status=422 if refused else 200
    )


def _context(request: DeskRequest, found: Promise, act: Act, refused: Refused | None) -> dict[str, Any]:
    card = found.card
    kind = result_kind(card) if act is SUBMIT else None
    errors = {refused.field: refused.message} if refused and refused.field else {}
    values = typed(kind, request.POST) if kind else {}
    results = [field_of(kind, field, values, errors, clock.today()) for field in kind.fields] if kind else []
    return {
        "act": act,
        "title": act.title,
        "fields": [_field(request, one, errors) for one in act.fields],
        "results": results,
        "accept": ACCEPT,
        "files_hint": FILES,
        "files_error": errors.get("evidence", ""),
        "refusal": refused,
        "seen": card.submitted if act is CONFIRM else None,
        "sent": sent(found)[:1] if act.shows_evidence else [],
        "facts": facts(card, subjects.directory(clock.today())),
        "said": shown_fields(card),
        "about": f"{what_kind(card)} {card.title}",
        "back": reverse("desk:promise", args=[card.duty.id]),
        "trail": [("承诺", reverse("desk:promises")), (card.title, reverse("desk:promise", args=[card.duty.id]))],
    }


def _field(request: DeskRequest, field: Mapping[str, Any], errors: Mapping[str, str]) -> dict[str, Any]:
    name = str(field["name"])
    return {
        "type": "text",
        **field,
        "value": request.POST.get(name, ""),
        "checked": name in request.POST,
        "error": errors.get(name, ""),
    }
