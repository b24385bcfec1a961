import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiannuo.kernel.names import fold_name


@pytest.mark.parametrize(
    "one, other",
    [
        pytest.param("滑县 城关镇人民政府", "滑县城关镇人民政府", id="空格"),
        pytest.param("安阳市（滑县）机械厂", "安阳市(滑县)机械厂", id="圆括号"),
        pytest.param("安阳市〔滑县〕机械厂", "安阳市【滑县】机械厂", id="各式括号"),
        pytest.param("ＡＢＣ公司", "abc公司", id="全角与大小写"),
        pytest.param("买买提•艾力", "买买提·艾力", id="间隔号"),
        pytest.param("某某\u200b公司", "某某公司", id="零宽字符"),
        pytest.param("甲—乙", "甲-乙", id="横线"),
    ],
)
def test_spellings_of_one_name_fold_alike(one: str, other: str) -> None:
    assert fold_name(one) == fold_name(other)


@pytest.mark.parametrize("one, other", [("滑县一中", "滑县二中"), ("甲（乙）", "甲乙"), ("湯陰縣", "汤阴县")])
def test_different_names_stay_different(one: str, other: str) -> None:
    assert fold_name(one) != fold_name(other)


@given(st.text(max_size=30))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold_name(fold_name(text)) == fold_name(text)
