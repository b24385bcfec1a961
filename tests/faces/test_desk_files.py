"""Pages of officials, files, coverage and handovers: who is let in, what they say, and how much they ask of the database."""

import io
import re

import docx
import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jiannuo.access import actions as access_actions
from jiannuo.access import queries as accounts
from jiannuo.access.rules import INSTALLER
from jiannuo.desk import urls
from jiannuo.intake import queries as batches
from jiannuo.kernel import clock
from jiannuo.subjects import queries as subjects
from tests.faces import desk_files, september
from tests.faces.desk_files import DISCIPLINE, HEAD, NEXT, OWN, PERSONNEL, Made
from tests.packages.filing import DIRECTOR

MOST_QUERIES = 12
CLERK, REVIEWER, LEAD = september.CLERK, september.REVIEWER, september.LEAD
READERS = {PERSONNEL, DISCIPLINE, HEAD, LEAD}
PAGES: dict[str, set[str]] = {
    "files/": READERS,
    "files/officials/": READERS,
    "files/officials/?q=石&on=2026-08-31": READERS,
    "files/officials/QH-0101/": READERS,
    "files/officials/QH-0101/file/": READERS,
    "files/officials/new/": {PERSONNEL},
    "files/officials/register/": {PERSONNEL},
    "files/officials/register.xlsx": {PERSONNEL},
    "files/officials/QH-0101/{office}/relieve/": {PERSONNEL},
    "files/officials/QH-0101/{office}/retract/": {PERSONNEL},
    "files/organs/": READERS,
    "files/organs/{organ}/": READERS,
    "files/coverage/": READERS,
    "files/coverage/?organ={organ}": READERS,
    "my-file/": {OWN, NEXT},
    "my-file/cases/": {OWN, NEXT},
    "handovers/": {CLERK, REVIEWER, HEAD, OWN, NEXT},
    "handovers/new/": {CLERK, REVIEWER, HEAD, NEXT},
    "handovers/new/?office=公路科科长": {CLERK, REVIEWER, HEAD, NEXT},
    "handovers/{handover}/": {CLERK, REVIEWER, HEAD, OWN, NEXT, PERSONNEL},
    "handovers/{handover}/list.docx": {CLERK, REVIEWER, HEAD, OWN, NEXT, PERSONNEL},
}
OTHERS = {"zjj.he", "zjj.gao"}
"""Another organ's people: their own handovers are open to them."""
OWN_ORGAN = ("handovers/", "handovers/new/", "handovers/new/?office=公路科科长")
EVERYONE = [person[0] for person in (*september.PEOPLE, *desk_files.PEOPLE)]
WHY = "任前考察核对诚信情况"


@pytest.fixture
def made(db: None, monkeypatch: pytest.MonkeyPatch) -> Made:
    monkeypatch.setenv("JIANNUO_TODAY", september.TODAY.isoformat())
    return desk_files.open_office()


def signed_in(username: str) -> Client:
    client = Client()
    client.post("/desk/login/", {"username": username, "password": september.PASSWORD})
    return client


def real(page: str, made: Made) -> str:
    return "/desk/" + page.format(office=made.office, handover=made.handover, organ=made.organ)


def words(answer: object) -> str:
    return str(answer.content.decode())  # type: ignore[attr-defined]


@pytest.mark.parametrize("page", PAGES)
def test_each_page_lets_in_whom_the_table_lets_in(made: Made, page: str) -> None:
    let_in = {name for name in EVERYONE if signed_in(name).get(real(page, made), follow=True).status_code == 200}
    assert let_in - (OTHERS if page in OWN_ORGAN else set()) == PAGES[page]


@pytest.mark.parametrize("page", PAGES)
def test_no_page_asks_the_database_much(made: Made, page: str) -> None:
    for username in sorted(PAGES[page])[:2]:
        client = signed_in(username)
        client.get(real(page, made), follow=True)
        with CaptureQueriesContext(connection) as queries:
            client.get(real(page, made))
        asked = [query["sql"][:120] for query in queries if "duties_heartbeat" not in query["sql"]]
        assert len(asked) <= MOST_QUERIES, "\n".join(asked)


@pytest.mark.parametrize("page", [page for page in PAGES if not page.endswith((".xlsx", ".docx"))])
def test_each_page_has_one_heading_and_a_title(made: Made, page: str) -> None:
    for username in sorted(PAGES[page]):
        answer = signed_in(username).get(real(page, made), follow=True)
        assert len(re.findall(r"<h1[ >]", words(answer))) == 1
        assert "{{" not in words(answer)
        assert not re.search(r"\bNone\b", re.sub(r"<[^>]*>", "", words(answer)))
        assert "no-store" in answer["Cache-Control"]


def test_every_address_of_files_is_in_the_table() -> None:
    written = {re.sub(r"<[^>]+>", "#", str(one.pattern)) for one in urls.urlpatterns if one.name in desk_files.NAMES}
    seen = {re.sub(r"QH-0101|\{\w+\}|(?<=list\.)docx", "#", page.split("?")[0]) for page in PAGES}
    assert written == seen


def test_a_file_is_opened_for_a_purpose_and_the_official_reads_who_did(made: Made) -> None:
    discipline = signed_in(DISCIPLINE)
    address = "/desk/files/officials/QH-0101/file/"
    assert "廉政谈话" not in words(discipline.get(address))
    refused = discipline.post(address, {"purpose": ""})
    assert refused.status_code == 422
    assert "没有写查阅的目的" in words(refused)
    with CaptureQueriesContext(connection) as queries:
        opened = words(discipline.post(address, {"purpose": WHY}))
    asked = [one["sql"] for one in queries if not re.search("SAVEPOINT|duties_heartbeat", one["sql"])]
    assert len(asked) <= MOST_QUERIES
    assert "廉政谈话" in opened
    assert "新购住房一套" not in opened
    assert "个人有关事项报告：只给组织人事、本人看" in opened
    own = words(signed_in(OWN).get("/desk/my-file/"))
    assert "新购住房一套" in own
    assert WHY in own
    assert "县监委白朴（纪检监察）" in own


def test_who_sent_a_closed_record_sees_it_came_in_and_is_led_nowhere(made: Made) -> None:
    (batch,) = batches.batches(frozenset({september.organ_id("县监委")}), limit=1)
    # Who sends what is closed holds both roles.
    user = next(one.id for one in accounts.accounts(on=september.TODAY) if one.username == DISCIPLINE)
    access_actions.grant(by=INSTALLER, user_id=user, role="clerk", on=september.TODAY, at=clock.now())
    client = signed_in(DISCIPLINE)
    page = words(client.get(f"/desk/batches/{batch.id}/"))
    assert "已经记入诚信档案" in page
    # The eleven decisions of another organ are read and not seen to.
    assert "收下的记录都办了" in words(client.get("/desk/"))
    assert "/desk/records/" not in page.partition('id="accepted"')[2]


def test_both_sign_on_the_page_and_the_list_says_so(made: Made) -> None:
    address = f"/desk/handovers/{made.handover}/"
    assert "等您签" in words(signed_in(OWN).get("/desk/handovers/"))
    for username, told in ((OWN, "等您签收"), (NEXT, "等您签收"), (HEAD, "等移交人、接收人签")):
        today = words(signed_in(username).get("/desk/"))
        assert "未完成交接" in today
        assert told in today
    assert "未完成交接" not in words(signed_in(CLERK).get("/desk/"))
    assert signed_in(CLERK).post(address).status_code == 403
    assert "已签收" in words(signed_in(OWN).post(address, follow=True))
    assert "等接收人签" in words(signed_in(NEXT).get("/desk/handovers/"))
    assert "双方已签" in words(signed_in(NEXT).post(address, follow=True))
    assert "未完成交接" not in words(signed_in(HEAD).get("/desk/"))
    twice = signed_in(NEXT).post(address)
    assert twice.status_code == 422
    assert "接收人已经签过了" in words(twice)


def test_the_list_is_taken_away_as_a_document_with_both_signatures(made: Made) -> None:
    address = f"/desk/handovers/{made.handover}/"
    digest = re.search(r'<span class="code">(\w{64})<', words(signed_in(OWN).get(address)))
    assert digest

    def document() -> str:
        word = docx.Document(io.BytesIO(signed_in(HEAD).get(f"{address}list.docx").content))
        cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
        heads = [one.text for section in word.sections for one in section.header.paragraphs]
        return "\n".join([*heads, *(one.text for one in word.paragraphs), *cells])

    before = document()
    assert "未完成交接" in before
    assert before.count("还没有签") == 2
    assert digest[1] in before.replace(" ", "")
    assert "修好柳溪村到县道的3.2公里路面" in before
    for name in (OWN, NEXT):
        signed_in(name).post(address)
    after = document()
    assert "未完成交接" not in after
    assert after.count("本人签收") == 2
    assert OWN in after
    assert signed_in(HEAD).get(f"{address}list.pdf").content.startswith(b"%PDF")
    assert signed_in(HEAD).get(f"{address}list.odt").status_code == 404


def test_an_office_is_handed_over_from_its_list_of_open_duties(made: Made) -> None:
    for name in (OWN, NEXT):
        signed_in(name).post(f"/desk/handovers/{made.handover}/")
    clerk = signed_in(CLERK)
    page = words(clerk.get("/desk/handovers/new/?office=公路科科长"))
    assert "修好柳溪村到县道的3.2公里路面" in page
    fields = {"office": "公路科科长", "outgoing": "QH-0102", "incoming": "QH-0102", "day": "2026-09-29"}
    refused = clerk.post("/desk/handovers/new/", fields)
    assert refused.status_code == 422
    assert "同一个人" in words(refused)
    done = clerk.post("/desk/handovers/new/", {**fields, "incoming": "QH-0101"}, follow=True)
    assert "交接清单已经定下" in words(done)
    record = clerk.get(f"/desk/records/{made.handover}/")
    assert record["Location"] == f"/desk/handovers/{made.handover}/"


def test_personnel_appoints_relieves_and_takes_back_a_mistake(made: Made) -> None:
    client = signed_in(PERSONNEL)
    organ = september.organ_id("县水利局")
    given = {"code": "QH-0201", "name": "溪石", "organ": organ, "title": "局长", "on": "2026-09-28", "document": ""}
    assert "没有写文号" in words(client.post("/desk/files/officials/new/", given))
    given["document"] = "青组干〔2026〕30号"
    assert "已登记任职" in words(client.post("/desk/files/officials/new/", given, follow=True))
    again = client.post("/desk/files/officials/new/", {**given, "on": "2026-09-29"})
    assert "已任县水利局局长" in words(again)
    assert "身份证号" in words(client.post("/desk/files/officials/new/", {**given, "code": "110101199003070011"}))
    official = subjects.official("QH-0201")
    assert official is not None
    (office,) = official.offices
    address = f"/desk/files/officials/QH-0201/{office.id}"
    early = client.post(f"{address}/relieve/", {"on": "2026-09-01", "document": "青组干〔2026〕31号"})
    assert "早于任职日" in words(early)
    done = client.post(f"{address}/retract/", {"reason": "单位选错了，应为县林业局"}, follow=True)
    assert "已作废" in words(done)
    after = subjects.official("QH-0201")
    assert after is not None
    assert after.offices == ()


def test_the_register_comes_in_from_a_spreadsheet_row_by_row(made: Made) -> None:
    client = signed_in(PERSONNEL)
    book = openpyxl.load_workbook(io.BytesIO(client.get("/desk/files/officials/register.xlsx").content))
    sheet = book.active
    assert sheet is not None
    rows = [
        ("QH-0301", "溪石", "县水利局", "局长", "2026/03/01", "青组干〔2026〕5号", None, None),
        ("QH-0302", "云岫", "县林业局", "科长", "2025/03/01", "青组干〔2025〕5号", "2026/06/01", "青组干〔2026〕9号"),
        ("QH-0303", "舟横", "没有这个局", "科长", "2025/03/01", None, None, None),
        (DIRECTOR[0], "别人", "县水利局", "科长", "2025/03/01", None, None, None),
        ("QH-0304", "帆影", "县水利局", "科长", "去年", None, None, None),
    ]
    for row in rows:
        sheet.append(row)
    kept = io.BytesIO()
    book.save(kept)

    def upload() -> str:
        file = SimpleUploadedFile("名册.xlsx", kept.getvalue())
        return words(client.post("/desk/files/officials/register/", {"file": file}))

    page = upload()
    for told in ("“没有这个局”不在本县机关名录里", "登记的是石青山", "任职日期“去年”不是日期"):
        assert told in page
    assert {one.title for one in subjects.officials(codes=["QH-0301", "QH-0302"])} == {"局长", "科长"}
    again = upload()
    assert re.search(r"收下</span>\s*<span[^>]*>0", again)


def test_an_administrator_says_whose_account_it_is(made: Made) -> None:
    system = signed_in("system.sun")
    from jiannuo.access import queries as accounts

    (card,) = accounts.accounts(on=september.TODAY, text=HEAD)
    address = f"/desk/admin/accounts/{card.id}/change/"
    taken = system.post(address, {"act": "official", "official": "QH-0101"})
    assert taken.status_code == 422
    assert "登记的是石青山" in words(taken)
    assert signed_in(PERSONNEL).post(address, {"act": "official", "official": ""}).status_code == 403
    assert "已清除" in words(system.post(address, {"act": "official", "official": ""}, follow=True))


def test_coverage_names_officials_only_to_who_may_read_their_files(made: Made) -> None:
    assert "石青山" in words(signed_in(HEAD).get(f"/desk/files/coverage/?organ={made.organ}"))
    assert signed_in(HEAD).get(f"/desk/files/coverage/?organ={september.organ_id('县审计局')}").status_code == 422
    public = words(Client().get("/coverage/"))
    assert "建档率" in public
    assert "石青山" not in public
