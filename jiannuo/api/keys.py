"""Who asks, by the key in the request, and how often one may ask."""

from threading import Lock
from time import monotonic
from typing import Any

from django.http import HttpRequest
from ninja.security import HttpBearer
from ninja.throttling import BaseThrottle

from jiannuo.access import queries as access
from jiannuo.access.rules import Actor
from jiannuo.kernel import clock

WINDOW = 60.0
KEYED, ANONYMOUS = 600, 1200
"""Requests a minute in one server process: of one key, and from one address without a key."""


class Key(HttpBearer):
    """The key of a machine, made by the system administrator, bound to one organ."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:  # noqa: ARG002 - the library's name
        return access.actor_of_key(token, clock.now())


class Limit(BaseThrottle):
    """So many requests in a minute, counted by key or by address."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.begun = monotonic()
        self.counts: dict[str, int] = {}
        self.lock = Lock()

    def allow_request(self, request: HttpRequest) -> bool:
        auth: Any = getattr(request, "auth", None)
        who = auth.username if isinstance(auth, Actor) else str(request.META.get("REMOTE_ADDR", ""))
        with self.lock:
            if monotonic() - self.begun >= WINDOW:
                self.begun, self.counts = monotonic(), {}
            self.counts[who] = self.counts.get(who, 0) + 1
            return self.counts[who] <= self.most

    def wait(self) -> float:
        return max(WINDOW - (monotonic() - self.begun), 1.0)


def actor(request: HttpRequest) -> Actor:
    """Who asks, where the operation asks for a key."""
    found: Any = getattr(request, "auth", None)
    if not isinstance(found, Actor):
        raise TypeError("this operation was declared without a key")
    return found
