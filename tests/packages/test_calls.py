"""What the calendar asks for by itself: written once, however late, often or in how many places it is looked at."""

from collections.abc import Callable
from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connections

from jiannuo.duties import actions, tick
from jiannuo.duties.models import Bookmark
from jiannuo.ledger import queries as ledger
from jiannuo.subjects.rules import OrganCard
from tests.packages.promising import at

pytestmark = pytest.mark.django_db

BEGAN = date(2026, 1, 5)


@pytest.fixture(autouse=True)
def _began(organs: Callable[[str], OrganCard]) -> None:
    Bookmark.objects.filter(pk=1).update(began_on=BEGAN)


def calls() -> list[tuple[str, str, date]]:
    found = ledger.cards(ledger.facts().filter(kind="call").order_by("pk"))
    return [(card.body["duty"], card.body["period"] or card.body.get("task", ""), card.happened_on) for card in found]


def test_each_tick_after_the_first_finds_the_same_and_writes_nothing() -> None:
    first = tick.run(as_of=date(2026, 7, 1), now=at("2026-07-01"))
    once = calls()
    again = tick.run(as_of=date(2026, 7, 1), now=at("2026-07-01"))
    assert (first.called, again.called, calls()) == (len(once), 0, once)


def test_a_tick_a_month_late_writes_what_one_in_time_would_have_written() -> None:
    tick.run(as_of=date(2026, 8, 10), now=at("2026-08-10"))
    late = sorted(calls())
    assert all(day <= date(2026, 8, 10) for _, _, day in late)
    tick.run(as_of=date(2026, 8, 11), now=at("2026-08-11"))
    assert sorted(calls()) == late


def test_what_ended_before_the_installation_began_is_not_asked_for() -> None:
    tick.run(as_of=date(2027, 2, 1), now=at("2027-02-01"))
    assert all(day >= BEGAN for _, _, day in calls())


def test_a_dry_run_writes_nothing() -> None:
    report = tick.run(as_of=date(2026, 7, 1), now=at("2026-07-01"), dry_run=True)
    assert calls() == []
    assert report.called == tick.run(as_of=date(2026, 7, 1), now=at("2026-07-01")).called


@pytest.mark.django_db(transaction=True)
def test_two_ticks_at_once_write_each_call_once() -> None:
    together = Barrier(2)

    def one() -> None:
        together.wait()
        actions.call(as_of=date(2026, 7, 1), now=at("2026-07-01") + timedelta(seconds=1))
        connections.close_all()

    threads = [Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    once = [card.identity for card in ledger.cards(ledger.facts().filter(kind="call"))]
    assert len(once) == len(set(once)) >= 50
