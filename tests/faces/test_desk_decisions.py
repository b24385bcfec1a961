"""Major decisions at the desk: opinions answered many at once or not at all, and everybody who took part, for a purpose that is kept."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jiannuo.access import actions as access_actions
from jiannuo.access import queries as traces
from jiannuo.access.rules import INSTALLER
from jiannuo.cases import queries
from jiannuo.kernel import clock
from tests.faces.promised_county import Promises
from tests.faces.promised_office import Day, signed_in, text
from tests.faces.september import PASSWORD
from tests.packages.casework import stands
from tests.packages.deciding import ANSWER, DRAFTER, GOVERNMENT, LEGAL, County, county, done, drafted, prepared, said
from tests.packages.filing import PERSONNEL

pytestmark = pytest.mark.django_db

MOST_QUERIES = 12
ACCOUNTS = (
    ("drafter.z", DRAFTER, "clerk"),
    ("chief.z", DRAFTER, "head"),
    ("legal.s", LEGAL, "reviewer"),
    ("office.g", GOVERNMENT, "reviewer"),
    ("personnel.p", PERSONNEL, "personnel"),
    ("discipline.j", "青禾县监察委员会", "discipline"),
    ("lead.l", "青禾县发展和改革委员会", "lead"),
    ("auditor.a", "青禾县审计局", "auditor"),
    ("head.f", "青禾县财政局", "head"),
)
SAID = "住老小区的没有地方停"


@pytest.fixture
def people(db: None, day: Day) -> County:
    day("2026-11-23")
    portal = Promises()
    for username, organ, role in ACCOUNTS:
        made = {"username": username, "name": username, "organ_id": portal.organ(organ).id, "password": PASSWORD}
        user_id, _ = access_actions.create_account(by=INSTALLER, at=clock.now(), **made)  # type: ignore[arg-type]
        access_actions.grant(by=INSTALLER, user_id=user_id, role=role, on=date(2026, 1, 5), at=clock.now())
    return county(portal.organ)


@pytest.fixture
def running(people: County) -> int:
    """A draft open to opinions, on which three were sent."""
    case_id = drafted(people, "2026-11-09").case_id
    done(people, case_id, "announce", "2026-11-10")
    for number in range(3):
        said(case_id, on="2026-11-12", token=str(number))
    return case_id


def opinions(case_id: int) -> list[queries.CaseCard]:
    return queries.parts(stands(case_id, "2026-11-23"), as_of=date(2026, 11, 23))


def test_several_that_say_the_same_are_answered_at_once(running: int) -> None:
    page, client = f"/desk/cases/{running}/opinions/", signed_in("drafter.z")
    form = text(client.get(page))
    assert form.count(SAID) == 3
    assert "城关居民甲" not in form
    first, second, third = opinions(running)
    form_data = {**ANSWER, "words": "已经采纳，改为夜间免费", "opinions": [first.id, second.id], "token": "one"}
    assert client.post(page, form_data)["Location"] == page
    assert [one.state.id for one in opinions(running)] == ["answered", "answered", "received"]
    assert text(client.get(page)).count(SAID) == 1
    assert third.state.id == "received"


WRONG = [
    ("none ticked", {"opinions": []}, "没有选要答复的意见"),
    ("one answered already", {"opinions": ["999999"]}, "选的意见里有已经答复的"),
    ("no reason", {"reason": ""}, "怎样采纳、为什么不采纳"),
    ("no words to who said it", {"words": ""}, "给提意见的人的答复没有写清楚"),
    ("a telephone number in the gist", {"gist": "13900000000的住户说夜间不应收费"}, "会向社会公开，其中有"),
]


@pytest.mark.parametrize("form, words", [case[1:] for case in WRONG], ids=[case[0] for case in WRONG])
def test_all_or_none(running: int, form: dict[str, object], words: str) -> None:
    page, ids = f"/desk/cases/{running}/opinions/", [one.id for one in opinions(running)]
    given = {**ANSWER, "words": "已经采纳，改为夜间免费", "opinions": ids, "token": "one", **form}
    response = signed_in("drafter.z").post(page, given)
    assert (response.status_code, words in text(response)) == (422, True)
    assert {one.state.id for one in opinions(running)} == {"received"}


OPINIONS = {"drafter.z", "chief.z"}
PEOPLE = {"chief.z", "personnel.p", "discipline.j"}


@pytest.mark.parametrize("page, let_in", [("opinions", OPINIONS), ("people", PEOPLE)])
def test_who_may(running: int, page: str, let_in: set[str]) -> None:
    found = {
        name for name, _, _ in ACCOUNTS if signed_in(name).get(f"/desk/cases/{running}/{page}/").status_code == 200
    }
    assert found == let_in


def test_from_the_decision_to_everybody_for_a_purpose(people: County) -> None:
    case_id = prepared(people)
    page, client = f"/desk/cases/{case_id}/people/", signed_in("discipline.j")
    assert "QH-0102" not in text(client.get(page))
    assert client.post(page, {"purpose": ""}).status_code == 422
    shown = text(client.post(page, {"purpose": "责任倒查：停车收费投诉集中"}))
    assert all(word in shown for word in ("石青山", "柳知秋", "副县长", "不同意", "收费标准偏高", "集体讨论决定"))
    (trace,) = traces.traces(action="decisions.people")
    assert (trace.username, trace.purpose) == ("discipline.j", "责任倒查：停车收费投诉集中")


def test_from_an_official_back_to_the_decisions(people: County) -> None:
    prepared(people)
    client = signed_in("discipline.j")
    page = reverse("desk:file_official", args=["QH-0102"])
    shown = text(client.post(page, {"purpose": "责任倒查：停车收费投诉集中"}))
    assert "参与的重大决策" in shown
    assert all(word in shown for word in ("决〔2026〕1号", "停车收费办法", "副县长", "不同意", "法制科科长"))
    head = signed_in("lead.l").post(page, {"purpose": "责任倒查：停车收费投诉集中"})
    assert "副县长" not in text(head)


def test_the_form_of_a_gate_asks_for_everybody(people: County) -> None:
    case_id = prepared(people, "participate")
    client = signed_in("drafter.z")
    form = text(client.get(f"/desk/cases/{case_id}/argue/"))
    assert "参与决策的人" in form
    assert "依次写：公务员编号，当时的职务，做什么（主持、经办" in form
    response = client.post(
        f"/desk/cases/{case_id}/argue/", {"lines": "QH-9999，科长，论证，同意", "words": "论证过了，可行"}
    )
    assert response.status_code == 422
    assert "QH-9999，科长，论证，同意" in text(response)


@pytest.mark.parametrize("page", ["", "opinions/", "announce/"])
def test_pages_ask_little(running: int, people: County, page: str) -> None:
    for number in range(10):
        said(running, on="2026-11-13", token=f"more-{number}")
    case_id = running if page != "announce/" else drafted(people, "2026-11-20", token="second").case_id
    client = signed_in("drafter.z")
    client.get(f"/desk/cases/{case_id}/{page}")
    with CaptureQueriesContext(connection) as asked:
        assert client.get(f"/desk/cases/{case_id}/{page}").status_code == 200
    several = [one["sql"][:120] for one in asked if "duties_heartbeat" not in one["sql"]]
    assert len(several) <= MOST_QUERIES, several


def test_the_reporter_of_an_opinion_is_asked_for_as_of_a_complaint(running: int) -> None:
    first = opinions(running)[0]
    client = signed_in("drafter.z")
    assert "先申请" in text(client.get(f"/desk/cases/{first.id}/reporter/"))
