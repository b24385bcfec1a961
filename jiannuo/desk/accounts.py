"""账号: opened, closed, moved and reset by the system administrator; roles given and taken by the security administrator."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from jiannuo.access import actions as access_actions
from jiannuo.access import queries as accounts
from jiannuo.access import rules as access
from jiannuo.access.queries import AccountCard
from jiannuo.desk import asked
from jiannuo.desk.forms import form_page
from jiannuo.desk.gate import DeskRequest, desk_view
from jiannuo.desk.organs import admin_tabs
from jiannuo.kernel import clock
from jiannuo.kernel.refusals import Refused
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.queries import Directory

MANAGING = ("accounts.manage", "roles.grant")
COLUMNS = (
    {"label": "姓名"},
    {"label": "用户名", "short": True},
    {"label": "单位", "short": True},
    {"label": "角色"},
    {"label": "最近登录", "nowrap": True},
    {"label": "情况"},
)
SIZE = 50


def _demand(request: DeskRequest) -> None:
    if not any(access.may(request.actor, action) for action in MANAGING):
        access.demand(request.actor, "accounts.manage")


@desk_view(None)
def accounts_page(request: DeskRequest) -> HttpResponse:
    _demand(request)
    today = clock.today()
    organs = subjects.directory(today)
    organ = asked.number(request, "organ")
    role = request.GET.get("role", "")
    found = accounts.accounts(
        on=today,
        organ_ids=organs.line(organ) if organ in organs.cards else None,
        text=request.GET.get("q", "").strip()[:60],
        role=role if role in access.ROLES else "",
    )
    page = asked.page_of(asked.number(request, "page", 1), len(found), size=SIZE)
    context = {
        "tabs": admin_tabs(request.actor, "desk:accounts"),
        "may_create": access.may(request.actor, "accounts.manage"),
        "columns": COLUMNS,
        "rows": [_row(one, organs) for one in found[(page.number - 1) * SIZE : page.number * SIZE]],
        "page": page,
        "filters": [
            {"name": "q", "label": "姓名、用户名", "kind": "text", "value": request.GET.get("q", "")},
            {"name": "organ", "label": "单位", "value": organ or "", "options": asked.organ_options(organs, None)},
            {
                "name": "role",
                "label": "角色",
                "value": role,
                "options": [(name, one.title) for name, one in access.ROLES.items()],
            },
        ],
    }
    return render(request, "desk/accounts.html", context)


def _row(one: AccountCard, organs: Directory) -> dict[str, Any]:
    state = (
        ("withdrawn", "已注销")
        if not one.is_active
        else ("warning", "未启用")
        if one.must_change_password
        else ("accepted", "在用")
    )
    organ = organs.card(one.organ_id).short if one.organ_id else "—"
    cells = [
        {"text": one.name, "url": reverse("desk:account", args=[one.id])},
        one.username,
        organ,
        "、".join(one.role_titles) or "没有角色",
        one.last_login or "从未",
        {"standing": state[0], "standing_label": state[1]},
    ]
    return {"cells": cells, "state": "" if one.is_active else "withdrawn"}


@desk_view("accounts.manage")
def account_new_page(request: DeskRequest) -> HttpResponse:
    organs = subjects.directory(clock.today())
    form = request.POST
    refused: Refused | None = None
    if request.method == "POST":
        organ = asked.numbers([form.get("organ", "")])
        try:
            made, first = access_actions.create_account(
                by=request.actor,
                username=form.get("username", ""),
                name=form.get("name", ""),
                organ_id=organ[0] if organ else None,
                at=clock.now(),
            )
        except Refused as no:
            refused = no
        else:
            return _account(request, made, secret=first)
    fields: list[dict[str, Any]] = [
        {"name": "name", "label": "姓名", "hint": "使用人的真实姓名，一人一号"},
        {
            "name": "username",
            "label": "用户名",
            "hint": "3到30位字母、数字、点或短横，例如 scjg.zhang；注销后不再给别人用",
        },
        {
            "name": "organ",
            "label": "所属单位",
            "type": "select",
            "options": [("", "没有（管理员）"), *asked.organ_options(organs, None)],
            "optional": True,
        },
    ]
    words = {"title": "开账号", "button": "开账号", "lead": "开好后显示一次初始口令；角色由安全管理员另外授予。"}
    return form_page(request, words=words, fields=fields, refused=refused, trail=[("账号", reverse("desk:accounts"))])


@desk_view(None)
def account_page(request: DeskRequest, user_id: int) -> HttpResponse:
    _demand(request)
    return _account(request, user_id)


def _account(request: DeskRequest, user_id: int, *, secret: str = "", refused: Refused | None = None) -> HttpResponse:
    card = accounts.account(user_id)
    if card is None:
        raise Http404
    organs = subjects.directory(clock.today())
    today = clock.today()
    held = [one for one in card.grants if one.until is None or one.until > today]
    context = {
        "account": card,
        "contact": accounts.contact(user_id),
        "organ": organs.card(card.organ_id) if card.organ_id else None,
        "held": held,
        "past": [one for one in card.grants if one not in held],
        "roles": [
            ("", "请选择"),
            *((name, one.title) for name, one in access.ROLES.items() if name not in {g.role for g in held}),
        ],
        "organs": asked.organ_options(organs, None),
        "may_manage": access.may(request.actor, "accounts.manage"),
        "may_grant": access.may(request.actor, "roles.grant"),
        "secret": secret,
        "refusal": refused,
        "trail": [("账号", reverse("desk:accounts"))],
    }
    return render(request, "desk/account.html", context, status=422 if refused else 200)


@require_POST
@desk_view(None)
def account_act(request: DeskRequest, user_id: int) -> HttpResponse:
    """One change of an account; each demands its own right."""
    try:
        secret = _change(request, user_id)
    except Refused as no:
        if no.code == "forbidden":
            raise
        return _account(request, user_id, refused=no)
    if secret:
        return _account(request, user_id, secret=secret)
    return redirect("desk:account", user_id)


def _change(request: DeskRequest, user_id: int) -> str:
    form, by, on, at = request.POST, request.actor, clock.today(), clock.now()
    act = form.get("act", "")
    if act == "grant":
        access_actions.grant(by=by, user_id=user_id, role=form.get("role", ""), on=on, at=at)
        messages.success(request, "已授予，马上生效。")
    elif act == "end":
        access_actions.end_grant(by=by, grant_id=(asked.numbers([form.get("grant", "")]) or [0])[0], on=on, at=at)
        messages.success(request, "已终止，马上生效。")
    elif act == "reset":
        return access_actions.reset_password(by=by, user_id=user_id, at=at)
    elif act == "close":
        access_actions.close_account(by=by, user_id=user_id, at=at)
        messages.success(request, "已注销；它做过的事仍记在它名下。")
    elif act == "official":
        access_actions.link_official(by=by, user_id=user_id, code=form.get("official", ""), at=at)
        messages.success(request, "已登记：本人可以看自己的档案、签收交接。" if form.get("official") else "已清除。")
    elif act == "move":
        organ = asked.need_choice(form.get("organ", ""), "单位", "organ")
        access_actions.move_account(by=by, user_id=user_id, organ_id=organ, at=at)
        messages.success(request, "已调换单位；原单位的角色已终止，新角色请安全管理员授予。")
    return ""
