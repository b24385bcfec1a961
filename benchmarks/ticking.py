"""A million duties: the tick that carries them over, a day's breaches, a tick that finds nothing, reminders, and pages over them.

`python -m benchmarks.ticking STEP …` is one step in a process of its own.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from statistics import median
from time import process_time
from typing import Any

from benchmarks.intake import setup
from benchmarks.measure import Figures, peak_mb, timed

ON = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
KIND = "penalty_legal"
CHUNK = 20_000
ROUNDS = 30
BROKEN = 20
"""One in so many was not done in time and the ledger does not say so yet."""
COLUMNS = (
    "id", "kind", "organ_id", "about", "happened_on", "seen_at", "number", "body", "visibility", "rule", "reason", "author",
    "identity", "version", "content", "salt", "digest",
)  # fmt: skip


def rows(first: int, last: int, organs: list[int]) -> Iterator[tuple[Any, ...]]:
    """Decisions of two years, as the ledger has them; their digests are not what is measured here."""
    for number in range(first, last + 1):
        day = ON - timedelta(days=number % 700)
        yield (
            number, KIND, organs[number % len(organs)], "", day.isoformat(), "2026-01-01 00:00:00+00:00", str(number), "{}",
            "organ", "bench", "", "bench", number.to_bytes(16), 1, b"", b"", b"",
        )  # fmt: skip


def present(count: int) -> Figures:
    """An installation with so many decisions in the ledger, not yet carried over."""
    setup()
    from django.core.management import call_command
    from django.db import connection, transaction

    from jiannuo.kernel import bulk
    from jiannuo.ledger.models import Head
    from jiannuo.policy import pack as policy
    from jiannuo.subjects import actions as subjects
    from jiannuo.subjects import queries

    call_command("migrate", verbosity=0)
    subjects.load_organs(policy.current(), at=NOW)
    organs = [card.id for card in queries.directory(ON).organs]
    for first in range(1, count + 1, CHUNK):
        last = min(first + CHUNK - 1, count)
        with transaction.atomic(), connection.cursor() as cursor:
            bulk.insert(cursor, "ledger_entry", COLUMNS, rows(first, last, organs))
    Head.objects.filter(pk=1).update(entry=count)
    return {}


def carry() -> Figures:
    """The first tick carries everything over; then most of it is done in time, as in a county that keeps its word."""
    figures = tick("2024-01-01")
    from django.db import connection

    days = "date(due_on, '-1 day')" if connection.vendor == "sqlite" else "due_on - 1"
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE duties_duty SET kept_on = {days} WHERE id % {BROKEN} <> 0")
        cursor.execute("ANALYZE")
    return figures


def tick(day: str) -> Figures:
    """One tick, whatever there is to do."""
    setup()
    from jiannuo.duties import tick as ticking

    figures: Figures = {}
    with timed(figures, "tick"):
        report = ticking.run(as_of=date.fromisoformat(day), now=NOW)
    return {**figures, "followed": report.followed, "breaches": report.breaches, "peak_mb": peak_mb()}


def staff() -> Figures:
    """A clerk and a reviewer of every organ and the lead office, who sign in and are reminded."""
    setup()
    from jiannuo.cli.demo import accounts
    from jiannuo.subjects import queries

    directory = queries.directory(ON)
    accounts.create(directory, NOW, Random(1), {card.code for card in directory.organs})
    return {}


def remind() -> Figures:
    """What everybody is told in the morning."""
    setup()
    from jiannuo.exchange import actions

    figures: Figures = {}
    with timed(figures, "remind"):
        told = actions.remind(on=ON, now=NOW)
    return {**figures, "told": told, "peak_mb": peak_mb()}


PAGES = {
    "plain list": [f"/owed/?page={number}" for number in range(1, 51)],
    "organ": [f"/organs/419926-{number}/" for number in range(101, 111)],
    "to-do, clerk": ["/desk/"],
    "to-do, lead": ["/desk/"],
}


def page(name: str) -> Figures:
    """Milliseconds of processor for one page over so many duties, nothing of it from memory."""
    setup()
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.test import Client

    from benchmarks import pages
    from jiannuo.desk import gate
    from jiannuo.kernel import clock

    settings.PAGE_CACHE_BYTES = 0
    cookie = ""
    if name == "plain list":
        settings.ROOT_URLCONF, settings.MIDDLEWARE = "benchmarks.pages", pages.DEFAULT
    if name.startswith("to-do"):
        client = Client()
        client.force_login(get_user_model().objects.get(username={"to-do, clerk": "clerk121"}.get(name, "lead")))
        session = client.session
        session[gate.SINCE] = session[gate.SEEN] = clock.now().isoformat()
        session[gate.UNREAD] = 0
        session.save()
        cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    call = pages.caller(cookie)
    times = []
    for at in range(4 + ROUNDS):
        address = PAGES[name][at % len(PAGES[name])]
        begun = process_time()
        call(address)
        times.append(process_time() - begun)
    return {"ms": median(times[4:]) * 1000}


STEPS: dict[str, Callable[..., Figures]] = {
    "present": lambda count: present(int(count)), "carry": carry, "tick": tick, "staff": staff, "remind": remind, "page": page,
}  # fmt: skip

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiannuo.site.settings")
    print(json.dumps(STEPS[sys.argv[1]](*sys.argv[2:])))
