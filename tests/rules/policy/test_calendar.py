"""The calendar of the nation is the State Council's, day by day."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from jiannuo.policy.pack import ROOT, load

NATION = load(ROOT / "national")


def test_every_year_from_2004_has_a_notice_and_days() -> None:
    calendar = NATION.calendar
    assert sorted(calendar.years) == list(range(2004, 2027))
    assert {day.year for day in calendar.off} == set(range(2004, 2027))


def test_the_notice_of_2026_is_named() -> None:
    assert NATION.calendar.notices[2026] == "国务院办公厅关于2026年部分节假日安排的通知（国办发明电〔2025〕7号）"


def test_2027_is_not_known() -> None:
    assert not NATION.calendar.known(date(2027, 1, 4))


def test_make_up_days_fall_on_weekends_and_every_day_has_a_name() -> None:
    calendar = NATION.calendar
    assert all(day.weekday() >= 5 for day in calendar.makeup)
    assert all(calendar.off.values())


def test_each_day_agrees_with_the_parsed_notices(shared: Path) -> None:
    folder = shared / "calendar" / "holiday-cn"
    assert folder.is_dir(), "real data without the notices of holidays"
    official = {
        date.fromisoformat(entry["date"]): not entry["isOffDay"]
        for path in folder.glob("2*.json")
        for entry in json.loads(path.read_text())["days"]
    }
    day, last = date(2007, 1, 1), date(2026, 12, 31)
    while day <= last:
        works = official.get(day, day.weekday() < 5)
        assert NATION.calendar.is_workday(day) == works, day
        day += timedelta(days=1)


def test_each_day_agrees_with_chinesecalendar() -> None:
    chinese_calendar = pytest.importorskip("chinese_calendar")
    day, last = date(2004, 1, 1), date(2026, 12, 31)
    while day <= last:
        assert NATION.calendar.is_workday(day) == chinese_calendar.is_workday(day), day
        day += timedelta(days=1)
