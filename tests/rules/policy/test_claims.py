"""When a sum should have been paid, and its interest by the day: the words of 国令802号 第九条、第十七条, to the 分."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiannuo.policy.claims import CENT, Claim, interest
from jiannuo.policy.pack import ROOT, Pack, load

KIND = "breach_claim"
BODY = {"owed": "100000.00", "small": "是", "delivered_on": "2026-03-02"}


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load(ROOT / "sample")


DUE = [
    ("nothing agreed: thirty days", {}, "2026-04-01"),
    ("ninety days agreed: sixty, put off over the holiday", {"term": "90"}, "2026-05-06"),
    ("forty-five days agreed", {"term": "45"}, "2026-04-16"),
    ("sixty days agreed", {"term": "60"}, "2026-05-06"),
    ("a day agreed", {"due_on": "2026-03-20"}, "2026-03-20"),
    ("a day agreed beyond sixty days", {"due_on": "2026-09-30"}, "2026-05-06"),
    ("a day agreed, delivery not named", {"due_on": "2026-09-30", "delivered_on": ""}, "2026-09-30"),
    ("no small firm: the ninety days stand, a Sunday puts them off", {"term": "90", "small": "否"}, "2026-06-01"),
    ("no small firm and nothing agreed", {"small": "否"}, None),
    ("neither delivery nor day", {"delivered_on": ""}, None),
    ("before the first rule, nothing agreed", {"delivered_on": "2020-08-31"}, None),
    ("on the first day of the first rule", {"delivered_on": "2020-09-01"}, "2020-10-09"),
    ("no sum", {"owed": ""}, None),
]


@pytest.mark.parametrize("more, due", [one[1:] for one in DUE], ids=[one[0] for one in DUE])
def test_the_day_it_is_due(pack: Pack, more: dict[str, str], due: str | None) -> None:
    found = pack.claim(KIND, BODY | more)
    assert (found.due_on.isoformat() if found else None) == due


def test_the_day_explains_itself(pack: Pack) -> None:
    capped = pack.claim(KIND, BODY | {"term": "90"})
    assert capped is not None
    assert capped.why == (
        "2026-03-02交付，约定90日内付款；最长60日（保障中小企业款项支付条例（国务院令第802号）第九条），超过的约定不算"
    )


INTEREST = [
    # G10: nothing agreed, thirty days on 100,000 yuan.
    ("thirty days", {}, "2026-05-01", "1500.00", 30),
    ("the day it is due", {}, "2026-04-01", "0.00", 0),
    ("one day", {}, "2026-04-02", "50.00", 1),
    ("before it is due", {}, "2026-03-15", "0.00", 0),
    ("3.65 percent a year agreed", {"rate": "3.65"}, "2026-05-01", "300.00", 30),
    ("agreed, and no small firm", {"rate": "3.65", "small": "否", "due_on": "2026-04-01"}, "2026-05-01", "300.00", 30),
    ("nothing agreed, and no small firm", {"small": "否", "due_on": "2026-04-01"}, "2026-05-01", "0.00", 30),
    ("rounded once, half up: 0.005", {"owed": "10.00"}, "2026-04-02", "0.01", 1),
    ("rounded once, below half", {"owed": "9.99"}, "2026-04-02", "0.00", 1),
]


@pytest.mark.parametrize("more, on, amount, days", [one[1:] for one in INTEREST], ids=[one[0] for one in INTEREST])
def test_interest_by_the_day(pack: Pack, more: dict[str, str], on: str, amount: str, days: int) -> None:
    owed = pack.claim(KIND, BODY | more)
    assert owed is not None
    found = interest(owed, on=date.fromisoformat(on))
    assert (f"{found.amount:.2f}", found.days) == (amount, days)


def test_interest_explains_itself(pack: Pack) -> None:
    owed = pack.claim(KIND, BODY)
    assert owed is not None
    assert interest(owed, on=date(2026, 5, 1)).words == (
        "本金100,000.00元，2026-03-02交付，没有约定期限，30日内付款（保障中小企业款项支付条例（国务院令第802号）第九条），"
        "应付日2026-04-01，到2026-05-01逾期30天；"
        "没有约定利率，日利率0.05%（保障中小企业款项支付条例（国务院令第802号）第十七条），利息1,500.00元"
    )


PAID = [
    (
        "half after ten days: ten of the whole, twenty of half",
        [("2026-04-11", "50000")],
        "2026-05-01",
        "1000.00",
        "50000",
    ),
    ("all after ten days: it stands", [("2026-04-11", "100000")], "2026-05-01", "500.00", "0"),
    ("paid before it was due", [("2026-03-20", "100000")], "2026-05-01", "0.00", "0"),
    ("paid later than the day asked for", [("2026-05-02", "100000")], "2026-05-01", "1500.00", "100000"),
    ("more than was owed", [("2026-04-11", "120000")], "2026-05-01", "500.00", "0"),
    ("in the wrong order", [("2026-04-21", "50000"), ("2026-04-11", "50000")], "2026-05-01", "750.00", "0"),
]


@pytest.mark.parametrize("paid, on, amount, left", [one[1:] for one in PAID], ids=[one[0] for one in PAID])
def test_what_is_paid_bears_no_more(pack: Pack, paid: list[tuple[str, str]], on: str, amount: str, left: str) -> None:
    owed = pack.claim(KIND, BODY)
    assert owed is not None
    payments = [(date.fromisoformat(day), Decimal(sum_)) for day, sum_ in paid]
    found = interest(owed, on=date.fromisoformat(on), paid=payments)
    assert (f"{found.amount:.2f}", found.left) == (amount, Decimal(left))


SUMS = st.decimals(min_value="0.01", max_value="99999999.99", places=2)
DAYS = st.dates(min_value=date(2025, 6, 1), max_value=date(2030, 1, 1))


@given(SUMS, DAYS, st.integers(0, 900), st.lists(st.tuples(DAYS, SUMS), max_size=4))
def test_interest_grows_with_the_days_and_never_by_paying(
    sum_: Decimal, due: date, late: int, paid: list[tuple[date, Decimal]]
) -> None:
    owed = Claim(sum_, due, False, "约定", Decimal("0.0005"), "")
    on = due + timedelta(days=late)
    found, next_day = (interest(owed, on=day, paid=paid) for day in (on, on + timedelta(days=1)))
    unpaid = interest(owed, on=on)
    assert (
        Decimal(0) <= found.amount <= unpaid.amount == (sum_ * late * Decimal("0.0005")).quantize(CENT, "ROUND_HALF_UP")
    )
    assert found.amount <= next_day.amount
    assert found.days <= late
    assert found.amount == found.amount.quantize(CENT)
