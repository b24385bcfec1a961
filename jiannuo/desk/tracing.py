"""查阅记录: who read or wrote what, when, and why."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from jiannuo.access import queries as accounts
from jiannuo.access import rules as access
from jiannuo.access.queries import TraceCard
from jiannuo.desk import asked
from jiannuo.desk.gate import DeskRequest, desk_view
from jiannuo.kernel import clock
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.queries import Directory

LIMIT = 50
OBJECTS = {
    "entry": "记录",
    "batch": "批次",
    "account": "账号",
    "organ": "单位",
    "key": "密钥",
    "site": "网站",
    "official": "公务员",
}
COLUMNS = (
    {"label": "做了什么"},
    {"label": "什么时候", "nowrap": True},
    {"label": "谁", "short": True},
    {"label": "单位", "short": True},
    {"label": "对象"},
    {"label": "目的"},
    {"label": "网络地址", "code": True, "short": True, "minor": True},
)


@desk_view("trace.read")
def trace_page(request: DeskRequest) -> HttpResponse:
    organs = subjects.directory(clock.today())
    words = {**access.TRACED, **access.ACTIONS}
    action = request.GET.get("action", "")
    first, last = asked.day(request, "first"), asked.day(request, "last")
    found = accounts.traces(
        organ_ids=access.scope(request.actor, "trace.read"),
        username=access.fold_username(request.GET.get("username", "")),
        action=action if action in words else "",
        object=request.GET.get("object", "").strip()[:200],
        first=_start(first),
        last=_start(last + timedelta(days=1)) if last else None,
        before=asked.number(request, "before") or None,
        limit=LIMIT + 1,
    )
    context = {
        "rows": [_row(one, organs) for one in found[:LIMIT]],
        "columns": COLUMNS,
        "before": found[LIMIT - 1].id if len(found) > LIMIT else 0,
        "filters": _filters(request, words),
        "chips": asked.chips(_chip_words(words), request),
    }
    return render(request, "desk/trace.html", context)


def _start(day: date | None) -> datetime | None:
    return datetime.combine(day, time.min, clock.SHANGHAI) if day else None


def object_words(text: str) -> str:
    """What was done to or read, in words: `entry:12` is 记录 12."""
    sort, colon, rest = text.partition(":")
    return f"{OBJECTS[sort]} {rest}" if colon and sort in OBJECTS else "" if text == "session" else text


def _row(one: TraceCard, organs: Directory) -> dict[str, Any]:
    bad = one.action in ("refused", "login.failed", "login.locked")
    organ = organs.card(one.organ_id).short if one.organ_id else "—"
    what = {"text": one.action_title, "sub": one.detail}
    return {
        "cells": [what, one.at, one.username, organ, object_words(one.object) or "—", one.purpose or "—", one.address],
        "state": "overdue" if bad else "",
    }


def _filters(request: DeskRequest, words: dict[str, str]) -> list[dict[str, Any]]:
    filters: list[dict[str, Any]] = [
        {"name": "username", "label": "用户名", "kind": "text"},
        {"name": "action", "label": "做了什么", "options": list(words.items())},
        {"name": "object", "label": "对象", "kind": "text", "placeholder": "例如 entry:12"},
        {"name": "first", "label": "自", "kind": "date"},
        {"name": "last", "label": "至", "kind": "date"},
    ]
    return [{"value": request.GET.get(str(one["name"]), ""), **one} for one in filters]


def _chip_words(words: dict[str, str]) -> dict[str, dict[str, str]]:
    return {
        "username": {"*": "用户名"},
        "action": words,
        "object": {"*": "对象"},
        "first": {"*": "自"},
        "last": {"*": "至"},
    }
