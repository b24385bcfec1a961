"""An objection marks the record everywhere before anybody looks; a correction, a withdrawal or a reasoned no takes the mark away."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest
from django.test import Client
from msgspec.structs import replace

from jiannuo.cases import queries as cases
from jiannuo.disclosure import actions as disclosure
from jiannuo.disclosure import queries as public
from jiannuo.disclosure.queries import desk, review
from jiannuo.disclosure.queries.files import open_organ, open_own
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as ledger
from jiannuo.ledger.queries import EntryCard
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.rules import OrganCard
from tests.packages.casework import CITIZEN, stands, taken
from tests.packages.conftest import TODAY, Send
from tests.packages.filing import DIRECTOR, appointed
from tests.packages.promising import PNG, at, person
from tests.packages.recording import FIRM, LEAD, MARKET, Office, Organs, objected, recorded, released
from tests.packages.releasing import released as penalties
from tests.wrong.make_sheets import good

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(organs: Organs) -> Office:
    return Office(organs)


@pytest.fixture
def record(office: Office) -> EntryCard:
    return released(recorded(office), office)


@pytest.fixture
def penalty(send: Send, reviewer: Any) -> EntryCard:
    (number,) = penalties(send, reviewer, good())
    found = ledger.entry(number)
    assert found is not None
    return found


def shown(record: EntryCard, on: date) -> dict[str, bool]:
    """Wherever a record is shown: whether it says 有异议 there."""
    page = public.public_record(record.identity.hex(), on=on)
    found = [row for row in public.find(record.number, on=on).rows if row.identity == record.identity.hex()]
    exported = [row for row in public.export(public.Filters(), on=on) if row.card.identity == record.identity.hex()]
    lead = person(subjects.directory(on).lead, "lead", username="reader")
    staff = desk.records(lead, organs=subjects.directory(on), kind=record.kind).rows
    judged = review.judged([record.id], on=on)[record.id]
    where: dict[str, object] = {
        "page": page and page.disputed_on,
        "list and search": found and found[0].disputed_on,
        "lasting address": (rows := public.cards_at([record.identity.hex()], on=on)) and rows[0].disputed_on,
        "export": exported and exported[0].card.disputed_on,
        "desk list": staff[0].disputed_on and "有异议" in staff[0].state_words,
        "review": judged.disputed_on,
    }
    return {name: bool(said) for name, said in where.items()}


def test_it_is_marked_everywhere_before_anybody_looks(office: Office, record: EntryCard) -> None:
    on = date(2026, 4, 28)
    assert not any(shown(record, on).values())
    case = objected(record, office.subject, on="2026-04-28")
    assert all(shown(record, on).values()), shown(record, on)
    card = stands(case.case_id, "2026-04-28")
    assert [(one.kind, one.due_on) for one in card.duties] == [("answer_objection", date(2026, 5, 6))]
    file = open_organ(
        record.organ_id, actor=person(office.organs(LEAD), "lead"), purpose="核对失信记录", on=on, at=at("2026-04-28")
    )
    (part,) = [one for one in file.parts if one.section.id == "organ_dishonesty"]
    assert [(line.standing, line.standing_words) for line in part.lines] == [("disputed", "有异议")]


def test_a_reasoned_no_takes_the_mark_away(office: Office, record: EntryCard) -> None:
    case = objected(record, office.subject, on="2026-04-28")
    taken(case.case_id, "uphold", by=office.two, on="2026-04-29", words="银行回单是另一笔工程款，原判决没有履行")
    assert not any(shown(record, date(2026, 4, 29)).values())
    page = public.public_record(record.id, on=date(2026, 4, 29))
    assert page is not None
    assert [step.what for step in page.history] == ["公示", "当事人提出异议，标明有异议", "异议办结，撤去标注"]
    assert page.history[-1].reason == "银行回单是另一笔工程款，原判决没有履行"
    assert not [one for one in stands(case.case_id, "2026-04-29").duties if one.is_open]


def test_a_wrong_record_is_taken_down_at_once_and_not_shown_again(office: Office, record: EntryCard) -> None:
    case = objected(record, office.subject, on="2026-04-28", wants="撤下")
    taken(case.case_id, "take_down", by=office.two, on="2026-04-29", words="判决履行完毕在先，认定有误")
    on = date(2026, 4, 29)
    page = public.public_record(record.id, on=on)
    assert page is not None
    assert (page.state, page.fields, page.disputed_on) == ("withdrawn", (), None)
    assert not public.find(record.number, on=on).rows, "gone before the index follows"
    disclosure.follow(at=at("2026-04-29"))
    assert not public.find(record.number, on=on).rows
    with pytest.raises(Refused, match="这条记录已经撤下"):
        objected(record, office.subject, on="2026-04-30", token="again")


def test_who_provided_it_checks_within_three_days_and_testing_does_not_count(
    office: Office, penalty: EntryCard
) -> None:
    on = "2026-11-23"
    case = objected(penalty, CITIZEN, on=on, **FIRM)
    assert case.code
    assert all(shown(penalty, TODAY).values()), shown(penalty, TODAY)
    taken(case.case_id, "ask_source", by=office.one, on="2026-11-24")
    card = stands(case.case_id, "2026-11-24")
    assert card.handler_id == penalty.organ_id, "the organ that decided the penalty"
    assert {one.kind: one.due_on for one in card.duties if one.is_open} == {
        "answer_objection_checked": date(2026, 12, 2),
        "check_objection": date(2026, 11, 27),
    }
    taken(case.case_id, "report", by=office.subject, on="2026-11-25")
    taken(case.case_id, "test_checked", by=office.one, on="2026-11-26")
    taken(case.case_id, "tested_checked", by=office.one, on="2026-12-10", files=[PNG])
    after = stands(case.case_id, "2026-12-10")
    assert {one.kind: one.due_on for one in after.duties if one.is_open} == {
        "answer_objection_checked": date(2026, 12, 16)
    }


def test_a_correction_is_demanded_before_it_is_said(
    office: Office, penalty: EntryCard, send: Send, reviewer: Any
) -> None:
    case = objected(penalty, CITIZEN, on="2026-11-23", wants="更正", **FIRM)
    with pytest.raises(Refused, match="原记录还没有更正"):
        taken(case.case_id, "correct", by=office.two, on="2026-11-23")
    before, _ = ledger.head()
    send([good(CF_SY="2026年9月1日检查发现货架上有1袋超过保质期的面粉。")], corrects=True, reason="数量写错")
    (newer,) = ledger.since(before, kinds=["penalty_legal"], limit=5)
    with pytest.raises(Refused, match="更正后的记录还没有公示"):
        taken(case.case_id, "correct", by=office.two, on="2026-11-23")
    answers = {
        "confirmed": ("social_impact", "summary_possible_2021"),
        "basis": "上级机关要求公开",
        "reason": "更正数量",
    }
    disclosure.release(entry_ids=[newer.id], actor=reviewer, on=TODAY, at=at("2026-11-23"), **answers)  # type: ignore[arg-type]
    page = public.public_record(newer.id, on=TODAY)
    assert page is not None
    assert page.disputed_on == TODAY, "the correction is marked too until the case is over"
    taken(case.case_id, "correct", by=office.two, on="2026-11-23", words="数量已经更正为一袋")
    assert not any(shown(newer, TODAY).values())


OPENED_WRONG: list[tuple[str, Callable[[Office], Any], Mapping[str, str], str]] = [
    (
        "a stranger with another code",
        lambda _: CITIZEN,
        {**FIRM, "party_code": "91410526MA4JURQ20C"},
        "与这条记录的当事人不一致",
    ),
    ("a stranger without a code", lambda _: CITIZEN, {}, "与这条记录的当事人不一致"),
    ("the organ that decided it", lambda office: office.subject, FIRM, "您不能提出“异议申请”"),
    ("without a reason", lambda _: CITIZEN, {**FIRM, "reason": ""}, "异议的内容和理由"),
]


@pytest.mark.parametrize("by, more, words", [one[1:] for one in OPENED_WRONG], ids=[one[0] for one in OPENED_WRONG])
def test_opening_refused(
    office: Office, penalty: EntryCard, by: Callable[[Office], Any], more: Mapping[str, str], words: str
) -> None:
    head = ledger.head()
    with pytest.raises(Refused, match=words) as refused:
        objected(penalty, by(office), on="2026-11-23", **more)
    assert refused.value.fix
    assert ledger.head() == head
    assert not any(shown(penalty, TODAY).values())


def test_one_objection_at_a_time_and_the_same_sending_once(office: Office, penalty: EntryCard) -> None:
    case = objected(penalty, CITIZEN, on="2026-11-23", token="one", **FIRM)
    assert objected(penalty, CITIZEN, on="2026-11-23", token="one", **FIRM) == case
    with pytest.raises(Refused, match=f"已经在办：{case.number}"):
        objected(penalty, CITIZEN, on="2026-11-23", token="two", **FIRM)
    taken(case.case_id, "give_up", on="2026-11-24", words="已经弄清楚了，不再提了")
    assert not any(shown(penalty, TODAY).values())
    page = public.public_record(penalty.id, on=TODAY)
    assert page is not None
    assert page.history[-1].reason == "", "the words of who objects are not public"
    assert objected(penalty, CITIZEN, on="2026-11-25", token="three", **FIRM).case_id != case.case_id


def test_words_that_become_public_hold_no_personal_data(office: Office, record: EntryCard) -> None:
    case = objected(record, office.subject, on="2026-04-28")
    with pytest.raises(Refused, match="会向社会公开，其中有身份证号"):
        taken(case.case_id, "uphold", by=office.two, on="2026-04-29", words="当事人410526199001010015提供的回单不实")


def test_what_the_objector_wrote_is_sealed(penalty: EntryCard, office: Office) -> None:
    case = objected(penalty, CITIZEN, on="2026-11-23", contact="13900000000", **FIRM)
    number = stands(case.case_id, "2026-11-23").number
    for entry in ledger.cards(ledger.facts().filter(number=number)):
        assert not any(word in f"{entry.body}{entry.reason}" for word in ("13900000000", "银行回单"))


def test_an_official_objects_to_what_is_in_the_file(organs: Organs) -> None:
    appointed(organs(MARKET), DIRECTOR)
    office = Office(organs)
    office.subject = replace(person(organs(MARKET), "clerk", username="stone"), official=DIRECTOR[0])
    record = recorded(office, filing={"official": DIRECTOR[0], "source": "纪律处分"})
    with pytest.raises(Refused, match="您不能提出"):
        objected(record, person(organs(MARKET), "reviewer", username="boss"), on="2026-04-28")
    objected(record, office.subject, on="2026-04-28")
    file = open_own(actor=office.subject, on=date(2026, 4, 28), at=at("2026-04-28"))
    (part,) = [one for one in file.parts if one.section.id == "dishonesty"]
    assert [line.standing_words for line in part.lines] == ["有异议"]
    acts = ledger.cards(ledger.facts().filter(kind="dispute"))
    assert [act.visibility for act in acts] == ["restricted"], "what is done to a closed record is closed"


def test_every_page_says_so(office: Office, penalty: EntryCard, client: Client, market: OrganCard) -> None:
    address = penalty.identity.hex()
    pages = [
        f"/records/{address}/", "/disclosures/", f"/disclosures/?q={penalty.number}", "/disclosures/export.csv",
        f"/organs/{market.code}/", f"/parties/{penalty.about}/", "/", "/api/v1/public/disclosures", f"/api/v1/public/records/{address}",
    ]  # fmt: skip
    found = {page: client.get(page, follow=True) for page in pages}
    assert {page: answer.status_code for page, answer in found.items()} == dict.fromkeys(pages, 200)
    objected(penalty, CITIZEN, on="2026-11-23", **FIRM)
    told = {page: said(client, page) for page in pages}
    assert told == dict.fromkeys(pages, True)
    assert cases.of_record([penalty.id], as_of=TODAY)


def said(client: Client, page: str) -> bool:
    answer = client.get(page, follow=True)
    text = b"".join(answer).decode() if answer.streaming else answer.content.decode()
    return "有异议" in text or '"disputed_on": "2026-11-23"' in text or '"disputed_on":"2026-11-23"' in text
