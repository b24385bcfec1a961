"""The one way facts and files get into the ledger."""

import hashlib
import os
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import repeat
from pathlib import PurePath

from django.db import connection, transaction

from jiannuo.kernel import bulk, canonical, sealing
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries, rules
from jiannuo.ledger.models import Evidence

COLUMNS = ("id", *rules.Row._fields)
LOCK = {
    "postgresql": "SELECT entry FROM ledger_head WHERE id = 1 FOR UPDATE",
    # A transaction that writes holds the whole database there.
    "sqlite": "SELECT entry FROM ledger_head WHERE id = 1",
}
PERSONAL_COLUMNS = ("entry_id", "sealed")


def append(drafts: Sequence[rules.Draft], *, at: datetime) -> list[int]:
    """Add facts to the end of the ledger and return their numbers, in order."""
    return [link.id for link in append_linked(drafts, at=at)]


@transaction.atomic
def append_linked(drafts: Sequence[rules.Draft], *, at: datetime) -> list[rules.Link]:
    """The same for who goes on to write what points at them, and so needs their digests as well."""
    seen_at = rules.moment(at)
    rows = [rules.row(draft, seen_at=seen_at) for draft in drafts]
    columns: rules.Columns = (
        dict(zip(rules.Row._fields, map(list, zip(*rows, strict=True)), strict=True)) if rows else {}
    )
    private = [canonical.encode(dict(draft.private)) if draft.private else None for draft in drafts]
    first = _store([{**columns, "private": private}], at=at)
    return [rules.Link(number, row.digest.hex()) for number, row in enumerate(rows, first)]


def sealed(facts: rules.Facts, *, at: datetime) -> rules.Columns:
    """The facts as they will stand, digest and all, in plain values that can wait on disk; `store` gives them their numbers."""
    return rules.columns(facts, seen_at=rules.moment(at))


@transaction.atomic
def store(chunks: Iterable[rules.Columns], *, at: datetime) -> int:
    """Add sealed rows under the head's lock and return the first one's number.

    Raises IntegrityError where a record's version is already there: the caller looked before the lock and looks again.
    """
    return _store(chunks, at=at)


def _store(chunks: Iterable[rules.Columns], *, at: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(LOCK[connection.vendor])
        (last,) = cursor.fetchone()
        first = last + 1
        for chunk in chunks:
            private: list[bytes | None] = chunk["private"]  # type: ignore[assignment]
            if private:
                _insert(chunk, private, range(last + 1, last + 1 + len(private)))
                last += len(private)
        moved_at = connection.ops.adapt_datetimefield_value(at)
        cursor.execute("UPDATE ledger_head SET entry = %s, moved_at = %s WHERE id = 1", [last, moved_at])
    return int(first)


def _insert(chunk: rules.Columns, private: Sequence[bytes | None], numbers: range) -> None:
    values = [chunk[name] if name != "seen_at" else _as_stored(chunk[name]) for name in rules.Row._fields]
    columns = [value if isinstance(value, list) else repeat(value, len(numbers)) for value in values]
    with connection.cursor() as cursor:
        bulk.insert(cursor, "ledger_entry", COLUMNS, zip(numbers, *columns, strict=True), encoded="body")
        if any(private):
            key = queries.ring()[0]
            personal = [
                (number, sealing.seal(key, data, context=queries.context(number)))
                for number, data in zip(numbers, private, strict=True)
                if data
            ]
            bulk.insert(cursor, "ledger_personalpart", PERSONAL_COLUMNS, personal)


def _as_stored(seen_at: object) -> object:
    # SQLite keeps moments as text and compares them as text: they must have the very form Django gives them.
    if connection.vendor == "postgresql":
        return seen_at
    if isinstance(seen_at, list):
        return [_as_stored(moment) for moment in seen_at]
    return str(datetime.fromisoformat(str(seen_at)).replace(tzinfo=None))


def act(
    kind: str,
    *,
    on: queries.EntryCard,
    organ_code: str,
    happened_on: date,
    rule: str,
    author: str,
    reason: str = "",
    body: rules.Body | None = None,
    version: int = 1,
    of: str = "",
) -> rules.Draft:
    """What was done to an entry (公示, 退回, 撤下 …), ready to append. `version` counts acts of the kind on the entry."""
    return rules.Draft(
        kind=kind,
        organ_id=on.organ_id,
        organ_code=organ_code,
        about=on.about,
        number=on.number,
        happened_on=happened_on,
        rule=rule,
        source=rules.Source(author),
        identity=rules.act_identity(kind, on.id, of),
        version=version,
        body=body or {},
        reason=reason,
        refers=on.link,
        # What is done to a closed entry is as closed as the entry.
        visibility=on.visibility
        if on.visibility == queries.CLOSED
        else "public"
        if kind in rules.PUBLIC_ACTS
        else "organ",
    )


def keep_evidence(
    data: bytes, *, name: str, types: frozenset[str], limit: int, at: datetime, by: str
) -> queries.EvidenceCard:
    """Keep a file under its digest, sealed, on disk before its row. Refuses a wrong type, an empty file and one too large."""
    suffix = PurePath(name).suffix.lower().lstrip(".")
    if suffix not in types:
        allowed = "、".join(sorted(types))
        raise Refused(
            f"不能收“{name}”：文件类型是“{suffix or '无扩展名'}”", fix=f"请改用这些类型之一：{allowed}", code="type"
        )
    if not data:
        raise Refused(f"“{name}”是空文件", fix="请确认文件保存完整后重新上传", code="empty")
    if len(data) > limit:
        raise Refused(
            f"“{name}”有{len(data) / 2**20:.1f}兆", fix=f"每个文件不超过{limit // 2**20}兆，请拆分后上传", code="size"
        )
    digest = hashlib.sha256(data).hexdigest()
    _write_sealed(digest, data)
    Evidence.objects.get_or_create(
        digest=digest, defaults={"name": name[-255:], "type": suffix, "size": len(data), "kept_at": at, "kept_by": by}
    )
    return queries.EvidenceCard(digest, name, suffix, len(data))


def _write_sealed(digest: str, data: bytes) -> None:
    path = queries.evidence_path(digest)
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{digest}.{os.getpid()}.part")
    try:
        with beside.open("wb") as file:
            file.write(sealing.seal(queries.ring()[0], data, context=f"evidence:{digest}"))
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as trouble:
        beside.unlink(missing_ok=True)
        raise Refused(
            f"文件没有存下：{trouble.strerror}",
            fix="请管理员检查数据目录所在磁盘的空间和权限，再重新上传；没有数据丢失或重复",
            code="disk",
        ) from trouble
