"""建档情况: which of the required files exist and how fresh, one number, and what to do next (A2)."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from jiannuo.access import rules as access
from jiannuo.assessment.queries import coverage
from jiannuo.assessment.queries.coverage import FileCard
from jiannuo.assessment.rules.coverage import Count, Coverage, Task
from jiannuo.desk import asked
from jiannuo.desk.gate import DeskRequest, desk_view
from jiannuo.desk.officials import file_tabs
from jiannuo.kernel import clock
from jiannuo.kernel.refusals import Refused
from jiannuo.policy import pack as policy
from jiannuo.policy.files import FileSection
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.queries import Directory

BADGES = {"fresh": "accepted", "old": "warning", "missing": "missing"}
SECTION_COLUMNS = (
    {"label": "档案"},
    {"label": "应有", "number": True},
    {"label": "已有", "number": True},
    {"label": "没有过期", "number": True},
    {"label": "多久更新"},
)
ORGAN_COLUMNS = (
    {"label": "单位"},
    {"label": "单位档案", "number": True},
    {"label": "公务员", "number": True},
    {"label": "公务员档案", "number": True},
    {"label": "还缺", "number": True},
)
TASK_COLUMNS = ({"label": "要办的事"}, {"label": "缺", "number": True}, {"label": "要更新", "number": True})
FILE_COLUMNS = ({"label": "谁的"}, {"label": "档案"}, {"label": "最近一条", "nowrap": True}, {"label": "情况"})
NAMED = 6


@desk_view("files.organ")
def coverage_page(request: DeskRequest) -> HttpResponse:
    """The county, or the reader's own organ; one organ's files when one is asked for."""
    today = clock.today()
    organs = subjects.directory(today)
    within = access.scope(request.actor, "files.organ")
    organ = asked.number(request, "organ")
    if organ:
        return _of_one(request, organ, within, organs)
    found = coverage.county_coverage(today, organ_ids=within)
    sections = policy.current().sections
    context = {
        "tabs": file_tabs(request.actor, "desk:coverage"),
        "whole": found.total,
        "sections": [_section(sections[name], count) for name, count in found.by_section.items() if count.required],
        "section_columns": SECTION_COLUMNS,
        "organs": _organs(found, organs),
        "organ_columns": ORGAN_COLUMNS,
        "tasks": _tasks(found, sections, organs),
        "task_columns": TASK_COLUMNS,
    }
    return render(request, "desk/coverage.html", context)


def _section(section: FileSection, count: Count) -> dict[str, Any]:
    whose = "单位" if section.subject == "organ" else "公务员"
    title = {"text": section.title, "sub": f"{whose} · {section.backing}"}
    state = "" if count.fresh == count.required else "late"
    return {"cells": [title, count.required, count.present, count.fresh, section.renewal], "state": state}


def _organs(found: Coverage, organs: Directory) -> list[dict[str, Any]]:
    ordered = sorted(found.by_organ.items(), key=lambda one: (-one[1].lacking, organs.card(one[0]).code))
    return [_organ(number, whole, found, organs) for number, whole in ordered]


def _organ(number: int, whole: Count, found: Coverage, organs: Directory) -> dict[str, Any]:
    own, people = found.of_organs.get(number, Count()), found.of_officials.get(number, Count())
    title = {"text": organs.card(number).short, "url": asked.link("desk:coverage", organ=number)}
    cells = [title, _of(own), found.officials.get(number, 0), _of(people), whole.lacking]
    return {"cells": cells, "state": "late" if whole.lacking else ""}


def _of(count: Count) -> str:
    return f"{count.fresh} / {count.required}" if count.required else "—"


def _tasks(found: Coverage, sections: Mapping[str, FileSection], organs: Directory) -> list[dict[str, Any]]:
    """One thing to do for each section that lacks something, the most first, with the organs that lack most."""
    several: dict[str, list[Task]] = {}
    for one in found.tasks:
        several.setdefault(one.section, []).append(one)
    ordered = sorted(several.items(), key=lambda each: -sum(one.missing + one.old for one in each[1]))
    return [_task(sections[name], tasks, organs) for name, tasks in ordered]


def _task(section: FileSection, tasks: list[Task], organs: Directory) -> dict[str, Any]:
    named = "、".join(organs.card(one.organ_id).short for one in tasks[:NAMED])
    more = f"等 {len(tasks)} 个单位" if len(tasks) > NAMED else ""
    title = {"text": section.missing, "sub": f"{section.title}：{named}{more}"}
    return {"cells": [title, sum(one.missing for one in tasks), sum(one.old for one in tasks)], "state": "late"}


def _of_one(request: DeskRequest, organ: int, within: frozenset[int] | None, organs: Directory) -> HttpResponse:
    if organ not in organs.cards or (within is not None and organ not in within):
        raise Refused("没有这个单位，或者它不在您查阅的范围里", fix="请从单位列表进入", code="not_found", field="organ")
    named = access.may(request.actor, "files.official", organ)
    found = coverage.files_of(organ, on=clock.today())
    shown = [one for one in found if named or one.section.subject == "organ"]
    context = {
        "organ": organs.card(organ),
        "columns": FILE_COLUMNS,
        "rows": [_file(one) for one in shown],
        "hidden": len(found) - len(shown),
        "trail": [("建档情况", reverse("desk:coverage"))],
    }
    return render(request, "desk/coverage_organ.html", context)


def _file(one: FileCard) -> dict[str, Any]:
    whose: dict[str, Any] = {"text": one.name, "sub": "" if one.section.subject == "organ" else one.subject}
    if one.section.subject == "official":
        whose["url"] = reverse("desk:official", args=[one.subject])
    section = {"text": one.section.title, "sub": "" if one.state == "fresh" else one.section.missing}
    state = {"standing": BADGES[one.state], "standing_label": one.state_words}
    return {"cells": [whose, section, one.latest or "—", state], "state": "" if one.state == "fresh" else "late"}
