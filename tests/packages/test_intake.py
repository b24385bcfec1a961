"""A clerk's file from sending to mending: nothing lost, nothing doubled, and every answer in words."""

import io
import json
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.db import connection

from jiannuo.intake import actions, queries
from jiannuo.intake.actions import processing
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as ledger
from jiannuo.policy import pack as policy
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.rules import OrganCard
from tests.packages.conftest import NOW, TODAY
from tests.wrong.make_sheets import GOOD, IDS, TITLES, good, numbered, text

Send = Callable[..., queries.BatchCard]


def records(kind: str = "penalty_legal") -> list[ledger.EntryCard]:
    return ledger.records(kind, organ_ids=None, as_of=None, limit=100)[1]


def test_what_passes_is_in_the_ledger_with_its_source(send: Send, market: OrganCard) -> None:
    batch = send(text([good()]).encode())
    (entry,) = records()
    assert (entry.number, entry.happened_on, entry.organ_id) == (
        "青市监罚决字〔2026〕12号",
        date(2026, 9, 3),
        market.id,
    )
    assert (entry.about, entry.amount) == ("uscc:91410526MA3X12345D", Decimal("2000.00"))
    assert (entry.batch, entry.row, entry.author, entry.seen_at) == (batch.id, 2, "clerk", NOW)
    assert entry.rule == f"{policy.current().id}#penalty_legal"
    assert entry.body["CF_JDRQ"] == "2026-09-03"
    assert entry.body["CF_NR_FK"] == "0.200000"
    assert subjects.parties(["uscc:91410526MA3X12345D"])["uscc:91410526MA3X12345D"].name == GOOD["CF_XDR_MC"]


def test_the_same_file_sent_again_changes_nothing(send: Send) -> None:
    data = text(numbered(3)).encode()
    send(data)
    before = ledger.head()
    batch = send(data)
    assert (batch.accepted, batch.unchanged, batch.rejected) == (0, 3, 0)
    assert ledger.head() == before


def test_a_mended_receipt_sent_again_adds_only_what_was_refused(send: Send) -> None:
    rows = numbered(4)
    rows[2]["CF_XDR_SHXYM"] = "91410526MA3X12345E"
    first = send(text(rows, above="某局,处罚\n").encode())
    assert (first.accepted, first.rejected) == (3, 1)
    workbook = openpyxl.load_workbook(io.BytesIO(queries.receipt(first.id)))
    sheet = workbook.active
    assert sheet is not None
    assert [cell.value for cell in sheet["A"]][:2] == ["校验结果", "已收"]
    cell = sheet.cell(4, IDS.index("CF_XDR_SHXYM") + 2)
    assert cell.value == "91410526MA3X12345E"
    assert cell.comment is not None
    assert "校验位不符" in cell.comment.text
    assert cell.fill.fgColor.rgb == "FFF8CFC9"
    cell.value = "91410526MA3X12345D"
    mended = io.BytesIO()
    workbook.save(mended)
    second = send(mended.getvalue(), filename="回执.xlsx")
    assert (second.accepted, second.unchanged, second.rejected) == (1, 3, 0)


def test_a_row_that_differs_is_refused_until_it_is_called_a_correction(send: Send) -> None:
    send(text([good()]).encode())
    changed = text([good(CF_SY="复查确认为2袋。")]).encode()
    refused = send(changed)
    _, problems = queries.problems(refused.id, limit=5)
    assert problems[0].message == "库中已有这条记录（青市监罚决字〔2026〕12号），但内容不同"
    with pytest.raises(Refused, match="作为更正提交，要写明更正原因"):
        send(changed, corrects=True)
    corrected = send(changed, corrects=True, reason="数量录入有误", at=NOW + timedelta(days=1))
    assert corrected.accepted == 1
    (entry,) = records()
    assert (entry.version, entry.reason, entry.body["CF_SY"]) == (2, "数量录入有误", "复查确认为2袋。")
    history = ledger.history(entry.identity)
    assert entry.corrects == history.versions[0].id
    as_known_then = ledger.history(entry.identity, as_of=NOW)
    assert [one.version for one in as_known_then.versions] == [1]


def test_a_batch_whose_storing_fails_leaves_nothing(send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "设备上没有空间")

    before = ledger.head()
    monkeypatch.setattr("jiannuo.subjects.actions.add_parties", full)
    batch = send(text(numbered(3)).encode())
    assert batch.refusal["message"] == "磁盘出错：设备上没有空间"
    assert (batch.accepted, ledger.head()) == (0, before)


def test_rows_that_came_in_by_another_batch_meanwhile_are_not_doubled(
    send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = text(numbered(3)).encode()
    send(data)
    look, blind = ledger.present, [True]

    def overlooked(identities: Any) -> Any:
        return {} if blind and blind.pop() else look(identities)

    monkeypatch.setattr(ledger, "present", overlooked)
    batch = send(data)
    assert (batch.accepted, batch.unchanged) == (0, 3)
    assert len(records()) == 3


def test_the_same_token_is_the_same_batch(market: OrganCard) -> None:
    given: Any = {
        "kind": "penalty_legal",
        "organ_id": market.id,
        "author": "机器",
        "at": NOW,
        "as_of": TODAY,
        "token": "第一次",
    }
    assert actions.receive_rows([good()], **given) == actions.receive_rows([good()], **given)


def test_rows_of_a_form_name_only_fields_of_the_kind(send: Send) -> None:
    with pytest.raises(Refused, match="没有这些字段：CF_NONE"):
        send([good(CF_NONE="1")])
    assert send([good()]).accepted == 1


PERSON = {field_id: value for field_id, value in GOOD.items() if field_id not in ("CF_XDR_SHXYM", "CF_FRDB")} | {
    "CF_XDR_MC": "欧阳晓晓",
    "CF_XDR_LB": "自然人",
    "CF_XDR_ZJLX": "身份证",
    "CF_XDR_ZJHM": "410526199001010015",
}


def test_a_persons_name_and_number_lie_sealed_apart(send: Send) -> None:
    batch = send([PERSON], kind="penalty_natural")
    assert batch.accepted == 1, queries.problems(batch.id, limit=5)
    (entry,) = records("penalty_natural")
    assert entry.about.startswith("person:")
    with connection.cursor() as cursor:
        for table in ("ledger_entry", "ledger_personalpart", "subjects_party", "intake_problem"):
            cursor.execute(f"SELECT * FROM {table}")
            lying = repr(
                [
                    [bytes(value) if isinstance(value, memoryview) else value for value in row]
                    for row in cursor.fetchall()
                ]
            )
            assert "晓晓" not in lying
            assert "199001010015" not in lying
            assert "晓晓".encode() not in lying.encode()
    assert ledger.personal(entry.id) == {"CF_XDR_MC": "欧阳晓晓", "CF_XDR_ZJHM": "410526199001010015"}


def test_a_person_sent_again_is_known_without_being_readable(send: Send) -> None:
    send([PERSON], kind="penalty_natural")
    assert send([PERSON], kind="penalty_natural").unchanged == 1
    other = PERSON | {"CF_WSH": "青市监罚决字〔2026〕13号"}
    send([other], kind="penalty_natural")
    assert len({entry.about for entry in records("penalty_natural")}) == 1


ITEM = {
    "item_code": "QL-001", "item_name": "食品经营许可", "item_type": "行政许可", "basis": "《中华人民共和国食品安全法》第三十五条",
    "organ": "青禾县市场监督管理局", "duty": "受理、审查、决定、送达", "accountability": "对不符合条件的准予许可", "listed_on": "2026/03/01",
}  # fmt: skip


def test_a_list_sent_whole_takes_off_what_it_no_longer_names(send: Send, market: OrganCard) -> None:
    first = [ITEM, ITEM | {"item_code": "QL-002", "item_name": "药品经营许可"}]
    send(first, kind="power_item", at=NOW - timedelta(days=90))
    second = [
        ITEM | {"promised_limit": "3个工作日", "listed_on": "2026/11/01"},
        ITEM | {"item_code": "QL-003", "listed_on": "2026/11/01"},
    ]
    batch = send(second, kind="power_item")
    assert (batch.accepted, batch.unchanged) == (2, 0), queries.problems(batch.id, limit=5)
    assert [card.number for card in ledger.listed("power_item", market.id)] == ["QL-001", "QL-003"]
    then = ledger.listed("power_item", market.id, as_of=NOW - timedelta(days=30))
    assert [(card.number, card.version) for card in then] == [("QL-001", 1), ("QL-002", 1)]
    again = send(first, kind="power_item", at=NOW + timedelta(days=1))
    assert (again.accepted, again.unchanged) == (2, 0)
    assert [card.number for card in ledger.listed("power_item", market.id)] == ["QL-001", "QL-002"]


@pytest.mark.parametrize("kind", sorted(policy.current().kinds))
def test_every_kind_has_a_template_that_its_own_checks_can_read(kind: str) -> None:
    workbook = openpyxl.load_workbook(io.BytesIO(queries.template(kind, on=TODAY)))
    fields = [field for field in policy.current().kinds[kind].fields if field.need != "B"]
    sheet = workbook["填报"]
    assert [cell.value for cell in sheet[1]] == [field.title for field in fields]
    assert all(cell.comment is not None for cell in sheet[1])
    lists = [field for field in fields if field.type == "choice"]
    assert len(sheet.data_validations.dataValidation) == len(lists)


def test_a_column_nobody_knows_is_said_at_its_heading(send: Send) -> None:
    batch = send(text([good()], headings=[*TITLES, "承办人电话"], ids=[*IDS, "CF_FRDB"]).encode())
    sheet = openpyxl.load_workbook(io.BytesIO(queries.receipt(batch.id))).active
    assert sheet is not None
    comment = sheet.cell(1, len(TITLES) + 2).comment
    assert comment is not None
    assert comment.text == "“承办人电话”：没有对应的字段，这一列没有读入"


def test_a_long_sheet_comes_back_as_the_rows_to_look_at(send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "WHOLE_RECEIPT", 3)
    rows = numbered(5)
    rows[3]["CF_FRDB"] = ""
    sheet = openpyxl.load_workbook(io.BytesIO(queries.receipt(send(text(rows).encode()).id))).active
    assert sheet is not None
    assert sheet.max_row == 2
    comment = sheet["A1"].comment
    assert comment is not None
    assert comment.text.startswith("原文件共5行，这里只列出需要看的行")


def test_a_receipt_cell_cannot_start_a_formula(send: Send) -> None:
    rows = [good(CF_XDR_MC="=cmd|'/c calc'!A0", CF_NR_FK="2000元")]
    batch = send(text(rows).encode())
    sheet = openpyxl.load_workbook(io.BytesIO(queries.receipt(batch.id))).active
    assert sheet is not None
    assert sheet.cell(2, 2).data_type == "s"


def test_a_silent_worker_loses_its_batch_to_another(market: OrganCard) -> None:
    batch_id = actions.receive(
        kind="penalty_legal", organ_id=market.id, author="clerk", data=text([good()]).encode(), filename="表.csv", at=NOW, as_of=TODAY
    )  # fmt: skip
    assert processing._claim(batch_id, NOW)
    assert actions.process(batch_id, clock=lambda: NOW + timedelta(seconds=30)).state == "running"
    assert actions.process(batch_id, clock=lambda: NOW + timedelta(minutes=5)).accepted == 1


def test_totals_count_what_was_reported_and_what_entered(send: Send, market: OrganCard) -> None:
    send(text([*numbered(2), good(CF_SY="")]).encode())
    total = queries.totals(None, ["penalty_legal"], first=TODAY, last=TODAY)[market.id]
    assert (total.reported, total.accepted, total.rejected) == (3, 2, 1)


def test_the_body_kept_is_json_in_canonical_order(send: Send) -> None:
    send(text([good()]).encode())
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM ledger_entry")
        (body,) = cursor.fetchone()
    assert body == json.dumps(json.loads(body), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
