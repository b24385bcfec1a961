"""What the calendar asks for by itself: written once, however late, often or in how many places it is looked at."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connections

from jiannuo.duties import actions, tick
from jiannuo.duties.models import Bookmark, Duty
from jiannuo.ledger import queries as ledger
from jiannuo.policy import pack as policy
from jiannuo.subjects import actions as subjects_actions
from jiannuo.subjects import queries as subjects
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


@pytest.mark.row("C8")
def test_each_organ_the_document_names_owes_the_half_year_by_the_tenth_of_july(
    organs: Callable[[str], OrganCard],
) -> None:
    tick.run(as_of=date(2026, 7, 1), now=at("2026-07-01"))
    owed = Duty.objects.filter(kind="half_year_report")
    bound = {"office", "department", "police", "town", "subdistrict", "park"}
    assert {one.debtor_id for one in owed} == {
        card.id for card in subjects.directory(date(2026, 6, 30)).organs if card.type in bound
    }
    assert {(one.started_on, one.due_on) for one in owed} == {(date(2026, 6, 30), date(2026, 7, 10))}
    lead = organs("青禾县发展和改革委员会")
    assert {one.confirmer_id for one in owed if one.debtor_id != lead.id} == {lead.id}
    assert owed.get(debtor=lead.id).confirmer_id == organs("青禾县人民政府办公室").id


@pytest.mark.row("C8")
def test_a_new_name_before_a_late_tick_changes_nobody_who_is_asked(organs: Callable[[str], OrganCard]) -> None:
    salt = organs("青禾县烟草专卖局")
    subjects_actions.rename(
        salt.id, on=date(2026, 7, 3), name="青禾县烟草专卖管理局", short="县烟草管理局", reason="更名", at=at("2026-07-03"), by="lead"
    )  # fmt: skip
    tick.run(as_of=date(2026, 8, 10), now=at("2026-08-10"))
    assert Duty.objects.filter(kind="half_year_report", debtor=salt.id).count() == 1


@pytest.mark.row("C7")
def test_a_task_is_asked_of_its_lead_once_a_year_and_of_each_town_where_the_document_says_each() -> None:
    tick.run(as_of=date(2026, 7, 1), now=at("2026-07-01"))
    pack = policy.current()
    found = ledger.cards(ledger.facts().filter(kind="call"))
    told = [card for card in found if card.body["duty"] == "carry_out_task"]
    each = next(task for task in pack.tasks if task.each)
    by_task = Counter(int(card.body["task"]) for card in told)
    assert by_task[each.number] == len(each.lead)
    assert {number: count for number, count in by_task.items() if number != each.number} == {
        task.number: 1 for task in pack.tasks if not task.each
    }
    owed = {one.entry.body: one.due_on for one in Duty.objects.filter(kind="carry_out_task").select_related("entry")}
    assert set(owed.values()) == {task.due or date(2026, 12, 31) for task in pack.tasks}


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
