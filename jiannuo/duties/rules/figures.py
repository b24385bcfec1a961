"""What is counted, what shares are taken of what, and where each number leads."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from msgspec import Struct

from jiannuo.duties.rules.standing import FALLEN_DUE, Standing


class Share(Struct, frozen=True):
    """A part of a whole, both counted and named. Where nothing is counted there is no share, not nought and not all."""

    part: int
    whole: int
    of: str

    @property
    def value(self) -> Decimal | None:
        """The share as a fraction, to six places."""
        if not self.whole:
            return None
        return (Decimal(self.part) / Decimal(self.whole)).quantize(Decimal("0.000001"), ROUND_HALF_UP)

    @property
    def percent(self) -> str:
        """The share in hundredths to two places, empty where there is none. Less than all never reads as all."""
        if not self.whole:
            return ""
        exact = Decimal(self.part) * 100 / Decimal(self.whole)
        shown = exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
        if self.part < self.whole and shown == 100:
            shown = Decimal("99.99")
        return f"{shown}%"


class Tally(Struct, frozen=True):
    """How many duties of a period stand how. `running` holds those due soon as well."""

    running: int = 0
    due_soon: int = 0
    on_time: int = 0
    late: int = 0
    missing: int = 0
    lifted: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.running + other.running,
            self.due_soon + other.due_soon,
            self.on_time + other.on_time,
            self.late + other.late,
            self.missing + other.missing,
            self.lifted + other.lifted,
        )

    @property
    def accepted(self) -> int:
        """All records of the period that opened the duty (入库)."""
        return self.running + self.on_time + self.late + self.missing + self.lifted

    @property
    def due(self) -> int:
        """Those that are done or whose day has passed."""
        return self.on_time + self.late + self.missing

    def of(self, wanted: Collection[Standing]) -> int:
        """How many have one of these standings."""
        counts = {
            Standing.RUNNING: self.running - self.due_soon,
            Standing.DUE_SOON: self.due_soon,
            Standing.KEPT: self.on_time,
            Standing.KEPT_LATE: self.late,
            Standing.BROKEN: self.missing,
            Standing.LIFTED: self.lifted,
        }
        return sum(counts[one] for one in wanted or Standing)


LEADS_TO: Mapping[str, frozenset[Standing]] = {
    "accepted": frozenset(),
    "due": FALLEN_DUE,
    "running": frozenset({Standing.RUNNING, Standing.DUE_SOON}),
    "due_soon": frozenset({Standing.DUE_SOON}),
    "on_time": frozenset({Standing.KEPT}),
    "late": frozenset({Standing.KEPT_LATE}),
    "missing": frozenset({Standing.BROKEN}),
    "lifted": frozenset({Standing.LIFTED}),
}
"""The standings of the records behind each number of a tally; none means every standing."""


class Received(Struct, frozen=True):
    """What was sent in over a period and how much of it was accepted."""

    reported: int
    accepted: int


class Rates(Struct, frozen=True):
    """One line of figures, for an organ or all, and a stretch of due days: counts, shares, and where each number leads."""

    kind: str
    organ_id: int | None
    first: date
    last: date
    as_of: date
    tally: Tally = Tally()
    received: Received | None = None

    @property
    def timeliness(self) -> Share:
        """及时率: kept on time, of those done or past their day."""
        return Share(self.tally.on_time, self.tally.due, "已办和已到期的应公示记录")

    @property
    def lateness(self) -> Share:
        """迟报率 = 迟报 / 入库."""
        return Share(self.tally.late, self.tally.accepted, "本期应公示的入库记录")

    @property
    def compliance(self) -> Share:
        """合规率 = 入库 / 上报, over what was received in the period."""
        received = self.received or Received(0, 0)
        return Share(received.accepted, received.reported, "本期上报的记录")

    def leads_to(self, number: str) -> dict[str, str]:
        """The filter under which the list of duties shows exactly the records a number counts."""
        wanted = {
            "kind": self.kind,
            "organ": "" if self.organ_id is None else str(self.organ_id),
            "standing": ",".join(sorted(one.value for one in LEADS_TO[number])),
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "as_of": self.as_of.isoformat(),
        }
        return {name: value for name, value in wanted.items() if value}


def months(first: date, last: date) -> list[tuple[date, date]]:
    """The months of a period, the first and last cut to it."""
    found = []
    while first <= last:
        following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
        found.append((first, min(last, following - timedelta(days=1))))
        first = following
    return found
