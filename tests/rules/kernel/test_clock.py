from datetime import date, timedelta

import pytest

from jiannuo.kernel import clock


def test_now_is_beijing_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JIANNUO_TODAY", raising=False)
    assert clock.now().utcoffset() == timedelta(hours=8)
    assert abs(clock.today() - clock.now().date()) <= timedelta(days=1)


def test_a_demonstration_may_set_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIANNUO_TODAY", "2026-09-23")
    assert clock.today() == date(2026, 9, 23)
    assert clock.now().utcoffset() == timedelta(hours=8)


@pytest.mark.parametrize("text", ["2026/9/23", "20260923", "明天", "2026-02-30"])
def test_a_wrong_pretended_day_stops_at_once(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("JIANNUO_TODAY", text)
    with pytest.raises(RuntimeError, match="JIANNUO_TODAY"):
        clock.today()
