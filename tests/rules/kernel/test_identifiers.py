import csv
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiannuo.kernel.identifiers import (
    CHECKS,
    USCC_ALPHABET,
    check_id_card,
    check_org_code,
    check_registration_number,
    check_uscc,
)

USCC = [
    ("机关", "114105260056789022", "ok", ""),
    ("主体标识码校验位为0", "91410526MA4JURQ20C", "ok", ""),
    ("主体标识码校验位为X", "93410526MA3XAAAAXY", "ok", ""),
    ("余数为0校验位取0", "91410526MAJH6YGD00", "ok", ""),
    ("字母开头的村集体", "N2410526MF1234567N", "ok", ""),
    ("基层工会", "81410526MC1234566Y", "ok", ""),
    ("真实企业", "91110000600037341L", "ok", ""),
    ("例子企业", "91410526MA3X12345D", "ok", ""),
    ("个体工商户", "92410526MA40ABC136", "ok", ""),
    ("小写、全角、空格", " ９1410526 ma3x12345d\u200b", "ok", ""),
    ("占位码", "0" * 17 + "x", "warning", "个体工商户"),
    ("校验位错", "91410526MA3X12345E", "error", "校验位不符，请核对原件"),
    ("校验位错不透露正确值", "91410526MA3X12345E", "error", "原件"),
    ("字母I", "9I410526MA3X12345D", "error", "第2位是字母I"),
    ("字母O", "91410526MAOX12345D", "error", "第11位是字母O"),
    ("字母Z", "91410526MA3X1234ZD", "error", "不用 I、O、Z、S、V"),
    ("字母S", "91410526MA3X1234SD", "error", "第17位是字母S"),
    ("字母V", "91410526MA3X1234VD", "error", "第17位是字母V"),
    ("标点", "91410526MA3X1234-D", "error", "不是数字或字母"),
    ("区划码含字母", "91A10526MA3X12345D", "error", "行政区划码"),
    ("遮盖", "92**************6F", "error", "遮盖"),
    ("全零", "0" * 18, "error", "全0"),
    ("空", "  ", "error", "未填写"),
    ("含汉字", "91410526MA3X1234号D", "error", "“号”"),
    ("科学计数法", "4.10526E+17", "error", "科学计数法"),
    ("十五位注册号", "110108000000016", "error", "工商注册号一栏"),
    ("九位组织机构代码", "005678902", "error", "组织机构代码一栏"),
    ("少一位", "91410526MA3X12345", "error", "现为17位"),
]
ID_CARDS = [
    ("滑县", "410526199001010015", "ok", ""),
    ("1983年前的滑县", "412127197503050014", "ok", ""),
    ("1983至1986年的滑县", "410921198507150029", "ok", ""),
    ("1975年生而1986年后编号", "410526197503050018", "ok", ""),
    ("港澳台居民居住证", "810000199001010019", "ok", ""),
    ("末位小写x", "11010519491231002x", "ok", ""),
    ("全角带空格", "４10526 19900101 0015", "ok", ""),
    ("二月三十日", "410526199002300014", "error", "不是真实的出生日期"),
    ("年份离奇", "410526119001010015", "error", "不是真实的出生日期"),
    ("校验位错", "410526199001010016", "error", "校验位不符，请核对原件"),
    ("十五位", "410526900101001", "error", "2013年1月1日"),
    ("遮盖", "410526********0015", "error", "遮盖"),
    ("空", "", "error", "未填写"),
    ("科学计数法", "4.1052619900101e+17", "error", "科学计数法"),
    ("短", "4105261990", "error", "现为10位"),
    ("字母在中间", "41052619900101A015", "error", "前17位应为数字"),
]
ORG_CODES = [
    ("带连字符", "00567890-2", "ok", ""),
    ("不带连字符", "005678902", "ok", ""),
    ("校验位X", "MA3XAAAAX", "ok", ""),
    ("校验位0", "ma4jurq20", "ok", ""),
    ("校验位错", "005678903", "error", "校验位不符"),
    ("填了统一代码", "91410526MA3X12345D", "error", "统一社会信用代码一栏"),
    ("空", "", "error", "未填写"),
    ("短", "0056789", "error", "8位数字或字母"),
    ("连字符错位", "0056-78902", "error", "8位数字或字母"),
]
REGISTRATION_NUMBERS = [
    ("标准例子", "110108000000016", "ok", ""),
    ("全角", "１10108000000016", "ok", ""),
    ("校验位错", "110108000000017", "error", "校验位不符"),
    ("2007年前十三位", "1101082953931", "warning", "2007年以前"),
    ("合作社旧号", "410526NA000123X", "warning", "农民专业合作社"),
    ("位数不对", "11010800000001", "error", "现为14位"),
    ("统一代码", "91410526MA3X12345D", "error", "统一社会信用代码一栏"),
    ("空", "", "error", "未填写"),
    ("文字", "企独豫总字", "error", "15位数字"),
    ("科学计数法", "1.10108E+14", "error", "科学计数法"),
]
CASES = [
    pytest.param(check, text, level, words, id=f"{check}-{name}")
    for check, rows in (
        ("uscc", USCC),
        ("id_card", ID_CARDS),
        ("org_code", ORG_CODES),
        ("registration_number", REGISTRATION_NUMBERS),
    )
    for name, text, level, words in rows
]


@pytest.mark.parametrize("check, text, level, words", CASES)
def test_codes(check: str, text: str, level: str, words: str) -> None:
    verdict = CHECKS[check](text)
    assert (verdict.level, words in verdict.reason) == (level, True), verdict
    assert (verdict.reason == "") is (verdict.level == "ok")


def with_check_character(body: str) -> str:
    return next(code for code in (body + c for c in USCC_ALPHABET) if "校验位不符，请" not in check_uscc(code).reason)


def test_an_unknown_category_is_only_doubted() -> None:
    verdict = check_uscc(with_check_character("99410526MA3X12345"))
    assert verdict.level == "warning"
    assert "前两位“99”" in verdict.reason


def test_a_wrong_inner_organisation_code_is_only_doubted() -> None:
    verdict = check_uscc(with_check_character("91410526MA3X12346"))
    assert verdict.level == "warning"
    assert "主体标识码" in verdict.reason


def test_an_identity_number_of_an_unknown_region_is_only_doubted() -> None:
    codes = ("990526199001010" + "01" + c for c in "0123456789X")
    assert [v.level for v in map(check_id_card, codes)].count("ok") == 1  # 9… 外国人永久居留身份证
    codes = ("100526199001010" + "01" + c for c in "0123456789X")
    assert sorted({v.level for v in map(check_id_card, codes)}) == ["error", "warning"]


def test_the_value_is_written_one_way() -> None:
    assert check_uscc("９1410526 ma3x12345d").value == "91410526MA3X12345D"
    assert check_org_code("ma3xaaaa-x").value == "MA3XAAAAX"
    assert check_id_card("11010519491231002x").value == "11010519491231002X"
    assert check_registration_number("1101 0800 0000 016").value == "110108000000016"


VALID = "91410526MA3X12345D"


@given(st.integers(0, 17), st.sampled_from(USCC_ALPHABET))
def test_every_single_wrong_character_is_caught(position: int, character: str) -> None:
    code = VALID[:position] + character + VALID[position + 1 :]
    assert (check_uscc(code).level == "ok") is (code == VALID)


@given(st.sampled_from(sorted(CHECKS)), st.text(max_size=30))
def test_checking_any_text_answers_and_checking_twice_changes_nothing(check: str, text: str) -> None:
    first = CHECKS[check](text)
    second = CHECKS[check](first.value)
    assert second.value == first.value
    assert (second.level == "error") is (first.level == "error")


@given(st.text(alphabet="0123456789", min_size=14, max_size=14))
def test_one_last_digit_of_ten_fits_a_registration_number(body: str) -> None:
    assert [check_registration_number(body + digit).level for digit in "0123456789"].count("ok") == 1


def read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", ["huaxian_companies", "anyang_companies_sample"])
def test_real_firms_all_pass(shared: Path, name: str) -> None:
    rows = read_rows(shared / "companies" / f"{name}.csv")
    verdicts = [check_uscc(row["统一社会信用代码"]) for row in rows]
    assert [v for v in verdicts if v.level != "ok"] == []


def test_real_list_with_three_code_systems(shared: Path) -> None:
    rows = read_rows(shared / "blacklists" / "ecommerce_dishonest_500_part.csv")
    for row in rows:
        assert check_uscc(row["统一信用代码"]).level == ("ok" if row["统一信用代码"] else "error")
        number = check_registration_number(row["工商注册号"])
        assert number.level != "error" or "统一社会信用代码一栏" in number.reason
    misplaced = [row for row in rows if "统一社会信用代码一栏" in check_org_code(row["组织机构代码"]).reason]
    assert len(misplaced) == 44


def test_a_hundred_and_forty_seven_thousand_codes_are_quick(shared: Path) -> None:
    rows = read_rows(shared / "companies" / "anyang_companies_sample.csv")
    codes = [row["统一社会信用代码"] for row in rows] * (147_000 // len(rows) + 1)
    started = time.process_time()
    verdicts = [check_uscc(code) for code in codes[:147_000]]
    assert time.process_time() - started < 2  # 0.4 on two quiet cores
    assert {verdict.level for verdict in verdicts} == {"ok"}
