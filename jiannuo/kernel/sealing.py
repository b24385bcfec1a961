"""Values that must not lie open: sealed with AES-256-GCM to one context, found again by a blind index."""

import hashlib
import hmac
import os
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from jiannuo.kernel.refusals import Refused

FORM = b"\x01"
KEY_LENGTH = 32
ID_LENGTH = 4
NONCE_LENGTH = 12
TAG_LENGTH = 16
HEAD = len(FORM) + ID_LENGTH + NONCE_LENGTH
BLIND_LENGTH = 16


def key_id(key: bytes) -> bytes:
    """The four bytes by which a sealed value names its key without telling it."""
    return hashlib.sha256(b"jiannuo key\n" + _checked(key)).digest()[:ID_LENGTH]


def seal(key: bytes, data: bytes, *, context: str) -> bytes:
    """The data sealed under a key and bound to a context (table, column, row); it opens in no other place."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    head = FORM + key_id(key) + os.urandom(NONCE_LENGTH)
    return head + AESGCM(key).encrypt(head[-NONCE_LENGTH:], data, _bound(head, context))


def unseal(keys: bytes | Iterable[bytes], sealed: bytes, *, context: str) -> bytes:
    """The data again, when it was sealed under one of the keys, for this context, and not touched since."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    head = bytes(sealed[:HEAD])
    if len(sealed) < HEAD + TAG_LENGTH or head[:1] != FORM:
        raise Refused("密封内容的格式不对", fix="数据可能已损坏，请由系统管理员从备份恢复", code="sealed_form")
    named = head[1 : 1 + ID_LENGTH]
    ring = (keys,) if isinstance(keys, bytes) else keys
    key = next((key for key in ring if hmac.compare_digest(key_id(key), named)), None)
    if key is None:
        raise Refused(
            f"没有编号为 {named.hex()} 的密钥", fix="请由系统管理员配置当时使用的密钥后再试", code="sealed_key"
        )
    try:
        return AESGCM(key).decrypt(head[-NONCE_LENGTH:], memoryview(sealed)[HEAD:], _bound(head, context))
    except InvalidTag:
        raise Refused(
            "密封内容校验不符，可能被改动或不属于此处",
            fix="请由系统管理员核查审计记录并从备份恢复",
            code="sealed_tampered",
        ) from None


def blind(key: bytes, text: str | bytes) -> bytes:
    """The same text gives the same sixteen bytes under one key, and nothing about the text to who lacks the key."""
    return blinds(key, [text.encode() if isinstance(text, str) else text])[0]


def blinds(key: bytes, texts: Iterable[bytes]) -> list[bytes]:
    """The same for many."""
    begun, ending = _halves(key)
    found = []
    for text in texts:
        inner, outer = begun.copy(), ending.copy()
        inner.update(text)
        outer.update(inner.digest())
        found.append(outer.digest()[:BLIND_LENGTH])
    return found


@lru_cache(maxsize=16)
def _halves(key: bytes) -> tuple[Any, Any]:
    # HMAC-SHA256 (RFC 2104) begun once for a key: for the short texts blinded here, setting it up anew costs three times the rest.
    block = _checked(key).ljust(hashlib.sha256().block_size, b"\0")
    return hashlib.sha256(bytes(byte ^ 0x36 for byte in block)), hashlib.sha256(bytes(byte ^ 0x5C for byte in block))


def _bound(head: bytes, context: str) -> bytes:
    return head[:-NONCE_LENGTH] + context.encode()


def _checked(key: bytes) -> bytes:
    if len(key) != KEY_LENGTH:
        raise Refused(f"密钥应为 {KEY_LENGTH} 字节，现为 {len(key)} 字节", fix="请由系统管理员重新生成密钥", code="key")
    return key
