"""The records of one's own scope: searched, narrowed, and opened; and the duties a number of the figures counts."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from jiannuo.access import rules as access
from jiannuo.access.rules import Actor
from jiannuo.desk import asked
from jiannuo.desk.batch import BADGES
from jiannuo.desk.gate import DeskRequest, desk_view
from jiannuo.desk.record import DUTY_BADGES, kind_title
from jiannuo.desk.sections import words_left
from jiannuo.disclosure.queries import desk as records
from jiannuo.disclosure.queries.desk import STATES, RecordCard
from jiannuo.duties import queries as duties
from jiannuo.duties.queries import DutyCard, Standing
from jiannuo.kernel import clock
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as ledger
from jiannuo.ledger.queries import EntryCard
from jiannuo.policy import pack as policy
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.queries import Directory

FILTERED = ("waiting", "public", "returned", "withheld", "withdrawn", "revoked")
RECORD_COLUMNS = (
    {"label": "行政相对人、标题"},
    {"label": "文号"},
    {"label": "单位", "short": True},
    {"label": "决定日期", "nowrap": True},
    {"label": "公示期限", "nowrap": True},
    {"label": "状态"},
)
DUTY_COLUMNS = (
    {"label": "行政相对人、标题"},
    {"label": "文号"},
    {"label": "单位", "short": True},
    {"label": "起算日", "nowrap": True},
    {"label": "到期日", "nowrap": True},
    {"label": "办结日", "nowrap": True},
    {"label": "办理情况"},
)
DUTIES = 50
PAST = frozenset({Standing.KEPT_LATE, Standing.BROKEN})


@desk_view("records.read")
def records_page(request: DeskRequest) -> HttpResponse:
    today = clock.today()
    kinds = policy.current().kinds
    kind, state = request.GET.get("kind", ""), request.GET.get("state", "")
    directory = subjects.directory(today)
    organ = asked.number(request, "organ") or None
    found = records.records(
        request.actor,
        organs=directory,
        kind=kind if kind in kinds else "",
        organ=organ if organ in directory.cards else None,
        state=state if state in FILTERED else "",
        question=request.GET.get("q", "")[:60],
        first=asked.day(request, "first"),
        last=asked.day(request, "last"),
        page=asked.number(request, "page", 1),
    )
    options = asked.organ_options(directory, access.scope(request.actor, "records.read"))
    context = {
        "rows": [_record(one) for one in found.rows],
        "columns": RECORD_COLUMNS,
        "page": asked.Page(found.page, found.total, found.pages, found.capped),
        "filters": _filters(request, options),
        "chips": asked.chips(_words(options), request),
    }
    return render(request, "desk/records.html", context)


def _record(one: RecordCard) -> dict[str, Any]:
    title = {
        "text": one.party or one.title,
        "url": reverse("desk:record", args=[one.entry_id]),
        "sub": f"{one.kind_short}{f' · {one.title}' if one.party and one.title else ''}",
    }
    state = {"standing": BADGES[one.state], "standing_label": one.state_words}
    return {"cells": [title, one.number, one.organ, one.decided_on, one.due_on or "—", state], "state": ""}


def _filters(request: DeskRequest, organs: list[tuple[int, str]]) -> list[dict[str, Any]]:
    kinds = {name: kind for name, kind in policy.current().kinds.items() if kind.visibility != "restricted"}
    filters: list[dict[str, Any]] = [
        {
            "name": "q",
            "label": "名称、文号或者任何一段文字",
            "kind": "text",
            "value": request.GET.get("q", ""),
            "wide": True,
        },
        {"name": "kind", "label": "类别", "options": [(name, kind.short) for name, kind in kinds.items()]},
        {"name": "state", "label": "状态", "options": [(name, STATES[name]) for name in FILTERED]},
    ]
    if len(organs) > 1:
        filters.append({"name": "organ", "label": "单位", "options": organs})
    filters += [
        {"name": "first", "label": "决定日期自", "kind": "date"},
        {"name": "last", "label": "至", "kind": "date"},
    ]
    return [{"value": request.GET.get(str(one["name"]), ""), **one} for one in filters]


def _words(organs: list[tuple[int, str]]) -> dict[str, dict[str, str]]:
    return {
        "q": {"*": "包含"},
        "kind": {name: f"类别：{kind.short}" for name, kind in policy.current().kinds.items()},
        "state": {name: f"状态：{STATES[name]}" for name in FILTERED},
        "organ": {str(number): f"单位：{name}" for number, name in organs},
        "first": {"*": "决定日期自"},
        "last": {"*": "决定日期至"},
    }


# -- the duties behind a number ------------------------------------------------------------------------------------


@desk_view("figures.read")
def duties_page(request: DeskRequest) -> HttpResponse:
    """The duties a number counts, under the same filter the number was counted with."""
    today = clock.today()
    directory = subjects.directory(today)
    as_of = asked.day(request, "as_of", today) or today
    standing = request.GET.get("standing", "")
    kinds = policy.current().duties
    kind = request.GET.get("kind", "") or next(iter(kinds))
    first, last = asked.day(request, "first"), asked.day(request, "last")
    wanted = duties.standings(standing)
    found = duties.duties(
        organ_ids=_reach(request.actor, asked.number(request, "organ"), directory),
        as_of=as_of,
        kind=kind,
        standings=wanted,
        first=first,
        last=_until(last, as_of) if wanted and wanted <= PAST else last,
        limit=DUTIES,
        cursor=request.GET.get("cursor", ""),
    )
    entries = ledger.entries(one.entry_id for one in found.duties)
    labels = [one.label for one in Standing if one in wanted]
    context = {
        "rows": [_duty(one, entries[one.entry_id], directory) for one in found.duties if one.entry_id in entries],
        "columns": DUTY_COLUMNS,
        "total": found.total,
        "cursor": found.cursor,
        "as_of": as_of,
        "first": first,
        "last": last,
        "standings": "、".join(labels) or "全部",
        "what": kinds[kind].what,
        "organ": _organ_words(request, directory),
        "trail": [("办理情况", reverse("desk:figures"))],
    }
    return render(request, "desk/duties.html", context)


def _until(last: date | None, as_of: date) -> date:
    """Late and broken are only what was due by the day: later days need not be looked at."""
    return min(last, as_of) if last else as_of


def _reach(actor: Actor, organ: int, directory: Directory) -> frozenset[int]:
    reach = access.scope(actor, "figures.read")
    if not organ:
        return frozenset(directory.cards) if reach is None else reach
    if organ not in directory.cards:
        raise Refused("没有这个单位", fix="请从办理情况页面点数字进来", field="organ")
    asked_of = frozenset((organ,))
    return asked_of if reach is None else reach & asked_of


def _organ_words(request: DeskRequest, directory: Directory) -> str:
    """Whose duties are listed: the organ asked for, or all that the reader sees."""
    organ = asked.number(request, "organ")
    if organ in directory.cards:
        return directory.card(organ).short
    return "全部单位" if request.actor.sees_all else request.actor.organ_name


def _duty(one: DutyCard, entry: EntryCard, directory: Directory) -> dict[str, Any]:
    kind = policy.current().kinds.get(entry.kind)
    title = kind_title(kind, entry) if kind else one.what
    # What the calendar asked for has no record of its own: its page is that of the duty.
    url = reverse("desk:record", args=[entry.id]) if kind else reverse("desk:promise", args=[one.id])
    cells = [
        {"text": title, "url": url, "sub": kind.short if kind else ""},
        entry.number,
        directory.card(one.debtor_id).short,
        one.started_on,
        {"text": one.due_on, "sub": words_left(one.workdays_left) if one.is_open else ""},
        one.kept_on or "—",
        {"standing": DUTY_BADGES[one.standing], "standing_label": one.standing.label},
    ]
    return {"cells": cells, "state": {"broken": "overdue", "kept_late": "late"}.get(one.standing, "")}
