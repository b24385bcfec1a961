"""What an answer means, when to try again, and the exact bytes that are sent and signed. Pure."""

import base64
import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from jiannuo.kernel import canonical

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
LEASE = timedelta(minutes=5)
RECEIPT_KEPT = 2000
SIGNED = b"jiannuo-delivery:1\n"


class State(StrEnum):
    """Where a delivery stands."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"
    OVERTAKEN = "overtaken"

    @property
    def label(self) -> str:
        """The word people read."""
        return {"waiting": "待送达", "delivered": "已送达", "failed": "被拒收", "overtaken": "已不需送"}[self.value]


class Answer(Struct, frozen=True):
    """What came back from a site; status 0 where nothing did, with the trouble in words."""

    status: int
    text: str = ""
    type: str = ""
    retry_after: str = ""
    trouble: str = ""


class Judgement(Struct, frozen=True):
    """What an answer means for a delivery, and whether the site should be left alone for now."""

    state: State
    receipt: str = ""
    trouble: str = ""
    wait: timedelta = timedelta(0)
    site_rests: bool = False


def wait_after(attempts: int) -> timedelta:
    """How long to wait after so many failed attempts: a minute, doubling, at most six hours."""
    doubled: int = 1 << min(max(attempts - 1, 0), 20)
    return min(FIRST_WAIT * doubled, LONGEST_WAIT)


def judge(answer: Answer, *, attempts: int, now: datetime) -> Judgement:
    """Delivered, to be tried again, or refused for good; `attempts` counts this one. Nothing is ever given up silently."""
    wait = wait_after(attempts)
    text = answer.text.strip()[:RECEIPT_KEPT]
    status = answer.status
    if not status:
        return Judgement(State.WAITING, trouble=answer.trouble, wait=wait, site_rests=True)
    if 200 <= status < 300:
        if "html" in answer.type.lower() or text[:1] == "<":
            return Judgement(State.WAITING, trouble=f"对方回的是网页，不是回执（{status}）：{text[:200]}", wait=wait)
        return Judgement(State.DELIVERED, receipt=text or f"HTTP {status}")
    said = f"对方回答{status}" + (f"：{text[:300]}" if text else "")
    if 300 <= status < 400:
        return Judgement(
            State.FAILED, trouble=f"{said}。接收地址已变更，请管理员更新接收地址后重新发送", site_rests=True
        )
    if status in {408, 409, 425, 429} or status >= 500:
        asked = _asked_wait(answer.retry_after, now)
        resting = status in {429, 503}
        return Judgement(State.WAITING, trouble=said, wait=max(wait, min(asked, LONGEST_WAIT)), site_rests=resting)
    return Judgement(State.FAILED, trouble=said, site_rests=status in {401, 403, 404, 405})


def _asked_wait(text: str, now: datetime) -> timedelta:
    """What Retry-After asks for, in seconds or as a moment; nothing where it cannot be read."""
    if text.strip().isascii() and text.strip().isdigit():
        return timedelta(seconds=min(int(text.strip()[:9]), 10**6))
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return timedelta(0)
    if moment.tzinfo is None:
        return timedelta(0)
    return max(moment - now, timedelta(0))


def key_of(digest: str, site: str) -> str:
    """The Idempotency-Key: one act to one site, the same however often it is sent."""
    return f"{digest}:{site}"


def message(
    *,
    act: str,
    sequence: int,
    digest: str,
    site: str,
    record: str,
    on: str,
    reason: str,
    content: Mapping[str, Any] | None,
) -> bytes:
    """The body sent: canonical JSON, the same bytes at every attempt. `sequence` tells a receiver which act came later."""
    return canonical.encode(
        {
            "form": "jiannuo-delivery:1",
            "act": act,
            "sequence": sequence,
            "entry": digest,
            "record": record,
            "site": site,
            "on": on,
            "reason": reason,
            "content": None if content is None else dict(content),
        }
    )


def sign(key: "Ed25519PrivateKey", body: bytes) -> str:
    """The signature over the body, in base64: Ed25519 over `jiannuo-delivery:1` and a line feed, then the body."""
    return base64.b64encode(key.sign(SIGNED + body)).decode()


def verify(public: bytes, body: bytes, signature: str) -> None:
    """Raises InvalidSignature unless the body was signed by the holder of the key."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    Ed25519PublicKey.from_public_bytes(public).verify(base64.b64decode(signature), SIGNED + body)


def public_bytes(key: "Ed25519PrivateKey") -> bytes:
    """The public half, 32 bytes."""
    return key.public_key().public_bytes_raw()


def key_id(public: bytes) -> str:
    """A short name for a key: the first sixteen digits of its digest."""
    return hashlib.sha256(public).hexdigest()[:16]
