"""What an entry is and how its digest is made, so that a second program can make it again."""

import os
import secrets
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import NamedTuple

from msgspec import Struct

from jiannuo.kernel import canonical

ACTS: Mapping[str, str] = {
    "publication": "公示",
    "return": "退回",
    "withholding": "不予公示",
    "revocation": "原决定被变更或撤销",
    "withdrawal": "撤下",
    "breach": "逾期",
    "delisting": "移出清单",
    "performance": "提交办理情况",
    "confirmation": "确认兑现",
    "rejection": "退回办理情况",
    "reopening": "撤销确认",
    "amendment": "变更期限",
    "suspension": "中止",
    "resumption": "恢复",
    "lifting": "依法免除",
    "response": "公众反馈",
    "reminder": "催报",
    "signature": "签收交接",
    "step": "办理",
    "dispute": "提出异议",
    "settlement": "异议办结",
    "repair": "信用修复",
}
"""What may be done to an entry. Each act is an entry of its own that refers to the one it is about."""

PUBLIC_ACTS = frozenset(
    {
        "publication",
        "revocation",
        "withdrawal",
        "confirmation",
        "reopening",
        "amendment",
        "suspension",
        "resumption",
        "lifting",
        "dispute",
        "settlement",
        "repair",
    }
)

PRIVATE_SALT = "salt"
SALT_LENGTH = 16

Body = dict[str, str | int | bool | list[str] | None]


class Source(NamedTuple):
    """Where an entry came from: the account or machine, and the row of a batch if any."""

    author: str
    batch: int | None = None
    row: int | None = None


class Link(NamedTuple):
    """Another entry this one refers to or corrects: its number here, and the digest that binds the two anywhere."""

    id: int
    digest: str


class Draft(NamedTuple):
    """What is about to become an entry."""

    kind: str
    organ_id: int
    organ_code: str
    happened_on: date
    rule: str
    source: Source
    identity: bytes
    body: "Body | bytes" = b"{}"
    """The kind's fields, or their canonical bytes made before."""
    private: Mapping[str, str] | None = None
    """Personal values kept apart, already `salted`."""
    about: str = ""
    number: str = ""
    amount: Decimal | None = None
    visibility: str = "organ"
    visible_until: date | None = None
    refers: Link | None = None
    corrects: Link | None = None
    reason: str = ""
    version: int = 1
    content: bytes = b""


class Row(NamedTuple):
    """An entry as the database stores it, without its number. Only plain values."""

    kind: str
    organ_id: int
    about: str
    happened_on: str
    seen_at: str
    number: str
    body: bytes
    amount: str | None
    visibility: str
    visible_until: str | None
    rule: str
    refers_id: int | None
    corrects_id: int | None
    reason: str
    batch: int | None
    row: int | None
    author: str
    identity: bytes
    version: int
    content: bytes
    salt: bytes
    private_digest: bytes | None
    digest: bytes


class Facts(Struct, frozen=True):
    """Records of one batch about to become entries, column by column: thousands at a time, at a fraction of the price."""

    kind: str
    rule: str
    author: str
    batch: int
    organ_id: list[int]
    organ_code: list[str]
    about: list[str]
    happened_on: list[str]
    number: list[str]
    body: list[bytes]
    """Canonical bytes of each row's fields."""
    private: list[bytes | None]
    """Canonical bytes of the personal values kept apart, `salted` before."""
    amount: list[str | None]
    """Yuan, to two places."""
    row: list[int]
    identity: list[bytes]
    content: list[bytes]
    version: list[int]
    corrects: list[Link | None]
    reason: list[str]
    visibility: str = "organ"


Columns = dict[str, object]
"""Many a `Row`, by its columns: a list holds a value for each, anything else is the same for all. `private` stands beside them."""


def moment(at: datetime) -> str:
    """A moment as entries write it: UTC to the microsecond."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def envelope(draft: Draft, *, body: bytes, seen_at: str, salt: bytes, private_digest: bytes | None) -> canonical.Plain:
    """Everything the digest covers, in plain names and plain values."""
    return {
        "about": draft.about,
        "amount": None if draft.amount is None else f"{draft.amount:.2f}",
        "author": draft.source.author,
        "batch": draft.source.batch,
        "body": canonical.Encoded(body),
        "corrects": draft.corrects.digest if draft.corrects else None,
        "happened_on": draft.happened_on.isoformat(),
        "kind": draft.kind,
        "number": draft.number,
        "organ": draft.organ_code,
        "private": private_digest.hex() if private_digest else None,
        "reason": draft.reason,
        "refers": draft.refers.digest if draft.refers else None,
        "row": draft.source.row,
        "rule": draft.rule,
        "salt": salt.hex(),
        "seen_at": seen_at,
        "version": draft.version,
        "visibility": draft.visibility,
        "visible_until": draft.visible_until.isoformat() if draft.visible_until else None,
    }


def row(draft: Draft, *, seen_at: str) -> Row:
    """The draft sealed under a fresh salt. The salt keeps a reader of digests from guessing at what they cover."""
    salt = os.urandom(SALT_LENGTH)
    body = draft.body if isinstance(draft.body, bytes) else canonical.encode(draft.body)
    private_digest = canonical.digest(draft.private) if draft.private else None
    covered = envelope(draft, body=body, seen_at=seen_at, salt=salt, private_digest=private_digest)
    return Row(
        draft.kind,
        draft.organ_id,
        draft.about,
        covered["happened_on"],  # type: ignore[arg-type]
        seen_at,
        draft.number,
        body,
        covered["amount"],  # type: ignore[arg-type]
        draft.visibility,
        covered["visible_until"],  # type: ignore[arg-type]
        draft.rule,
        draft.refers.id if draft.refers else None,
        draft.corrects.id if draft.corrects else None,
        draft.reason,
        draft.source.batch,
        draft.source.row,
        draft.source.author,
        draft.identity,
        draft.version,
        draft.content,
        salt,
        private_digest,
        canonical.digest(covered),
    )


def columns(facts: Facts, *, seen_at: str) -> Columns:
    """The facts sealed, each under a fresh salt of its own: what `row` makes of one, for all of them."""
    count = len(facts.row)
    if not count:
        return {name: [] for name in (*Row._fields, "private")}
    noise = os.urandom(SALT_LENGTH * count)
    salts = [noise[at : at + SALT_LENGTH] for at in range(0, len(noise), SALT_LENGTH)]
    private_digests = [canonical.digest_encoded(private) if private else None for private in facts.private]
    return {
        **{name: getattr(facts, name) for name in Row._fields if name in Facts.__struct_fields__},
        "seen_at": seen_at,
        "visible_until": None,
        "refers_id": None,
        "corrects_id": [link.id if link else None for link in facts.corrects],
        "salt": salts,
        "private_digest": private_digests,
        "digest": _digests(facts, salts, private_digests, seen_at),
        "private": facts.private,
    }


def _digests(facts: Facts, salts: list[bytes], private_digests: list[bytes | None], seen_at: str) -> list[bytes]:
    # One envelope for all, in which only what differs is written anew, on both sides of the body.
    source = Source(facts.author, facts.batch)
    day = date.fromisoformat(facts.happened_on[0])
    common = Draft(facts.kind, facts.organ_id[0], facts.organ_code[0], day, facts.rule, source, facts.identity[0])
    common = common._replace(visibility=facts.visibility)
    covered = envelope(common, body=b"", seen_at=seen_at, salt=b"", private_digest=None)
    before = {name: value for name, value in covered.items() if name < "body"}
    after = {name: value for name, value in covered.items() if name > "body"}
    digests = []
    for about, amount, body, corrects, happened_on, number, organ, private, reason, at, salt, version in zip(
        facts.about, facts.amount, facts.body, facts.corrects, facts.happened_on, facts.number, facts.organ_code,
        private_digests, facts.reason, facts.row, salts, facts.version, strict=True,
    ):  # fmt: skip
        before.update(about=about, amount=amount)
        after.update(
            corrects=corrects.digest if corrects else None,
            happened_on=happened_on,
            number=number,
            organ=organ,
            private=private.hex() if private else None,
            reason=reason,
            row=at,
            salt=salt.hex(),
            version=version,
        )
        digests.append(canonical.digest_around(before, "body", body, after))
    return digests


def salted(private: Mapping[str, str]) -> dict[str, str]:
    """Personal values with a salt of their own, which is sealed with them: an ID number alone could be guessed from its digest."""
    return {**private, PRIVATE_SALT: secrets.token_hex(16)}


def identity(kind: str, *parts: str) -> bytes:
    """Sixteen bytes that two records share exactly when the pack calls them the same record."""
    return canonical.digest([kind, *parts])[:16]


def act_identity(kind: str, entry_id: int, of: str = "") -> bytes:
    """The identity of an act on an entry; a second act of the kind on the same entry is its next version.

    `of` tells apart what the entry opened, where it opened several duties.
    """
    return identity(kind, str(entry_id), *([of] if of else ()))
