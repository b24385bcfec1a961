"""What a person may do with the outbox."""

from collections.abc import Iterable
from datetime import datetime

from jiannuo.exchange.models import Delivery
from jiannuo.exchange.rules import State


def send_again(*, now: datetime, delivery_ids: Iterable[int] = (), site: str = "") -> int:
    """Put refused deliveries back in line, these or all of a site, once the cause is mended. Returns how many."""
    rows = Delivery.objects.filter(state__in=[State.FAILED, State.WAITING])
    rows = rows.filter(site=site) if site else rows.filter(pk__in=list(delivery_ids))
    return rows.exclude(state=State.WAITING, attempts=0).update(
        state=State.WAITING, attempts=0, next_at=now, lease_until=None
    )
