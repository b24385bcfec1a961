"""A complaint from the day it comes in to the day whoever made it says it is solved: clocks, who may do what, what nobody sees."""

from collections.abc import Callable
from datetime import date

import pytest

from jiannuo.access.rules import Actor
from jiannuo.cases import queries, tick
from jiannuo.cases.actions import Opened
from jiannuo.cases.rules import Taker
from jiannuo.duties import tick as duties_tick
from jiannuo.duties.queries import Standing
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as ledger
from jiannuo.subjects.rules import OrganCard
from tests.packages.casework import CITIZEN, COMPLAINT, may_read, opened, stands, story, taken
from tests.packages.promising import at, person

pytestmark = pytest.mark.django_db

OVERSIGHT = "青禾县人民政府办公室"


@pytest.fixture
def lead(organs: Callable[[str], OrganCard]) -> Actor:
    return person(organs("青禾县发展和改革委员会"), "lead")


@pytest.fixture
def office(organs: Callable[[str], OrganCard]) -> Actor:
    """The government's office, which verifies what is said against a department."""
    return person(organs(OVERSIGHT), "reviewer")


@pytest.fixture
def accused(market: OrganCard) -> Actor:
    return person(market, "reviewer")


@pytest.fixture
def said(market: OrganCard) -> Opened:
    return opened("complaint", COMPLAINT, on="2026-03-02")


def test_a_complaint_has_a_number_a_code_and_a_clock(said: Opened, lead: Actor) -> None:
    card = stands(said.case_id, "2026-03-02")
    assert (card.number, card.state.id, card.handler_id) == ("诉〔2026〕1号", "received", lead.organ_id)
    assert [(one.kind, one.due_on) for one in card.duties] == [("route_complaint", date(2026, 3, 17))]
    assert len(said.code.replace("-", "")) == 16
    found = queries.by_receipt(said.code.lower().replace("-", " "), as_of=date(2026, 3, 2))
    assert found is not None
    assert found.id == said.case_id
    assert queries.by_receipt("AAAA-AAAA-AAAA-AAAA", as_of=date(2026, 3, 2)) is None


def test_the_same_sending_twice_is_one_complaint_with_one_code(said: Opened) -> None:
    assert opened("complaint", COMPLAINT, on="2026-03-02") == said


def test_it_is_answered_and_whoever_made_it_says_it_is_solved(said: Opened, lead: Actor, office: Actor) -> None:
    taken(said.case_id, "route", by=lead, on="2026-03-03", organs=[OVERSIGHT])
    card = stands(said.case_id, "2026-03-03")
    assert [(one.kind, one.standing, one.due_on) for one in card.duties] == [
        ("route_complaint", Standing.KEPT, date(2026, 3, 17)),
        ("answer_complaint", Standing.RUNNING, date(2026, 5, 6)),
    ]
    taken(said.case_id, "add", on="2026-03-10", words="补充一张照片，路口的牌子还在")
    taken(said.case_id, "answer", by=office, on="2026-04-01")
    taken(said.case_id, "agree", on="2026-04-08", words="路已经开工了，谢谢")
    after = stands(said.case_id, "2026-04-08")
    assert (after.state.id, after.closed_on) == ("solved", date(2026, 4, 8))
    assert not [one for one in after.duties if one.is_open]
    assert story(said.case_id) == ["登记", "受理并转办", "补充情况", "答复", "已经解决"]


def test_silence_is_asked_again_after_four_weeks_and_counts_as_not_judged(
    said: Opened, lead: Actor, office: Actor
) -> None:
    taken(said.case_id, "route", by=lead, on="2026-03-03", organs=[OVERSIGHT])
    taken(said.case_id, "answer", by=office, on="2026-03-10")
    run("2026-04-07")
    assert stands(said.case_id, "2026-04-07").state.id == "answered"
    # Four weeks are over on 7 April, a working day; the tick runs two weeks late and dates the step by the law.
    run("2026-04-21")
    card = stands(said.case_id, "2026-04-21")
    assert (card.state.id, card.entered_on) == ("asked_again", date(2026, 4, 8))
    run("2026-06-30")
    run("2026-06-30")
    closed = stands(said.case_id, "2026-06-30")
    assert (closed.state.id, closed.closed_on) == ("not_judged", date(2026, 5, 7))
    assert story(said.case_id)[-2:] == ["四周后再次请提出人评价", "没有评价，办结"]
    assert told(said)[-1] == "一直没有收到您的评价，按“没有评价”办结。"


def test_what_is_not_solved_goes_to_another_person_and_may_be_sent_back(
    said: Opened, lead: Actor, office: Actor
) -> None:
    taken(said.case_id, "route", by=lead, on="2026-03-03", organs=[OVERSIGHT])
    taken(said.case_id, "answer", by=office, on="2026-03-10")
    taken(said.case_id, "disagree", on="2026-03-12", words="根本没有动工，照片是别的村的")
    card = stands(said.case_id, "2026-03-12")
    assert (card.state.id, card.handler_id) == ("review", lead.organ_id)
    taken(said.case_id, "return", by=lead, on="2026-03-20", organs=[OVERSIGHT])
    assert stands(said.case_id, "2026-03-20").state.id == "handling"


def test_a_longer_time_counts_from_the_day_it_was_accepted(said: Opened, lead: Actor, office: Actor) -> None:
    taken(said.case_id, "route", by=lead, on="2026-03-03", organs=[OVERSIGHT])
    taken(said.case_id, "extend", by=office, on="2026-04-30")
    due = stands(said.case_id, "2026-04-30").next_due
    assert due is not None
    assert (due.kind, due.started_on, due.due_on) == ("answer_complaint_extended", date(2026, 3, 3), date(2026, 6, 1))
    with pytest.raises(Refused, match=r"这件事现在是“办理中（已延长）”，不能延长办理期限"):
        taken(said.case_id, "extend", by=office, on="2026-05-01")


def test_a_late_answer_is_a_breach_of_the_organ_that_had_it(said: Opened, lead: Actor, office: Actor) -> None:
    taken(said.case_id, "route", by=lead, on="2026-03-03", organs=[OVERSIGHT])
    duties_tick.run(as_of=date(2026, 5, 10), now=at("2026-05-10"))
    (breach,) = ledger.cards(ledger.facts().filter(kind="breach"))
    assert (breach.organ_id, breach.happened_on) == (office.organ_id, date(2026, 5, 7))


REFUSED = [
    ("the accused takes it in", "accused", "refuse", {}, "这件事是反映您单位或者您本人的，您不能办理"),
    ("the accused answers it", "accused", "answer", {}, "这件事现在是“待受理”，不能答复"),
    ("it is handed to the accused", "lead", "route", {"organs": ["青禾县市场监督管理局"]}, "不能交给被反映的单位自己办"),
    ("it is handed to nobody", "lead", "route", {}, "没有选交给哪个单位"),
    ("it is handed to an organ nobody knows", "lead", "route", {"organs": ["青禾县魔法局"]}, "没有“青禾县魔法局”这个单位"),
    ("it is refused without a reason", "lead", "refuse", {"words": "  "}, "不予受理的理由和该找谁没有写清楚"),
    ("it is answered before it is handled", "lead", "answer", {}, "这件事现在是“待受理”，不能答复"),
    ("somebody else's office refuses it", "office", "refuse", {}, "“不予受理”由信用办办理"),
    ("a citizen routes it", "citizen", "route", {"organs": [OVERSIGHT]}, "“受理并转办”由信用办办理"),
    ("a step that is not there", "lead", "burn", {}, "“政务失信投诉举报”里没有这一步"),
]  # fmt: skip


@pytest.mark.parametrize("who, step, given, words", [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_refused(
    said: Opened, lead: Actor, office: Actor, accused: Actor, who: str, step: str, given: dict[str, object], words: str
) -> None:
    people: dict[str, Taker | Actor] = {"lead": lead, "office": office, "accused": accused, "citizen": CITIZEN}
    by = people[who]
    before = ledger.head()
    with pytest.raises(Refused) as refused:
        taken(said.case_id, step, by=by, on="2026-03-03", **given)
    assert refused.value.message == words
    assert refused.value.fix
    assert ledger.head() == before


def test_one_person_does_not_answer_and_review(said: Opened, organs: Callable[[str], OrganCard], lead: Actor) -> None:
    taken(said.case_id, "route", by=lead, on="2026-03-03", organs=["青禾县发展和改革委员会"])
    taken(said.case_id, "answer", by=lead, on="2026-03-10")
    taken(said.case_id, "disagree", on="2026-03-12", words="根本没有动工，照片是别的村的")
    with pytest.raises(Refused, match=r"“答复”是您办的，“复查答复”要由另一个人办"):
        taken(said.case_id, "review", by=lead, on="2026-03-13")
    taken(
        said.case_id,
        "review",
        by=person(organs("青禾县发展和改革委员会"), "lead", username="lead.two"),
        on="2026-03-13",
    )
    assert stands(said.case_id, "2026-03-13").state.id == "unsolved"


def test_a_complaint_about_the_lead_office_goes_to_who_oversees_it(
    organs: Callable[[str], OrganCard], lead: Actor
) -> None:
    found = opened("complaint", {**COMPLAINT, "against": "青禾县发展和改革委员会"}, on="2026-03-02")
    office = organs(OVERSIGHT)
    assert stands(found.case_id, "2026-03-02").handler_id == office.id
    with pytest.raises(Refused, match="这件事是反映您单位"):
        taken(found.case_id, "refuse", by=lead, on="2026-03-03")
    taken(found.case_id, "refuse", by=person(office, "reviewer"), on="2026-03-03")


def test_the_accused_sees_nothing_and_the_ledger_tells_nobody(said: Opened, accused: Actor, lead: Actor) -> None:
    today = date(2026, 3, 3)
    card = stands(said.case_id, "2026-03-03")
    assert not may_read(card, queries.steps(card), accused, on=today)
    assert queries.cases(accused, as_of=today).total == 0
    assert queries.cases(lead, as_of=today).total == 1
    for entry in ledger.cards(ledger.facts().filter(number=card.number)):
        written = f"{entry.body} {entry.reason} {entry.about}"
        assert not any(word in written for word in ("柳溪村村民甲", "13900000000", "还没有动工"))
    assert {entry.visibility for entry in ledger.cards(ledger.facts().filter(number=card.number))} == {"restricted"}


def test_the_name_is_kept_apart_from_what_was_said(said: Opened) -> None:
    card = stands(said.case_id, "2026-03-03")
    assert ledger.personal(card.opening.id) == {"content": COMPLAINT["content"]}
    apart = queries.steps(card)[0].entry.body["apart"]
    assert ledger.personal(int(apart))["name"] == "柳溪村村民甲"


def test_the_code_is_kept_nowhere(said: Opened) -> None:
    for entry in ledger.cards(ledger.facts()):
        assert said.code not in f"{entry.body}"
        assert said.code not in f"{ledger.personal(entry.id)}"


def run(day: str) -> None:
    tick.run(as_of=date.fromisoformat(day), now=at(day))


def told(one: Opened) -> list[str]:
    """The words of the steps that answer whoever opened it."""
    card = stands(one.case_id, "2026-11-23")
    return [words for step, words in queries.said(queries.steps(card)) if step.step and step.step.answers]
