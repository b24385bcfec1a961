"""Reading the inbox: what an account was told, newest first, and how much of it is unread."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from msgspec import Struct

from jiannuo.exchange.models import Message
from jiannuo.exchange.rules import State
from jiannuo.exchange.rules.reminding import Group

PAGE = 20


class MessageCard(Struct, frozen=True):
    """One message as pages show it."""

    id: int
    on: date
    subject: str
    items: tuple[Mapping[str, Any], ...]
    made_at: datetime
    read_at: datetime | None
    emailed_at: datetime | None
    mail_trouble: str

    @property
    def groups(self) -> tuple[tuple[str, str, tuple[Mapping[str, Any], ...]], ...]:
        """The lines by what they are about: the group, its heading, and its lines."""
        lines = ((group, tuple(one for one in self.items if one["group"] == group)) for group in Group)
        return tuple((group.value, group.label, several) for group, several in lines if several)


class InboxPage(Struct, frozen=True):
    """One page of an inbox."""

    total: int
    messages: tuple[MessageCard, ...]
    number: int
    last: int


def inbox(account_id: int, *, page: int = 1) -> InboxPage:
    """The messages of an account, newest first."""
    rows = Message.objects.filter(account=account_id)
    total = rows.count()
    last = max(1, -(-total // PAGE))
    page = min(max(1, page), last)
    found = rows.select_related("mail").order_by("-on", "-pk")[(page - 1) * PAGE : page * PAGE]
    return InboxPage(total, tuple(_card(row) for row in found), page, last)


def message(message_id: int, *, account_id: int) -> MessageCard | None:
    """One message of an account; nothing where it is somebody else's."""
    row = Message.objects.select_related("mail").filter(pk=message_id, account=account_id).first()
    return None if row is None else _card(row)


def unread(account_id: int | None) -> int:
    """How many messages of an account nobody has opened yet."""
    return Message.objects.filter(account=account_id, read_at=None).count() if account_id else 0


def _card(row: Message) -> MessageCard:
    mail = getattr(row, "mail", None)
    trouble = mail.trouble if mail is not None and mail.state in (State.WAITING, State.FAILED) else ""
    return MessageCard(
        id=row.pk,
        on=row.on,
        subject=row.subject,
        items=tuple(json.loads(row.items)),
        made_at=row.made_at,
        read_at=row.read_at,
        emailed_at=mail.sent_at if mail is not None else None,
        mail_trouble=trouble,
    )
