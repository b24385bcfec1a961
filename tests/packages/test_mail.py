"""Mail through a real SMTP server on loopback: accepted, later, refused, unreachable, and addresses proved by it."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.conf import LazySettings

from jiannuo.access import actions as access
from jiannuo.access import queries as accounts
from jiannuo.access.models import Contact
from jiannuo.access.rules import Actor
from jiannuo.exchange import actions, queries
from jiannuo.exchange.models import Mail
from jiannuo.exchange.rules import State
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as ledger
from jiannuo.site.mail import mail_server
from jiannuo.subjects.rules import OrganCard
from tests.browser_support import free_port
from tests.packages import mailbox as post
from tests.packages.mailbox import ADDRESS, MONDAY, NOW, Mailbox, account, listening, port_of, told, with_address
from tests.packages.promising import promised

pytestmark = pytest.mark.django_db


@pytest.fixture
def box(settings: LazySettings) -> Iterator[Mailbox]:
    """A mailbox behind a server that takes mail from anybody."""
    mailbox = Mailbox()
    controller = listening(mailbox)
    settings.MAIL = mail_server(f"smtp://127.0.0.1:{port_of(controller)}")
    settings.MAIL_FROM = post.SENDER
    settings.SITE_URL = "https://xy.example.gov.cn"
    yield mailbox
    controller.stop()


@pytest.fixture
def owner(market: OrganCard) -> Actor:
    actor = account(market, "clerk", username="owner")
    with_address(actor, ADDRESS, at=NOW - timedelta(days=1))
    return actor


# -- what arrives -----------------------------------------------------------------------------------------------------


def test_a_message_arrives_as_one_plain_letter_with_the_lists_it_counts(
    send: Callable[..., object], owner: Actor, box: Mailbox
) -> None:
    row = told(send)
    assert actions.post(now=NOW).sent == 1
    (letter,) = box.letters
    assert box.came[0][0] == letter["To"] == ADDRESS
    assert letter["Subject"] == "青禾县践诺提醒：今天到期 1 项"
    assert letter["From"].addresses[0].display_name == "践诺工作台"
    assert letter["List-Unsubscribe"] == "<https://xy.example.gov.cn/desk/settings/>"
    assert letter.get_content_type() == "text/plain"
    text = letter.get_content()
    assert "【今天到期】" in text
    assert "修好柳溪村到县道的3.2公里路面" in text
    (line,) = queries.message(row.message_id or 0, account_id=owner.user_id or 0).items  # type: ignore[union-attr]
    assert f"https://xy.example.gov.cn{line['url']}" in text
    assert "<img" not in text
    row.refresh_from_db()
    assert (row.state, row.attempts, row.receipt) == (State.DELIVERED, 1, "250 queued as 1")
    assert actions.post(now=NOW + timedelta(days=1)).sent == 0
    card = queries.inbox(owner.user_id or 0).messages[0]
    assert card.emailed_at == NOW


def test_mail_waits_for_the_hour_its_reader_chose(send: Callable[..., object], owner: Actor, box: Mailbox) -> None:
    access.choose_mail(by=owner, mail_on=True, hour=10, at=NOW)
    early = NOW.replace(hour=1)
    told(send, early)
    assert actions.post(now=NOW.replace(hour=9, minute=59)).sent == 0
    assert actions.post(now=NOW.replace(hour=10, minute=0)).sent == 1


def test_who_turned_mail_off_or_left_is_written_to_no_more(
    send: Callable[..., object], owner: Actor, box: Mailbox
) -> None:
    told(send)
    access.choose_mail(by=owner, mail_on=False, hour=8, at=NOW)
    assert actions.post(now=NOW).dropped == 1
    assert box.came == []
    assert Mail.objects.get().state == State.OVERTAKEN


def test_without_a_server_the_inbox_is_all_there_is(
    send: Callable[..., object], owner: Actor, settings: LazySettings
) -> None:
    settings.MAIL = {}
    promised(send, due_on="2026-11-23")
    assert actions.remind(on=MONDAY, now=NOW) == 1
    assert Mail.objects.count() == 0
    assert actions.post(now=NOW) == actions.MailReport()


# -- what goes wrong --------------------------------------------------------------------------------------------------


def test_what_is_refused_for_now_goes_later_under_the_same_message_id(
    send: Callable[..., object], owner: Actor, box: Mailbox
) -> None:
    row = told(send)
    box.says = {"to": ["450 4.2.0 busy"], "data": ["451 4.7.1 greylisted, try again"]}
    for minutes in (0, 1, 3):
        actions.post(now=NOW + timedelta(minutes=minutes))
    row.refresh_from_db()
    assert (row.state, row.attempts) == (State.DELIVERED, 3)
    assert len(box.came) == 1


def test_between_two_attempts_nothing_is_sent(send: Callable[..., object], owner: Actor, box: Mailbox) -> None:
    row = told(send)
    box.says = {"data": ["451 later"]}
    assert actions.post(now=NOW).postponed == 1
    assert actions.post(now=NOW + timedelta(seconds=30)) == actions.MailReport()
    row.refresh_from_db()
    assert "邮件内容没有成功，对方回答 451：later" in row.trouble


@pytest.mark.parametrize("step, said", [("to", "550 5.1.1 no such user"), ("data", "554 5.7.1 rejected as spam")])
def test_what_is_refused_for_good_is_kept_with_its_reason(
    send: Callable[..., object], owner: Actor, box: Mailbox, step: str, said: str
) -> None:
    row = told(send)
    box.says = {step: [said]}
    assert actions.post(now=NOW).failed == 1
    row.refresh_from_db()
    assert row.state == State.FAILED
    assert said[4:] in row.trouble
    assert actions.post(now=NOW + timedelta(days=2)) == actions.MailReport()
    card = queries.inbox(owner.user_id or 0).messages[0]
    assert said[4:] in card.mail_trouble


def test_nobody_listens_and_then_somebody_does(
    send: Callable[..., object], owner: Actor, settings: LazySettings
) -> None:
    port = free_port()
    settings.MAIL, settings.MAIL_FROM = mail_server(f"smtp://127.0.0.1:{port}"), post.SENDER
    told(send)
    report = actions.post(now=NOW)
    assert report.postponed == 1
    assert "连接邮件服务器没有成功" in report.troubles[0]
    mailbox = Mailbox()
    controller = listening(mailbox, port=port)
    try:
        assert actions.post(now=NOW + timedelta(minutes=2)).sent == 1
    finally:
        controller.stop()


def test_a_server_in_trouble_is_asked_once_and_not_for_each_letter(
    send: Callable[..., object], market: OrganCard, box: Mailbox
) -> None:
    for n in range(4):
        with_address(account(market, "clerk", username=f"clerk.{n}"), f"c{n}@x.cn", at=NOW - timedelta(days=1))
    promised(send, due_on="2026-11-23")
    actions.remind(on=MONDAY, now=NOW)
    box.says = {"from": ["451 4.3.0 out of disk"]}
    report = actions.post(now=NOW)
    assert (report.postponed, report.sent) == (1, 0)
    assert actions.post(now=NOW + timedelta(minutes=1)).sent == 4
    assert {to for to, _ in box.came} == {f"c{n}@x.cn" for n in range(4)}


# -- an address is proved ---------------------------------------------------------------------------------------------


def test_an_address_counts_once_the_code_sent_to_it_came_back(market: OrganCard, box: Mailbox) -> None:
    actor, key = account(market, "clerk", username="someone"), ledger.ring()[0]
    to, code = access.propose_address(by=actor, address="  LIN@Example.CN ", key=key, at=NOW)
    actions.post_code(account_id=actor.user_id or 0, to=to, code=code, now=NOW)
    assert accounts.address_of(actor.user_id or 0, keys=ledger.ring()) == ""
    assert b"LIN" not in bytes(Contact.objects.get().pending or b"")
    sealed = bytes(Mail.objects.get().sealed or b"")
    assert code.encode() not in sealed
    actions.post(now=NOW)
    (letter,) = box.letters
    (sent,) = re.findall(r"\d{6}", str(letter["Subject"]))
    assert (sent, letter["To"]) == (code, "LIN@example.cn")
    access.prove_address(by=actor, code=f" {sent} ", key=key, at=NOW + timedelta(minutes=5))
    assert accounts.address_of(actor.user_id or 0, keys=ledger.ring()) == "LIN@example.cn"
    assert accounts.contact(actor.user_id or 0).shown == "L***@example.cn"
    assert Mail.objects.get().sealed is None
    said = [one.detail for one in accounts.traces(action="contact.change")]
    assert said == ["已验证 L***@example.cn", "待验证 L***@example.cn"]
    access.forget_address(by=actor, at=NOW)
    assert Contact.objects.get().sealed is None


def test_five_wrong_codes_or_half_an_hour_spend_a_code(market: OrganCard) -> None:
    actor, key = account(market, "clerk", username="someone"), ledger.ring()[0]
    _, code = access.propose_address(by=actor, address="a@b.cn", key=key, at=NOW)
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    with pytest.raises(Refused, match="刚刚发过"):
        access.propose_address(by=actor, address="a@b.cn", key=key, at=NOW + timedelta(seconds=20))
    for _ in range(5):
        with pytest.raises(Refused, match="不对"):
            access.prove_address(by=actor, code=wrong, key=key, at=NOW)
    with pytest.raises(Refused, match="失效"):
        access.prove_address(by=actor, code=code, key=key, at=NOW)
    later = NOW + timedelta(hours=1)
    _, code = access.propose_address(by=actor, address="a@b.cn", key=key, at=later)
    with pytest.raises(Refused, match="失效"):
        access.prove_address(by=actor, code=code, key=key, at=later + timedelta(minutes=30))


def test_a_code_that_waited_too_long_is_not_sent(market: OrganCard, box: Mailbox) -> None:
    actor = account(market, "clerk", username="someone")
    actions.post_code(account_id=actor.user_id or 0, to="a@b.cn", code="123456", now=NOW)
    assert actions.post(now=NOW + timedelta(minutes=31)).dropped == 1
    assert box.came == []


@pytest.mark.parametrize(
    "text", ["", "a", "a@b", "a b@c.cn", "a@b.cn\nBcc: x@y.cn", "张@例子.cn", "a@-b.cn", "a" * 130 + "@b.cn"]
)
def test_what_is_no_address_is_refused(market: OrganCard, text: str) -> None:
    actor = account(market, "clerk", username="someone")
    with pytest.raises(Refused, match="不像一个邮箱地址"):
        access.propose_address(by=actor, address=text, key=ledger.ring()[0], at=NOW)


@pytest.mark.parametrize(
    "url",
    [
        "mail.example.cn",
        "http://x:25",
        "smtp://",
        "smtp://user:password@mail.example.cn",
        "smtps://:465",
        "smtps://a:%E8%AF%8D@x.cn",
    ],
)
def test_a_server_that_cannot_be_or_would_hear_a_bare_password_stops_the_start(url: str) -> None:
    from django.core.exceptions import ImproperlyConfigured

    with pytest.raises(ImproperlyConfigured, match="JIANNUO_SMTP_URL"):
        mail_server(url)
