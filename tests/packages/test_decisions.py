"""A major decision from draft to resolution: six gates one after another, none skipped, everybody who took part known for good."""

from datetime import date
from typing import Any

import pytest

from jiannuo.cases import queries, tick
from jiannuo.disclosure.queries import decisions
from jiannuo.duties.queries import Standing, of_cases
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as ledger
from jiannuo.subjects.rules import official_key
from tests.packages.casework import CITIZEN, opened, stands, story, taken
from tests.packages.deciding import (
    ALL,
    DECISION,
    DRAFT,
    FACTS,
    OPINION,
    County,
    Organs,
    answered,
    consulted,
    county,
    done,
    drafted,
    prepared,
    said,
)
from tests.packages.promising import at, carried, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(organs: Organs) -> County:
    return county(organs)


def test_six_gates_lead_to_a_decision_that_must_be_published(people: County) -> None:
    case_id = prepared(people)
    card = stands(case_id, "2026-05-20")
    assert (card.number, card.state.id, card.closed_on) == ("决〔2026〕1号", "decided", date(2026, 5, 20))
    assert story(case_id) == [
        "登记", "公开征求意见", "征求意见期满", "公众参与办结", "专家论证通过", "风险评估通过", "合法性审查通过",
        "廉洁性评估通过", "集体讨论决定",
    ]  # fmt: skip
    (resolution,) = ledger.cards(ledger.facts().filter(kind="decision_resolution"))
    assert (resolution.number, resolution.happened_on) == ("青政〔2026〕21号", date(2026, 5, 20))
    carried(at("2026-05-20"))
    (duty,) = of_cases({resolution.id: ""}, as_of=date(2026, 5, 20))[resolution.id]
    assert (duty.kind, duty.standing, duty.due_on) == ("disclose_information", Standing.RUNNING, date(2026, 6, 17))


SKIPPED = [
    ("announced without a draft", "announce", "drafting", {"files": []}, "没有附材料"),
    ("argued before the public was heard", "argue", "consulting", {}, "这件事现在是“正在征求意见”，不能专家论证通过"),
    ("closed before the thirty days are over", "participate", "consulting", {}, "现在是“正在征求意见”，不能公众参与办结"),
    ("closed by the one who announced", "participate", "consulted", {"by": "drafter"}, "“公开征求意见”是您办的"),
    ("closed without a report", "participate", "consulted", {"files": []}, "没有附材料"),
    ("closed without who took part", "participate", "consulted", {"lines": " \n"}, "没有写参与决策的人"),
    ("risk before the experts", "assess", "arguing", {}, "现在是“待专家论证”，不能风险评估通过"),
    ("skipped by the drafter alone", "no_argument", "arguing", {"by": "drafter"}, "“提出”是您办的"),
    ("skipped without a reason", "no_argument", "arguing", {"words": ""}, "为什么不是专业性、技术性较强的事项没有写清楚"),
    ("high risk called passed", "assess", "assessing", {"fields": {**FACTS["assess"], "level": "高风险"}}, "风险等级"),
    ("reviewed by the drafting office", "review", "reviewing", {"by": "chief"}, "“合法性审查通过”由合法性审查机构办理"),
    ("discussed before the review", "decide", "reviewing", {}, "现在是“待合法性审查”，不能集体讨论决定"),
    ("discussed before integrity was assessed", "decide", "integrity", {}, "现在是“待廉洁性评估”，不能集体讨论决定"),
    ("decided by the drafting office", "decide", "deciding", {"by": "chief"}, "“集体讨论决定”由政府办公室办理"),
    ("decided without anybody's opinion", "decide", "deciding", {"lines": ""}, "没有写参与决策的人"),
    ("an official nobody knows", "decide", "deciding", {"lines": "QH-0101，副县长，表决，同意\nQH-9999，副县长，表决，同意"}, "第2行“QH-9999，副县长，表决，同意”"),
    ("against without a reason", "decide", "deciding", {"lines": "QH-0101，副县长，表决，不同意"}, "第1行"),
    ("the same person twice", "decide", "deciding", {"lines": "QH-0101，副县长，表决，同意\n" * 2}, "第2行和前面的一行相同"),
    ("decided tomorrow", "decide", "deciding", {"fields": {**FACTS["decide"], "decided_on": "2026-06-30"}}, "决定日期"),
    ("stopped by the drafter alone", "stop", "consulting", {"by": "drafter"}, "“提出”是您办的"),
    ("stopped after it was decided", "stop", "decided", {}, "现在是“已决定”，不能终止决策程序"),
]  # fmt: skip
BEFORE = {
    "arguing": "participate", "assessing": "argue", "reviewing": "assess", "integrity": "review", "deciding": "clear",
    "decided": "decide",
}  # fmt: skip


@pytest.mark.parametrize("step, state, given, words", [case[1:] for case in SKIPPED], ids=[case[0] for case in SKIPPED])
def test_refused(people: County, step: str, state: str, given: dict[str, object], words: str) -> None:
    if state in BEFORE:
        case_id = prepared(people, BEFORE[state])
    elif state == "consulted":
        case_id = consulted(people)
    else:
        case_id = drafted(people).case_id
        if state == "consulting":
            done(people, case_id, "announce", "2026-03-02")
    assert stands(case_id, "2026-05-20").state.id == state
    if by := given.get("by"):
        given = {**given, "by": getattr(people, str(by))}
    head = ledger.head()
    with pytest.raises(Refused) as refused:
        done(people, case_id, step, "2026-05-20", **given)
    assert words in refused.value.message
    assert refused.value.fix
    assert ledger.head() == head


def test_the_days_run_out_by_themselves_and_not_a_day_early(people: County) -> None:
    case_id = consulted(people, on="2026-04-01")
    assert stands(case_id, "2026-04-01").state.id == "consulting"
    said(case_id, on="2026-04-01")
    tick.run(as_of=date(2026, 4, 5), now=at("2026-04-05"))
    card = stands(case_id, "2026-04-05")
    assert (card.state.id, card.entered_on) == ("consulted", date(2026, 4, 2))
    with pytest.raises(Refused, match="现在是“征求意见期满，正在答复”，不收决策意见"):
        said(case_id, on="2026-04-05")


def test_where_it_is_urgent_the_days_are_fewer_and_everybody_reads_why(people: County) -> None:
    case_id = drafted(people).case_id
    with pytest.raises(Refused, match="“提出”是您办的"):
        done(people, case_id, "announce_urgent", "2026-03-02", by=people.drafter)
    done(people, case_id, "announce_urgent", "2026-03-02", words="汛期将至，三月底前必须定下转移路线")
    card = stands(case_id, "2026-03-05")
    assert card.state.title == "正在征求意见（期限缩短）"
    opinion = said(case_id, on="2026-03-05")
    (shown,) = decisions.decisions(on=date(2026, 3, 5))
    assert (shown.is_open, shown.closes_on) == (True, date(2026, 3, 9))
    assert shown.notice is not None
    assert shown.notice.words == "汛期将至，三月底前必须定下转移路线"
    tick.run(as_of=date(2026, 3, 12), now=at("2026-03-12"))
    card = stands(case_id, "2026-03-12")
    assert (card.state.id, card.entered_on) == ("consulted", date(2026, 3, 10))
    answered(people, opinion, "2026-03-12")
    with pytest.raises(Refused, match="“情况紧急，缩短期限公开征求意见”是您办的"):
        done(people, case_id, "participate", "2026-03-12", by=people.chief)
    done(people, case_id, "participate", "2026-03-12", by=people.drafter)
    assert stands(case_id, "2026-03-12").state.id == "arguing"


def test_the_public_was_not_heard_before_everybody_has_an_answer(people: County) -> None:
    case_id = drafted(people).case_id
    done(people, case_id, "announce", "2026-03-02")
    first, second = said(case_id), said(case_id, on="2026-03-11", content="收费太贵了，建议再降一些")
    tick.run(as_of=date(2026, 4, 2), now=at("2026-04-02"))
    answered(people, first, "2026-04-03")
    with pytest.raises(Refused, match="还有1件没有办结"):
        done(people, case_id, "participate", "2026-04-10")
    answered(people, second, "2026-04-09", outcome="没有采纳", reason="标准按成本监审结果确定，已在草案说明中列出")
    done(people, case_id, "participate", "2026-04-10")
    assert stands(case_id, "2026-04-10").state.id == "arguing"


def test_an_opinion_is_sealed_and_its_author_apart(people: County) -> None:
    case_id = drafted(people).case_id
    done(people, case_id, "announce", "2026-03-02")
    opinion = said(case_id)
    card = stands(opinion.case_id, "2026-03-10")
    assert (card.parent_id, card.is_part, card.handler_id) == (case_id, True, people.drafter.organ_id)
    assert [(one.kind, one.due_on) for one in card.duties] == [("answer_opinion", date(2026, 5, 9))]
    for entry in ledger.cards(ledger.facts().filter(number=card.number)):
        written = f"{entry.body} {entry.reason}"
        assert not any(word in written for word in ("城关居民甲", "13900000000", "老小区"))
    found = queries.by_receipt(opinion.code, as_of=date(2026, 3, 10))
    assert found is not None
    assert found.id == opinion.case_id


def test_what_becomes_public_carries_nobodys_number(people: County) -> None:
    case_id = drafted(people).case_id
    head = ledger.head()
    words = "听取了住户（电话13900000000）的意见，拟分时段收费"
    with pytest.raises(Refused, match="会向社会公开，其中有"):
        done(people, case_id, "announce", "2026-03-02", words=words)
    fields = {**FACTS["announce"], "notice": words}
    with pytest.raises(Refused, match="会向社会公开，其中有"):
        done(people, case_id, "announce", "2026-03-02", fields=fields)
    assert ledger.head() == head
    done(people, case_id, "announce", "2026-03-02")
    opinion = said(case_id)
    with pytest.raises(Refused, match="会向社会公开，其中有"):
        answered(people, opinion, "2026-03-12", gist="住户（电话13900000000）说夜间不应收费")


WRONG_OPINIONS = [
    ("under nothing", {"under": None}, {}, "没有指明是哪一件重大决策"),
    ("blank", {}, dict.fromkeys(OPINION, ""), "您的意见：这几项至少填一项"),
    ("an answer that was not offered", {}, {"answer_1": "也许"}, "问卷第1题"),
]


@pytest.mark.parametrize(
    "under, fields, words", [case[1:] for case in WRONG_OPINIONS], ids=[case[0] for case in WRONG_OPINIONS]
)
def test_refused_opinion(people: County, under: dict[str, Any], fields: dict[str, str], words: str) -> None:
    case_id = drafted(people).case_id
    done(people, case_id, "announce", "2026-03-02")
    head = ledger.head()
    with pytest.raises(Refused) as refused:
        opened("decision_opinion", {**OPINION, **fields}, by=CITIZEN, on="2026-03-10", **{"under": case_id} | under)
    assert words in refused.value.message
    assert ledger.head() == head


def test_no_opinion_before_the_draft_is_public(people: County) -> None:
    case_id = drafted(people).case_id
    with pytest.raises(Refused, match="现在是“起草中”，不收决策意见"):
        said(case_id)


def test_a_hearing_once_announced_has_its_record(people: County) -> None:
    case_id = consulted(people)
    done(people, case_id, "call_hearing", "2026-04-03")
    opinion = said(case_id, on="2026-04-05", attend="是", answer_1="", answer_2="")
    with pytest.raises(Refused, match="现在是“已公告听证”"):
        done(people, case_id, "participate", "2026-04-21")
    done(people, case_id, "hearing_record", "2026-04-21")
    answered(people, opinion, "2026-04-21")
    done(people, case_id, "participate", "2026-04-22")


def test_what_is_unlawful_goes_back_and_is_reviewed_again(people: County) -> None:
    case_id = prepared(people, "assess")
    done(people, case_id, "unlawful", "2026-05-06")
    card = stands(case_id, "2026-05-06")
    assert (card.state.id, card.handler_id) == ("revising", people.drafter.organ_id)
    done(people, case_id, "submit_again", "2026-05-08")
    with pytest.raises(Refused, match="现在是“待合法性审查”"):
        done(people, case_id, "decide", "2026-05-20")


def test_a_high_risk_means_a_new_draft_and_a_new_consultation(people: County) -> None:
    case_id = prepared(people, "argue")
    done(people, case_id, "risky", "2026-04-20")
    assert stands(case_id, "2026-04-20").state.id == "drafting"


def test_experts_and_risk_are_skipped_by_a_second_person_with_reasons(people: County) -> None:
    case_id = prepared(people, "participate")
    done(people, case_id, "no_argument", "2026-04-15")
    done(people, case_id, "no_risk", "2026-04-16")
    for step, on in ALL[3:]:
        done(people, case_id, step, on)
    assert stands(case_id, "2026-05-20").state.id == "decided"


def test_from_the_decision_to_everybody_and_back_years_later(people: County) -> None:
    prepared(people)
    about = ledger.cards(ledger.facts().filter(kind="decision_participant", about=official_key("QH-0102")))
    assert [(one.body["gate"], one.body["post"], one.body["opinion"]) for one in about] == [
        ("合法性审查通过", "法制科科长", "同意"),
        ("廉洁性评估通过", "法制科科长", "同意"),
        ("集体讨论决定", "副县长", "不同意"),
    ]
    assert {(one.number, one.visibility) for one in about} == {("决〔2026〕1号", "restricted")}
    assert {one.body["title"] for one in about} == {DECISION["title"]}


def test_the_drafter_of_the_reviewing_office_does_not_review_the_own_draft(people: County, organs: Organs) -> None:
    own = person(organs("青禾县司法局"), "clerk", "reviewer", username="own")
    case_id = opened("major_decision", DECISION, by=own, on="2026-03-02", files=[DRAFT]).case_id
    taken(case_id, "announce", by=own, on="2026-03-02", files=[DRAFT], fields=FACTS["announce"])
    with pytest.raises(Refused, match="“提出”是您办的"):
        taken(case_id, "stop", by=own, on="2026-03-03")
