"""What one person is told on one day, on a table of cases: grouped, quiet, on working days, once."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from jiannuo.exchange.rules.reminding import Day, Due, Group, Happened, Note, Reader, Told, Waiting, note
from jiannuo.kernel.clock import SHANGHAI
from jiannuo.kernel.workdays import Calendar
from jiannuo.policy import pack as policy

MINE, OTHER, LEAD = 1, 2, 3
KIND = "disclose_decision"
CLERK = Reader(10, own=frozenset({MINE}), may=frozenset({"intake.send", "duties.perform"}))
MONDAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def calendar(root: Path) -> Calendar:
    return policy.load(root / "packs" / "sample").calendar


def at(day: date, hour: int = 8) -> datetime:
    return datetime.combine(day, datetime.min.time().replace(hour=hour), SHANGHAI)


def due(day: str, *, organ: int = MINE, count: int = 1, opened: str = "2026-10-01", kind: str = KIND) -> Due:
    return Due(organ, kind, date.fromisoformat(day), count, at(date.fromisoformat(opened)), ())


def told(day: str, happened: int = 0) -> Told:
    return Told(date.fromisoformat(day), at(date.fromisoformat(day)), happened)


def day_of(calendar: Calendar, on: date = MONDAY, *dues: Due, **more: object) -> Day:
    made = Day(on=on, calendar=calendar, what={KIND: "公开决定"}, warn={KIND: 3}, dues=dues)
    return replace(made, **more)


def groups(made: Note | None) -> dict[str, int]:
    assert made is not None
    return {one.group.value: one.count for one in made.items}


def test_late_today_and_soon_come_in_one_message_with_the_list_each_counts(calendar: Calendar) -> None:
    dues = [due("2026-11-20", count=2), due("2026-11-23"), due("2026-11-25"), due("2026-11-26", count=4)]
    dues += [due("2026-11-27", count=9), due("2026-11-20", organ=OTHER)]
    made = note(CLERK, day_of(calendar, MONDAY, *dues), last=None)
    assert groups(made) == {"late": 2, "today": 1, "soon": 5}
    assert made is not None
    assert made.subject == "已经超期 2 项，今天到期 1 项，快要到期 5 项"
    soon = made.items[-1]
    assert (soon.first, soon.last, soon.words) == (date(2026, 11, 25), date(2026, 11, 26), "公开决定 5 项")


@pytest.mark.parametrize(
    "due_on, last, on, expected",
    [
        pytest.param("2026-11-26", "2026-11-20", "2026-11-23", True, id="enters the warning days"),
        pytest.param("2026-11-26", "2026-11-23", "2026-11-24", False, id="was told of yesterday"),
        pytest.param("2026-11-26", "2026-11-23", "2026-11-26", True, id="falls due today"),
        pytest.param("2026-11-26", "2026-11-26", "2026-11-27", True, id="became late yesterday"),
        pytest.param("2026-11-26", "2026-11-27", "2026-11-30", False, id="is late and was said to be"),
        pytest.param("2026-11-26", "2026-11-27", "2026-12-03", False, id="six days after"),
        pytest.param("2026-11-26", "2026-11-27", "2026-12-04", True, id="a week after it was said"),
        pytest.param("2026-11-28", "2026-11-27", "2026-11-30", True, id="became late over the weekend"),
        pytest.param("2026-11-20", "2026-11-20", "2026-11-23", True, id="became late on a Saturday, told on Monday"),
        pytest.param("2026-12-20", "2026-11-20", "2026-11-23", False, id="far off"),
    ],
)
def test_only_what_is_new_makes_a_message(calendar: Calendar, due_on: str, last: str, on: str, expected: bool) -> None:
    day = day_of(calendar, date.fromisoformat(on), due(due_on))
    assert (note(CLERK, day, last=told(last)) is not None) is expected


def test_a_duty_that_came_to_be_known_late_is_news_though_its_window_was_open(calendar: Calendar) -> None:
    day = day_of(calendar, MONDAY, due("2026-11-24", opened="2026-11-23"))
    assert note(CLERK, replace(day, on=date(2026, 11, 24)), last=told("2026-11-22")) is not None
    early = day_of(calendar, MONDAY, due("2026-11-24", opened="2026-11-01"))
    assert note(CLERK, early, last=told("2026-11-22")) is None


@pytest.mark.parametrize("on", ["2026-11-22", "2026-10-01", "2026-10-05"])
def test_nobody_is_told_anything_on_a_day_off(calendar: Calendar, on: str) -> None:
    assert note(CLERK, day_of(calendar, date.fromisoformat(on), due(on)), last=None) is None


@pytest.mark.parametrize("on", ["2026-09-20", "2026-10-10"])
def test_a_weekend_worked_by_notice_is_a_working_day(calendar: Calendar, on: str) -> None:
    assert note(CLERK, day_of(calendar, date.fromisoformat(on), due(on)), last=None) is not None


def test_one_message_a_day_and_none_for_a_day_gone_by(calendar: Calendar) -> None:
    day = day_of(calendar, MONDAY, due("2026-11-23"))
    assert note(CLERK, day, last=told("2026-11-23")) is None
    assert note(CLERK, day, last=told("2026-11-24")) is None


def test_late_by_a_month_one_message_says_how_things_stand(calendar: Calendar) -> None:
    dues = [due((date(2026, 10, 20) + timedelta(days=n)).isoformat()) for n in range(30)]
    made = note(CLERK, day_of(calendar, MONDAY, *dues), last=told("2026-10-19"))
    assert groups(made) == {"late": 30}


def test_what_waits_for_me_is_told_when_it_comes_and_weekly(calendar: Calendar) -> None:
    reader = Reader(11, confirms=frozenset({LEAD}))
    waiting = [
        Waiting(LEAD, "keep_commitment", "修路", at(date(2026, 11, 20), 15)),
        Waiting(OTHER, "x", "", at(MONDAY)),
    ]
    day = day_of(calendar, MONDAY, waiting=waiting)
    assert groups(note(reader, day, last=told("2026-11-20"))) == {"confirm": 1}
    assert note(reader, replace(day, on=date(2026, 11, 24)), last=told("2026-11-23")) is None
    assert note(reader, replace(day, on=date(2026, 11, 30)), last=told("2026-11-23")) is not None


def test_what_happened_is_told_once_to_those_who_can_do_something(calendar: Calendar) -> None:
    happened = [
        Happened(5, Group.BACK, MINE, "intake.send", "1号被退回", at(date(2026, 11, 20))),
        Happened(6, Group.ASKED, MINE, "", "请报半年报告", at(date(2026, 11, 20))),
        Happened(7, Group.MOVED, OTHER, "", "别的单位", at(date(2026, 11, 20))),
    ]
    day = day_of(calendar, MONDAY, happened=happened, newest=7)
    assert groups(note(CLERK, day, last=told("2026-11-19"))) == {"back": 1, "asked": 1}
    reviewer = Reader(12, own=frozenset({MINE}))
    assert groups(note(reviewer, day, last=None)) == {"asked": 1}
    made = note(CLERK, day, last=told("2026-11-19", 5))
    assert groups(made) == {"asked": 1}
    assert made is not None
    assert made.happened == 7
    assert note(CLERK, day, last=told("2026-11-19", 7)) is None
    assert note(CLERK, replace(day, on=date(2026, 12, 7)), last=None) is None


def test_the_lead_office_is_told_how_the_county_stands(calendar: Calendar) -> None:
    lead = Reader(13, confirms=frozenset({LEAD}), county=True)
    dues = [due("2026-11-20", count=2), due("2026-11-19", organ=OTHER), due("2026-11-24")]
    made = note(lead, day_of(calendar, MONDAY, *dues), last=None)
    assert made is not None
    assert [one.words for one in made.items] == ["全县 2 个单位：公开决定 3 项"]
