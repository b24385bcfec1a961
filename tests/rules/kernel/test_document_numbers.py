import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiannuo.kernel.document_numbers import check_document_number

GOOD = [
    ("规范写法", "滑政〔2017〕31号", "滑政〔2017〕31号"),
    ("空格", "豫 0185 环罚决字〔2023〕22号", "豫0185环罚决字〔2023〕22号"),
    ("全角空格和零宽字符", "滑政\u3000〔2017〕\u200b31号", "滑政〔2017〕31号"),
    ("套括号、第、前导零", "滑公（城关）行罚决字〔2026〕第0012号", "滑公（城关）行罚决字〔2026〕12号"),
    ("开头的括号", "(滑)登记内设字〔2026〕第123号", "（滑）登记内设字〔2026〕123号"),
    ("方头括号", "滑政【2017】31号", "滑政〔2017〕31号"),
    ("半角方括号", "滑政[2017]31号", "滑政〔2017〕31号"),
    ("全角方括号", "滑政［2017］31号", "滑政〔2017〕31号"),
    ("半角圆括号", "滑政(2017)31号", "滑政〔2017〕31号"),
    ("全角圆括号", "滑政（2017）31号", "滑政〔2017〕31号"),
    ("数学括号", "滑政⟦2017⟧31号", "滑政〔2017〕31号"),
    ("括号不配", "滑政〔2017)31号", "滑政〔2017〕31号"),
    ("全角数字", "滑政〔２０１７〕３１号", "滑政〔2017〕31号"),
    ("缺号", "滑政〔2017〕31", "滑政〔2017〕31号"),
    ("第在年份前", "滑环罚字第（2026）012号", "滑环罚字〔2026〕12号"),
    ("第在规范的年份前", "滑环罚字第〔2026〕12号", "滑环罚字〔2026〕12号"),
    ("多个第", "滑环罚字第第〔2026〕第第12号", "滑环罚字〔2026〕12号"),
    ("年字", "滑政〔2017年〕31号", "滑政〔2017〕31号"),
    ("繁体", "豫0523環罰決字〔2025〕9號", "豫0523环罚决字〔2025〕9号"),
    ("分段序号保留零", "邯环罚决字〔2025〕03-003号", "邯环罚决字〔2025〕03-003号"),
    ("长横线", "邯环罚决字〔2025〕03—003号", "邯环罚决字〔2025〕03-003号"),
    ("之一", "滑政〔2017〕31号之一", "滑政〔2017〕31号之一"),
    ("字母小写", "滑政〔2017〕b12号", "滑政〔2017〕B12号"),
]
DOUBTED = [
    ("缺省份简称", "0482环罚决字〔2025〕14号", "0482环罚决字〔2025〕14号", "省份简称"),
    ("缺省份简称、右括号与号", "0482 环罚决字〔2025 16", "0482环罚决字〔2025〕16号", "缺少一侧括号"),
    ("缺左括号", "滑政2017〕31号", "滑政〔2017〕31号", "缺少一侧括号"),
    ("缺左括号且前有数字", "豫01852023〕22号", "豫0185〔2023〕22号", "缺少一侧括号"),
    ("序号为零", "滑政〔2017〕00号", "滑政〔2017〕0号", "序号为0"),
]
REFUSED = [
    ("空", " ", "未填写文号"),
    ("纯文字", "滑县人民政府", "没有年份和序号"),
    ("日期", "2026-09-03", "这是日期"),
    ("中文日期", "2026年9月3日", "这是日期"),
    ("连写日期", "20260903", "这是日期"),
    ("纯数字", "12345", "只有数字"),
    ("两位年份", "滑环罚〔26〕1号", "四位数字"),
    ("三位年份", "滑环罚〔202〕1号", "四位数字"),
    ("年份离奇", "滑环罚〔2199〕1号", "1949至2099"),
    ("年份无括号", "滑环罚2026-1号", "缺少带括号的四位年份"),
    ("中文序号", "滑环罚〔2026〕十号", "阿拉伯数字的序号"),
    ("无序号", "滑环罚〔2026〕号", "阿拉伯数字的序号"),
    ("序号只有字母", "滑环罚〔2026〕AB号", "阿拉伯数字的序号"),
    ("两个文号", "滑环罚〔2026〕1号、2号", "一格只写一个文号"),
    ("带标签", "文号：滑环罚〔2026〕1号", "不属于文号的内容"),
    ("无机关代字", "【2026】3号", "机关代字"),
    ("机关代字只有数字", "0482〔2026〕3号", "不属于文号的内容"),
    ("法院案号", "（2025）豫0526行初12号", "法院案号"),
    ("括号不成对", "滑公（城关行罚决字〔2026〕1号", "括号不成对"),
    ("括号反了", "滑公）城关（行罚决字〔2026〕1号", "括号不成对"),
    ("证照编号", "JY14105260001234", "缺少带括号的四位年份"),
    ("过长", "滑" * 200, "过长"),
    ("机关代字过长", "滑" * 70 + "〔2026〕1号", "不属于文号的内容"),
]


@pytest.mark.parametrize("text, value", [pytest.param(*row, id=name) for name, *row in GOOD])
def test_one_spelling(text: str, value: str) -> None:
    assert check_document_number(text) == ("ok", value, "")


@pytest.mark.parametrize("text, value, words", [pytest.param(*row, id=name) for name, *row in DOUBTED])
def test_what_is_filled_in_or_missing_is_said(text: str, value: str, words: str) -> None:
    verdict = check_document_number(text)
    assert (verdict.level, verdict.value) == ("warning", value)
    assert words in verdict.reason


@pytest.mark.parametrize("text, words", [pytest.param(*row, id=name) for name, *row in REFUSED])
def test_what_cannot_be_a_document_number_is_refused_in_words(text: str, words: str) -> None:
    verdict = check_document_number(text)
    assert verdict.level == "error"
    assert words in verdict.reason


@pytest.mark.parametrize(
    "text, value",
    [
        ("JY14105260001234", "JY14105260001234"),
        ("jy1-4105-26", "JY1-4105-26"),
        ("410526000123456", "410526000123456"),
        ("建字第410526202600012号", "建字第410526202600012号"),
        ("（豫）建字410526202600012", "（豫）建字第410526202600012号"),
    ],
)
def test_a_certificate_code_may_stand_only_where_it_is_let(text: str, value: str) -> None:
    verdict = check_document_number(text, loose=True)
    assert (verdict.level, verdict.value) == ("warning", value)
    assert "证照编号" in verdict.reason
    assert check_document_number(text).level == "error"


@pytest.mark.parametrize("text", ["2026-09-03", "20260903", "ABCDEF", "A1", "滑字第ABCD号", "滑县人民政府", ""])
def test_letting_certificate_codes_stand_lets_nothing_else_stand(text: str) -> None:
    assert check_document_number(text, loose=True).level == "error"


def test_a_proper_number_is_the_same_where_codes_may_stand() -> None:
    assert check_document_number("滑政[2017]31", loose=True) == ("ok", "滑政〔2017〕31号", "")


def test_real_decisions(shared: Path) -> None:
    decisions = json.loads((shared / "penalties" / "real_penalty_decisions_part1.json").read_text("utf-8"))
    for decision in decisions:
        verdict = check_document_number(decision["doc_no_raw"])
        if decision["doc_no_raw"].startswith("0"):
            assert verdict.level == "warning"
            assert "豫" + verdict.value == decision["doc_no_expected"]
        else:
            assert (verdict.level, verdict.value) == ("ok", decision["doc_no_expected"])


PIECES = st.lists(
    st.sampled_from(
        [*"滑政环罚决字第第号年之一（）()〔〕[]【】⟦⟧2017 260-—Ab０號", "〔2026〕", "(2026)", "2026〕", "〔2026"]
    ),
    max_size=14,
).map("".join)


@given(PIECES | st.text(max_size=20), st.booleans())
def test_normalising_twice_changes_nothing(text: str, loose: bool) -> None:
    first = check_document_number(text, loose=loose)
    second = check_document_number(first.value, loose=loose)
    assert second.value == first.value
    assert (second.level == "error") is (first.level == "error")
    if first.level == "ok":
        assert second == first


@given(
    st.sampled_from("〔【[（(［⟦"), st.integers(1949, 2099), st.integers(1, 10**6), st.sampled_from(["", "号", "號"])
)
def test_every_bracket_and_every_zero_leads_to_one_number(opening: str, year: int, serial: int, ending: str) -> None:
    closing = dict(zip("〔【[（(［⟦", "〕】]）)］⟧", strict=True))[opening]
    verdict = check_document_number(f"滑环罚决字{opening}{year}{closing}第{serial:08d}{ending}")
    assert verdict == ("ok", f"滑环罚决字〔{year}〕{serial}号", "")
