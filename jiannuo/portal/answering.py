"""How every public page answers: to reading alone, without a cookie, and in words when it cannot."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import render

from jiannuo.access.rules import TOO_MANY
from jiannuo.kernel.refusals import Refused
from jiannuo.subjects import queries as subjects

P = ParamSpec("P")

NOT_FOUND = "not_found"
STATUS = {TOO_MANY: 429, NOT_FOUND: 404, "origin": 403, "token": 403}


def public(
    view: Callable[Concatenate[HttpRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """A page for everybody; a refusal is shown with what to do next."""

    @wraps(view)
    def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        try:
            # A page reads and changes nothing, so who exists is asked once for all its parts.
            with subjects.one_reading():
                return view(request, *args, **kwargs)
        except Refused as refusal:
            return refused(request, refusal)

    return answer


def speaking(
    view: Callable[Concatenate[HttpRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """A page on which somebody without an account says something: read or sent, kept in no cache, without a cookie."""

    @wraps(view)
    def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD", "POST"):
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
        try:
            response = view(request, *args, **kwargs)
        except Refused as refusal:
            response = refused(request, refusal)
        response["Cache-Control"] = "no-store"
        return response

    return answer


def refused(request: HttpRequest, refusal: Refused) -> HttpResponseBase:
    """What is wrong and what to do: 404 for what is not there, 400 for what cannot be asked."""
    if refusal.code == NOT_FOUND:
        return render(request, "404.html", {"refusal": refusal}, status=404)
    return render(request, "portal/refused.html", {"refusal": refusal}, status=400)


def status_of(refusal: Refused) -> int:
    """The status of a form that is shown again with what is wrong."""
    return STATUS.get(refusal.code, 422)


def nothing_here(message: str, *, fix: str) -> Refused:
    """The refusal of an address that leads to nothing public."""
    return Refused(message, fix=fix, code=NOT_FOUND)


def number(params: Mapping[str, Any], name: str, default: int = 0) -> int:
    """A whole number from an address; what is none counts as the default."""
    text = str(params.get(name, ""))
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else default
