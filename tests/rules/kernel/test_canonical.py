import hashlib
import json
from collections import OrderedDict
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiannuo.kernel.canonical import FORM, digest, encode
from jiannuo.kernel.refusals import Refused

TEXTS = st.text(max_size=8)
SCALARS = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXTS
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4), max_leaves=12
)


def same(one: object, other: object) -> bool:
    """Equal in value and in type all the way down: 1 is not True, and key order is of no account."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return one == other


def by_the_standard_library(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


@given(VALUES)
def test_the_standard_library_recomputes_it(value: object) -> None:
    assert encode(value) == by_the_standard_library(value)
    assert digest(value) == hashlib.sha256(b"jiannuo:1\n" + by_the_standard_library(value)).digest()
    assert same(json.loads(encode(value)), value)


@given(VALUES, VALUES)
def test_two_values_never_share_their_bytes(one: object, other: object) -> None:
    assert (encode(one) == encode(other)) is same(one, other)


def test_keys_are_sorted_by_code_point() -> None:
    value = {"\U00010000": 1, "\uffff": 2, "文号": 3, "a": 4, "B": 5}
    assert encode(value) == '{"B":5,"a":4,"文号":3,"\uffff":2,"\U00010000":1}'.encode()


@pytest.mark.parametrize("text", ['"\\', "\x00\x1f\x7f\x80", "\b\f\n\r\t", "\u2028\u2029", "</script>", "😀"])
def test_awkward_characters_are_written_as_the_standard_library_writes_them(text: str) -> None:
    assert encode(text) == by_the_standard_library(text)


def test_look_alikes_are_kept_apart() -> None:
    assert digest("é") != digest("e\u0301")


def test_the_form_is_named_in_the_digest() -> None:
    assert FORM == 1
    assert digest({"a": 1}).hex() == hashlib.sha256(b'jiannuo:1\n{"a":1}').hexdigest()


class Label(str):
    __slots__ = ()


def deep(levels: int) -> object:
    value: object = 1
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(1.0, id="浮点数"),
        pytest.param([float("nan")], id="非数"),
        pytest.param({"a": {1: 2}}, id="键为整数"),
        pytest.param({None: 2}, id="键为空"),
        pytest.param("\ud800", id="不成对的代理字符"),
        pytest.param({"\udfff": 1}, id="键里不成对的代理字符"),
        pytest.param(Decimal("1.5"), id="十进制数"),
        pytest.param(date(2026, 9, 3), id="日期"),
        pytest.param((1, 2), id="元组"),
        pytest.param({1, 2}, id="集合"),
        pytest.param(b"a", id="字节"),
        pytest.param(Label("a"), id="文字的子类"),
        pytest.param(OrderedDict(a=1), id="表的子类"),
        pytest.param(2**53, id="过大的整数"),
        pytest.param(-(2**53), id="过小的整数"),
        pytest.param(deep(65), id="过深"),
    ],
)
def test_what_has_no_one_form_is_refused(value: object) -> None:
    with pytest.raises(Refused, match="不能计算摘要"):
        digest(value)


def test_as_deep_as_allowed() -> None:
    assert encode(deep(64)) == b"[" * 64 + b"1" + b"]" * 64
