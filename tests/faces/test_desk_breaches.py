"""A breach at the desk of the body that verifies it: what is owed by the day, the agreement part by part, and the forms of its steps."""

from collections.abc import Callable
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jiannuo.cases import queries
from jiannuo.subjects.rules import OrganCard
from tests.faces.promised_office import PNG, Day, signed_in, text
from tests.packages import promising
from tests.packages.breaching import AGREEMENT, CLAIM, INSTALMENT, INSTRUMENT, SUPERIOR, Bodies, lodged
from tests.packages.casework import stands, taken

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12
Organs = Callable[[str], OrganCard]


@pytest.fixture
def path(office: None, day: Day, organs: Organs) -> str:
    """What a firm says of the government's own office, verified by the lead office and agreed upon, on 2 July."""
    bodies = Bodies(organs)
    case = lodged(against=SUPERIOR).case_id
    taken(case, "urge", by=bodies.lead, on="2026-05-20", files=[promising.PNG])
    taken(case, "conclude", by=bodies.lead, on="2026-06-01", files=[promising.PNG], fields=AGREEMENT)
    taken(case, "instalment", by=bodies.lead, on="2026-06-01", fields=INSTALMENT, words="")
    day("2026-07-02")
    return f"/desk/cases/{case}/"


def test_the_page_says_what_is_owed_by_the_day_and_what_of_each_part(path: str) -> None:
    page = text(signed_in("lead.l").get(path))
    for words in (CLAIM["firm"], "逾期", "92 天", "4,600.00", "支付第1期货款", "逾期2天", "利息40.00元"):
        assert words in page
    assert "封存的内容不要转告" in page


def test_the_promise_page_says_it_too_and_who_confirms_it(path: str) -> None:
    case = stands(int(path.strip("/").rpartition("/")[2]), "2026-07-02")
    (one,) = queries.promised(queries.steps(case), as_of=date(2026, 7, 2))
    page = text(signed_in("lead.l").get(f"/desk/promises/{one.duty.id}/"))
    assert "收款、受益的企业" in page
    assert "利息40.00元" in page
    assert "变更期限" not in page


def test_a_finding_is_opened_by_the_form_of_its_step(path: str) -> None:
    client = signed_in("lead.l")
    form = text(client.get(f"{path}confirm_overdue/"))
    assert "依据的文书文号" in form
    assert 'name="source"' not in form, "the table says 违约失信 itself"
    assert 'name="organ"' not in form, "the case says of whom"
    given = {**INSTRUMENT, "words": "第一期到期没有支付，机构调整不能作为理由", "token": "t"}
    refused = client.post(f"{path}confirm_overdue/", given)
    assert refused.status_code == 422
    assert "没有附材料" in text(refused)
    done = client.post(f"{path}confirm_overdue/", {**given, "papers": SimpleUploadedFile("结论.png", PNG)})
    assert done.status_code == 302
    page = text(client.get(path))
    assert "失信认定 认〔2026〕1号" in page
    assert "认定违约失信" in page


def test_the_procedure_says_where_a_step_is_there_and_what_it_opens(office: None) -> None:
    client = signed_in("lead.l")
    complaint = text(client.get("/desk/cases/procedures/complaint/"))
    assert "（只用于合同协议没有履行、拖欠账款）" in complaint
    assert "办出违约协调" in complaint
    breach = text(client.get("/desk/cases/procedures/breach/"))
    assert "办出失信认定" in breach
    assert "由它办出来的、协议里约定的都办结了" in breach


@pytest.mark.parametrize("step", ["", "say/", "confirm_overdue/", "instalment/"])
def test_its_pages_ask_the_database_little(path: str, step: str) -> None:
    client = signed_in("lead.l")
    client.get("/desk/cases/")
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path + step).status_code == 200
    several = [one["sql"][:140] for one in asked if "duties_heartbeat" not in one["sql"]]
    assert len(several) <= MOST_QUERIES, several
