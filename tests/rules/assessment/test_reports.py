"""Periods, differences, merging of what two wrote, and how a report stands: tables of cases."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from jiannuo.assessment.rules import reporting
from jiannuo.assessment.rules.differences import differences
from jiannuo.assessment.rules.figures import MEASURES, Figure, from_plain, plain, share, total
from jiannuo.assessment.rules.periods import Period, latest, period
from jiannuo.assessment.rules.reporting import Facts, State, Typed, mark, merge
from jiannuo.kernel.clock import SHANGHAI
from jiannuo.kernel.refusals import Refused
from jiannuo.policy import pack as policy
from jiannuo.policy.reporting import FIGURES

PERIODS = {
    "2026-H1": Period(2026, 1), "2026h2": Period(2026, 2), "2026年上半年": Period(2026, 1), "2026全年": Period(2026, 2),
    "2026下半年": Period(2026, 2),
}  # fmt: skip


@pytest.mark.parametrize("text, found", PERIODS.items(), ids=PERIODS)
def test_a_period_by_any_of_its_names(text: str, found: Period) -> None:
    assert period(text) == found


@pytest.mark.parametrize("text", ["", "2026", "2026-H3", "上半年", "1999-H1"])
def test_what_names_no_period(text: str) -> None:
    with pytest.raises(Refused, match="不是报告期"):
        period(text)


def test_the_second_call_asks_for_the_whole_year() -> None:
    assert (Period(2026, 2).first, Period(2026, 2).last, Period(2026, 2).title) == (
        date(2026, 1, 1), date(2026, 12, 31), "2026年全年",
    )  # fmt: skip
    assert [latest(date(2026, month, 1)) for month in (3, 7)] == [Period(2025, 2), Period(2026, 1)]
    assert latest(date(2026, 12, 31)) == Period(2026, 2)
    assert Period(2026, 1).before == Period(2025, 2)


def test_every_figure_has_a_name_and_every_name_a_place() -> None:
    form = policy.current().report
    assert {one.id for one in MEASURES} <= FIGURES.keys()
    assert set(form.figures) == FIGURES.keys()


FORM = policy.load(policy.ROOT / "sample").report
HELD = {
    "decisions_timeliness": share("decisions_timeliness", 249, 250, of="x"),
    "promises_due": Figure("promises_due", "到期的承诺和节点", 1234, "项", 1234),
    "promises_broken": Figure("promises_broken", "逾期未兑现", 2, "项", 2),
    "breaches": Figure("breaches", "记入台账的逾期", 5, "次", 5),
    "suggestions_timeliness": share("suggestions_timeliness", 0, 0, of="x"),
}
WORDS = {
    "the same number": ("双公示公示率99.6%", []),
    "the same, rounded as it was written": ("公示率为99.60%", []),
    "not quite all is not all": ("公示率达到了100%", ["decisions_timeliness"]),
    "in words of a hundred": ("公示率百分之98", ["decisions_timeliness"]),
    "full-width digits": ("公示率９８％", ["decisions_timeliness"]),
    "with commas": ("到期承诺共1,234项", []),
    "another count": ("到期承诺 1200 项", ["promises_due"]),
    "the longest name counts": ("逾期未兑现2项，逾期5次", []),
    "days are no count": ("逾期3天的已经整改", []),
    "money is no count": ("逾期2万元", []),
    "a number of the next clause": ("到期承诺都兑现了，12人参加", []),
    "where the ledger has none": ("办复率100%", ["suggestions_timeliness"]),
    "a share where a count is": ("逾期未兑现占2%", []),
}


@pytest.mark.parametrize("text, found", WORDS.values(), ids=WORDS)
def test_numbers_in_words(text: str, found: list[str]) -> None:
    several = differences(FORM.sections, FORM.words, {"overview": text}, {}, HELD)
    assert [one.figure for one in several] == found


def test_shares_are_added_by_what_they_are_shares_of() -> None:
    both = total([share("loss_rate", 1, 4, of="x"), share("loss_rate", 0, 0, of="x"), share("loss_rate", 2, 2, of="x")])
    assert (both.value, both.part, both.whole) == (Decimal("50.00"), 3, 6)
    assert total([share("loss_rate", 0, 0, of="x")]).value is None


def test_a_figure_is_written_down_whole() -> None:
    for one in HELD.values():
        assert from_plain(plain(one)) == one


MERGED = {
    "only looked at": ("旧", Typed("旧", mark("旧")), "新", "新", []),
    "changed alone": ("旧", Typed("改", mark("旧")), "旧", "改", []),
    "both changed": ("旧", Typed("改", mark("旧")), "新", "新", ["a"]),
    "both wrote the same": ("旧", Typed("新", mark("旧")), "新", "新", []),
    "blanks are no change": ("旧", Typed("旧  \r\n", mark("旧")), "旧", "旧", []),
}


@pytest.mark.parametrize("_was, typed, stored, kept, clashing", MERGED.values(), ids=MERGED)
def test_what_two_wrote(_was: str, typed: Typed, stored: str, kept: str, clashing: list[str]) -> None:
    assert merge({"a": stored}, {"a": typed}) == ({"a": kept}, clashing)


def moment(hour: int) -> datetime:
    return datetime(2026, 7, 8, hour, tzinfo=SHANGHAI)


WAYS = {
    "nothing written": (State.NONE, Facts()),
    "begun": (State.DRAFT, Facts(drafted=True)),
    "offered for signing": (State.OFFERED, Facts(drafted=True, offered_at=moment(9))),
    "signed": (State.SENT, Facts(drafted=True, offered_at=moment(9), submitted=True)),
    "sent back": (State.RETURNED, Facts(drafted=True, offered_at=moment(9), sent_back_at=moment(10))),
    "offered again": (State.OFFERED, Facts(drafted=True, sent_back_at=moment(10), offered_at=moment(11))),
    "accepted": (State.ACCEPTED, Facts(drafted=True, kept=True)),
    "owed no more": (State.LIFTED, Facts(lifted=True)),
}


@pytest.mark.parametrize("wanted, facts", WAYS.values(), ids=WAYS)
def test_where_a_report_stands(wanted: State, facts: Facts) -> None:
    assert reporting.state(facts) is wanted


def test_a_section_may_not_be_too_long() -> None:
    with pytest.raises(Refused, match="最多3000字") as no:
        reporting.not_too_long(FORM, {"overview": "字" * 3001})
    assert no.value.field == "overview"
