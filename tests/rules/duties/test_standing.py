"""How a duty stands, why it is due when it is, and what its shares are taken of."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiannuo.duties import rules
from jiannuo.duties.rules import Clock, Share, Standing, Tally
from jiannuo.kernel import workdays
from jiannuo.kernel.refusals import Refused
from jiannuo.policy import pack as policy
from jiannuo.policy.pack import Pack

PACKS = Path(__file__).resolve().parents[3] / "packs"


@pytest.fixture(scope="module")
def pack() -> Pack:
    return policy.load(PACKS / "sample")


def day(text: str) -> date:
    return date.fromisoformat(text)


def clock(due: str = "2026-10-10", *, kept: str = "", lifted: str = "", shown: str = "") -> Clock:
    return Clock(day("2026-09-23"), day(due), *(day(one) if one else None for one in (kept, lifted, shown)))


@pytest.mark.parametrize(
    "of, as_of, expected",
    [
        pytest.param(clock(), "2026-09-23", Standing.RUNNING, id="决定当日"),
        pytest.param(clock(), "2026-10-07", Standing.RUNNING, id="假期末日，还有三个工作日"),
        pytest.param(clock(), "2026-10-08", Standing.DUE_SOON, id="还有两个工作日"),
        pytest.param(clock(), "2026-10-10", Standing.DUE_SOON, id="到期当日未办仍不算逾期"),
        pytest.param(clock(), "2026-10-11", Standing.BROKEN, id="到期次日"),
        pytest.param(clock(kept="2026-10-10"), "2026-10-10", Standing.KEPT, id="到期当日公示算按期"),
        pytest.param(clock(kept="2026-10-11"), "2026-10-12", Standing.KEPT_LATE, id="次日公示是迟报"),
        pytest.param(clock(kept="2026-10-11"), "2026-10-10", Standing.DUE_SOON, id="回看公示之前"),
        pytest.param(clock(kept="2026-10-13"), "2026-10-11", Standing.BROKEN, id="回看迟报之前"),
        pytest.param(clock(shown="2026-10-10"), "2026-10-10", Standing.DUE_SOON, id="到期当日提交，还没有到期"),
        pytest.param(clock(shown="2026-10-10"), "2026-11-20", Standing.RUNNING, id="到期当日提交，一直等确认"),
        pytest.param(clock(shown="2026-10-11"), "2026-11-20", Standing.BROKEN, id="次日才提交，等确认也是超期"),
        pytest.param(clock(shown="2026-10-09", lifted="2026-10-12"), "2026-11-20", Standing.LIFTED, id="等确认时免除"),
        pytest.param(clock(lifted="2026-10-09"), "2026-10-20", Standing.LIFTED, id="依法不予公示"),
        pytest.param(clock(lifted="2026-10-19"), "2026-10-15", Standing.BROKEN, id="回看免除之前"),
        pytest.param(
            clock(kept="2026-10-12", lifted="2026-10-09"), "2026-10-20", Standing.KEPT_LATE, id="不予公示后又公示"
        ),
    ],
)
def test_standing_follows_from_dates(pack: Pack, of: Clock, as_of: str, expected: Standing) -> None:
    assert rules.standing(of, pack.calendar, as_of=day(as_of), warn=2) is expected


@given(st.dates(day("2025-01-01"), day("2026-11-30")), st.integers(0, 5))
def test_due_soon_reaches_to_the_horizon(as_of: date, warn: int) -> None:
    calendar = policy.load(PACKS / "sample").calendar
    last = rules.horizon(calendar, as_of=as_of, warn=warn)
    assert workdays.count(calendar, as_of, last) <= warn
    assert workdays.count(calendar, as_of, last + (date.resolution)) == warn + 1


def test_a_breach_is_dated_by_the_law() -> None:
    assert rules.broken_on(day("2026-10-10")) == day("2026-10-11")


@pytest.mark.parametrize("text", ["broken,kept_late", "超期未办，迟报", " kept_late , 超期未办 "])
def test_standings_are_named_by_id_or_word(text: str) -> None:
    assert rules.standings(text) == {Standing.BROKEN, Standing.KEPT_LATE}


def test_an_unknown_standing_is_refused_with_the_known_ones() -> None:
    with pytest.raises(Refused) as no:
        rules.standings("done")
    assert "没有“done”这种状态" in no.value.message
    assert "kept_late（迟报）" in no.value.fix


def test_the_explanation_tells_the_event_the_clause_and_the_days(pack: Pack) -> None:
    told = rules.explain(pack.rule("disclose_decision", on=day("2026-09-23")), day("2026-09-23"), pack.calendar)
    assert told.due_on == day("2026-10-10")
    assert told.event == "作出行政决定之日"
    assert told.makeup == (day("2026-10-10"),)
    assert {skip.why for skip in told.skipped} >= {"中秋节假期", "国庆节假期"}
    assert not told.provisional
    assert "国办发明电〔2025〕" in told.notices[0]
    assert "作出行政决定之日（2026年9月23日）起7个工作日" in told.words
    plain = told.as_dict()
    assert plain["due_on"] == "2026-10-10"
    assert plain["unit"] == "workday"
    assert {"day": "2026-10-01", "why": "国庆节假期"} in plain["skipped"]  # type: ignore[operator]


def test_a_year_without_notice_is_provisional_and_says_so(pack: Pack) -> None:
    told = rules.explain(pack.rule("disclose_decision", on=day("2026-12-25")), day("2026-12-25"), pack.calendar)
    assert told.provisional
    assert "2027年" in told.words
    assert "暂定" in told.words


@pytest.mark.parametrize(
    "part, whole, value, percent",
    [
        pytest.param(0, 0, None, "", id="没有分母就没有比率"),
        pytest.param(686, 4311, Decimal("0.159128"), "15.91%", id="败诉率"),
        pytest.param(3, 3, Decimal("1.000000"), "100.00%", id="全部按期"),
        pytest.param(99_999, 100_000, Decimal("0.999990"), "99.99%", id="少一件就不是百分之百"),
        pytest.param(0, 7, Decimal("0.000000"), "0.00%", id="一件没有"),
    ],
)
def test_shares(part: int, whole: int, value: Decimal | None, percent: str) -> None:
    share = Share(part, whole, "记录")
    assert share.value == value
    assert share.percent == percent


def test_each_number_leads_to_its_own_records() -> None:
    tally = Tally(running=5, due_soon=2, on_time=7, late=2, missing=1, lifted=3)
    line = rules.Rates("disclose_decision", 4, day("2026-01-01"), day("2026-03-31"), day("2026-04-01"), tally)
    assert line.timeliness == Share(7, 10, "已办和已到期的应公示记录")
    assert line.lateness == Share(2, 18, "本期应公示的入库记录")
    assert line.compliance.value is None
    for number, wanted in rules.LEADS_TO.items():
        assert tally.of(wanted) == getattr(tally, number), number
    assert line.leads_to("due") == {
        "kind": "disclose_decision",
        "organ": "4",
        "standing": "broken,kept,kept_late",
        "first": "2026-01-01",
        "last": "2026-03-31",
        "as_of": "2026-04-01",
    }


def test_months_are_cut_to_the_period() -> None:
    assert rules.months(day("2025-12-15"), day("2026-02-03")) == [
        (day("2025-12-15"), day("2025-12-31")),
        (day("2026-01-01"), day("2026-01-31")),
        (day("2026-02-01"), day("2026-02-03")),
    ]


def test_the_desk_sees_what_is_due_before_and_after_the_holiday(pack: Pack) -> None:
    rows = [
        (day("2026-09-22"), 2, False),
        (day("2026-09-30"), 5, False),
        (day("2026-10-10"), 3, False),
        (day("2026-09-29"), 1, False),
    ]
    # The Mid-Autumn holiday of that year is three days with its weekend; from within it the next long one is 国庆节.
    shown = rules.due_list(rows, pack.calendar, as_of=day("2026-09-28"), warn=2)
    assert shown.holiday is not None
    assert (shown.holiday.first, shown.holiday.last) == (day("2026-10-01"), day("2026-10-07"))
    assert "国庆" in shown.holiday.name
    assert (shown.overdue, shown.overdue_since) == (2, day("2026-09-22"))
    assert [(one.due_on.isoformat(), one.workdays_left, one.after_holiday) for one in shown.days] == [
        ("2026-09-29", 1, False),
        ("2026-09-30", 2, False),
        ("2026-10-10", 5, True),
    ]
    assert (shown.before, shown.after) == (6, 3)


def test_inside_a_holiday_the_holiday_is_the_one_that_has_begun(pack: Pack) -> None:
    found = rules.next_holiday(pack.calendar, as_of=day("2026-10-05"))
    assert found is not None
    assert found.first == day("2026-10-01")
