"""Cases at the desk: entered, read by who may, carried on by forms drawn from the table, and never seen by whom they are about."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jiannuo.access import queries as traces
from jiannuo.cases.queries import by_number, parts
from jiannuo.kernel import clock
from jiannuo.policy import pack as policy
from tests.faces.promised_office import MARKET, PNG, Day, signed_in, text
from tests.packages.casework import COMPLAINT, opened, stands

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12
SAID = COMPLAINT["content"]


@pytest.fixture
def said(office: None, day: Day) -> str:
    """A complaint about the market office, made on 2 March and looked at on the next day."""
    day("2026-03-03")
    return f"/desk/cases/{opened('complaint', COMPLAINT, on='2026-03-02').case_id}/"


def test_who_handles_it_reads_it_and_each_reading_is_written_down(said: str) -> None:
    page = text(signed_in("lead.l").get(said))
    assert SAID in page
    assert COMPLAINT["name"] not in page
    assert "每次打开都会记下来" in page
    assert [one.username for one in traces.traces(action="cases.read")] == ["lead.l"]


@pytest.mark.parametrize("username", ["clerk.m", "reviewer.m", "head.m", "reviewer.f", "auditor.a"])
def test_nobody_else_does(said: str, username: str) -> None:
    client = signed_in(username)
    for path in (said, f"{said}route/", f"{said}papers/1/0/"):
        answer = client.get(path)
        assert answer.status_code in (403, 404)
        assert SAID not in text(answer)
    if username != "auditor.a":
        assert "诉〔2026〕1号" not in text(client.get("/desk/cases/?tab=open"))
        assert "诉〔2026〕1号" not in text(client.get("/desk/"))


def test_it_is_handed_on_answered_and_the_page_says_whose_turn_it_is(said: str) -> None:
    lead, finance = signed_in("lead.l"), signed_in("reviewer.f")
    assert "等我单位办的案件" in text(lead.get("/desk/"))
    form = text(lead.get(f"{said}route/"))
    token = re.search(r'name="token" value="(\w+)"', form)
    assert token
    given = {"words": "已经受理，转给有关单位核实", "organs": "419926-106", "token": token.group(1)}
    handed_to = re.search(r'<option value="([\d-]+)">县财政局', form)
    assert handed_to
    given["organs"] = handed_to.group(1)
    for _ in range(2):
        assert lead.post(f"{said}route/", given)["Location"] == said
    assert text(lead.get(said)).count("受理并转办") >= 1
    assert "现在等谁" in text(lead.get(said))
    assert "等我单位办的案件" in text(finance.get("/desk/"))
    files = {"words": "到现场查看过，已经开工，月底完成", "papers": [SimpleUploadedFile("现场.png", PNG)]}
    assert finance.post(f"{said}answer/", files)["Location"] == said
    page = text(finance.get(said))
    assert "已答复，等您评价" in page
    paper = re.search(r'href="(/desk/cases/\d+/papers/\d+/0/)"', page)
    assert paper
    assert finance.get(paper.group(1)).content == PNG
    assert [one.username for one in traces.traces(action="evidence.read")] == ["reviewer.f"]


WRONG = [
    ("no words", {"words": "", "organs": "县财政局"}, "给提出人的受理告知没有写清楚"),
    ("no organ", {"words": "已经受理，转给有关单位核实"}, "没有选交给哪个单位"),
    ("the accused", {"words": "已经受理，转给有关单位核实", "organs": MARKET}, "不能交给被反映的单位自己办"),
]


@pytest.mark.parametrize("given, words", [case[1:] for case in WRONG], ids=[case[0] for case in WRONG])
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(said: str, given: dict[str, str], words: str) -> None:
    answer = signed_in("lead.l").post(f"{said}route/", given)
    assert answer.status_code == 422
    assert words in text(answer)
    assert given["words"] in text(answer)


def test_a_complaint_by_telephone_is_entered_and_its_code_shown_once(office: None, day: Day) -> None:
    day("2026-03-03")
    lead = signed_in("lead.l")
    page = text(lead.get("/desk/cases/new/complaint/"))
    token = re.search(r'name="token" value="(\w+)"', page)
    assert token
    answer = lead.post("/desk/cases/new/complaint/", {**COMPLAINT, "token": token.group(1)})
    code = re.search(r"[A-Z2-7]{4}(-[A-Z2-7]{4}){3}", text(answer))
    assert code
    card = by_number("诉〔2026〕1号", as_of=clock.today())
    assert card is not None
    assert code.group(0) not in text(lead.get(f"/desk/cases/{card.id}/"))
    wrong = lead.post("/desk/cases/new/complaint/", {**COMPLAINT, "category": "别的", "token": "t"})
    assert wrong.status_code == 422
    assert SAID in text(wrong)


def test_every_procedure_is_drawn_and_listed(office: None) -> None:
    client = signed_in("clerk.m")
    page = text(client.get("/desk/cases/procedures/"))
    for path in set(re.findall(r'href="(/desk/cases/procedures/[\w-]+/)"', page)):
        shown = text(client.get(path))
        assert "<svg" in shown
        flow = policy.current().flows[path.rstrip("/").rpartition("/")[2]]
        for number, step in enumerate(flow.steps, 1):
            assert f"{number}. {step.title}" in shown
        for state in flow.states.values():
            assert state.title[:13] in shown


@pytest.mark.parametrize(
    "path", ["/desk/cases/", "/desk/cases/?tab=open&flow=complaint", "said", "said/route/", "/desk/"]
)
def test_pages_ask_the_database_little(said: str, path: str) -> None:
    for number in range(6):
        opened("complaint", COMPLAINT, on="2026-03-02", token=f"more-{number}")
    client = signed_in("lead.l")
    client.get("/desk/cases/")
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path.replace("said/", said).replace("said", said)).status_code == 200
    several = [one["sql"][:120] for one in asked if "duties_heartbeat" not in one["sql"]]
    assert len(several) <= MOST_QUERIES, several


def test_who_handles_it_is_shown_who_opened_it_once_two_people_agreed(said: str) -> None:
    lead, finance, accused = signed_in("lead.l"), signed_in("reviewer.f"), signed_in("reviewer.m")
    case_id = int(said.strip("/").rpartition("/")[2])
    finance_code = re.search(r'<option value="([\d-]+)">县财政局', text(lead.get(f"{said}route/")))
    assert finance_code
    lead.post(f"{said}route/", {"words": "已经受理，转给有关单位核实", "organs": finance_code[1]})
    assert "提出人是谁" in text(finance.get(said))
    assert COMPLAINT["name"] not in text(finance.get(f"{said}reporter/"))
    assert f"{said}ask_name/" in text(finance.get(f"{said}reporter/"))
    assert "还没有批准您看" in text(finance.post(f"{said}reporter/"))
    finance.post(f"{said}ask_name/", {"words": "要当面核对欠款的金额，只用来联系他"})
    assert "您的申请还在等批准" in text(finance.get(f"{said}reporter/"))
    request = parts(stands(case_id, "2026-03-03"), as_of=clock.today())[0]
    assert accused.get(f"/desk/cases/{request.id}/").status_code == 403
    lead.post(f"/desk/cases/{request.id}/agree/", {"words": "欠款要当面核对，同意看一次"})
    assert "已经批准您看一次" in text(finance.get(f"{said}reporter/"))
    shown = finance.post(f"{said}reporter/")
    assert COMPLAINT["name"] in text(shown)
    assert COMPLAINT["contact"] in text(shown)
    assert "no-store" in shown["Cache-Control"]
    assert COMPLAINT["name"] not in text(finance.post(f"{said}reporter/"))
    assert [one.username for one in traces.traces(action="reporter.read")] == ["reviewer.f"]
    assert accused.get(f"{said}reporter/").status_code == 403
