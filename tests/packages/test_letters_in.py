"""Complaints by mail through a real IMAP server: each once, whatever is killed in between, and who wrote is answered with a receipt."""

import io
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.exceptions import ImproperlyConfigured
from PIL import Image

from jiannuo.cases import queries as cases
from jiannuo.cases.models import Case
from jiannuo.cases.queries import by_receipt
from jiannuo.exchange import actions
from jiannuo.exchange.models import Mail
from jiannuo.exchange.rules import incoming
from jiannuo.kernel.clock import SHANGHAI
from jiannuo.ledger import queries as ledger
from jiannuo.ledger.models import Evidence
from jiannuo.site.mail import mail_server, mailbox
from jiannuo.subjects.rules import OrganCard
from tests.browser_support import free_port
from tests.packages import imap_server
from tests.packages import mailbox as post
from tests.packages.casework import taken
from tests.packages.imap_server import Box
from tests.packages.mailbox import Mailbox, port_of

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 10, tzinfo=SHANGHAI)
SENDER = "柳溪村村民甲 <jia@example.cn>"
TEXT = "去年说好十月底前修好的路，现在还没有动工，请查一查"


@pytest.fixture
def box(market: OrganCard, settings: LazySettings) -> Iterator[Box]:
    """A mailbox that is read."""
    with imap_server.listening() as found:
        settings.MAILBOX = mailbox(found.url)
        yield found


@pytest.fixture
def out(settings: LazySettings) -> Iterator[Mailbox]:
    """Where the answers arrive."""
    arrived = Mailbox()
    controller = post.listening(arrived)
    settings.MAIL = mail_server(f"smtp://127.0.0.1:{port_of(controller)}")
    settings.MAIL_FROM = post.SENDER
    settings.SITE_URL = "https://xy.example.gov.cn"
    yield arrived
    controller.stop()


def letter(text: str = TEXT, *, number: int = 1, sender: str = SENDER, **headers: str) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, "tousu@qinghe.example.gov.cn", "柳溪村的路"
    made["Message-ID"] = f"<{number}@example.cn>"
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made


def picture() -> bytes:
    data, exif = io.BytesIO(), Image.Exif()
    exif[0x010F] = "PhoneOfMine"
    Image.new("RGB", (40, 30), "green").save(data, "JPEG", exif=exif)
    return data.getvalue()


def collect(now: datetime = NOW) -> actions.Collected:
    return actions.collect(on=now.date(), now=now)


def test_a_letter_becomes_a_complaint_and_is_answered_with_its_receipt(box: Box, out: Mailbox) -> None:
    box.put(letter())
    report = collect()
    assert (report.taken, report.troubles) == (1, [])
    assert box.flags() == [{r"\Seen"}]
    card = Case.objects.get()
    assert (card.number, card.subject_id) == ("诉〔2026〕1号", None)
    said = ledger.personal(card.opening_id)
    assert said["content"] == f"柳溪村的路\n{TEXT}"
    sealed = bytes(Mail.objects.get().sealed or b"")
    assert "诉〔2026〕1号".encode() not in sealed
    assert actions.post(now=NOW + timedelta(hours=3)).sent == 1
    (answer,) = out.letters
    assert answer["To"] == "jia@example.cn"
    assert answer["List-Unsubscribe"] is None
    text = answer.get_content()
    code = next(line for line in text.splitlines() if line.startswith("回执码：")).removeprefix("回执码：")
    found = by_receipt(code, as_of=TODAY)
    assert found is not None
    assert found.id == card.pk
    assert "https://xy.example.gov.cn/complaints/track/" in text
    assert "2026年12月8日以前要受理、转办投诉举报" in text
    assert Mail.objects.get().sealed is None


def test_the_sender_is_kept_apart_and_in_confidence(box: Box) -> None:
    box.put(letter())
    collect()
    apart = [one for one in ledger.cards(ledger.facts()) if one.kind == "reporter"]
    assert apart[0].body["disclosure"] == "保密"
    assert ledger.personal(apart[0].id) | {} == {"name": "柳溪村村民甲", "contact": "jia@example.cn"}
    for entry in ledger.cards(ledger.facts()):
        assert not any(word in f"{entry.body}{entry.reason}{entry.about}" for word in ("jia@", "村民甲", "动工"))


def test_killed_between_storing_and_marking_nothing_is_doubled(
    box: Box, out: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    box.put(letter())
    with monkeypatch.context() as patch:
        patch.setattr(actions.collecting, "TAKEN", "(\\Nonsense")
        assert collect().troubles
    assert Case.objects.count() == 1
    assert box.flags() == [set()]
    assert collect().taken == 1
    assert (Case.objects.count(), Mail.objects.count(), box.flags()) == (1, 1, [{r"\Seen"}])
    actions.post(now=NOW)
    assert len(out.came) == 1


REPLIES = [
    ("quoted with arrows", "昨天又去看了，还是没有动工\n\n> 您的来信已经收下，登记为投诉举报。\n> 回执码：{code}\n"),
    (
        "quoted below a line",
        "昨天又去看了，还是没有动工\n------------------ 原始邮件 ------------------\n回执码：{code}\n",
    ),
    (
        "quoted below who wrote when",
        "昨天又去看了，还是没有动工\n\n青禾县信用办 于2026年11月23日写道：\n回执码：{code}\n",
    ),
    ("with the code at the end", "昨天又去看了，还是没有动工\n您的来信已经收下，登记为投诉举报。\n\n回执码：{code}"),
]


@pytest.mark.parametrize("text", [one[1] for one in REPLIES], ids=[one[0] for one in REPLIES])
def test_a_reply_with_the_code_adds_to_its_case(box: Box, out: Mailbox, text: str) -> None:
    code = answered_code(box, out)
    box.put(letter(text.format(code=code), number=2))
    assert collect(NOW + timedelta(days=1)).taken == 1
    assert collect(NOW + timedelta(days=1)).taken == 0
    case = Case.objects.get()
    steps = [words for _, words in cases.said(cases.steps(found(case.pk)))]
    assert steps[-1] == "昨天又去看了，还是没有动工"
    actions.post(now=NOW + timedelta(days=2))
    assert "诉〔2026〕1号已补充" in out.letters[-1]["Subject"]


def test_a_code_nobody_was_given_and_a_closed_case(box: Box, out: Mailbox) -> None:
    code = answered_code(box, out)
    box.put(letter("再问一下 AAAA-BBBB-CCCC-DDDD", number=2))
    assert collect().taken == 1
    assert Case.objects.count() == 2, "a letter with a code of nobody's is a complaint of its own"
    taken(by_receipt(code, as_of=TODAY).id, "withdraw", on="2026-11-24", words="已经解决了，不用再办")  # type: ignore[union-attr]
    box.put(letter(f"还有一件事要说一下\n> 回执码：{code}", number=3))
    assert collect(NOW + timedelta(days=2)).refused == 1
    actions.post(now=NOW + timedelta(days=3))
    assert "现在是“提出人撤回”，不能补充情况" in out.letters[-1].get_content()


def answered_code(box: Box, out: Mailbox) -> str:
    """The receipt code that the first letter was answered with."""
    box.put(letter())
    collect()
    actions.post(now=NOW + timedelta(hours=3))
    lines = out.letters[-1].get_content().splitlines()
    return str(next(line for line in lines if line.startswith("回执码：")).removeprefix("回执码："))


def found(case_id: int) -> cases.CaseCard:
    card = cases.case(case_id, as_of=TODAY)
    assert card is not None
    return card


def test_another_sender_with_the_same_message_id_is_another_complaint(box: Box) -> None:
    box.put(letter(), letter(sender="yi@example.cn"))
    assert collect().taken == 2
    assert Case.objects.count() == 2


def test_attachments_are_stripped_and_those_that_cannot_be_are_named_in_the_answer(box: Box, out: Mailbox) -> None:
    made = letter()
    made.add_attachment(picture(), maintype="image", subtype="jpeg", filename="我家门口.jpg")
    made.add_attachment(b"MZ", maintype="application", subtype="octet-stream", filename="照片.exe")
    box.put(made)
    assert collect().taken == 1
    kept = Evidence.objects.get()
    assert kept.name == "材料1.jpg"
    assert b"PhoneOfMine" not in ledger.evidence_bytes(kept.digest)
    actions.post(now=NOW)
    text = out.letters[0].get_content()
    assert "下面的附件没有收下" in text
    assert "照片.exe" in text


MACHINES = [
    ("answered by a machine", {"Auto_Submitted": "auto-replied"}, SENDER),
    ("sent to many", {"Precedence": "bulk"}, SENDER),
    ("of a list", {"List_Id": "<a.example.cn>"}, SENDER),
    ("come back", {}, "Mailer-Daemon@example.cn"),
    ("from an address that takes no answer", {}, "no-reply@example.cn"),
]


@pytest.mark.parametrize("headers, sender", [case[1:] for case in MACHINES], ids=[case[0] for case in MACHINES])
def test_what_a_machine_sent_is_set_aside_for_a_person_and_answered_by_nobody(
    box: Box, headers: dict[str, Any], sender: str
) -> None:
    box.put(letter(sender=sender, **headers))
    assert collect().aside == 1
    assert (Case.objects.count(), Mail.objects.count(), box.flags()) == (0, 0, [{r"\Seen", r"\Flagged"}])


def test_what_cannot_be_taken_is_answered_with_why_and_stays_in_the_mailbox(box: Box, out: Mailbox) -> None:
    box.put(letter("长" * 5001))
    assert collect().refused == 1
    actions.post(now=NOW)
    assert "您的来信没有收下" in out.letters[0].get_content()
    assert box.flags() == [{r"\Seen", r"\Flagged"}]
    assert Case.objects.count() == 0


def test_a_letter_too_large_is_not_even_fetched(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions.collecting, "LARGEST", 200)
    box.put(letter("长" * 300))
    assert collect().refused == 1


def test_who_writes_too_often_waits_unread_and_is_taken_later(box: Box) -> None:
    box.put(*(letter(f"第{number}处路灯不亮，说好上月修的", number=number) for number in range(12)))
    assert (collect().taken, collect().left) == (10, 2)
    assert collect(NOW + timedelta(hours=2)).taken == 2
    assert Case.objects.count() == 12


def test_a_server_that_is_away_is_told_in_words(settings: LazySettings) -> None:
    settings.MAILBOX = mailbox(f"imap://a:b@127.0.0.1:{free_port()}")
    (trouble,) = collect().troubles
    assert trouble.startswith("收信没有成功")
    settings.MAILBOX = {}
    assert collect() == actions.Collected()


def test_a_wrong_password_is_told_in_words(box: Box, settings: LazySettings) -> None:
    settings.MAILBOX = {**settings.MAILBOX, "password": "no"}
    assert "收信没有成功" in collect().troubles[0]


@pytest.mark.parametrize(
    "raw, text",
    [
        pytest.param(b"From: a@b.cn\r\nContent-Type: text/html; charset=gb2312\r\n\r\n<p>" + "路没修".encode("gb2312") + b"</p><script>x</script>", "路没修", id="a page in an old encoding"),
        pytest.param(b"From: a@b.cn\r\nContent-Type: text/plain; charset=nonsense\r\n\r\n" + "路没修".encode("gb18030"), "路没修", id="an encoding nobody knows"),
        pytest.param(b"From: a@b.cn\r\n\r\n", "", id="nothing"),
    ],
)  # fmt: skip
def test_letters_are_read_however_they_are_written(raw: bytes, text: str) -> None:
    assert incoming.read(raw).text == text


def test_a_letter_without_a_sender_or_number_is_still_read() -> None:
    found = incoming.read(b"Subject: x\r\n\r\nhello")
    assert (found.sender, found.machine, len(found.id)) == ("", "没有写明发件人", 64)


@pytest.mark.parametrize(
    "url, words",
    [
        ("pop3://a:b@c", "要写 imaps://"),
        ("imaps://mail.example.cn", "要写 imaps://"),
        ("imap://a:b@mail.example.cn", "不能明文过网"),
        ("imaps://a:口令@mail.example.cn", "只能用字母、数字和符号"),
    ],
)
def test_a_mailbox_is_read_strictly_from_its_address(url: str, words: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=words):
        mailbox(url)
