"""Public opinion: collected by anybody at a desk, judged, handled and answered by the organ it names, evaluated; each with its clock."""

from datetime import date

import pytest

from jiannuo.access.rules import Actor
from jiannuo.cases.queries import CaseCard
from jiannuo.duties.queries import Standing
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as ledger
from tests.packages.casework import CITIZEN, opened, stands, story, taken
from tests.packages.overhearing import EVALUATED, EVENT, JUDGED, URGENT
from tests.packages.promising import PNG, person
from tests.packages.recording import LEAD, OVERSIGHT, Office, Organs

pytestmark = pytest.mark.django_db
ANSWER = "经检定，三号摊位的秤超出误差，已经封存更换；其他摊位逐台检定合格"


@pytest.fixture
def office(organs: Organs) -> Office:
    return Office(organs)


def collected(by: Actor, on: str = "2026-03-02", **more: str) -> int:
    return opened("opinion", {**EVENT, **more}, by=by, on=on, token=f"{more}{on}").case_id


def owed(card: CaseCard) -> dict[str, date]:
    return {one.kind: one.due_on for one in card.duties if one.is_open}


def test_it_is_collected_judged_handled_answered_and_evaluated(office: Office) -> None:
    finance = person(office.organs("青禾县财政局"), "clerk")
    case = collected(finance)
    card = stands(case, "2026-03-02")
    assert (card.number, card.handler_id) == ("舆〔2026〕1号", office.organs(LEAD).id)
    assert owed(card) == {"judge_opinion": date(2026, 3, 3)}
    card = taken(case, "judge", by=office.clerk, on="2026-03-02", fields=JUDGED)
    assert card.handler_id == office.subject.organ_id
    assert owed(card) == {"respond_to_opinion": date(2026, 3, 4)}, "forty-eight hours from when it was entered"
    taken(case, "handle", by=office.subject, on="2026-03-03")
    card = taken(case, "answer", by=office.subject, on="2026-03-04", words=ANSWER)
    assert owed(card) == {"evaluate_opinion": date(2026, 3, 11)}
    card = taken(case, "evaluate", by=office.one, on="2026-03-06", fields=EVALUATED)
    assert card.state.title == "已评估，办结"
    assert not owed(card)
    assert story(case) == ["登记", "研判：较大、一般", "记录处置情况", "公开回应", "评估办结"]
    kinds = ledger.facts().filter(kind__startswith="opinion_").order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["opinion_event", "opinion_judgement", "opinion_evaluation"]


def test_a_grave_one_is_answered_by_a_conference_within_a_day_holiday_or_not(office: Office) -> None:
    case = collected(office.subject, on="2026-09-30", seen_on="2026-09-30")
    card = taken(case, "judge_urgent", by=office.one, on="2026-09-30", fields=URGENT)
    assert owed(card) == {"hold_press_conference": date(2026, 10, 1)}
    taken(case, "handle", by=office.subject, on="2026-10-01")
    with pytest.raises(Refused, match="没有附材料"):
        taken(case, "hold", by=office.subject, on="2026-10-01", words=ANSWER)
    card = taken(case, "hold", by=office.subject, on="2026-10-02", words=ANSWER, files=[PNG])
    assert {one.standing for one in card.duties if one.kind == "hold_press_conference"} == {Standing.KEPT_LATE}


def test_counted_from_the_collecting_though_it_was_judged_later(office: Office) -> None:
    case = collected(office.clerk)
    card = taken(case, "judge", by=office.clerk, on="2026-03-05", fields=JUDGED)
    assert owed(card) == {"respond_to_opinion": date(2026, 3, 4)}
    assert {one.standing for one in card.duties if one.kind == "respond_to_opinion"} == {Standing.BROKEN}


def test_what_does_not_say_enough_is_asked_again(office: Office) -> None:
    case = collected(office.clerk)
    taken(case, "judge", by=office.clerk, on="2026-03-02", fields=JUDGED)
    taken(case, "handle", by=office.subject, on="2026-03-03")
    taken(case, "answer", by=office.subject, on="2026-03-03", words=ANSWER)
    card = taken(case, "again", by=office.one, on="2026-03-05")
    assert owed(card) == {"respond_to_opinion": date(2026, 3, 7)}, "a Saturday: hours do not rest"
    assert card.state.title == "待回应"


def test_what_concerns_the_lead_office_is_judged_by_who_oversees_it(office: Office) -> None:
    case = collected(office.subject, organ=LEAD)
    over = person(office.organs(OVERSIGHT), "reviewer")
    with pytest.raises(Refused, match="您不能办理"):
        taken(case, "judge", by=office.clerk, on="2026-03-02", fields=JUDGED)
    assert taken(case, "judge", by=over, on="2026-03-02", fields=JUDGED).state.id == "responding"


def test_wrong_in_words(office: Office) -> None:
    with pytest.raises(Refused, match="您不能提出"):
        opened("opinion", EVENT, by=CITIZEN, on="2026-03-02")
    with pytest.raises(Refused, match="网址"):
        collected(office.clerk, link="bbs/1")
    case = collected(office.clerk)
    head = ledger.head()
    with pytest.raises(Refused, match="级别"):
        taken(case, "judge", by=office.clerk, on="2026-03-02", fields={**JUDGED, "level": "重大"})
    with pytest.raises(Refused, match="没有审核决定的权限"):
        taken(case, "judge_urgent", by=office.clerk, on="2026-03-02", fields=URGENT)
    with pytest.raises(Refused, match="不能公开回应"):
        taken(case, "answer", by=office.subject, on="2026-03-02", words=ANSWER)
    assert ledger.head() == head
    taken(case, "judge", by=office.clerk, on="2026-03-02", fields=JUDGED)
    with pytest.raises(Refused, match="还没有办：记录处置情况"):
        taken(case, "answer", by=office.subject, on="2026-03-03", words=ANSWER)
    taken(case, "handle", by=office.subject, on="2026-03-03")
    with pytest.raises(Refused, match="会向社会公开，其中有手机号"):
        taken(case, "answer", by=office.subject, on="2026-03-03", words=f"{ANSWER}，发帖人13912345678")
    with pytest.raises(Refused, match="由被反映的单位、当事人办理"):
        taken(case, "answer", by=office.one, on="2026-03-03", words=ANSWER)
