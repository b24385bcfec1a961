"""Deciding what becomes public and what no longer is, and keeping its index in step with the ledger."""

from jiannuo.disclosure.actions.acting import Done, Refusal
from jiannuo.disclosure.actions.deciding import release, send_back, withhold
from jiannuo.disclosure.actions.index import follow, rebuild, refresh_deadlines
from jiannuo.disclosure.actions.recalling import cease, revoke, withdraw

__all__ = [
    "Done",
    "Refusal",
    "cease",
    "follow",
    "rebuild",
    "refresh_deadlines",
    "release",
    "revoke",
    "send_back",
    "withdraw",
    "withhold",
]
