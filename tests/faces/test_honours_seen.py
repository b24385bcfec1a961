"""Honours as people see them: criteria beside the case, the use of the result asked at the desk, nominees before everybody, opinions."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jiannuo.access import queries as traces
from jiannuo.cases import queries
from jiannuo.kernel import clock
from tests.faces.promised_office import Day, signed_in, text
from tests.packages.casework import stands, taken
from tests.packages.honouring import AWARD, OPINION, announced, applied, awarded, nominated, proven, publicized
from tests.packages.promising import PNG
from tests.packages.recording import Office, Organs, recorded

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12


@pytest.fixture
def people(organs: Organs, office: None) -> Office:
    return Office(organs)


def test_the_criteria_stand_beside_the_application_with_their_facts(people: Office, day: Day) -> None:
    announced(people)
    case_id = applied(people)
    day("2026-03-09")
    page = text(signed_in("lead.l").get(f"/desk/cases/{case_id}/"))
    assert "评选标准" in page
    assert page.count("由评估的人判断") >= 3
    assert "没有这样的记录" in page
    taken(case_id, "evaluate", by=people.one, on="2026-03-09")
    proven(case_id, "nominate", by=people.two, on="2026-03-10")
    recorded(people, on="2026-03-20")
    day("2026-03-24")
    page = text(signed_in("lead.l").get(f"/desk/cases/{case_id}/"))
    assert "没有这样的记录" in page, "as it was when it was decided on"


def awarding(case_id: int) -> dict[str, object]:
    papers = [SimpleUploadedFile("决定.png", PNG.data)]
    return {"words": "公示期满没有异议，决定授予", "token": "a" * 32, "papers": papers, **AWARD}


def test_the_award_asks_for_the_use_of_the_result_and_shows_the_answer(people: Office, day: Day) -> None:
    case_id = publicized(people)
    recorded(people, on="2026-03-20")
    day("2026-03-30")
    answer = signed_in("lead.l").post(f"/desk/cases/{case_id}/award/", awarding(case_id))
    assert answer.status_code == 422
    assert "现在不能授予：不可以" in text(answer)
    assert [one.purpose for one in traces.traces(action="eligibility.ask")] == ["示范申报示〔2026〕1号"]
    assert stands(case_id, "2026-03-30").state.id == "publicized"


def test_the_award_sent_twice_opens_one_honour(people: Office, day: Day) -> None:
    case_id = publicized(people)
    day("2026-03-30")
    for _ in range(2):
        answer = signed_in("lead.l").post(f"/desk/cases/{case_id}/award/", awarding(case_id))
        assert answer["Location"] == f"/desk/cases/{case_id}/"
    assert [one.flow.id for one in queries.parts(stands(case_id, "2026-03-30"), as_of=clock.today())] == ["honour"]


def test_everybody_sees_nominees_and_may_say_something(people: Office, day: Day) -> None:
    nominated(people)
    day("2026-03-12")
    with CaptureQueriesContext(connection) as asked:
        page = text(Client().get("/honours/"))
    assert len(asked) <= MOST_QUERIES, [query["sql"][:100] for query in asked]
    assert "公示中的拟授予名单" in page
    assert "2026-03-17" in page, "the fifth working day"
    sent = said(**OPINION)
    assert "公〔2026〕1号" in text(sent)
    assert not sent.cookies
    opinion = queries.of_flows(["nomination_objection"], as_of=clock.today())[0]
    path = f"/desk/cases/{opinion.id}/"
    assert OPINION["content"] not in text(Client().get("/honours/"))
    assert OPINION["content"] in text(signed_in("lead.l").get(path))
    assert signed_in("reviewer.m").get(path).status_code == 403, "never the organ it is about"


def said(**given: str) -> Any:
    form = text(Client().get("/honours/opinion/?nominee=示〔2026〕1号"))
    token = re.search(r'name="token" value="([^"]+)"', form)
    assert token
    return Client().post(
        "/honours/opinion/", {**given, "token": token.group(1)}, headers={"Sec-Fetch-Site": "same-origin"}
    )


def test_an_opinion_on_nobody_is_refused_with_what_was_typed(people: Office, day: Day) -> None:
    nominated(people)
    day("2026-03-12")
    answer = said(**{**OPINION, "nominee": "示〔2026〕9号"})
    assert answer.status_code == 422
    assert "没有这个编号的示范申报" in text(answer)
    assert OPINION["content"] in text(answer)


def test_the_honour_stands_on_the_page_of_its_organ(people: Office, day: Day) -> None:
    awarded(people)
    day("2026-04-01")
    for path in ("/organs/419926-121/", "/honours/"):
        with CaptureQueriesContext(connection) as asked:
            page = text(Client().get(path))
        assert AWARD["title"] in page
        assert AWARD["document"] in page
        assert len(asked) <= MOST_QUERIES, [query["sql"][:100] for query in asked]
