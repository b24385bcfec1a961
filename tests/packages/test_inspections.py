"""Yearly inspections: planned and announced, answered item by item on the spot, mended, reviewed, and told of in public."""

from datetime import date

import pytest

from jiannuo.cases import actions, queries, tick
from jiannuo.cases.actions import Answer
from jiannuo.duties.queries import Standing
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as ledger
from tests.packages.casework import opened, stands, story, taken
from tests.packages.inspecting import BATCH, PLAN, answered, planned
from tests.packages.promising import PNG, at, person
from tests.packages.recording import FOUND, LEAD, MARKET, OVERSIGHT, Office, Organs

pytestmark = pytest.mark.django_db
TOWN = "柳溪镇人民政府"
FINANCE = "青禾县财政局"


@pytest.fixture
def office(organs: Organs) -> Office:
    return Office(organs)


def test_a_plan_opens_one_inspection_for_each_organ_with_its_own_last_day(office: Office) -> None:
    market, town = planned(office, MARKET, TOWN)
    assert [market.number, town.number] == ["检〔2026〕1号", "检〔2026〕2号"]
    assert [one.subject_id for one in (market, town)] == [office.organs(MARKET).id, office.organs(TOWN).id]
    assert all(one.handler_id == office.organs(LEAD).id for one in (market, town))
    assert [(one.kind, one.due_on) for one in market.duties] == [("inspect_by_plan", date(2026, 6, 30))]
    plan = queries.by_number("计〔2026〕1号", as_of=date(2026, 3, 2))
    assert plan is not None
    assert plan.state.title == "已公布，检查中"
    assert [(one.kind, one.due_on) for one in plan.duties] == [("sum_up_inspections", date(2027, 1, 10))]


def test_nothing_wrong_is_passed_and_the_plan_is_summed_up_when_all_are_done(office: Office) -> None:
    (case,) = planned(office, MARKET)
    with pytest.raises(Refused, match="还有1件没有办结"):
        taken(case.parent_id or 0, "sum_up", by=office.one, on="2026-05-06")
    answered(case.id, office.clerk, "2026-05-06")
    taken(case.id, "pass", by=office.one, on="2026-05-07")
    assert stands(case.id, "2026-05-07").state.title == "合格"
    assert taken(case.parent_id or 0, "sum_up", by=office.one, on="2026-05-08").state.title == "已总结"


def test_what_is_found_is_explained_mended_and_reviewed(office: Office) -> None:
    (case,) = planned(office, MARKET)
    answered(case.id, office.clerk, "2026-05-06", {"J04": "公示栏里写明五月前修好的台阶还没有动工"})
    card = taken(case.id, "notify", by=office.one, on="2026-05-07")
    assert card.handler_id == office.organs(MARKET).id, "what is owed now, the organ inspected owes"
    assert {one.kind: one.due_on for one in card.duties if one.is_open} == {
        "explain_in_writing": date(2026, 5, 20),
        "rectify": date(2026, 6, 8),
    }
    taken(case.id, "explain", by=office.subject, on="2026-05-12")
    card = taken(case.id, "report", by=office.subject, on="2026-05-29", files=[PNG])
    assert card.handler_id == office.organs(LEAD).id
    card = taken(case.id, "accept", by=office.one, on="2026-06-02")
    assert (card.state.title, card.closed_on) == ("整改后合格", date(2026, 6, 2))
    assert not [one for one in card.duties if one.is_open]
    assert story(case.id) == ["登记", "现场检查", "告知问题、要求整改", "书面说明原因", "报告整改情况", "复核合格"]


def test_who_does_not_mend_in_time_is_late_and_said_so(office: Office) -> None:
    (case,) = planned(office, MARKET)
    answered(case.id, office.clerk, "2026-05-06", {"J04": "公示栏里写明五月前修好的台阶还没有动工"})
    taken(case.id, "notify", by=office.one, on="2026-05-07")
    tick.run(as_of=date(2026, 6, 8), now=at("2026-06-08"))
    card = stands(case.id, "2026-06-08")
    # The thirtieth day is a Saturday: it moves to Monday the eighth.
    assert card.state.title == "待说明整改"
    tick.run(as_of=date(2026, 6, 9), now=at("2026-06-09"))
    card = stands(case.id, "2026-06-09")
    assert card.state.title == "逾期未整改"
    assert {one.standing for one in card.duties if one.kind == "rectify"} == {Standing.BROKEN}
    assert taken(case.id, "fail_lapsed", by=office.one, on="2026-06-10").state.title == "整改不到位"


def test_the_last_answer_to_an_item_counts_and_the_same_sending_is_one(office: Office) -> None:
    (case,) = planned(office, MARKET)
    wrong = Answer("J01", "不合格", "抽查的三份决定过了期限才公开", [PNG])
    for _ in range(2):
        taken(case.id, "check", by=office.clerk, on="2026-05-06", words="", answers=[wrong], token="one")
    assert story(case.id) == ["登记", "现场检查"]
    assert ledger.facts().filter(kind="check_answer").count() == 1
    answered(case.id, office.clerk, "2026-05-07")
    card = stands(case.id, "2026-05-07")
    assert {one.result for one in actions.answers(queries.steps(card)).values()} == {"合格"}


REFUSED = [
    ("one that is whole beside one that is not", [Answer("J02", "合格"), Answer("J01", "不合格")], "没有写明情况"),
    ("none at all", [], "一项也没有回答"),
    ("an item nobody asks", [Answer("J99", "合格")], "清单里没有“J99”"),
    ("a result outside the three", [Answer("J01", "还行")], "结果"),
    ("wrong without words", [Answer("J01", "不合格", "", [PNG])], "没有写明情况"),
    ("wrong without a photograph", [Answer("J01", "不合格", "抽查的三份决定过了期限才公开")], "没有照片"),
    ("two answers to one item", [Answer("J01", "合格"), Answer("J01", "不适用")], "J01答了两次"),
]


@pytest.mark.parametrize("answers, words", [one[1:] for one in REFUSED], ids=[one[0] for one in REFUSED])
def test_an_answer_that_is_not_whole_leaves_nothing(office: Office, answers: list[Answer], words: str) -> None:
    (case,) = planned(office, MARKET)
    head = ledger.head()
    with pytest.raises(Refused, match=words) as refused:
        taken(case.id, "check", by=office.clerk, on="2026-05-06", words="", answers=answers)
    assert refused.value.fix
    assert ledger.head() == head


def test_no_conclusion_before_every_item_is_answered_nor_against_the_answers(office: Office) -> None:
    (case,) = planned(office, MARKET)
    taken(case.id, "check", by=office.clerk, on="2026-05-06", words="", answers=[Answer("J01", "合格")])
    for step in ("pass", "notify"):
        with pytest.raises(Refused, match="还有11项没有回答：J02"):
            taken(case.id, step, by=office.one, on="2026-05-06")
    answered(case.id, office.clerk, "2026-05-07")
    with pytest.raises(Refused, match="没有不合格的"):
        taken(case.id, "notify", by=office.one, on="2026-05-07")
    answered(case.id, office.clerk, "2026-05-08", {"J02": "清单里的事项与窗口实际办理的不一致"})
    with pytest.raises(Refused, match="有不合格的：J02"):
        taken(case.id, "pass", by=office.one, on="2026-05-08")


def test_no_organ_inspects_itself(office: Office) -> None:
    plan = opened("inspection_plan", PLAN, by=office.clerk, on="2026-03-02")
    head = ledger.head()
    with pytest.raises(Refused, match="不能办自己的事") as refused:
        taken(plan.case_id, "list", by=office.clerk, on="2026-03-02", organs=[MARKET, LEAD], fields=BATCH)
    assert "单列一次" in refused.value.fix
    assert ledger.head() == head
    (case,) = planned(office, LEAD, inspector=OVERSIGHT)
    with pytest.raises(Refused, match="您不能办理"):
        answered(case.id, office.clerk, "2026-05-06")
    over = person(office.organs(OVERSIGHT), "reviewer")
    assert answered(case.id, over, "2026-05-06").state.title == "检查中"


def test_who_may_what(office: Office) -> None:
    finance = person(office.organs(FINANCE), "reviewer")
    with pytest.raises(Refused, match="由信用办登记"):
        opened("inspection_plan", PLAN, by=finance, on="2026-03-02")
    (case,) = planned(office, MARKET)
    for who in (finance, office.subject):
        with pytest.raises(Refused):
            answered(case.id, who, "2026-05-06")
    answered(case.id, office.clerk, "2026-05-06", {"J01": "抽查的三份决定过了期限才公开"})
    with pytest.raises(Refused, match="没有审核决定的权限"):
        taken(case.id, "notify", by=office.clerk, on="2026-05-07")
    taken(case.id, "notify", by=office.one, on="2026-05-07")
    taken(case.id, "explain", by=office.subject, on="2026-05-08")
    with pytest.raises(Refused, match="没有附材料"):
        taken(case.id, "report", by=office.subject, on="2026-05-09")
    with pytest.raises(Refused, match="不能现场检查"):
        answered(case.id, office.clerk, "2026-05-09")


def test_a_grave_finding_opens_a_determination_on_an_instrument_in_force(office: Office) -> None:
    (case,) = planned(office, MARKET)
    answered(case.id, office.clerk, "2026-05-06", {"J07": "法院判决生效两年仍然没有履行"})
    taken(case.id, "notify", by=office.one, on="2026-05-07")
    found = {name: value for name, value in FOUND.items() if name != "organ"}
    with pytest.raises(Refused, match="没有附材料"):
        taken(case.id, "refer", by=office.one, on="2026-05-08", fields=found)
    given = {**found, "source": "行政处罚", "final_on": "2026-03-01"}
    with pytest.raises(Refused, match="现在还没有生效"):
        taken(case.id, "refer", by=office.one, on="2026-05-08", fields=given, files=[PNG])
    taken(case.id, "refer", by=office.one, on="2026-05-08", fields=found, files=[PNG])
    (determination,) = queries.parts(stands(case.id, "2026-05-08"), as_of=date(2026, 5, 8))
    assert (determination.flow.id, determination.state.id) == ("determination", "filed")
    assert determination.subject_id == office.organs(MARKET).id
    assert determination.opening.body["instrument"] == FOUND["instrument"]


def test_public_words_name_nobody(office: Office) -> None:
    (case,) = planned(office, MARKET)
    answered(case.id, office.clerk, "2026-05-06")
    with pytest.raises(Refused, match="会向社会公开，其中有手机号"):
        taken(case.id, "pass", by=office.one, on="2026-05-07", words="检查合格，联系人电话13912345678")
