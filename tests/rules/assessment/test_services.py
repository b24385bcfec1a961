"""Cases of service counted together, their average and share; limits shortened, papers and proofs cut."""

from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from jiannuo.assessment.rules.services import (
    OPEN,
    Cell,
    Handled,
    Handling,
    Offered,
    ServiceFigures,
    Sum,
    catalogue,
    counted,
)
from jiannuo.duties.rules import Tally

CASE = Handled(7, "A01", "网上", date(2026, 6, 1), date(2026, 6, 8), date(2026, 6, 5))
ITEM = Offered(1, b"", 7, "A01", "食品经营许可", "行政许可", "实施", "", 20, 5, 4, 2, ("无房证明",), ("网上",))


@pytest.mark.parametrize(
    "what, case, cell, one",
    [
        ("done before its day", CASE, ("A01", "网上", "2026-06-01", "2026-06-01"), Sum(1, 0, 4)),
        ("done on its day", CASE._replace(done_on=date(2026, 6, 8)), ("A01", "网上", "2026-06-01", "2026-06-01"), Sum(1, 0, 4)),
        ("done a day late", CASE._replace(done_on=date(2026, 6, 9)), ("A01", "网上", "2026-06-01", "2026-06-01"), Sum(1, 1, 4)),
        ("done a month late", CASE._replace(done_on=date(2026, 7, 9)), ("A01", "网上", "2026-06-01", "2026-07-01"), Sum(1, 1, 4)),
        ("not done", CASE._replace(done_on=None), ("A01", "网上", "2026-06-08", "9999-12-31"), Sum(1, 0, 0)),
    ],
)  # fmt: skip
def test_where_a_case_is_counted(what: str, case: Handled, cell: tuple[str, str, str, str], one: Sum) -> None:
    item, channel, due, done = cell
    assert counted(case, 4) == (Cell(7, item, channel, date.fromisoformat(due), date.fromisoformat(done)), one), what
    assert date.fromisoformat(done) <= OPEN


def test_the_average_is_of_those_done_and_there_is_none_where_none_was() -> None:
    assert Handling(running=3, missing=2).average is None
    assert Handling(on_time=2, late=1, missing=4, workdays=10).average == Decimal("3.3")


def test_the_share_on_time_is_of_those_done_or_past_their_day() -> None:
    share = Handling(on_time=3, late=1, missing=1, running=9).timeliness
    assert (share.part, share.whole, share.percent) == (3, 5, "60.00%")
    assert Handling(running=9).timeliness.value is None


def test_handlings_add_up_channel_by_channel() -> None:
    both = Handling(1, 2, 3, 4, 5, {"网上": 10}) + Handling(1, 1, 1, 1, 1, {"网上": 3, "大厅": 1})
    assert (both.cases, both.workdays, both.channels) == (14, 6, {"网上": 13, "大厅": 1})
    assert both.tally == Tally(running=5, on_time=2, late=3, missing=4)


@pytest.mark.parametrize(
    "what, item, wanted",
    [
        ("offered, quicker than the law, less papers and proofs", ITEM, "items papers_cut proofs_cut shortened"),
        ("as slow as the law", replace(ITEM, promised=20), "items papers_cut proofs_cut"),
        ("the law names no limit", replace(ITEM, statutory=None, papers_cut=0), "items proofs_cut"),
        ("a permit no longer needed", replace(ITEM, status="取消", papers_cut=0, proofs_cut=()), "permits_cut"),
        ("handed to the townships", replace(ITEM, status="下放", papers_cut=0, proofs_cut=()), "permits_cut"),
        ("something else no longer needed", replace(ITEM, type="行政确认", status="取消", papers_cut=0, proofs_cut=()), "others_cut"),
        ("joined with another", replace(ITEM, status="合并", papers_cut=0, proofs_cut=()), ""),
    ],
)  # fmt: skip
def test_what_a_matter_is_counted_as(what: str, item: Offered, wanted: str) -> None:
    assert {name for name, count in catalogue([item]).counts.items() if count} == set(wanted.split()), what


def test_how_much_shorter_organs_promise_to_be() -> None:
    share = catalogue([ITEM, replace(ITEM, statutory=10, promised=10), replace(ITEM, statutory=None)]).shortening
    assert (share.part, share.whole, share.percent) == (15, 30, "50.00%")
    assert catalogue([]).shortening.value is None


def test_a_number_leads_to_the_duties_it_counts() -> None:
    found = ServiceFigures(7, date(2026, 1, 1), date(2026, 12, 31), date(2026, 11, 23), "handle_service")
    assert found.leads_to("missing") == {
        "kind": "handle_service", "organ": "7", "standing": "broken", "first": "2026-01-01", "last": "2026-12-31",
    }  # fmt: skip
    assert found.items_lead_to("papers_cut") == {"count": "papers_cut", "organ": "7", "year": "2026"}
