"""The interface as an organ's own system uses it: report, mend, read back; and as everybody reads what is public."""

import io
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from jiannuo.access import actions as access
from jiannuo.access import queries as traces
from jiannuo.access.rules import INSTALLER, Actor
from jiannuo.api import keys
from jiannuo.disclosure import actions as disclosure
from jiannuo.duties import actions as duties
from jiannuo.kernel import clock
from jiannuo.ledger import queries as ledger
from jiannuo.policy import pack as policy
from jiannuo.subjects import actions as subjects_actions
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.queries import OrganCard

pytestmark = pytest.mark.django_db

ROW = {
    "CF_XDR_MC": "青禾县明德美食品有限公司",
    "CF_XDR_LB": "法人及非法人组织",
    "CF_XDR_SHXYM": "91419926MA24089111",
    "CF_FRDB": "何竹德",
    "CF_WSH": "青市监处罚〔2026〕1号",
    "CF_WFXW": "未取得许可从事食品经营",
    "CF_SY": "检查发现当事人未取得食品经营许可从事食品经营活动。",
    "CF_YJ": "《中华人民共和国食品安全法》第一百二十二条第一款",
    "CF_CFLB": "罚款",
    "CF_NR": "罚款20000元",
    "CF_NR_FK": "2",
    "CF_JDRQ": "2026/11/16",
    "CF_YXQ": "2029/11/16",
    "CF_CFJG": "青禾县市场监督管理局",
    "CF_CFJGDM": "11419926MB8001219L",
    "CF_SJLY": "青禾县市场监督管理局",
    "CF_SJLYDM": "11419926MB8001219L",
}
Answer = tuple[int, dict[str, Any]]


@pytest.fixture
def county(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys.Limit, "allow_request", lambda *_: True)
    subjects_actions.load_organs(policy.current(), at=clock.now())


def organ(name: str) -> OrganCard:
    card = subjects.directory(clock.today()).find(name)
    assert card is not None
    return card


def key_of(name: str, *roles: str) -> str:
    now = clock.now()
    _, text = access.create_key(
        by=INSTALLER,
        name="业务系统",
        organ_id=organ(name).id,
        roles=frozenset(roles or {"clerk"}),
        on=now.date(),
        at=now,
    )
    return text


class Machine:
    """A system that holds a key."""

    def __init__(self, key: str = "") -> None:
        self.client = Client()
        self.headers = {"Authorization": f"Bearer {key}"} if key else {}

    def get(self, path: str) -> Answer:
        return told(self.client.get(f"/api/v1{path}", headers=self.headers))

    def raw(self, path: str) -> HttpResponse:
        response: HttpResponse = self.client.get(f"/api/v1{path}", headers=self.headers)  # type: ignore[assignment]
        return response

    def send(self, *rows: Mapping[str, Any], token: str = "", **more: Any) -> Answer:
        headers = self.headers | ({"Idempotency-Key": token} if token else {})
        body = {"kind": "penalty_legal", "rows": list(rows), **more}
        return told(
            self.client.post("/api/v1/batches", json.dumps(body), content_type="application/json", headers=headers)
        )

    def upload(self, data: bytes, name: str, query: str = "", **more: Any) -> Answer:
        form = {"kind": "penalty_legal", "file": SimpleUploadedFile(name, data), **more}
        return told(self.client.post(f"/api/v1/batches/file{query}", form, headers=self.headers))


def told(response: Any) -> Answer:
    return response.status_code, response.json()


@pytest.fixture
def market(county: None) -> Machine:
    return Machine(key_of("县市场监管局"))


def test_rows_are_checked_at_once_and_read_back(market: Machine) -> None:
    status, batch = market.send(ROW, ROW | {"CF_WSH": "青市监处罚〔2026〕2号", "CF_XDR_SHXYM": "91419926MA24089112"})
    assert (status, batch["state"], batch["accepted"], batch["rejected"]) == (201, "done", 1, 1)
    assert [(one["row"], one["column"]) for one in batch["problems"]] == [(3, "CF_XDR_SHXYM")]
    assert market.get(f"/batches/{batch['id']}") == (200, batch)
    _, page = market.get("/records?kind=penalty_legal")
    assert (page["total"], page["items"][0]["number"], page["next"]) == (1, ROW["CF_WSH"], None)


def test_the_same_token_gives_the_same_batch_and_another_content_is_a_conflict(market: Machine) -> None:
    _, first = market.send(ROW, token="a-1")
    status, again = market.send(ROW, token="a-1")
    assert (status, again["id"]) == (200, first["id"])
    status, no = market.send(ROW, token="a-1", corrects=True, reason="更正")
    assert (status, no["code"]) == (409, "conflict")
    assert ledger.head()[0] == 1


def test_what_is_sent_twice_without_a_token_is_unchanged(market: Machine) -> None:
    market.send(ROW)
    _, batch = market.send(ROW)
    assert (batch["accepted"], batch["unchanged"]) == (0, 1)


def test_a_file_waits_for_the_worker_unless_the_sender_waits(market: Machine) -> None:
    text = "\n".join([",".join(ROW), ",".join(ROW.values())]).encode("gb18030")
    assert market.upload(text, "处罚.csv")[1]["state"] == "waiting"
    status, batch = market.upload(text, "处罚.csv", "?wait=1")
    assert (status, batch["state"], batch["accepted"]) == (201, "done", 1)


def test_the_receipt_marks_what_is_wrong(market: Machine) -> None:
    _, batch = market.send(ROW | {"CF_FRDB": ""})
    response = market.raw(f"/batches/{batch['id']}/receipt.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    assert sheet is not None
    assert ROW["CF_WSH"] in {cell.value for line in sheet.iter_rows() for cell in line}


def test_problems_come_in_pages(market: Machine) -> None:
    _, batch = market.send(*[ROW | {"CF_WSH": f"青市监处罚〔2026〕{n}号", "CF_FRDB": ""} for n in range(1, 6)])
    _, first = market.get(f"/batches/{batch['id']}/problems?limit=2")
    assert (first["total"], first["next"]) == (5, "2")
    _, last = market.get(f"/batches/{batch['id']}/problems?limit=2&cursor=4")
    assert ([one["row"] for one in last["items"]], last["next"]) == ([6], None)


def test_pages_of_records_show_what_was_known_when_the_walk_began(market: Machine) -> None:
    market.send(*[ROW | {"CF_WSH": f"青市监处罚〔2026〕{n}号"} for n in range(1, 4)])
    _, first = market.get("/records?kind=penalty_legal&limit=2")
    market.send(ROW | {"CF_WSH": "青市监处罚〔2026〕9号", "CF_JDRQ": "2026/11/20"})
    _, second = market.get(f"/records?kind=penalty_legal&limit=2&cursor={first['next']}")
    numbers = [one["number"] for one in first["items"] + second["items"]]
    assert sorted(numbers) == [f"青市监处罚〔2026〕{n}号" for n in range(1, 4)]


def test_every_sending_leaves_a_trace(market: Machine) -> None:
    _, batch = market.send(ROW)
    (trace,) = traces.traces(action="intake.send")
    assert (trace.object, trace.username[:4], trace.address) == (f"batch:{batch['id']}", "key:", "127.0.0.1")


@pytest.mark.parametrize(
    "path,status",
    [
        pytest.param("/records?kind=penalty_legal", 200, id="own records"),
        pytest.param("/batches/1", 404, id="another organ's batch"),
        pytest.param("/batches/1/problems", 404, id="another organ's problems"),
        pytest.param("/batches/1/receipt.xlsx", 404, id="another organ's receipt"),
    ],
)
def test_an_organ_sees_nothing_of_another(market: Machine, path: str, status: int) -> None:
    _, batch = market.send(ROW)
    other = Machine(key_of("县交通局"))
    found, answer = other.get(path.replace("1", str(batch["id"])))
    assert found == status
    assert ROW["CF_XDR_MC"] not in json.dumps(answer, ensure_ascii=False)


@pytest.mark.parametrize("path", ["/records?kind=penalty_legal", "/batches/1"])
@pytest.mark.parametrize("key", ["", "jn_wrong", "abc"])
def test_without_a_key_in_force_nothing_is_opened(county: None, path: str, key: str) -> None:
    response = Machine(key).raw(path)
    assert (response.status_code, response["Content-Type"]) == (401, "application/problem+json")
    assert json.loads(response.content)["fix"]


def test_a_key_that_has_ended_opens_nothing(county: None) -> None:
    text = key_of("县市场监管局")
    access.end_key(by=INSTALLER, key_id=traces.api_keys()[0].id, on=clock.today(), at=clock.now())
    assert Machine(text).get("/records?kind=penalty_legal")[0] == 401


def test_an_auditor_reads_all_and_sends_nothing(market: Machine) -> None:
    market.send(ROW)
    auditor = Machine(key_of("县审计局", "auditor"))
    assert auditor.get("/records?kind=penalty_legal")[1]["total"] == 1
    assert auditor.send(ROW)[0] == 403


@pytest.mark.parametrize(
    "change,field",
    [
        pytest.param({"kind": 3}, "body.body.kind", id="kind is a number"),
        pytest.param({"rows": []}, "body.body.rows", id="no rows"),
        pytest.param({"rows": [ROW] * 1001}, "body.body.rows", id="too many rows"),
        pytest.param({"as_of": "23 November"}, "body.body.as_of", id="no day"),
        pytest.param({"extra": 1}, "body.body.extra", id="unknown field"),
    ],
)
def test_what_does_not_fit_is_told_by_field(market: Machine, change: dict[str, Any], field: str) -> None:
    body = {"kind": "penalty_legal", "rows": [ROW]} | change
    response = market.client.post(
        "/api/v1/batches", json.dumps(body), content_type="application/json", headers=market.headers
    )
    assert response.status_code == 422
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["errors"][0]["field"] == field
    assert not response.json()["errors"][0]["message"].isascii()


@pytest.mark.parametrize(
    "rows,code",
    [
        pytest.param([{"NO_SUCH": "1"}], "fields", id="a field the kind has not"),
    ],
)
def test_what_intake_refuses_is_refused_here(market: Machine, rows: list[dict[str, str]], code: str) -> None:
    status, no = market.send(*rows)
    assert (status, no["code"], bool(no["fix"])) == (422, code, True)


def test_a_file_of_a_wrong_type_is_refused_in_words(market: Machine) -> None:
    status, no = market.upload(b"%PDF-1.7", "决定书.pdf")
    assert (status, no["code"]) == (422, "type")


def test_broken_json_is_a_problem_too(market: Machine) -> None:
    response = market.client.post("/api/v1/batches", "{", content_type="application/json", headers=market.headers)
    assert (response.status_code, response.json()["code"]) == (400, "unreadable")


def test_an_unknown_address_is_answered_in_json(county: None) -> None:
    assert Machine().get("/nothing/99999999999999999999")[1]["code"] == "not_found"


def test_too_many_requests_are_told_when_to_come_again(county: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(keys.Limit, "allow_request", lambda *_: False)
    response = Machine().raw("/kinds")
    assert (response.status_code, response.json()["code"]) == (429, "throttled")  # type: ignore[attr-defined]
    assert int(response["Retry-After"]) > 0


def test_a_limit_counts_each_key_apart() -> None:
    limit = keys.Limit(2)

    class Request:
        auth = None
        META = {"REMOTE_ADDR": "10.0.0.1"}

    one, other = Request(), Request()
    other.META = {"REMOTE_ADDR": "10.0.0.2"}
    asked: Any = [one, one, one, other]
    assert [limit.allow_request(request) for request in asked] == [True, True, False, True]


# -- what everybody reads ---------------------------------------------------------------------------------------------


@pytest.fixture
def released(market: Machine) -> str:
    """One record sent by the machine and released by a person; its lasting address."""
    market.send(ROW)
    (entry,) = ledger.since(0, kinds=("penalty_legal",), limit=5)
    office = organ("县市场监管局")
    reviewer = Actor(
        None, "reviewer", "审核员", office.id, office.short, frozenset({"reviewer"}), frozenset({office.id})
    )
    now = clock.now()
    duties.follow(opened_at=now)
    filters = frozenset(one.id for one in policy.current().filters if one.outcome == "ask")
    disclosure.release(
        entry_ids=[entry.id], actor=reviewer, on=now.date(), at=now, confirmed=filters,
        basis="属于本机关公布的应当公开的处罚种类", reason="已核对",
    )  # fmt: skip
    return entry.identity.hex()


def test_what_is_public_is_found_by_two_characters(released: str) -> None:
    _, page = Machine().get("/public/disclosures?q=明德")
    assert [one["record"] for one in page["items"]] == [released]
    _, none = Machine().get("/public/disclosures?q=没有的")
    assert (none["total"], none["items"]) == (0, [])


def test_a_public_record_explains_its_date(released: str) -> None:
    status, record = Machine().get(f"/public/records/{released}")
    assert (status, record["state"], record["due_on"], record["standing"]) == (200, "public", "2026-11-25", "on_time")
    assert "7个工作日" in record["why"]
    shown = {one["field"]: one["value"] for one in record["fields"]}
    assert (shown["CF_WSH"], shown["CF_FRDB"]) == (ROW["CF_WSH"], "何竹德")


def test_nothing_is_public_before_it_is_released(market: Machine) -> None:
    market.send(ROW)
    (entry,) = ledger.since(0, kinds=("penalty_legal",), limit=5)
    assert Machine().get("/public/disclosures")[1]["total"] == 0
    assert Machine().get(f"/public/records/{entry.identity.hex()}")[0] == 404


def test_disclosures_come_in_pages_without_gap_or_repeat(market: Machine, released: str) -> None:
    _, page = Machine().get("/public/disclosures?limit=1")
    assert (len(page["items"]), page["next"]) == (1, None)
    assert Machine().get("/public/disclosures?cursor=0.7")[1]["items"] == []


@pytest.mark.parametrize("path,status", [
    pytest.param("/public/organs", 200, id="organs"),
    pytest.param("/public/catalogue?organ=县财政局", 200, id="catalogue of an organ"),
    pytest.param("/public/catalogue?organ=没有的局", 422, id="no such organ"),
    pytest.param("/kinds", 200, id="kinds"),
    pytest.param("/kinds/penalty_legal", 200, id="kind"),
    pytest.param("/kinds/none", 404, id="no such kind"),
    pytest.param("/public/disclosures?kind=none", 422, id="disclosures of no kind"),
])  # fmt: skip
def test_public_reading_needs_no_key(county: None, path: str, status: int) -> None:
    assert Machine().get(path)[0] == status


def test_a_deadline_is_counted_and_explained(county: None) -> None:
    _, due = Machine().get("/public/due?rule=disclose_decision&from=2026-09-25")
    assert (due["due_on"], due["provisional"], due["skipped"][0]) == (
        "2026-10-12", False, {"day": "2026-09-26", "why": "中秋节假期"},
    )  # fmt: skip


@pytest.mark.parametrize(
    "path,level",
    [("uscc/11419926MB8000013F", "ok"), ("uscc/11419926MB8000013A", "error"), ("uscc/00000000000000000X", "warning")],
)
def test_codes_are_checked(county: None, path: str, level: str) -> None:
    assert Machine().get(f"/public/validate/{path}")[1]["level"] == level


def test_an_identity_number_is_never_part_of_an_address(county: None) -> None:
    number = "419926197307278568"
    assert Machine().get(f"/public/validate/id_card/{number}")[0] == 422
    body = json.dumps({"what": "id_card", "value": number})
    response = Client().post("/api/v1/public/validate", body, content_type="application/json")
    assert (response.status_code, response.json()["level"]) == (200, "ok")


def test_a_template_can_be_fetched(county: None) -> None:
    response = Machine().raw("/kinds/penalty_legal/template.xlsx")
    assert openpyxl.load_workbook(io.BytesIO(response.content)).sheetnames


def test_records_as_of_an_earlier_day(market: Machine) -> None:
    market.send(ROW)
    earlier = clock.today() - timedelta(days=1)
    assert market.get(f"/records?kind=penalty_legal&as_of={earlier}")[1]["total"] == 0
    assert market.get(f"/records?kind=penalty_legal&as_of={clock.today()}")[1]["total"] == 1
