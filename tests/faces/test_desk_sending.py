"""A clerk sends in what another system exported, mends what is wrong and sends it again; or fills in one record."""

import io
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from jiannuo.access import queries as accounts
from jiannuo.intake import actions as intake
from jiannuo.intake import queries as batches
from jiannuo.kernel import clock
from jiannuo.ledger import queries as ledger
from tests.faces import journey1_workbook as journey1
from tests.faces import september

DECIDED = date(2026, 9, 24)


@pytest.fixture
def office(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIANNUO_TODAY", september.TODAY.isoformat())
    september.open_office()


@pytest.fixture
def clerk(office: None, client: Client) -> Client:
    client.post("/desk/login/", {"username": september.CLERK, "password": september.PASSWORD})
    return client


def upload(client: Client, data: bytes, name: str = "处罚信息导出.xlsx", **more: str) -> Any:
    file = SimpleUploadedFile(name, data)
    return client.post("/desk/intake/", {"kind": "penalty_legal", "token": "t1", "file": file, **more})


def batch_of(response: Any) -> batches.BatchCard:
    assert response.status_code == 302, response.content.decode()[:3000]
    return batches.batch(int(response["Location"].rstrip("/").rsplit("/", 1)[1]))


def test_forty_three_rows_of_another_system_are_read_and_four_come_back_in_words(clerk: Client) -> None:
    sent = upload(clerk, journey1.workbook(DECIDED))
    card = batch_of(sent)
    assert (card.rows, card.accepted, card.unchanged, card.rejected) == (43, 39, 0, 4)
    page = clerk.get(sent["Location"]).content.decode()
    for words in (
        "改好 4 行，再传一次",
        "E7",
        "D15",
        "L24",
        "I33",
        "类别应为“个体工商户”",
        "写有公民身份证号",
        "下载批注过的表格",
    ):
        assert words in page
    assert "11010519491231002X" not in page


def test_the_returned_workbook_mended_in_four_cells_comes_in_whole_and_nothing_is_doubled(clerk: Client) -> None:
    card = batch_of(upload(clerk, journey1.workbook(DECIDED)))
    receipt = clerk.get(reverse("desk:receipt", args=[card.id]))
    assert "filename*=utf-8''" in receipt["Content-Disposition"]
    marked = openpyxl.load_workbook(io.BytesIO(receipt.content)).active
    assert marked is not None
    again = batch_of(upload(clerk, journey1.mended(receipt.content, DECIDED), token="t2"))
    assert (again.rows, again.accepted, again.unchanged, again.rejected) == (43, 4, 39, 0)
    total, _ = ledger.records("penalty_legal", organ_ids=None, as_of=None, limit=1)
    assert total == 43 + len(september.DECIDED)
    assert "全部收下" in clerk.get(reverse("desk:batch", args=[again.id])).content.decode()


def test_clicking_twice_sends_once_and_another_file_is_another_batch(clerk: Client) -> None:
    data = journey1.workbook(DECIDED)
    first, second = batch_of(upload(clerk, data)), batch_of(upload(clerk, data))
    assert first.id == second.id
    assert batch_of(upload(clerk, journey1.workbook(date(2026, 9, 23)))).id != first.id


@pytest.mark.parametrize(
    "name, data, words",
    [
        pytest.param("处罚.docx", b"PK", "文件类型", id="另一种文件"),
        pytest.param("处罚.xlsx", b"", "空文件", id="空文件"),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_in_words(clerk: Client, name: str, data: bytes, words: str) -> None:
    refused = upload(clerk, data, name)
    assert refused.status_code == 422
    page = refused.content.decode()
    assert words in page
    assert "怎么办" in page


def test_a_correction_needs_its_reason_and_keeps_what_was_typed(clerk: Client) -> None:
    refused = upload(clerk, journey1.workbook(DECIDED), corrects="on")
    assert refused.status_code == 422
    assert "写明更正原因" in refused.content.decode()


def test_a_broken_workbook_says_so_on_its_page_and_offers_to_send_again(clerk: Client) -> None:
    card = batch_of(upload(clerk, b"this is no workbook"))
    assert card.state == "refused"
    page = clerk.get(reverse("desk:batch", args=[card.id])).content.decode()
    assert "整份文件没有收下" in page
    assert 'type="file"' in page


def test_progress_is_a_fragment_until_it_is_over(clerk: Client) -> None:
    batch_id = intake.receive(
        kind="penalty_legal",
        organ_id=september.organ_id("县市场监管局"),
        author=september.CLERK,
        data=journey1.workbook(DECIDED),
        filename="大表.xlsx",
        at=clock.now(),
        as_of=clock.today(),
    )
    page = clerk.get(reverse("desk:batch", args=[batch_id])).content.decode()
    assert "排队等待核对" in page
    assert 'http-equiv="refresh"' in page
    fragment = clerk.get(reverse("desk:batch_progress", args=[batch_id]), headers={"HX-Request": "true"})
    assert "hx-get" in fragment.content.decode()
    assert "<html" not in fragment.content.decode()
    intake.process(batch_id, clock=clock.now)
    over = clerk.get(reverse("desk:batch_progress", args=[batch_id]), headers={"HX-Request": "true"})
    assert over["HX-Refresh"] == "true"


def test_another_organ_sees_neither_the_batch_nor_its_file(clerk: Client) -> None:
    card = batch_of(upload(clerk, journey1.workbook(DECIDED)))
    other = Client()
    other.post("/desk/login/", {"username": "zjj.he", "password": september.PASSWORD})
    for name in ("desk:batch", "desk:batch_progress", "desk:receipt"):
        assert other.get(reverse(name, args=[card.id])).status_code == 403


def test_sending_and_fetching_the_marked_file_leave_a_trace(clerk: Client) -> None:
    card = batch_of(upload(clerk, journey1.workbook(DECIDED)))
    clerk.get(reverse("desk:receipt", args=[card.id]))
    found = accounts.traces(object=f"batch:{card.id}")
    assert [one.detail for one in found] == ["下载批注表格", "处罚·法人 处罚信息导出.xlsx"]


def test_a_template_is_offered_for_every_kind(clerk: Client) -> None:
    for kind in ("penalty_legal", "licence_natural", "power_item"):
        found = clerk.get(reverse("desk:template", args=[kind]))
        assert found.status_code == 200
        assert openpyxl.load_workbook(io.BytesIO(found.content)).sheetnames


# -- one record ----------------------------------------------------------------------------------------------------


def typed(**more: str) -> dict[str, str]:
    return september.row("县市场监管局", 30, date(2026, 9, 23), **more)


def test_one_record_is_filled_in_on_the_page(clerk: Client) -> None:
    form = clerk.get(reverse("desk:entry", args=["penalty_legal"])).content.decode()
    assert 'value="青禾县市场监督管理局"' in form
    sent = clerk.post(reverse("desk:entry", args=["penalty_legal"]), typed())
    assert sent.status_code == 302, sent.content.decode()[:3000]
    page = clerk.get(sent["Location"]).content.decode()
    assert "待审核" in page
    assert "2026-10-10" in page


def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(clerk: Client) -> None:
    before = ledger.head()
    refused = clerk.post(
        reverse("desk:entry", args=["penalty_legal"]), typed(CF_XDR_LB="个体工商户", CF_SY="经查，当事人短斤少两。")
    )
    assert refused.status_code == 422
    page = refused.content.decode()
    assert 'href="#id_CF_XDR_LB"' in page
    assert 'id="id_CF_XDR_LB_error"' in page
    assert "经查，当事人短斤少两。" in page
    assert ledger.head() == before
    assert len(batches.batches(None, limit=10)) == 1


def test_several_kinds_of_penalty_are_ticked_and_joined(clerk: Client) -> None:
    form: dict[str, Any] = typed(CF_NR="罚款3500元，责令改正", CF_NR_FK="0.35")
    form |= {"CF_CFLB": ["警告", "罚款"], "CF_CFLB.其他": "责令改正"}
    sent = clerk.post(reverse("desk:entry", args=["penalty_legal"]), form)
    assert sent.status_code == 302, sent.content.decode()[:3000]
    card = ledger.entry(int(sent["Location"].rstrip("/").rsplit("/", 1)[1]))
    assert card is not None
    assert card.body["CF_CFLB"] == "警告;罚款;其他-责令改正"


def test_a_correction_changes_what_it_may_and_keeps_the_rest(clerk: Client) -> None:
    total, cards = ledger.records("penalty_legal", organ_ids=None, as_of=None, limit=1)
    address = reverse("desk:entry", args=["penalty_legal"])
    form = clerk.get(f"{address}?corrects={cards[0].id}").content.decode()
    assert "readonly" in form
    values = {**cards[0].body, "corrects": str(cards[0].id), "CF_FRDB": "李某某"}
    refused = clerk.post(address, values)
    assert refused.status_code == 422
    assert "更正原因" in refused.content.decode()
    sent = clerk.post(address, {**values, "reason": "法定代表人录入有误"})
    assert sent.status_code == 302, sent.content.decode()[:3000]
    card = ledger.entry(int(sent["Location"].rstrip("/").rsplit("/", 1)[1]))
    assert card is not None
    assert (card.version, card.reason, card.body["CF_FRDB"]) == (2, "法定代表人录入有误", "李某某")
    assert ledger.records("penalty_legal", organ_ids=None, as_of=None, limit=1)[0] == total
    other = {**values, "reason": "改文号", "CF_WSH": "青市监处罚〔2026〕999号"}
    assert "另一条记录" in clerk.post(address, other).content.decode()


def test_a_correction_of_a_persons_record_keeps_the_sealed_values_unseen(clerk: Client) -> None:
    row = september.row("县市场监管局", 40, date(2026, 9, 23))
    for name in ("CF_XDR_SHXYM", "CF_FRDB"):
        row.pop(name)
    row |= {"CF_XDR_MC": "赵小六", "CF_XDR_LB": "自然人", "CF_XDR_ZJLX": "身份证", "CF_XDR_ZJHM": "11010519491231002X"}
    assert september.send(september.CLERK, "县市场监管局", [row], "penalty_natural").accepted == 1
    _, (card,) = ledger.records("penalty_natural", organ_ids=None, as_of=None, limit=5)
    address = reverse("desk:entry", args=["penalty_natural"])
    form = clerk.get(f"{address}?corrects={card.id}").content.decode()
    assert "赵小六" not in form
    assert "11010519491231002X" not in form
    values = {
        **card.body,
        "CF_XDR_MC": "",
        "CF_XDR_ZJHM": "",
        "corrects": str(card.id),
        "reason": "补充事实",
        "CF_SY": "经查属实。",
    }
    sent = clerk.post(address, values)
    assert sent.status_code == 302, sent.content.decode()[:3000]
    newest = int(sent["Location"].rstrip("/").rsplit("/", 1)[1])
    assert ledger.personal(newest) == {"CF_XDR_MC": "赵小六", "CF_XDR_ZJHM": "11010519491231002X"}
