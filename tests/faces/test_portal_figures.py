"""Suggestions, lawsuits, services and tasks as everybody reads them: shares with their denominators, numbers that open."""

import re
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jiannuo.access.rules import Actor
from jiannuo.duties import actions as duties
from jiannuo.duties import tick
from jiannuo.duties.models import Duty
from jiannuo.ledger import queries as ledger
from jiannuo.policy import pack as policy
from jiannuo.subjects import queries as subjects
from tests.faces.promised_county import HERE, Promises
from tests.faces.test_portal_pages import MOST, NOW, TODAY, text_of
from tests.packages.promising import PNG, at, person

pytestmark = pytest.mark.django_db

SUGGESTION = {
    "number": "第12号", "title": "关于修缮柳溪村小学危房的建议", "session": "第十五届第六次", "proposer": "青禾县第三代表团",
    "field": "教育科技", "content": "教室屋顶漏雨，请县里列入计划修缮", "complex": "否", "assigned_on": "2026-03-02",
    "organ": "青禾县教育体育局", "confirmer": "青禾县人民代表大会常务委员会办公室", "office": "基建科科长",
}  # fmt: skip
CASE = {
    "number": "（2026）豫9926行初12号", "stage": "一审", "title": "不服罚款决定案", "cause": "罚款", "field": "行政处罚",
    "plaintiff": "某某", "organ": "青禾县市场监督管理局", "court": "青禾县人民法院", "filed_on": "2026-03-02",
    "concluded_on": "2026-06-02", "outcome": "撤销", "effective_on": "2026-06-20", "appeared": "副职负责人",
}  # fmt: skip
ITEM = {
    "item_code": "SP-001", "item_name": "食品经营许可", "item_type": "行政许可", "status": "实施", "basis": "食品安全法第三十五条",
    "statutory_days": "20", "promised_days": "5", "papers": "6", "papers_cut": "2", "channels": "大厅", "trips": "1",
    "listed_on": "2026-01-05", "organ": "青禾县市场监督管理局",
}  # fmt: skip


@pytest.fixture
def county(db: None) -> Promises:
    return Promises()


def sender(county: Promises, kind: str) -> int:
    """An organ that may send this kind."""
    senders = policy.current().kinds[kind].senders
    bodies = policy.current().bodies
    code = next((bodies[name][0] for name in senders if name in bodies), next(iter(senders), ""))
    found = next((card for card in county_organs() if code in (card.code, f"type:{card.type}")), None)
    return found.id if found else county.market.id


def county_organs() -> Any:
    return subjects.directory(TODAY).organs


def given(county: Promises, kind: str, *rows: dict[str, str], on: str, released: bool = True) -> list[int]:
    organ_id = sender(county, kind)
    entries = county.send(rows, kind=kind, at=at(on), organ_id=organ_id)
    while duties.follow(opened_at=at(on)):
        pass
    if released:
        owner = next(card for card in county_organs() if card.name == rows[0]["organ"])
        county.release(entries, at=at(on), organ=owner)
    return entries


def test_a_suggestion_is_answered_and_its_proposer_judges(county: Promises) -> None:
    (entry,) = given(county, "suggestion", SUGGESTION, on="2026-03-02")
    given(
        county,
        "suggestion",
        SUGGESTION | {"number": "第13号", "title": "没有公示的建议"},
        on="2026-03-02",
        released=False,
    )
    duty = Duty.objects.get(entry=entry)
    school, office = county.organ("青禾县教育体育局"), county.organ_of(duty.confirmer_id or 0)
    result = {
        "met_on": "2026-05-06",
        "replied_on": "2026-05-20",
        "reply_number": "青教函〔2026〕8号",
        "result": "A已解决",
    }
    duties.submit(
        duty.pk, done_on=date(2026, 5, 20), words="已列入计划并完成修缮", files=[PNG], actor=person(school, "reviewer"),
        on=date(2026, 5, 20), at=at("2026-05-20"), result=result,
    )  # fmt: skip
    duties.confirm(
        duty.pk,
        reason="已见答复函，与提出人核对过",
        actor=person(office, "head"),
        on=date(2026, 5, 22),
        at=at("2026-05-22"),
    )
    (link,) = duties.invite(duty_id=duty.pk, names=["代表甲"], actor=person(office, "reviewer"), on=TODAY, at=NOW)
    page = county.get(f"/a/{link.token}/")
    assert "您对答复满意吗" in page
    token = re.search(r'name="token" value="([^"]+)"', page)
    assert token
    Client().post(f"/a/{link.token}/", {"token": token[1], "said": "nearly", "words": ""}, **HERE)  # type: ignore[arg-type]
    seen = text_of(county.get("/suggestions/?year=2026"))
    assert "A已解决" in seen
    assert "没有公示的建议" not in seen
    assert "代表甲" not in seen
    row = Duty.objects.get(pk=duty.pk)
    assert (row.agreed, row.disputed) == (1, 0)
    (said,) = ledger.since(0, kinds=["response"], limit=9)
    assert said.body["satisfaction"] == "基本满意"
    # Whether a suggestion was answered well is its proposer's to say, nobody else's.
    assert "我说两句" not in county.get(county.url(duty))


def test_lawsuits_are_counted_and_no_party_is_named(county: Promises) -> None:
    given(county, "court_case", CASE, CASE | {"number": "（2026）豫9926行初13号", "outcome": "撤诉"}, on="2026-07-02")
    given(county, "court_case", CASE | {"number": "（2026）豫9926行初14号"}, on="2026-07-02", released=False)
    seen = text_of(county.get("/litigation/"))
    assert "（2026）豫9926行初12号" in seen
    assert "行初14号" not in seen
    assert "某某" not in seen


def test_services_tell_the_law_the_promise_and_what_it_took(county: Promises) -> None:
    given(county, "service_item", ITEM, on="2026-01-05")
    handled = [
        {
            "number": f"BJ-{at_}", "item_code": "SP-001", "applicant": "企业", "channel": "网上", "accepted_on": "2026-03-02",
            "statutory_by": "2026-03-30", "promised_by": "2026-03-09", "done_on": done, "result": "准予" if done else "",
            "organ": "青禾县市场监督管理局",
        }
        for at_, done in enumerate(("2026-03-05", "2026-03-09", "2026-03-11", ""))
    ]  # fmt: skip
    given(county, "service_case", *handled, on="2026-03-12", released=False)
    seen = text_of(county.get("/services/"))
    assert "食品经营许可" in seen
    assert "BJ-0" not in seen


def test_the_board_shows_each_task_once_and_nothing_done_unconfirmed(county: Promises) -> None:
    tick.run(as_of=date(2026, 6, 1), now=at("2026-06-01"))
    tick.run(as_of=TODAY, now=NOW)
    duty = next(one for one in Duty.objects.filter(kind="carry_out_task") if one.due_on == date(2026, 12, 31))
    lead: Actor = person(county.organ_of(duty.debtor_id), "reviewer")
    duties.submit(duty.pk, done_on=TODAY, words="清单已经全部公布", files=[PNG], actor=lead, on=TODAY, at=NOW)
    seen = text_of(county.get("/tasks/"))
    for task in policy.current().tasks:
        assert f"{task.number}. {task.title}" in seen
    assert "待核实 1" in seen
    assert "已办成" not in seen
    assert "逾期 1" in seen
    duties.confirm(duty.pk, reason="对照清单逐项看过", actor=county.office_of(duty), on=TODAY, at=NOW)
    seen = text_of(county.get("/tasks/"))
    assert "已办成 1" in seen
    assert "1 份，核实 1 次" in seen
    assert "按期办成" in county.get("/plan/")


@pytest.mark.parametrize(
    "path", ["/suggestions/", "/litigation/", "/services/", "/services/?organ=419926-121", "/tasks/"]
)
def test_figures_cost_few_questions_and_set_no_cookie(county: Promises, path: str) -> None:
    given(county, "suggestion", *(SUGGESTION | {"number": f"第{at_}号"} for at_ in range(9)), on="2026-03-02")
    given(county, "court_case", *(CASE | {"number": f"（2026）豫9926行初{at_}号"} for at_ in range(9)), on="2026-07-02")
    given(county, "service_item", *(ITEM | {"item_code": f"SP-{at_}"} for at_ in range(9)), on="2026-01-05")
    tick.run(as_of=TODAY - timedelta(days=30), now=NOW - timedelta(days=30))
    with CaptureQueriesContext(connection) as asked:
        county.get(path)
    assert len(asked) <= MOST, (len(asked), [query["sql"][:90] for query in asked])


@pytest.mark.parametrize("query", [f"organ={quote('县太空局')}", "standing=asleep"])
def test_what_cannot_be_asked_of_promises_is_refused(county: Promises, query: str) -> None:
    assert "怎么办" in county.get(f"/promises/?{query}", status=400)
