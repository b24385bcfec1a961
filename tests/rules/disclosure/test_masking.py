"""What everybody sees: fields named public, persons masked, codes of organisations whole."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jiannuo.disclosure import rules
from jiannuo.kernel.personal import find_personal
from jiannuo.policy import pack as policy
from tests.rules.disclosure.test_filters import COMPANY, PERSON

PACK = policy.load(Path(__file__).resolve().parents[3] / "packs" / "sample")


def shown(kind: str, body: dict[str, str]) -> dict[str, str]:
    return {each.field: each.shown for each in rules.public_view(PACK.kinds[kind], body)}


@pytest.mark.parametrize("kind", sorted(PACK.kinds))
def test_only_what_the_pack_names_public_is_shown(kind: str) -> None:
    fields = PACK.kinds[kind].fields
    view = shown(kind, {field.id: "甲乙丙" for field in fields} | {"CF_LATER": "新加的列"})
    assert set(view) == {field.id for field in fields if field.public and field.personal != "secret"}


def test_a_natural_persons_name_is_masked_and_no_number_is_shown() -> None:
    view = shown("penalty_natural", PERSON | {"CF_XDR_MC": "欧阳修文", "CF_XDR_ZJHM": "410526197503050018"})
    assert view["CF_XDR_MC"] == "欧***"
    assert "CF_XDR_ZJHM" not in view
    assert "CF_XDR_ZJLX" not in view


@pytest.mark.parametrize(
    "type_, code, operator",
    [
        pytest.param("法人及非法人组织", "91419926MA3X12345D", "王小明", id="公司的法定代表人照写"),
        pytest.param("个体工商户", "92419926MA40ABC136", "王**", id="个体工商户的经营者遮盖"),
        pytest.param("法人及非法人组织", "92419926MA40ABC136", "王**", id="代码以92开头的也是个体工商户"),
    ],
)
def test_a_households_operator_is_a_person(type_: str, code: str, operator: str) -> None:
    view = shown("penalty_legal", COMPANY | {"CF_XDR_LB": type_, "CF_XDR_SHXYM": code, "CF_FRDB": "王小明"})
    assert view["CF_FRDB"] == operator
    assert view["CF_XDR_SHXYM"] == code
    assert view["CF_XDR_MC"] == COMPANY["CF_XDR_MC"]


def test_personal_data_left_in_a_text_is_blacked_out() -> None:
    view = shown("penalty_legal", COMPANY | {"CF_SY": "李某13803721234，身份证410526197503050018。"})
    assert "13803721234" not in view["CF_SY"]
    assert "410526197503050018" not in view["CF_SY"]
    assert "【手机号已隐去】" in view["CF_SY"]


def test_remarks_and_unfilled_fields_are_not_shown() -> None:
    view = shown("penalty_legal", COMPANY | {"BZ": "内部备注", "CF_NR_ZKDX": ""})
    assert not {"BZ", "CF_NR_ZKDX"} & set(view)


PIECES = st.sampled_from(
    ["1", "38", "0372", "1234", "13803721234", "410526", "19850315", "0015", "X", "*", "××××", " ", "-", "　", "１３８", "３", "6222", "住",
     "青禾县", "柳林镇", "王庄村", "人民路", "3", "十二", "号", "组", "室", "单元", "栋", "号楼", "幸福小区", "第", "〔2026〕", "。", "李某"]
)  # fmt: skip


@settings(max_examples=1000)
@given(st.lists(PIECES, max_size=14).map("".join))
def test_the_quick_look_never_misses_what_the_long_one_finds(text: str) -> None:
    assert rules.personal_in(text) == find_personal(text)


def test_search_text_holds_the_public_searchable_fields_folded() -> None:
    kind = PACK.kinds["penalty_natural"]
    text = rules.search_text(kind, PERSON | {"CF_XDR_MC": "张三丰", "CF_WSH": "青公罚（2026）３号"})
    assert "张**" in text.split("\n")
    assert "三丰" not in text
    assert "青公罚〔2026〕3号" in text.split("\n")
