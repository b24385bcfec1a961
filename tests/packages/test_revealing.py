"""Who complained: open to who handles it where the reporter said so, else by two people, once, for a purpose, and never to the accused."""

from collections.abc import Callable
from datetime import date

import pytest

from jiannuo.access import queries as accounts
from jiannuo.access.rules import Actor
from jiannuo.cases import actions, queries, tick
from jiannuo.cases.actions import Opened, Reporter, Way
from jiannuo.cases.queries import CaseCard
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as ledger
from jiannuo.subjects.rules import OrganCard
from tests.packages.casework import COMPLAINT, may_read, opened, stands, taken
from tests.packages.promising import at, person

pytestmark = pytest.mark.django_db

OFFICE, LEAD, DISCIPLINE = "青禾县人民政府办公室", "青禾县发展和改革委员会", "青禾县监察委员会"
PURPOSE = "要当面核对欠款的金额，看了只用来联系他"
WHO = Reporter("保密", "柳溪村村民甲", "13900000000")


@pytest.fixture
def office(organs: Callable[[str], OrganCard]) -> Actor:
    return person(organs(OFFICE), "reviewer")


@pytest.fixture
def lead(organs: Callable[[str], OrganCard]) -> Actor:
    return person(organs(LEAD), "lead")


def complained(lead: Actor, **more: str) -> Opened:
    """A complaint on the table of the government's office."""
    one = opened("complaint", {**COMPLAINT, **more}, on="2026-03-02")
    taken(one.case_id, "route", by=lead, on="2026-03-03", organs=[OFFICE])
    return one


def asked(one: Opened, by: Actor, on: str = "2026-03-04") -> CaseCard:
    taken(one.case_id, "ask_name", by=by, on=on, words=PURPOSE)
    return queries.parts(stands(one.case_id, on), as_of=date.fromisoformat(on))[-1]


def reveal(one: Opened, by: Actor, on: str = "2026-03-05", purpose: str = "") -> Reporter:
    return actions.reveal(one.case_id, actor=by, purpose=purpose, on=date.fromisoformat(on), at=at(on))


def way(one: Opened, by: Actor, on: str = "2026-03-05") -> Way:
    return actions.standing(stands(one.case_id, on), actor=by, on=date.fromisoformat(on)).way


def test_in_confidence_two_people_and_a_purpose_open_it_once(lead: Actor, office: Actor) -> None:
    one = complained(lead)
    assert way(one, office) is Way.ASK
    with pytest.raises(Refused, match="提出人要求保密，还没有批准您看"):
        reveal(one, office)
    request = asked(one, office)
    assert [(duty.kind, duty.due_on) for duty in request.duties] == [("decide_reveal", date(2026, 3, 9))]
    assert way(one, office) is Way.WAITS
    with pytest.raises(Refused, match="您的申请还没有批准"):
        reveal(one, office)
    taken(request.id, "agree", by=lead, on="2026-03-05", words="欠款要当面核对，同意看一次")
    standing = actions.standing(stands(one.case_id, "2026-03-05"), actor=office, on=date(2026, 3, 5))
    assert (standing.way, standing.until) == (Way.AGREED, date(2026, 3, 12))
    assert reveal(one, office) == WHO
    with pytest.raises(Refused, match="提出人要求保密，还没有批准您看"):
        reveal(one, office)
    assert stands(request.id, "2026-03-05").state.id == "read"
    (trace,) = accounts.traces(object=f"reporter:{stands(one.case_id, '2026-03-05').number}")
    assert (trace.action, trace.username, trace.purpose) == ("reporter.read", office.username, PURPOSE)


def test_the_reporter_reads_with_the_code_who_was_told(lead: Actor, office: Actor) -> None:
    one = complained(lead, disclosure="公开")
    reveal(one, office, purpose="当面核对欠款的金额")
    found = actions.follow(one.code, on=date(2026, 3, 6), at=at("2026-03-06"), address="10.0.0.1")
    assert [(line.detail, line.purpose) for line in found.readings] == [
        ("县政府办reviewer.419926-002", "当面核对欠款的金额")
    ]


def test_openly_who_handles_it_reads_it_for_a_purpose(lead: Actor, office: Actor) -> None:
    one = complained(lead, disclosure="公开")
    assert way(one, office) is Way.OPENLY
    with pytest.raises(Refused, match="没有写查阅的目的"):
        reveal(one, office)
    assert reveal(one, office, purpose="当面核对欠款的金额") == Reporter("公开", WHO.name, WHO.contact)
    assert way(one, lead) is Way.CLOSED
    with pytest.raises(Refused, match="只有正在承办的人能申请查看"):
        reveal(one, lead, purpose="想知道是谁说的")


def test_without_a_name_there_is_nobody_to_know(lead: Actor, office: Actor) -> None:
    one = complained(lead, disclosure="匿名")
    assert way(one, office) is Way.NOBODY
    with pytest.raises(Refused, match="提出人没有留姓名"):
        reveal(one, office, purpose="当面核对欠款的金额")
    assert all("村民甲" not in f"{ledger.personal(entry.id)}" for entry in ledger.cards(ledger.facts()))


def test_the_body_of_discipline_sees_the_request_and_agrees_as_well(
    lead: Actor, office: Actor, organs: Callable[[str], OrganCard]
) -> None:
    one = complained(lead)
    request = asked(one, office)
    discipline = person(organs(DISCIPLINE), "discipline")
    today = date(2026, 3, 5)
    assert request.number in [row.number for row in queries.cases(discipline, as_of=today).rows]
    assert may_read(request, queries.steps(request), discipline, on=today)
    assert not may_read(stands(one.case_id, "2026-03-05"), [], discipline, on=today)
    taken(request.id, "agree_discipline", by=discipline, on="2026-03-05")
    assert reveal(one, office) == WHO
    assert queries.cases(discipline, as_of=today).total == 0


def test_nobody_agrees_to_their_own_asking(lead: Actor, organs: Callable[[str], OrganCard]) -> None:
    one = opened("complaint", COMPLAINT, on="2026-03-02")
    taken(one.case_id, "route", by=lead, on="2026-03-03", organs=[LEAD])
    request = asked(one, lead)
    with pytest.raises(Refused, match=r"“提出”是您办的，“批准”要由另一个人办"):
        taken(request.id, "agree", by=lead, on="2026-03-05")
    other = person(organs(LEAD), "lead", username="lead.two")
    taken(request.id, "agree", by=other, on="2026-03-05")
    with pytest.raises(Refused, match="提出人要求保密"):
        reveal(one, other)
    assert reveal(one, lead) == WHO


def test_the_accused_neither_asks_nor_agrees_nor_sees(
    lead: Actor, office: Actor, market: OrganCard, organs: Callable[[str], OrganCard]
) -> None:
    accused = person(market, "reviewer")
    one = complained(lead)
    request = asked(one, office)
    assert way(one, accused) is Way.CLOSED
    for case_id, step in ((one.case_id, "ask_name"), (request.id, "agree")):
        with pytest.raises(Refused, match="反映您单位"):
            taken(case_id, step, by=accused, on="2026-03-05")
    assert not may_read(request, queries.steps(request), accused, on=date(2026, 3, 5))
    # Where the accused is the very body that agrees, it does not: the lead office decides.
    against = opened("complaint", {**COMPLAINT, "against": DISCIPLINE}, on="2026-03-02", token="other")
    taken(against.case_id, "route", by=lead, on="2026-03-03", organs=[OFFICE])
    second = asked(against, office)
    with pytest.raises(Refused, match="反映您单位"):
        taken(second.id, "agree_discipline", by=person(organs(DISCIPLINE), "discipline"), on="2026-03-05")


def test_no_button_takes_the_reading_and_a_refusal_is_the_end(lead: Actor, office: Actor) -> None:
    one = complained(lead)
    request = asked(one, office)
    taken(request.id, "refuse", by=lead, on="2026-03-05", words="可以凭回执码联系，不必知道姓名")
    with pytest.raises(Refused, match="还没有批准您看"):
        reveal(one, office)
    again = asked(one, office, "2026-03-06")
    taken(again.id, "agree", by=lead, on="2026-03-06")
    with pytest.raises(Refused, match="“查看”由申请人本人办理"):
        taken(again.id, "read", by=office, on="2026-03-06")
    assert stands(again.id, "2026-03-06").state.id == "agreed"


@pytest.mark.parametrize("ticked", [False, True])
def test_an_agreement_lapses_whether_or_not_the_clock_ran(lead: Actor, office: Actor, ticked: bool) -> None:
    one = complained(lead)
    request = asked(one, office)
    taken(request.id, "agree", by=lead, on="2026-03-05")
    if ticked:
        tick.run(as_of=date(2026, 3, 20), now=at("2026-03-20"))
        assert stands(request.id, "2026-03-20").state.id == "lapsed"
    with pytest.raises(Refused, match="还没有批准您看"):
        reveal(one, office, "2026-03-13")
