"""How long a record is shown and from when on it may be repaired: three generations of rules, by the day of the decision (G7)."""

from datetime import date
from pathlib import Path

import pytest

from jiannuo.policy.pack import Pack, load

CASES = [
    # what it is, decided on, kinds of penalty, basis, first day of repair, last day shown
    ("Order 36, serious", "2026-05-08", "吊销许可证件", "", "2027-05-09", "2029-05-08"),
    ("Order 36, general", "2026-05-08", "没收违法所得", "", "2026-08-09", "2027-05-08"),
    ("Order 36, light", "2026-05-08", "通报批评", "", "2026-05-08", "2026-08-08"),
    ("Order 36, a fine and a licence taken: the longest", "2026-05-08", "罚款;吊销许可证件", "", "2027-05-09", "2029-05-08"),
    ("Order 36, a warning and a fine: not light alone", "2026-05-08", "警告;没收违法所得", "", "2026-08-09", "2027-05-08"),
    ("Order 36, a fine alone", "2026-05-08", "罚款", "", "2026-08-09", "2027-05-08"),
    ("Order 58, whatever the penalty", "2024-05-08", "吊销许可证件", "", "2024-08-09", "2027-05-08"),
    ("Order 58, food", "2024-05-08", "罚款", "《中华人民共和国食品安全法》第一百二十二条", "2025-05-09", "2027-05-08"),
    ("Order 36 knows no field of food", "2026-05-08", "罚款", "《中华人民共和国食品安全法》第一百二十二条", "2026-08-09", "2027-05-08"),
    ("a month that has no such day", "2025-11-30", "罚款", "", "2026-03-01", "2028-11-30"),
    ("No. 527, general", "2022-05-08", "罚款", "", "2022-08-09", "2023-05-08"),
    ("No. 527, serious", "2022-05-08", "责令停产停业", "", "2022-11-09", "2025-05-08"),
    ("No. 527, never repaired", "2022-05-08", "罚款", "属于特定严重失信行为", None, "2025-05-08"),
    ("the last day of No. 527", "2023-04-30", "责令停产停业", "", "2023-10-31", "2026-04-30"),
    ("the first day of Order 58", "2023-05-01", "责令停产停业", "", "2023-08-02", "2026-05-01"),
    ("the last day of Order 58", "2026-03-31", "罚款", "", "2026-07-01", "2029-03-31"),
    ("the first day of Order 36", "2026-04-01", "罚款", "", "2026-07-02", "2027-04-01"),
]  # fmt: skip


@pytest.fixture(scope="module")
def pack(root: Path) -> Pack:
    return load(root / "packs" / "sample")


@pytest.mark.parametrize(
    "decided_on, categories, basis, first, last", [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_terms(pack: Pack, decided_on: str, categories: str, basis: str, first: str | None, last: str) -> None:
    body = {"CF_CFLB": categories, "CF_YJ": basis}
    found = pack.terms("penalty_legal", body, decided_on=date.fromisoformat(decided_on))
    assert found is not None
    assert found.first_on == (date.fromisoformat(first) if first else None)
    assert found.last_on == date.fromisoformat(last)


def test_it_is_told_in_words(pack: Pack) -> None:
    told = pack.terms("penalty_legal", {"CF_CFLB": "吊销许可证件"}, decided_on=date(2026, 5, 8))
    assert told is not None
    assert told.words == (
        "属于“严重”，自2026-05-08起最长公示36个月，公示到2029-05-08为止；满12个月以后，2027-05-09起可以申请修复"
    )
    light = pack.terms("penalty_legal", {"CF_CFLB": "警告"}, decided_on=date(2026, 5, 8))
    assert light is not None
    assert light.words.endswith("公示到2026-08-08为止；履行完义务就可以申请修复")


def test_a_licence_is_no_dishonesty(pack: Pack) -> None:
    assert pack.terms("licence_legal", {}, decided_on=date(2026, 5, 8)) is None
