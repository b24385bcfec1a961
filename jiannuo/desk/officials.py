"""公务员: who holds which office as of any day, and every office that one of them held."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from jiannuo.access import queries as accounts
from jiannuo.access import rules as access
from jiannuo.access.rules import Actor
from jiannuo.desk import asked
from jiannuo.desk.gate import DeskRequest, desk_view
from jiannuo.desk.people import called
from jiannuo.kernel import clock
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.queries import Directory, OfficeCard

READING = ("offices.manage", "files.official")
COLUMNS = (
    {"label": "姓名"},
    {"label": "单位", "short": True},
    {"label": "职务"},
    {"label": "任职自", "nowrap": True},
    {"label": "任职文件", "minor": True},
    {"label": "账号", "short": True, "minor": True},
)
SIZE = 50


def file_tabs(actor: Actor, current: str) -> list[dict[str, Any]]:
    """The parts of 档案 that the actor may see."""
    parts = (
        ("desk:officials", "公务员", READING),
        ("desk:organ_files", "单位档案", ("files.organ",)),
        ("desk:coverage", "建档情况", ("files.organ",)),
    )
    return [
        {"label": label, "url": reverse(name), "current": name == current}
        for name, label, actions in parts
        if any(access.may(actor, action) for action in actions)
    ]


def reach(actor: Actor) -> frozenset[int] | None:
    """The organs whose officials the actor may see: None is all. Refuses who may see none."""
    for action in READING:
        if access.may(actor, action):
            return access.scope(actor, action)
    access.demand(actor, "files.official")
    return frozenset()


@desk_view(None)
def files_page(request: DeskRequest) -> HttpResponse:
    """The files begin with the first part the actor may see."""
    tabs = file_tabs(request.actor, "")
    if not tabs:
        access.demand(request.actor, "files.organ")
    return redirect(tabs[0]["url"])


@desk_view(None)
def officials_page(request: DeskRequest) -> HttpResponse:
    within = reach(request.actor)
    on = asked.day(request, "on", clock.today()) or clock.today()
    organs = subjects.directory(on)
    organ = asked.number(request, "organ")
    lines = organs.line(organ) if organ in organs.cards else None
    wanted = lines if within is None else within if lines is None else lines & within
    found = subjects.officials(wanted, on=on, text=request.GET.get("q", "").strip()[:60])
    page = asked.page_of(asked.number(request, "page", 1), len(found), size=SIZE)
    shown = found[(page.number - 1) * SIZE : page.number * SIZE]
    names = accounts.usernames_of_officials(one.official_code for one in shown)
    context = {
        "tabs": file_tabs(request.actor, "desk:officials"),
        "may_manage": access.may(request.actor, "offices.manage"),
        "columns": COLUMNS,
        "rows": [_row(one, organs, names) for one in shown],
        "page": page,
        "on": on,
        "people": len({one.official_code for one in found}),
        "filters": [
            {"name": "q", "label": "姓名、编号、职务", "kind": "text", "value": request.GET.get("q", "")},
            {"name": "organ", "label": "单位", "value": organ or "", "options": asked.organ_options(organs, within)},
            {"name": "on", "label": "截至", "kind": "date", "value": on.isoformat()},
        ],
    }
    return render(request, "desk/officials.html", context)


def _row(one: OfficeCard, organs: Directory, names: dict[str, str]) -> dict[str, Any]:
    title = {"text": one.name, "url": reverse("desk:official", args=[one.official_code]), "sub": one.official_code}
    organ = organs.card(one.organ_id).short
    return {
        "cells": [title, organ, one.title, one.since, one.document or "—", names.get(one.official_code, "没有")],
        "state": "",
    }


@desk_view(None)
def official_page(request: DeskRequest, code: str) -> HttpResponse:
    """One official: every office held, who recorded it, and where to go from here."""
    within = reach(request.actor)
    official = subjects.official(code)
    today = clock.today()
    if official is None or not (within is None or any(one.organ_id in within for one in official.last(today))):
        raise Http404
    organs = subjects.directory(today)
    may_manage = access.may(request.actor, "offices.manage")
    names = called(one.recorded_by for one in official.offices)
    context = {
        "official": official,
        "now": [f"{organs.card(one.organ_id).short}{one.title}" for one in official.holding(today)],
        "offices": [_office(one, organs, today, names) for one in official.offices],
        "account": accounts.usernames_of_officials([code]).get(code, ""),
        "may_manage": may_manage,
        "may_read": access.may(request.actor, "files.official"),
        "trail": [("公务员", reverse("desk:officials"))],
    }
    return render(request, "desk/official.html", context)


def _office(one: OfficeCard, organs: Directory, today: date, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "card": one,
        "organ": organs.card(one.organ_id),
        "holds": one.holds(today),
        "recorded_by": names.get(one.recorded_by, ""),
        "handover": asked.link("desk:handover_new", office=one.title),
    }
