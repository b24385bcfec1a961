"""The outbox against a real server on loopback: answers of every sort, nothing lost, nothing doubled."""

import base64
import json
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
from django.conf import LazySettings

from jiannuo.access.rules import Actor
from jiannuo.disclosure import actions as release
from jiannuo.disclosure import queries as disclosure
from jiannuo.disclosure.models import Listing
from jiannuo.duties import actions as duties
from jiannuo.exchange import actions, queries, rules, tick
from jiannuo.exchange.models import Bookmark, Delivery
from jiannuo.exchange.rules import State
from jiannuo.intake import actions as intake
from jiannuo.kernel import clock
from jiannuo.ledger import queries as facts
from jiannuo.policy import pack as policy
from jiannuo.subjects import actions as subjects_actions
from jiannuo.subjects import queries as subjects
from tests.wrong.make_sheets import numbered

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=clock.SHANGHAI)
TODAY = NOW.date()
OK = (200, "application/json", b'{"receipt":"r-1"}')


class Receiver(BaseHTTPRequestHandler):
    """The other site. It answers as it is told and keeps each Idempotency-Key once, as the manual asks of a receiver."""

    answers: ClassVar[list[Any]]
    seen: ClassVar[list[tuple[Mapping[str, str], bytes]]]
    let_go: ClassVar[threading.Event]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.seen.append((dict(self.headers), body))
        answer = self.answers.pop(0) if self.answers else OK
        if answer == "hang":
            self.let_go.wait(30)
            self.close_connection = True
            return
        if isinstance(answer, bytes):
            self.wfile.write(answer)
            self.close_connection = True
            return
        status, kind, text, *more = answer
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(text)))
        for name, value in more:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name the base class gives it
        pass


@pytest.fixture
def site(settings: LazySettings) -> Iterator[type[Receiver]]:
    """A receiver listening on loopback, entered as the endpoint of the second site."""

    class Fresh(Receiver):
        answers: ClassVar[list[Any]] = []
        seen: ClassVar[list[tuple[Mapping[str, str], bytes]]] = []
        let_go = threading.Event()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Fresh)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    settings.ENDPOINTS = {"affairs": f"http://127.0.0.1:{server.server_port}/in"}
    yield Fresh
    Fresh.let_go.set()
    server.shutdown()
    server.server_close()
    thread.join()


def publish(several: int = 1) -> list[int]:
    """Decisions sent in by the clerk and released by the reviewer just now; returns the publications."""
    market = subjects.directory(TODAY).find("青禾县市场监督管理局")
    assert market is not None
    given: dict[str, Any] = {
        "kind": "penalty_legal",
        "organ_id": market.id,
        "author": "clerk",
        "at": NOW,
        "as_of": TODAY,
    }
    before, _ = facts.head()
    intake.process(intake.receive_rows(numbered(several), **given), clock=lambda: NOW)
    duties.follow(opened_at=NOW)
    records = [card.id for card in facts.since(before, kinds=["penalty_legal"], limit=several)]
    answers: dict[str, Any] = {
        "confirmed": ("social_impact", "summary_possible_2021"),
        "basis": "上级机关要求公开",
        "reason": "核对案卷，适用普通程序",
    }
    done = release.release(entry_ids=records, actor=reviewer(), on=TODAY, at=NOW, **answers)
    assert len(done.acts) == several, done
    return list(done.acts)


def reviewer() -> Actor:
    market = subjects.directory(TODAY).find("青禾县市场监督管理局")
    assert market is not None
    return Actor(None, "reviewer", "审核员", market.id, market.short, frozenset({"reviewer"}), frozenset({market.id}))


def withdraw(publication: int) -> int:
    said = facts.entry(publication)
    assert said is not None
    return release.withdraw(
        entry_id=said.refers or 0,
        reason="复议撤销",
        law="中华人民共和国行政处罚法第四十八条第二款",
        actor=reviewer(),
        on=TODAY,
        at=NOW,
    )


@pytest.fixture
def county(db: None) -> None:
    subjects_actions.load_organs(policy.current(), at=NOW)


def affairs() -> list[Delivery]:
    return list(Delivery.objects.filter(site="affairs").order_by("pk"))


def run(now: datetime = NOW, **more: Any) -> tick.Report:
    return tick.run(now=now, **more)


# -- filling ----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("county")
def test_each_publication_goes_to_every_site_once(site: type[Receiver]) -> None:
    publications = publish(3)
    assert tick.enqueue(now=NOW, chunk=2) == 6
    assert tick.enqueue(now=NOW) == 0
    portal = Delivery.objects.filter(site="credit")
    assert {row.state for row in portal} == {"delivered"}
    assert all("本站已公示" in row.receipt for row in portal)
    assert {row.state for row in affairs()} == {"waiting"}
    found = queries.receipts(publications)
    assert [card.site_name for card in found[publications[0]]] == ["信用青禾", "青禾政务"]


@pytest.mark.usefixtures("county")
def test_without_an_address_deliveries_wait_and_say_so() -> None:
    publish(2)
    assert run().delivered == 0
    card = queries.sites()[1]
    assert (card.waiting, card.configured) == (2, False)
    assert "还没有配置“青禾政务”的接收地址，2条等待送达" in card.words
    assert queries.sites()[0].words == "全部送达"


@pytest.mark.usefixtures("county")
def test_a_bookmark_set_back_doubles_nothing(site: type[Receiver]) -> None:
    publish(2)
    run()
    Bookmark.objects.update(entry=0)
    assert run().enqueued == 0
    assert len(site.seen) == 2


# -- emptying ---------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("county")
def test_a_delivery_is_signed_keyed_and_its_receipt_kept(site: type[Receiver]) -> None:
    (publication,) = publish()
    report = run()
    assert (report.enqueued, report.delivered, report.failed) == (2, 1, 0)
    ((headers, body),) = site.seen
    said = facts.entry(publication)
    assert said is not None
    assert headers["Idempotency-Key"] == f"{said.digest}:affairs"
    key = queries.public_key()
    assert headers["Jiannuo-Key"] == key.id
    rules.verify(base64.b64decode(key.public), body, headers["Jiannuo-Signature"])
    sent = json.loads(body)
    assert (sent["act"], sent["entry"], sent["sequence"]) == ("publication", said.digest, publication)
    content = sent["content"]
    assert (content["number"], content["organ"]) == ("青市监罚决字〔2026〕101号", "青禾县市场监督管理局")
    shown = disclosure.public_record(publication, on=TODAY)
    assert shown is not None
    assert content["fields"] == [{"id": one.field, "title": one.title, "value": one.shown} for one in shown.fields]
    (row,) = affairs()
    assert (row.state, row.receipt, row.attempts, row.delivered_at) == ("delivered", '{"receipt":"r-1"}', 1, NOW)
    assert run(NOW + timedelta(days=1)).delivered == 0


@pytest.mark.usefixtures("county")
@pytest.mark.parametrize(
    "answer, words",
    [
        pytest.param((500, "text/plain", "内部错误".encode()), "对方回答500：内部错误", id="先出错后成功"),
        pytest.param((429, "text/plain", b"slow down", ("Retry-After", "30")), "429", id="嫌快"),
        pytest.param((200, "text/html", b"<html>login</html>"), "网页", id="登录页面"),
        pytest.param(b"\x00\x01\x02 not http\r\n\r\n", "读不懂", id="不是HTTP"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf", "读不懂", id="说到一半"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd", "读不懂", id="解不开的压缩"
        ),
        pytest.param(b"", "读不懂", id="一言不发就挂断"),
        pytest.param("hang", "没有答复", id="不答复"),
    ],
)
def test_what_fails_is_tried_again_after_a_while_under_the_same_key(
    site: type[Receiver], monkeypatch: pytest.MonkeyPatch, answer: Any, words: str
) -> None:
    monkeypatch.setattr(tick, "PATIENCE_S", 0.4)
    publish()
    site.answers.append(answer)
    report = run()
    assert (report.delivered, report.postponed) == (0, 1)
    (row,) = affairs()
    assert row.state == "waiting"
    assert words in row.trouble
    assert queries.sites()[1].words == "1条待送达，其中1条送达失败，将自动重试"
    assert [card.id for card in queries.troubles(site="affairs")] == [row.pk]
    assert run(NOW + timedelta(seconds=59)).postponed == 0
    assert run(NOW + timedelta(seconds=61)).delivered == 1
    first, second = site.seen
    assert first[1] == second[1]
    assert first[0]["Idempotency-Key"] == second[0]["Idempotency-Key"]
    assert affairs()[0].trouble == ""


@pytest.mark.usefixtures("county")
def test_an_answer_without_end_is_cut_off(site: type[Receiver]) -> None:
    publish()
    site.answers.append((200, "text/plain", b"a" * 10**6))
    assert run().delivered == 1
    assert len(affairs()[0].receipt) == rules.RECEIPT_KEPT


@pytest.mark.usefixtures("county")
def test_what_is_refused_is_kept_with_the_reason_until_someone_sends_it_again(site: type[Receiver]) -> None:
    publish(2)
    site.answers.append((400, "application/json", '{"message":"缺少字段 CF_WSH"}'.encode()))
    report = run()
    assert (report.failed, report.delivered) == (1, 1)
    refused = affairs()[0]
    assert refused.state == State.FAILED
    assert "缺少字段" in refused.trouble
    assert "1条被对方拒收" in queries.sites()[1].words
    assert run(NOW + timedelta(days=2)).delivered == 0
    assert actions.send_again(now=NOW, delivery_ids=[row.pk for row in affairs()]) == 1
    assert run().delivered == 1


@pytest.mark.usefixtures("county")
def test_a_site_that_does_not_know_us_is_not_asked_for_every_record(site: type[Receiver]) -> None:
    publish(30)
    site.answers += [(401, "text/plain", b"who are you")] * 30
    report = run()
    assert (report.failed, len(site.seen)) == (1, 1)
    assert "青禾政务" in report.troubles[0]
    assert Delivery.objects.filter(state="waiting", lease_until=None).count() == 29
    site.answers.clear()
    actions.send_again(now=NOW, site="affairs")
    assert run().delivered == 30


@pytest.mark.usefixtures("county")
def test_a_site_that_is_down_costs_one_attempt(settings: LazySettings) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.ENDPOINTS = {"affairs": f"http://127.0.0.1:{free.getsockname()[1]}/"}
    publish(30)
    assert run().postponed == 1
    assert "没有连上对方" in queries.troubles()[0].trouble


@pytest.mark.usefixtures("county")
def test_an_address_that_is_none_is_said_in_words(settings: LazySettings) -> None:
    settings.ENDPOINTS = {"affairs": "ftp://example.invalid/x"}
    publish()
    run()
    assert "应以 http:// 或 https:// 开头" in affairs()[0].trouble


@pytest.mark.usefixtures("county")
def test_what_was_withdrawn_before_it_was_sent_is_not_sent(site: type[Receiver]) -> None:
    (publication,) = publish()
    withdrawal = withdraw(publication)
    report = run()
    assert (report.overtaken, report.delivered) == (1, 1)
    ((_, body),) = site.seen
    sent = json.loads(body)
    assert (sent["act"], sent["sequence"], sent["reason"], sent["content"]) == (
        "withdrawal",
        withdrawal,
        "复议撤销",
        None,
    )
    assert "不再送出" in affairs()[0].trouble


@pytest.mark.usefixtures("county")
def test_what_the_portal_does_not_list_yet_waits_for_it(site: type[Receiver]) -> None:
    publish()
    Listing.objects.all().delete()
    assert run().postponed == 1
    assert "本站还没有列出" in affairs()[0].trouble
    release.rebuild(at=NOW)
    assert run(NOW + timedelta(minutes=1)).delivered == 1


@pytest.mark.usefixtures("county")
def test_what_another_process_has_leased_is_left_to_it(site: type[Receiver]) -> None:
    publish()
    tick.enqueue(now=NOW)
    Delivery.objects.update(lease_until=NOW + rules.LEASE)
    assert run().delivered == 0
    assert run(NOW + rules.LEASE).delivered == 1


@pytest.mark.usefixtures("county")
def test_the_signing_key_is_made_once_and_is_the_owners_alone(settings: LazySettings, tmp_path: Path) -> None:
    settings.HOME = tmp_path
    assert queries.public_key() == queries.public_key()
    assert (tmp_path / "exchange.pem").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["exchange.pem"]


# -- killed -----------------------------------------------------------------------------------------------------------

SENDER = """
import sys, django
django.setup()
from datetime import timedelta
from django.core.management import call_command
from jiannuo.exchange import tick
from tests.packages import test_exchange as here

if sys.argv[1] == "first":
    call_command("migrate", verbosity=0)
    here.subjects_actions.load_organs(here.policy.current(), at=here.NOW)
    here.publish(5)
print(tick.run(now=here.NOW + timedelta(minutes=int(sys.argv[2]))).as_dict())
"""


def sender(env: Mapping[str, str], endpoint: str, *args: str, root: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", SENDER, *args],
        env={**env, "JIANNUO_ENDPOINTS": f"affairs={endpoint}", "PYTHONPATH": str(root)},
        cwd=root,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


@pytest.mark.slow
def test_killed_between_sending_and_the_receipt_nothing_is_lost_and_nothing_doubled(
    site: type[Receiver], settings: LazySettings, own_database: Mapping[str, str], root: Path
) -> None:
    endpoint = settings.ENDPOINTS["affairs"]
    site.answers += [OK, OK, "hang"]
    first = sender(own_database, endpoint, "first", "0", root=root)
    waited = time.monotonic() + 60
    while len(site.seen) < 3 and time.monotonic() < waited and first.poll() is None:
        time.sleep(0.02)
    # The third is with the receiver, which keeps it; the sender dies before it learns so.
    first.send_signal(signal.SIGKILL)
    output, _ = first.communicate(timeout=30)
    assert len(site.seen) == 3, output
    site.let_go.set()
    for minutes in ("1", "6", "7"):
        again = sender(own_database, endpoint, "again", minutes, root=root)
        output, _ = again.communicate(timeout=60)
        assert again.returncode == 0, output
    by_key: dict[str, set[bytes]] = {}
    for headers, body in site.seen:
        by_key.setdefault(headers["Idempotency-Key"], set()).add(body)
    assert len(by_key) == 5
    assert all(len(bodies) == 1 for bodies in by_key.values())
    assert len(site.seen) == 6
