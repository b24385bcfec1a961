"""Time limits are chosen by the day, say what they stand on, and end where the law says (domain G1-G3, section 14)."""

from datetime import date

import pytest

from jiannuo.policy.deadlines import Deadline
from jiannuo.policy.pack import ROOT, PackError, load

COUNTY = load(ROOT / "huaxian")


@pytest.mark.parametrize(
    "rule, start, due",
    [
        ("disclose_decision", "2017-09-26", "2017-10-11"),
        ("disclose_decision", "2017-09-27", "2017-10-12"),
        ("disclose_decision", "2017-09-30", "2017-10-17"),
        ("disclose_decision", "2017-10-01", "2017-10-17"),
        ("disclose_decision", "2018-02-09", "2018-02-24"),
        ("disclose_decision", "2020-01-20", "2020-02-06"),
        ("disclose_decision", "2025-09-26", "2025-10-13"),
        ("disclose_decision", "2026-02-11", "2026-02-27"),
        ("disclose_decision", "2026-04-28", "2026-05-11"),
        ("disclose_decision", "2026-09-23", "2026-10-10"),
        ("withdraw_publication", "2026-02-13", "2026-02-25"),
        ("disclose_information", "2026-09-10", "2026-10-14"),
    ],
)
def test_the_last_day(rule: str, start: str, due: str) -> None:
    began = date.fromisoformat(start)
    found = COUNTY.rule(rule, on=began).due(began, COUNTY.calendar)
    assert (found.due_on, found.provisional) == (date.fromisoformat(due), False)
    assert found.explanation


def test_a_year_without_a_notice_gives_a_provisional_day() -> None:
    began = date(2026, 12, 25)
    assert COUNTY.rule("disclose_decision", on=began).due(began, COUNTY.calendar).provisional


def test_there_was_no_limit_before_the_document() -> None:
    with pytest.raises(LookupError, match="最早自2017-09-26起"):
        COUNTY.rule("disclose_decision", on=date(2017, 9, 25))


def test_a_rule_carries_the_reference_a_decision_keeps() -> None:
    rule = COUNTY.rule("disclose_decision", on=date(2026, 9, 23))
    assert rule.ref == f"{COUNTY.name}@{COUNTY.digest[:8]}#disclose_decision"
    assert rule.clause.startswith("二(二)")
    assert rule.value.limit == 7


def test_an_unknown_rule_is_refused_in_words() -> None:
    with pytest.raises(PackError, match="没有时限“someday”"):
        COUNTY.rule("someday", on=date(2026, 1, 1))


def test_values_succeed_one_another_and_a_repeal_ends_them() -> None:
    entry = {
        "what": "答复",
        "value": [
            {"since": date(2024, 1, 1), "checked": date(2026, 1, 1), "repealed": True},
            {"since": date(2019, 5, 15), "checked": date(2026, 1, 1), "limit": 20},
            {"since": date(2008, 5, 1), "checked": date(2026, 1, 1), "limit": 15},
        ],
    }
    deadline = Deadline.read("reply", entry)
    assert deadline.on(date(2019, 5, 14), pack="x").value.limit == 15
    assert deadline.on(date(2019, 5, 15), pack="x").value.limit == 20
    with pytest.raises(LookupError):
        deadline.on(date(2024, 1, 1), pack="x")


def test_every_value_was_confirmed_and_stands_on_something() -> None:
    for deadline in COUNTY.deadlines.values():
        assert deadline.source or deadline.clause
        assert all(value.checked >= date(2026, 11, 23) for value in deadline.values)
