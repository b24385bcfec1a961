from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiannuo.kernel.amounts import parse_amount, wan_to_yuan, yuan_to_wan
from jiannuo.kernel.refusals import Refused


@pytest.mark.parametrize(
    "text, places, expected",
    [
        ("0.2", 6, "0.200000"),
        ("0.000300", 6, "0.000300"),
        ("1,234.56", 2, "1234.56"),
        ("1234.5", 2, "1234.50"),
        ("１，２３４．５６", 2, "1234.56"),
        (" 12 ", 0, "12"),
        ("0.2000000", 6, "0.200000"),
        ("999999999999999999", 6, "999999999999999999.000000"),
        ("007", 0, "7"),
    ],
)
def test_an_amount_is_read_exactly(text: str, places: int, expected: str) -> None:
    assert str(parse_amount(text, places)) == expected


@pytest.mark.parametrize(
    "text, words",
    [
        pytest.param("", "未填写金额", id="空"),
        pytest.param("2000元", "带有单位“元”", id="元"),
        pytest.param("0.2万元", "带有单位“万元”", id="万元"),
        pytest.param("3万", "带有单位“万”", id="万"),
        pytest.param("￥2000.00元整", "带有单位“元”", id="元整"),
        pytest.param("人民币2,000元", "带有单位“元”", id="人民币"),
        pytest.param("两千", "不是金额", id="大写"),
        pytest.param("1e5", "不是金额", id="科学计数法"),
        pytest.param("1,23,4", "不是金额", id="分节不对"),
        pytest.param("1234,567", "不是金额", id="分节不齐"),
        pytest.param(".5", "不是金额", id="缺整数"),
        pytest.param("5.", "不是金额", id="缺小数"),
        pytest.param("NaN", "不是金额", id="非数"),
        pytest.param("1" * 19, "不是金额", id="过大"),
        pytest.param("-3", "是负数", id="负数"),
        pytest.param("٣", "不是金额", id="非西文数字"),
        pytest.param("0.0000001", "小数超过6位", id="过细"),
    ],
)
def test_what_is_no_amount_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(Refused, match=words) as refusal:
        parse_amount(text, 6, field="fine")
    assert refusal.value.field == "fine"
    assert refusal.value.fix


def test_a_balance_may_be_negative_where_it_is_let() -> None:
    assert parse_amount("-1,000.5", 2, signed=True) == Decimal("-1000.50")
    assert str(parse_amount("-0", 2, signed=True)) == "0.00"


@pytest.mark.parametrize("yuan, wan", [("2000", "0.200000"), ("3", "0.000300"), ("0.01", "0.000001")])
def test_yuan_and_ten_thousand_yuan(yuan: str, wan: str) -> None:
    assert str(yuan_to_wan(Decimal(yuan))) == wan
    assert wan_to_yuan(Decimal(wan)) == Decimal(yuan)


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "-Infinity"])
def test_an_amount_is_a_number(amount: str) -> None:
    with pytest.raises(Refused, match="确切"):
        yuan_to_wan(Decimal(amount))


def test_a_float_is_no_amount() -> None:
    with pytest.raises(Refused, match="确切"):
        wan_to_yuan(0.1)  # type: ignore[arg-type]


def test_a_part_of_a_cent_is_refused_and_never_rounded() -> None:
    with pytest.raises(Refused, match="小数超过"):
        yuan_to_wan(Decimal("0.001"))
    with pytest.raises(Refused, match="小数超过"):
        wan_to_yuan(Decimal("0.0000001"))


@given(st.decimals(0, 10**17, places=2))
def test_there_and_back_is_the_same_amount(yuan: Decimal) -> None:
    assert wan_to_yuan(yuan_to_wan(yuan)) == yuan
    assert parse_amount(f"{yuan:,f}", 2) == yuan


@given(st.text(max_size=20))
def test_any_text_is_an_amount_or_refused(text: str) -> None:
    with suppress(Refused):
        assert parse_amount(text, 6).is_finite()
