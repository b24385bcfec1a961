"""Reading what leaves the house: the outbox to other sites, the messages to people, their mail, and whether the worker lives."""

from jiannuo.exchange.queries.deliveries import (
    DeliveryCard,
    KeyCard,
    SiteCard,
    endpoint,
    public_key,
    receipts,
    signing_key,
    sites,
    troubles,
)
from jiannuo.exchange.queries.feeding import feed
from jiannuo.exchange.queries.inbox import InboxPage, MessageCard, inbox, message, unread
from jiannuo.exchange.queries.pulse import Health, PulseCard, health, pulse

__all__ = [
    "DeliveryCard",
    "Health",
    "InboxPage",
    "KeyCard",
    "MessageCard",
    "PulseCard",
    "SiteCard",
    "endpoint",
    "feed",
    "health",
    "inbox",
    "message",
    "public_key",
    "pulse",
    "receipts",
    "signing_key",
    "sites",
    "troubles",
    "unread",
]
