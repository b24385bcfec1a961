"""What every page knows: the county, the document it carries out, the day, and whether the clock is running."""

from typing import Any

from django.http import HttpRequest

from jiannuo import __version__
from jiannuo.duties import queries as duties
from jiannuo.kernel import clock
from jiannuo.policy import pack as policy


def page(request: HttpRequest) -> dict[str, Any]:
    """The names every template may use."""
    pack = policy.current()
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
            "heartbeat": duties.heartbeat(now=clock.now()).ran_at,
            "version": __version__,
        },
        # Set by the desk's gate; a public page never asks, so it has no session and no cookie.
        "actor": getattr(request, "actor", None),
    }
