"""Inspections as people see them: a checklist answered on a phone, the year's numbers on desk and portal, each opening its list."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jiannuo.cases.queries import CaseCard
from jiannuo.ledger import queries as ledger
from tests.faces.promised_office import Day, signed_in, text
from tests.packages.casework import opened, stands, taken
from tests.packages.inspecting import BATCH, ITEMS, PLAN, answered, planned
from tests.packages.promising import PNG
from tests.packages.recording import MARKET, Office, Organs

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12
TOWN = "柳溪镇人民政府"
WRONG = {"J04": "公示栏里写明五月前修好的台阶还没有动工"}


@pytest.fixture
def people(organs: Organs, office: None) -> Office:
    return Office(organs)


@pytest.fixture
def case(people: Office, day: Day) -> CaseCard:
    """One inspection of the market office and one of the town, planned in March and looked at in May."""
    (market, _) = planned(people, MARKET, TOWN)
    day("2026-05-06")
    return market


def form(**answers: str) -> dict[str, Any]:
    given: dict[str, Any] = {f"result_{item}": result for item, result in answers.items()}
    return given | {"token": "t" * 32}


def test_several_items_go_in_one_sending_and_the_same_sending_is_one(case: CaseCard) -> None:
    lead, path = signed_in("lead.l"), f"/desk/cases/{case.id}/check/"
    page = text(lead.get(path))
    assert page.count('class="check"') == len(ITEMS)
    assert page.count('type="radio"') == 3 * len(ITEMS)
    for _ in range(2):
        photo = SimpleUploadedFile("IMG_0001.png", PNG.data)
        given = form(J01="合格", J04="不合格") | {"words_J04": WRONG["J04"], "photo_J04": photo}
        assert lead.post(path, given)["Location"] == path
    assert ledger.facts().filter(kind="check_answer").count() == 2
    assert "已答2项，还有10项" in text(lead.get(path))
    page = text(lead.get(f"/desk/cases/{case.id}/"))
    assert WRONG["J04"] in page
    photo_path = re.search(r'<img src="(/desk/cases/\d+/papers/\d+/0/)"', page)
    assert photo_path
    assert lead.get(photo_path.group(1)).content == PNG.data


def test_what_was_typed_stays_where_something_is_wrong(case: CaseCard) -> None:
    lead, path = signed_in("lead.l"), f"/desk/cases/{case.id}/check/"
    answer = lead.post(path, form(J01="合格", J04="不合格") | {"words_J04": WRONG["J04"]})
    assert answer.status_code == 422
    page = text(answer)
    assert "J04不合格，没有照片" in page
    assert WRONG["J04"] in page
    assert re.search(r'name="result_J01" value="合格" checked', page)
    assert not ledger.facts().filter(kind="check_answer").exists()


ROLES = [
    ("lead.l", 200), ("clerk.m", 200), ("reviewer.m", 200), ("reviewer.f", 200), ("auditor.a", 403),
    ("discipline.d", 200),
]  # fmt: skip


@pytest.mark.parametrize("username, status", ROLES)
def test_who_sees_the_year_at_the_desk(case: CaseCard, people: Office, username: str, status: int) -> None:
    answered(case.id, people.clerk, "2026-05-06", WRONG)
    taken(case.id, "notify", by=people.one, on="2026-05-06")
    client = signed_in(username)
    with CaptureQueriesContext(connection) as asked:
        answer = client.get("/desk/cases/inspections/?year=2026")
    assert answer.status_code == status
    if status == 200:
        assert len(asked) <= MOST_QUERIES, [query["sql"][:100] for query in asked]
        # An organ sees its own; the other's stays with those who see all.
        shown = case.number in text(answer)
        assert shown == (username in ("lead.l", "clerk.m", "reviewer.m"))


@pytest.mark.parametrize("username", ["clerk.m", "reviewer.m", "reviewer.f"])
def test_nobody_else_answers_the_checklist(case: CaseCard, username: str) -> None:
    answer = signed_in(username).post(f"/desk/cases/{case.id}/check/", form(J01="合格"))
    assert answer.status_code in (403, 422)
    assert not ledger.facts().filter(kind="check_answer").exists()


def test_the_result_is_public_with_its_numbers_and_each_opens_its_list(case: CaseCard, people: Office) -> None:
    answered(case.id, people.clerk, "2026-05-06", WRONG)
    taken(case.id, "notify", by=people.one, on="2026-05-06")
    taken(case.id, "explain", by=people.subject, on="2026-05-07")
    taken(case.id, "report", by=people.subject, on="2026-05-20", files=[PNG])
    taken(case.id, "accept", by=people.one, on="2026-05-21", words="到现场看过，台阶已经修好，逐项复核合格")
    assert stands(case.id, "2026-05-21").state.title == "整改后合格"
    with CaptureQueriesContext(connection) as asked:
        page = text(Client().get("/inspections/?year=2026"))
    assert len(asked) <= MOST_QUERIES, [query["sql"][:100] for query in asked]
    assert PLAN["title"] in page
    assert "整改后合格" in page
    assert "台阶已经修好" in page
    assert WRONG["J04"] not in page, "what was seen on the spot is told to the organ, not to everybody"
    leads = re.findall(r'href="(/inspections/\?[^"]+)"', page)
    assert leads
    organ = text(Client().get("/organs/419926-121/"))
    assert "2026年督导检查" in organ
    assert "整改后合格" in organ
    for path, count in (
        ("count=planned", 2),
        ("count=done", 1),
        ("count=mended", 1),
        ("item=J04", 1),
        ("count=waiting", 1),
    ):
        assert any(path in one for one in leads), path
        assert f"共 {count} 个" in text(Client().get(f"/inspections/?year=2026&{path}"))


def test_a_plan_not_announced_is_not_shown(people: Office, day: Day) -> None:

    day("2026-05-06")
    plan = opened("inspection_plan", PLAN, by=people.clerk, on="2026-03-02")
    taken(plan.case_id, "list", by=people.clerk, on="2026-03-02", organs=[MARKET], fields=BATCH)
    page = text(Client().get("/inspections/?year=2026"))
    assert PLAN["title"] not in page
    assert "共 0 个" in page


@pytest.mark.parametrize("path", ["/inspections/?count=x", "/inspections/?item=J99", "/inspections/?year=1800"])
def test_what_is_not_there_is_refused_in_words(case: CaseCard, path: str) -> None:
    answer = Client().get(path)
    assert answer.status_code in (400, 404, 422)
    assert "请从页面" in text(answer)
