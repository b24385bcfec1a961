"""A firm that is owed money: who verifies it by when, what the organ owes by agreement, and what follows where it refuses."""

from datetime import date

import pytest

from jiannuo.access.rules import Actor
from jiannuo.cases import actions, queries
from jiannuo.duties import actions as duties
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as ledger
from jiannuo.measures import queries as measures
from jiannuo.measures import tick as measuring
from jiannuo.measures.rules import Asked
from tests.packages.breaching import (
    DEBTOR,
    INSTRUMENT,
    SUPERIOR,
    Bodies,
    agreed,
    lodged,
    paid,
    urged,
)
from tests.packages.casework import stands, taken
from tests.packages.promising import PNG, at
from tests.packages.recording import DECISION, SERVED, Organs

pytestmark = pytest.mark.django_db


@pytest.fixture
def bodies(organs: Organs) -> Bodies:
    return Bodies(organs)


def test_it_goes_at_once_to_the_superior_body_which_has_thirty_days(bodies: Bodies, organs: Organs) -> None:
    case = lodged()
    card = stands(case.case_id, "2026-05-06")
    assert (card.number, card.state.id, card.handler_id) == ("违〔2026〕1号", "received", organs(SUPERIOR).id)
    assert [(one.kind, one.debtor_id, one.due_on) for one in card.duties] == [
        ("verify_breach", organs(SUPERIOR).id, date(2026, 6, 5))
    ]


def test_an_agreement_becomes_dated_duties_that_the_firm_confirms(bodies: Bodies) -> None:
    case = agreed(bodies)
    on = date(2026, 6, 1)
    promises = queries.promised(queries.steps(stands(case.case_id, "2026-06-01")), as_of=on)
    assert [(one.title, one.duty.due_on) for one in promises] == [
        ("支付第1期货款", date(2026, 6, 30)),
        ("支付第1期货款", date(2026, 9, 30)),
    ]
    first = promises[0].duty.id
    paid(first, bodies, done_on="2026-06-28", on="2026-06-29")
    with pytest.raises(Refused, match="由收款、受益的企业确认"):
        duties.confirm(first, reason="看过凭证", actor=bodies.one, on=date(2026, 7, 1), at=at("2026-07-01"))
    actions.acknowledge(
        case.code,
        duty_id=first,
        done=True,
        words="",
        on=date(2026, 7, 1),
        at=at("2026-07-01"),
        address="",
        token="kept-1",
    )
    with pytest.raises(Refused, match="还有1期没有确认"):
        taken(case.case_id, "performed", by=bodies.one, on="2026-07-01")


def test_who_refuses_is_found_in_breach_by_the_verifying_body_and_mended_at_once_when_it_pays(bodies: Bodies) -> None:
    case = urged(bodies)
    taken(case.case_id, "decline", by=bodies.debtor, on="2026-06-10", words="经办人已经调走，新领导不认这笔账")
    taken(case.case_id, "confirm", by=bodies.one, on="2026-07-02", files=[PNG], fields=INSTRUMENT)
    (found,) = queries.parts(stands(case.case_id, "2026-07-02"), as_of=date(2026, 7, 2))
    assert (found.flow.id, found.handler_id) == ("determination", stands(case.case_id, "2026-07-02").handler_id)
    with pytest.raises(Refused, match="还有1件没有办结"):
        taken(case.case_id, "repair", by=bodies.two, on="2026-07-02", files=[PNG])
    taken(found.id, "tell", by=bodies.one, on="2026-07-03", files=[PNG])
    taken(found.id, "plead", by=bodies.debtor, on="2026-07-06")
    decision = {**DECISION, "decided_on": "2026-07-13", "level": "一般"}
    taken(found.id, "decide", by=bodies.two, on="2026-07-13", files=[PNG], fields=decision)
    taken(found.id, "serve", by=bodies.one, on="2026-07-14", files=[PNG], fields={**SERVED, "served_on": "2026-07-14"})
    (record,) = ledger.cards(ledger.facts().filter(kind="dishonesty_record"))
    assert (record.body["source"], record.body["finder"]) == ("违约失信", SUPERIOR)
    assert stands(case.case_id, "2026-07-14").record_id == record.id
    measuring.run(as_of=date(2026, 7, 15), now=at("2026-07-15"))
    assert may_have_funds(bodies.lead, "2026-07-15") == "no"
    taken(case.case_id, "repair", by=bodies.two, on="2026-07-20", files=[PNG], words="货款和利息已经全部付清")
    assert may_have_funds(bodies.lead, "2026-07-20") == "yes"
    assert stands(case.case_id, "2026-07-20").state.id == "repaired"


def may_have_funds(actor: Actor, on: str) -> str:
    (answer,) = measures.eligibility([Asked(DEBTOR)], use="fund", actor=actor, on=date.fromisoformat(on))
    return answer.word
