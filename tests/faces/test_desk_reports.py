"""The pages of the half-yearly report: who may open them, what they ask of the database, and that every button does what it says."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jiannuo.assessment.queries.reports import report
from jiannuo.assessment.rules.reporting import State, mark
from jiannuo.ledger import queries as ledger
from tests.faces import july
from tests.packages.reporting import WORDS

MOST_QUERIES = 12
BOARD = "/desk/reports/?period=2026-H1"


@pytest.fixture
def county(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIANNUO_TODAY", july.TODAY.isoformat())
    july.open_county()


def signed_in(username: str) -> Client:
    client = Client()
    client.post("/desk/login/", {"username": username, "password": july.PASSWORD})
    return client


def page_of(name: str) -> str:
    return f"/desk/reports/2026-H1/{july.organ(name).id}/"


def state_of(name: str) -> State:
    found = report(july.organ(name).id, july.H1, as_of=july.TODAY)
    assert found is not None
    return found.state


def test_who_may_open_what(county: None) -> None:
    own, other, board = page_of("县市场监管局"), page_of("县财政局"), BOARD
    answers = {
        username: [signed_in(username).get(url).status_code for url in (board, own, other)]
        for username in (july.CLERK, july.HEAD, july.LEAD, "swj.gu", july.OVERSEER)
    }
    assert answers == {
        july.CLERK: [200, 200, 403], july.HEAD: [200, 200, 403], july.LEAD: [200, 200, 200], "swj.gu": [200, 403, 403],
        july.OVERSEER: [200, 403, 403],
    }  # fmt: skip
    overseer = signed_in(july.OVERSEER)
    assert overseer.get(page_of("县发展改革委")).status_code == 200
    assert signed_in(july.CLERK).get("/desk/reports/2026-H1/county/").status_code == 403


def test_no_page_asks_the_database_much(county: None) -> None:
    clerk, lead = signed_in(july.CLERK), signed_in(july.LEAD)
    organ = july.organ("县市场监管局").id
    behind = f"/desk/reports/records/?period=2026-H1&organ={organ}&figure=decisions_due&as_of=2026-07-11"
    for client, url in (
        (clerk, "/desk/"), (lead, "/desk/"), (clerk, "/desk/reports/"), (clerk, page_of("县市场监管局")), (clerk, behind), (lead, BOARD),
        (lead, page_of("县财政局")), (lead, "/desk/reports/2026-H1/county/"),
    ):  # fmt: skip
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        asked = [query["sql"][:150] for query in queries]
        beats = [sql for sql in asked if "duties_heartbeat" in sql]
        assert len(asked) - len(beats[:1]) <= MOST_QUERIES, "\n".join([url, *asked])


def test_every_number_of_a_report_opens_exactly_its_records(county: None) -> None:
    client = signed_in(july.CLERK)
    page = client.get(page_of("县市场监管局")).content.decode()
    found = re.findall(r'class="number nowrap"><a href="([^"]+)">([\d.]+)(%| \S)?<span class="sr">，([^<]+)<', page)
    assert len(found) > 8
    for url, value, unit, label in found:
        listed = client.get(url.replace("&amp;", "&")).content.decode()
        rows = len(re.findall(r'<tr role="row"', listed)) - 1 if "没有这样的记录" not in listed else 0
        if unit != "%":
            assert rows == int(value), label


def test_a_clerk_writes_and_the_head_signs(county: None) -> None:
    clerk, head = signed_in(july.CLERK), signed_in(july.HEAD)
    url = page_of("县市场监管局")
    form = {**WORDS, **{f"seen.{name}": mark("") for name in WORDS}}
    short = clerk.post(url, {**form, "problems": "没有", "act": "offer"})
    assert short.status_code == 422
    assert "“存在问题”写了2字" in short.content.decode()
    assert WORDS["done"] in short.content.decode()
    form |= {f"seen.{name}": mark({**WORDS, "problems": "没有"}[name]) for name in WORDS}
    assert clerk.post(url, {**form, "act": "offer"}).status_code == 302
    shown = head.get(url).content.decode()
    seen = re.search(r'name="seen" value="(\w+)"', shown)
    assert seen
    assert head.post(url, {"act": "sign", "seen": seen[1]}).status_code == 302
    assert state_of("县市场监管局") is State.SENT
    assert "迟1天" in head.get(url).content.decode()
    assert "<textarea" not in clerk.get(url).content.decode()


def test_the_head_may_ask_for_changes(county: None) -> None:
    july.write(july.organ("县市场监管局"), july.TODAY)
    clerk, head, url = signed_in(july.CLERK), signed_in(july.HEAD), page_of("县市场监管局")
    assert clerk.post(url, {"act": "offer"}).status_code == 302
    assert head.post(url, {"act": "hand_back", "remark": "存在问题写得太虚，写具体"}).status_code == 302
    assert "存在问题写得太虚，写具体" in clerk.get(url).content.decode()
    assert state_of("县市场监管局") is State.DRAFT


def test_the_first_page_says_what_of_the_report_waits_for_whom(county: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def first_page(username: str) -> str:
        return signed_in(username).get("/desk/").content.decode().split("<main", 1)[1]

    monkeypatch.setenv("JIANNUO_TODAY", "2026-07-08")
    clerk = first_page(july.CLERK)
    assert "要报的半年报告" in clerk
    assert "还有 2 个工作日" in clerk
    assert f'href="{page_of("县市场监管局")}"' in clerk
    assert "已经逾期的承诺" not in clerk
    monkeypatch.setenv("JIANNUO_TODAY", july.TODAY.isoformat())
    # The 11th is a Saturday: no working day has passed, and yet it is late.
    assert "已超 1 天" in first_page(july.CLERK)
    july.write(july.organ("县市场监管局"), july.TODAY)
    assert signed_in(july.CLERK).post(page_of("县市场监管局"), {"act": "offer"}).status_code == 302
    assert "等我签发的半年报告" in first_page(july.HEAD)
    assert "等负责人签发的半年报告" in first_page(july.CLERK)

    lead = first_page(july.LEAD)
    assert "等我收的半年报告" in lead
    assert "县商务局：2026年上半年" in lead
    assert re.search("2026年上半年还没有报的.*34 个单位", lead, re.DOTALL)
    (url,) = re.findall(r'href="(/desk/reports/\?period=2026-H1&amp;state=none)"', lead)
    board = signed_in(july.LEAD).get(url.replace("&amp;", "&")).content.decode()
    assert board.count('name="organ"') == 33

    words = {"act": "send_back", "reason": "第三段请写明原因"}
    assert signed_in(july.LEAD).post(page_of("县商务局"), words).status_code == 302
    back = first_page("swj.gu")
    assert "退回修改的半年报告" in back
    assert "退回：第三段请写明原因" in back
    assert "县商务局：2026年上半年" not in first_page(july.LEAD)


def test_the_second_of_two_writers_is_told_and_loses_nothing(county: None) -> None:
    clerk, reviewer, url = signed_in(july.CLERK), signed_in(july.REVIEWER), page_of("县市场监管局")
    first = {"overview": "先写的这一段", "seen.overview": mark(""), "act": "save"}
    assert clerk.post(url, first).status_code == 302
    second = reviewer.post(
        url,
        {
            "overview": "后写的这一段",
            "seen.overview": mark(""),
            "next": "后写的打算",
            "seen.next": mark(""),
            "act": "save",
        },
    )
    text = second.content.decode()
    assert second.status_code == 422
    assert "“基本情况”刚才由 林晓禾" in text
    assert july.CLERK not in text
    assert "先写的这一段" in text
    assert "后写的这一段</textarea>" in text
    found = report(july.organ("县市场监管局").id, july.H1, as_of=july.TODAY)
    assert found is not None
    assert found.draft is not None
    assert found.draft.words == {"overview": "先写的这一段", "next": "后写的打算"}


def test_several_are_chased_in_one_action(county: None) -> None:
    lead = signed_in(july.LEAD)
    four = [july.organ(name).id for name in ("县市场监管局", "县住建局", "县审计局", "县民政局")]
    url = "/desk/reports/2026-H1/remind/"
    nothing = lead.post(url, {"words": "请今天报送"})
    assert (nothing.status_code, "没有选单位" in nothing.content.decode()) == (422, True)
    done = lead.post(url, {"organ": [*four, july.organ("县商务局").id], "words": "请今天报送"}, follow=True)
    assert "已催报 4 个单位。另有 1 个" in done.content.decode()
    assert ledger.facts().filter(kind="reminder").count() == 4


def test_the_lead_office_returns_one_and_accepts_another(county: None) -> None:
    lead = signed_in(july.LEAD)
    assert "与台账不一致的 1 处" in lead.get(page_of(july.WRONG)).content.decode()
    assert lead.post(page_of(july.WRONG), {"act": "send_back", "reason": "公示率请与台账核对"}).status_code == 302
    assert lead.post(page_of("县商务局"), {"act": "accept", "reason": ""}).status_code == 302
    assert (state_of(july.WRONG), state_of("县商务局")) == (State.RETURNED, State.ACCEPTED)
    clerk = signed_in("swj.gu")
    assert "信用办收下" in clerk.get(page_of("县商务局")).content.decode()


def test_the_duty_to_report_leads_to_the_report_and_shows_no_file_of_the_platform(county: None) -> None:
    found = next(
        one for one in (report(july.organ(name).id, july.H1, as_of=july.TODAY) for name in ("县财政局",)) if one
    )
    page = signed_in(july.LEAD).get(f"/desk/promises/{found.duty.id}/").content.decode()
    assert page_of("县财政局") in page
    assert ".json" not in page
    assert "核实材料" not in page


def test_the_consolidated_report_is_read_taken_away_and_sent(county: None) -> None:
    lead = signed_in(july.LEAD)
    url = "/desk/reports/2026-H1/county/"
    assert lead.get(f"{url[:-1]}.docx?number=青发改〔2026〕18号").content.startswith(b"PK")
    shown = lead.get(f"{url[:-1]}.pdf?show=1")
    assert shown.content.startswith(b"%PDF")
    assert shown.headers["Content-Disposition"].startswith("inline")
    assert lead.post(url, {"number": "十八"}).status_code == 422
    assert lead.post(url, {"number": "青发改〔2026〕18号"}).status_code == 302
    page = lead.get(url).content.decode()
    assert "青发改〔2026〕18号，报青禾县人民政府" in page
    assert lead.get(f"{url}sent.pdf").content.startswith(b"%PDF")
    public = Client().get("/reports/").content.decode()
    assert "青发改〔2026〕18号" in public
    assert Client().get("/reports/2026-H1.pdf").content.startswith(b"%PDF")
