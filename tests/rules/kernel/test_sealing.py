import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiannuo.kernel.refusals import Refused
from jiannuo.kernel.sealing import blind, key_id, seal, unseal

KEY, OLD = bytes(range(32)), bytes(32)
SECRET = b"410526199001010015"


def test_it_opens_in_its_own_place() -> None:
    assert unseal(KEY, seal(KEY, SECRET, context="person.number:7"), context="person.number:7") == SECRET


def test_it_opens_in_no_other_place() -> None:
    with pytest.raises(Refused, match="校验不符"):
        unseal(KEY, seal(KEY, SECRET, context="person.number:7"), context="person.number:8")


def test_the_same_value_is_never_sealed_twice_alike() -> None:
    assert seal(KEY, SECRET, context="a") != seal(KEY, SECRET, context="a")


def test_it_names_its_key_and_old_keys_still_open_it() -> None:
    sealed = seal(OLD, SECRET, context="a")
    assert sealed[1:5] == key_id(OLD)
    assert unseal([KEY, OLD], sealed, context="a") == SECRET
    with pytest.raises(Refused, match=f"没有编号为 {key_id(OLD).hex()} 的密钥"):
        unseal(KEY, sealed, context="a")


@given(st.binary(max_size=60), st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
def test_everything_that_is_sealed_opens(data: bytes, context: str) -> None:
    assert unseal(KEY, seal(KEY, data, context=context), context=context) == data


@given(st.data())
def test_every_changed_byte_is_noticed(data: st.DataObject) -> None:
    sealed = bytearray(seal(KEY, SECRET, context="a"))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(Refused):
        unseal(KEY, bytes(sealed), context="a")


@pytest.mark.parametrize("sealed", [b"", b"\x01" * 10, b"\x02" + bytes(60)])
def test_what_was_never_sealed_is_refused(sealed: bytes) -> None:
    with pytest.raises(Refused, match="格式不对"):
        unseal(KEY, sealed, context="a")


@pytest.mark.parametrize("key", [b"", b"short", bytes(33)])
def test_a_key_has_thirty_two_bytes(key: bytes) -> None:
    words = "密钥应为 32 字节"
    with pytest.raises(Refused, match=words):
        seal(key, b"", context="")
    with pytest.raises(Refused, match=words):
        blind(key, "a")


def test_the_blind_index_finds_the_same_text_and_nothing_else() -> None:
    assert blind(KEY, "张三") == blind(KEY, "张三")
    assert len({blind(KEY, "张三"), blind(KEY, "李四"), blind(OLD, "张三")}) == 3
    assert len(blind(KEY, "张三")) == 16
