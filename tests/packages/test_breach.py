"""A firm that is owed money: who verifies it by when, what the organ owes by agreement, and what follows where it refuses."""

from datetime import date
from typing import Any

import pytest

from jiannuo.access.rules import Actor
from jiannuo.cases import actions, queries, tick
from jiannuo.cases.models import Case
from jiannuo.cases.queries import CaseCard
from jiannuo.disclosure import actions as disclosure
from jiannuo.disclosure.queries import public_record
from jiannuo.duties.queries import Standing
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as ledger
from jiannuo.ledger.queries import EntryCard
from jiannuo.measures import queries as measures
from jiannuo.measures import tick as measuring
from jiannuo.measures.rules import Asked
from tests.packages.breaching import (
    CLAIM,
    DEBTOR,
    INSTRUMENT,
    LEAD,
    SUPERIOR,
    Bodies,
    agreed,
    lodged,
    said,
    urged,
)
from tests.packages.casework import COMPLAINT, opened, stands, taken
from tests.packages.promising import PNG, at
from tests.packages.recording import APPLICATION, DECISION, SERVED, Organs
from tests.packages.releasing import YES

pytestmark = pytest.mark.django_db


@pytest.fixture
def bodies(organs: Organs) -> Bodies:
    return Bodies(organs)


# -- taken in and verified --------------------------------------------------------------------------------------------

VERIFIERS = [
    ("a department: the government's own office", DEBTOR, SUPERIOR),
    ("an institution: the department over it", "青禾县林业发展中心", "青禾县自然资源局"),
    ("the lead office: who oversees it", LEAD, SUPERIOR),
    ("the government's own office: the lead office", SUPERIOR, LEAD),
    ("a town: the government's own office", "青禾县柳溪镇人民政府", SUPERIOR),
]


@pytest.mark.parametrize("against, verifier", [one[1:] for one in VERIFIERS], ids=[one[0] for one in VERIFIERS])
def test_it_goes_at_once_to_the_body_above_and_never_to_itself(organs: Organs, against: str, verifier: str) -> None:
    card = stands(lodged(against=against).case_id, "2026-05-06")
    assert (card.number, card.state.id, card.handler_id) == ("违〔2026〕1号", "received", organs(verifier).id)
    assert [(one.kind, one.debtor_id, one.due_on) for one in card.duties] == [
        ("verify_breach", organs(verifier).id, date(2026, 6, 5))
    ]


LODGED_WRONG = [
    ("no field of the six", {"field": "军火"}, "属于哪个领域"),
    ("an organ nobody knows", {"against": "青禾县魔法局"}, "没有“青禾县魔法局”这个单位"),
    ("a code that is none", {"firm_code": "91419926MA40ABCD00"}, "企业统一社会信用代码"),
    ("signed tomorrow", {"signed_on": "2026-05-07"}, "签订日期"),
    ("a sum with its unit", {"owed": "10万元"}, "拖欠的本金"),
    ("a sum and no day it follows from", {"delivered_on": ""}, "看不出应当哪天付款"),
    ("a sum and no day, of a large firm", {"small": "否"}, "看不出应当哪天付款"),
    ("not yet due by the law", {"delivered_on": "2026-04-20"}, "应付日2026-05-20"),
    ("not yet due by the contract", {"due_on": "2026-05-06", "delivered_on": ""}, "还没有到付款的日子"),
]


@pytest.mark.parametrize("more, words", [one[1:] for one in LODGED_WRONG], ids=[one[0] for one in LODGED_WRONG])
def test_lodging_refused_leaves_nothing_behind(bodies: Bodies, more: dict[str, str], words: str) -> None:
    head = ledger.head()
    with pytest.raises(Refused, match=words) as refused:
        lodged(**more)
    assert refused.value.fix
    assert ledger.head() == head


def test_without_the_contract_it_is_not_taken_in(bodies: Bodies) -> None:
    with pytest.raises(Refused, match="没有附材料"):
        opened("breach", CLAIM, on="2026-05-06")


def test_what_is_not_about_money_needs_no_day(bodies: Bodies) -> None:
    card = stands(lodged(owed="", delivered_on="").case_id, "2026-05-06")
    assert actions.reckoned(card=card, promised=(), on=date(2026, 5, 6)) is None


def test_untrue_is_told_with_reasons_and_true_is_urged(bodies: Bodies) -> None:
    false, true = lodged(), lodged(on="2026-05-07")
    with pytest.raises(Refused, match="没有写清楚"):
        taken(false.case_id, "untrue", by=bodies.one, on="2026-05-20", words="")
    taken(false.case_id, "untrue", by=bodies.one, on="2026-05-20", words="验收不合格，整改单在案，付款条件没有成就")
    assert stands(false.case_id, "2026-05-20").closed_on == date(2026, 5, 20)
    assert "付款条件没有成就" in said(false.code, "2026-05-21")
    with pytest.raises(Refused, match="没有附材料"):
        taken(true.case_id, "urge", by=bodies.one, on="2026-05-20")
    taken(true.case_id, "urge", by=bodies.one, on="2026-05-20", files=[PNG])
    duties_of = {one.kind: one.standing for one in stands(true.case_id, "2026-05-20").duties}
    assert duties_of == {"verify_breach": Standing.KEPT, "mend_breach": Standing.RUNNING}


def test_who_cannot_verify_sends_it_back_and_it_is_never_handed_to_the_organ_itself(bodies: Bodies) -> None:
    case = lodged()
    taken(case.case_id, "send_on", by=bodies.one, on="2026-05-08", words="县水利局归分管的局管，请转")
    card = stands(case.case_id, "2026-05-08")
    assert [(one.kind, one.due_on) for one in card.duties if one.is_open] == [("transfer_breach", date(2026, 5, 21))], (
        "the ninth, a Saturday, is worked"
    )
    with pytest.raises(Refused, match="不能交给被反映的单位自己办"):
        taken(case.case_id, "transfer", by=bodies.lead, on="2026-05-11", organs=[DEBTOR])
    taken(case.case_id, "transfer", by=bodies.lead, on="2026-05-11", organs=["青禾县财政局"])
    assert stands(case.case_id, "2026-05-11").handler_id == bodies.finance.organ_id


def test_ninety_days_at_most_counted_from_the_day_it_came(bodies: Bodies) -> None:
    case = lodged()
    taken(case.case_id, "extend", by=bodies.one, on="2026-06-01")
    open_ones = [(one.kind, one.due_on) for one in stands(case.case_id, "2026-06-01").duties if one.is_open]
    assert open_ones == [("verify_breach_extended", date(2026, 8, 4))]


def test_the_organ_is_asked_and_sees_the_contract_and_not_the_firm(bodies: Bodies) -> None:
    case = lodged()
    day, moment = date(2026, 5, 8), at("2026-05-08")
    with pytest.raises(Refused, match="不在您的范围内"):
        actions.read(case.case_id, actor=bodies.debtor, on=day, at=moment)
    with pytest.raises(Refused, match="还没有办：要求单位说明"):
        taken(case.case_id, "explain", by=bodies.debtor, on="2026-05-08")
    taken(case.case_id, "ask_subject", by=bodies.one, on="2026-05-08", words="请说明17号合同为什么没有付款")
    found = actions.read(case.case_id, actor=bodies.debtor, on=day, at=moment)
    assert found is not None
    assert found.opening["contract"] == CLAIM["contract"]
    assert not {CLAIM["firm"], CLAIM["contact"], CLAIM["content"], CLAIM["firm_code"]} & set(found.opening.values())
    taken(case.case_id, "explain", by=bodies.debtor, on="2026-05-09", words="经办人调走了，资金年底安排")
    with pytest.raises(Refused, match="您不能办理"):
        taken(case.case_id, "untrue", by=bodies.debtor, on="2026-05-09")


WRONG_STEPS = [
    ("the lead office does not verify", "urge", "lead", "由承办单位办理"),
    ("nor does the organ itself", "urge", "debtor", "您不能办理"),
    ("nor does a stranger", "untrue", "finance", "由承办单位办理"),
    ("nothing is repaired before it is found", "repair", "one", "不能确认已经履行"),
    ("no agreement before it is found true", "conclude", "one", "不能登记双方协议"),
    ("only who lodged it withdraws", "withdraw", "one", "由提出人办理"),
]


@pytest.mark.parametrize("step, who, words", [one[1:] for one in WRONG_STEPS], ids=[one[0] for one in WRONG_STEPS])
def test_a_wrong_step_is_refused_in_words(bodies: Bodies, step: str, who: str, words: str) -> None:
    case = lodged()
    head = ledger.head()
    with pytest.raises(Refused, match=words) as refused:
        taken(case.case_id, step, by=getattr(bodies, who), on="2026-05-10", files=[PNG])
    assert refused.value.fix
    assert ledger.head() == head


# -- from a complaint -------------------------------------------------------------------------------------------------

OVERDUE = {**COMPLAINT, "category": "合同协议没有履行、拖欠账款", "against": DEBTOR}


def test_who_complained_of_a_contract_goes_on_here_with_the_same_code(bodies: Bodies, organs: Organs) -> None:
    complaint = opened("complaint", OVERDUE, on="2026-05-06")
    given: dict[str, Any] = {"words": "合同和验收单都附上了", "files": [PNG], "fields": CLAIM}
    after = taken(complaint.case_id, "to_breach", on="2026-05-07", **given)
    assert (after.state.id, [one for one in after.duties if one.is_open]) == ("passed_on", [])
    breach = queries.by_receipt(complaint.code, as_of=date(2026, 5, 7))
    assert breach is not None
    assert (breach.flow.id, breach.parent_id, breach.handler_id) == ("breach", complaint.case_id, organs(SUPERIOR).id)
    taken(breach.id, "add", on="2026-05-08", words="昨天又催了一次，还是没有付")
    with pytest.raises(Refused, match="现在是“转为违约失信核实”"):
        taken(complaint.case_id, "to_breach", on="2026-05-08", **given)
    before = rows()
    actions.rebuild()
    assert rows() == before


def test_a_complaint_of_something_else_does_not(bodies: Bodies) -> None:
    complaint = opened("complaint", COMPLAINT, on="2026-05-06")
    head = ledger.head()
    with pytest.raises(Refused, match="只用于“合同协议没有履行、拖欠账款”的事"):
        taken(complaint.case_id, "to_breach", on="2026-05-07", files=[PNG], fields=CLAIM)
    assert ledger.head() == head
    assert queries.by_receipt(complaint.code, as_of=date(2026, 5, 7)) is not None


@pytest.mark.parametrize("more, words", [({"firm_code": "1"}, "企业统一社会信用代码"), ({"owed": "x"}, "拖欠的本金")])
def test_what_is_wrong_on_its_form_leaves_the_complaint_as_it_was(
    bodies: Bodies, more: dict[str, str], words: str
) -> None:
    complaint = opened("complaint", OVERDUE, on="2026-05-06")
    before, head = rows(), ledger.head()
    with pytest.raises(Refused, match=words):
        taken(complaint.case_id, "to_breach", on="2026-05-07", files=[PNG], fields={**CLAIM, **more})
    with pytest.raises(Refused, match="没有附材料"):
        taken(complaint.case_id, "to_breach", on="2026-05-07", fields=CLAIM)
    assert (rows(), ledger.head()) == (before, head)


def rows() -> list[dict[str, object]]:
    """The table of cases, without what is numbered anew when it is made again."""
    found = Case.objects.order_by("number").values()
    return [{key: value for key, value in row.items() if key not in ("id", "parent_id")} for row in found]


# -- refused, found, mended -------------------------------------------------------------------------------------------


def test_who_refuses_is_found_in_breach_by_the_verifying_body_and_mended_at_once_when_it_pays(bodies: Bodies) -> None:
    case = urged(bodies)
    record = found_in_breach(case.case_id, bodies)
    assert (record.body["source"], record.body["finder"]) == ("违约失信", SUPERIOR)
    assert stands(case.case_id, "2026-07-14").record_id == record.id
    disclosure.release(entry_ids=[record.id], actor=bodies.lead, on=date(2026, 7, 15), at=at("2026-07-15"), **YES)
    measuring.run(as_of=date(2026, 7, 15), now=at("2026-07-15"))
    assert uses(bodies.lead, "2026-07-15") == ["no", "no", "ask"]
    with pytest.raises(Refused, match="不能按没有认定办结"):
        taken(case.case_id, "unconfirmed", by=bodies.one, on="2026-07-16")
    taken(case.case_id, "report_late", by=bodies.debtor, on="2026-07-19", files=[PNG])
    taken(case.case_id, "repair", by=bodies.two, on="2026-07-20", files=[PNG], words="货款和利息已经全部付清")
    assert uses(bodies.lead, "2026-07-20") == ["yes", "yes", "yes"]
    assert public_record(record.identity.hex(), on=date(2026, 7, 20)) is None
    tick.run(as_of=date(2026, 7, 21), now=at("2026-07-21"))
    laid = Case.objects.filter(record=record.id, flow="measure")
    assert {one.state for one in laid} == {"lifted"}
    assert stands(case.case_id, "2026-07-21").state.id == "repaired"


def test_repair_may_be_asked_for_of_the_very_body_that_found_it(bodies: Bodies) -> None:
    case = urged(bodies)
    record = found_in_breach(case.case_id, bodies)
    asked = opened(
        "repair", APPLICATION, by=bodies.debtor, on="2026-07-20",
        files=[PNG], record_id=record.id,
    )  # fmt: skip
    assert stands(asked.case_id, "2026-07-20").handler_id == bodies.one.organ_id
    taken(asked.case_id, "accept", by=bodies.one, on="2026-07-20")
    taken(asked.case_id, "repair", by=bodies.two, on="2026-07-20")
    tick.run(as_of=date(2026, 7, 21), now=at("2026-07-21"))
    assert stands(case.case_id, "2026-07-21").state.id == "ended"
    before = rows()
    actions.rebuild()
    assert rows() == before


def test_an_instalment_broken_opens_the_way_to_a_finding_and_not_before(bodies: Bodies) -> None:
    case = agreed(bodies)
    given: dict[str, Any] = {"by": bodies.one, "files": [PNG], "fields": INSTRUMENT}
    with pytest.raises(Refused, match="还没有哪一项到期没有办") as refused:
        taken(case.case_id, "confirm_overdue", on="2026-06-30", **given)
    assert refused.value.fix == "请在2026-06-30以后再办"
    taken(case.case_id, "confirm_overdue", on="2026-07-01", **given)
    assert stands(case.case_id, "2026-07-01").state.id == "confirming"


def test_a_finding_without_its_papers_leaves_nothing_behind(bodies: Bodies) -> None:
    case = urged(bodies)
    taken(case.case_id, "decline", by=bodies.debtor, on="2026-06-10", words="机构调整以后没有这笔预算")
    head, before = ledger.head(), rows()
    with pytest.raises(Refused, match="没有附材料"):
        taken(case.case_id, "confirm", by=bodies.one, on="2026-07-02", fields=INSTRUMENT)
    with pytest.raises(Refused, match="作出文书的机关"):
        taken(
            case.case_id, "confirm", by=bodies.one, on="2026-07-02", files=[PNG], fields={**INSTRUMENT, "authority": ""}
        )
    assert (ledger.head(), rows()) == (head, before)


def test_not_found_closes_with_its_reason(bodies: Bodies) -> None:
    case = urged(bodies)
    taken(case.case_id, "decline", by=bodies.debtor, on="2026-06-10", words="对方交付的货物不合格")
    taken(case.case_id, "confirm", by=bodies.one, on="2026-07-02", files=[PNG], fields=INSTRUMENT)
    found = child(case.case_id)
    with pytest.raises(Refused, match="还有1件没有办结"):
        taken(case.case_id, "unconfirmed", by=bodies.one, on="2026-07-03")
    taken(found.id, "decline", by=bodies.one, on="2026-07-03")
    with pytest.raises(Refused, match="还没有认定的记录"):
        taken(case.case_id, "repair", by=bodies.one, on="2026-07-06", files=[PNG])
    taken(case.case_id, "unconfirmed", by=bodies.one, on="2026-07-06")
    assert stands(case.case_id, "2026-07-06").state.id == "unconfirmed"


def found_in_breach(case_id: int, bodies: Bodies) -> EntryCard:
    """Refused to mend, told, heard, decided and served by the verifying body; the record."""
    taken(case_id, "decline", by=bodies.debtor, on="2026-06-10", words="经办人已经调走，新领导不认这笔账")
    taken(case_id, "confirm", by=bodies.one, on="2026-07-02", files=[PNG], fields=INSTRUMENT)
    found = child(case_id)
    assert found.handler_id == bodies.one.organ_id
    with pytest.raises(Refused, match="由承办单位办理"):
        taken(found.id, "tell", by=bodies.lead, on="2026-07-03", files=[PNG])
    with pytest.raises(Refused, match="还有1件没有办结"):
        taken(case_id, "repair", by=bodies.two, on="2026-07-03", files=[PNG])
    taken(found.id, "tell", by=bodies.one, on="2026-07-03", files=[PNG])
    taken(found.id, "plead", by=bodies.debtor, on="2026-07-06")
    taken(
        found.id, "decide", by=bodies.two, on="2026-07-13", files=[PNG], fields={**DECISION, "decided_on": "2026-07-13"}
    )
    taken(found.id, "serve", by=bodies.one, on="2026-07-14", files=[PNG], fields={**SERVED, "served_on": "2026-07-14"})
    (record,) = ledger.cards(ledger.facts().filter(kind="dishonesty_record"))
    return record


def child(case_id: int) -> CaseCard:
    (found,) = queries.parts(stands(case_id, "2026-07-02"), as_of=date(2026, 7, 2))
    assert found.flow.id == "determination"
    return found


def uses(actor: Actor, on: str) -> list[str]:
    """May the debtor have funds, projects, be a purchaser of procurement?"""
    asked, day = [Asked(DEBTOR)], date.fromisoformat(on)
    return [
        measures.eligibility(asked, use=use, actor=actor, on=day)[0].word for use in ("fund", "project", "procurement")
    ]
