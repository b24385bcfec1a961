"""What the catalogue asks for on a day."""

from datetime import date
from pathlib import Path

import pytest

from jiannuo.disclosure import rules
from jiannuo.disclosure.rules import Published, State
from jiannuo.policy import pack as policy
from jiannuo.policy.deadlines import Rule

PACK = policy.load(Path(__file__).resolve().parents[3] / "packs" / "sample")
SINCE = date(2026, 1, 1)


def rule(day: date) -> Rule:
    return PACK.rule("disclose_information", on=day)


@pytest.mark.parametrize(
    "unit, day, name, first, last",
    [
        ("month", "2026-02-10", "2026-02", "2026-02-01", "2026-02-28"),
        ("quarter", "2026-12-31", "2026-Q4", "2026-10-01", "2026-12-31"),
        ("half", "2026-06-30", "2026-H1", "2026-01-01", "2026-06-30"),
        ("half", "2026-07-01", "2026-H2", "2026-07-01", "2026-12-31"),
        ("year", "2024-02-29", "2024", "2024-01-01", "2024-12-31"),
    ],
)
def test_periods(unit: str, day: str, name: str, first: str, last: str) -> None:
    found = rules.period_of(unit, date.fromisoformat(day))
    assert found == (date.fromisoformat(first), date.fromisoformat(last), name)


@pytest.mark.parametrize(
    "on, published, state, period",
    [
        pytest.param("2026-06-03", {"2026-05"}, State.ON_TIME, "2026-05", id="上月已公开"),
        pytest.param("2026-06-03", {"2026-04"}, State.ON_TIME, "2026-05", id="上月还没到期"),
        pytest.param("2026-06-25", {"2026-04"}, State.SOON, "2026-05", id="上月快到期"),
        pytest.param("2026-07-06", {"2026-05"}, State.ON_TIME, "2026-06", id="六月还在期限内"),
        pytest.param("2026-07-06", {"2026-04"}, State.MISSING, "2026-05", id="五月过期未公开"),
        pytest.param("2026-01-20", set(), State.NONE, "", id="义务开始前的月份不问"),
    ],
)
def test_a_monthly_item(on: str, published: set[str], state: State, period: str) -> None:
    found = rules.periodic(
        "month", Published(len(published), None, frozenset(published)), since=SINCE, rule=rule, calendar=PACK.calendar,
        on=date.fromisoformat(on),
    )  # fmt: skip
    assert (found.state, found.period) == (state, period)


def test_a_standing_item_is_missing_after_its_deadline() -> None:
    ask = rules.lasting
    given = {"since": SINCE, "rule": rule(SINCE), "calendar": PACK.calendar}
    assert ask(Published(), on=date(2026, 1, 5), **given).state == State.NONE  # type: ignore[arg-type]
    assert ask(Published(), on=date(2026, 3, 1), **given).state == State.MISSING  # type: ignore[arg-type]
    assert ask(Published(1), on=date(2026, 3, 1), **given).state == State.ON_TIME  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "records, due, state",
    [
        (0, None, State.NONE),
        (3, None, State.ON_TIME),
        (3, "2026-03-02", State.MISSING),
        (3, "2026-03-04", State.SOON),
        (3, "2026-03-20", State.ON_TIME),
        (0, "2026-03-20", State.NONE),
    ],
)
def test_an_item_of_events_stands_by_its_open_duties(records: int, due: str | None, state: State) -> None:
    open_due = date.fromisoformat(due) if due else None
    found = rules.on_event(Published(records), open_due=open_due, calendar=PACK.calendar, on=date(2026, 3, 3))
    assert found.state == state
