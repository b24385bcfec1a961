"""What is owed in money: when it should have been paid, and the interest by the day (`[claim]` of a kind, `rates.toml`).

| key of `[claim]` | the field, or the rule |
|---|---|
| owed | the principal, in yuan |
| covers | whether the rules below hold for it: 是 (中小企业); where it says 否, only what was agreed counts |
| stated | the day the contract names |
| delivered, term | the day of delivery, and within how many days the contract has it paid |
| agreed | the interest agreed, in percent a year |
| within, longest | the time limits where the contract says nothing, and beyond which it says nothing that counts |
| interest | the rate of `rates.toml` where none was agreed |

The day it is due is no day of delay. Interest is of the principal alone, simple, and rounded once, to the 分, half up.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Self

from msgspec import Struct

from jiannuo.kernel import workdays
from jiannuo.kernel.workdays import Calendar
from jiannuo.policy.deadlines import Rule

YES = "是"
CENT = Decimal("0.01")
DAYS_A_YEAR = 365


class RateValue(Struct, frozen=True):
    """What a rate was from a day on, as a share of the principal for each day."""

    since: date
    checked: date
    daily: Decimal
    note: str

    @property
    def percent(self) -> str:
        """The rate for a day, as people say it: 0.05%."""
        return f"{_plain(self.daily * 100)}%"


class Rate(Struct, frozen=True):
    """A rate and its history, oldest first."""

    id: str
    what: str
    source: str
    clause: str
    assumed: str
    values: tuple[RateValue, ...]

    @classmethod
    def read(cls, name: str, entry: Mapping[str, Any]) -> Self:
        values = tuple(
            RateValue(one["since"], one["checked"], Decimal(one["daily"]), one.get("note", ""))
            for one in entry["value"]
        )
        return cls(
            name, entry["what"], entry.get("source", ""), entry.get("clause", ""), entry.get("assumed", ""),
            tuple(sorted(values, key=lambda one: one.since)),
        )  # fmt: skip

    def on(self, day: date) -> RateValue | None:
        """The value in force on a day; nothing before the first."""
        return next((one for one in reversed(self.values) if one.since <= day), None)


class ClaimRule(Struct, frozen=True):
    """Which fields of a kind say what is owed, and which rules hold for it."""

    owed: str
    covers: str
    stated: str
    delivered: str
    term: str
    agreed: str
    within: str
    longest: str
    interest: str

    @classmethod
    def read(cls, entry: Mapping[str, str]) -> Self:
        return cls(*(entry.get(name, "") for name in CLAIM_KEYS))


CLAIM_FIELDS = ("owed", "covers", "stated", "delivered", "term", "agreed")
CLAIM_KEYS = (*CLAIM_FIELDS, "within", "longest", "interest")


class Claim(Struct, frozen=True):
    """What is owed, since when, and at which rate."""

    principal: Decimal
    due_on: date
    provisional: bool
    why: str
    """How the day was come to, in words."""
    daily: Decimal | None
    """The share of the principal for each day; None where nothing was agreed and no rule gives a rate."""
    rate: str
    """The rate in words, with what it rests on."""


class Interest(Struct, frozen=True):
    """The interest up to a day."""

    days: int
    """Days of delay of what is still owed, or was until all was paid."""
    left: Decimal
    """The principal still owed."""
    amount: Decimal
    words: str


def due_of(
    rule: ClaimRule, body: Mapping[str, Any], calendar: Calendar, rules: Mapping[str, Rule]
) -> tuple[date, bool, str] | None:
    """The day it should be paid by, whether a coming notice may move it, and why; nothing where what is said gives no day.

    `rules` holds the time limits in force on the day of delivery, by id.
    """
    covered = body.get(rule.covers) == YES
    delivered = _day(body, rule.delivered)
    found: tuple[date, bool, str] | None = None
    if stated := _day(body, rule.stated):
        found = stated, False, f"约定{stated}付款"
    elif delivered and body.get(rule.term):
        days = int(Decimal(str(body[rule.term])))
        due = workdays.due(calendar, start=delivered, limit=max(days, 1), unit="day", roll=True, event="交付")
        found = due.due_on, due.provisional, f"{delivered}交付，约定{days}日内付款"
    elif delivered and covered and rule.within in rules:
        within = rules[rule.within]
        due = within.due(delivered, calendar)
        found = (
            due.due_on,
            due.provisional,
            f"{delivered}交付，没有约定期限，{within.value.words}内付款（{within.source}）",
        )
    if found and delivered and covered and rule.longest in rules:
        longest = rules[rule.longest]
        cap = longest.due(delivered, calendar)
        if found[0] > cap.due_on:
            said = f"{found[2]}；最长{longest.value.words}（{longest.source}），超过的约定不算"
            return cap.due_on, cap.provisional, said
    return found


def claim(
    rule: ClaimRule,
    body: Mapping[str, Any],
    calendar: Calendar,
    rules: Mapping[str, Rule],
    rate: Rate | None,
) -> Claim | None:
    """What is owed by a fact; nothing where it names no sum or no day follows from it."""
    due = due_of(rule, body, calendar, rules)
    principal = Decimal(str(body.get(rule.owed) or 0))
    if due is None or not principal:
        return None
    due_on, provisional, why = due
    daily, said = _rate(rule, body, rate, due_on)
    return Claim(principal, due_on, provisional, why, daily, said)


def _rate(rule: ClaimRule, body: Mapping[str, Any], rate: Rate | None, due_on: date) -> tuple[Decimal | None, str]:
    if yearly := body.get(rule.agreed):
        return Decimal(str(yearly)) / 100 / DAYS_A_YEAR, f"约定的年利率{_plain(Decimal(str(yearly)))}%，一年按365日"
    value = rate.on(due_on) if rate and body.get(rule.covers) == YES else None
    if rate is None or value is None:
        return None, "没有约定利率，也没有规定的利率"
    return value.daily, f"没有约定利率，日利率{value.percent}（{rate.source}）"


def interest(owed: Claim, *, on: date, paid: Iterable[tuple[date, Decimal]] = ()) -> Interest:
    """The interest at the end of a day, `paid` being what was paid of the principal on which days."""
    left, since, days, sum_of_days = owed.principal, owed.due_on, 0, Decimal(0)
    for day, amount in sorted(paid):
        if day > on or left <= 0:
            continue
        late = max((day - since).days, 0)
        days, sum_of_days, since = days + late, sum_of_days + left * late, max(day, since)
        left = max(left - amount, Decimal(0))
    if left:
        late = max((on - since).days, 0)
        days, sum_of_days = days + late, sum_of_days + left * late
    amount = (sum_of_days * (owed.daily or 0)).quantize(CENT, ROUND_HALF_UP)
    return Interest(days, left, amount, _words(owed, on, days, left, amount))


def _words(owed: Claim, on: date, days: int, left: Decimal, amount: Decimal) -> str:
    whole = f"本金{owed.principal:,.2f}元，{owed.why}，应付日{owed.due_on}"
    rest = f"，还欠{left:,.2f}元" if left != owed.principal else ""
    if not days:
        return f"{whole}{rest}，到{on}没有逾期"
    if owed.daily is None:
        return f"{whole}{rest}，到{on}逾期{days}天；{owed.rate}，利息由双方商定或者由法院判定"
    return f"{whole}{rest}，到{on}逾期{days}天；{owed.rate}，利息{amount:,.2f}元"


def _day(body: Mapping[str, Any], field: str) -> date | None:
    text = str(body.get(field) or "") if field else ""
    return date.fromisoformat(text) if text else None


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
