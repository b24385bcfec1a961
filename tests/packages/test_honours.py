"""Honours: announced, applied for, proven from the ledger, before everybody for five working days, awarded; and gone with a record."""

from datetime import date

import pytest

from jiannuo.access import queries as traces
from jiannuo.assessment.queries import criteria
from jiannuo.assessment.rules.criteria import by_rate
from jiannuo.cases import queries
from jiannuo.cases import tick as stepping
from jiannuo.disclosure.queries.files import open_organ
from jiannuo.duties.rules import Share
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as ledger
from jiannuo.measures import tick as laying
from jiannuo.policy import pack as policy
from tests.packages.casework import CITIZEN, opened, stands, story, taken
from tests.packages.filing import DIRECTOR, appointed
from tests.packages.honouring import (
    APPLICATION,
    AWARD,
    OPINION,
    OUTSIDE,
    announced,
    applied,
    awarded,
    nominated,
    proven,
    publicized,
)
from tests.packages.promising import PNG, at, person
from tests.packages.recording import LEAD, MARKET, Office, Organs, recorded

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(organs: Organs) -> Office:
    return Office(organs)


def test_from_the_announcement_to_the_honour(office: Office) -> None:
    honour = awarded(office)
    assert (honour.flow.id, honour.state.title, honour.subject_id) == ("honour", "有效", office.organs(MARKET).id)
    (fact,) = ledger.cards(ledger.facts().filter(kind="honour"))
    assert (fact.organ_id, fact.number) == (office.organs(MARKET).id, AWARD["document"])
    assert fact.body["valid_until"] == "2028-03-29"
    (parent,) = [stands(honour.parent_id or 0, "2026-03-30")]
    assert parent.state.title == "已授予"
    assert story(parent.id) == ["登记", "评估", "拟定授予，开始公示", "公示期满", "授予"]
    assert not [one for one in parent.duties if one.is_open]
    (asked,) = traces.traces(action="eligibility.ask")
    assert asked.purpose == f"示范申报{parent.number}"


def test_five_working_days_before_everybody(office: Office) -> None:
    case_id = nominated(office)
    stepping.run(as_of=date(2026, 3, 17), now=at("2026-03-17"))
    assert stands(case_id, "2026-03-17").state.id == "nominated", "the fifth working day after the tenth"
    stepping.run(as_of=date(2026, 3, 18), now=at("2026-03-18"))
    assert stands(case_id, "2026-03-18").state.id == "publicized"


def test_the_criteria_are_kept_with_the_step_each_with_its_fact(office: Office) -> None:
    case_id = nominated(office)
    (step,) = [one for one in queries.steps(stands(case_id, "2026-03-10")) if one.step and one.step.id == "nominate"]
    lines = [line.split("|") for line in step.entry.body["criteria"]]
    assert [(name, word) for name, word, _ in lines] == [
        ("no_dishonesty", "yes"), ("publicity", "ask"), ("practice", "ask"), ("reports", "ask"),
    ]  # fmt: skip


RATES = [
    ("all in time", 10, 10, "yes"),
    ("exactly the least", 19, 20, "yes"),
    ("just below", 94, 100, "no"),
    ("none in time", 0, 3, "no"),
    ("nothing fell due", 0, 0, "ask"),
]


@pytest.mark.parametrize("part, whole, word", [one[1:] for one in RATES], ids=[one[0] for one in RATES])
def test_a_rate_meets_its_criterion_from_the_least_on(part: int, whole: int, word: str) -> None:
    criterion = policy.load(policy.ROOT / "sample").criteria["publicity"]
    assert criterion.least == 95
    assert by_rate(criterion, Share(part, whole, "到期的")).word == word


def test_no_nomination_against_the_criteria(office: Office) -> None:
    announced(office)
    case_id = applied(office)
    taken(case_id, "evaluate", by=office.one, on="2026-03-09")
    recorded(office, on="2026-03-10")
    met = {one.criterion.id: one.word for one in criteria.standing(office.organs(MARKET).id, on=date(2026, 3, 24))}
    assert met["no_dishonesty"] == "no"
    with pytest.raises(Refused, match="不符合评选标准：没有有效的、限制评优评先的失信记录：取消评优评先资格"):
        proven(case_id, "nominate", by=office.two, on="2026-03-24")
    with pytest.raises(Refused, match="没有核对评选标准"):
        taken(case_id, "nominate", by=office.two, on="2026-03-24")


def test_no_award_where_the_use_of_the_result_says_no_and_the_asking_stays(office: Office) -> None:
    case_id = publicized(office)
    recorded(office, on="2026-03-20")
    with pytest.raises(Refused, match="现在不能授予：不可以，取消评优评先资格") as refused:
        proven(case_id, "award", by=office.one, on="2026-03-30", fields=AWARD, files=[PNG])
    assert "核〔2026〕" in refused.value.fix
    assert len(traces.traces(action="eligibility.ask")) == 1
    assert stands(case_id, "2026-03-30").state.id == "publicized"
    with pytest.raises(Refused, match="没有查过能不能授予"):
        taken(case_id, "award", by=office.one, on="2026-03-30", fields=AWARD, files=[PNG])
    assert not ledger.facts().filter(kind="honour_claim").exists()


def test_anybody_may_object_and_nothing_is_awarded_before_the_answer(office: Office) -> None:
    case_id = nominated(office)
    objection = opened("nomination_objection", OPINION, on="2026-03-12")
    assert objection.code
    stepping.run(as_of=date(2026, 3, 18), now=at("2026-03-18"))
    with pytest.raises(Refused, match="还有1件没有办结"):
        proven(case_id, "award", by=office.one, on="2026-03-19", fields=AWARD, files=[PNG])
    with pytest.raises(Refused):
        taken(objection.case_id, "dismiss", by=office.subject, on="2026-03-19")
    taken(objection.case_id, "dismiss", by=office.one, on="2026-03-20")
    assert proven(case_id, "award", by=office.one, on="2026-03-30", fields=AWARD, files=[PNG]).state.id == "awarded"
    with pytest.raises(Refused, match="现在是“已授予”"):
        opened("nomination_objection", OPINION, on="2026-03-31")


def test_it_is_gone_at_once_with_a_record_in_force_and_the_organ_is_told_why(office: Office) -> None:
    honour = awarded(office)
    recorded(office, on="2026-04-10")
    for _ in range(2):
        laying.run(as_of=date(2026, 4, 10), now=at("2026-04-10"))
    card = stands(honour.id, "2026-04-10")
    assert (card.state.title, card.told) == ("已撤销", True)
    told = queries.said(queries.steps(card))
    assert [words for step, words in told if step.step and step.step.id == "bar"] == [
        "青信认〔2026〕3号认定的记录有效，取消评优评先资格，自即日起撤销"
    ]
    assert ledger.facts().filter(kind="withdrawal", refers__kind="honour").count() == 1


def test_a_light_record_takes_no_honour_away(office: Office) -> None:
    honour = awarded(office)
    recorded(office, on="2026-04-10", level="轻微")
    laying.run(as_of=date(2026, 4, 10), now=at("2026-04-10"))
    assert stands(honour.id, "2026-04-10").state.id == "held"


def test_by_hand_it_takes_two(office: Office) -> None:
    honour = awarded(office)
    with pytest.raises(Refused, match="还没有办：提出撤销"):
        taken(honour.id, "withdraw", by=office.one, on="2026-05-06")
    taken(honour.id, "propose", by=office.one, on="2026-05-06", files=[PNG])
    with pytest.raises(Refused, match="“提出撤销”是您办的"):
        taken(honour.id, "withdraw", by=office.one, on="2026-05-07")
    assert taken(honour.id, "withdraw", by=office.two, on="2026-05-07").state.title == "已撤销"


def test_its_term_ends_by_itself(office: Office) -> None:
    honour = awarded(office)
    stepping.run(as_of=date(2028, 3, 29), now=at("2028-03-29"))
    assert stands(honour.id, "2028-03-29").state.id == "held"
    stepping.run(as_of=date(2028, 4, 5), now=at("2028-04-05"))
    card = stands(honour.id, "2028-04-05")
    assert (card.state.title, card.closed_on) == ("期满", date(2028, 3, 30))


def test_an_honour_from_outside_is_entered_on_its_document_by_another(office: Office) -> None:
    with pytest.raises(Refused, match="没有附材料"):
        opened("honour", OUTSIDE, by=office.subject, on="2026-03-02")
    case = opened("honour", OUTSIDE, by=office.subject, on="2026-03-02", files=[PNG])
    with pytest.raises(Refused):
        taken(case.case_id, "confirm", by=office.subject, on="2026-03-03")
    assert taken(case.case_id, "confirm", by=office.one, on="2026-03-03").state.id == "held"


def test_it_stands_in_the_organs_file(office: Office) -> None:
    awarded(office)
    head = person(office.organs(MARKET), "head")
    found = open_organ(
        office.organs(MARKET).id, actor=head, purpose="年度考核前看一看", on=date(2026, 4, 1), at=at("2026-04-01")
    )
    assert AWARD["title"] in str(found)


def test_an_officials_honour_is_entered_by_the_personnel_body_into_the_own_file_alone(office: Office) -> None:
    appointed(office.organs(MARKET))
    given = {**OUTSIDE, "official": DIRECTOR[0]}
    case = opened("honour", given, by=office.clerk, on="2026-03-02", files=[PNG])
    for who in (office.one, office.subject):
        with pytest.raises(Refused):
            taken(case.case_id, "confirm_official", by=who, on="2026-03-03")
    with pytest.raises(Refused, match="只用于单位的事"):
        taken(case.case_id, "confirm", by=office.one, on="2026-03-03")
    personnel = person(office.organs("中共青禾县委组织部"), "clerk")
    assert taken(case.case_id, "confirm_official", by=personnel, on="2026-03-03").state.id == "held"
    (fact,) = ledger.cards(ledger.facts().filter(kind__in=("honour", "official_honour")))
    assert (fact.kind, fact.visibility, fact.about) == ("official_honour", "restricted", f"official:{DIRECTOR[0]}")


WRONG = [
    ("a selection nobody announced", {"selection": "选〔2026〕9号"}, "没有这个编号的示范评选"),
    ("for another organ", {"organ": LEAD}, "您不能提出"),
    ("without the practice", {"practice": ""}, "守信践诺的做法和成效"),
]


@pytest.mark.parametrize("more, words", [one[1:] for one in WRONG], ids=[one[0] for one in WRONG])
def test_an_application_refused(office: Office, more: dict[str, str], words: str) -> None:
    announced(office)
    head = ledger.head()
    with pytest.raises(Refused, match=words):
        opened("demonstration", {**APPLICATION, **more}, by=office.subject, on="2026-03-03")
    assert ledger.head() == head


def test_applications_come_up_to_the_last_day_announced_and_not_after(office: Office) -> None:
    announced(office)
    head = ledger.head()
    with pytest.raises(Refused, match="收示范申报到2026-03-31为止，今天2026-04-01") as refused:
        applied(office, on="2026-04-01")
    assert refused.value.field == "selection"
    assert ledger.head() == head
    applied(office, on="2026-03-31")


def test_no_application_once_it_was_stopped(office: Office) -> None:
    selection = announced(office)
    taken(selection, "stop", by=office.one, on="2026-03-31")
    with pytest.raises(Refused, match="现在是“评选中”"):
        applied(office, on="2026-03-31")


def test_a_citizen_applies_for_nothing(office: Office) -> None:
    announced(office)
    with pytest.raises(Refused, match="您不能提出"):
        opened("demonstration", APPLICATION, by=CITIZEN, on="2026-03-03")
