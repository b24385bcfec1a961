"""Public pages from memory: given again while nothing moved, made anew when the ledger did, and never more than fits."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.test import RequestFactory
from django.urls import ResolverMatch

from jiannuo.disclosure.queries import remembering
from jiannuo.disclosure.queries.remembering import State
from jiannuo.kernel import clock
from jiannuo.ledger import queries as ledger
from jiannuo.portal import caching
from jiannuo.portal.caching import Kept, Pages

NOON = datetime(2026, 11, 23, 12, tzinfo=clock.SHANGHAI)
BEFORE = State(7, NOON, "sample@1")


def kept(body: bytes, state: State = BEFORE) -> Kept:
    return caching.keep(HttpResponse(body), state)


class Site:
    """A view behind the cache that counts how often it is asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked = 0
        self.head = 7
        self.answer: dict[str, Any] = {"content": "页"}
        self.face = "portal"
        self.cookie = False
        monkeypatch.setattr(ledger, "head", lambda: (self.head, NOON))
        monkeypatch.setattr(remembering, "GLANCE", -1.0)
        self.middleware = caching.public_pages(self.view)

    def view(self, request: HttpRequest) -> HttpResponseBase:
        self.asked += 1
        request.resolver_match = ResolverMatch(self.view, (), {}, app_names=[self.face])
        response = HttpResponse(**self.answer)
        if self.cookie:
            response.set_cookie("a", "b")
        return response

    def get(self, path: str = "/", **headers: str) -> HttpResponseBase:
        return self.middleware(RequestFactory().get(path, headers=headers))


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Site:
    return Site(monkeypatch)


def test_a_page_is_made_once_and_given_again(site: Site) -> None:
    first, second = site.get(), site.get()
    assert site.asked == 1
    assert isinstance(first, HttpResponse)
    assert isinstance(second, HttpResponse)
    assert first.content == second.content == "页".encode()
    assert dict(first.items()) == dict(second.items())


def test_it_is_made_anew_when_the_ledger_moves(site: Site) -> None:
    site.get()
    site.head = 8
    site.get()
    assert site.asked == 2


def test_whoever_sends_something_sees_it_at_once(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    remembering.GLIMPSE.forget()
    monkeypatch.setattr(remembering, "GLANCE", 60.0)
    site.get()
    site.head = 8
    site.get()
    assert site.asked == 1, "looked again within the minute"
    site.middleware(RequestFactory().post("/"))
    site.get()
    assert site.asked == 3
    remembering.GLIMPSE.forget()


def test_each_address_and_host_has_its_own_page(site: Site) -> None:
    for path in ("/", "/?q=1", "/?q=2", "/"):
        site.get(path)
    site.get("/", host="localhost")
    assert site.asked == 4


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"face": "desk"}, id="another face"),
        pytest.param({"cookie": True}, id="a cookie was set"),
        pytest.param({"answer": {"content": "没有", "status": 404}}, id="not found"),
        pytest.param({"answer": {"content": "表", "headers": {"Cache-Control": "no-store"}}}, id="said not to"),
    ],
)
def test_what_is_not_everybodys_is_not_kept(site: Site, change: dict[str, Any]) -> None:
    for name, value in change.items():
        setattr(site, name, value)
    response = site.get()
    site.get()
    assert site.asked == 2
    assert "ETag" not in response.headers


@pytest.mark.parametrize("path", ["/desk/", "/api/v1/records", "/static/site/app.css"])
def test_the_other_faces_are_never_looked_up(site: Site, path: str) -> None:
    site.get(path)
    site.get(path)
    assert site.asked == 2


def test_what_is_sent_is_passed_on(site: Site) -> None:
    site.get()
    site.middleware(RequestFactory().post("/"))
    assert site.asked == 2


def test_any_proxy_may_keep_it_and_must_ask_again(site: Site) -> None:
    response = site.get()
    assert response.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert response.headers["ETag"].startswith('"')
    assert not response.headers.get("Vary")
    assert response.headers["Last-Modified"].endswith("GMT")


@pytest.mark.parametrize("header", ["If-None-Match", "If-Modified-Since"])
def test_who_holds_the_page_is_not_sent_it_again(site: Site, header: str) -> None:
    given = site.get()
    value = given.headers["ETag" if header == "If-None-Match" else "Last-Modified"]
    again = site.get(**{header: value})
    assert again.status_code == 304
    assert isinstance(again, HttpResponse)
    assert again.content == b""
    assert again.headers["ETag"] == given.headers["ETag"]


def test_another_page_is_sent_whole_to_who_holds_the_old_one(site: Site) -> None:
    old = site.get().headers["ETag"]
    site.head, site.answer = 8, {"content": "新页"}
    assert site.get(**{"If-None-Match": old}).status_code == 200


def test_a_day_that_begins_changes_every_page() -> None:
    pages = Pages(100_000)
    pages.put(("http", "a", "/"), kept(b"x"))
    assert pages.get(("http", "a", "/"), BEFORE) is not None
    later = State(7, NOON + timedelta(minutes=1), "sample@1")
    other = State(7, NOON, "sample@2")
    assert pages.get(("http", "a", "/"), later) is None
    assert pages.get(("http", "a", "/"), other) is None


def test_the_least_lately_asked_for_goes_first() -> None:
    pages = Pages(10 * (1000 + caching.OVERHEAD))
    keys = [("http", "a", f"/{number}") for number in range(11)]
    for key in keys[:10]:
        pages.put(key, kept(b"x" * 1000))
    pages.get(keys[0], BEFORE)
    pages.put(keys[10], kept(b"x" * 1000))
    assert [key for key in keys if pages.get(key, BEFORE) is None] == [keys[1]]
    assert pages.bytes <= pages.limit


def test_one_huge_page_drives_nothing_out() -> None:
    pages = Pages(10_000)
    pages.put(("http", "a", "/"), kept(b"x"))
    pages.put(("http", "a", "/huge"), kept(b"x" * 9000))
    assert pages.get(("http", "a", "/huge"), BEFORE) is None
    assert pages.get(("http", "a", "/"), BEFORE) is not None


def test_a_page_kept_again_is_counted_once() -> None:
    pages = Pages(100_000)
    for _ in range(3):
        pages.put(("http", "a", "/"), kept(b"x" * 100))
    assert pages.bytes == 100 + caching.OVERHEAD


@pytest.mark.django_db
def test_inside_a_transaction_nothing_is_kept(site: Site) -> None:
    site.get()
    site.get()
    assert site.asked == 2
