"""How people want to be reached; addresses are opened only to write to them."""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime

from msgspec import Struct

from jiannuo.access import rules
from jiannuo.access.models import Contact, User
from jiannuo.access.queries.accounts import actor_of
from jiannuo.access.rules import Actor
from jiannuo.kernel import sealing


class ContactCard(Struct, frozen=True):
    """How a person wants to be reached; addresses are masked."""

    shown: str = ""
    proved_at: datetime | None = None
    pending_shown: str = ""
    mail_on: bool = False
    hour: int = rules.MAIL_HOUR
    feed_since: datetime | None = None


def contact(user_id: int) -> ContactCard:
    """How one person wants to be reached."""
    return contacts([user_id]).get(user_id, ContactCard())


def contacts(user_ids: Iterable[int]) -> dict[int, ContactCard]:
    """How these people want to be reached; those who never said are left out."""
    names = ("user_id", "shown", "proved_at", "pending_shown", "mail_on", "hour", "feed_since")
    rows = Contact.objects.filter(user__in=list(user_ids)).values_list(*names)
    return {user_id: ContactCard(*rest) for user_id, *rest in rows}


def address_of(user_id: int, *, keys: Iterable[bytes]) -> str:
    """The proved address of an open account that wants mail; empty where there is none."""
    wanted = Contact.objects.filter(user=user_id, mail_on=True, sealed__isnull=False, user__is_active=True)
    sealed = wanted.values_list("sealed", flat=True).first()
    if sealed is None:
        return ""
    return sealing.unseal(keys, bytes(sealed), context=contact_context(user_id)).decode()


def contact_context(user_id: int) -> str:
    """What an address is bound to, so that it cannot be moved to another account."""
    return f"contact:{user_id}"


def actor_of_feed(token: str, *, on: date) -> Actor | None:
    """Whose calendar a token opens; nothing where it is unknown, was revoked, or the account is closed."""
    digest = hashlib.sha256(token.encode()).hexdigest()
    user = User.objects.filter(contact__feed=digest, is_active=True).first()
    return actor_of(user, on=on)
