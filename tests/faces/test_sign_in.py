"""Signing in, staying in, being turned away: through the real pages."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.test import Client
from django.urls import path

from jiannuo.access import actions, queries, rules
from jiannuo.access.rules import INSTALLER
from jiannuo.desk.gate import DeskRequest, desk_view
from jiannuo.kernel import clock
from jiannuo.kernel.refusals import Refused
from jiannuo.policy import pack as policy
from jiannuo.site import urls as site_urls
from jiannuo.subjects import actions as subjects_actions
from jiannuo.subjects import queries as subjects

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

PASSWORD = "qinghe-2026-Credit"


@desk_view(None)
def who(request: DeskRequest) -> HttpResponse:
    return HttpResponse(f"{request.actor.username} {'、'.join(request.actor.role_titles)}")


@desk_view("release.decide")
def decide(request: DeskRequest) -> HttpResponse:
    return HttpResponse("decided")


@desk_view("intake.send")
def send(request: DeskRequest) -> HttpResponse:
    raise Refused("第3行的文号不全", fix="请补上年份", clause="法令〔2021〕1号", field="number")


@desk_view(None, polls=True)
def poll(request: DeskRequest) -> HttpResponse:
    return HttpResponse("polled")


def public(request: HttpRequest) -> HttpResponse:
    return render(request, "404.html")


urlpatterns = [
    path("desk/probe/who/", who),
    path("desk/probe/decide/", decide),
    path("desk/probe/send/", send),
    path("desk/probe/poll/", poll),
    path("public-probe/", public),
    *site_urls.urlpatterns,
]


class Clock:
    """The wall clock, moved by hand."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 23, 9, 0, tzinfo=clock.SHANGHAI)

    def now(self) -> datetime:
        return self.at

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)


@pytest.fixture(autouse=True)
def after(settings: Any) -> None:
    settings.LOGIN_REDIRECT_URL = "/desk/probe/who/"
    settings.LOGOUT_REDIRECT_URL = "/public-probe/"


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> Clock:
    wall = Clock()
    monkeypatch.setattr(clock, "now", wall.now)
    return wall


@pytest.fixture
def clerk(db: None) -> str:
    subjects_actions.load_organs(policy.current(), at=clock.now())
    organ = subjects.directory(clock.today()).find("县统计局")
    assert organ is not None
    user_id, _ = actions.create_account(
        by=INSTALLER, username="tongji.li", name="李某", organ_id=organ.id, at=clock.now(), password=PASSWORD
    )
    actions.grant(by=INSTALLER, user_id=user_id, role="clerk", on=clock.today(), at=clock.now())
    return "tongji.li"


def signs_in(client: Client, username: str = "tongji.li", password: str = PASSWORD, **more: str) -> Any:
    return client.post("/desk/login/", {"username": username, "password": password, **more})


def traced(*names: str) -> list[str]:
    return [trace.action for trace in reversed(queries.traces(limit=200)) if trace.action in names]


def test_a_visitor_is_sent_to_sign_in_and_comes_back_to_where_she_wanted(client: Client, clerk: str) -> None:
    sent = client.get("/desk/probe/who/?page=2")
    assert sent.status_code == 302
    assert sent["Location"] == "/desk/login/?next=%2Fdesk%2Fprobe%2Fwho%2F%3Fpage%3D2"
    page = client.get(sent["Location"])
    assert "/desk/probe/who/?page=2" in page.content.decode()
    back = signs_in(client, next="/desk/probe/who/?page=2")
    assert (back.status_code, back["Location"]) == (302, "/desk/probe/who/?page=2")
    assert client.get("/desk/probe/who/").content.decode() == "tongji.li 填报员"


@pytest.mark.parametrize("away", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"])
def test_the_way_back_stays_on_this_site(client: Client, clerk: str, away: str) -> None:
    assert "evil" not in signs_in(client, next=away)["Location"]
    assert "javascript" not in client.get("/desk/probe/who/").get("Location", "")


def test_the_session_is_another_one_after_signing_in(client: Client, clerk: str) -> None:
    client.session["planted"] = "yes"
    client.session.save()
    before = client.session.session_key
    signs_in(client)
    assert client.session.session_key != before
    assert not Session.objects.filter(pk=before).exists()


@pytest.mark.parametrize(
    "username, password",
    [
        pytest.param("tongji.li", "wrong", id="wrong password"),
        pytest.param("nobody", PASSWORD, id="no such name"),
        pytest.param("", "", id="nothing"),
        pytest.param("x" * 5000, "y" * 5000, id="very long"),
        pytest.param("no\x00body", "\x00", id="a null byte"),
    ],
)
def test_a_failure_does_not_say_which_half_was_wrong(client: Client, clerk: str, username: str, password: str) -> None:
    answer = signs_in(client, username, password)
    assert answer.status_code == 422
    assert "用户名或者口令不对" in answer.content.decode()
    assert traced("login.failed") == ["login.failed"]
    assert client.get("/desk/probe/who/").status_code == 302


def test_capitals_and_full_width_letters_sign_in_too(client: Client, clerk: str) -> None:
    assert signs_in(client, " Ｔongji.LI ").status_code == 302


def test_five_failures_close_the_name_for_everyone_at_that_address(client: Client, clerk: str) -> None:
    answers = [signs_in(client, password="wrong").status_code for _ in range(6)]
    assert answers == [422, 422, 422, 422, 429, 429]
    locked = signs_in(client)
    assert locked.status_code == 429
    assert "15分钟" in locked.content.decode()
    assert client.get("/desk/probe/who/").status_code == 302
    assert traced("login.failed", "login.locked") == ["login.failed"] * 4 + ["login.locked"] * 3
    elsewhere = Client(REMOTE_ADDR="10.1.2.3")
    assert signs_in(elsewhere).status_code == 302


def test_a_lock_is_lifted_by_a_new_password(client: Client, clerk: str) -> None:
    for _ in range(5):
        signs_in(client, password="wrong")
    found = queries.accounts(on=clock.today(), text=clerk)[0]
    first = actions.reset_password(by=INSTALLER, user_id=found.id, at=clock.now())
    assert signs_in(client, password=first)["Location"] == "/desk/password/"


def test_a_first_password_must_be_changed_before_anything_else(client: Client, clerk: str) -> None:
    _, first = actions.create_account(by=INSTALLER, username="new.one", name="新人", organ_id=None, at=clock.now())
    signs_in(client, "new.one", first)
    assert client.get("/desk/probe/who/")["Location"] == "/desk/password/"
    assert "初始口令" in client.get("/desk/password/").content.decode()
    wrong = client.post("/desk/password/", {"old": first, "new": PASSWORD, "again": PASSWORD + "x"})
    assert wrong.status_code == 422
    assert "两次输入的新口令不一样" in wrong.content.decode()
    other = Client()
    signs_in(other, "new.one", first)
    before = client.session.session_key
    changed = client.post("/desk/password/", {"old": first, "new": PASSWORD, "again": PASSWORD})
    assert changed.status_code == 302
    assert client.get("/desk/probe/who/").status_code == 200
    assert client.session.session_key != before
    assert other.get("/desk/probe/who/").status_code == 302, "other sessions end"
    assert traced("password.change") == ["password.change"]


def test_signing_out_ends_the_session_on_the_server(client: Client, clerk: str) -> None:
    signs_in(client)
    kept = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert client.get("/desk/logout/").status_code == 405, "a link cannot sign anyone out"
    assert client.post("/desk/logout/").status_code == 302
    client.cookies[settings.SESSION_COOKIE_NAME] = kept
    assert client.get("/desk/probe/who/").status_code == 302
    assert traced("login", "logout") == ["login", "logout"]


def test_a_closed_account_is_out_at_once(client: Client, clerk: str) -> None:
    signs_in(client)
    actions.close_account(by=INSTALLER, user_id=queries.accounts(on=clock.today())[0].id, at=clock.now())
    assert client.get("/desk/probe/who/").status_code == 302


def test_a_role_taken_away_is_gone_at_once(client: Client, clerk: str) -> None:
    signs_in(client)
    assert client.get("/desk/probe/send/").status_code == 422
    given = queries.accounts(on=clock.today())[0].grants[0]
    actions.end_grant(by=INSTALLER, grant_id=given.id, on=clock.today(), at=clock.now())
    assert client.get("/desk/probe/send/").status_code == 403


# -- how long a session lasts


def expires(client: Client) -> datetime:
    return Session.objects.get(pk=client.session.session_key).expire_date


def test_half_an_hour_idle_ends_the_session(client: Client, clerk: str) -> None:
    signs_in(client)
    left = expires(client) - datetime.now(clock.SHANGHAI)
    assert timedelta(minutes=29) < left <= timedelta(minutes=30)
    Session.objects.update(expire_date=datetime.now(clock.SHANGHAI))
    assert client.get("/desk/probe/who/").status_code == 302


def test_work_keeps_a_session_alive_and_a_page_that_polls_does_not(client: Client, clerk: str, wall: Clock) -> None:
    signs_in(client)
    short = datetime.now(clock.SHANGHAI) + timedelta(minutes=3)
    Session.objects.update(expire_date=short)
    wall.move(minutes=27)
    assert client.get("/desk/probe/poll/").content == b"polled"
    assert expires(client) == short
    client.get("/desk/probe/who/")
    assert expires(client) > short


def test_a_busy_minute_writes_the_session_once(client: Client, clerk: str, wall: Clock) -> None:
    signs_in(client)
    short = datetime.now(clock.SHANGHAI) + timedelta(minutes=3)
    Session.objects.update(expire_date=short)
    wall.move(seconds=50)
    client.get("/desk/probe/who/")
    assert expires(client) == short


def test_twelve_hours_end_a_session_however_busy(client: Client, clerk: str, wall: Clock) -> None:
    signs_in(client)
    wall.move(hours=11, minutes=59)
    assert client.get("/desk/probe/who/").status_code == 200
    wall.move(minutes=2)
    assert client.get("/desk/probe/who/").status_code == 302
    assert Session.objects.filter(pk=client.session.session_key).count() == 0


# -- being turned away


def test_a_missing_right_is_said_in_words_and_traced(client: Client, clerk: str) -> None:
    signs_in(client)
    answer = client.get("/desk/probe/decide/")
    assert answer.status_code == 403
    assert "没有“审核发布”的权限" in answer.content.decode()
    trace = queries.traces(action="refused")[0]
    assert (trace.username, trace.object) == (clerk, "GET /desk/probe/decide/")


def test_a_refusal_is_a_page_and_for_htmx_a_fragment(client: Client, clerk: str) -> None:
    signs_in(client)
    page = client.post("/desk/probe/send/")
    fragment = client.post("/desk/probe/send/", headers={"HX-Request": "true"})
    for answer in (page, fragment):
        assert answer.status_code == 422
        for words in ("第3行的文号不全", "请补上年份", "法令〔2021〕1号"):
            assert words in answer.content.decode()
    assert b"<html" in page.content
    assert b"<html" not in fragment.content


def test_htmx_is_sent_to_sign_in_as_a_whole_page(client: Client) -> None:
    answer = client.get("/desk/probe/who/", headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == "/desk/login/?next="


def test_a_form_from_elsewhere_is_not_taken(clerk: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/desk/login/", {"username": clerk, "password": PASSWORD})
    assert answer.status_code == 403
    assert "刷新后再交一次" in answer.content.decode()


# -- cookies and caches


def test_a_public_page_sets_no_cookie_and_varies_by_none(client: Client, clerk: str) -> None:
    for _ in range(2):
        answer = client.get("/public-probe/")
        assert not answer.cookies
        assert "Cookie" not in answer.get("Vary", "")
        signs_in(client)


def test_pages_behind_the_gate_stay_in_no_cache(client: Client, clerk: str) -> None:
    signs_in(client)
    assert client.get("/desk/probe/who/")["Cache-Control"] == "no-store, private"
    assert "no-store" in client.get("/desk/password/")["Cache-Control"]


def test_the_session_cookie_is_out_of_reach_of_scripts(client: Client, clerk: str) -> None:
    cookie = signs_in(client).cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert not cookie["max-age"], "gone with the browser"
    assert timedelta(hours=12) == rules.SESSION_LASTS
