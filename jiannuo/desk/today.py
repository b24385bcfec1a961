"""今日待办: what the one who asks must do today, by role, each thing with its clock and its reason."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from jiannuo.access import queries as accounts
from jiannuo.access import rules as access
from jiannuo.desk import asked, half_year, handing, handling, owing, watching
from jiannuo.desk.gate import DeskRequest, desk_view
from jiannuo.desk.sections import LISTED, Section, left, standing_of
from jiannuo.desk.sending import handles, name_of
from jiannuo.disclosure.queries import desk as records
from jiannuo.disclosure.queries.desk import DueDay
from jiannuo.duties import queries as duties
from jiannuo.duties.queries import Holiday
from jiannuo.duties.rules import next_holiday
from jiannuo.exchange import queries as exchange
from jiannuo.intake import queries as batches
from jiannuo.kernel import clock
from jiannuo.policy import pack as policy
from jiannuo.subjects import queries as subjects

NEAREST = 200


@desk_view(None)
def today_page(request: DeskRequest) -> HttpResponse:
    actor, today = request.actor, clock.today()
    sections: list[Section] = []
    sends, releases = access.may(actor, "intake.send"), access.may(actor, "release.decide")
    waiting = records.due_days(actor, organs=subjects.directory(today)) if sends or releases else []
    sections += handing.unsigned(actor)
    sections += half_year.sections(actor, today)
    sections += owing.sections(actor, today)
    sections += handling.sections(actor, today)
    if releases:
        sections += _to_release(waiting, today)
    if sends:
        sections += _to_mend(request, today)
    if sends and not releases:
        sections.append(_running(waiting, today))
    if access.may(actor, "exchange.read"):
        sections += watching.sections(today)
    if access.may(actor, "roles.grant"):
        sections.append(_without_role(today))
    if access.may(actor, "accounts.manage"):
        sections.append(_never_in(today))
    if access.may(actor, "trace.read"):
        sections.append(_turned_away())
    context = {
        "sections": sections,
        "worker": exchange.pulse(now=clock.now()) if _watches(actor) else None,
        "may_send": sends,
        "may_read": access.may(actor, "records.read"),
        "may_watch": access.may(actor, "exchange.read"),
    }
    return render(request, "desk/today.html", context)


def _watches(actor: access.Actor) -> bool:
    """Those who can do something about a worker that stopped."""
    return access.may(actor, "exchange.read") or access.may(actor, "accounts.manage")


# -- clerks ------------------------------------------------------------------------------------------------------


def _to_mend(request: DeskRequest, today: date) -> list[Section]:
    several = batches.batches(access.scope(request.actor, "intake.send"), limit=40)
    sent = [card for card in several if handles(request.actor, card.kind)]
    newest = {card.kind: card for card in reversed(sent)}
    tasks = [
        {
            "title": f"改好 {card.rejected} 行再传：{name_of(card)}"
            if card.rejected
            else f"文件没有收下：{name_of(card)}",
            "url": reverse("desk:batch", args=[card.id]),
            "due_on": card.received_at,
            "left": f"未收 {card.rejected} / {card.rows} 行" if card.rejected else "整份退回",
            "standing": "due_soon",
            "meta": f"{card.kind_title} · 下载批注过的表格，改好标红的格再传；已收的不会重复",
            "action": "去改",
        }
        for card in sorted(newest.values(), key=lambda card: card.received_at)
        if card.is_done and (card.rejected or card.refusal)
    ]
    back = [
        {
            "title": f"{one.kind_short} {one.number}：{one.party or one.title}",
            "url": reverse("desk:record", args=[one.entry_id]),
            "due_on": one.due_on,
            "left": left(one.due_on, today),
            "standing": standing_of(one.due_on, today),
            "meta": f"退回理由：{one.reason}",
            "action": "去更正",
        }
        for one in records.returned(request.actor, organs=subjects.directory(today))
    ]
    return [
        Section("审核员退回的", back, "没有被退回的记录。", "改好后重新报送，期限照旧"),
        Section("没有收下、要改的表格", tasks, "最近上传的表格都收下了。"),
    ]


def _running(waiting: Sequence[DueDay], today: date) -> Section:
    tasks = [
        _due_task(due_on, list(days), today, "看记录") for due_on, days in groupby(waiting, key=lambda one: one.due_on)
    ]
    return _records("已收下、等审核员公示的", tasks[:LISTED], "收下的记录都办了。")


# -- reviewers ---------------------------------------------------------------------------------------------------


def _to_release(waiting: Sequence[DueDay], today: date) -> list[Section]:
    holiday = next_holiday(policy.current().calendar, as_of=today)
    tasks = [
        _due_task(due_on, list(days), today, "去审核") for due_on, days in groupby(waiting, key=lambda one: one.due_on)
    ]
    late = [task for task in tasks if task["due_on"] and task["due_on"] < today]
    rest = [task for task in tasks if task not in late]
    found = [_records("已经超期，今天就要公示", late)] if late else []
    if holiday is None:
        return [*found, _records("等我审核的", rest, "没有等您审核的记录。", "按到期日排列")]
    before = [task for task in rest if task["due_on"] and task["due_on"] <= holiday.last]
    after = [task for task in rest if task not in before]
    return [
        *found,
        _records("放假前到期", before, "没有放假前到期的记录。", f"{holiday_words(holiday)}，放假前要公示完"),
        _records("放假后到期", after, "没有放假后到期的记录。", "假期不算工作日，期限在节后"),
    ]


def _records(title: str, tasks: list[dict[str, Any]], empty: str = "", note: str = "") -> Section:
    return Section(title, tasks, empty, note, "条", sum(task["records"] for task in tasks))


def holiday_words(holiday: Holiday) -> str:
    """The holiday as a sentence names it."""
    first, last = holiday.first, holiday.last
    return f"{holiday.name} {first.month}月{first.day}日至{last.month}月{last.day}日放假"


def _due_task(due_on: date | None, days: Sequence[DueDay], today: date, action: str) -> dict[str, Any]:
    count = sum(one.count for one in days)
    reviewing = action == "去审核"
    url = asked.link("desk:review", due=due_on.isoformat() if due_on else "none")
    return {
        "title": f"审核并公示 {count} 条" if reviewing else f"等待公示 {count} 条",
        "records": count,
        "url": url if reviewing else _still_open(due_on, days[0].kind),
        "due_on": due_on,
        "left": left(due_on, today),
        "standing": standing_of(due_on, today),
        "meta": "、".join(f"{one.kind_short} {one.count} 条" for one in days),
        "why": why(days[0].kind, days[0].decided_on),
        "action": action,
    }


def _still_open(due_on: date | None, kind: str) -> str:
    if due_on is None:
        return asked.link("desk:records", state="waiting")
    duty = next(iter(policy.current().kinds[kind].opens), "")
    return asked.link("desk:duties", kind=duty, first=due_on, last=due_on, standing="running,due_soon,broken")


def why(kind: str, decided_on: date) -> str:
    """Why what was decided that day is due when it is; nothing where no duty asks for it."""
    pack = policy.current()
    opened = next((name for name in pack.kinds[kind].opens if pack.duties[name].kept_by == "publication"), "")
    return duties.explain(pack.duties[opened].deadline, started_on=decided_on).words if opened else ""


# -- administrators ----------------------------------------------------------------------------------------------


def _account_task(one: accounts.AccountCard, what: str, action: str) -> dict[str, Any]:
    return {
        "title": f"{one.name}（{one.username}）",
        "url": reverse("desk:account", args=[one.id]),
        "due_on": one.created_at,
        "left": what,
        "meta": f"{one.created_at:%Y-%m-%d} 开户",
        "action": action,
    }


def _without_role(today: date) -> Section:
    found = [one for one in accounts.accounts(on=today, with_closed=False) if not one.grants]
    tasks = [_account_task(one, "还没有角色", "去授权") for one in found]
    return Section("等授权的账号", tasks, "每个账号都有角色。", "三员分立：管理员角色不能兼任")


def _never_in(today: date) -> Section:
    found = [one for one in accounts.accounts(on=today, with_closed=False) if one.must_change_password]
    tasks = [_account_task(one, "还没有改初始口令", "去看看") for one in found]
    return Section("还没有启用的账号", tasks[:LISTED], "每个账号都已启用。")


def _turned_away() -> Section:
    since = clock.now() - timedelta(days=7)
    found = [
        one
        for action in ("refused", "login.locked")
        for one in accounts.traces(action=action, first=since, limit=LISTED)
    ]
    tasks = [
        {
            "title": f"{one.username}：{one.action_title}",
            "url": asked.link("desk:trace", username=one.username),
            "due_on": one.at,
            "left": "",
            "meta": " · ".join(filter(None, [one.detail, one.address])),
            "action": "查记录",
        }
        for one in sorted(found, key=lambda one: one.at, reverse=True)
    ]
    return Section("近七天越权被拒、登录锁定", tasks[:LISTED], "近七天没有越权和锁定。")
