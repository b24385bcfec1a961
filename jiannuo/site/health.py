"""For programs that watch: is the installation well, in numbers alone."""

from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from jiannuo import __version__
from jiannuo.exchange import queries as exchange
from jiannuo.kernel import clock


@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """200 where all is well, 503 where somebody has to look; `troubles` names what."""
    now = clock.now()
    try:
        found = exchange.health(now=now)
    except DatabaseError:
        return _answer({"ok": False, "version": __version__, "database": False, "troubles": ["database"]})
    return _answer(
        {
            "ok": not found.troubles,
            "version": __version__,
            "troubles": list(found.troubles),
            "database": True,
            "tick": {"age_s": _age(now, found.tick_at), "stale": found.tick_stale},
            "worker": {"age_s": _age(now, found.worker_at), "stale": found.worker_stale},
            "disk_free_mb": found.disk_free_mb,
            "mail": {"waiting": found.mail_waiting, "failed": found.mail_failed, "late": found.mail_late},
            "deliveries": {"waiting": found.deliveries_waiting, "failed": found.deliveries_failed},
        }
    )


def _age(now: Any, at: Any) -> int | None:
    return None if at is None else max(0, int((now - at).total_seconds()))


def _answer(told: dict[str, object]) -> JsonResponse:
    response = JsonResponse(told, status=200 if told["ok"] else 503)
    response.headers["Cache-Control"] = "no-store"
    return response
