"""审核发布: what waits, by due date before and after the next holiday, with what the rules say of each."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from msgspec import Struct

from jiannuo.desk import asked
from jiannuo.desk.gate import DeskRequest, desk_view
from jiannuo.desk.people import called
from jiannuo.desk.sections import left, standing_of
from jiannuo.desk.today import NEAREST, holiday_words
from jiannuo.disclosure.queries import review
from jiannuo.disclosure.queries.review import WaitingCard
from jiannuo.disclosure.rules import Finding
from jiannuo.duties.queries import Holiday
from jiannuo.duties.rules import next_holiday
from jiannuo.kernel import clock
from jiannuo.policy import pack as policy

OUTCOMES = {"publish": "可以公示", "ask": "要确认", "withhold": "不得公示"}
TONES = {"publish": "good", "ask": "warn", "withhold": "bad"}
SHOWN = 60
DUES = {"late": "已经超期", "before": "放假前到期", "after": "放假后到期", "none": "没有法定期限"}


class Row(Struct, frozen=True):
    """One record in the list."""

    card: WaitingCard
    author: str
    url: str
    left: str
    standing: str
    outcome: str
    tone: str
    notes: tuple[str, ...]


class Group(Struct, frozen=True):
    """The records due in one stretch of days."""

    id: str
    title: str
    note: str
    rows: tuple[Row, ...]
    all_url: str


@desk_view("release.decide")
def review_page(request: DeskRequest) -> HttpResponse:
    today = clock.today()
    kind = request.GET.get("kind", "")
    kind = kind if kind in review.kinds_reviewed() else ""
    queue = review.waiting(request.actor, on=today, kind=kind, question=request.GET.get("q", ""), size=NEAREST)
    holiday = next_holiday(policy.current().calendar, as_of=today)
    wanted = [one for one in queue.rows if _asked(one, request, today, holiday)]
    shown = wanted[:SHOWN]
    names = called(one.author for one in shown)
    groups = [_group(name, title, shown, today, holiday, names) for name, title in _groups(holiday)]
    context = {
        "groups": [group for group in groups if group.rows],
        "holiday": holiday_words(holiday) if holiday else "",
        "shown": len(shown),
        "matching": len(wanted),
        "total": queue.total,
        "filters": _filters(request, kind),
        "chips": asked.chips(_chip_words(), request),
    }
    return render(request, "desk/review.html", context)


def _groups(holiday: Holiday | None) -> list[tuple[str, str]]:
    if holiday is None:
        return [("late", "已经超期"), ("after", "等我审核"), ("none", "没有法定期限")]
    return list(DUES.items())


def due_group(due_on: date | None, today: date, holiday: Holiday | None) -> str:
    """Which stretch of days a due date lies in."""
    if due_on is None:
        return "none"
    if due_on < today:
        return "late"
    return "before" if holiday and due_on <= holiday.last else "after"


def _asked(one: WaitingCard, request: DeskRequest, today: date, holiday: Holiday | None) -> bool:
    due, outcome = request.GET.get("due", ""), request.GET.get("judgement", "")
    if outcome in OUTCOMES and one.judgement.outcome != outcome:
        return False
    if due in DUES:
        return due_group(one.due_on, today, holiday) == due
    return not due or (one.due_on.isoformat() if one.due_on else "none") == due


def _group(
    name: str, title: str, rows: Sequence[WaitingCard], today: date, holiday: Holiday | None, names: Mapping[str, str]
) -> Group:
    own = [one for one in rows if due_group(one.due_on, today, holiday) == name]
    notes: dict[str, Callable[[], str]] = {
        "late": lambda: "超过法定期限，公示后记为迟报",
        "before": lambda: f"{holiday_words(holiday)}，放假前要公示完" if holiday else "",
        "after": lambda: "假期不算工作日，期限在节后" if holiday else "",
        "none": lambda: "按公开目录及时公开",
    }
    url = asked.link("desk:decide") + "?" + "&".join(f"entry={one.entry_id}" for one in own if not one.own)
    return Group(name, title, notes[name](), tuple(_row(one, today, names) for one in own), url)


def _row(one: WaitingCard, today: date, names: Mapping[str, str]) -> Row:
    judgement = one.judgement
    notes = [_said(found) for found in judgement.findings]
    if one.disputed_on:
        notes.append(f"有异议：当事人{one.disputed_on}提出")
    if one.own:
        notes.append("您自己报送的，要由另一位审核员审核")
    if one.version > 1:
        notes.append(f"更正：{one.reason}")
    return Row(
        card=one,
        author=names.get(one.author, ""),
        url=asked.link("desk:record", one.entry_id),
        left=left(one.due_on, today),
        standing=standing_of(one.due_on, today),
        outcome=OUTCOMES[judgement.outcome],
        tone=TONES[judgement.outcome],
        notes=tuple(notes),
    )


def _said(found: Finding) -> str:
    if found.bases:
        return "要选公开依据"
    return f"{found.title}：{found.seen}" if found.seen else found.title


def _filters(request: DeskRequest, kind: str) -> list[dict[str, Any]]:
    kinds = policy.current().kinds
    due = request.GET.get("due", "")
    dues = list(DUES.items()) if due in DUES or not due else [*DUES.items(), (due, f"{due} 到期")]
    return [
        {"name": "due", "label": "到期", "value": due, "options": dues},
        {
            "name": "kind",
            "label": "类别",
            "value": kind,
            "options": [(name, kinds[name].short) for name in review.kinds_reviewed()],
        },
        {
            "name": "judgement",
            "label": "规则判断",
            "value": request.GET.get("judgement", ""),
            "options": list(OUTCOMES.items()),
        },
        {"name": "q", "label": "文号、名称", "kind": "text", "value": request.GET.get("q", "")},
    ]


def _chip_words() -> dict[str, dict[str, str]]:
    kinds = policy.current().kinds
    return {
        "due": {**DUES, "*": "到期日"},
        "kind": {name: f"类别：{kinds[name].short}" for name in review.kinds_reviewed()},
        "judgement": {name: f"规则判断：{words}" for name, words in OUTCOMES.items()},
        "q": {"*": "包含"},
    }
