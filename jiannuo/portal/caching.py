"""Public pages kept in memory until the ledger moves, with validators so that any proxy in front can serve them."""

from collections import OrderedDict
from collections.abc import Callable
from hashlib import sha256
from threading import Lock

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from msgspec import Struct

from jiannuo.disclosure.queries.remembering import GLIMPSE, State

CACHE_CONTROL = "public, max-age=0, must-revalidate"
LARGEST_SHARE = 8
"""No page takes more than this part of the memory kept for all of them."""
OVERHEAD = 600

Key = tuple[str, str, str]
Answer = Callable[[HttpRequest], HttpResponseBase]


class Kept(Struct, frozen=True):
    """One page as it was made under a state."""

    state: State
    body: bytes
    headers: tuple[tuple[str, str], ...]
    etag: str

    @property
    def size(self) -> int:
        return len(self.body) + OVERHEAD

    def response(self) -> HttpResponse:
        made = HttpResponse(self.body)
        for name, value in self.headers:
            made.headers[name] = value
        return made


class Pages:
    """Pages by address, the least lately asked for given up first when there are too many bytes of them."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.bytes = 0
        self._kept: OrderedDict[Key, Kept] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Key, state: State) -> Kept | None:
        """The page, where it was made under this very state."""
        with self._lock:
            found = self._kept.get(key)
            if found is None or found.state != state:
                return None
            self._kept.move_to_end(key)
            return found

    def put(self, key: Key, page: Kept) -> None:
        """Keep a page in place of an older one of that address."""
        if page.size * LARGEST_SHARE > self.limit:
            return
        with self._lock:
            if before := self._kept.pop(key, None):
                self.bytes -= before.size
            self._kept[key] = page
            self.bytes += page.size
            while self.bytes > self.limit:
                _, gone = self._kept.popitem(last=False)
                self.bytes -= gone.size


def public_pages(get_response: Answer) -> Answer:
    """Public pages are answered from memory while nothing they are made from has changed."""
    pages = Pages(settings.PAGE_CACHE_BYTES)

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD"):
            try:
                return get_response(request)
            finally:
                # Whoever sent something sees it on the next page, however soon that is asked for.
                GLIMPSE.forget()
        # Inside a transaction what a page shows may be undone, so nothing is kept.
        if connection.in_atomic_block:
            return get_response(request)
        if request.path_info.startswith(("/desk/", "/api/", "/static/")):
            return get_response(request)
        key = (request.scheme or "", request.get_host(), request.get_full_path())
        state = GLIMPSE.state()
        page = pages.get(key, state)
        if page is None:
            response = get_response(request)
            if not isinstance(response, HttpResponse) or not keepable(request, response):
                return response
            page = keep(response, state)
            pages.put(key, page)
        return conditional(request, page)

    return middleware


def keepable(request: HttpRequest, response: HttpResponse) -> bool:
    """A whole page of this face that anybody may see, and that set no cookie."""
    match = request.resolver_match
    return (
        response.status_code == 200
        and match is not None
        and match.app_name == "portal"
        and not response.cookies
        and "Cache-Control" not in response.headers
    )


def keep(response: HttpResponse, state: State) -> Kept:
    """The page with the headers by which it can be asked for again."""
    etag = f'"{sha256(response.content).hexdigest()[:32]}"'
    own = (pair for pair in response.items() if pair[0] not in ("Vary", "Content-Length"))
    headers = (
        *own,
        ("ETag", etag),
        ("Last-Modified", http_date(state.modified.timestamp())),
        ("Cache-Control", CACHE_CONTROL),
        ("Content-Length", str(len(response.content))),
    )
    return Kept(state, response.content, headers, etag)


def conditional(request: HttpRequest, page: Kept) -> HttpResponseBase:
    """The page, or 304 where the reader holds this very page."""
    response = page.response()
    if "HTTP_IF_NONE_MATCH" not in request.META and "HTTP_IF_MODIFIED_SINCE" not in request.META:
        return response
    modified = int(page.state.modified.timestamp())
    return get_conditional_response(request, etag=page.etag, last_modified=modified, response=response) or response
