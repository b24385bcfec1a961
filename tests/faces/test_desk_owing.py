"""What of a promise is restricted, what the first page and the calendar say of it, and what each page asks of the database."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jiannuo.access import queries as traces
from jiannuo.duties import actions as duties
from jiannuo.duties.queries.promises import PromiseCard
from jiannuo.kernel import clock
from tests.faces.promised_office import MARKET, MOVE, PNG, Day, address, confirm, signed_in, submit, text
from tests.packages.conftest import Send
from tests.packages.promising import at, promised

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12


# -- what is restricted --------------------------------------------------------------------------------------------------


def test_each_reading_of_evidence_leaves_a_trace(road: PromiseCard) -> None:
    submit(road)
    found = re.search(r'href="(/desk/promises/\d+/evidence/\d+/0/)"', text(signed_in("lead.l").get(address(road))))
    assert found
    response = signed_in("lead.l").get(found.group(1))
    assert (response.status_code, response.content) == (200, PNG)
    assert signed_in("reviewer.f").get(found.group(1)).status_code == 403
    assert signed_in("lead.l").get(found.group(1).replace("/0/", "/7/")).status_code == 422
    (trace,) = traces.traces(action="evidence.read")
    assert (trace.username, "验收照片.png" in trace.detail) == ("lead.l", True)


def test_what_people_wrote_is_read_for_a_purpose_and_never_by_the_organ_it_is_about(road: PromiseCard) -> None:
    said = "东头二百米根本没有铺"
    duties.respond(road.duty.id, agreed=False, words=said, author=duties.PUBLIC, on=clock.today(), at=at("2026-10-28"))
    for username in ("clerk.m", "reviewer.m", "head.m"):
        client = signed_in(username)
        page = text(client.get(address(road)))
        assert "不属实 1 人" in page
        assert "看写了什么" not in page
        assert client.post(address(road), {"purpose": "想看看是谁"}).status_code == 403
    lead = signed_in("lead.l")
    assert said not in text(lead.get(address(road)))
    assert lead.post(address(road), {"purpose": " "}).status_code == 422
    opened = lead.post(address(road), {"purpose": "核实东头路面"})
    assert said in text(opened)
    (trace,) = traces.traces(action="answers.read")
    assert (trace.username, trace.purpose) == ("lead.l", "核实东头路面")


# -- today and the month -------------------------------------------------------------------------------------------------


def test_the_first_page_says_what_is_near_late_sent_and_waiting(road: PromiseCard, day: Day) -> None:
    assert "将到期的承诺" in text(signed_in("head.m").get("/desk/"))
    submit(road)
    assert "已提交、等别人确认的" in text(signed_in("reviewer.m").get("/desk/"))
    lead = text(signed_in("lead.l").get("/desk/"))
    assert "等我确认的" in lead
    assert road.title in lead
    confirm(road, decision="return", reason="照片看不出排水沟，请补拍")
    day("2026-11-02")
    assert "退回给我单位的" in text(signed_in("clerk.m").get("/desk/"))
    assert "各单位逾期的承诺和任务" in text(signed_in("lead.l").get("/desk/"))


def test_what_is_late_is_said_so(road: PromiseCard, day: Day) -> None:
    day("2026-11-02")
    page = text(signed_in("clerk.m").get("/desk/"))
    assert "已经逾期的承诺" in page
    assert "已超 1 个工作日" in page


def test_a_day_of_another_year_says_its_year(road: PromiseCard, day: Day) -> None:
    signed_in("reviewer.m").post(address(road, "amend"), {"due_on": "2027-01-10", **MOVE})
    day("2026-12-31")
    assert "2027年 · 周日" in text(signed_in("clerk.m").get("/desk/"))


def test_the_month_shows_what_is_due_and_who_does_not_work(road: PromiseCard) -> None:
    clerk = signed_in("clerk.m")
    page = text(clerk.get("/desk/calendar/"))
    for words in ("2026年10月", "国庆", "上班", "兑现承诺 1 件", "今天"):
        assert words in page
    link = re.search(r'href="(/desk/promises/\?[^"]*first=2026-10-31[^"]*)"', page)
    assert link
    assert road.title in text(clerk.get(link.group(1).replace("&amp;", "&")))
    assert "兑现承诺" not in text(clerk.get("/desk/calendar/?month=2026-09"))
    for odd in ("2026-13", "x", "0001-01", "9999-12", "2026-1-1"):
        assert "2026年10月" in text(clerk.get(f"/desk/calendar/?month={odd}"))
    assert "2026年12月" in text(clerk.get("/desk/calendar/?month=2026-12"))


def test_the_month_calls_nothing_late_that_was_shown_in_time(road: PromiseCard, day: Day) -> None:
    def october() -> str:
        return text(signed_in("clerk.m").get("/desk/calendar/?month=2026-10"))

    day("2026-11-16")
    assert ("兑现承诺 1 件<" in october(), "month__item--late" in october()) == (True, True)
    day("2026-10-30")
    submit(road)
    day("2026-11-16")
    assert ("兑现承诺 1 件等确认" in october(), "month__item--late" in october()) == (True, False)
    confirm(road)
    assert "兑现承诺 1 件办完" in october()


def test_the_navigation_leads_to_each_part(road: PromiseCard) -> None:
    lead = text(signed_in("lead.l").get("/desk/promises/"))
    navigation = lead.split('class="side-nav"')[1].split("</nav>")[0]
    for label in ("承诺", "日历", "查记录", "推送情况", "各单位情况"):
        assert f">{label}<" in navigation
    clerk = text(signed_in("clerk.m").get("/desk/promises/")).split('class="side-nav"')[1].split("</nav>")[0]
    assert ">本单位情况<" in clerk
    assert "推送情况" not in clerk


# -- how much is asked of the database -----------------------------------------------------------------------------------


@pytest.mark.parametrize("username", ["reviewer.m", "lead.l"])
@pytest.mark.parametrize(
    "path", ["/desk/", "/desk/promises/", "/desk/promises/?tab=all", "/desk/calendar/", "/desk/promises/slips/", ""]
)
def test_no_page_asks_the_database_much(road: PromiseCard, send: Send, path: str, username: str) -> None:
    for n in range(2, 14):
        promised(send, number=f"2026-承-{n:02}", title=f"修好第{n}段3公里路面")
    promised(
        send, kind="milestone", on="2026-03-03", parent=road.record.number, number="2026-承-01-1", title="第1段路基完成",
        shown_by="监理签认单", made_on="2026-03-03", due_on="2026-06-30", organ=MARKET,
    )  # fmt: skip
    signed_in("reviewer.m").post(address(road, "amend"), {"due_on": "2026-12-20", **MOVE})
    submit(road)
    client = signed_in(username)
    client.get(path or address(road))
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path or address(road)).status_code == 200
    asked = [query["sql"][:160] for query in queries if "duties_heartbeat" not in query["sql"]]
    assert len(asked) <= MOST_QUERIES, "\n".join(asked)
