import time
from datetime import date, timedelta

import pytest

from jiannuo.kernel.refusals import Refused
from jiannuo.kernel.workdays import Calendar, Pause, Skip, Unit, count, due, fixed

D = date.fromisoformat


def days(first: str, last: str, name: str) -> dict[date, str]:
    start, end = D(first), D(last)
    return {start + timedelta(n): name for n in range((end - start).days + 1)}


OFF = {
    **days("2017-10-01", "2017-10-08", "国庆节、中秋节"),
    **days("2018-01-01", "2018-01-01", "元旦"),
    **days("2018-02-15", "2018-02-21", "春节"),
    **days("2020-01-24", "2020-02-02", "春节"),
    **days("2025-10-01", "2025-10-08", "国庆节、中秋节"),
    **days("2026-01-01", "2026-01-03", "元旦"),
    **days("2026-02-15", "2026-02-23", "春节"),
    **days("2026-05-01", "2026-05-05", "劳动节"),
    **days("2026-09-25", "2026-09-27", "中秋节"),
    **days("2026-10-01", "2026-10-07", "国庆节"),
}
MAKEUP = {
    D("2017-09-30"): "国庆节",
    D("2018-02-11"): "春节",
    D("2018-02-24"): "春节",
    D("2020-01-19"): "春节",
    D("2025-09-28"): "国庆节",
    D("2025-10-11"): "国庆节",
    D("2026-01-04"): "元旦",
    D("2026-02-14"): "春节",
    D("2026-02-28"): "春节",
    D("2026-05-09"): "劳动节",
    D("2026-09-20"): "国庆节",
    D("2026-10-10"): "国庆节",
}
CALENDAR = Calendar(OFF, MAKEUP, range(2017, 2027), {year: f"国办发明电〔{year - 1}〕号" for year in range(2017, 2027)})

WORKDAYS = [
    pytest.param(start, limit, expected, id=name)
    for name, start, limit, expected in [
        ("两节前三日决定", "2017-09-26", 7, "2017-10-11"),
        ("G1 周六补班计入", "2017-09-27", 7, "2017-10-12"),
        ("两节前一个工作日决定", "2017-09-28", 7, "2017-10-13"),
        ("G2 补班周六决定当日不计", "2017-09-30", 7, "2017-10-17"),
        ("G2 假日决定", "2017-10-01", 7, "2017-10-17"),
        ("春节后周六补班为末日", "2018-02-09", 7, "2018-02-24"),
        ("疫情延长假期", "2020-01-20", 7, "2020-02-06"),
        ("2025 国庆", "2025-09-26", 7, "2025-10-13"),
        ("G1 2026 春节", "2026-02-11", 7, "2026-02-27"),
        ("2026 劳动节", "2026-04-28", 7, "2026-05-11"),
        ("G1 末日为补班周六", "2026-09-23", 7, "2026-10-10"),
        ("两个工作日", "2026-09-24", 2, "2026-09-29"),
        ("G3 撤销后三日撤回", "2026-02-13", 3, "2026-02-25"),
        ("二十个工作日", "2026-09-10", 20, "2026-10-14"),
    ]
]

NATURAL = [
    pytest.param(start, limit, unit, roll, expected, id=name)
    for name, start, limit, unit, roll, expected in [
        ("G3 信访十五日遇国庆顺延", "2026-09-18", 15, "day", True, "2026-10-08"),
        ("信访十五日不顺延", "2026-09-18", 15, "day", False, "2026-10-03"),
        ("复议六十日遇国庆顺延", "2026-08-06", 60, "day", True, "2026-10-08"),
        ("G8 末日为补班周六不顺延", "2026-03-10", 60, "day", True, "2026-05-09"),
        ("G10 付款六十日遇劳动节", "2026-03-02", 60, "day", True, "2026-05-06"),
        ("G10 付款三十日", "2026-03-02", 30, "day", True, "2026-04-01"),
        ("G3 十一月末加三个月", "2026-11-30", 3, "month", False, "2027-02-28"),
        ("闰日加十二个月", "2024-02-29", 12, "month", True, "2025-02-28"),
        ("闰日加一年", "2024-02-29", 1, "year", False, "2025-02-28"),
        ("G7 三个月末日为补班周六", "2025-11-30", 3, "month", True, "2026-02-28"),
        ("G7 一年", "2026-05-08", 1, "year", False, "2027-05-08"),
        ("G8 六个月起诉期", "2026-03-10", 6, "month", True, "2026-09-10"),
        ("零日即当日", "2026-09-23", 0, "day", True, "2026-09-23"),
        ("零个工作日遇假日顺延", "2026-10-01", 0, "workday", True, "2026-10-08"),
    ]
]


@pytest.mark.parametrize("start, limit, expected", WORKDAYS)
def test_working_days(start: str, limit: int, expected: str) -> None:
    answer = due(CALENDAR, start=D(start), limit=limit, unit="workday")
    assert (answer.due_on, answer.provisional) == (D(expected), False)
    assert count(CALENDAR, D(start), answer.due_on) == limit
    assert (answer.due_on - D(start)).days == limit + len(answer.skipped)


@pytest.mark.parametrize("start, limit, expected", WORKDAYS)
def test_working_days_by_the_notices_themselves(official: Calendar, start: str, limit: int, expected: str) -> None:
    answer = due(official, start=D(start), limit=limit, unit="workday")
    assert (answer.due_on, answer.provisional) == (D(expected), False)


@pytest.mark.parametrize("start, limit, unit, roll, expected", NATURAL)
def test_natural_days_months_and_years(start: str, limit: int, unit: Unit, roll: bool, expected: str) -> None:
    answer = due(CALENDAR, start=D(start), limit=limit, unit=unit, roll=roll)
    assert (answer.due_on, answer.provisional) == (D(expected), False)


def test_a_period_says_why_it_ends_when_it_ends() -> None:
    answer = due(CALENDAR, start=D("2026-09-23"), limit=7, unit="workday", event="作出行政决定之日")
    assert answer.explanation == (
        "自作出行政决定之日（2026年9月23日）起7个工作日，起算当日不计入，至2026年10月10日（星期六，调休上班）届满。"
        "其间不计：9月25日至9月27日（中秋节假期）、10月1日至10月7日（国庆节假期）。"
        "调休上班、照常计入：10月10日（星期六）。"
    )
    assert answer.skipped[0] == Skip(D("2026-09-25"), "中秋节假期")


def test_a_natural_period_says_that_it_moved_past_the_holiday() -> None:
    answer = due(CALENDAR, start=D("2026-09-18"), limit=15, unit="day")
    assert "自2026年9月18日起15日" in answer.explanation
    assert "最后一日遇10月3日至10月7日（国庆节假期），顺延至其后第一个工作日" in answer.explanation


def test_one_skipped_weekend_is_named_as_such() -> None:
    answer = due(CALENDAR, start=D("2026-09-18"), limit=1, unit="workday")
    assert (answer.due_on, answer.skipped) == (D("2026-09-20"), (Skip(D("2026-09-19"), "周末"),))
    assert "9月19日（周末）" in answer.explanation


@pytest.mark.parametrize(
    "start, limit, unit, expected, provisional",
    [
        pytest.param("2026-12-25", 7, "workday", "2027-01-05", True, id="G1 跨入未公布之年"),
        pytest.param("2026-12-21", 5, "workday", "2026-12-28", False, id="未跨年"),
        pytest.param("2026-12-22", 7, "workday", "2026-12-31", True, id="年末数日待下一年通知"),
        pytest.param("2026-12-01", 60, "day", "2027-02-01", True, id="自然日顺延遇未公布之年"),
        pytest.param("2027-06-01", 7, "workday", "2027-06-10", True, id="全在未公布之年"),
        pytest.param("2016-06-01", 7, "workday", "2016-06-10", True, id="日历之前的年份"),
        pytest.param("2026-12-28", 600, "workday", "2029-04-16", True, id="跨多年"),
    ],
)
def test_a_year_without_a_notice_is_provisional(
    start: str, limit: int, unit: Unit, expected: str, provisional: bool
) -> None:
    answer = due(CALENDAR, start=D(start), limit=limit, unit=unit)
    assert (answer.due_on, answer.provisional) == (D(expected), provisional)
    assert ("暂定" in answer.explanation) is provisional


def test_the_missing_year_is_named() -> None:
    future = due(CALENDAR, start=D("2026-12-25"), limit=7, unit="workday")
    assert "2027年：该年放假安排尚未公布" in future.explanation
    past = due(CALENDAR, start=D("2016-06-01"), limit=7, unit="workday")
    assert "日历未收录2016年" in past.explanation
    both = due(CALENDAR, start=D("2026-12-25"), limit=400, unit="workday")
    assert "2027年：该年放假安排尚未公布" in both.explanation
    assert "2028年：该年放假安排尚未公布" in both.explanation


def test_a_natural_period_that_does_not_roll_needs_no_calendar() -> None:
    assert not due(CALENDAR, start=D("2040-01-01"), limit=15, unit="day", roll=False).provisional


def test_loading_the_missing_year_settles_the_date() -> None:
    off = {**OFF, **days("2027-01-01", "2027-01-03", "元旦")}
    whole = Calendar(off, MAKEUP, range(2017, 2028), {})
    answer = due(whole, start=D("2026-12-25"), limit=7, unit="workday")
    assert (answer.due_on, answer.provisional) == (D("2027-01-06"), False)


@pytest.mark.parametrize(
    "start, limit, unit, roll, expected",
    [
        pytest.param("2026-09-16", 3, "workday", True, "2026-09-29", id="工作日扣除暂停"),
        pytest.param("2026-09-11", 10, "day", False, "2026-09-28", id="自然日顺加暂停的日数"),
        pytest.param("2026-09-17", 2, "day", True, "2026-09-28", id="末日落在暂停中再遇中秋"),
        pytest.param("2026-09-11", 1, "month", False, "2026-10-18", id="月期限顺加暂停的日数"),
    ],
)
def test_paused_days_do_not_count(start: str, limit: int, unit: Unit, roll: bool, expected: str) -> None:
    pauses = [
        Pause(D("2026-09-18"), D("2026-09-21"), "等候补正"),
        Pause(D("2026-09-21"), D("2026-09-24"), ""),
        Pause(D("2027-03-01"), D("2027-03-02"), "无关"),
    ]
    answer = due(CALENDAR, start=D(start), limit=limit, unit=unit, roll=roll, pauses=pauses)
    assert answer.due_on == D(expected)
    assert "9月18日至9月21日（暂停：等候补正）、9月22日至9月24日（暂停）" in answer.explanation


def test_a_make_up_day_inside_a_pause_does_not_count() -> None:
    pauses = [Pause(D("2026-09-20"), D("2026-09-20"), "鉴定")]
    answer = due(CALENDAR, start=D("2026-09-18"), limit=1, unit="workday", pauses=pauses)
    assert answer.due_on == D("2026-09-21")
    assert "照常计入" not in answer.explanation


def test_a_roll_does_not_end_inside_a_pause() -> None:
    pauses = [Pause(D("2026-10-08"), D("2026-10-09"), "中止")]
    answer = due(CALENDAR, start=D("2026-09-18"), limit=15, unit="day", pauses=pauses)
    assert answer.due_on == D("2026-10-10")


@pytest.mark.parametrize(
    "day, roll, expected, words",
    [
        pytest.param("2022-07-10", False, "2022-07-10", "固定日期不顺延", id="G9 星期日不顺延"),
        pytest.param("2026-01-10", False, "2026-01-10", "当日为周末", id="G9 星期六不顺延"),
        pytest.param("2022-07-10", True, "2022-07-11", "顺延至2022年7月11日（星期一）", id="G9 开关打开则顺延"),
        pytest.param("2026-07-10", False, "2026-07-10", "含当日", id="工作日"),
        pytest.param("2026-07-10", True, "2026-07-10", "含当日", id="工作日无可顺延"),
    ],
)
def test_fixed_dates(day: str, roll: bool, expected: str, words: str) -> None:
    answer = fixed(CALENDAR, day=D(day), roll=roll)
    assert answer.due_on == D(expected)
    assert words in answer.explanation
    assert not answer.provisional


def test_a_fixed_date_that_rolls_in_an_unknown_year_is_provisional() -> None:
    assert fixed(CALENDAR, day=D("2027-07-10"), roll=True).provisional
    assert not fixed(CALENDAR, day=D("2027-07-10")).provisional


@pytest.mark.parametrize(
    "day, why",
    [
        ("2026-10-01", "国庆节假期"),
        ("2026-10-10", ""),
        ("2026-10-11", "周末"),
        ("2026-10-12", ""),
        ("2017-10-08", "国庆节、中秋节假期"),
    ],
)
def test_why_a_day_is_off(day: str, why: str) -> None:
    assert CALENDAR.why_off(D(day)) == why
    assert CALENDAR.is_workday(D(day)) is (why == "")


@pytest.mark.parametrize(
    "day, known",
    [("2026-12-28", True), ("2026-12-29", False), ("2025-12-31", True), ("2027-01-01", False), ("2016-12-31", False)],
)
def test_which_days_are_known(day: str, known: bool) -> None:
    assert CALENDAR.known(D(day)) is known


def test_a_holiday_name_is_not_doubled() -> None:
    calendar = Calendar({D("2026-10-01"): "国庆节假期"}, {}, [2026], {})
    assert calendar.why_off(D("2026-10-01")) == "国庆节假期"


def test_an_empty_calendar_is_plain_weeks_and_says_so() -> None:
    answer = due(Calendar({}, {}, [], {}), start=D("2026-10-01"), limit=2, unit="workday")
    assert (answer.due_on, answer.provisional) == (D("2026-10-05"), True)


def test_counting_backwards_is_nothing() -> None:
    assert count(CALENDAR, D("2026-10-10"), D("2026-10-01")) == 0


def test_a_day_cannot_be_both_off_and_worked() -> None:
    with pytest.raises(Refused, match="2026年10月1日既列为放假又列为上班"):
        Calendar({D("2026-10-01"): "国庆节"}, {D("2026-10-01"): "国庆节"}, [2026], {})


@pytest.mark.parametrize(
    "start, limit, unit",
    [
        ("2026-01-01", -1, "day"),
        ("2026-01-01", 101, "year"),
        ("2026-01-01", 10**9, "workday"),
        ("9500-01-01", 1, "day"),
    ],
)
def test_a_period_out_of_reason_is_refused(start: str, limit: int, unit: Unit) -> None:
    with pytest.raises(Refused):
        due(CALENDAR, start=D(start), limit=limit, unit=unit)


@pytest.mark.parametrize(
    "first, last", [("2026-01-02", "2026-01-01"), ("2026-01-01", "2096-01-01"), ("9500-01-01", "9500-01-02")]
)
def test_a_pause_out_of_reason_is_refused(first: str, last: str) -> None:
    with pytest.raises(Refused, match="暂停期间"):
        Pause(D(first), D(last), "")


def test_the_notices_agree_with_the_other_reading_day_by_day(official: Calendar) -> None:
    other = pytest.importorskip("chinese_calendar")
    first, last = date(2007, 1, 1), date(2026, 12, 31)
    every_day = [first + timedelta(n) for n in range((last - first).days + 1)]
    assert [day for day in every_day if official.is_workday(day) != other.is_workday(day)] == []
    assert official.known(date(2026, 12, 28))
    assert not official.known(date(2027, 1, 1))


@pytest.mark.parametrize(
    "limit, unit", [(7, "workday"), (20, "workday"), (60, "day"), (6, "month")], ids=["7wd", "20wd", "60d", "6m"]
)
def test_a_thousand_deadlines_are_quick(official: Calendar, limit: int, unit: Unit) -> None:
    starts = [date(2020, 1, 1) + timedelta(n) for n in range(1000)]
    started = time.process_time()
    answers = [due(official, start=start, limit=limit, unit=unit) for start in starts]
    assert time.process_time() - started < 0.3  # 0.01 to 0.02 on two quiet cores
    assert len(answers) == 1000
