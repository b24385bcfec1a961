"""Suggestions and lawsuits as they come in, are answered and judged: the figures follow, from the versions that were asked for."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest

from jiannuo.assessment.queries.litigation import litigation
from jiannuo.assessment.queries.suggestions import suggestions
from jiannuo.assessment.rules.litigation import LitigationFigures
from jiannuo.duties import actions as duties
from jiannuo.ledger import queries as ledger
from jiannuo.subjects.rules import OrganCard
from tests.packages.promising import PNG, at, carried, person, promised

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)
YEAR: Mapping[str, Any] = {"first": date(2026, 1, 1), "last": date(2026, 12, 31)}
ASKED = {
    "number": "第1号", "title": "关于增加停车位的建议", "content": "老城区停车难", "field": "城建交通", "proposer": "代表甲",
    "session": "十七届六次", "assigned_on": "2026-03-10", "office": "办公室主任", "organ": "青禾县市场监督管理局", "complex": "否",
    "confirmer": "青禾县人民代表大会常务委员会办公室",
}  # fmt: skip
SUIT = {
    "number": "（2026）虚26行初1号", "stage": "一审", "title": "不服行政处罚案", "cause": "行政处罚", "field": "行政处罚", "plaintiff": "某某",
    "organ": "青禾县市场监督管理局", "court": "青禾县人民法院", "filed_on": "2026-03-02", "concluded_on": "2026-05-06",
    "outcome": "撤销;限期履行", "appeared": "副职负责人", "effective_on": "2026-05-22", "to_perform": "60日内重新作出处理决定",
    "perform_by": "2026-07-20", "office": "法制科科长", "revealed": "没有告知听证权利", "confirmer": "青禾县人民法院",
}  # fmt: skip
Find = Callable[[str], OrganCard]


def suits(**more: object) -> LitigationFigures:
    found = litigation(organ_ids=None, as_of=TODAY, **{**YEAR, **more})
    assert found is not None
    return found


def send_from(send: Callable[..., object], organ: OrganCard) -> Callable[..., object]:
    return lambda rows, **more: send(rows, **{**more, "organ_id": organ.id})


@pytest.fixture
def congress(organs: Find) -> OrganCard:
    return organs(ASKED["confirmer"])


def test_what_was_told_counts_once_it_is_confirmed(
    send: Callable[..., object], market: OrganCard, congress: OrganCard
) -> None:
    card = promised(send_from(send, congress), kind="suggestion", on="2026-03-10", **ASKED)
    told = {"met_on": "2026-04-20", "replied_on": "2026-05-06", "result": "A已解决"}
    duties.submit(
        card.duty.id, done_on=date(2026, 5, 6), words="已新增停车位120个，书面答复并当面沟通", files=[PNG], actor=person(market, "clerk"),
        on=date(2026, 5, 7), at=at("2026-05-07"), result=told,
    )  # fmt: skip
    carried(at("2026-05-07"))
    waiting = suggestions(organ_ids=None, as_of=date(2026, 5, 8), **YEAR)
    assert {name for name, count in waiting.counts.items() if count} == {"assigned", "running", "waits"}
    assert waiting.items[0].result == ""

    duties.confirm(
        card.duty.id, reason="到现场看过，车位已经开放", actor=person(congress, "reviewer"), on=date(2026, 5, 12), at=at("2026-05-12")
    )  # fmt: skip
    carried(at("2026-05-12"))
    done = suggestions(organ_ids=[market.id], as_of=TODAY, **YEAR)
    counted = {name for name, count in done.counts.items() if count}
    assert counted == {"assigned", "answered", "due", "on_time", "met", "a"}
    assert (done.items[0].met_on, done.items[0].replied_on) == (date(2026, 4, 20), date(2026, 5, 6))
    assert suggestions(organ_ids=[congress.id], as_of=TODAY, **YEAR).items == ()
    assert suggestions(organ_ids=None, first=date(2025, 1, 1), last=date(2025, 12, 31), as_of=TODAY).items == ()


def test_a_lost_case_is_to_be_performed_and_accounted_for(
    send: Callable[..., object], market: OrganCard, organs: Find
) -> None:
    send_case(send, organs("青禾县人民法院"), SUIT)
    found = suits()
    assert (found.lost.part, found.lost.whole) == (1, 1)
    assert found.by("outcome") == {"撤销": 1, "限期履行": 1}
    assert (found.counts["perform_due"], found.counts["perform_missing"], found.counts["account_open"]) == (1, 1, 1)
    assert found.performed.percent == "0.00%"
    assert [one.organ_id for one in found.by_organ()] == [market.id]


def test_an_appeal_takes_the_first_judgment_and_its_duties_out_of_the_figures(
    send: Callable[..., object], organs: Find
) -> None:
    court = organs("青禾县人民法院")
    send_case(send, court, SUIT)
    empty = ("concluded_on", "outcome", "appeared", "effective_on", "to_perform", "perform_by", "revealed")
    second = {
        **SUIT,
        "number": "（2026）虚05行终9号",
        "stage": "二审",
        "earlier": "(2026)虚26行初1号",
        "filed_on": "2026-06-01",
    }
    send_case(send, court, {**second, **dict.fromkeys(empty, "")})
    assert suits().lost.value is None
    assert (suits().counts["undecided"], suits().counts["perform_due"]) == (1, 0)
    judged = {"concluded_on": "2026-08-20", "outcome": "驳回诉讼请求", "appeared": "正职负责人"}
    send_case(send, court, {**second, **dict.fromkeys(empty, ""), **judged}, corrects=True, reason="已经审结")
    assert (suits().lost.part, suits().lost.whole, suits().counts["account"]) == (0, 1, 0)


def test_given_versions_are_counted_and_nothing_else(send: Callable[..., object], organs: Find) -> None:
    court = organs("青禾县人民法院")
    send_case(send, court, SUIT)
    old = ledger.cards(ledger.facts().filter(kind="court_case"))
    send_case(send, court, {**SUIT, "outcome": "撤诉", "revealed": "", "to_perform": "", "perform_by": "", "effective_on": ""},
              corrects=True, reason="更正")  # fmt: skip
    assert (suits().counts["lost"], suits().counts["apart"]) == (0, 1)
    assert (suits(given=old).counts["lost"], suits(given=[]).counts["concluded"]) == (1, 0)


def send_case(send: Callable[..., object], court: OrganCard, row: Mapping[str, str], **more: object) -> None:
    send([row], kind="court_case", organ_id=court.id, **more)
    carried(at("2026-11-23"))
