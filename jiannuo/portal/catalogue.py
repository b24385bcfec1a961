"""The disclosure catalogue: the key areas, who must publish what by when, how it stands, what is missing."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from jiannuo.disclosure import queries as disclosure
from jiannuo.disclosure.queries import AreaCard, CatalogueCard, CatalogueCell, State, interpreting, remembering
from jiannuo.disclosure.queries.catalogue import INFORMATION
from jiannuo.kernel import clock
from jiannuo.kernel.refusals import Refused
from jiannuo.policy import pack as policy
from jiannuo.policy.documents import ORGAN_TYPES, CatalogueItem
from jiannuo.portal import parts
from jiannuo.portal.answering import public
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.queries import Directory, OrganCard

BADGES: Mapping[State, str] = {
    State.ON_TIME: "on_time",
    State.SOON: "due_soon",
    State.MISSING: "missing",
    State.NONE: "unchanged",
}
PERIODS = {
    "event": "有了就公开",
    "month": "每月",
    "quarter": "每季度",
    "half": "每半年",
    "year": "每年",
    "standing": "长期公开",
}
MOST_MISSING = 12
MISSING_COLUMNS = (
    {"label": "事项"},
    {"label": "责任单位"},
    {"label": "所属期", "nowrap": True},
    {"label": "最迟日期", "nowrap": True},
    {"label": "依据", "minor": True},
)
INTERPRETATION_COLUMNS = (
    {"label": "文件"},
    {"label": "公开单位"},
    {"label": "公开日期", "nowrap": True},
    {"label": "最迟解读", "nowrap": True},
    {"label": "解读"},
)
ITEM_COLUMNS = (
    {"label": "事项"},
    {"label": "公开单位"},
    {"label": "什么时候", "nowrap": True},
    {"label": "时限", "nowrap": True},
    {"label": "已公开", "number": True},
    {"label": "状态"},
)
CELL_COLUMNS = (
    {"label": "事项"},
    {"label": "责任单位"},
    {"label": "什么时候", "nowrap": True},
    {"label": "最近公开", "nowrap": True},
    {"label": "最迟日期", "nowrap": True},
    {"label": "条数", "number": True},
    {"label": "状态"},
)


@public
def catalogue(request: HttpRequest) -> HttpResponseBase:
    today = clock.today()
    pack = policy.current()
    directory = subjects.directory(today)
    area, state = request.GET.get("area", ""), request.GET.get("state", "")
    if (area and area not in pack.areas) or (state and state not in {one.value for one in State}):
        raise Refused("没有这个领域或者状态", fix="请从页面的选项中选择", field="area")
    organ = _organ(request.GET.get("organ", ""), directory)
    whole = disclosure.catalogue_status(on=today, organ=organ.id) if organ else remembering.catalogue()
    cells = [cell for cell in whole.cells if area in ("", cell.item.area) and state in ("", cell.state)]
    detailed = bool(organ or area or state)
    title = f"{organ.short}公开目录" if organ else "主动公开目录"
    context: dict[str, Any] = {
        "trail": parts.trail(),
        "organ": organ,
        "areas": [area_line(one, organ) for one in whole.areas if one.cells or organ is None],
        "filters": _filters(directory, area, organ, state),
        "chips": _chips(area, organ, state),
        "detailed": detailed,
        "groups": _groups(cells, directory) if detailed else _items(whole, directory),
        "missing_columns": MISSING_COLUMNS,
        "missing": [_missing_row(cell, directory) for cell in whole.missing[:MOST_MISSING]] if not detailed else [],
        "missing_total": len(whole.missing),
        "missing_url": parts.address("catalogue", state="missing"),
        "interpretations": _interpretations(directory, organ),
        "interpretation_columns": INTERPRETATION_COLUMNS,
        "assumed": [(item.id, item.title, item.assumed) for item in pack.catalogue if item.assumed]
        if not detailed
        else [],
    }
    about = f"{pack.about['county']}主动公开基本目录：谁、公开什么、什么时候、依据什么，现在公开了没有。"
    return render(request, "portal/catalogue.html", parts.context(title, about, **context))


def _organ(text: str, directory: Directory) -> OrganCard | None:
    if not text:
        return None
    found = directory.find(text)
    if found is None:
        raise Refused(f"没有找到“{text}”这个单位", fix="请从“单位”页选择", field="organ")
    return found


def area_line(area: AreaCard, organ: OrganCard | None = None) -> dict[str, object]:
    """One key area with its counts, each leading to what it counts."""
    asked = {"area": area.id, "organ": organ.code if organ else ""}
    count = area.by_state
    return {
        "title": area.title,
        "items": area.cells if organ else area.items,
        "cells": area.cells,
        "url": parts.address("catalogue", **asked),
        "on_time": count[State.ON_TIME],
        "soon": count[State.SOON],
        "missing": count[State.MISSING],
        "missing_url": parts.address("catalogue", **asked, state="missing"),
        "none": count[State.NONE],
    }


def _filters(directory: Directory, area: str, organ: OrganCard | None, state: str) -> list[dict[str, object]]:
    organs = [(card.code, card.short) for card in directory.organs]
    return [
        {"name": "area", "label": "重点领域", "value": area, "options": list(policy.current().areas.items())},
        {"name": "organ", "label": "责任单位", "value": organ.code if organ else "", "options": organs},
        {"name": "state", "label": "状态", "value": state, "options": [(one.value, one.label) for one in State]},
    ]


def _chips(area: str, organ: OrganCard | None, state: str) -> list[dict[str, object]]:
    found = [
        ("area", area, policy.current().areas.get(area, "")),
        ("organ", organ.code if organ else "", organ.short if organ else ""),
        ("state", state, State(state).label if state else ""),
    ]
    return [{"name": name, "value": value, "label": label} for name, value, label in found if value]


def _items(whole: CatalogueCard, directory: Directory) -> list[dict[str, object]]:
    """Every item once, with how the organs that answer for it stand together."""
    by_item: dict[str, list[CatalogueCell]] = {}
    for cell in whole.cells:
        by_item.setdefault(cell.item.id, []).append(cell)
    pack = policy.current()
    return [
        {
            "id": area,
            "title": title,
            "columns": ITEM_COLUMNS,
            "rows": [
                _item_row(item, by_item.get(item.id, []), directory) for item in pack.catalogue if item.area == area
            ],
        }
        for area, title in pack.areas.items()
    ]


def _item_row(item: CatalogueItem, cells: list[CatalogueCell], directory: Directory) -> parts.Row:
    missing = sum(cell.state == State.MISSING for cell in cells)
    soon = sum(cell.state == State.SOON for cell in cells)
    fine = sum(cell.state == State.ON_TIME for cell in cells)
    if missing:
        standing = parts.Cell(standing="missing", standing_label=f"缺 {missing} 家")
    elif soon:
        standing = parts.Cell(standing="due_soon", standing_label=f"将到期 {soon} 家")
    else:
        standing = parts.Cell(standing="on_time") if fine else parts.Cell(standing="unchanged", standing_label="尚无")
    name = parts.Cell(item.title, "", f"{item.id} · {item.basis}" + ("（推定）" if item.assumed else ""))
    cells_shown = (
        name,
        _who(item, directory),
        PERIODS[item.period],
        _limit(item.deadline),
        sum(c.records for c in cells),
    )
    return parts.Row((*cells_shown, standing), "overdue" if missing else "")


def _who(item: CatalogueItem, directory: Directory) -> str:
    named = []
    for who in item.who:
        if who.startswith("type:"):
            named.append(ORGAN_TYPES.get(who.removeprefix("type:"), who))
        elif who in directory.by_code:
            named.append(directory.heir(directory.by_code[who].id).short)
    return "、".join(dict.fromkeys(named))


def _limit(deadline: str) -> str:
    found = policy.current().deadlines.get(deadline)
    if found is None:
        return "—"
    return found.values[-1].words


def _groups(cells: Iterable[CatalogueCell], directory: Directory) -> list[dict[str, object]]:
    """The cells asked for, by area, what is missing first."""
    order = {State.MISSING: 0, State.SOON: 1, State.ON_TIME: 2, State.NONE: 3}
    by_area: dict[str, list[CatalogueCell]] = {}
    for cell in sorted(cells, key=lambda cell: (order[cell.state], cell.item.id, cell.organ)):
        by_area.setdefault(cell.item.area, []).append(cell)
    return [
        {
            "id": area,
            "title": title,
            "columns": CELL_COLUMNS,
            "rows": [_cell_row(cell, directory) for cell in by_area[area]],
        }
        for area, title in policy.current().areas.items()
        if area in by_area
    ]


def _cell_row(cell: CatalogueCell, directory: Directory) -> parts.Row:
    organ = parts.Cell(cell.organ, parts.address("catalogue", organ=directory.card(cell.organ_id).code))
    records = parts.address("disclosures", kind=cell.item.kind, organ=directory.card(cell.organ_id).code)
    when = PERIODS[cell.item.period] + (f" {cell.period}" if cell.period else "")
    name = parts.Cell(cell.item.title, "", f"{cell.item.id} · {cell.item.basis}")
    standing = parts.Cell(standing=BADGES[cell.state], standing_label=cell.state.label)
    # The list cannot be narrowed to one item of information, and a number leads to what it counts or nowhere.
    is_counted = bool(cell.records) and cell.item.kind != INFORMATION
    number = parts.Cell(f"{cell.records:,}", records if is_counted else "")
    state = "overdue" if cell.state == State.MISSING else ""
    return parts.Row((name, organ, when, cell.last_on or "—", _due(cell), number, standing), state)


def _due(cell: CatalogueCell) -> object:
    return parts.Cell(cell.due_on, sub="暂定" if cell.provisional else "") if cell.due_on else "—"


def _interpretations(directory: Directory, organ: OrganCard | None) -> dict[str, object]:
    """How many documents are to be interpreted, how many were in time, and those that were not."""
    lines = directory.line(organ.id) if organ else None
    whole = interpreting.documents(on=directory.on, organ_ids=lines)
    missing = [one for one in whole if one.is_missing(directory.on)]
    deadlines = policy.current().deadlines
    rules = {one.interpret: deadlines[one.interpret] for one in policy.current().catalogue if one.interpret}
    return {
        "whole": len(whole),
        "done": sum(one.interpreted_on is not None for one in whole),
        "late": sum(one.interpreted_on is not None and one.interpreted_on > one.due_on for one in whole),
        "missing": len(missing),
        "rows": [_document_row(one, directory) for one in missing[:MOST_MISSING]],
        "rules": list(rules.values()),
    }


def _document_row(one: interpreting.Document, directory: Directory) -> parts.Row:
    card = directory.card(one.organ_id)
    title = parts.Cell(one.title, parts.address("record", one.identity), one.number)
    due = parts.Cell(one.due_on, sub="暂定" if one.provisional else "")
    standing = parts.Cell(standing="missing", standing_label="没有解读")
    return parts.Row(
        (title, parts.Cell(card.short, parts.address("organ", card.code)), one.published_on, due, standing), "overdue"
    )


def _missing_row(cell: CatalogueCell, directory: Directory) -> parts.Row:
    code = directory.card(cell.organ_id).code
    name = parts.Cell(cell.item.title, parts.address("catalogue", organ=code, area=cell.item.area), cell.item.id)
    organ = parts.Cell(cell.organ, parts.address("organ", code))
    return parts.Row((name, organ, cell.period or "—", _due(cell), cell.item.basis), "overdue")


def missing_by_area() -> list[dict[str, object]]:
    """The key areas with how many items are missing, for the front page."""
    return [area_line(area) for area in remembering.catalogue().areas]
