"""A firm that a public record is about objects to it without an account, and sees the mark on the page at once."""

import re
from typing import Any

import pytest
from django.test import Client

from jiannuo.cases.models import Case
from jiannuo.ledger import queries as ledger
from jiannuo.ledger.queries import EntryCard
from jiannuo.subjects.rules import OrganCard
from tests.faces.promised_county import HERE
from tests.faces.test_portal_pages import TODAY, text_of
from tests.packages.conftest import Send
from tests.packages.recording import FIRM
from tests.packages.releasing import person, released
from tests.wrong.make_sheets import good

pytestmark = pytest.mark.django_db

SAID = {**FIRM, "wants": "更正", "reason": "处罚金额写错了，决定书上是五千元"}


@pytest.fixture
def penalty(send: Send, market: OrganCard, monkeypatch: pytest.MonkeyPatch) -> EntryCard:
    monkeypatch.setenv("JIANNUO_TODAY", TODAY.isoformat())
    (number,) = released(send, person(market, "reviewer"), good())
    return ledger.entries([number])[number]


def address(penalty: EntryCard, flow: str = "objection") -> str:
    return f"/records/{penalty.identity.hex()}/{flow}/"


def sent(penalty: EntryCard, **changes: str) -> Any:
    page = Client().get(address(penalty)).content.decode()
    token = re.search(r'name="token" value="([^"]+)"', page)
    assert token
    return Client().post(address(penalty), {**SAID, "token": token[1], **changes}, **HERE)  # type: ignore[arg-type]


def test_the_record_says_what_its_party_may_do(penalty: EntryCard) -> None:
    page = Client().get(f"/records/{penalty.identity.hex()}/").content.decode()
    assert "您是当事人" in page
    assert address(penalty) in page
    form = Client().get(address(penalty))
    assert form.status_code == 200
    assert not form.cookies
    assert "必填" in text_of(form.content.decode())


def test_it_is_taken_in_with_a_receipt_and_the_record_marked_at_once(penalty: EntryCard) -> None:
    answer = sent(penalty)
    assert "收下了，这是您的回执" in answer.content.decode()
    assert re.search(r"[A-Z2-7]{4}(-[A-Z2-7]{4}){3}", answer.content.decode())
    assert Case.objects.get().flow == "objection"
    page = text_of(Client().get(f"/records/{penalty.identity.hex()}/").content.decode())
    assert "当事人对这条记录提出异议，正在核查" in page
    assert SAID["reason"] not in page


WRONG = [
    ("somebody else's code", {"party_code": "91410526MA4JURQ20C"}, "填的代码或者证件号码与这条记录的当事人不一致"),
    ("no code", {"party_code": ""}, "填的代码或者证件号码与这条记录的当事人不一致"),
    ("no reason", {"reason": ""}, "异议的内容和理由：必填，但这一格是空的"),
]


@pytest.mark.parametrize("changes, words", [case[1:] for case in WRONG], ids=[case[0] for case in WRONG])
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    penalty: EntryCard, changes: dict[str, str], words: str
) -> None:
    answer = sent(penalty, **changes)
    page = answer.content.decode()
    assert answer.status_code in (403, 422)
    assert words in page
    assert "您写的都还在" in page
    assert changes.get("reason", SAID["reason"]) in page
    assert not Case.objects.exists()


def test_a_second_objection_is_led_to_the_first(penalty: EntryCard) -> None:
    sent(penalty)
    again = sent(penalty, reason="再提一次，金额还是写错了")
    assert "的异议已经在办" in again.content.decode()
    assert Case.objects.count() == 1


def test_what_cannot_be_asked_for_yet_has_no_form(penalty: EntryCard) -> None:
    assert Client().get(address(penalty, "repair")).status_code == 404
    assert Client().get(address(penalty, "complaint")).status_code == 404
    assert Client().get(f"/records/{'0' * 32}/objection/").status_code == 404
