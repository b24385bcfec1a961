"""日历: what falls due on each day of a month, with the days off and the make-up days; a grid where it is wide, a list where it is narrow."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from msgspec import Struct

from jiannuo.access import rules as access
from jiannuo.access.rules import Actor
from jiannuo.desk import asked
from jiannuo.desk.gate import DeskRequest, desk_view
from jiannuo.desk.wording import FAMILIES
from jiannuo.duties.queries import pending
from jiannuo.duties.queries.pending import DayCount
from jiannuo.kernel import clock
from jiannuo.kernel.days import parse_day
from jiannuo.kernel.workdays import WEEKEND
from jiannuo.policy import pack as policy

FIRST_YEAR, LAST_YEAR = 2000, 2100


class Day(Struct, frozen=True):
    """One day of the month: whether people work on it, and what falls due."""

    on: date
    inside: bool
    today: bool
    off: bool
    why: str
    """The holiday's name, or that it is a working day made up for."""
    items: tuple[dict[str, Any], ...]


@desk_view("records.read")
def calendar_page(request: DeskRequest) -> HttpResponse:
    today = clock.today()
    first = _month(request.GET.get("month", ""), today)
    last = first.replace(day=monthrange(first.year, first.month)[1])
    found = pending.by_day(first, last, reach=access.scope(request.actor, "records.read"), as_of=today)
    items = _items(found, request.actor, today)
    weeks = _weeks(first, last, items, today)
    calendar = policy.current().calendar
    before, after = (first - timedelta(days=1)).replace(day=1), last + timedelta(days=1)
    context = {
        "first": first,
        "weeks": weeks,
        "listed": [day for week in weeks for day in week if day.inside and (day.items or day.why or day.today)],
        "open": sum(one.open for one in found),
        "before": asked.link("desk:calendar", month=f"{before:%Y-%m}"),
        "after": asked.link("desk:calendar", month=f"{after:%Y-%m}"),
        "now": "" if first == today.replace(day=1) else asked.link("desk:calendar"),
        "provisional": not calendar.known(last),
    }
    return render(request, "desk/calendar.html", context)


def _month(text: str, today: date) -> date:
    """The first day of the month asked for, or of this one."""
    found = parse_day(f"{text}-01")
    return found if found and FIRST_YEAR <= found.year <= LAST_YEAR else today.replace(day=1)


def _items(found: Sequence[DayCount], actor: Actor, today: date) -> dict[date, list[dict[str, Any]]]:
    """What falls due on each day, one line for each kind, leading to exactly these."""
    days: dict[date, list[dict[str, Any]]] = {}
    duties, promised = policy.current().duties, frozenset(pending.promised())
    figures = access.may(actor, "figures.read")
    for one in found:
        if one.kind in promised:
            url = asked.link("desk:promises", tab="all", kind=one.kind, first=one.due_on, last=one.due_on)
        else:
            standing = "running,due_soon,broken"
            link = asked.link("desk:duties", kind=one.kind, first=one.due_on, last=one.due_on, standing=standing)
            url = link if figures else ""
        what = duties.get(one.kind)
        label = what.what if what and one.kind in promised else FAMILIES.get(what.family, "") if what else one.kind
        days.setdefault(one.due_on, []).append(
            {"label": label, "words": _told(one), "url": url, "tone": _tone(one, today)}
        )
    return days


def _told(one: DayCount) -> str:
    if one.done == one.count:
        return f"{one.count} 件办完"
    still = f"{one.open} 件没办" if one.done or one.waiting else f"{one.open} 件"
    return "、".join([still] * bool(one.open) + [f"{one.waiting} 件等确认"] * bool(one.waiting))


def _tone(one: DayCount, today: date) -> str:
    if one.open:
        return "late" if one.due_on < today else "open"
    return "open" if one.waiting else "done"


def _weeks(first: date, last: date, items: dict[date, list[dict[str, Any]]], today: date) -> list[list[Day]]:
    begin = first - timedelta(days=first.weekday())
    end = last + timedelta(days=6 - last.weekday())
    days = [begin + timedelta(days=ahead) for ahead in range((end - begin).days + 1)]
    shown = [_day(one, first, items.get(one, []), today) for one in days]
    return [shown[at : at + 7] for at in range(0, len(shown), 7)]


def _day(on: date, first: date, items: list[dict[str, Any]], today: date) -> Day:
    calendar = policy.current().calendar
    why = calendar.why_off(on)
    made_up = "上班" if on in calendar.makeup else ""
    return Day(
        on=on,
        inside=(on.year, on.month) == (first.year, first.month),
        today=on == today,
        off=bool(why),
        why=made_up or ("" if why == WEEKEND else why),
        items=tuple(items),
    )
