"""What the lead office watches over: organs behind time, catalogue items missing, deliveries that failed."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.urls import reverse

from jiannuo.desk import asked
from jiannuo.desk.sections import LISTED, Section
from jiannuo.disclosure.queries import CatalogueCell, remembering
from jiannuo.duties.queries import pending
from jiannuo.duties.queries.pending import Behind
from jiannuo.exchange import queries as exchange
from jiannuo.kernel.workdays import count
from jiannuo.policy import pack as policy
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.queries import Directory

DECISION = "disclose_decision"
TILES = 10


def sections(today: date) -> list[Section]:
    """The lists of the lead office. What only the ledger moves is counted and drawn once for each of its states."""
    organs = subjects.directory(today)
    counted = remembering.remembered(
        "watched", lambda: [one.draw() for one in (*_behind_time(organs, today), _missing_items(today))]
    )
    stuck = Section("没有送到其他网站的", _stuck_deliveries(), "该送的都送到了。", unit="个网站")
    return [*counted, stuck]


def _behind_time(organs: Directory, today: date) -> list[Section]:
    """The organs with promises and with decisions past their day, the most first, each number leading to its records."""
    promised, decisions = pending.behind(pending.promised(), (DECISION,), on=today)
    all_promised = asked.link("desk:promises", tab="all", standing="broken")
    all_decisions = asked.link("desk:duties", kind=DECISION, standing="broken")
    return [
        _behind(
            Section("各单位逾期的承诺和任务", [], "各单位没有逾期的承诺和任务。", url=all_promised),
            promised,
            lambda one: _tile(one, "件", organs, "desk:promises", standing="broken", tab="all"),
        ),
        _behind(
            Section("超期没有公示的", [], "各单位都没有超期没公示的。", unit="条", url=all_decisions),
            decisions,
            lambda one: _tile(one, "条", organs, "desk:duties", kind=DECISION, standing="broken"),
        ),
    ]


def _behind(section: Section, found: Sequence[Behind], tile: Callable[[Behind], dict[str, Any]]) -> Section:
    """The section with the organs most behind; its address leads to all of what is late."""
    section.tiles = [tile(one) for one in found[:TILES]]
    more = len(found) > TILES
    section.records = sum(one.count for one in found)
    section.note = f"{len(found)} 个单位" + (f"，先列最多的 {TILES} 个" if more else "")
    section.url = section.url if more else ""
    return section


def _tile(one: Behind, unit: str, organs: Directory, page: str, **query: str) -> dict[str, Any]:
    return {
        "label": organs.card(one.organ_id).short,
        "value": one.count,
        "unit": unit,
        "url": asked.link(page, organ=one.organ_id, **query),
        "note": f"最早 {one.since} 到期",
        "tone": "bad",
    }


def _missing_items(today: date) -> Section:
    """What the catalogue asks for and nobody has published, the longest overdue first."""
    calendar, missing = policy.current().calendar, remembering.catalogue().missing
    tasks = [
        {
            "title": f"{cell.organ}：{cell.item.title}",
            "url": asked.link("desk:records", organ=cell.organ_id, kind=cell.item.kind),
            "due_on": cell.due_on,
            "left": f"已超 {count(calendar, cell.due_on, today)} 个工作日" if cell.due_on else "一直缺",
            "standing": "overdue",
            "meta": " · ".join(_about(cell, today)),
            "action": "看记录",
        }
        for cell in missing[:LISTED]
    ]
    more = f"先列最早的 {LISTED} 项" if len(missing) > LISTED else ""
    return Section("公开目录里缺的", tasks, "公开目录没有缺的。", more, "项", len(missing))


def _about(cell: CatalogueCell, today: date) -> list[str]:
    words = [f"公开目录 {cell.item.id}", cell.period, f"依据{cell.item.basis}"]
    if cell.due_on and cell.due_on.year != today.year:
        words.insert(0, f"{cell.due_on.year}年{cell.due_on.month}月{cell.due_on.day}日到期")
    return [word for word in words if word]


def _stuck_deliveries() -> list[dict[str, Any]]:
    """The sites something did not reach."""
    return [
        {
            "title": f"{site.name}：{site.words}",
            "url": reverse("desk:deliveries"),
            "due_on": site.next_at,
            "left": f"{site.failed} 条被拒收" if site.failed else f"{site.waiting} 条没送到",
            "standing": "overdue" if site.failed else "due_soon",
            "action": "去处理",
        }
        for site in exchange.sites()
        if site.failed or site.troubled or (site.waiting and not site.configured)
    ]
