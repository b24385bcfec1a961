from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiannuo.kernel.days import parse_day

DAY = date(2026, 9, 3)


@pytest.mark.parametrize(
    "text",
    [
        "2026-9-3",
        "2026-09-03",
        "2026/9/3",
        "2026/09/03",
        "2026.9.3",
        "20260903",
        "2026年9月3日",
        "2026年09月03日",
        "２０２６年９月３日",
        "２０２６－０９－０３",
        "２０２６／９／３",
        " 2026-09-03 ",
        "2026-09-03 00:00:00",
        "2026-09-03T00:00:00",
        "2026/9/3 0:00",
        "2026-09-03 00:00:00.000000",
        "2026-09-03\u300000:00",
    ],
)
def test_a_day_is_read(text: str) -> None:
    assert parse_day(text) == DAY


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "2026-9/3",
        "2026-09",
        "26-9-3",
        "2026-13-01",
        "2026-02-30",
        "2026-9-3 08:00",
        "2026-9-3 00:00:01",
        "2026-09-0300:00",
        "2026年9月3",
        "2026年9月",
        "2026 年 9 月 3 日",
        "二〇二六年九月三日",
        "1767225600",
        "46268",
        "46268.0",
        "2026093",
        "202609031",
        "9/3/2026",
        "2026-09-03Z",
        "2026-09-03+08:00",
        "True",
        "长期",
        "0001-01-01",
        "9999-12-31",
        "٢٠٢٦-٠٩-٠٣",
        "2026-09-03" + " " * 60,
    ],
)
def test_anything_else_is_no_day(text: str) -> None:
    assert parse_day(text) is None


def test_the_mark_for_no_end_is_a_day() -> None:
    assert parse_day("2099/12/31") == date(2099, 12, 31)


@given(st.dates(date(1800, 1, 1), date(2199, 12, 31)))
def test_every_form_of_every_day_is_read_as_that_day(day: date) -> None:
    year, month, number = day.year, day.month, day.day
    for text in (
        day.isoformat(),
        f"{year}/{month}/{number}",
        f"{year}.{month:02}.{number:02}",
        f"{year}{month:02}{number:02}",
        f"{year}年{month}月{number}日",
    ):
        assert parse_day(text) == day


@given(st.text(max_size=30))
def test_any_text_is_a_day_or_not(text: str) -> None:
    found = parse_day(text)
    assert found is None or found.year in range(1800, 2200)
