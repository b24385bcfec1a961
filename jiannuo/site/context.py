"""What every page knows: the county, the document it carries out, the day, and whether the clock is running."""

from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import connection
from django.http import HttpRequest

from jiannuo import __version__
from jiannuo.duties import queries as duties
from jiannuo.duties.queries import HeartbeatCard
from jiannuo.kernel import clock
from jiannuo.policy import pack as policy


def page(request: HttpRequest) -> dict[str, Any]:
    """The names every template may use."""
    pack = policy.current()
    beat = _last_beat()
    actor = getattr(request, "actor", None)
    return {
        "site": {
            "county": pack.about["county"],
            "portal_name": pack.about["portal"],
            "desk_name": pack.about["desk"],
            "document_title": pack.about["title"],
            "document_number": pack.about["document"],
            "is_demo": bool(pack.about.get("demo", False)),
            "pack": pack.id,
            "today": clock.today(),
            "heartbeat": beat.ran_at,
            "clock_stopped": beat.stale,
            "clock_words": beat.words,
            "version": __version__,
        },
        # Set by the desk's gate; a public page never asks, so it has no session and no cookie.
        "actor": actor,
        "unread": request.session.get("unread", 0) if actor else 0,
    }


def _last_beat() -> HeartbeatCard:
    """When the deadlines were last checked, asked once a minute; inside a transaction anew, because it may be undone."""
    now = clock.now()
    if connection.in_atomic_block:
        return duties.heartbeat(now=now)
    return _beat_of_minute(str(connection.settings_dict["NAME"]), now.replace(second=0, microsecond=0))


@lru_cache(maxsize=4)
def _beat_of_minute(_database: str, minute: datetime) -> HeartbeatCard:
    return duties.heartbeat(now=minute)
