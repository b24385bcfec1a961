"""The rate of loss: which judgment counts, of what the rate is taken, and that nothing concluded gives no rate."""

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from jiannuo.assessment.rules.litigation import COUNTS, Case, LitigationFigures, effective
from jiannuo.duties.rules import Standing
from jiannuo.policy.endings import Outcomes

TODAY = date(2026, 11, 23)
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
LOST = frozenset({"撤销", "确认违法", "限期履行"})
COUNTING = Outcomes("outcome", LOST, LOST | {"驳回诉讼请求"}, frozenset({"撤诉", "调解"}), "concluded", "", "")
JUDGED = replace(COUNTING, denominator="judged")
DISMISSED = ("驳回诉讼请求",)


def case(
    number: int, outcome: str = "", *, organ: int = 1, stage: str = "一审", day: str = "2026-05-06", **more: object
) -> Case:
    """A case filed in March and concluded on a day with an outcome, or still heard where it has none."""
    concluded = date.fromisoformat(day) if outcome else None
    outcomes = tuple(outcome.split(";")) if outcome else ()
    made = Case(number, f"（2026）虚26行初{number}号", stage, organ, date(2026, 3, 2), concluded, outcomes)
    return replace(made, **more)


def figures(*cases: Case, counting: Outcomes = COUNTING) -> LitigationFigures:
    return LitigationFigures(None, FIRST, LAST, TODAY, counting, tuple(effective(cases, as_of=TODAY)))


def appeal(of: Case, number: int, outcome: str = "", *, stage: str = "二审", **more: Any) -> Case:
    """The instance that reviews another."""
    filed: dict[str, Any] = {"filed_on": date(2026, 6, 1), "earlier": of.number}
    return case(number, outcome, stage=stage, day="2026-08-20", **{**filed, **more})


def test_686_of_4311_concluded_are_15_91_percent() -> None:
    lost = [case(number, "撤销") for number in range(686)]
    other = [case(number, "驳回诉讼请求") for number in range(686, 4311)]
    share = figures(*lost, *other).lost
    assert (share.part, share.whole, share.percent) == (686, 4311, "15.91%")
    assert share.of == "全部审结的案件"


@pytest.mark.parametrize(
    "what, cases",
    [
        ("nothing at all", ()),
        ("nothing concluded", (case(1), case(2))),
        ("concluded in another year only", (case(1, "撤销", day="2025-12-31", filed_on=date(2025, 3, 1)),)),
        ("concluded only tomorrow", (case(1, "撤销", day="2026-11-24"),)),
    ],
)
def test_no_case_concluded_gives_no_rate_and_not_nought(what: str, cases: tuple[Case, ...]) -> None:
    share = figures(*cases).lost
    assert (share.value, share.percent) == (None, ""), what


@pytest.mark.parametrize(
    "outcome, concluded, judged",
    [
        ("撤销", (1, 1), (1, 1)),
        ("确认违法;限期履行", (1, 1), (1, 1)),
        ("驳回诉讼请求", (0, 1), (0, 1)),
        ("驳回起诉", (0, 1), (0, 0)),
        ("撤诉", (0, 1), (0, 0)),
        ("调解", (0, 1), (0, 0)),
    ],
)
def test_the_denominator_is_the_packs(outcome: str, concluded: tuple[int, int], judged: tuple[int, int]) -> None:
    for counting, wanted in ((COUNTING, concluded), (JUDGED, judged)):
        share = figures(case(1, outcome), counting=counting).lost
        assert (share.part, share.whole) == wanted, counting.denominator


def test_withdrawn_and_mediated_stand_apart_and_undecided_by_itself() -> None:
    found = figures(case(1, "撤诉"), case(2, "调解"), case(3, "驳回起诉"), case(4, "撤销"), case(5)).counts
    assert (found["apart"], found["other"], found["lost"], found["undecided"]) == (2, 1, 1, 1)
    assert found["concluded"] == found["apart"] + found["other"] + found["lost"]


FIRST_INSTANCE = case(1, "驳回诉讼请求")


@pytest.mark.parametrize(
    "what, cases, lost, concluded, undecided",
    [
        ("not appealed", (FIRST_INSTANCE,), 0, 1, 0),
        ("overturned on appeal: lost once", (FIRST_INSTANCE, appeal(FIRST_INSTANCE, 2, "撤销")), 1, 1, 0),
        ("lost, then won on appeal", (case(1, "撤销"), appeal(case(1), 2, "驳回诉讼请求")), 0, 1, 0),
        ("the appeal is still heard: undecided, the first judgment is not in force",
         (case(1, "撤销"), appeal(case(1), 2)), 0, 0, 1),
        ("the appeal names a first instance nobody reported", (appeal(case(9), 2, "撤销"),), 1, 1, 0),
        ("a retrial still heard: the old judgment stands", (case(1, "撤销"), appeal(case(1), 2, stage="再审")), 1, 1, 0),
        ("a retrial decided takes its place", (case(1, "撤销"), appeal(case(1), 2, "驳回诉讼请求", stage="再审")), 0, 1, 0),
        ("three instances, the last of the second",
         (case(1, "撤销"), appeal(case(1), 2, "驳回诉讼请求"),
          appeal(case(2), 3, "确认违法", stage="再审", filed_on=date(2026, 9, 1), concluded_on=date(2026, 10, 8))), 1, 1, 0),
        ("written with other brackets", (case(1, "撤销"), appeal(case(1), 2, "驳回诉讼请求", earlier="(2026)虚26行初1号")), 0, 1, 0),
        ("each names the other", (appeal(case(2), 1, "撤销"), appeal(case(1), 2, "撤销")), 1, 1, 0),
    ],
)  # fmt: skip
def test_a_case_is_counted_by_the_judgment_in_force(
    what: str, cases: tuple[Case, ...], lost: int, concluded: int, undecided: int
) -> None:
    found = figures(*cases).counts
    assert (found["lost"], found["concluded"], found["undecided"]) == (lost, concluded, undecided), what


def test_a_case_against_several_organs_counts_once_for_each() -> None:
    both = figures(case(1, "撤销", organ=1), replace(case(1, "撤销", organ=2), entry_id=2))
    assert both.lost.whole == 2
    assert [(one.organ_id, one.lost.part) for one in both.by_organ()] == [(1, 1), (2, 1)]


def test_an_appeal_of_one_defendant_leaves_the_other_as_it_is() -> None:
    first = [case(1, "撤销", organ=1), case(1, "撤销", organ=2, entry_id=2)]
    found = figures(*first, appeal(first[0], 3, "驳回诉讼请求"))
    assert [(one.organ_id, one.counts["lost"]) for one in found.by_organ()] == [(1, 0), (2, 1)]


@pytest.mark.parametrize(
    "standing, part, whole",
    [
        (Standing.KEPT, 1, 1),
        (Standing.KEPT_LATE, 0, 1),
        (Standing.BROKEN, 0, 1),
        (Standing.RUNNING, 0, 0),
        (Standing.DUE_SOON, 0, 0),
        (Standing.LIFTED, 0, 0),
    ],
)
def test_performed_of_those_due(standing: Standing, part: int, whole: int) -> None:
    share = figures(case(1, "限期履行", perform=standing, perform_by=date(2026, 7, 1))).performed
    assert (share.part, share.whole) == (part, whole)


def test_heads_deputies_and_those_in_charge_count_as_officials_others_do_not() -> None:
    seen = ("正职负责人", "副职负责人", "参与分管的负责人", "负责人未出庭，委托工作人员", "只有律师出庭", "未开庭")
    found = figures(*(case(number, "驳回诉讼请求", appeared=one) for number, one in enumerate(seen)))
    assert (found.officials.part, found.officials.whole) == (3, 5)
    assert found.by("appeared") == dict.fromkeys(sorted(seen), 1)


def test_every_number_equals_the_list_it_leads_to() -> None:
    found = figures(
        case(1, "撤销", perform=Standing.KEPT, perform_by=date(2026, 7, 1), account=Standing.RUNNING, appeared="正职负责人"),
        case(2, "撤诉", area="行政处罚"), case(3), case(4, "驳回诉讼请求", area="行政处罚", cause="罚款"),
    )  # fmt: skip
    for name in COUNTS:
        assert found.counts[name] == sum(found.has(one, name) for one in found.items), name
        assert found.leads_to(name) == {"count": name, "year": "2026"}
    for name in ("outcome", "area", "cause", "appeared"):
        for value, count in found.by(name).items():
            assert count == sum(found.has(one, name, value) for one in found.items)
            assert found.leads_to(name, value)["value"] == value
