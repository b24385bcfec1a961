"""Small writings: a message is read, the worker has finished a round."""

from datetime import datetime, timedelta

from jiannuo.exchange.models import Message, Pulse

EVERY = timedelta(minutes=1)


def mark_read(*, account_id: int, at: datetime, message_id: int | None = None) -> int:
    """One message of an account, or all of them, were opened; the first time counts. Returns how many were unread."""
    rows = Message.objects.filter(account=account_id, read_at=None)
    if message_id is not None:
        rows = rows.filter(pk=message_id)
    return rows.update(read_at=at)


def beat(*, now: datetime, name: str = "worker") -> None:
    """The process has finished a round; written once a minute, which is enough to know it lives and spares the disk."""
    if not Pulse.objects.filter(name=name, at__range=(now - EVERY, now)).exists():
        Pulse.objects.update_or_create(name=name, defaults={"at": now})
