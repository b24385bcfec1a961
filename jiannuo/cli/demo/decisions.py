"""The rows of penalties and licences, as an organ's own system would write them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from random import Random

from msgspec import Struct

from jiannuo.cli.demo.matters import WORDS, Licence, Penalty
from jiannuo.cli.demo.people import Firm, Person, person
from jiannuo.subjects.queries import OrganCard

MARK = "演示数据"
FOR_GOOD = "2099/12/31"
Row = dict[str, str]


class Decision(Struct, frozen=True):
    """One decision of an organ: the kind it is reported under, its number, its day, its row."""

    organ: str
    kind: str
    number: str
    day: date
    row: Row


def slashed(day: date) -> str:
    return f"{day:%Y/%m/%d}"


def later(day: date, years: int) -> str:
    """The same day so many years on; for good where there are none."""
    return f"{day.year + years}/{day.month:02d}/{min(day.day, 28):02d}" if years else FOR_GOOD


@dataclass
class Office:
    """Writes the decisions of all organs, numbering them by organ, sort and year."""

    lot: Random
    pool: dict[str, list[Firm]]
    numbers: Counter[str] = field(default_factory=Counter)

    def penalty(self, matter: Penalty, organ: OrganCard, day: date) -> Decision:
        number = self._number(organ, "处罚", day)
        fine, seized = self._sum(matter.fine), self._sum(matter.seized)
        categories = [matter.other] if matter.other else []
        said = [matter.other] if matter.other else []
        amounts: Row = {}
        if fine:
            categories.append("罚款")
            said.append(f"罚款{fine}元")
            amounts["CF_NR_FK"] = _ten_thousands(fine)
        if seized:
            categories.append("没收违法所得")
            said.append(f"没收违法所得{seized}元")
            amounts["CF_NR_WFFF"] = _ten_thousands(seized)
        row = self._party("CF", matter.trade, day) | amounts | {
            "CF_WSH": number, "CF_WFXW": matter.act, "CF_SY": f"{_spoken(day)}，{matter.fact}。", "CF_YJ": matter.basis,
            "CF_CFLB": ";".join(categories), "CF_NR": "；".join(said), "CF_JDRQ": slashed(day), "CF_YXQ": later(day, 3),
            "CF_CFJG": organ.name, "CF_CFJGDM": organ.uscc, "CF_SJLY": organ.name, "CF_SJLYDM": organ.uscc, "BZ": MARK,
        }  # fmt: skip
        return Decision(organ.code, "penalty_legal" if matter.trade else "penalty_natural", number, day, row)

    def licence(self, matter: Licence, organ: OrganCard, day: date) -> Decision:
        number = self._number(organ, "许", day)
        row = self._party("XK", matter.trade, day) | {
            "XK_XKWS": matter.document, "XK_WSH": number, "XK_XKLB": matter.category, "XK_XKZS": matter.certificate,
            "XK_XKBH": f"JY2419926{self.lot.randint(0, 9_999_999):07d}" if matter.certificate else "",
            "XK_NR": f"{matter.content}。", "XK_JDRQ": slashed(day), "XK_YXQZ": slashed(day),
            "XK_YXQZI": later(day, matter.years), "XK_XKJG": organ.name, "XK_XKJGDM": organ.uscc, "XK_ZT": "1",
            "XK_LYDW": organ.name, "XK_LYDWDM": organ.uscc, "BZ": MARK,
        }  # fmt: skip
        return Decision(organ.code, "licence_legal" if matter.trade else "licence_natural", number, day, row)

    def _number(self, organ: OrganCard, sort: str, day: date) -> str:
        word = WORDS.get(organ.code[-3:]) if "-" in organ.code else organ.short.removesuffix("街道")[:2]
        prefix = f"青{word}{sort}〔{day.year}〕"
        self.numbers[prefix] += 1
        return f"{prefix}{self.numbers[prefix]}号"

    def _party(self, prefix: str, trade: str, day: date) -> Row:
        party: Firm | Person = self.lot.choice(self.pool[trade]) if trade else person(self.lot, day)
        if isinstance(party, Firm):
            return {
                f"{prefix}_XDR_MC": party.name,
                f"{prefix}_XDR_LB": party.type,
                f"{prefix}_XDR_SHXYM": party.code,
                f"{prefix}_FRDB": party.head,
            }
        return {
            f"{prefix}_XDR_MC": party.name,
            f"{prefix}_XDR_LB": "自然人",
            f"{prefix}_XDR_ZJLX": "身份证",
            f"{prefix}_XDR_ZJHM": party.number,
        }

    def _sum(self, bounds: tuple[int, int]) -> int:
        low, high = bounds
        if not high or (not low and self.lot.random() < 0.6):
            return 0
        step = 1000 if high > 10_000 else 50
        # Most sums lie near the lower bound.
        return max(int(low + (high - low) * self.lot.random() ** 2.5) // step * step, low, step)


def _ten_thousands(yuan: int) -> str:
    return f"{(Decimal(yuan) / 10_000).normalize():f}"


def _spoken(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def spread(weekly: float, days: Iterable[date], lot: Random) -> list[date]:
    """The working days on which something that happens so often a week happens, with repeats."""
    found = []
    for day in days:
        chance = weekly / 5
        found += [day] * (int(chance) + (lot.random() < chance % 1))
    return found
