"""The only place that asks what time it is; everything else is told the day."""

import os
from datetime import date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

PRETENDED_DAY = "JIANNUO_TODAY"


def now() -> datetime:
    """The present moment in Beijing time, on the pretended day when a demonstration sets one."""
    moment = datetime.now(SHANGHAI)
    pretended = os.environ.get(PRETENDED_DAY, "")
    if not pretended:
        return moment
    return datetime.combine(_as_day(pretended), moment.timetz())


def today() -> date:
    """The present day in Beijing time, which is the day every deadline is compared with."""
    return now().date()


def _as_day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise RuntimeError(f"环境变量 {PRETENDED_DAY} 应写作 2026-09-03 这样的日期，现为 {text!r}")
    return day
