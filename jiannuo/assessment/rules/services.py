"""What is counted of matters of service and of their cases: limits, working days, what was cut."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from jiannuo.assessment.rules.leads import leading
from jiannuo.duties.rules import LEADS_TO, Share, Tally

OPEN = date(9999, 12, 31)
"""Stands where the month a case was done in would, while it is not done."""
CUT = ("取消", "下放")
PERMIT = "行政许可"


class Cell(NamedTuple):
    """What cases are counted together by."""

    organ_id: int
    item: str
    """Empty where all matters of the organ are counted."""
    channel: str
    due: date
    """The month they fell due in; for a case that is not done the very day."""
    done: date
    """The month they were done in, or OPEN."""


class Sum(NamedTuple):
    """How many cases, how many of them done after their day, and the working days they took together."""

    cases: int
    late: int
    workdays: int


class Handled(NamedTuple):
    """One case as its record says it."""

    organ_id: int
    item: str
    channel: str
    accepted_on: date
    promised_by: date
    done_on: date | None


def counted(case: Handled, workdays: int) -> tuple[Cell, Sum]:
    """Where a case is counted, and as what."""
    if case.done_on is None:
        return Cell(case.organ_id, case.item, case.channel, case.promised_by, OPEN), Sum(1, 0, 0)
    months = month(case.promised_by), month(case.done_on)
    late = int(case.done_on > case.promised_by)
    return Cell(case.organ_id, case.item, case.channel, *months), Sum(1, late, workdays)


def month(day: date) -> date:
    """The first day of a day's month."""
    return day.replace(day=1)


class Handling(Struct, frozen=True):
    """How the cases that fell due in a period stand, and what those done took."""

    on_time: int = 0
    late: int = 0
    missing: int = 0
    running: int = 0
    workdays: int = 0
    channels: Mapping[str, int] = {}

    def __add__(self, other: "Handling") -> "Handling":
        channels = dict(self.channels)
        for name, count in other.channels.items():
            channels[name] = channels.get(name, 0) + count
        return Handling(
            self.on_time + other.on_time,
            self.late + other.late,
            self.missing + other.missing,
            self.running + other.running,
            self.workdays + other.workdays,
            channels,
        )

    @property
    def tally(self) -> Tally:
        """The same as duties are counted."""
        return Tally(running=self.running, on_time=self.on_time, late=self.late, missing=self.missing)

    @property
    def cases(self) -> int:
        """All of them."""
        return self.on_time + self.late + self.missing + self.running

    @property
    def done(self) -> int:
        """Those that were done."""
        return self.on_time + self.late

    @property
    def timeliness(self) -> Share:
        """按时办结率."""
        return Share(self.on_time, self.done + self.missing, "已办结和已到承诺日的办件")

    @property
    def average(self) -> Decimal | None:
        """How many working days a case took, to one place; nothing where none was done."""
        if not self.done:
            return None
        return (Decimal(self.workdays) / self.done).quantize(Decimal("0.1"), ROUND_HALF_UP)


class Offered(Struct, frozen=True):
    """One matter of service as its organ published it."""

    entry_id: int
    identity: bytes
    organ_id: int
    """The organ that answers today."""
    code: str
    name: str
    type: str
    status: str
    status_basis: str
    statutory: int | None
    promised: int | None
    papers: int | None
    papers_cut: int
    proofs_cut: tuple[str, ...]
    channels: tuple[str, ...]
    cases: Handling = Handling()

    @property
    def is_offered(self) -> bool:
        """Whether it can still be asked for here."""
        return self.status not in (*CUT, "合并")


COUNTS: Mapping[str, Callable[[Offered], bool]] = {
    "items": lambda item: item.is_offered,
    "permits_cut": lambda item: item.type == PERMIT and item.status in CUT,
    "others_cut": lambda item: item.type != PERMIT and item.status in CUT,
    "papers_cut": lambda item: item.papers_cut > 0,
    "proofs_cut": lambda item: bool(item.proofs_cut),
    "shortened": lambda item: (
        item.is_offered and None not in (item.statutory, item.promised) and (item.promised or 0) < (item.statutory or 0)
    ),
}
"""Each number of matters and what it counts: the list that the number leads to is narrowed by the very same condition."""


class Catalogue(Struct, frozen=True):
    """What the matters of an organ or of all come to."""

    counts: Mapping[str, int]
    papers_cut: int
    proofs_cut: int
    statutory: int
    promised: int
    """The working days of both limits, added over the matters that have both."""

    @property
    def shortening(self) -> Share:
        """承诺时限压缩比: the working days that organs promise to save, of those the law allows."""
        return Share(self.statutory - self.promised, self.statutory, "有法定时限的事项的法定工作日数")


def catalogue(items: Iterable[Offered]) -> Catalogue:
    """The matters added up."""
    several = tuple(items)
    both = [
        (item.statutory, item.promised)
        for item in several
        if item.is_offered and item.statutory is not None and item.promised is not None
    ]
    return Catalogue(
        {name: sum(map(condition, several)) for name, condition in COUNTS.items()},
        sum(item.papers_cut for item in several),
        sum(len(item.proofs_cut) for item in several),
        sum(statutory for statutory, _ in both),
        sum(promised for _, promised in both),
    )


class ServiceFigures(Struct, frozen=True):
    """The figures of the cases that fell due in a period, for an organ or all."""

    organ_id: int | None
    first: date
    last: date
    as_of: date
    kind: str
    handling: Handling = Handling()
    each: Mapping[int, Handling] = {}
    """By the organ that answers today."""
    is_whole: bool = True
    """False while the counts are being made anew."""

    def leads_to(self, number: str) -> dict[str, str]:
        """The filter under which the list of duties shows exactly the cases a number counts."""
        period = {"first": self.first.isoformat(), "last": self.last.isoformat()}
        organ = {"organ": str(self.organ_id)} if self.organ_id is not None else {}
        standing = ",".join(sorted(one.value for one in LEADS_TO[number]))
        return {"kind": self.kind, **organ, **({"standing": standing} if standing else {}), **period}

    def items_lead_to(self, number: str) -> dict[str, str]:
        """The filter under which the list of matters shows exactly those a number counts."""
        return leading(self.organ_id, self.first, self.last, number, COUNTS)

    def by_organ(self) -> "tuple[ServiceFigures, ...]":
        """The same figures for each organ that has any, by its number."""
        return tuple(
            replace(self, organ_id=organ, handling=handling, each={organ: handling})
            for organ, handling in sorted(self.each.items())
        )
