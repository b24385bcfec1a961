"""Receiving files and rows: kept as they came, and put in line."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.conf import settings

from jiannuo.intake import queries
from jiannuo.intake.models import Batch
from jiannuo.intake.rules import tables
from jiannuo.intake.rules.senders import demand_open, demand_sender
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import actions as ledger
from jiannuo.policy import pack as policy
from jiannuo.subjects import queries as subjects


def receive(
    *,
    kind: str,
    organ_id: int,
    author: str,
    data: bytes,
    filename: str,
    at: datetime,
    as_of: date,
    corrects: bool = False,
    reason: str = "",
    token: str | None = None,
) -> int:
    """Keep a file and put it in line; `process` does the rest. The same token gives the same batch.

    Refuses wrong types and sizes, and a kind that does not come from this organ.
    """
    sent = queries.kind_of(kind)
    demand_open(sent)
    if sent.senders:
        directory = subjects.directory(as_of)
        demand_sender(sent, directory.card(organ_id), directory, policy.current().bodies)
    if corrects and not reason.strip():
        raise Refused(
            "作为更正提交，要写明更正原因",
            fix="请填写更正原因，例如“决定书编号录入有误”",
            code="reason",
            field="reason",
        )
    if token and (known := queries.by_token(token)):
        return known.id
    kept = ledger.keep_evidence(data, name=filename, types=tables.TYPES, limit=settings.UPLOAD_LIMIT, at=at, by=author)
    batch = Batch.objects.create(
        kind=kind, organ_id=organ_id, author=author, evidence=kept.digest, filename=filename[-255:], received_at=at,
        as_of=as_of, corrects=corrects, reason=reason.strip(), token=token,
    )  # fmt: skip
    return batch.pk


def receive_rows(
    rows: Sequence[Mapping[str, str]],
    *,
    kind: str,
    organ_id: int,
    author: str,
    at: datetime,
    as_of: date,
    corrects: bool = False,
    reason: str = "",
    token: str | None = None,
) -> int:
    """Rows of a form or a program, by field id: kept as a file and put through the same checks. Refuses fields the kind has not."""
    known = queries.kind_of(kind).by_id
    if unknown := sorted({name for row in rows for name in row} - known.keys()):
        raise Refused(f"没有这些字段：{'、'.join(unknown)}", fix=f"“{kind}”的字段是：{'、'.join(known)}", code="fields")
    file = io.StringIO(newline="")
    sheet = csv.DictWriter(file, list(known), restval="")
    sheet.writeheader()
    sheet.writerows(rows)
    data = file.getvalue().encode("utf-8-sig")
    return receive(
        kind=kind, organ_id=organ_id, author=author, data=data, filename=f"{kind}.csv", at=at, as_of=as_of,
        corrects=corrects, reason=reason, token=token,
    )  # fmt: skip
