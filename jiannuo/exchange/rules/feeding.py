"""One account's calendar as programs read it (RFC 5545): due dates as whole days, with an alarm. Pure."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from msgspec import Struct

MORNING = timedelta(hours=9)
"""Alarms ring at nine in the morning."""


class Event(Struct, frozen=True):
    """One due date. `uid` stays the same however the date moves, so that a calendar moves the entry."""

    uid: str
    day: date
    title: str
    words: str
    url: str
    status: Literal["CONFIRMED", "TENTATIVE", "CANCELLED"]
    made_at: datetime
    sequence: int = 0
    warn_on: date | None = None


def calendar(events: Sequence[Event], *, name: str) -> bytes:
    """The calendar's bytes; the same events give the same bytes."""
    from icalendar import Alarm, Calendar
    from icalendar import Event as Entry

    made = Calendar()
    made.add("prodid", "-//Jiannuo//Due dates//ZH")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", name)
    made.add("x-wr-timezone", "Asia/Shanghai")
    made.add("refresh-interval", timedelta(hours=6), parameters={"value": "DURATION"})
    for event in sorted(events, key=lambda one: (one.day, one.uid)):
        entry = Entry()
        entry.add("uid", event.uid)
        entry.add("dtstamp", event.made_at.astimezone(UTC).replace(microsecond=0))
        entry.add("dtstart", event.day)
        entry.add("dtend", event.day + timedelta(days=1))
        entry.add("summary", event.title)
        if event.words:
            entry.add("description", event.words)
        entry.add("url", event.url)
        entry.add("status", event.status)
        entry.add("sequence", event.sequence)
        entry.add("transp", "TRANSPARENT")
        if event.warn_on is not None:
            alarm = Alarm()
            alarm.add("action", "DISPLAY")
            alarm.add("description", event.title)
            alarm.add("trigger", event.warn_on - event.day + MORNING)
            entry.add_component(alarm)
        made.add_component(entry)
    return bytes(made.to_ical())
