"""单位: who exists, with history; renamed, merged and ended with a reason, never deleted."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from jiannuo.access import actions as access_actions
from jiannuo.access import rules as access
from jiannuo.access.rules import Actor
from jiannuo.desk import asked
from jiannuo.desk.forms import form_page
from jiannuo.desk.gate import DeskRequest, address_of, desk_view
from jiannuo.kernel import clock
from jiannuo.kernel.refusals import Refused
from jiannuo.subjects import actions as subjects_actions
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.queries import Directory, OrganCard
from jiannuo.subjects.rules import Draft

TYPES = {
    "government": "人民政府",
    "office": "办公室",
    "department": "工作部门",
    "police": "公安",
    "institution": "事业单位",
    "town": "乡镇",
    "subdistrict": "街道",
    "park": "开发区",
    "party": "党委部门",
    "committee": "议事协调机构",
    "supervision": "监察",
    "court": "法院",
    "procuratorate": "检察院",
    "congress": "人大",
    "consultative": "政协",
}
REASON = {
    "name": "reason",
    "label": "依据",
    "type": "textarea",
    "hint": "批准文件的名称和文号；没有文件的，写为什么这样认定",
}
COLUMNS = (
    {"label": "单位"},
    {"label": "编码", "code": True},
    {"label": "类型", "short": True},
    {"label": "现名称自", "nowrap": True},
    {"label": "统一社会信用代码", "code": True, "minor": True},
)


def admin_tabs(actor: Actor, current: str) -> list[dict[str, Any]]:
    """The parts of administration the actor may see."""
    parts = (
        ("desk:organs", "单位", ("organs.manage",)),
        ("desk:accounts", "账号", ("accounts.manage", "roles.grant")),
        ("desk:keys", "接口密钥", ("keys.manage",)),
    )
    return [
        {"label": label, "url": reverse(name), "current": name == current}
        for name, label, actions in parts
        if any(access.may(actor, action) for action in actions)
    ]


@desk_view(None)
def admin_page(request: DeskRequest) -> HttpResponse:
    """Administration begins with the first part the actor may see."""
    tabs = admin_tabs(request.actor, "")
    if not tabs:
        access.demand(request.actor, "organs.manage")
    return redirect(tabs[0]["url"])


@desk_view("organs.manage")
def organs_page(request: DeskRequest) -> HttpResponse:
    organs = subjects.directory(clock.today())
    text = request.GET.get("q", "").strip()
    ended = sorted((one for one in organs.cards.values() if not organs.in_force(one)), key=lambda one: one.code)
    found = [one for one in (*organs.organs, *ended) if not text or text in one.name or text in one.code]
    context = {
        "tabs": admin_tabs(request.actor, "desk:organs"),
        "columns": COLUMNS,
        "rows": [_row(one, organs) for one in found],
        "filters": [{"name": "q", "label": "名称、编码", "kind": "text", "value": text, "wide": True}],
    }
    return render(request, "desk/organs.html", context)


def _row(one: OrganCard, organs: Directory) -> dict[str, Any]:
    over = not organs.in_force(one)
    sub = (
        f"已撤并，由{organs.heir(one.id).short}接续"
        if over and organs.heir(one.id).id != one.id
        else "已撤销"
        if over
        else one.short
    )
    title = {"text": one.name, "url": reverse("desk:organ", args=[one.id]), "sub": sub}
    return {
        "cells": [title, one.code, TYPES.get(one.type, one.type), one.since, one.uscc or "—"],
        "state": "withdrawn" if over else "",
    }


@desk_view("organs.manage")
def organ_page(request: DeskRequest, organ_id: int) -> HttpResponse:
    organs = subjects.directory(clock.today())
    card = _known(organs, organ_id)
    events = [
        {
            "on": spell.since,
            "title": spell.name,
            "text": f"到 {spell.until} 为止" if spell.until else "",
            "who": f"推定：{spell.assumed}" if spell.assumed else f"{spell.recorded_by}登记",
            "current": spell.organ_id == organ_id and spell.until is None,
        }
        for spell in reversed(subjects.history(organ_id))
    ]
    context = {
        "organ": card,
        "in_force": organs.in_force(card),
        "heir": organs.heir(organ_id),
        "parent": organs.card(card.parent_id) if card.parent_id else None,
        "type": TYPES.get(card.type, card.type),
        "events": events,
        "trail": [("单位", reverse("desk:organs"))],
    }
    return render(request, "desk/organ.html", context)


def _known(organs: Directory, organ_id: int) -> OrganCard:
    if organ_id not in organs.cards:
        raise Http404
    return organs.card(organ_id)


@desk_view("organs.manage")
def organ_new_page(request: DeskRequest) -> HttpResponse:
    organs = subjects.directory(clock.today())
    form = request.POST
    refused: Refused | None = None
    if request.method == "POST":
        try:
            draft = Draft(
                code=form.get("code", "").strip(),
                name=form.get("name", "").strip(),
                short=form.get("short", "").strip(),
                type=form.get("type", ""),
                parent=form.get("parent", ""),
                uscc=form.get("uscc", "").strip().upper(),
                since=asked.need_day(form.get("since", ""), "设立日期", "since"),
            )
            made = subjects_actions.add_organ(
                draft, reason=form.get("reason", ""), at=clock.now(), by=request.actor.username
            )
        except Refused as no:
            refused = no
        else:
            return _done(request, made, f"新登记 {draft.name}", "已登记新单位。")
    parents = [("", "没有"), *((one.code, one.short) for one in organs.organs)]
    fields: list[dict[str, Any]] = [
        {"name": "name", "label": "名称", "hint": "全称"},
        {"name": "short", "label": "简称"},
        {"name": "code", "label": "单位编码", "hint": "本县名录里的编码，编定后不改"},
        {"name": "type", "label": "类型", "type": "select", "options": list(TYPES.items())},
        {"name": "parent", "label": "上级单位", "type": "select", "options": parents, "optional": True},
        {"name": "uscc", "label": "统一社会信用代码", "optional": True},
        {"name": "since", "label": "设立日期", "type": "date", "short": True},
        REASON,
    ]
    words = {"title": "登记新单位", "button": "登记", "lead": "登记后就可以给它开账号、收它的数据。"}
    return form_page(request, words=words, fields=fields, refused=refused, trail=[("单位", reverse("desk:organs"))])


@desk_view("organs.manage")
def organ_change_page(request: DeskRequest, organ_id: int, change: str) -> HttpResponse:
    """Renaming, merging or ending an organ, from a day on."""
    organs = subjects.directory(clock.today())
    card = _known(organs, organ_id)
    refused: Refused | None = None
    if request.method == "POST":
        try:
            _change(request, card, change)
        except Refused as no:
            refused = no
        else:
            return _done(
                request, organ_id, f"{CHANGES[change]['title']} {card.name}", "已登记，原来的名称和记录都还查得到。"
            )
    on = {
        "name": "on",
        "label": "从哪一天起",
        "type": "date",
        "short": True,
        "hint": "批准文件写明的日期，或者挂牌日期",
    }
    others = [(one.id, one.short) for one in organs.organs if one.id != organ_id]
    extra: dict[str, list[dict[str, Any]]] = {
        "rename": [
            {"name": "name", "label": "新名称", "value": card.name},
            {"name": "short", "label": "新简称", "value": card.short},
        ],
        "merge": [{"name": "into", "label": "由哪个单位接续", "type": "select", "options": [("", "请选择"), *others]}],
        "end": [],
    }
    trail = [("单位", reverse("desk:organs")), (card.short, reverse("desk:organ", args=[organ_id]))]
    fields = [*extra[change], on, REASON]
    return form_page(request, words=CHANGES[change], fields=fields, refused=refused, trail=trail, about=card.name)


CHANGES = {
    "rename": {"title": "更名", "button": "登记更名", "lead": "旧名称报来的数据照样认得。"},
    "merge": {
        "title": "撤并",
        "button": "登记撤并",
        "danger": "1",
        "lead": "从那天起不再有这个单位，它的记录归到接续单位名下。",
    },
    "end": {"title": "撤销", "button": "登记撤销", "danger": "1", "lead": "从那天起不再有这个单位，也没有单位接续。"},
}


def _change(request: DeskRequest, card: OrganCard, change: str) -> None:
    form, by, at = request.POST, request.actor.username, clock.now()
    on = asked.need_day(form.get("on", ""), "变更日期", "on")
    reason = form.get("reason", "")
    if change == "rename":
        subjects_actions.rename(
            card.id, on=on, name=form.get("name", "").strip(), short=form.get("short", "").strip(), reason=reason, at=at, by=by
        )  # fmt: skip
    elif change == "merge":
        into = asked.need_choice(form.get("into", ""), "接续它的单位", "into")
        subjects_actions.merge([card.id], into=into, on=on, reason=reason, at=at, by=by)
    else:
        subjects_actions.end(card.id, on=on, reason=reason, at=at, by=by)


def _done(request: DeskRequest, organ_id: int, detail: str, words: str) -> HttpResponse:
    access_actions.note(
        request.actor, action="organs.manage", object=f"organ:{organ_id}", at=clock.now(), organ_id=organ_id, detail=detail, address=address_of(request)
    )  # fmt: skip
    messages.success(request, words)
    return redirect("desk:organ", organ_id)
