"""Repair: from the first day on that was told beforehand, gone everywhere, recalled elsewhere with proof; a new offence counts anew."""

import json
from datetime import date, datetime, timedelta
from typing import Any

import httpx
import pytest
from django.test import Client

from jiannuo.disclosure import actions as disclosure
from jiannuo.disclosure import queries as public
from jiannuo.disclosure.models import Listing
from jiannuo.disclosure.queries import desk, marks
from jiannuo.disclosure.queries.files import open_organ
from jiannuo.exchange import tick as exchange
from jiannuo.exchange.models import Delivery
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as ledger
from jiannuo.ledger.queries import EntryCard
from jiannuo.policy import pack as policy
from jiannuo.subjects import queries as subjects
from tests.packages.casework import CITIZEN, stands, taken
from tests.packages.conftest import Send
from tests.packages.promising import PNG, at, person
from tests.packages.recording import FIRM, LEAD, Office, Organs, applied, objected, recorded, released, repaired
from tests.packages.releasing import YES
from tests.wrong.make_sheets import good

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(organs: Organs) -> Office:
    return Office(organs)


@pytest.fixture
def record(office: Office) -> EntryCard:
    """Decided on 20 March 2026 under Order 58: to be repaired from 21 June 2026 on."""
    return released(recorded(office), office)


def visible(record: EntryCard, on: date) -> list[str]:
    """Where a record can still be seen by everybody."""
    key = record.identity.hex()
    places = {
        "page": public.public_record(key, on=on) is not None,
        "page of the past": public.public_record(key, on=on, as_of=at("2026-03-30")) is not None,
        "list": any(row.identity == key for row in public.listing(public.EVERYTHING, on=on).rows),
        "search": any(row.identity == key for row in public.find(record.number, on=on).rows),
        "address": bool(public.cards_at([key], on=on)),
        "export": any(row.card.identity == key for row in public.export(public.Filters(), on=on)),
    }
    return [name for name, there in places.items() if there]


def test_it_is_gone_everywhere_at_once_and_stays_gone(office: Office, record: EntryCard) -> None:
    on = date(2026, 6, 22)
    assert visible(record, on) == ["page", "page of the past", "list", "search", "address", "export"]
    case = repaired(record, office, on="2026-06-22")
    assert visible(record, on) == []
    disclosure.follow(at=at("2026-06-22"))
    assert visible(record, on) == []
    assert not Listing.objects.filter(entry=record.id).exists()
    disclosure.rebuild(at=at("2026-06-22"))
    assert visible(record, on) == []
    with pytest.raises(Refused, match="这条记录已经信用修复"):
        disclosure.release(entry_ids=[record.id], actor=office.releaser, on=on, at=at("2026-06-22"))
    card = stands(case.case_id, "2026-06-22")
    assert card.state.id == "repaired"
    assert not [one for one in card.duties if one.is_open]


def test_the_file_says_it_was_repaired_and_counts_no_more(office: Office, record: EntryCard) -> None:
    repaired(record, office, on="2026-06-22")
    on = date(2026, 6, 22)
    file = open_organ(
        record.organ_id, actor=person(office.organs(LEAD), "lead"), purpose="核对失信记录", on=on, at=at("2026-06-22")
    )
    (part,) = [one for one in file.parts if one.section.id == "organ_dishonesty"]
    assert [(line.standing_words, line.counts) for line in part.lines] == [("已修复", False)]
    lead = person(office.organs(LEAD), "lead", username="reader")
    (row,) = desk.records(lead, organs=subjects.directory(on), kind="dishonesty_record").rows
    assert row.state_words == "已信用修复"


EARLY = [
    # G7: the first day is told beforehand, and holds to the day.
    ("Order 58: the last day of the three months", "2026-03-20", "一般", "2026-06-20", "2026-06-21起可以申请修复"),
    ("Order 36: serious, the last day of the year", "2026-05-08", "严重", "2027-05-08", "2027-05-09起可以申请修复"),
    ("Order 36: general, the last day of three months", "2026-05-08", "一般", "2026-08-08", "2026-08-09起可以申请修复"),
]


@pytest.mark.parametrize("decided, level, on, words", [one[1:] for one in EARLY], ids=[one[0] for one in EARLY])
def test_not_before_the_first_day(office: Office, decided: str, level: str, on: str, words: str) -> None:
    record = released(recorded(office, on=decided, level=level), office, on=decided)
    told = policy.current().terms(record.kind, record.body, decided_on=record.happened_on)
    assert told is not None
    assert words in told.words
    with pytest.raises(Refused, match=words):
        applied(record, office.subject, on=on)
    following = (date.fromisoformat(on) + timedelta(days=1)).isoformat()
    assert stands(applied(record, office.subject, on=following).case_id, following).state.id == "received"


def test_a_breach_mended_is_repaired_at_once(office: Office) -> None:
    record = released(recorded(office, filing={"source": "违约失信"}, level="严重"), office)
    assert record.happened_on == date(2026, 3, 20)
    repaired(record, office, on="2026-03-26")
    assert visible(record, date(2026, 3, 26)) == []


def test_what_is_never_repaired(office: Office, send: Send, reviewer: Any) -> None:
    penalty = fined(send, reviewer, CF_JDRQ="2022/05/08", CF_NR="罚款5000元。属于特定严重失信行为。", CF_NR_FK="0.5")
    with pytest.raises(Refused, match="这一类不予修复") as refused:
        applied(penalty, CITIZEN, on="2026-11-23", **FIRM)
    assert refused.value.fix == "公示期满自动停止公示"


def fined(send: Send, reviewer: Any, **more: str) -> EntryCard:
    before, _ = ledger.head()
    batch = send([good(**more)])
    assert batch.rejected == 0
    (record,) = ledger.since(before, kinds=["penalty_legal"], limit=5)
    disclosure.release(entry_ids=[record.id], actor=reviewer, on=date(2026, 11, 23), at=at("2026-11-23"), **YES)
    return record


@pytest.mark.parametrize("step", ["supply", "take_in"], ids=["sent with the code", "brought to the counter"])
def test_a_firm_applies_and_the_organ_that_fined_it_repairs(
    office: Office, send: Send, reviewer: Any, step: str
) -> None:
    penalty = fined(send, reviewer, CF_JDRQ="2026/05/08", CF_NR="罚款5000元。", CF_NR_FK="0.5")
    case = applied(penalty, CITIZEN, on="2026-11-23", **FIRM)
    card = stands(case.case_id, "2026-11-23")
    assert case.code
    assert (card.handler_id, [(one.kind, one.due_on) for one in card.duties]) == (
        penalty.organ_id, [("accept_repair", date(2026, 11, 26))],
    )  # fmt: skip
    market = office.subject
    taken(case.case_id, "complete", by=market, on="2026-11-24", words="缺少罚款缴纳的凭证，请补一份")
    by = market if step == "take_in" else CITIZEN
    taken(case.case_id, step, by=by, on="2026-12-07", files=[PNG], words="补上罚款缴纳的凭证")
    taken(case.case_id, "accept", by=market, on="2026-12-08")
    with pytest.raises(Refused, match="“受理”是您办的"):
        taken(case.case_id, "repair", by=market, on="2026-12-09")
    other = person(office.organs("青禾县市场监督管理局"), "head", username="head")
    taken(case.case_id, "repair", by=other, on="2026-12-09")
    assert visible(penalty, date(2026, 12, 9)) == []


WRONG: list[tuple[str, dict[str, str], dict[str, Any], str]] = [
    ("without papers", {}, {"files": []}, "没有附材料"),
    ("without a commitment", {"commitment": ""}, {}, "信用承诺"),
    ("without saying what was performed", {"performed": ""}, {}, "纠正和履行的情况"),
]


@pytest.mark.parametrize("more, given, words", [one[1:] for one in WRONG], ids=[one[0] for one in WRONG])
def test_opening_refused(
    office: Office, record: EntryCard, more: dict[str, str], given: dict[str, Any], words: str
) -> None:
    from tests.packages.casework import opened
    from tests.packages.recording import APPLICATION

    with pytest.raises(Refused, match=words):
        opened(
            "repair", {**APPLICATION, **more}, by=office.subject, on="2026-06-22", record_id=record.id,
            **{"files": [PNG], **given},
        )  # fmt: skip


def test_refused_with_a_reason_it_stays(office: Office, record: EntryCard) -> None:
    case = applied(record, office.subject, on="2026-06-22")
    taken(case.case_id, "refuse", by=office.two, on="2026-06-23", words="利息没有付清，义务没有履行完毕")
    assert "page" in visible(record, date(2026, 6, 23))
    assert applied(record, office.subject, on="2026-06-24", token="again").case_id != case.case_id


def test_a_new_offence_after_repair_is_a_record_of_its_own(office: Office, record: EntryCard) -> None:
    repaired(record, office, on="2026-06-22")
    disclosure.follow(at=at("2026-06-22"))
    again = recorded_again(office)
    assert again.identity != record.identity
    assert "page" in visible(again, date(2026, 7, 20))
    assert visible(record, date(2026, 7, 20)) == []
    told = policy.current().terms(again.kind, again.body, decided_on=again.happened_on)
    assert told is not None
    assert told.first_on == date(2026, 10, 18)


def recorded_again(office: Office) -> EntryCard:
    from tests.packages import recording

    case = recording.filed(office.clerk, on="2026-07-01", instrument="（2026）青9926行终31号")
    taken(case.case_id, "tell", by=office.one, on="2026-07-02", files=[PNG])
    taken(case.case_id, "plead", by=office.subject, on="2026-07-06")
    fields = {**recording.DECISION, "document": "青信认〔2026〕9号", "decided_on": "2026-07-17"}
    taken(case.case_id, "decide", by=office.two, on="2026-07-17", files=[PNG], fields=fields)
    served = {"served_on": "2026-07-17", "served_how": "直接送达"}
    taken(case.case_id, "serve", by=office.one, on="2026-07-17", files=[PNG], fields=served)
    (again,) = ledger.cards(ledger.facts().filter(kind="dishonesty_record").order_by("-pk")[:1])
    return released(again, office, on="2026-07-20")


class Site:
    """The other site: keeps what it was sent and answers each with a receipt."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.sent.append(json.loads(request.content))
        return httpx.Response(200, json={"receipt": f"r-{len(self.sent)}"})

    def run(self, on: str) -> None:
        moment: datetime = at(on)
        exchange.run(now=moment, transport=httpx.MockTransport(self))


def test_the_other_site_is_told_of_dispute_settlement_and_repair(
    office: Office, record: EntryCard, settings: Any
) -> None:
    settings.ENDPOINTS = {"affairs": "http://affairs.invalid/in"}
    site = Site()
    site.run("2026-03-25")
    case = objected(record, office.subject, on="2026-04-28")
    site.run("2026-04-28")
    taken(case.case_id, "uphold", by=office.two, on="2026-04-29", words="核对原判决，没有履行")
    site.run("2026-04-29")
    repaired(record, office, on="2026-06-22")
    site.run("2026-06-22")
    assert [(one["act"], one["reason"]) for one in site.sent] == [
        ("publication", ""), ("dispute", ""), ("settlement", "核对原判决，没有履行"),
        ("withdrawal", "信用修复：停止公示，请同步停止共享和使用"),
    ]  # fmt: skip
    assert {one["record"] for one in site.sent} == {record.identity.hex()}
    proof = Delivery.objects.filter(entry__kind="repair").order_by("site").values_list("site", "state", "receipt")
    assert [(one[0], one[1]) for one in proof] == [("affairs", "delivered"), ("credit", "delivered")]
    assert all(one[2] for one in proof)


def test_what_was_never_public_is_told_to_nobody_and_what_is_repaired_first_is_not_sent(
    office: Office, settings: Any
) -> None:
    settings.ENDPOINTS = {"affairs": "http://affairs.invalid/in"}
    site = Site()
    record = recorded(office)
    objected(record, office.subject, on="2026-04-28")
    site.run("2026-04-28")
    assert site.sent == []
    released(record, office, on="2026-04-29")
    site.run("2026-04-29")
    assert [(one["act"], one["content"]["disputed_on"]) for one in site.sent] == [("publication", "2026-04-28")]


def test_repaired_before_it_was_sent_it_is_not_sent(office: Office, record: EntryCard, settings: Any) -> None:
    settings.ENDPOINTS = {"affairs": "http://affairs.invalid/in"}
    site = Site()
    repaired(record, office, on="2026-06-22")
    site.run("2026-06-22")
    assert [one["act"] for one in site.sent] == ["withdrawal"]
    assert marks.of_records([record])[record.identity].repaired_on == date(2026, 6, 22)


def test_no_page_shows_it(office: Office, record: EntryCard, client: Client) -> None:
    address = record.identity.hex()
    pages = [
        "/disclosures/",
        "/disclosures/export.csv",
        f"/organs/{subjects.directory(date(2026, 11, 23)).card(record.organ_id).code}/",
        "/",
        "/api/v1/public/disclosures",
    ]
    document = record.number
    repaired(record, office, on="2026-06-22")
    for page in pages:
        answer = client.get(page)
        text = b"".join(answer).decode() if answer.streaming else answer.content.decode()
        assert answer.status_code == 200, page
        assert document not in text, page
    assert client.get(f"/records/{address}/").status_code == 404
    assert client.get(f"/api/v1/public/records/{address}").status_code == 404
