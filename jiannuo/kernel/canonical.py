"""One sequence of bytes for one value, so that anyone can recompute a digest with nothing but a JSON library.

The form is JSON with sorted keys, no spaces and unescaped characters: json.dumps(value, sort_keys=True,
separators=(",", ":"), ensure_ascii=False) in UTF-8. Text is taken as it is, without Unicode normalisation: texts that
look alike but differ in code points have different digests, so whoever takes text in normalises it first.
"""

import hashlib
from typing import Any

import orjson

from jiannuo.kernel.refusals import Refused

FORM = 1
PREFIX = b"jiannuo:%d\n" % FORM
_BEGUN = hashlib.sha256(PREFIX)
# Whole numbers beyond this are not read exactly by programs that keep numbers as doubles.
LARGEST = 2**53 - 1
DEEPEST = 64
TEXT = frozenset({str})
Encoded = orjson.Fragment
"""Canonical bytes made before, to be set into a larger value as they are."""
PLAIN = frozenset({str, bool, type(None), Encoded})
Plain = dict[str, str | int | Encoded | None]


def encode(value: object) -> bytes:
    """The canonical bytes of a value of texts, whole numbers, yes/no, nothing, lists and text-keyed tables."""
    _check(value, 0)
    return encode_plain(value)  # type: ignore[arg-type]


def encode_plain(value: Plain | dict[str, str]) -> bytes:
    """The same for a flat table that holds what its annotation says; nothing is looked at twice, for there are many."""
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except TypeError as error:
        raise _not_canonical("文字含有不成对的代理字符，不是合法的 Unicode 文本") from error


def digest(value: object) -> bytes:
    """The SHA-256 of the canonical bytes after the name of the form, so that digests of two forms never mix."""
    return digest_encoded(encode(value))


def digest_encoded(encoded: bytes) -> bytes:
    """The digest of a value whose canonical bytes are at hand."""
    return hashlib.sha256(PREFIX + encoded).digest()


def digest_around(before: Plain, name: str, encoded: bytes, after: Plain) -> bytes:
    """The digest of one table whose value of `name` is encoded already; the names before it sort before it, those after, after.

    The large value goes into the digest as it stands instead of being copied into a larger one first.
    """
    told = _BEGUN.copy()
    told.update(encode_plain(before)[:-1] + f',"{name}":'.encode())
    told.update(encoded)
    told.update(b"," + encode_plain(after)[1:])
    return told.digest()


def _check(value: Any, depth: int) -> None:
    kind = type(value)
    if kind in PLAIN:
        return
    if kind is int:
        if not -LARGEST <= value <= LARGEST:
            raise _not_canonical("整数超出 2 的 53 次方，应以文字保存")
        return
    if depth == DEEPEST:
        raise _not_canonical(f"嵌套超过 {DEEPEST} 层")
    if kind is dict:
        if not TEXT.issuperset(map(type, value)):
            raise _not_canonical(f"键 {next(key for key in value if type(key) is not str)!r} 不是文字")
        items = value.values()
    elif kind is list:
        items = value
    else:
        raise _not_canonical(f"{kind.__name__} 类型的值须先由调用者写成文字")
    # A record is mostly text: one sweep over the types spares a call for each value.
    if not PLAIN.issuperset(map(type, items)):
        for item in items:
            if type(item) not in PLAIN:
                _check(item, depth + 1)


def _not_canonical(why: str) -> Refused:
    return Refused(f"内容不能计算摘要：{why}", fix="请联系系统管理员，并提供正在办理的事项", code="not_canonical")
