"""Reading the outbox: what has reached which site, what waits, what was refused, and the key deliveries are signed with."""

import base64
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection
from django.db.models import Q
from msgspec import Struct

from jiannuo.exchange import rules
from jiannuo.exchange.models import Delivery
from jiannuo.exchange.rules import State
from jiannuo.kernel import days
from jiannuo.kernel.secret_files import made_once
from jiannuo.policy import pack as policy
from jiannuo.policy.documents import Site

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


class SiteCard(Struct, frozen=True):
    """A site the document names, and how its deliveries stand."""

    id: str
    name: str
    carrier: str
    configured: bool
    waiting: int
    troubled: int
    """Of those waiting, how many have failed at least once."""
    failed: int
    delivered: int
    overtaken: int
    next_at: datetime | None

    @property
    def words(self) -> str:
        """The same for people, with what to do."""
        if not self.configured:
            return (
                f"还没有配置“{self.name}”的接收地址，{self.waiting}条等待送达；"
                "请系统管理员照《安装与运行》的“推送到第二个网站”写好地址，写好以后自动补送"
            )
        told = [f"{self.waiting}条待送达"] if self.waiting else []
        told += [f"其中{self.troubled}条送达失败，将自动重试"] if self.troubled else []
        told += [f"{self.failed}条被对方拒收，需处理后重新发送"] if self.failed else []
        return "，".join(told) or "全部送达"


class DeliveryCard(Struct, frozen=True):
    """One act of disclosure on its way to one site."""

    id: int
    entry_id: int
    site: str
    site_name: str
    state: State
    attempts: int
    next_at: datetime
    delivered_at: datetime | None
    receipt: str
    trouble: str


class KeyCard(Struct, frozen=True):
    """The public key deliveries are signed with, as a receiver needs it."""

    id: str
    algorithm: str
    public: str
    """32 bytes in base64."""


def endpoint(site: Site) -> str:
    """Where a site receives; empty where nobody has said."""
    endpoints: dict[str, str] = settings.ENDPOINTS
    return endpoints.get(site.id, "")


COUNTED = """
SELECT site, count(CASE WHEN state = 'waiting' THEN 1 END), count(CASE WHEN state = 'waiting' AND attempts > 0 THEN 1 END),
  count(CASE WHEN state = 'failed' THEN 1 END), count(CASE WHEN state = 'delivered' THEN 1 END),
  count(CASE WHEN state = 'overtaken' THEN 1 END), min(CASE WHEN state = 'waiting' THEN next_at END)
FROM exchange_delivery GROUP BY site
"""
"""In the order of SiteCard. In words of SQL, because the lead office's first page asks it each time."""


def sites() -> tuple[SiteCard, ...]:
    """Every site of the document with its counts."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTED)
        counted = [(*row, days.as_moment(following) if following else None) for *row, following in cursor.fetchall()]
    counts = {site: figures for site, *figures in counted}
    return tuple(
        SiteCard(
            site.id,
            site.name,
            site.carrier,
            site.carrier == "portal" or bool(endpoint(site)),
            *counts.get(site.id, (0, 0, 0, 0, 0, None)),
        )
        for site in policy.current().sites
    )


def receipts(act_ids: Iterable[int]) -> dict[int, tuple[DeliveryCard, ...]]:
    """What became of these publications and withdrawals at each site, by act."""
    found: dict[int, list[DeliveryCard]] = {}
    for row in Delivery.objects.filter(entry__in=list(act_ids)).order_by("entry", "pk"):
        found.setdefault(row.entry_id, []).append(_card(row))
    return {act: tuple(cards) for act, cards in found.items()}


def troubles(*, site: str = "", limit: int = 50, after: int = 0) -> list[DeliveryCard]:
    """Deliveries refused for good and those that have failed so far, oldest first, from the one after `after`."""
    rows = Delivery.objects.filter(Q(state=State.FAILED) | Q(state=State.WAITING, attempts__gt=0), pk__gt=after)
    if site:
        rows = rows.filter(site=site)
    return [_card(row) for row in rows.order_by("pk")[:limit]]


def _card(row: Delivery) -> DeliveryCard:
    names = {site.id: site.name for site in policy.current().sites}
    return DeliveryCard(
        id=row.pk,
        entry_id=row.entry_id,
        site=row.site,
        site_name=names.get(row.site, row.site),
        state=State(row.state),
        attempts=row.attempts,
        next_at=row.next_at,
        delivered_at=row.delivered_at,
        receipt=row.receipt,
        trouble=row.trouble,
    )


def public_key() -> KeyCard:
    """The key a receiver checks signatures with."""
    public = rules.public_bytes(signing_key())
    return KeyCard(rules.key_id(public), "Ed25519", base64.b64encode(public).decode())


def signing_key() -> "Ed25519PrivateKey":
    """The installation's signing key, made once and kept in the data folder, readable by its owner alone."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    path: Path = settings.HOME / "exchange.pem"
    key = load_pem_private_key(made_once(path, _made), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError(f"{path}：不是 Ed25519 私钥")
    return key


def _made() -> bytes:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
