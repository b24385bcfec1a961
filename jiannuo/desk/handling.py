"""今日待办, cases: what lies on my organ's table, the nearest day first, and what waits for the official whose account it is."""

from datetime import date
from typing import Any

from django.urls import reverse

from jiannuo.access import rules as access
from jiannuo.access.rules import Actor
from jiannuo.cases import queries as cases
from jiannuo.cases.queries import OnTable
from jiannuo.desk import asked
from jiannuo.desk.sections import LISTED, Section, left, standing_of


def sections(actor: Actor, today: date) -> list[Section]:
    """The cases the actor's organ has to go on with; none for who handles none."""
    if not access.may(actor, "cases.handle") or actor.organ_id is None:
        return []
    total, several = cases.on_table(actor.scope, limit=LISTED)
    if not total:
        return []
    more = asked.link("desk:cases", tab="mine") if total > len(several) else ""
    tasks = [_task(one, today) for one in several]
    return [Section("等我单位办的案件", tasks, note="先到期的在前；没有期限的在后", records=total, url=more)]


def _task(one: OnTable, today: date) -> dict[str, Any]:
    return {
        "title": one.title,
        "url": reverse("desk:case", args=[one.id]),
        "due_on": one.due_on,
        "left": left(one.due_on, today) if one.due_on else "",
        "standing": standing_of(one.due_on, today) if one.due_on else "open",
        "meta": f"{one.flow.short} · {one.number} · {one.state.title}",
        "action": "去办",
    }
