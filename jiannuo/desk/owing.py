"""今日待办, what was promised: what waits for my confirmation, came back to me, is late, is near, and waits for another."""

from datetime import date
from typing import Any

from django.urls import reverse
from msgspec import Struct

from jiannuo.access import rules as access
from jiannuo.access.rules import Actor
from jiannuo.desk import asked
from jiannuo.desk.sections import Section, left, standing_of
from jiannuo.desk.wording import besides_reports, numbers_of
from jiannuo.duties.queries import pending
from jiannuo.duties.queries.pending import Few
from jiannuo.duties.queries.promises import PromiseCard
from jiannuo.duties.rules import SUSPENDED_UNTIL
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.queries import Directory


def owes(actor: Actor) -> frozenset[int]:
    """The organs whose promises this actor has a hand in keeping."""
    may = any(access.may(actor, action) for action in ("duties.perform", "duties.amend"))
    return actor.scope if may else frozenset()


def confirms(actor: Actor) -> frozenset[int]:
    """The organs for which this actor confirms what others kept."""
    return actor.scope if access.may(actor, "duties.confirm") else frozenset()


def sections(actor: Actor, today: date) -> list[Section]:
    """The lists of the first page; one with nothing in it is left out, save what waits for confirmation."""
    debtors, confirmers = owes(actor), confirms(actor)
    if not debtors and not confirmers:
        return []
    found = pending.pending(debtors=debtors, confirmers=confirmers, as_of=today)
    organs = subjects.directory(today)
    lists = _Lists(today, organs)
    wanted = [
        lists.section("今天要补的：已经逾期的承诺", found["late"], url=_list("mine", standing="broken")),
        lists.section("退回给我单位的", found["returned"], "补齐材料再提交，期限照旧", action="去补"),
        lists.section("将到期的承诺", found["soon"], url=_list("mine", standing="due_soon")),
        lists.section("已提交、等别人确认的", found["submitted"], "确认以前不算兑现", action="看一看"),
    ]
    shown = [one for one in wanted if one.count]
    if confirmers:
        note = "核对材料，确认或者退回；自己的承诺由别人确认"
        first = lists.section("等我确认的", found["to_confirm"], note, url=_list("waiting"), action="去核实")
        first.empty = "没有等您确认的材料。"
        shown.insert(0, first)
    return shown


def _list(tab: str, **more: object) -> str:
    return asked.link("desk:promises", tab=tab, family=besides_reports(), **more)


class _Lists(Struct, frozen=True):
    """Makes the sections of one day's page."""

    today: date
    organs: Directory

    def section(self, title: str, few: Few, note: str = "", *, url: str = "", action: str = "去办理") -> Section:
        tasks = [_task(card, self.today, self.organs, action) for card in few.rows]
        return Section(title, tasks, note=note, records=few.total, url=url if few.total > len(tasks) else "")


def _task(card: PromiseCard, today: date, organs: Directory, action: str) -> dict[str, Any]:
    due_on = card.duty.due_on if card.duty.due_on < SUSPENDED_UNTIL else None
    return {
        "title": card.title,
        "url": reverse("desk:promise", args=[card.duty.id]),
        "due_on": due_on,
        "left": left(due_on, today) if due_on else "中止中",
        "standing": standing_of(due_on, today),
        "meta": " · ".join(_about(card, organs)),
        "why": card.duty.why,
        "action": action,
        "provisional": card.duty.provisional and due_on is not None,
    }


def _about(card: PromiseCard, organs: Directory) -> list[str]:
    words = [organs.card(card.duty.debtor_id).short, card.office, *numbers_of(card)]
    if card.submitted_on:
        words.append(f"材料{card.submitted_on}提交，等{organs.heir(card.confirmer_id or 0).short}确认")
    if card.amendments:
        words.append(f"期限变更{card.amendments}次")
    if card.progress.whole:
        words.append(card.progress.words)
    return [word for word in words if word]
