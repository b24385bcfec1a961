"""Read who may: the actor behind a session or a key, the accounts and how they are reached, and the trace of what was done and read."""

from jiannuo.access.queries.accounts import (
    AccountCard,
    GrantCard,
    KeyCard,
    TraceCard,
    account,
    accounts,
    actor_of,
    actor_of_key,
    actors,
    api_keys,
    names,
    traces,
    usernames_of_officials,
)
from jiannuo.access.queries.contacts import (
    ContactCard,
    actor_of_feed,
    address_of,
    contact,
    contact_context,
    contacts,
)
from jiannuo.access.rules import Actor

__all__ = [
    "AccountCard",
    "Actor",
    "ContactCard",
    "GrantCard",
    "KeyCard",
    "TraceCard",
    "account",
    "accounts",
    "actor_of",
    "actor_of_feed",
    "actor_of_key",
    "actors",
    "address_of",
    "api_keys",
    "contact",
    "contact_context",
    "contacts",
    "names",
    "traces",
    "usernames_of_officials",
]
