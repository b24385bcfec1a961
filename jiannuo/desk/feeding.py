"""The calendar an account subscribes to: opened by its token alone, with no session and no cookie."""

from hashlib import sha256

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from jiannuo.access import queries as accounts
from jiannuo.exchange import queries as exchange
from jiannuo.kernel import clock


@require_safe
def calendar_file(request: HttpRequest, token: str) -> HttpResponseBase:
    """The due dates behind a token, or 304 where the program holds them already; 404 where the token opens nothing."""
    today = clock.today()
    actor = accounts.actor_of_feed(token, on=today)
    if actor is None:
        raise Http404
    content = exchange.feed(actor, on=today)
    etag = f'"{sha256(content).hexdigest()[:32]}"'
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Disposition"] = 'inline; filename="jiannuo.ics"'
    response.headers["Referrer-Policy"] = "no-referrer"
    return get_conditional_response(request, etag=etag, response=response) or response
