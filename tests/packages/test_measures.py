"""What follows a record: never without it, never after it, never twice, each with a receipt; and whether somebody may receive something."""

from datetime import date
from typing import Any

import pytest

from jiannuo.cases import tick as stepping
from jiannuo.cases.models import Case
from jiannuo.disclosure import actions as disclosure
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as ledger
from jiannuo.measures import actions, queries, tick
from jiannuo.measures.rules import Asked, asked_in, asked_of
from jiannuo.policy import pack as policy
from jiannuo.subjects import queries as subjects
from tests.packages.casework import stands, taken
from tests.packages.conftest import Send
from tests.packages.filing import DIRECTOR, FOLLOWER, appointed, filed
from tests.packages.promising import PNG, at, person
from tests.packages.recording import LEAD, MARKET, Office, Organs, objected, recorded, released, repaired
from tests.packages.releasing import YES
from tests.wrong.make_sheets import good

pytestmark = pytest.mark.django_db
PERSONNEL = "中共青禾县委组织部"


@pytest.fixture
def office(organs: Organs) -> Office:
    return Office(organs)


def laid(on: str) -> list[str]:
    """The measures after the tick of a day, by number and title."""
    tick.run(as_of=date.fromisoformat(on), now=at(on))
    rows = Case.objects.filter(flow__in=("measure", "rectification")).order_by("pk")
    openings = ledger.entries(row.opening_id for row in rows)
    return [openings[row.opening_id].body["measure"] for row in rows]


LADDER = [
    ("light", "轻微", "司法判决", ["书面说明原因并限期整改"]),
    ("general", "一般", "司法判决", ["书面说明原因并限期整改", "取消评优评先资格"]),
    ("serious", "严重", "司法判决", ["书面说明原因并限期整改", "取消评优评先资格", "公开通报批评", "对主要负责人追责"]),
    ("a breach", "一般", "违约失信", ["书面说明原因并限期整改", "取消评优评先资格", "限制申请资金、项目"]),
]


@pytest.mark.parametrize("level, source, titles", [one[1:] for one in LADDER], ids=[one[0] for one in LADDER])
def test_the_ladder(office: Office, level: str, source: str, titles: list[str]) -> None:
    recorded(office, level=level, filing={"source": source})
    assert laid("2026-03-25") == titles
    assert laid("2026-03-25") == titles, "never twice"
    assert laid("2026-04-25") == titles


def test_each_is_carried_out_by_whom_the_pack_names_with_a_receipt(office: Office, organs: Organs) -> None:
    recorded(office, level="严重")
    laid("2026-03-25")
    rows = {
        ledger.entries([row.opening_id])[row.opening_id].body["name"]: row
        for row in Case.objects.exclude(flow="determination")
    }
    names = {name: subjects.directory(date(2026, 3, 25)).card(row.handler_id).code for name, row in rows.items()}
    assert names["accountability"] == "419926-404"
    assert names["public_criticism"] == "419926-010"
    assert names["no_honours"] == organs(LEAD).code
    card = stands(rows["no_honours"].pk, "2026-03-25")
    assert [(one.kind, one.due_on) for one in card.duties] == [("carry_out_measure", date(2026, 4, 9))]
    with pytest.raises(Refused, match="没有附材料"):
        taken(card.id, "carry_out", by=office.one, on="2026-03-26")
    after = taken(card.id, "carry_out", by=office.one, on="2026-03-26", files=[PNG])
    assert (after.state.id, [one for one in after.duties if one.is_open]) == ("carried", [])


def test_the_organ_explains_and_mends_by_a_day(office: Office) -> None:
    recorded(office, level="轻微")
    laid("2026-03-25")
    row = Case.objects.get(flow="rectification")
    card = stands(row.pk, "2026-03-25")
    assert {one.kind: one.due_on for one in card.duties} == {
        "explain_in_writing": date(2026, 4, 9), "rectify": date(2026, 4, 24),
    }  # fmt: skip
    taken(row.pk, "explain", by=office.subject, on="2026-03-30")
    taken(row.pk, "report", by=office.subject, on="2026-04-10", files=[PNG])
    taken(row.pk, "return", by=office.two, on="2026-04-13", words="利息还没有付清，请付清以后再报")
    assert {one.kind: one.due_on for one in stands(row.pk, "2026-04-13").duties if one.is_open} == {
        "rectify": date(2026, 5, 13)
    }
    taken(row.pk, "report", by=office.subject, on="2026-04-20", files=[PNG])
    assert taken(row.pk, "accept", by=office.two, on="2026-04-21").state.id == "done"


def test_they_end_with_repair_and_never_come_again(office: Office) -> None:
    record = released(recorded(office, level="严重"), office)
    laid("2026-03-25")
    repaired(record, office, on="2026-06-22")
    for _ in range(2):
        stepping.run(as_of=date(2026, 6, 23), now=at("2026-06-23"))
    rows = Case.objects.filter(flow__in=("measure", "rectification"))
    assert {(row.state, row.closed_on) for row in rows} == {("lifted", date(2026, 6, 22))}
    for row in rows:
        assert not [one for one in stands(row.pk, "2026-06-23").duties if one.is_open]
    assert len(laid("2026-06-23")) == 4


def test_they_end_when_the_time_is_over(office: Office) -> None:
    recorded(office, on="2026-05-08", level="一般")
    laid("2026-05-08")
    stepping.run(as_of=date(2027, 5, 8), now=at("2027-05-08"))
    assert not Case.objects.filter(state="lifted").exists()
    stepping.run(as_of=date(2027, 5, 20), now=at("2027-05-20"))
    assert {(row.state, row.closed_on) for row in Case.objects.filter(flow="measure")} == {("lifted", date(2027, 5, 9))}


def test_nothing_is_laid_for_what_is_gone_already(office: Office) -> None:
    record = released(recorded(office, filing={"source": "违约失信"}), office)
    repaired(record, office, on="2026-03-26")
    assert laid("2026-03-27") == []


# -- may this subject receive this? ----------------------------------------------------------------------------------


def asked(name: str, use: str, by: Any, on: str, code: str = "") -> tuple[str, str, date | None]:
    (card,) = queries.eligibility([Asked(name, code)], use=use, actor=by, on=date.fromisoformat(on))
    return card.word, card.why, card.ends_on


def test_an_organ_under_a_record(office: Office, organs: Organs) -> None:
    lead = person(organs(LEAD), "lead", username="asking")
    assert asked(MARKET, "honour", lead, "2026-03-19") == ("yes", "", None)
    record = released(recorded(office, level="一般"), office)
    barred = ("no", "取消评优评先资格（青信认〔2026〕3号）", date(2029, 3, 20))
    assert asked(MARKET, "honour", lead, "2026-03-25") == barred
    assert asked(MARKET, "fund", lead, "2026-03-25") == ("yes", "", None)
    assert asked(MARKET, "honour", lead, "2029-03-21") == ("yes", "", None), "the day after its last"
    objected(record, office.subject, on="2026-04-28")
    assert asked(MARKET, "honour", lead, "2026-04-28")[1] == "取消评优评先资格（青信认〔2026〕3号，有异议）"
    case = Case.objects.get(flow="objection")
    taken(case.pk, "uphold", by=office.two, on="2026-04-29")
    repaired(record, office, on="2026-06-22")
    assert asked(MARKET, "honour", lead, "2026-06-22") == ("yes", "", None)


SANCTIONS = [
    ("警告", "2026-05-08", "2026-11-08"),
    ("记过", "2026-05-08", "2027-05-08"),
    ("记大过", "2026-05-08", "2027-11-08"),
    ("降级", "2026-05-08", "2028-05-08"),
    ("撤职", "2026-05-08", "2028-05-08"),
]


@pytest.mark.parametrize("sanction, decided, last", SANCTIONS, ids=[one[0] for one in SANCTIONS])
def test_an_official_is_barred_for_the_period_of_the_sanction(
    organs: Organs, sanction: str, decided: str, last: str
) -> None:
    market = organs(MARKET)
    appointed(market)
    filed("violation", organs, of=market, sanction=sanction, decided_on=decided)
    personnel = person(organs(PERSONNEL), "personnel")
    word, why, ends = asked(DIRECTOR[1], "honour", personnel, last)
    assert (word, ends) == ("no", date.fromisoformat(last))
    assert why == "处分期内限制评优评先（violation-1）"
    after = date.fromisoformat(last)
    assert asked(DIRECTOR[1], "honour", personnel, after.replace(day=after.day + 1).isoformat()) == ("yes", "", None)


def test_who_may_not_read_the_file_gets_the_answer_alone(organs: Organs) -> None:
    market = organs(MARKET)
    appointed(market)
    filed("violation", organs, of=market)
    other = person(organs(LEAD), "reviewer", username="elsewhere")
    (card,) = queries.eligibility([Asked(DIRECTOR[1])], use="honour", actor=other, on=date(2026, 6, 1))
    assert (card.word, card.facts) == ("no", ())
    assert card.why == "依据在本人的诚信档案里，由组织人事、纪检监察机关查阅"


def test_a_firm_is_asked_about_once_its_serious_penalty_is_final(send: Send, reviewer: Any, organs: Organs) -> None:
    before, _ = ledger.head()
    send([good(CF_CFLB="责令停产停业", CF_NR="责令停产停业。", CF_NR_FK="", CF_JDRQ="2026/03/10")])
    (record,) = ledger.since(before, kinds=["penalty_legal"], limit=5)
    disclosure.release(entry_ids=[record.id], actor=reviewer, on=date(2026, 11, 23), at=at("2026-11-23"), **YES)
    lead = person(organs(LEAD), "lead", username="asking")
    code = "91410526MA3X12345D"
    assert asked("青禾县晨光食品有限公司", "procurement", lead, "2026-06-01", code)[0] == "yes", (
        "G8: public, not yet dishonesty"
    )
    word, why, ends = asked("青禾县晨光食品有限公司", "procurement", lead, "2026-09-11", code)
    assert (word, ends) == ("ask", date(2029, 3, 10))
    assert "由采购、资金、项目单位核实" in why


UNKNOWN = [
    ("nobody of that name", Asked("魔法局"), "名录里没有“魔法局”"),
    ("a code that is none", Asked("", "91410526MA3X12345E"), "名录里没有“91410526MA3X12345E”"),
    ("two of one name", Asked("石青山"), "有同名的，请填人员编号"),
    ("a code of somebody else", Asked("柳知秋", "QH-0101"), "编号QH-0101在人员名录里是石青山"),
]


@pytest.mark.parametrize("subject, words", [one[1:] for one in UNKNOWN], ids=[one[0] for one in UNKNOWN])
def test_who_is_not_found_is_asked_about_not_passed(organs: Organs, subject: Asked, words: str) -> None:
    appointed(organs(MARKET))
    appointed(organs(MARKET), (FOLLOWER[0], DIRECTOR[1]))
    (card,) = queries.eligibility(
        [subject], use="honour", actor=person(organs(PERSONNEL), "personnel"), on=date(2026, 6, 1)
    )
    assert (card.word, card.key) == ("ask", "")
    assert words in card.why


def test_the_asking_is_on_record_with_its_purpose_and_can_be_verified(office: Office, organs: Organs) -> None:
    recorded(office, level="一般")
    personnel = person(organs(PERSONNEL), "personnel")
    on, moment = date(2026, 3, 25), at("2026-03-25")
    given: dict[str, Any] = {"use": "honour", "actor": personnel, "on": on, "at": moment, "token": "t1"}
    with pytest.raises(Refused, match="没有写查询的目的"):
        actions.ask([Asked(MARKET)], purpose=" ", **given)
    with pytest.raises(Refused, match="没有用途“party”"):
        actions.ask([Asked(MARKET)], purpose="先进集体评选", **{**given, "use": "party"})
    with pytest.raises(Refused, match="没有写要问谁"):
        actions.ask([], purpose="先进集体评选", **given)
    nobody = person(organs(MARKET), "sysadmin")
    with pytest.raises(Refused):
        actions.ask([Asked(MARKET)], purpose="先进集体评选", **{**given, "actor": nobody})
    done = actions.ask([Asked(MARKET), Asked(LEAD)], purpose="先进集体评选", **given)
    again = actions.ask([Asked(MARKET), Asked(LEAD)], purpose="先进集体评选", **given)
    assert again.certificate.number == done.certificate.number
    card, said = queries.verified(done.certificate.number, MARKET, on=on)
    assert (card.count, card.use, said) == (2, "honour", "不可以，到2029-03-20为止")
    assert queries.verified(done.certificate.number, LEAD, on=on)[1] == "可以"
    assert queries.verified(done.certificate.number, "青禾县教育体育局", on=on)[1] == ""
    with pytest.raises(Refused, match="没有这个编号的证明"):
        queries.verified("核〔2026〕AAAA-AAAA-AAAA", MARKET, on=on)


def test_no_measure_stands_outside_the_catalogue() -> None:
    pack = policy.current()
    catalogue = {code.value for code in pack.codes["measure_catalogue"]}
    assert {one.catalogue for one in pack.measures.values()} <= catalogue


def test_a_sheet_of_names_however_it_is_headed() -> None:
    sheet = "评优名单\n序号,姓名,人员编号\n1,石青山,QH-0101\n2,柳知秋,\n,,\n".encode()
    assert asked_in(sheet, "名单.csv") == [Asked("石青山", "QH-0101"), Asked("柳知秋")]
    with pytest.raises(Refused) as refused:
        asked_in("甲,乙\n1,2\n".encode(), "名单.csv")
    assert refused.value.fix


def test_names_typed_in() -> None:
    assert asked_of("石青山 QH-0101\n\n青禾县市场监督管理局\n91410526MA3X12345D\n") == [
        Asked("石青山", "QH-0101"), Asked("青禾县市场监督管理局"), Asked("", "91410526MA3X12345D"),
    ]  # fmt: skip
