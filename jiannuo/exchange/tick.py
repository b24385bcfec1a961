"""Carry what became public, or ceased to be, to the sites the document names. Safe to kill at any moment and run again, in any number.

The outbox is filled by a bookmark in the same transaction. Each row is leased before it is sent and keeps the receipt after;
a row whose sender died is sent again after the lease, under the same Idempotency-Key and with the same bytes, so that the
receiver has it once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from decimal import Decimal
from time import perf_counter
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import Q

from jiannuo.disclosure import queries as disclosure
from jiannuo.disclosure.queries import RecordCard, marks
from jiannuo.exchange import queries, rules
from jiannuo.exchange.models import Bookmark, Delivery
from jiannuo.exchange.rules import Answer, Judgement, State
from jiannuo.kernel import bulk
from jiannuo.ledger import queries as ledger
from jiannuo.ledger.queries import EntryCard
from jiannuo.policy import pack as policy
from jiannuo.policy.documents import Site

if TYPE_CHECKING:
    import httpx

CHUNK = 5000
LEASED_AT_ONCE = 20
PATIENCE_S = 10
"""Seconds a site has to answer."""
READ_AT_MOST = 64 * 1024
FOLLOWING = """
    SELECT e.id, e.kind, e.digest FROM ledger_entry e
    WHERE e.id > %s AND (e.kind IN ('publication', 'withdrawal')
        OR e.kind IN ('repair', 'dispute', 'settlement') AND EXISTS (
            SELECT 1 FROM ledger_entry r JOIN ledger_entry v ON v.identity = r.identity
            JOIN ledger_entry p ON p.refers_id = v.id AND p.kind = 'publication' WHERE r.id = e.refers_id AND p.id < e.id))
    ORDER BY e.id LIMIT %s
"""
"""What was never public is told to nobody."""
HERE = {
    "publication": "公示",
    "withdrawal": "撤下",
    "repair": "停止公示（信用修复）",
    "dispute": "标明有异议",
    "settlement": "撤去异议标注",
}
REPAIRED = "信用修复：停止公示，请同步停止共享和使用"
COLUMNS = ("entry_id", "site", "state", "next_at", "delivered_at", "receipt")


@dataclass
class Report:
    """What one run did."""

    enqueued: int = 0
    delivered: int = 0
    postponed: int = 0
    failed: int = 0
    overtaken: int = 0
    took_s: Decimal = Decimal(0)
    troubles: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, object]:
        """The same in plain values."""
        return asdict(self) | {"took_s": float(self.took_s)}


def run(*, now: datetime, limit: int = 10_000, transport: "httpx.BaseTransport | None" = None) -> Report:
    """Fill the outbox and empty it as far as the sites answer."""
    begun = perf_counter()
    enqueued = enqueue(now=now)
    report = deliver(now=now, limit=limit, transport=transport)
    report.enqueued = enqueued
    report.took_s = Decimal(perf_counter() - begun).quantize(Decimal("0.001"))
    return report


# -- filling ----------------------------------------------------------------------------------------------------------


def enqueue(*, now: datetime, chunk: int = CHUNK) -> int:
    """Every publication and withdrawal since the last time gets a row for each site. Returns how many rows were added."""
    added = 0
    while True:
        more, rows = _enqueue_some(now, chunk)
        added += rows
        if not more:
            return added


@transaction.atomic
def _enqueue_some(now: datetime, chunk: int) -> tuple[bool, int]:
    mark = Bookmark.objects.select_for_update().get(pk=1)
    head, _ = ledger.head()
    if head == mark.entry:
        return False, 0
    sites = policy.current().sites
    with connection.cursor() as cursor:
        cursor.execute(FOLLOWING, [mark.entry, chunk])
        acts = cursor.fetchall()
        there = set()
        if acts:
            known = Delivery.objects.filter(entry__gte=acts[0][0], entry__lte=acts[-1][0])
            there = set(known.values_list("entry_id", "site"))
        rows = [_row(act, site, now) for act in acts for site in sites if (act[0], site.id) not in there]
        bulk.insert(cursor, "exchange_delivery", COLUMNS, rows)
    mark.entry = acts[-1][0] if len(acts) == chunk else head
    mark.save(update_fields=["entry"])
    return len(acts) == chunk, len(rows)


def _row(act: tuple[int, str, bytes], site: Site, now: datetime) -> tuple[object, ...]:
    number, kind, digest = act
    at = connection.ops.adapt_datetimefield_value(now)
    if site.carrier == "portal":
        return number, site.id, State.DELIVERED.value, at, at, f"本站已{HERE[kind]}，凭证 {bytes(digest).hex()}"
    return number, site.id, State.WAITING.value, at, None, ""


# -- emptying ---------------------------------------------------------------------------------------------------------


def deliver(*, now: datetime, limit: int = 10_000, transport: "httpx.BaseTransport | None" = None) -> Report:
    """Send what waits to the sites that have an address; a site that does not answer is left alone until its next time."""
    import httpx

    report = Report()
    open_sites = {site.id: site for site in policy.current().sites if site.carrier == "http" and queries.endpoint(site)}
    patience = httpx.Timeout(PATIENCE_S)
    with httpx.Client(timeout=patience, transport=transport, follow_redirects=False) as client:
        while limit > 0 and open_sites:
            leased = _lease(list(open_sites), now, min(limit, LEASED_AT_ONCE))
            if not leased:
                break
            limit -= len(leased)
            for row, act, record in leased:
                if row.site not in open_sites:
                    _put_back(row)
                    continue
                judgement = _send(client, open_sites[row.site], row, act, record, now)
                _settle(row, judgement, now, report)
                if judgement.site_rests:
                    report.troubles.append(f"{open_sites.pop(row.site).name}：{judgement.trouble}")
    return report


def _lease(sites: Sequence[str], now: datetime, limit: int) -> list[tuple[Delivery, EntryCard, EntryCard]]:
    free = Q(lease_until=None) | Q(lease_until__lte=now)
    waiting = Delivery.objects.filter(free, state=State.WAITING, site__in=sites, next_at__lte=now)
    with transaction.atomic():
        if connection.features.has_select_for_update_skip_locked:
            waiting = waiting.select_for_update(skip_locked=True)
        rows = list(waiting.order_by("next_at", "pk")[:limit])
        Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(lease_until=now + rules.LEASE)
    acts = ledger.entries(row.entry_id for row in rows)
    records = ledger.entries(act.refers for act in acts.values() if act.refers)
    return [(row, acts[row.entry_id], records[acts[row.entry_id].refers or 0]) for row in rows]


def _put_back(row: Delivery) -> None:
    Delivery.objects.filter(pk=row.pk, state=State.WAITING).update(lease_until=None)


def _send(
    client: "httpx.Client", site: Site, row: Delivery, act: EntryCard, record: EntryCard, now: datetime
) -> Judgement:
    content: dict[str, object] | None = None
    if act.kind == "publication":
        if marks.of_records([record]).get(record.identity, marks.NONE).gone:
            return Judgement(State.OVERTAKEN, trouble="送出之前这条记录已经撤下或者修复，不再送出")
        shown = disclosure.public_record(act.id, on=now.date())
        if shown is None or (shown.state != "public" and shown.withdrawn is None):
            wait = rules.wait_after(row.attempts + 1)
            return Judgement(State.WAITING, trouble="本站还没有列出这条记录，列出后再送", wait=wait)
        if shown.state != "public" or shown.entry_id != record.id:
            return Judgement(State.OVERTAKEN, trouble="送出之前这条记录已经撤下或者更正，不再送出")
        content = _content(shown)
    body = rules.message(
        act="withdrawal" if act.kind == "repair" else act.kind,
        sequence=act.id,
        digest=act.digest,
        site=site.id,
        record=record.identity.hex(),
        on=act.happened_on.isoformat(),
        reason=REPAIRED if act.kind == "repair" else act.reason,
        content=content,
    )
    return rules.judge(_post(client, site, act, body), attempts=row.attempts + 1, now=now)


def _content(shown: RecordCard) -> dict[str, object]:
    """What everybody may read of the record, masked as the portal shows it."""
    return {
        "kind": shown.kind,
        "kind_title": shown.kind_title,
        "title": shown.title,
        "number": shown.number,
        "party": shown.party,
        "organ": shown.organ_then or shown.organ,
        "decided_on": shown.decided_on.isoformat(),
        "version": shown.version,
        "disputed_on": shown.disputed_on.isoformat() if shown.disputed_on else None,
        "digest": shown.digest,
        "rule": shown.rule,
        "fields": [{"id": one.field, "title": one.title, "value": one.shown} for one in shown.fields],
    }


def _post(client: "httpx.Client", site: Site, act: EntryCard, body: bytes) -> Answer:
    import httpx

    key = queries.signing_key()
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Idempotency-Key": rules.key_of(act.digest, site.id),
        "Jiannuo-Key": rules.key_id(rules.public_bytes(key)),
        "Jiannuo-Signature": rules.sign(key, body),
    }
    try:
        with client.stream("POST", queries.endpoint(site), content=body, headers=headers) as response:
            text = b"".join(_read(response)).decode("utf-8", "replace").replace("\0", "\N{REPLACEMENT CHARACTER}")
            return Answer(
                response.status_code,
                text,
                response.headers.get("content-type", ""),
                response.headers.get("retry-after", ""),
            )
    except httpx.TimeoutException:
        return Answer(0, trouble=f"对方{PATIENCE_S}秒内没有答复")
    except (httpx.InvalidURL, httpx.UnsupportedProtocol):
        return Answer(0, trouble=f"接收地址不对：{queries.endpoint(site)}，应以 http:// 或 https:// 开头")
    except httpx.RequestError as wrong:
        return Answer(0, trouble=f"没有连上对方，或者对方的答复读不懂：{type(wrong).__name__} {wrong}"[:400])


def _read(response: "httpx.Response") -> Iterator[bytes]:
    """What a site says, up to a limit of length and of time: it may never stop."""
    import httpx

    begun, size = perf_counter(), 0
    for part in response.iter_bytes(4096):
        yield part
        size += len(part)
        if size >= READ_AT_MOST:
            return
        if perf_counter() - begun > PATIENCE_S:
            raise httpx.ReadTimeout("the answer goes on for too long", request=response.request)


def _settle(row: Delivery, judgement: Judgement, now: datetime, report: Report) -> None:
    attempts = row.attempts + (judgement.state is not State.OVERTAKEN)
    Delivery.objects.filter(pk=row.pk, state=State.WAITING).update(
        state=judgement.state,
        attempts=attempts,
        receipt=judgement.receipt,
        trouble=judgement.trouble,
        next_at=now + judgement.wait,
        delivered_at=now if judgement.state is State.DELIVERED else None,
        lease_until=None,
    )
    if judgement.state is State.DELIVERED:
        report.delivered += 1
    elif judgement.state is State.FAILED:
        report.failed += 1
    elif judgement.state is State.OVERTAKEN:
        report.overtaken += 1
    else:
        report.postponed += 1
