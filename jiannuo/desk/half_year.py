"""今日待办, half-yearly reports: what an organ has to write, mend or sign by when; who is missing, and what waits to be accepted."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from django.urls import reverse

from jiannuo.access import rules as access
from jiannuo.access.rules import Actor
from jiannuo.assessment.queries.reports import Unfinished, reasons, unfinished
from jiannuo.assessment.rules.periods import Period
from jiannuo.assessment.rules.reporting import OPEN, State
from jiannuo.desk import asked
from jiannuo.desk.sections import LISTED, Section, left, standing_of
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.queries import Directory


def sections(actor: Actor, today: date) -> list[Section]:
    """The lists of the first page, in one question; one with nothing in it is left out."""
    collects = access.may(actor, "reports.collect")
    own = actor.scope if any(access.may(actor, one) for one in ("reports.write", "reports.sign")) else frozenset()
    accepts = actor.scope if access.may(actor, "duties.confirm") else frozenset()
    if not (collects or own or accepts):
        return []
    organs = subjects.directory(today)
    cards = unfinished(None if collects else own | accepts, as_of=today)
    ours = [card for card in cards if organs.heir(card.organ_id).id in own and card.state in OPEN]
    sent = [card for card in cards if card.state is State.SENT]
    waiting = [card for card in sent if organs.heir(card.confirmer_id).id in accepts]
    missing = [card for card in cards if card.state in OPEN] if collects else []
    found = [
        *_ours(actor, ours, organs, today),
        _to_accept(waiting, organs),
        *_missing(missing, today),
    ]
    return [one for one in found if one.count]


def _ours(actor: Actor, cards: Sequence[Unfinished], organs: Directory, today: date) -> Iterable[Section]:
    """What the organ's own people have to do, apart by what is asked of them."""
    signs, why = access.may(actor, "reports.sign"), reasons(cards, as_of=today)
    for title, note, states in (
        ("退回修改的半年报告", "按退回的理由改好，重新送签", {State.RETURNED}),
        ("等我签发的半年报告" if signs else "等负责人签发的半年报告", "签发以后才算报送", {State.OFFERED}),
        ("要报的半年报告", "写好以后送负责人签发", {State.NONE, State.DRAFT}),
    ):
        some = [_task(card, organs, today, why[card.duty_id], signs=signs) for card in cards if card.state in states]
        yield Section(title, some, note=note, unit="份")


def _task(card: Unfinished, organs: Directory, today: date, why: str, *, signs: bool) -> dict[str, Any]:
    action = {State.RETURNED: "去修改", State.OFFERED: "去签发" if signs else "看一看"}.get(card.state, "去填写")
    return {
        "title": f"{card.period.title}政务诚信建设情况",
        "url": reverse("desk:report", args=[card.period.name, card.organ_id]),
        "due_on": card.due_on,
        "left": left(card.due_on, today),
        "standing": standing_of(card.due_on, today),
        "meta": " · ".join(_about(card, organs)),
        "why": why,
        "action": action,
    }


def _about(card: Unfinished, organs: Directory) -> Iterable[str]:
    yield organs.card(card.organ_id).short
    if card.sent_back and card.state is State.RETURNED:
        day, reason = card.sent_back
        yield f"{day}退回：{reason}"
    elif card.state is State.OFFERED:
        yield "写好了，等负责人签发"
    elif card.state is State.DRAFT:
        yield f"负责人请修改：{card.remark}" if card.remark else "有草稿"
    else:
        yield "还没有动笔"
    if card.chased_on:
        yield f"{card.chased_on}信用办催报"


def _to_accept(cards: Collection[Unfinished], organs: Directory) -> Section:
    tasks = [
        {
            "title": f"{organs.card(card.organ_id).short}：{card.period.title}",
            "url": reverse("desk:report", args=[card.period.name, card.organ_id]),
            "due_on": card.sent_on,
            "left": f"迟{card.days_late}天报" if card.days_late else "按期报送",
            "standing": "due_soon",
            "meta": f"{card.sent_on}签发，{card.due_on}到期",
            "action": "去看",
        }
        for card in list(cards)[:LISTED]
    ]
    more = asked.link("desk:reports", state=State.SENT.value) if len(cards) > len(tasks) else ""
    return Section("等我收的半年报告", tasks, note="收下，或者写明理由退回", unit="份", records=len(cards), url=more)


def _missing(cards: Iterable[Unfinished], today: date) -> Iterable[Section]:
    """Who has not reported yet, a list for each period, with a number for each state that leads to the board."""
    ordered = sorted(cards, key=lambda card: card.period)
    for of, several in groupby(ordered, key=lambda card: card.period):
        own = list(several)
        due_on = max(card.due_on for card in own)
        tiles = [tile for state in State if (tile := _tile(of, state, own))]
        yield Section(
            f"{of.title}还没有报的",
            [],
            note=f"{due_on}到期，{left(due_on, today)}",
            unit="个单位",
            records=len(own),
            tiles=tiles,
        )


def _tile(of: Period, state: State, cards: Iterable[Unfinished]) -> dict[str, Any] | None:
    own = [card for card in cards if card.state is state]
    late = sum(card.days_late > 0 for card in own)
    if not own:
        return None
    return {
        "label": state.label,
        "value": len(own),
        "unit": "个",
        "url": asked.link("desk:reports", period=of.name, state=state.value),
        "note": f"{late}个已经迟了" if late else "",
        "tone": "bad" if late else "",
    }
