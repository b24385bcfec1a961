"""What is counted of lawsuits against organs: which judgment of a case takes effect, which are lost, and of what the rate is taken."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from jiannuo.assessment.rules.leads import leading
from jiannuo.duties.rules import Share, Standing
from jiannuo.kernel.searching import fold_text
from jiannuo.policy.endings import Outcomes

RETRIAL = "再审"
OFFICIALS = ("正职负责人", "副职负责人", "参与分管的负责人")
"""法释〔2020〕3号第二条: who counts as an official in court; heads of delegated organisations do not."""
NO_HEARING = "未开庭"
DENOMINATOR_WORDS: Mapping[str, str] = {"concluded": "全部审结的案件", "judged": "判决结案的案件"}


class Case(Struct, frozen=True):
    """One instance of a lawsuit for one defendant. A case with several defendants counts once for each of them."""

    entry_id: int
    number: str
    stage: str
    organ_id: int
    """The organ that answers today."""
    filed_on: date
    concluded_on: date | None = None
    outcomes: tuple[str, ...] = ()
    earlier: str = ""
    """The number of the instance it reviews."""
    cause: str = ""
    area: str = ""
    appeared: str = ""
    perform: Standing | None = None
    """How the duty to perform the judgment stands, where there is one."""
    perform_by: date | None = None
    account: Standing | None = None
    """How the duty to account for what the lost case revealed stands, where there is one."""

    def decided(self, on: date) -> bool:
        """Whether it was concluded by a day."""
        return self.concluded_on is not None and self.concluded_on <= on


def effective(cases: Iterable[Case], *, as_of: date) -> list[Case]:
    """One case for each lawsuit and defendant: the instance whose judgment takes effect, or that is still being heard.

    A review by a higher court takes the place of what it reviews from the day it is filed, for that judgment is not in
    force yet; a retrial takes it only once it is decided, for until then the old judgment stands (行政诉讼法第八十八条、第九十二条).
    """
    known = [case for case in cases if case.filed_on <= as_of]
    numbers = {(case.organ_id, fold_text(case.number)): case for case in known}
    chains: dict[tuple[int, str], list[Case]] = {}
    for case in known:
        chains.setdefault((case.organ_id, _root(case, numbers)), []).append(case)
    return [_in_force(chain, as_of) for chain in chains.values()]


def _root(case: Case, numbers: Mapping[tuple[int, str], Case]) -> str:
    """The number of the first instance, as far as it can be followed; numbers that point in a circle end where they began."""
    seen: set[str] = set()
    at = fold_text(case.number)
    found: Case | None = case
    while found is not None and found.earlier and at not in seen:
        seen.add(at)
        at = fold_text(found.earlier)
        found = numbers.get((case.organ_id, at))
    return min(seen) if at in seen else at


def _in_force(chain: list[Case], as_of: date) -> Case:
    standing = [case for case in chain if case.stage != RETRIAL or case.decided(as_of)] or chain
    last = max(standing, key=lambda case: (case.filed_on, case.entry_id))
    # A first instance that was reviewed is not performed; only the duties of the judgment in force count.
    return last if last.decided(as_of) else replace(last, concluded_on=None, outcomes=())


class LitigationFigures(Struct, frozen=True, dict=True):
    """The figures of a period, for an organ or all: what was concluded in it, what fell due in it, what is undecided."""

    organ_id: int | None
    first: date
    last: date
    as_of: date
    counting: Outcomes
    """What counts as lost and what the rate is taken of, with its source."""
    items: tuple[Case, ...] = ()
    """One for each lawsuit and defendant (`effective`), of any time."""

    @cached_property
    def concluded(self) -> tuple[Case, ...]:
        """Those concluded in the period."""
        return self._those("concluded")

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """How many of each."""
        return {name: len(self._those(name)) for name in COUNTS}

    def _those(self, number: str) -> tuple[Case, ...]:
        return tuple(case for case in self.items if COUNTS[number](self, case))

    def has(self, case: Case, number: str, value: str = "") -> bool:
        """Whether a number counts a case; `outcome`, `area`, `cause` and `appeared` are counted by value."""
        if number in VALUES:
            return _concluded(self, case) and value in VALUES[number](case)
        return COUNTS[number](self, case)

    def by(self, number: str) -> dict[str, int]:
        """How many of those concluded have each outcome, area, cause or presence; a case with two outcomes counts in both."""
        found: dict[str, int] = {}
        for case in self.concluded:
            for value in dict.fromkeys(VALUES[number](case)):
                found[value] = found.get(value, 0) + 1
        return dict(sorted(found.items(), key=lambda one: (-one[1], one[0])))

    @property
    def lost(self) -> Share:
        """败诉率."""
        counted = self.counts["counted"]
        return Share(self.counts["lost"], counted, DENOMINATOR_WORDS[self.counting.denominator])

    @property
    def performed(self) -> Share:
        """生效判决履行率."""
        return Share(self.counts["perform_on_time"], self.counts["perform_due"], "已履行和到期应履行的生效裁判")

    @property
    def officials(self) -> Share:
        """负责人出庭率."""
        return Share(self.counts["official_appeared"], self.counts["heard"], "审结并且开过庭的案件")

    def leads_to(self, number: str, value: str = "") -> dict[str, str]:
        """The filter under which the list of cases shows exactly those a number counts."""
        more = {"value": value} if value else {}
        return leading(self.organ_id, self.first, self.last, number, {*COUNTS, *VALUES}, **more)

    def by_organ(self) -> "tuple[LitigationFigures, ...]":
        """The same figures for each organ that has any, by its number."""
        found: dict[int, list[Case]] = {}
        for case in self.items:
            found.setdefault(case.organ_id, []).append(case)
        several = (replace(self, organ_id=organ, items=tuple(found[organ])) for organ in sorted(found))
        return tuple(one for one in several if any(one.counts.values()))


def _concluded(figures: LitigationFigures, case: Case) -> bool:
    return (
        case.decided(figures.as_of)
        and case.concluded_on is not None
        and figures.first <= case.concluded_on <= figures.last
    )


def _of(kind: str) -> Callable[[LitigationFigures, Case], bool]:
    def counts(figures: LitigationFigures, case: Case) -> bool:
        return _concluded(figures, case) and getattr(figures.counting, kind)(";".join(case.outcomes))

    return counts


def _among(kind: str) -> Callable[[LitigationFigures, Case], bool]:
    def counts(figures: LitigationFigures, case: Case) -> bool:
        return _concluded(figures, case) and not getattr(figures.counting, kind).isdisjoint(case.outcomes)

    return counts


def _other(figures: LitigationFigures, case: Case) -> bool:
    """Concluded, not lost, and not reported apart."""
    return _concluded(figures, case) and not _of("is_lost")(figures, case) and not _among("apart")(figures, case)


def _performing(*standings: Standing) -> Callable[[LitigationFigures, Case], bool]:
    def counts(figures: LitigationFigures, case: Case) -> bool:
        in_period = case.perform_by is not None and figures.first <= case.perform_by <= figures.last
        return in_period and case.perform in standings

    return counts


def _accounting(*standings: Standing) -> Callable[[LitigationFigures, Case], bool]:
    return lambda figures, case: _concluded(figures, case) and case.account in standings


KEPT = (Standing.KEPT, Standing.KEPT_LATE)
STILL = (Standing.RUNNING, Standing.DUE_SOON, Standing.BROKEN)
COUNTS: Mapping[str, Callable[[LitigationFigures, Case], bool]] = {
    "concluded": _concluded,
    "counted": _of("counts"),
    "lost": _of("is_lost"),
    "apart": lambda figures, case: _among("apart")(figures, case) and not _of("is_lost")(figures, case),
    "other": _other,
    "undecided": lambda figures, case: case.concluded_on is None and case.filed_on <= figures.last,
    "heard": lambda figures, case: _concluded(figures, case) and case.appeared not in ("", NO_HEARING),
    "official_appeared": lambda figures, case: _concluded(figures, case) and case.appeared in OFFICIALS,
    "perform_due": _performing(*KEPT, Standing.BROKEN),
    "perform_on_time": _performing(Standing.KEPT),
    "perform_late": _performing(Standing.KEPT_LATE),
    "perform_missing": _performing(Standing.BROKEN),
    "perform_running": _performing(Standing.RUNNING, Standing.DUE_SOON),
    "account": _accounting(*KEPT, *STILL),
    "account_closed": _accounting(*KEPT),
    "account_open": _accounting(*STILL),
}
"""Each number and what it counts: the list that the number leads to is narrowed by the very same condition."""

VALUES: Mapping[str, Callable[[Case], tuple[str, ...]]] = {
    "outcome": lambda case: case.outcomes,
    "area": lambda case: (case.area or "未填",),
    "cause": lambda case: (case.cause or "未填",),
    "appeared": lambda case: (case.appeared or "未填",),
}
"""What is counted by value among those concluded in the period."""
