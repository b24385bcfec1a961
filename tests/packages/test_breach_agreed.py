"""Several bodies, an agreement of both sides, and its parts as dated duties: confirmed by the firm, in time or not."""

from datetime import date
from typing import Any

import pytest

from jiannuo.cases import queries, tick
from jiannuo.disclosure import actions as disclosure
from jiannuo.disclosure.queries import public_record
from jiannuo.duties import actions as duties
from jiannuo.duties.queries import Standing
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as ledger
from tests.packages.breaching import (
    AGREEMENT,
    CLAIM,
    DEBTOR,
    INSTALMENT,
    INSTRUMENT,
    REVIEW,
    Bodies,
    agreed,
    answered,
    lodged,
    paid,
    promised,
    urged,
)
from tests.packages.casework import stands, story, taken
from tests.packages.promising import PNG, at
from tests.packages.recording import Organs
from tests.packages.releasing import YES

pytestmark = pytest.mark.django_db


@pytest.fixture
def bodies(organs: Organs) -> Bodies:
    return Bodies(organs)


def test_several_bodies_do_their_part_before_the_agreement(bodies: Bodies) -> None:
    case = urged(bodies)
    taken(case.case_id, "ask_bodies", by=bodies.one, on="2026-05-21", organs=["青禾县财政局", DEBTOR])
    on = date(2026, 5, 22)
    parts = queries.parts(stands(case.case_id, "2026-05-22"), as_of=on)
    assert [(one.flow.id, one.handler_id, one.next_due.due_on if one.next_due else None) for one in parts] == [
        ("part", bodies.finance.organ_id, date(2026, 6, 5)),
        ("part", bodies.debtor.organ_id, date(2026, 6, 5)),
    ]
    with pytest.raises(Refused, match="还有2件没有办结"):
        taken(case.case_id, "conclude", by=bodies.one, on="2026-06-01", files=[PNG], fields=AGREEMENT)
    taken(parts[0].id, "answer", by=bodies.finance, on="2026-05-25", words="六月的支付计划已经列入")
    with pytest.raises(Refused, match="由被反映的单位、当事人办理"):
        taken(parts[1].id, "answer", by=bodies.finance, on="2026-05-25")
    taken(parts[1].id, "recall", by=bodies.one, on="2026-05-26", words="已经当面谈妥，不用再书面答复")
    taken(case.case_id, "conclude", by=bodies.one, on="2026-06-01", files=[PNG], fields=AGREEMENT)
    assert stands(case.case_id, "2026-06-01").state.id == "agreed"


def test_an_agreement_becomes_dated_duties_that_the_firm_confirms_and_not_the_debtor(bodies: Bodies) -> None:
    case = agreed(bodies)
    first, second = promised(case.case_id, "2026-06-01")
    assert [(one.title, one.duty.due_on, one.duty.debtor_id) for one in (first, second)] == [
        ("支付第1期货款", date(2026, 6, 30), bodies.debtor.organ_id),
        ("支付第2期货款", date(2026, 9, 30), bodies.debtor.organ_id),
    ]
    paid(first.duty.id, bodies, done_on="2026-06-28", on="2026-06-29")
    on, moment = date(2026, 7, 1), at("2026-07-01")
    with pytest.raises(Refused, match="由收款、受益的企业确认"):
        duties.confirm(first.duty.id, reason="看过付款凭证", actor=bodies.one, on=on, at=moment)
    with pytest.raises(Refused, match="不能确认自己的承诺"):
        duties.confirm(first.duty.id, reason="看过付款凭证", actor=bodies.debtor, on=on, at=moment)
    answered(case.code, first.duty.id, "2026-07-01", done=True)
    assert [one.duty.standing for one in promised(case.case_id, "2026-07-01")] == [Standing.KEPT, Standing.RUNNING]
    with pytest.raises(Refused, match="还有1期没有确认"):
        taken(case.case_id, "performed", by=bodies.one, on="2026-07-01")
    paid(second.duty.id, bodies, done_on="2026-09-25", on="2026-09-25")
    answered(case.code, second.duty.id, "2026-09-26", done=True)
    taken(case.case_id, "performed", by=bodies.one, on="2026-09-28")
    assert story(case.case_id)[-1] == "协议履行完毕，办结"
    assert stands(case.case_id, "2026-09-28").state.id == "mended"


def test_an_agreement_is_not_performed_while_a_part_of_it_was_never_written_down(bodies: Bodies) -> None:
    case = urged(bodies)
    taken(case.case_id, "conclude", by=bodies.one, on="2026-06-01", files=[PNG], fields=AGREEMENT)
    taken(case.case_id, "instalment", by=bodies.one, on="2026-06-01", fields=INSTALMENT, words="")
    (first,) = promised(case.case_id, "2026-06-01")
    paid(first.duty.id, bodies, done_on="2026-06-28", on="2026-06-29")
    answered(case.code, first.duty.id, "2026-07-01", done=True)
    with pytest.raises(Refused, match=r"登记的各期合计40,000\.00元，还差60,000\.00元"):
        taken(case.case_id, "performed", by=bodies.one, on="2026-07-02")


def test_what_was_not_paid_goes_back_and_nobody_moves_the_day_alone(bodies: Bodies) -> None:
    case = agreed(bodies)
    first, _ = promised(case.case_id, "2026-06-01")
    with pytest.raises(Refused, match="不能由一方变更"):
        duties.amend(
            first.duty.id, due_on=date(2026, 12, 31), authority=duties.Authority("青禾县水利局", "会议纪要"), reason="资金紧张，推迟支付",
            actor=bodies.debtor, on=date(2026, 6, 2), at=at("2026-06-02"),
        )  # fmt: skip
    with pytest.raises(Refused, match="没有等待确认的材料"):
        answered(case.code, first.duty.id, "2026-06-20", done=True)
    paid(first.duty.id, bodies, done_on="2026-06-28", on="2026-06-29")
    with pytest.raises(Refused, match="哪里没有做到"):
        answered(case.code, first.duty.id, "2026-07-01", done=False)
    answered(case.code, first.duty.id, "2026-07-01", done=False, words="账上只收到一万元")
    assert promised(case.case_id, "2026-07-01")[0].submitted is None
    assert promised(case.case_id, "2026-07-01")[0].duty.standing is Standing.BROKEN


def test_where_the_firm_says_nothing_the_verifying_body_may_after_fifteen_days(bodies: Bodies) -> None:
    case = agreed(bodies)
    first, _ = promised(case.case_id, "2026-06-01")
    paid(first.duty.id, bodies, done_on="2026-06-28", on="2026-06-29")
    given: dict[str, Any] = {"reason": "国库支付凭证核对无误", "actor": bodies.one}
    with pytest.raises(Refused) as refused:
        duties.confirm(first.duty.id, **given, on=date(2026, 7, 14), at=at("2026-07-14"))
    assert refused.value.fix == "请等到2026-07-14；企业到那天还没有回答的，由您单位凭证明核实"
    duties.confirm(first.duty.id, **given, on=date(2026, 7, 15), at=at("2026-07-15"))
    assert promised(case.case_id, "2026-07-15")[0].duty.standing is Standing.KEPT


def test_a_code_confirms_only_what_was_promised_to_its_holder(bodies: Bodies) -> None:
    case, other = agreed(bodies), lodged(on="2026-05-07")
    first, _ = promised(case.case_id, "2026-06-01")
    paid(first.duty.id, bodies, done_on="2026-06-28", on="2026-06-29")
    with pytest.raises(Refused, match="这件事里没有这一期"):
        answered(other.code, first.duty.id, "2026-07-01", done=True)


def test_the_parts_are_public_promises_without_a_word_of_the_firm(bodies: Bodies) -> None:
    case = agreed(bodies)
    disclosure.follow(at=at("2026-06-02"))
    first, _ = promised(case.case_id, "2026-06-02")
    on, moment = date(2026, 6, 2), at("2026-06-02")
    with pytest.raises(Refused):
        disclosure.release(entry_ids=[first.record.id], actor=bodies.debtor, on=on, at=moment)
    disclosure.release(entry_ids=[first.record.id], actor=bodies.lead, on=on, at=moment, **YES)
    shown = public_record(first.record.identity.hex(), on=on)
    assert shown is not None
    text = " ".join(one.shown for one in shown.fields)
    assert "支付第1期货款" in text
    assert not [one for one in (CLAIM["firm"], CLAIM["firm_code"], CLAIM["contact"]) if one in text]


def test_paid_at_once_is_told_by_the_firm_and_by_nobody_where_it_is_silent(bodies: Bodies) -> None:
    case = urged(bodies)
    taken(case.case_id, "mend", by=bodies.debtor, on="2026-06-01", files=[PNG])
    with pytest.raises(Refused, match="不能核实已经履行，办结"):
        taken(case.case_id, "accept_mended", by=bodies.one, on="2026-06-02", files=[PNG])
    taken(case.case_id, "dispute_mended", on="2026-06-03", words="账上没有收到")
    card = stands(case.case_id, "2026-06-03")
    assert [(one.kind, one.due_on) for one in card.duties if one.is_open] == [("mend_breach", date(2026, 6, 22))]
    taken(case.case_id, "mend", by=bodies.debtor, on="2026-06-05", files=[PNG])
    for _ in range(2):
        tick.run(as_of=date(2026, 7, 1), now=at("2026-07-01"))
    assert stands(case.case_id, "2026-07-01").entered_on == date(2026, 6, 23)
    taken(case.case_id, "accept_mended", by=bodies.one, on="2026-07-01", files=[PNG])
    assert stands(case.case_id, "2026-07-01").state.id == "mended"


def test_an_unlawful_promise_is_no_simple_breach(bodies: Bodies) -> None:
    case = lodged(field="招商引资", owed="", delivered_on="")
    with pytest.raises(Refused, match="违反哪条规定"):
        taken(case.case_id, "unlawful", by=bodies.one, on="2026-05-20", files=[PNG], fields={**REVIEW, "law": ""})
    taken(case.case_id, "unlawful", by=bodies.one, on="2026-05-20", files=[PNG], fields=REVIEW)
    card = stands(case.case_id, "2026-05-20")
    assert (card.state.id, [one.due_on for one in card.duties if one.is_open]) == ("compensating", [date(2026, 7, 20)])
    with pytest.raises(Refused, match="不能到期没有履行"):
        taken(case.case_id, "confirm_overdue", by=bodies.one, on="2026-08-01", files=[PNG], fields=INSTRUMENT)
    taken(case.case_id, "compensated", by=bodies.one, on="2026-07-01", files=[PNG], words="按评估价补偿，七月一日付清")
    assert stands(case.case_id, "2026-07-01").state.id == "exited"
    assert not ledger.facts().filter(kind="dishonesty_record").exists()
