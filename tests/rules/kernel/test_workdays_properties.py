from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from jiannuo.kernel.workdays import Calendar, Pause, Unit, count, due

YEARS = range(2020, 2027)
DAYS = st.dates(date(2020, 1, 1), date(2026, 12, 31))
LIMITS = st.integers(0, 60)
UNITS: st.SearchStrategy[Unit] = st.sampled_from(("workday", "day", "month", "year"))
DAY_SETS = st.sets(DAYS, max_size=40)


def calendar_of(off: set[date], makeup: set[date]) -> Calendar:
    return Calendar(dict.fromkeys(off - makeup, "某节"), dict.fromkeys(makeup, "某节"), YEARS, {})


@given(DAY_SETS, DAY_SETS, DAYS, DAYS, LIMITS, UNITS, st.booleans())
def test_a_later_start_never_ends_earlier(
    off: set[date], makeup: set[date], one: date, other: date, limit: int, unit: Unit, roll: bool
) -> None:
    calendar = calendar_of(off, makeup)
    early, late = sorted((one, other))
    first = due(calendar, start=early, limit=limit, unit=unit, roll=roll)
    second = due(calendar, start=late, limit=limit, unit=unit, roll=roll)
    assert first.due_on <= second.due_on


@given(DAY_SETS, DAY_SETS, DAYS, LIMITS, UNITS, st.booleans())
def test_a_longer_limit_never_ends_earlier(
    off: set[date], makeup: set[date], start: date, limit: int, unit: Unit, roll: bool
) -> None:
    calendar = calendar_of(off, makeup)
    shorter = due(calendar, start=start, limit=limit, unit=unit, roll=roll)
    longer = due(calendar, start=start, limit=limit + 1, unit=unit, roll=roll)
    assert shorter.due_on <= longer.due_on


@given(DAY_SETS, DAY_SETS, DAYS, DAYS, LIMITS, UNITS)
def test_another_holiday_never_makes_it_earlier_and_another_make_up_day_never_later(
    off: set[date], makeup: set[date], extra: date, start: date, limit: int, unit: Unit
) -> None:
    plain = due(calendar_of(off - {extra}, makeup - {extra}), start=start, limit=limit, unit=unit)
    holiday = due(calendar_of(off | {extra}, makeup - {extra}), start=start, limit=limit, unit=unit)
    worked = due(calendar_of(off - {extra}, makeup | {extra}), start=start, limit=limit, unit=unit)
    assert worked.due_on <= plain.due_on <= holiday.due_on


@given(DAY_SETS, DAY_SETS, DAYS, st.integers(1, 60))
def test_a_workday_period_ends_on_a_working_day_and_counts_back(
    off: set[date], makeup: set[date], start: date, limit: int
) -> None:
    calendar = calendar_of(off, makeup)
    answer = due(calendar, start=start, limit=limit, unit="workday")
    assert calendar.is_workday(answer.due_on)
    assert count(calendar, start, answer.due_on) == limit
    assert count(calendar, start, answer.due_on - timedelta(1)) == limit - 1
    between = [start + timedelta(n) for n in range(1, (answer.due_on - start).days + 1)]
    assert tuple(skip.day for skip in answer.skipped) == tuple(day for day in between if not calendar.is_workday(day))


@given(DAY_SETS, DAYS, st.integers(1, 60), UNITS, st.booleans(), DAYS, st.integers(0, 20))
def test_a_pause_never_makes_it_earlier(
    off: set[date], start: date, limit: int, unit: Unit, roll: bool, first: date, length: int
) -> None:
    calendar = calendar_of(off, set())
    pause = Pause(first, first + timedelta(length), "中止")
    plain = due(calendar, start=start, limit=limit, unit=unit, roll=roll)
    paused = due(calendar, start=start, limit=limit, unit=unit, roll=roll, pauses=[pause])
    assert plain.due_on <= paused.due_on
    assert not pause.first <= paused.due_on <= pause.last


@given(DAY_SETS, DAY_SETS, DAYS, DAYS)
def test_counting_is_walking(off: set[date], makeup: set[date], one: date, other: date) -> None:
    calendar = calendar_of(off, makeup)
    walked = sum(calendar.is_workday(one + timedelta(n)) for n in range(1, (other - one).days + 1))
    assert count(calendar, one, other) == walked
