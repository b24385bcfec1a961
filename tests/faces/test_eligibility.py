"""Who may receive an award: sixty names in, yes, no or ask out, with the rule and the end date; the asking on record, the certificate verified."""

import html
import io
import json
import re
from collections.abc import Callable
from datetime import date

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jiannuo.access import actions as access
from jiannuo.access import queries as traces
from jiannuo.access.rules import INSTALLER
from jiannuo.kernel import clock
from jiannuo.subjects.rules import OrganCard
from tests.faces.promised_office import Day, signed_in, text
from tests.faces.september import PASSWORD
from tests.packages.filing import DIRECTOR, PERSONNEL, appointed, filed
from tests.packages.recording import LEAD, MARKET, Office, recorded, released

pytestmark = pytest.mark.django_db
PAGE = "/desk/eligibility/"
Organs = Callable[[str], OrganCard]


@pytest.fixture
def personnel(office: None, organs: Organs, day: Day) -> Client:
    """The personnel office on 1 June 2026; the market office has a record, its road director a warning."""
    day("2026-06-01")
    user, _ = access.create_account(
        by=INSTALLER,
        at=clock.now(),
        username="award.p",
        name="组织部",
        organ_id=organs(PERSONNEL).id,
        password=PASSWORD,
    )
    access.grant(by=INSTALLER, user_id=user, role="personnel", on=date(2026, 1, 5), at=clock.now())
    recorded(Office(organs), level="一般")
    appointed(organs(MARKET))
    filed("violation", organs, of=organs(MARKET))
    return signed_in("award.p")


def sixty() -> bytes:
    """A sheet as another system exports it: a title above, sixty rows, one of them barred, one nobody knows."""
    names = [MARKET, DIRECTOR[1], "魔法局", LEAD, *["青禾县教育体育局"] * 56]
    rows = "".join(f"{at},{name}\n" for at, name in enumerate(names, 1))
    return f"先进集体和个人推荐名单\n序号,名称\n{rows}".encode()


def test_sixty_names_in_and_a_sheet_out(personnel: Client) -> None:
    token = re.search(r'name="token" value="(\w+)"', text(personnel.get(PAGE)))
    assert token
    given = {"use": "honour", "purpose": "2026年度先进集体和个人评选", "token": token.group(1)}
    with CaptureQueriesContext(
        connection,
    ) as asked:
        page = text(personnel.post(PAGE, {**given, "file": SimpleUploadedFile("名单.csv", sixty())}))
    assert "问了 60 个：可以 57，不可以 2，要核实 1" in page
    assert "取消评优评先资格（青信认〔2026〕3号）" in page
    assert "处分期内限制评优评先（violation-1）" in page
    assert "名录里没有“魔法局”" in page
    assert len(asked) < 60, "not one question for each name"
    number = re.search(r'<strong class="code">(核〔2026〕[A-Z2-7-]+)</strong>', page)
    assert number
    (trace,) = traces.traces(action="eligibility.ask")
    assert (trace.username, trace.purpose) == ("award.p", "2026年度先进集体和个人评选")
    answer = personnel.post(PAGE, {**given, "as": "xlsx", "file": SimpleUploadedFile("名单.csv", sixty())})
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert len(rows) == 61
    assert rows[1][:4] == (MARKET, "419926-121", "不可以", "取消评优评先资格（青信认〔2026〕3号）")
    assert rows[1][5] == "2029-03-20"
    assert rows[2][2:6:3] == ("不可以", "2026-11-08")
    verified = html.unescape(text(Client().get("/verify/", {"number": number.group(1), "subject": MARKET})))
    assert "证明是真的" in verified
    assert "查询了 60 个主体" in verified
    assert "不可以，到2029-03-20为止" in verified
    assert DIRECTOR[1] not in verified


def test_what_is_wrong_is_said_at_its_field(personnel: Client) -> None:
    for given, words in (
        ({"use": "honour", "purpose": "", "names": MARKET}, "没有写查询的目的"),
        ({"use": "", "purpose": "先进集体评选", "names": MARKET}, "没有用途"),
        ({"use": "honour", "purpose": "先进集体评选", "names": ""}, "没有写要问谁"),
    ):
        answer = personnel.post(PAGE, given)
        assert answer.status_code == 422
        assert words in text(answer)
    assert traces.traces(action="eligibility.ask") == ()


def test_a_number_never_given_out(client: Client) -> None:
    answer = client.get("/verify/", {"number": "核〔2026〕AAAA-AAAA-AAAA"})
    assert answer.status_code == 404
    assert "没有这个编号的证明" in text(answer)
    assert client.get("/verify/").status_code == 200


def test_who_may_not_ask(office: None) -> None:
    assert signed_in("auditor.a").get(PAGE).status_code == 403


def test_a_program_asks(personnel: Client, organs: Organs) -> None:
    now = clock.now()
    _, key = access.create_key(
        by=INSTALLER, name="评优系统", organ_id=organs(LEAD).id, roles=frozenset({"clerk"}), on=now.date(), at=now
    )
    body = {
        "use": "honour",
        "purpose": "先进集体评选",
        "subjects": [{"name": MARKET}, {"name": DIRECTOR[1]}, {"code": "419926-101"}],
    }

    def sent(token: str, **more: object) -> tuple[int, dict[str, object]]:
        answer = Client().post(
            "/api/v1/eligibility", json.dumps({**body, **more}), content_type="application/json",
            headers={"Authorization": f"Bearer {key}", "Idempotency-Key": token},
        )  # fmt: skip
        return answer.status_code, answer.json()

    status, told = sent("a-1")
    assert status == 200
    answers = told["answers"]
    assert isinstance(answers, list)
    assert [(one["answer"], one["ends_on"], len(one["facts"])) for one in answers] == [
        ("no", "2029-03-20", 1),
        ("no", "2026-11-08", 0),
        ("yes", None, 0),
    ]
    assert "由组织人事、纪检监察机关查阅" in answers[1]["why"], (
        "another organ's system is not told what stands in a file"
    )
    assert sent("a-1")[1]["certificate"] == told["certificate"]
    assert sent("a-2")[1]["certificate"] != told["certificate"]
    assert sent("a-3", use="marriage")[0] == 422
    assert Client().post("/api/v1/eligibility", json.dumps(body), content_type="application/json").status_code == 401


def test_the_organ_finds_its_remedies_on_the_record(office: None, organs: Organs, day: Day) -> None:
    record = released(recorded(Office(organs), level="一般"), Office(organs))
    page = f"/desk/records/{record.id}/"
    day("2026-04-28")
    before = text(signed_in("reviewer.m").get(page))
    assert "2026-06-21起可以申请修复" in before
    assert "异议申请" in before
    assert "信用修复申请" not in before, "not yet"
    assert "撤下公示" not in before, "nobody takes down what was found against themselves"
    assert "撤下公示" in text(signed_in("lead.l").get(page))
    assert "异议申请" not in text(signed_in("lead.l").get(page))
    day("2026-06-21")
    assert "信用修复申请" in text(signed_in("reviewer.m").get(page))
    form = f"/desk/cases/new/objection/?record={record.id}"
    client = signed_in("reviewer.m")
    token = re.search(r'name="token" value="(\w+)"', text(client.get(form)))
    assert token
    given = {"wants": "更正", "reason": "判决以前已经付清，附回单", "token": token.group(1), "record": record.id}
    assert client.post(form, given).status_code in (200, 302)
    assert "有异议" in text(client.get(page))
    public = text(Client().get(f"/records/{record.identity.hex()}/"))
    assert "当事人对这条记录提出异议" in public
    assert "2026-06-21起可以申请修复" in public
