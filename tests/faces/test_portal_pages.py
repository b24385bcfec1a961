"""Public pages on a small county: what everybody may read is there, what nobody has released is nowhere, in few questions."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jiannuo.access.rules import Actor
from jiannuo.disclosure import actions as disclosure
from jiannuo.duties import actions as duties
from jiannuo.intake import actions as intake
from jiannuo.kernel import clock
from jiannuo.ledger import queries as ledger
from jiannuo.policy import pack as policy
from jiannuo.subjects import actions as subjects_actions
from jiannuo.subjects import queries as subjects
from tests.packages.kinds import ROWS
from tests.wrong.make_sheets import good

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 10, tzinfo=clock.SHANGHAI)
TODAY = NOW.date()
MOST = 12
"""Questions a page may ask here; outside a transaction one more asks for the ledger's head."""
ASKED = ("social_impact", "summary_possible_2021")
PERSON = "410526199001010015"
ITEM = {
    "item_code": "QL-001",
    "item_name": "食品经营许可",
    "item_type": "行政许可",
    "basis": "《中华人民共和国食品安全法》第三十五条",
    "organ": "青禾县市场监督管理局",
    "duty": "受理、审查、决定、送达",
    "accountability": "对不符合条件的准予许可",
    "promised_limit": "5个工作日",
    "listed_on": "2026/03/01",
}


@dataclass
class County:
    """The made-up county and what its clerks and reviewers do."""

    client: Client = field(default_factory=Client)

    def __post_init__(self) -> None:
        subjects_actions.load_organs(policy.current(), at=NOW - timedelta(days=300))
        self.market = self.organ("青禾县市场监督管理局")

    def organ(self, name: str) -> subjects.OrganCard:
        found = subjects.directory(TODAY).find(name)
        assert found is not None, name
        return found

    def send(
        self, rows: Sequence[Mapping[str, Any]], *, kind: str = "penalty_legal", at: datetime = NOW, **more: Any
    ) -> list[int]:
        before, _ = ledger.head()
        organ_id = more.pop("organ_id", self.market.id)
        batch = intake.receive_rows(rows, kind=kind, organ_id=organ_id, author="clerk", at=at, as_of=at.date(), **more)
        card = intake.process(batch, clock=lambda: at)
        assert card.rejected == 0, card
        duties.follow(opened_at=at)
        return [entry.id for entry in ledger.since(before, kinds=[kind], limit=1000)]

    def release(self, entries: Sequence[int], *, at: datetime = NOW, organ: subjects.OrganCard | None = None) -> None:
        done = disclosure.release(
            entry_ids=entries, actor=self.person("reviewer", organ), on=at.date(), at=at,
            confirmed=ASKED, basis="上级机关要求公开", reason="核对过案卷",
        )  # fmt: skip
        assert not done.refused, done

    def publish(self, *rows: Mapping[str, Any], **more: Any) -> list[int]:
        entries = self.send(rows, **more)
        self.release(entries, at=more.get("at", NOW))
        return entries

    def person(self, role: str, organ: subjects.OrganCard | None = None) -> Actor:
        own = organ or self.market
        return Actor(None, role, role, own.id, own.short, frozenset({role}), frozenset({own.id}))

    def get(self, path: str, status: int = 200) -> str:
        response = self.client.get(path)
        assert response.status_code == status, (path, response.status_code)
        assert response.cookies == {}, path
        return str(response.content.decode())

    def address(self, entry: int) -> str:
        card = ledger.entry(entry)
        assert card is not None
        return f"/records/{card.identity.hex()}/"


@pytest.fixture
def county(db: None) -> County:
    return County()


def text_of(page: str) -> str:
    """What a reader sees of a page, without marks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


PAGES = [
    "/", "/disclosures/", "/disclosures/?family=penalty&year=2026&month=9&standing=late", "/search/",
    f"/search/?q={quote('晨光')}", "/promises/", "/promises/?standing=broken&organ=419926-121", "/tasks/",
    "/suggestions/", "/litigation/", "/services/", "/services/?organ=419926-121", "/plan/", "/rules/",
    "/rules/due/", "/rules/due/?rule=disclose_decision&from=2026-09-23", "/catalogue/",
    "/catalogue/?state=missing", "/catalogue/?organ=419926-107&area=funds", "/organs/", "/organs/419926-121/",
    "/organs/419926-121/lists/power_item/",
    "/organs/419926-121/lists/duty_item/?before=2026-01-01&after=2026-10-01", "/timeliness/",
    "/timeliness/?standing=broken&organ=419926-121", "/timeliness/?standing=running,due_soon", "/about/",
    "/robots.txt", "/sitemap.xml", "/parties/uscc:91410526MA3X12345D/", "/inspections/",
    "/honours/", "/opinion/",
]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_each_page_answers_without_a_cookie_in_few_questions(county: County, path: str) -> None:
    county.publish(good(CF_WSH="青市监罚决字〔2026〕11号"), good())
    with CaptureQueriesContext(connection) as asked:
        page = county.get(path)
    assert len(asked) <= MOST, [query["sql"][:120] for query in asked]
    if not path.endswith((".txt", ".xml")):
        assert page.count("<h1") == 1
        assert '<meta name="description" content="' in page
        assert "http://" not in page.replace("http://testserver", "").replace("http://www.w3.org", "")


def test_more_records_and_organs_cost_no_more_questions(county: County) -> None:
    def counts() -> dict[str, int]:
        found = {}
        for path in PAGES:
            with CaptureQueriesContext(connection) as asked:
                county.client.get(path)
            found[path] = len(asked)
        return found

    county.publish(good(CF_WSH="青市监罚决字〔2026〕1号"))
    few = counts()
    for number, name in enumerate(("青禾县公安局", "青禾县财政局", "青禾县交通运输局", "青禾县水利局"), 2):
        organ = county.organ(name)
        fields = {"CF_CFJG": organ.name, "CF_CFJGDM": organ.uscc, "CF_SJLY": organ.name, "CF_SJLYDM": organ.uscc}
        rows = [good(**fields, CF_WSH=f"青罚决字〔2026〕{number}{last}号") for last in range(6)]
        county.release(county.send(rows, organ_id=organ.id)[:5], organ=organ)
    many = counts()
    assert {path: (few[path], many[path]) for path in PAGES if many[path] > max(few[path], MOST)} == {}
    assert max(many.values()) <= MOST, many


@pytest.mark.parametrize("path", [path for path in PAGES if "uscc" not in path])
def test_what_nobody_released_is_on_no_page(county: County, path: str) -> None:
    county.send([good()])
    page = county.get(path)
    seen = text_of(page).replace("没有找到", "")
    assert "晨光食品" not in seen
    assert "青市监罚决字〔2026〕12号" not in seen


def test_a_record_not_released_has_no_page(county: County) -> None:
    (entry,) = county.send([good()])
    for path in (county.address(entry), f"/records/{entry}/", "/parties/uscc:91410526MA3X12345D/"):
        page = county.get(path, status=404)
        assert "晨光" not in page
        assert "怎么办" in page


def test_a_record_says_what_from_where_and_why_this_day(county: County) -> None:
    (entry,) = county.publish(good())
    page = text_of(county.get(county.address(entry)))
    card = ledger.entry(entry)
    assert card is not None
    for words in (
        "青禾县晨光食品有限公司", "青市监罚决字〔2026〕12号", "罚款2000元。", "2026年9月14日", "作出行政决定之日",
        "二(二)-4", "迟报", "公示", card.digest, card.rule,
    ):  # fmt: skip
        assert words in page, words


def test_a_corrected_record_shows_both_versions_and_a_past_day_the_first(county: County) -> None:
    march = NOW - timedelta(days=40)
    (before,) = county.publish(good(), at=march)
    county.publish(good(CF_NR="罚款5000元。", CF_NR_FK="0.5"), corrects=True, reason="金额录入有误")
    address = county.address(before)
    now, then = text_of(county.get(address)), text_of(county.get(f"{address}?as_of=2026-10-20"))
    assert "罚款5000元。" in now
    assert "金额录入有误" in now
    assert "处罚内容由“罚款2000元。”改为“罚款5000元。”" in now
    assert "罚款2000元。" in then
    assert "罚款5000元。" not in then
    assert "这是过去某一天的样子" in then
    assert "没有公示" in text_of(county.get(f"{address}?as_of=2026-09-01", status=404))
    for wrong in ("2026-12-01", "昨天"):
        assert "怎么办" in county.get(f"{address}?as_of={quote(wrong)}", status=400)


def test_a_correction_not_released_is_not_shown(county: County) -> None:
    (before,) = county.publish(good(), at=NOW - timedelta(days=40))
    county.send([good(CF_NR="罚款5000元。", CF_NR_FK="0.5")], corrects=True, reason="金额录入有误")
    page = text_of(county.get(county.address(before)))
    assert "罚款2000元。" in page
    assert "5000" not in page
    assert "金额录入有误" not in page


def test_a_withdrawn_record_says_why_and_nothing_else(county: County) -> None:
    (entry,) = county.publish(good(), at=NOW - timedelta(days=5))
    disclosure.withdraw(
        entry_id=entry, reason="原处罚决定已被撤销", law="行政处罚法第四十八条", actor=county.person("reviewer"), on=TODAY, at=NOW
    )  # fmt: skip
    assert "没有公示" in county.get(f"{county.address(entry)}?as_of=2026-11-01", status=404)
    for path in (county.address(entry), f"{county.address(entry)}?as_of=2026-11-20"):
        page = text_of(county.get(path))
        assert "晨光" not in page
        assert "青市监罚决字" not in page
    now = text_of(county.get(county.address(entry)))
    assert "这条公示已经撤下" in now
    assert "原处罚决定已被撤销" in now
    assert "行政处罚法第四十八条" in now


def test_a_natural_person_is_masked_and_has_no_page(county: County) -> None:
    row = good(
        CF_XDR_MC="欧阳晓晓", CF_XDR_LB="自然人", CF_XDR_SHXYM="", CF_FRDB="", CF_XDR_ZJLX="身份证", CF_XDR_ZJHM=PERSON
    )
    (entry,) = county.publish(row, kind="penalty_natural")
    card = ledger.entry(entry)
    assert card is not None
    pages = [county.get(path) for path in (county.address(entry), "/", "/disclosures/", "/search/?q=1234")]
    assert all("晓晓" not in page and PERSON not in page and card.about not in page for page in pages)
    assert "依法不汇总" in county.get(f"/parties/{card.about}/", status=404)


@pytest.mark.parametrize(
    "path, words",
    [
        pytest.param(f"/search/?q={quote('晨')}", "请写两个字以上", id="one character"),
        pytest.param("/disclosures/?kind=nothing", "请从页面的类别中选择", id="unknown kind"),
        pytest.param("/disclosures/?month=3", "选月份先选年份", id="month without a year"),
        pytest.param(f"/disclosures/?organ={quote('县太空局')}", "没有找到“县太空局”", id="unknown organ"),
        pytest.param("/timeliness/?standing=asleep", "没有“asleep”这种状态", id="unknown standing"),
        pytest.param("/timeliness/?first=2026-05-01&last=2026-01-01", "起始日晚于截止日", id="period turned round"),
        pytest.param("/timeliness/?after=x", "回到第一页", id="broken paging"),
        pytest.param("/catalogue/?area=moon", "请从页面的选项中选择", id="unknown area"),
        pytest.param("/rules/due/?rule=nothing&from=2026-01-05", "没有“nothing”这个时限", id="unknown rule"),
        pytest.param("/rules/due/?from=5月", "请写成 2026-09-03 这样", id="no day"),
        pytest.param("/organs/419926-121/lists/power_item/?after=2030-01-01", "今天或者以前", id="a day to come"),
        pytest.param("/disclosures/export.pdf", "可以导出为 csv 或者 xlsx", id="unknown form"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(county: County, path: str, words: str) -> None:
    assert words in text_of(county.get(path, status=400))


@pytest.mark.parametrize(
    "path",
    [
        "/organs/000/",
        "/promises/zz/",
        "/promises/00000000000000000000000000000000/",
        "/a/x/",
        "/organs/419926-121/lists/penalty_legal/",
        "/records/zz/",
        "/none/",
    ],
)
def test_what_is_not_there_is_said_in_words(county: County, path: str) -> None:
    assert "没有" in text_of(county.get(path, status=404))


def test_public_pages_only_answer_reading(county: County) -> None:
    assert county.client.post("/").status_code == 405


@pytest.mark.parametrize(
    "question", ["晨光", "晨光 超过", "91410526ma3x12345d", "青市监罚决字(2026)12号", "〔2026〕12", "销售超过"]
)
def test_a_record_is_found_however_it_is_asked_for(county: County, question: str) -> None:
    county.publish(good())
    page = text_of(county.get(f"/search/?q={quote(question)}"))
    assert "青禾县晨光食品有限公司" in page


def test_an_organ_is_found_by_any_of_its_names(county: County) -> None:
    assert "/organs/419926-121/" in county.get(f"/search/?q={quote('市场监管')}")
    assert "青禾县市场监督管理局" in county.get(f"/organs/{quote('县市场监管局')}/")


def test_the_export_holds_the_filtered_rows_and_starts_no_formula(county: County) -> None:
    county.publish(good(CF_WFXW="=1+1", CF_WSH="青市监罚决字〔2026〕11号"), good())
    response = county.client.get("/disclosures/export.csv?kind=penalty_legal&organ=419926-121")
    assert response.cookies == {}
    data = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert [row["文号"] for row in rows] == ["青市监罚决字〔2026〕12号", "青市监罚决字〔2026〕11号"]
    assert rows[1]["事项"] == "'=1+1"
    assert rows[0]["记录地址"].startswith("http://testserver/records/")
    assert rows[0]["处罚内容"] == "罚款2000元。"
    book = openpyxl.load_workbook(io.BytesIO(county.client.get("/disclosures/export.xlsx").content))
    sheet = book.worksheets[0]
    assert [sheet.cell(3, column).data_type for column in range(1, 4)] == ["s", "s", "s"]
    assert sheet.cell(3, 2).value == "=1+1"
    asked = county.client.get(f"/disclosures/export.csv?q={quote('销售超过')}")
    (found,) = csv.DictReader(io.StringIO(b"".join(asked.streaming_content).decode("utf-8-sig")))  # type: ignore[attr-defined]
    assert found["文号"] == "青市监罚决字〔2026〕12号"
    late = county.client.get("/disclosures/export.csv?standing=on_time")
    assert len(b"".join(late.streaming_content).decode().splitlines()) == 1  # type: ignore[attr-defined]


def test_a_list_shows_its_versions_and_what_changed_between_two_days(county: County) -> None:
    then = NOW - timedelta(days=90)
    county.publish(ITEM, ITEM | {"item_code": "QL-002", "item_name": "药品经营许可"}, kind="power_item", at=then)
    second = {"listed_on": "2026/11/01"}
    rows = [
        ITEM | second | {"promised_limit": "3个工作日"},
        ITEM | second | {"item_code": "QL-003", "item_name": "食品小作坊登记"},
    ]
    county.publish(*rows, kind="power_item")
    here = "/organs/419926-121/lists/power_item/"
    now, before = text_of(county.get(here)), text_of(county.get(f"{here}?after=2026-09-30"))
    assert "食品小作坊登记" in now
    assert "药品经营许可" not in now
    assert "药品经营许可" in before
    assert "食品小作坊登记" not in before
    both = text_of(county.get(f"{here}?before=2026-09-30&after=2026-11-23"))
    assert "新增 1" in both
    assert "取消 1" in both
    assert "变更 1" in both
    assert re.search(r"承诺时限 5个工作日 → 3个工作日", both)


def test_every_number_of_an_organ_leads_to_as_many_records(county: County) -> None:
    rows = [good(CF_WSH=f"青市监罚决字〔2026〕{number}号", CF_JDRQ="2026/11/18") for number in range(1, 4)]
    county.publish(*rows)
    county.publish(good(CF_WSH="青市监罚决字〔2026〕9号"))
    county.send([good(CF_WSH="青市监罚决字〔2026〕10号", CF_JDRQ="2026/11/02")])
    page = county.get("/organs/")
    links = re.findall(r'href="(/timeliness/\?[^"]*419926-121[^"]*)">([\d,]+)<', page)
    assert len(links) >= 3
    for url, count in links:
        listed = county.get(url.replace("&amp;", "&"))
        assert f"共 {count} 条" in text_of(listed), url
    assert "尚未公示" in county.get("/timeliness/?standing=broken")


def test_each_sentence_of_the_document_bears_its_mark(county: County) -> None:
    county.publish(good())
    page = county.get("/plan/")
    for clause in policy.current().clauses:
        if clause.style == "table":
            continue
        if clause.nature != "form":
            assert f'<div class="clause clause--{clause.nature}" id="{clause.id}">' in page, clause.id
        assert clause.text in page, clause.id
    deadline = page.split('id="二(二)-4"')[1].split('class="clause ')[0]
    assert "及时率 0.00%" in deadline
    assert 'href="/rules/#disclose_decision"' in deadline
    waiting = page.split('id="四(四)-1"')[1].split('class="clause ')[0]
    assert "尚未启用" in waiting
    assert all(task.title in page for task in policy.current().tasks)


@pytest.mark.row("C1")
def test_a_sentence_shows_how_what_it_asks_for_stands(county: County, django_assert_max_num_queries: Any) -> None:
    made = datetime(2026, 3, 2, 10, tzinfo=clock.SHANGHAI)
    county.send([ROWS["commitment"][1]], kind="commitment", at=made)
    with django_assert_max_num_queries(12):
        page = county.get("/plan/")
    promised = page.split('id="二(三)-1"')[1].split('class="clause ')[0]
    assert "超期未办 1" in text_of(promised)
    assert "按期 0，逾期办结 0，超期未办 1，进行中 0" in promised
    suggestions = page.split('id="三(二)-1"')[1].split('class="clause ')[0]
    assert "尚无登记" in suggestions


def test_the_calculator_explains_a_day_like_the_command_does(county: County) -> None:
    page = text_of(county.get("/rules/due/?rule=disclose_decision&from=2026-09-23"))
    assert "最迟 2026年10月10日" in page
    assert "国庆节假期" in page
    assert "方案原文" in page
