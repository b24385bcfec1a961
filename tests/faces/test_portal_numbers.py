"""The pages of figures: every number equals the list it leads to, nothing unreleased is counted or named, in few questions."""

import html
import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jiannuo.assessment import tick
from jiannuo.disclosure import actions as disclosure
from jiannuo.duties import actions as duties
from jiannuo.duties.queries.promises import promises
from jiannuo.subjects import queries as subjects
from tests.faces.test_portal_pages import NOW, County, text_of
from tests.packages.promising import PNG, at, carried, person
from tests.packages.test_services_counted import CASES
from tests.packages.test_supervised_figures import ASKED, SUIT

pytestmark = pytest.mark.django_db

MOST = 11
"""Questions a page may ask here; outside a transaction one more asks for the ledger's head."""
ITEM = {
    "item_code": "A01", "item_name": "食品经营许可", "item_type": "行政许可", "status": "实施", "basis": "食品安全法第三十五条",
    "statutory_days": "20", "promised_days": "5", "papers": "4", "papers_cut": "3", "proofs_cancelled": "无房证明;收入证明",
    "channels": "网上;大厅", "trips": "0", "fee": "不收费", "listed_on": "2026-03-01", "organ": "青禾县市场监督管理局",
}  # fmt: skip
ITEMS = (ITEM, {**ITEM, "item_code": "A02", "item_name": "广告发布登记", "status": "取消", "status_basis": "国发〔2026〕1号", "papers_cut": "", "proofs_cancelled": ""})  # fmt: skip
PAGES = ("/figures/", "/suggestions/", "/litigation/", "/services/", "/services/?q=%E9%A3%9F%E5%93%81&organ=419926-121",
         "/suggestions/?year=2025", "/litigation/?first=2026-01-01&last=2026-06-30", "/litigation/?count=outcome&value=%E6%92%A4%E9%94%80",
         "/services/?count=permits_cut", "/suggestions/?kind=suggestion&field=%E5%9F%8E%E5%BB%BA%E4%BA%A4%E9%80%9A&result=A%E5%B7%B2%E8%A7%A3%E5%86%B3")  # fmt: skip
TOTAL = re.compile(r"共 ([\d,]+) (?:件|项|条)，")
LEADS = re.compile(
    r'<a [^>]*href="(/(?:suggestions|litigation|services|timeliness)/\?[^"]+)"[^>]*>(.*?)</a>', re.DOTALL
)


@pytest.fixture
def county(db: None) -> County:
    return County()


@pytest.fixture
def filled(county: County) -> County:
    """Two suggestions, one answered, three lawsuits, matters and cases of service; of each something is not released."""
    congress, court = county.organ(ASKED["confirmer"]), county.organ("青禾县人民法院")
    for number in ("第1号", "第2号"):
        county.publish({**ASKED, "number": number}, kind="suggestion", at=at("2026-03-10"), organ_id=congress.id)
    county.send(
        [{**ASKED, "number": "第3号", "title": "没有放行的建议"}],
        kind="suggestion",
        at=at("2026-03-10"),
        organ_id=congress.id,
    )
    _answer(county, congress)
    county.publish(SUIT, kind="court_case", organ_id=court.id)
    county.publish({**SUIT, "number": "（2026）虚26行初2号", **_outcome("撤诉")}, kind="court_case", organ_id=court.id)
    county.send(
        [{**SUIT, "number": "（2026）虚26行初3号", "cause": "没有放行的案由"}], kind="court_case", organ_id=court.id
    )
    county.publish(*ITEMS, kind="service_item")
    county.send(CASES, kind="service_case")
    disclosure.follow(at=NOW)
    tick.run()
    return county


def _outcome(outcome: str) -> dict[str, str]:
    return {"outcome": outcome, **dict.fromkeys(("effective_on", "to_perform", "perform_by", "revealed"), "")}


def _answer(county: County, congress: subjects.OrganCard) -> None:
    carried(at("2026-03-10"))
    card = promises(as_of=date(2026, 3, 10), kinds=["answer_suggestion"]).rows[0]
    duties.submit(
        card.duty.id, done_on=date(2026, 5, 6), words="已新增停车位120个，书面答复并当面沟通", files=[PNG], on=date(2026, 5, 7),
        actor=person(county.market, "clerk"), at=at("2026-05-07"),
        result={"met_on": "2026-04-20", "replied_on": "2026-05-06", "result": "A已解决"},
    )  # fmt: skip
    carried(at("2026-05-07"))
    duties.confirm(
        card.duty.id, reason="到现场看过，车位已经开放", actor=person(congress, "reviewer"), on=date(2026, 5, 12), at=at("2026-05-12")
    )  # fmt: skip
    carried(at("2026-05-12"))


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_there_without_a_cookie_and_asks_few_questions(filled: County, path: str) -> None:
    with CaptureQueriesContext(connection) as questions:
        filled.get(path)
    assert len(questions) <= MOST, [one["sql"][:200] for one in questions]


@pytest.mark.parametrize("path", ["/suggestions/", "/litigation/", "/services/"])
def test_every_number_equals_the_list_it_leads_to(filled: County, path: str) -> None:
    found = LEADS.findall(filled.get(path))
    checked = 0
    for address, inside in found:
        words = text_of(inside).strip()
        number = re.fullmatch(r"(?:[^\d]*? )?([\d,]+)(?: 件|，.*)?", words)
        if number is None or "page=" in address:
            continue
        total = TOTAL.search(text_of(filled.get(html.unescape(address).partition("#")[0])))
        assert total is not None, address
        assert total[1] == number[1], (address, words)
        checked += 1
    assert checked >= 8, [text_of(inside) for _, inside in found]


def test_tiles_lead_to_as_many_as_their_shares_are_taken_of(filled: County) -> None:
    shown = text_of(filled.get("/suggestions/"))
    assert "办复率 50.00% 1 / 2，分母：本期交办的全部建议、提案" in shown
    assert "败诉率 50.00% 1 / 2，分母：全部审结的案件" in text_of(filled.get("/litigation/"))
    assert "按时办结率 50.00% 2 / 4" in text_of(filled.get("/services/"))


def test_the_denominator_has_its_source_and_what_was_assumed(filled: County) -> None:
    shown = text_of(filled.get("/litigation/"))
    assert "行政诉讼法第六十九条" in shown
    assert "待县司法局确认" in shown


@pytest.mark.parametrize("path", [*PAGES, "/suggestions/?count=running", "/litigation/?count=lost"])
def test_nothing_unreleased_is_named_and_no_party_is(filled: County, path: str) -> None:
    shown = filled.get(path)
    for word in ("没有放行", "行初3号", "第3号", SUIT["plaintiff"], "申请人"):
        assert word not in shown, word


def test_of_a_correction_that_waits_the_released_version_is_counted(filled: County) -> None:
    court = filled.organ("青禾县人民法院")
    filled.send(
        [{**SUIT, **_outcome("驳回诉讼请求")}], kind="court_case", organ_id=court.id, corrects=True, reason="更正"
    )
    disclosure.follow(at=NOW)
    assert "败诉率 50.00% 1 / 2" in text_of(filled.get("/litigation/"))


@pytest.mark.parametrize("path", ["/suggestions/", "/litigation/", "/services/", "/figures/"])
def test_without_records_there_is_no_rate_and_no_nought_percent(county: County, path: str) -> None:
    shown = text_of(county.get(path))
    assert "%" not in shown
    assert "不算比率" in shown


@pytest.mark.parametrize(
    "path", ["/suggestions/?count=x", "/litigation/?organ=none", "/services/?year=1800", "/suggestions/?kind=licence_legal",
             "/litigation/?first=2026-02-30&last=2026-03-01", "/suggestions/?result=x", "/litigation/?first=2026-03-01"]
)  # fmt: skip
def test_what_cannot_be_asked_is_refused_in_words(county: County, path: str) -> None:
    assert "请" in text_of(county.get(path, 400))


def test_a_matter_shows_its_three_limits_and_what_was_cut(filled: County) -> None:
    shown = text_of(filled.get("/services/?q=食品"))
    assert "食品经营许可" in shown
    assert "广告发布登记" not in shown
    assert re.search(r"20 5 10\.3 4 50\.00%", shown), shown
    assert "少交 3 件材料；不要无房证明、收入证明" in shown
    assert "取消：国发〔2026〕1号" in text_of(filled.get("/services/?count=permits_cut"))


def test_the_plan_leads_to_the_pages(filled: County) -> None:
    assert "数据" in text_of(filled.get("/plan/"))
