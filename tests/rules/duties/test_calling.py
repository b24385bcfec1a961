"""What the calendar asks for, by itself: which periods ended, and who was bound on the day they did."""

from datetime import date

import pytest

from jiannuo.duties.rules.calling import periods

BEGAN = date(2026, 3, 1)


@pytest.mark.row("C8")
@pytest.mark.parametrize(
    "as_of, ended",
    [
        (date(2026, 6, 29), []),
        (date(2026, 6, 30), ["2026-H1"]),
        (date(2026, 12, 30), ["2026-H1"]),
        (date(2026, 12, 31), ["2026-H1", "2026-H2"]),
        (date(2027, 7, 1), ["2026-H1", "2026-H2", "2027-H1"]),
    ],
)
def test_a_half_year_is_asked_for_from_its_last_day_on(as_of: date, ended: list[str]) -> None:
    assert [name for name, _ in periods("half", began_on=BEGAN, as_of=as_of)] == ended


def test_a_year_that_ended_before_the_installation_began_is_not_asked_for() -> None:
    assert periods("year", began_on=date(2026, 1, 1), as_of=date(2026, 11, 23)) == []
    assert periods("half", began_on=date(2026, 7, 1), as_of=date(2026, 11, 23)) == []


def test_what_comes_once_is_asked_for_on_the_day_the_installation_began() -> None:
    assert periods("once", began_on=BEGAN, as_of=date(2030, 1, 1)) == [("", BEGAN)]
