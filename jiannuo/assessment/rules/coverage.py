"""Which files must exist, which do and how fresh they are, as one number and as what to do next. Pure (A2)."""

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import Literal, NamedTuple

from msgspec import Struct

from jiannuo.policy.files import FileSection

State = Literal["fresh", "old", "missing"]
STATES: Mapping[State, str] = {"fresh": "有，没有过期", "old": "有，要更新", "missing": "缺"}


class Due(NamedTuple):
    """One file that must exist: of which section, of whom, in which organ, and the newest thing in it."""

    section: str
    subject: str
    organ_id: int
    latest: date | None


class Count(Struct, frozen=True):
    """Of the files that must exist, how many do, and how many of these are fresh."""

    required: int = 0
    present: int = 0
    fresh: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(self.required + other.required, self.present + other.present, self.fresh + other.fresh)

    @property
    def share(self) -> Decimal | None:
        """Fresh of required, to four places, rounded down: it is whole only where nothing is left to do."""
        if not self.required:
            return None
        return (Decimal(self.fresh) / self.required).quantize(Decimal("0.0001"), ROUND_DOWN)

    @property
    def lacking(self) -> int:
        """How many are missing or too old."""
        return self.required - self.fresh


class Task(NamedTuple):
    """What to do next: in which section, for which organ, how many files."""

    section: str
    organ_id: int
    missing: int
    old: int


class Coverage(Struct, frozen=True):
    """The files of a county, or of some of its organs, on a day."""

    on: date
    total: Count
    by_section: Mapping[str, Count]
    by_organ: Mapping[int, Count]
    """The organ's own files and those of its officials."""
    of_organs: Mapping[int, Count]
    """The organ's own files alone."""
    of_officials: Mapping[int, Count]
    """Those of its officials alone."""
    officials: Mapping[int, int]
    """How many officials each organ has."""
    tasks: tuple[Task, ...]
    """What to do next, the most first."""


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or the last day of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def state(section: FileSection, latest: date | None, on: date) -> State:
    """How one file stands: what is there is old when its newest entry is older than the section allows."""
    if latest is None:
        return "missing"
    if section.fresh_within and latest < months_before(on, section.fresh_within):
        return "old"
    return "fresh"


def coverage(
    sections: Mapping[str, FileSection], due: Iterable[Due], *, officials: Mapping[int, int], on: date
) -> Coverage:
    """All files that must exist, counted by section and organ."""
    by_section: dict[str, Count] = {name: Count() for name, section in sections.items() if section.required}
    of_organs: dict[int, Count] = {}
    of_officials: dict[int, Count] = {}
    lacking: dict[tuple[str, int], tuple[int, int]] = {}
    for one in due:
        section = sections[one.section]
        stands = state(section, one.latest, on)
        count = Count(1, int(stands != "missing"), int(stands == "fresh"))
        by_section[one.section] += count
        apart = of_organs if section.subject == "organ" else of_officials
        apart[one.organ_id] = apart.get(one.organ_id, Count()) + count
        if stands != "fresh":
            missing, old = lacking.get((one.section, one.organ_id), (0, 0))
            lacking[one.section, one.organ_id] = (missing + (stands == "missing"), old + (stands == "old"))
    organs = of_organs.keys() | of_officials.keys()
    by_organ = {organ: of_organs.get(organ, Count()) + of_officials.get(organ, Count()) for organ in organs}
    return Coverage(
        on=on,
        total=sum(by_section.values(), Count()),
        by_section=by_section,
        by_organ=by_organ,
        of_organs=of_organs,
        of_officials=of_officials,
        officials=officials,
        tasks=_tasks(lacking),
    )


def _tasks(lacking: Mapping[tuple[str, int], tuple[int, int]]) -> tuple[Task, ...]:
    found: Sequence[Task] = [Task(section, organ, *counts) for (section, organ), counts in lacking.items()]
    return tuple(sorted(found, key=lambda one: (-(one.missing + one.old), one.organ_id, one.section)))
