"""Major decisions on the portal: who may still say something, what became of what was said, and that nobody's name is there."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jiannuo.cases import queries, tick
from jiannuo.cases.actions import Opened
from jiannuo.ledger import queries as ledger
from jiannuo.ledger.queries import EntryCard
from tests.faces.promised_county import HERE, Promises
from tests.faces.test_portal_complaints import code_of, followed, token_in
from tests.faces.test_portal_pages import MOST, text_of
from tests.packages.casework import stands
from tests.packages.deciding import ANSWER, OPINION, County, answered, county, done, drafted, prepared, said
from tests.packages.promising import at, carried

pytestmark = pytest.mark.django_db


@pytest.fixture
def portal(db: None) -> Promises:
    return Promises()


@pytest.fixture
def people(portal: Promises) -> County:
    return county(portal.organ)


@pytest.fixture
def running(people: County) -> int:
    """A draft made public on 10 November, open to opinions on the day of the tests."""
    case_id = drafted(people, "2026-11-09").case_id
    done(people, case_id, "announce", "2026-11-10")
    return case_id


def page_of(case_id: int) -> str:
    return f"/decisions/{stands(case_id, '2026-11-23').opening.identity.hex()}/"


def sent(portal: Promises, case_id: int, **form: Any) -> Any:
    page = f"{page_of(case_id)}say/"
    token = form.pop("token", None) or token_in(portal.get(page))
    return Client().post(page, {**OPINION, "token": token, **form}, **HERE)  # type: ignore[arg-type]


def resolution() -> EntryCard:
    (found,) = ledger.cards(ledger.facts().filter(kind="decision_resolution"))
    return found


def test_a_draft_is_nowhere_before_it_is_public(portal: Promises, people: County) -> None:
    case_id = drafted(people, "2026-11-09").case_id
    assert "停车收费" not in portal.get("/decisions/")
    portal.get(page_of(case_id), 404)


def test_the_list_begins_with_what_is_open(portal: Promises, people: County, running: int) -> None:
    text = text_of(portal.get("/decisions/"))
    assert text.index("正在听您的意见") < text.index("停车收费") < text.index("还在办的")
    assert "到 2026-12-10 截止" in text


def test_the_page_tells_draft_days_and_gates(portal: Promises, running: int) -> None:
    page = portal.get(page_of(running))
    text = text_of(page)
    assert "到 2026年12月10日 为止，说说您的意见" in text
    places = [
        text.index(name) for name in ("公众参与", "专家论证", "风险评估", "合法性审查", "廉洁性评估", "集体讨论决定")
    ]
    assert places == sorted(places)
    assert "您赞成前三十分钟免费吗？" in text
    (address,) = {part.split('"')[0] for part in page.split('href="') if "/files/" in part.split('"')[0]}
    file = Client().get(address)
    assert (file.status_code, file["Content-Security-Policy"]) == (200, "default-src 'none'; sandbox")
    portal.get(f"{page_of(running)}files/{'0' * 64}/", 404)


def test_anybody_says_something_and_reads_the_answer(portal: Promises, people: County, running: int) -> None:
    form = text_of(portal.get(f"{page_of(running)}say/"))
    assert "您赞成前三十分钟免费吗？" in form
    assert "问卷第3题" not in form
    assert "报名参加听证" not in form
    response = sent(portal, running)
    code = code_of(response)
    text = text_of(portal.get(page_of(running)))
    assert "收到 1 条意见，已答复 0 条" in text
    assert not any(word in text for word in ("老小区", "城关居民甲", "13900000000"))
    (opinion,) = queries.parts(stands(running, "2026-11-23"), as_of=date(2026, 11, 23))
    answered(people, Opened(opinion.id, opinion.number, code), "2026-11-20")
    told = text_of(followed(portal, code).content.decode())
    assert "已答复" in told
    assert "核对过材料，情况属实，按规定办理" in told


WRONG = [
    ("nothing said", dict.fromkeys(("content", "answer_1", "answer_2"), ""), "这几项至少填一项", 422),
    ("no word on the name", {"disclosure": ""}, "怎么对待您的姓名", 422),
    ("a robot", {"website": "http://a"}, "要留空", 422),
    ("another page's token", {"token": "x"}, "表单不完整", 403),
]


@pytest.mark.parametrize("form, words, status", [case[1:] for case in WRONG], ids=[case[0] for case in WRONG])
def test_what_is_not_taken_is_said_and_kept(
    portal: Promises, running: int, form: dict[str, str], words: str, status: int
) -> None:
    head = ledger.head()
    response = sent(portal, running, **form)
    text = response.content.decode()
    assert (response.status_code, words in text_of(text)) == (status, True)
    assert form.get("content", "住老小区的没有地方停") in text
    assert ledger.head() == head


def test_too_many_from_one_address_are_told_when_to_come_again(portal: Promises, running: int) -> None:
    for number in range(10):
        assert sent(portal, running, content=f"第{number}条意见，希望夜间不收费").status_code == 200
    assert sent(portal, running, content="第十一条意见，希望夜间不收费").status_code == 429


def test_results_are_public_only_after_a_second_person_closed_it(portal: Promises, people: County) -> None:
    case_id = drafted(people).case_id
    done(people, case_id, "announce", "2026-03-02")
    opinions = [said(case_id, token=str(number)) for number in range(3)]
    tick.run(as_of=date(2026, 4, 2), now=at("2026-04-02"))
    for one in opinions:
        answered(people, one, "2026-04-03")
    before = text_of(portal.get(page_of(case_id)))
    assert ANSWER["gist"] not in before
    assert "人回答" not in before
    done(people, case_id, "participate", "2026-04-10")
    after = text_of(portal.get(page_of(case_id)))
    assert f"{ANSWER['gist']} 3 条意见" in after
    assert ANSWER["reason"] in after
    assert "3 人回答" in after
    assert "还在办的 还在办的 决策事项" in text_of(portal.get("/decisions/"))
    assert not any(word in after for word in ("城关居民甲", "13900000000", "住老小区的"))
    portal.get(f"{page_of(case_id)}say/", 404)


def test_the_resolution_is_shown_once_it_is_published_and_no_name_ever(portal: Promises, people: County) -> None:
    case_id = prepared(people)
    before = text_of(portal.get(page_of(case_id)))
    assert "青政〔2026〕21号" not in before
    assert "决策文件在公开期限内公布" in before
    carried(at("2026-05-20"))
    portal.release([resolution().id], at=at("2026-05-21"), organ=portal.organ("青禾县发展和改革委员会"))
    page = text_of(portal.get(page_of(case_id)))
    assert "青政〔2026〕21号" in page
    assert "看公开的决策" in page
    assert not any(word in page for word in ("石青山", "柳知秋", "QH-0101", "高工甲", "收费标准偏高"))


@pytest.mark.parametrize("page", ["list", "page", "say"])
def test_pages_ask_little_however_many_opinions(portal: Promises, people: County, running: int, page: str) -> None:
    for number in range(12):
        said(running, on="2026-11-12", token=str(number))
    address = {"list": "/decisions/", "page": page_of(running), "say": f"{page_of(running)}say/"}[page]
    portal.get(address)
    with CaptureQueriesContext(connection) as asked:
        portal.get(address)
    assert len(asked) <= MOST + 1, [query["sql"][:120] for query in asked]
