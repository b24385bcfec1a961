import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiannuo.kernel.searching import bigrams, fold_text, query_grams


@pytest.mark.parametrize(
    "text, folded",
    [
        ("滑政［２０１７］ 31 号", "滑政〔2017〕31号"),
        ("滑政(2017)31号", "滑政〔2017〕31号"),
        ("滑公（城关）【2026】", "滑公〔城关〕〔2026〕"),
        ("ＡＢＣ\u3000公司\n", "abc公司"),
        ("甲—乙", "甲-乙"),
        ("", ""),
    ],
)
def test_one_spelling(text: str, folded: str) -> None:
    assert fold_text(text) == folded


@pytest.mark.parametrize(
    "text, grams",
    [
        ("政务诚信", ["政务", "务诚", "诚信"]),
        ("91MA3", ["91", "1m", "ma", "a3"]),
        ("罚〔20", ["罚〔", "〔2", "20"]),
        ("安", ["安"]),
        (" ", []),
    ],
)
def test_pairs(text: str, grams: list[str]) -> None:
    assert bigrams(text) == grams


@pytest.mark.parametrize(
    "text, words",
    [
        pytest.param("滑县 城关镇", [["滑县"], ["城关", "关镇"]], id="两个词"),
        pytest.param("安 滑县", [["滑县"]], id="单字陪衬不计"),
        pytest.param("安", [["安"]], id="只有单字"),
        pytest.param("安 阳", [["安"]], id="只有单字两个"),
        pytest.param("  ", [], id="空"),
        pytest.param("0012", [["00", "01", "12"]], id="号码的一段"),
    ],
)
def test_what_is_asked_for(text: str, words: list[list[str]]) -> None:
    assert query_grams(text) == words


def holds(written: list[str], asked: list[str]) -> bool:
    return any(written[n : n + len(asked)] == asked for n in range(len(written)))


@given(st.text(min_size=2, max_size=30), st.data())
def test_every_part_of_two_characters_or_more_is_found(text: str, data: st.DataObject) -> None:
    folded = fold_text(text)
    if len(folded) < 2:
        return
    start = data.draw(st.integers(0, len(folded) - 2))
    end = data.draw(st.integers(start + 2, len(folded)))
    part = folded[start:end]
    if fold_text(part) == part:  # a combining mark at the cut may join differently
        assert holds(bigrams(text), bigrams(part))


@given(st.text(alphabet="ab安阳〔1", max_size=12), st.text(alphabet="ab安阳〔1", min_size=2, max_size=4))
def test_nothing_else_is_found(text: str, asked: str) -> None:
    assert holds(bigrams(text), bigrams(asked)) is (asked in text)


@given(st.text(max_size=30))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold_text(fold_text(text)) == fold_text(text)
