"""The lead office's board: who has reported, who is late and by how much, whose numbers differ; chasing several at once."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from jiannuo.assessment import actions
from jiannuo.assessment.queries.reports import ReportCard, periods, reports
from jiannuo.assessment.rules.periods import Period, period
from jiannuo.assessment.rules.reporting import LABELS, OPEN, State
from jiannuo.desk import asked, reading
from jiannuo.desk.gate import DeskRequest, desk_view
from jiannuo.kernel import clock
from jiannuo.kernel.refusals import Refused
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.queries import Directory

TONES = {State.NONE: "bad", State.RETURNED: "warn", State.ACCEPTED: "good"}
LATE, DIFFERING = "late", "differing"


def board(request: DeskRequest, of: Period, refused: Refused | None = None) -> HttpResponse:
    """All organs of a period, those that are missing first."""
    today, several = clock.today(), periods()
    of = of if of in several or not several else several[0]
    organs = subjects.directory(today)
    cards = reports(of, as_of=today)
    differing = {card.organ_id: len(card.differences()) if card.is_signed else 0 for card in cards}
    wanted = request.GET.get("state", "")
    shown = [card for card in cards if _matches(card, wanted, differing)]
    due_on = max((card.called_for for card in cards), default=None)
    context = {
        "of": of,
        "due_on": due_on,
        "today": today,
        "tiles": _tiles(cards, differing, of),
        "groups": _groups(shown, differing, organs),
        "filtered": _filter_words(wanted),
        "total": len(cards),
        "tabs": [
            {"label": one.title, "url": asked.link("desk:reports", period=one.name), "current": one == of}
            for one in several
        ],
        "words": request.POST.get("words") or _words(of, cards),
        "ticked": asked.numbers(request.POST.getlist("organ")),
        "refusal": refused,
        "remind_url": reverse("desk:remind", args=[of.name]),
        "county_url": reverse("desk:consolidated", args=[of.name]),
    }
    return render(request, "desk/reports_board.html", context, status=422 if refused else 200)


def _words(of: Period, cards: list[ReportCard]) -> str:
    due = max((card.called_for for card in cards), default=None)
    when = f"{due.month}月{due.day}日到期，" if due else ""
    return f"{of.title}政务诚信建设情况{when}还没有收到，请尽快报送。"


def _matches(card: ReportCard, wanted: str, differing: dict[int, int]) -> bool:
    if wanted == LATE:
        return card.days_late > 0
    if wanted == DIFFERING:
        return differing[card.organ_id] > 0
    return wanted not in set(State) or card.state == wanted


def _filter_words(wanted: str) -> str:
    return {LATE: "迟报和逾期未报", DIFFERING: "与台账不一致"}.get(wanted) or (
        LABELS[State(wanted)] if wanted in set(State) else ""
    )


def _tiles(cards: list[ReportCard], differing: dict[int, int], of: Period) -> list[dict[str, Any]]:
    counts = Counter(card.state for card in cards)
    tiles = [
        {"label": one.label, "value": counts[one], "state": one.value, "tone": TONES.get(one, "")}
        for one in State
        if one is not State.LIFTED or counts[one]
    ]
    tiles.append(
        {"label": "已经迟了", "value": sum(card.days_late > 0 for card in cards), "state": LATE, "tone": "warn"}
    )
    tiles.append({"label": "不一致", "value": sum(map(bool, differing.values())), "state": DIFFERING, "tone": "warn"})
    return [
        {
            **tile,
            "unit": "个",
            "tone": tile["tone"] if tile["value"] else "",
            "url": asked.link("desk:reports", period=of.name, state=tile["state"]),
        }
        for tile in tiles
    ]


ORDER = (
    ("还没有报的", OPEN),
    ("等我收的", frozenset({State.SENT})),
    ("已收、免报的", frozenset({State.ACCEPTED, State.LIFTED})),
)


def _groups(cards: list[ReportCard], differing: dict[int, int], organs: Directory) -> list[dict[str, Any]]:
    found = []
    for title, states in ORDER:
        group = [card for card in cards if card.state in states]
        group.sort(key=lambda card: (-card.days_late, organs.card(card.organ_id).code))
        if group:
            rows = [_row(card, differing[card.organ_id], organs) for card in group]
            found.append({"title": title, "rows": rows, "may_chase": states is OPEN})
    return found


def _row(card: ReportCard, differing: int, organs: Directory) -> dict[str, Any]:
    reminders = card.reminders
    return {
        "organ_id": card.organ_id,
        "organ": organs.card(card.organ_id).short,
        "url": reverse("desk:report", args=[card.period.name, card.organ_id]),
        "state": reading.BADGES[card.state],
        "state_words": card.state.label,
        "sent_on": card.sent_on,
        "late": card.days_late,
        "differing": differing,
        "reminders": len(reminders),
        "last_reminder": reminders[-1].happened_on if reminders else None,
        "back": card.returned.reason if card.returned else "",
    }


@desk_view("reports.collect")
def remind_page(request: DeskRequest, name: str) -> HttpResponse:
    """Several organs are chased in one action."""
    of = period(name)
    back = asked.link("desk:reports", period=of.name)
    if request.method != "POST":
        return redirect(back)
    chosen = asked.numbers(request.POST.getlist("organ"))
    try:
        chased = actions.remind(
            chosen,
            period=of,
            words=request.POST.get("words", ""),
            actor=request.actor,
            on=clock.today(),
            at=clock.now(),
        )
    except Refused as no:
        return board(request, of, no)
    skipped = len(chosen) - len(chased)
    more = f"另有 {skipped} 个已经报了或者今天催过，没有重复催。" if skipped else ""
    messages.success(request, f"已催报 {len(chased)} 个单位。{more}")
    return redirect(back)
