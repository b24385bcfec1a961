"""How a question is understood, and what a record is found by."""

from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiannuo.disclosure import rules
from jiannuo.disclosure.rules import Filters
from jiannuo.kernel.refusals import Refused
from jiannuo.kernel.searching import bigrams, fold_text


@pytest.mark.parametrize(
    "question, words",
    [
        ("鑫隆", ("鑫隆",)),
        (" 鑫隆　商贸 ", ("鑫隆", "商贸")),
        ("鑫隆 鑫隆", ("鑫隆",)),
        ("（集团）", ("〔集团〕",)),
        ("ＭＡ３Ｘ", ("ma3x",)),
        ("鑫\u0000隆", ("鑫", "隆")),
        ("", ()),
        ("  ", ()),
    ],
)
def test_words_are_folded_and_parted_at_spaces(question: str, words: tuple[str, ...]) -> None:
    if any(len(word) == 1 for word in words):
        with pytest.raises(Refused, match="一个字"):
            rules.looked(question)
        return
    assert rules.looked(question).words == words


@pytest.mark.parametrize("question", ["鑫", "鑫隆 商", "a"])
def test_one_character_is_refused_in_words(question: str) -> None:
    with pytest.raises(Refused) as refused:
        rules.looked(question)
    assert refused.value.code == "one_character"
    assert "两个字" in refused.value.fix


def test_too_much_is_refused() -> None:
    with pytest.raises(Refused, match="太长"):
        rules.looked("鑫" * 61)
    with pytest.raises(Refused, match="太长"):
        rules.looked("甲乙 丙丁 戊己 庚辛 壬癸 子丑 寅卯")


@pytest.mark.parametrize(
    "question, number",
    [
        ("青市监处罚〔2026〕12号", "青市监处罚〔2026〕12号"),
        ("青市监处罚(2026)12", "青市监处罚〔2026〕12号"),
        ("〔2026〕12", ""),
        ("青市监处罚", ""),
    ],
)
def test_a_whole_document_number_is_known(question: str, number: str) -> None:
    found = rules.looked(question).number
    assert found in {number, number.removesuffix("号")}


def test_a_code_may_be_any_of_a_partys_codes() -> None:
    assert "uscc:91419926MA3X12345D" in rules.looked("91419926ma3x12345d").parties
    assert rules.looked("鑫隆商贸").parties == ()
    assert rules.looked("ABCDEFG").parties == ()


TEXT = st.text(alphabet="鑫隆商贸有限公司〔〕0129号abAB '\"\\罚第", min_size=2, max_size=24)


@given(TEXT)
def test_the_pieces_hold_every_pair(text: str) -> None:
    folded = fold_text(text)
    if folded:
        assert set(bigrams(folded)) <= set(rules.grams(folded))


@given(TEXT, st.data())
def test_every_part_of_a_text_asks_only_for_pieces_the_text_has(text: str, data: st.DataObject) -> None:
    folded = fold_text(text)
    if len(folded) < 2:
        return
    start = data.draw(st.integers(0, len(folded) - 2))
    part = folded[start : data.draw(st.integers(start + 2, len(folded)))]
    has = set(rules.terms(folded, kind="k", organ=1, decided_on=date(2026, 3, 1), standing=""))
    frequency = {gram: data.draw(st.floats(0, 1)) for gram in rules.grams(part)}
    for group in rules.groups([part], Filters(), frequency):
        assert has & set(group)


def test_filters_are_terms_too() -> None:
    found = rules.groups([], Filters(("penalty_legal", "licence_legal"), (3, 4), 2026, 3, "late"))
    assert found == [["k=penalty_legal", "k=licence_legal"], ["o=3", "o=4"], ["m=202603"], ["s=late"]]
    assert rules.groups([], Filters(year=2026)) == [["y=2026"]]
    assert rules.groups([], Filters(organs=(3, 4), year=2026)) == [["o=3y=2026", "o=4y=2026"]]


def test_every_way_to_narrow_asks_only_for_terms_a_record_within_it_has() -> None:
    has = set(rules.terms("", kind="penalty_legal", organ=3, decided_on=date(2026, 3, 1), standing="late"))
    kinds: list[tuple[str, ...]] = [(), ("penalty_legal",)]
    organs: list[tuple[int, ...]] = [(), (3,), (4, 3)]
    for kind, organ, (year, month) in product(kinds, organs, [(0, 0), (2026, 0), (2026, 3)]):
        for group in rules.groups([], Filters(kind, organ, year, month, "late")):
            assert has & set(group), group


def test_quotes_cannot_leave_their_term() -> None:
    assert rules.fts([['a"b']]) == '("a""b")'
    assert rules.tsquery([["a'b\\"]]) == "('a''b\\\\')"
