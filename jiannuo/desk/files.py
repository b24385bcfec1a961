"""档案: an official's, an organ's and one's own; opened for a purpose, and every opening is noted."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from jiannuo.access import rules as access
from jiannuo.access.queries import TraceCard
from jiannuo.access.rules import Actor
from jiannuo.desk import asked, remedying
from jiannuo.desk.forms import form_page
from jiannuo.desk.gate import DeskRequest, address_of, desk_view
from jiannuo.desk.officials import file_tabs
from jiannuo.disclosure.queries import files
from jiannuo.disclosure.queries.files import FileLine, FilePart
from jiannuo.kernel import clock
from jiannuo.kernel.refusals import Refused
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.queries import Directory, OrganCard

COLUMNS = ({"label": "日期", "nowrap": True}, {"label": "内容"}, {"label": "情况"})
READ_COLUMNS = (
    {"label": "什么时候", "nowrap": True},
    {"label": "谁"},
    {"label": "目的"},
    {"label": "看了哪些"},
)
ORGAN_COLUMNS = ({"label": "单位"}, {"label": "编码", "code": True}, {"label": "名称", "minor": True})
PURPOSE = {
    "name": "purpose",
    "label": "查阅的目的",
    "hint": "例如：任前考察核对诚信情况。谁、何时、为什么看，都会记下来",
}


@desk_view("files.official")
def file_official_page(request: DeskRequest, code: str) -> HttpResponse:
    """An official's file: first the purpose, then what the reader's roles may see."""
    refused: Refused | None = None
    if request.method == "POST":
        try:
            # What is read here writes nothing but the trace: who exists is asked once.
            with subjects.one_reading():
                found = files.open_official(
                    code, actor=request.actor, purpose=request.POST.get("purpose", ""), on=clock.today(), at=clock.now(),
                    address=address_of(request),
                )  # fmt: skip
                held = _offices(found.official.holding(clock.today()), subjects.directory(clock.today()))
        except Refused as no:
            if no.code in ("forbidden", "not_found"):
                raise
            refused = no
        else:
            name = found.official.name
            return _shown(request, name, held, found.parts, found.hidden, found.purpose, _trail(code, name))
    official = subjects.official(code)
    if official is None:
        raise Http404
    trail = _trail(code, official.name)
    words = {
        "title": "查阅公务员诚信档案",
        "button": "查阅",
        "lead": "写明目的再看。按您的角色，只显示您可以看的部分；本人看得到谁、何时、为什么查阅。",
    }
    return form_page(
        request, words=words, fields=[PURPOSE], refused=refused, trail=trail, about=f"{official.name}　{code}"
    )


def _trail(code: str, name: str) -> list[tuple[str, str]]:
    return [("公务员", reverse("desk:officials")), (name, reverse("desk:official", args=[code]))]


@desk_view("files.organ")
def file_organ_page(request: DeskRequest, organ_id: int) -> HttpResponse:
    """An organ's file: first the purpose, then what the reader's roles may see."""
    organs = subjects.directory(clock.today())
    if organ_id not in organs.cards:
        raise Http404
    organ = organs.heir(organ_id)
    access.demand(request.actor, "files.organ", organ.id)
    trail = [("单位档案", reverse("desk:organ_files"))]
    refused: Refused | None = None
    if request.method == "POST":
        try:
            found = files.open_organ(
                organ.id, actor=request.actor, purpose=request.POST.get("purpose", ""), on=clock.today(), at=clock.now(),
                address=address_of(request),
            )  # fmt: skip
        except Refused as no:
            if no.code == "forbidden":
                raise
            refused = no
        else:
            return _shown(request, organ.name, "单位诚信档案", found.parts, found.hidden, found.purpose, trail)
    words = {"title": "查阅单位诚信档案", "button": "查阅", "lead": "写明目的再看；谁、何时、为什么看，都会记下来。"}
    return form_page(request, words=words, fields=[PURPOSE], refused=refused, trail=trail, about=organ.name)


@desk_view("files.organ")
def organ_files_page(request: DeskRequest) -> HttpResponse:
    """The organs whose file may be opened."""
    organs = subjects.directory(clock.today())
    within = access.scope(request.actor, "files.organ")
    text = request.GET.get("q", "").strip()
    found = [
        one
        for one in organs.organs
        if (within is None or one.id in within) and (not text or text in one.name or text in one.short)
    ]
    context = {
        "tabs": file_tabs(request.actor, "desk:organ_files"),
        "columns": ORGAN_COLUMNS,
        "rows": [_organ(one) for one in found],
        "filters": [{"name": "q", "label": "名称", "kind": "text", "value": text, "wide": True}],
    }
    return render(request, "desk/organ_files.html", context)


def _organ(one: OrganCard) -> dict[str, Any]:
    title = {"text": one.short, "url": reverse("desk:file_organ", args=[one.id])}
    return {"cells": [title, one.code, one.name], "state": ""}


@desk_view(None)
def my_file_page(request: DeskRequest) -> HttpResponse:
    """One's own file, whole, and who read it when and why."""
    found = files.open_own(actor=request.actor, on=clock.today(), at=clock.now(), address=address_of(request))
    organs = subjects.directory(clock.today())
    context = _context(request.actor, found.parts) | {
        "title": "我的档案",
        "kicker": f"{found.official.name}　{found.official.code}",
        "words": _offices(found.official.holding(clock.today()), organs),
        "own": True,
        "tabs": remedying.own_tabs("desk:my_file"),
        "read_columns": READ_COLUMNS,
        "read": [_reading(one) for one in files.readings(found.official.code)],
    }
    return render(request, "desk/file.html", context)


def _reading(one: TraceCard) -> dict[str, Any]:
    who, _, seen = one.detail.partition("看到：")
    return {"cells": [one.at, {"text": who.strip("，"), "sub": one.username}, one.purpose, seen], "state": ""}


def _offices(held: tuple[subjects.OfficeCard, ...], organs: Directory) -> str:
    return "、".join(f"{organs.card(one.organ_id).short}{one.title}" for one in held) or "现在没有任职"


def _shown(
    request: DeskRequest,
    title: str,
    words: str,
    parts: tuple[FilePart, ...],
    hidden: tuple[Any, ...],
    purpose: str,
    trail: list[tuple[str, str]],
) -> HttpResponse:
    context = _context(request.actor, parts) | {
        "title": title,
        "words": words,
        "hidden": hidden,
        "purpose": purpose,
        "trail": trail,
    }
    return render(request, "desk/file.html", context)


def _context(actor: Actor, parts: tuple[FilePart, ...]) -> dict[str, Any]:
    return {"parts": [_part(one, actor) for one in parts]}


def _part(part: FilePart, actor: Actor) -> dict[str, Any]:
    section = part.section
    counted = "，".join(f"{words}{count}" for words, count in part.by_standing.items())
    over = len(part.lines) - part.counting
    notes = [f"共{part.total}条" if part.total else "", counted]
    if section.gathers == "entries" and over:
        notes.append(f"其中{over}条已满期，不再计入")
    if part.total > len(part.lines) and not part.figures:
        notes.append(f"列出最近{len(part.lines)}条")
    stands = section.gathers == "offices" or any(line.standing or line.ends_on for line in part.lines)
    return {
        "section": section,
        "note": "；".join(note for note in notes if note),
        "columns": COLUMNS if stands else COLUMNS[:2],
        "rows": [_line(line, section.gathers, actor, stands=stands) for line in part.lines],
        "tiles": _tiles(part),
        "empty": "没有任职记录。" if section.gathers == "offices" else "没有记录。",
    }


def _line(line: FileLine, gathers: str, actor: Actor, *, stands: bool) -> dict[str, Any]:
    linked = line.entry_id and _linked(line, gathers, actor)
    title: dict[str, Any] = {"text": line.title, "sub": "；".join(f"{label}：{value}" for label, value in line.said)}
    if linked:
        title["url"] = reverse("desk:record", args=[line.entry_id])
    state: Any = {"standing": line.standing, "standing_label": line.standing_words} if line.standing else ""
    if gathers == "offices":
        state = {
            "standing": "accepted" if line.counts else "unchanged",
            "standing_label": "现任" if line.counts else "已免",
        }
    elif line.ends_on:
        words = f"到 {line.ends_on}" if line.counts else f"{line.ends_on} 期满，不再计入"
        state = {"standing": "open" if line.counts else "unchanged", "standing_label": words}
    return {
        "cells": [line.on, title, *([state or "—"] if stands else [])],
        "state": "" if line.counts or gathers == "offices" else "withdrawn",
    }


def _linked(line: FileLine, gathers: str, actor: Actor) -> bool:
    return line.open and gathers != "offices" and access.may(actor, "records.read", line.organ_id)


def _tiles(part: FilePart) -> list[dict[str, Any]]:
    """The figures of the year, each leading to the records it counts."""
    if part.figures is None:
        return []
    tally, figures = part.figures.tally, part.figures
    numbers = (("应公示", "due", tally.due), ("按期", "on_time", tally.on_time), ("迟报", "late", tally.late))
    return [
        {"label": label, "value": value, "unit": "条", "url": asked.link("desk:duties", **figures.leads_to(name))}
        for label, name, value in (*numbers, ("超期未公示", "missing", tally.missing))
    ]
