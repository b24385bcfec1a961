"""消息 and 我的设置 as their owner uses them, what stopped clocks look like, and what watching programs are told."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from jiannuo.access import queries as accounts
from jiannuo.duties import tick
from jiannuo.exchange import actions, queries
from jiannuo.exchange.models import Pulse
from jiannuo.kernel import clock
from jiannuo.kernel.clock import SHANGHAI
from jiannuo.site.mail import mail_server
from tests.faces import september
from tests.packages.mailbox import SENDER, Mailbox, listening, port_of

LATER = date(2026, 9, 30)


@pytest.fixture
def office(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIANNUO_TODAY", september.TODAY.isoformat())
    september.open_office()


@pytest.fixture
def box(settings: LazySettings) -> Iterator[Mailbox]:
    mailbox = Mailbox()
    controller = listening(mailbox)
    settings.MAIL, settings.MAIL_FROM = mail_server(f"smtp://127.0.0.1:{port_of(controller)}"), SENDER
    yield mailbox
    controller.stop()


def signed_in(username: str) -> Client:
    client = Client()
    client.post("/desk/login/", {"username": username, "password": september.PASSWORD})
    return client


def remind() -> None:
    actions.remind(on=clock.today(), now=clock.now())


def account_id(username: str) -> int:
    return next(one.id for one in accounts.accounts(on=clock.today()) if one.username == username)


# -- messages ---------------------------------------------------------------------------------------------------------


def test_a_message_is_counted_in_the_header_leads_to_its_list_and_is_done_with(office: None) -> None:
    remind()
    reviewer = signed_in(september.REVIEWER)
    assert "条未读" in reviewer.get("/desk/review/").content.decode()
    page = reviewer.get("/desk/inbox/").content.decode()
    (number,) = re.findall(r'href="/desk/inbox/(\d+)/"', page)
    message = reviewer.get(f"/desk/inbox/{number}/")
    lines = message.context["message"].items
    assert lines
    for one in lines:
        listed = reviewer.get(one["url"])
        assert listed.context["total"] == one["count"], one
    assert reviewer.post(f"/desk/inbox/{number}/read/").status_code == 302
    assert "条未读" not in reviewer.get("/desk/").content.decode()
    assert signed_in("zjj.he").get(f"/desk/inbox/{number}/").status_code == 404
    assert reviewer.get(f"/desk/inbox/{number}/read/").status_code == 405


def test_the_title_of_a_message_is_words(office: None) -> None:
    remind()
    page = signed_in(september.REVIEWER).get("/desk/inbox/").content.decode()
    address = re.search(r"/desk/inbox/\d+/", page)
    assert address
    title = re.search("<title>(.*)</title>", signed_in(september.REVIEWER).get(address[0]).content.decode())
    assert title
    assert title[1].startswith("2026年9月29日的消息")


def test_all_are_done_with_at_once(office: None) -> None:
    remind()
    reviewer = signed_in(september.REVIEWER)
    answer = reviewer.post("/desk/inbox/read/", follow=True).content.decode()
    assert "1 条消息已标为读过" in answer
    assert queries.unread(account_id(september.REVIEWER)) == 0


def test_an_account_without_messages_is_told_what_would_be_here(office: None) -> None:
    assert "还没有消息" in signed_in("system.sun").get("/desk/inbox/").content.decode()


# -- settings ---------------------------------------------------------------------------------------------------------


def test_an_address_is_proved_and_mail_chosen_on_the_page(office: None, box: Mailbox) -> None:
    clerk = signed_in(september.CLERK)
    wrong = clerk.post("/desk/settings/change/", {"act": "email", "email": "lin@"})
    assert wrong.status_code == 422
    assert "这不像一个邮箱地址" in wrong.content.decode()
    assert 'value="lin@"' in wrong.content.decode()
    clerk.post("/desk/settings/change/", {"act": "email", "email": "lin@example.cn"})
    actions.post(now=clock.now())
    (code,) = re.findall(r"\d{6}", str(box.letters[0]["Subject"]))
    assert clerk.post("/desk/settings/change/", {"act": "code", "code": "000000x"}).status_code == 422
    page = clerk.post("/desk/settings/change/", {"act": "code", "code": code}, follow=True).content.decode()
    assert "l***@example.cn" in page
    assert "lin@example.cn" not in page
    clerk.post("/desk/settings/change/", {"act": "mail", "mail_on": "on", "hour": "14"})
    contact = accounts.contact(account_id(september.CLERK))
    assert (contact.mail_on, contact.hour) == (True, 14)
    seen = signed_in("system.sun").get(f"/desk/admin/accounts/{account_id(september.CLERK)}/").content.decode()
    assert "l***@example.cn" in seen
    assert "lin@" not in seen
    clerk.post("/desk/settings/change/", {"act": "forget"})
    assert accounts.contact(account_id(september.CLERK)).shown == ""


@pytest.mark.parametrize("fields", [{"act": "mail", "mail_on": "on", "hour": "8"}, {"act": "mail", "hour": "3"}])
def test_what_makes_no_sense_is_refused_in_words(office: None, fields: dict[str, str]) -> None:
    answer = signed_in(september.CLERK).post("/desk/settings/change/", fields)
    assert answer.status_code == 422
    assert "怎么办" in answer.content.decode()


def test_without_a_mail_server_the_page_says_so(office: None, settings: LazySettings) -> None:
    settings.MAIL = {}
    clerk = signed_in(september.CLERK)
    assert "还没有接上邮件服务器" in clerk.get("/desk/settings/").content.decode()
    assert clerk.post("/desk/settings/change/", {"act": "email", "email": "a@b.cn"}).status_code == 422


def test_a_calendar_address_is_shown_once_and_ended(office: None) -> None:
    clerk = signed_in(september.CLERK)
    page = clerk.post("/desk/settings/change/", {"act": "feed"}).content.decode()
    (address,) = re.findall(r"http://testserver(/calendar/[\w-]+\.ics)", page)
    assert Client().get(address).status_code == 200
    assert ".ics" not in clerk.get("/desk/settings/").content.decode()
    clerk.post("/desk/settings/change/", {"act": "end_feed"})
    assert Client().get(address).status_code == 404


# -- stopped clocks ---------------------------------------------------------------------------------------------------


def test_a_stopped_tick_is_red_on_everybodys_first_page_and_calm_on_the_portal(
    office: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    tick.run(as_of=clock.today(), now=clock.now())
    for person in (september.CLERK, september.LEAD, "system.sun", "audit.li"):
        assert "期限核对停了" not in signed_in(person).get("/desk/").content.decode()
    assert "核对暂停了" not in Client().get("/").content.decode()
    monkeypatch.setenv("JIANNUO_TODAY", (september.TODAY + timedelta(days=2)).isoformat())
    for person in (september.CLERK, september.LEAD, "system.sun", "audit.li"):
        page = signed_in(person).get("/desk/").content.decode()
        assert re.search(r'role="alert".*期限核对停了', page, re.DOTALL)
    assert "核对暂停了，最近的逾期情况可能还没有记入" in Client().get("/").content.decode()


def test_a_stopped_worker_is_said_to_those_who_can_mend_it(office: None, monkeypatch: pytest.MonkeyPatch) -> None:
    actions.beat(now=clock.now())
    assert "后台处理停了" not in signed_in("system.sun").get("/desk/").content.decode()
    monkeypatch.setenv("JIANNUO_TODAY", (september.TODAY + timedelta(days=1)).isoformat())
    assert "后台处理停了" in signed_in("system.sun").get("/desk/").content.decode()
    assert "后台处理停了" in signed_in(september.LEAD).get("/desk/").content.decode()
    assert "后台处理停了" not in signed_in(september.CLERK).get("/desk/").content.decode()


def test_the_worker_writes_its_pulse_once_a_minute(db: None) -> None:
    now = datetime(2026, 11, 23, 9, 30, tzinfo=SHANGHAI)
    for seconds in (0, 1, 59, 61, 90):
        actions.beat(now=now + timedelta(seconds=seconds))
    assert Pulse.objects.get().at == now + timedelta(seconds=61)
    assert not queries.pulse(now=now + timedelta(minutes=11)).stale
    assert queries.pulse(now=now + timedelta(minutes=12)).stale


def healthz() -> tuple[int, dict[str, Any]]:
    answer = Client().get("/healthz")
    assert not answer.cookies
    assert "no-store" in answer["Cache-Control"]
    told: dict[str, Any] = answer.json()
    return answer.status_code, told


def test_watching_programs_are_told_what_somebody_has_to_look_at(office: None, monkeypatch: pytest.MonkeyPatch) -> None:
    status, told = healthz()
    assert status == 503
    assert told["troubles"] == ["tick", "worker"]
    tick.run(as_of=clock.today(), now=clock.now())
    actions.beat(now=clock.now())
    status, told = healthz()
    assert (status, told["ok"], told["troubles"], told["database"]) == (200, True, [], True)
    assert told["disk_free_mb"] > 0
    assert told["tick"]["age_s"] < 60
    actions.post_code(account_id=account_id(september.CLERK), to="a@b.cn", code="1", now=clock.now())
    assert healthz()[1]["mail"] == {"waiting": 1, "failed": 0, "late": False}
    monkeypatch.setenv("JIANNUO_TODAY", (september.TODAY + timedelta(days=2)).isoformat())
    assert healthz()[1]["troubles"] == ["tick", "worker"]


def test_the_health_page_says_nothing_of_what_is_in_the_installation(office: None) -> None:
    text = Client().get("/healthz").content.decode()
    assert not re.search(r"[\u4e00-\u9fff]", text)
    assert str(Path.home()) not in text
