"""The one way a desk page knows who asks: signed in, allowed, and answered in words where not."""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime, timedelta
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode

from django.contrib import auth
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from jiannuo.access import actions as access_actions
from jiannuo.access import queries as access
from jiannuo.access import rules
from jiannuo.access.rules import Actor
from jiannuo.exchange import queries as exchange
from jiannuo.kernel import clock
from jiannuo.kernel.refusals import Refused
from jiannuo.subjects import queries as subjects

SINCE, SEEN, UNREAD = "since", "seen", "unread"
_SEEN_EVERY = timedelta(minutes=1)

P = ParamSpec("P")


class DeskRequest(HttpRequest):
    """A request whose asker is known."""

    actor: Actor


View = Callable[Concatenate[DeskRequest, P], HttpResponse]
Gated = Callable[Concatenate[HttpRequest, P], HttpResponse]


def desk_view(
    action: str | None, *, polls: bool = False, before_password_change: bool = False
) -> Callable[[View[P]], Gated[P]]:
    """A page for those who may do `action` somewhere, or for everyone signed in when it is None.

    The view reads `request.actor` and demands the organ at hand itself. A page that asks by itself again and again
    says `polls`, so that it does not keep a forgotten session alive.
    """

    def gate(view: View[P]) -> Gated[P]:
        @wraps(view)
        def gated(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            # A page that only reads asks once who exists; what writes looks again after each change.
            with subjects.one_reading() if request.method in ("GET", "HEAD") else nullcontext():
                actor = _actor(request, polls=polls)
                if actor is None:
                    return _to(request, f"{reverse('login')}?{urlencode({'next': _way_back(request)})}")
                asking = _known(request, actor)
                if actor.must_change_password and not before_password_change:
                    return _to(request, reverse("password"))
                try:
                    if action is not None:
                        rules.demand(actor, action)
                    response = view(asking, *args, **kwargs)
                except Refused as refused:
                    response = refusal(asking, refused)
                # What is behind the desk stays in no cache, the browser's included.
                response.headers.setdefault("Cache-Control", "no-store, private")
                return response

        gated.action = action  # type: ignore[attr-defined]  # tests read the table of rights off the addresses
        return gated

    return gate


def _known(request: HttpRequest, actor: Actor) -> DeskRequest:
    request.actor = actor  # type: ignore[attr-defined]
    return request  # type: ignore[return-value]


def _actor(request: HttpRequest, *, polls: bool) -> Actor | None:
    actor = access.actor_of(request.user)
    if actor is None:
        return None
    now = clock.now()
    signed_in = _moment(request, SINCE)
    if signed_in is None or not timedelta(0) <= now - signed_in < rules.SESSION_LASTS:
        auth.logout(request)
        return None
    seen = _moment(request, SEEN)
    # Once a minute is enough to know an idle session, and spares the database a write for every page.
    if not polls and (seen is None or abs(now - seen) > _SEEN_EVERY or UNREAD not in request.session):
        request.session[SEEN] = now.isoformat()
        count_unread(request, actor)
    return actor


def count_unread(request: HttpRequest, actor: Actor) -> None:
    """The header's number of unread messages is looked up with the session's minute and kept beside it."""
    request.session[UNREAD] = exchange.unread(actor.user_id)


def _moment(request: HttpRequest, name: str) -> datetime | None:
    written = request.session.get(name)
    return datetime.fromisoformat(written) if isinstance(written, str) else None


def start(request: HttpRequest, actor: Actor, now: datetime) -> None:
    """From this moment the session counts its hours."""
    request.session[SINCE] = request.session[SEEN] = now.isoformat()
    count_unread(request, actor)


def refusal(request: HttpRequest, refused: Refused) -> HttpResponse:
    """The refusal as a page, or as a fragment where htmx asked: 403 where the right is missing, else 422."""
    forbidden = refused.code == "forbidden"
    actor = getattr(request, "actor", None)
    if forbidden and actor is not None:
        access_actions.note(
            actor,
            action="refused",
            object=f"{request.method} {request.path}",
            at=clock.now(),
            detail=refused.message,
            address=address_of(request),
        )
    status = 403 if forbidden else 422
    context = refused.as_dict() | {"refusal": refused}
    if asked_by_htmx(request):
        return render(request, "components/callout.html", context | {"kind": "refusal"}, status=status)
    return render(request, f"{status}.html", context, status=status)


def asked_by_htmx(request: HttpRequest) -> bool:
    """True where a fragment is awaited instead of a page."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true"


def address_of(request: HttpRequest) -> str:
    """The network address the request came from."""
    return rules.network_address(str(request.META.get("REMOTE_ADDR", "")), request.headers.get("X-Forwarded-For", ""))


def _way_back(request: HttpRequest) -> str:
    return request.get_full_path() if request.method == "GET" and not asked_by_htmx(request) else ""


def _to(request: HttpRequest, url: str) -> HttpResponse:
    if asked_by_htmx(request):
        return HttpResponse(headers={"HX-Redirect": url})
    return redirect(url)
