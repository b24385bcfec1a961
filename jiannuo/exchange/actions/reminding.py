"""The day's messages: each account at most one a day, made once however often and wherever this is run."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from msgspec.structs import asdict, replace

from jiannuo.access import queries as accounts
from jiannuo.access.queries import ContactCard
from jiannuo.exchange.actions.news import follow
from jiannuo.exchange.models import Bookmark, Happening, Mail, Message
from jiannuo.exchange.queries import reminding
from jiannuo.exchange.rules import State
from jiannuo.exchange.rules.reminding import FIRST_LOOK, Item, Note, Told, note
from jiannuo.kernel import clock
from jiannuo.policy import pack as policy

DAILY = "day"


def remind(*, on: date, now: datetime, hour: int | None = None) -> int:
    """Make the messages of a day for everybody, or for those whose hour has come. Returns how many were made.

    Late by a month it makes one message that says how things stand, not thirty.
    """
    follow(now=now)
    if not policy.current().calendar.is_workday(on):
        return 0
    told, people = reminding.told(), reminding.everybody(on)
    contacts = accounts.contacts(reader.account_id for _, reader in people)
    due = [
        (actor, reader)
        for actor, reader in people
        if _is_due(contacts.get(reader.account_id, ContactCard()), hour)
        and (reader.account_id not in told or told[reader.account_id].on < on)
    ]
    if not due:
        return 0
    day = reminding.day_of(on, after=_seen_by_all([told.get(reader.account_id) for _, reader in due], on))
    notes = []
    for actor, reader in due:
        made = note(reader, day, last=told.get(reader.account_id))
        if made is not None:
            items = tuple(replace(item, url=reminding.address(item, day, actor)) for item in made.items)
            notes.append(replace(made, items=items))
    return _keep(notes, contacts, now)


def _is_due(contact: ContactCard, hour: int | None) -> bool:
    return hour is None or contact.hour <= hour


def _seen_by_all(told: list[Told | None], on: date) -> int:
    """The number up to which everybody has been told; one who was told nothing yet is told of the last days."""
    seen = [one.happened for one in told if one is not None]
    if len(seen) < len(told):
        begin = datetime.combine(on - FIRST_LOOK, datetime.min.time(), clock.SHANGHAI)
        before = Happening.objects.filter(at__lt=begin).order_by("-pk").values_list("pk", flat=True).first()
        seen.append(before or 0)
    return min(seen, default=0)


@transaction.atomic
def _keep(notes: list[Note], contacts: Mapping[int, ContactCard], now: datetime) -> int:
    """Store the messages, and a letter for each that its account wants by mail; what another process stored is left as it is."""
    if not notes:
        return 0
    # One at a time: of two that look at the same moment, the second would count what the first makes as its own.
    Bookmark.objects.select_for_update().get(pk=1)
    on = notes[0].on
    ids = [one.account_id for one in notes]
    here = Message.objects.filter(on=on, key=DAILY, account__in=ids)
    before = set(here.values_list("account_id", flat=True))
    rows = [
        Message(
            account_id=one.account_id, on=on, key=DAILY, subject=one.subject[:200], happened=one.happened, made_at=now,
            items=json.dumps([_plain(item) for item in one.items], ensure_ascii=False),
        )
        for one in notes
    ]  # fmt: skip
    Message.objects.bulk_create(rows, ignore_conflicts=True)
    kept = list(here.exclude(account__in=before).values_list("pk", "account_id"))
    if settings.MAIL:
        wanted = [(pk, account) for pk, account in kept if contacts.get(account, ContactCard()).mail_on]
        letters = [
            Mail(
                account_id=account,
                message_id=pk,
                seed=f"message:{pk}",
                state=State.WAITING.value,
                created_at=now,
                next_at=max(now, _at_hour(on, contacts[account].hour)),
            )
            for pk, account in wanted
        ]
        Mail.objects.bulk_create(letters, ignore_conflicts=True)
    return len(kept)


def _at_hour(on: date, hour: int) -> datetime:
    return datetime.combine(on, datetime.min.time().replace(hour=hour), clock.SHANGHAI)


def _plain(item: Item) -> dict[str, Any]:
    plain = {name: value for name, value in asdict(item).items() if value not in ("", None, ())}
    plain |= {"group": item.group.value, "fresh": item.fresh, "count": item.count}
    return plain | {name: plain[name].isoformat() for name in ("first", "last") if name in plain}
