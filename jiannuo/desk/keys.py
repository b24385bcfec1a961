"""接口密钥: what other systems sign in with, shown once and ended at any time."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from jiannuo.access import actions as access_actions
from jiannuo.access import queries as accounts
from jiannuo.access import rules as access
from jiannuo.desk import asked
from jiannuo.desk.forms import form_page
from jiannuo.desk.gate import DeskRequest, desk_view
from jiannuo.desk.organs import admin_tabs
from jiannuo.kernel import clock
from jiannuo.kernel.days import parse_day
from jiannuo.kernel.refusals import Refused
from jiannuo.subjects import queries as subjects


@desk_view("keys.manage")
def keys_page(request: DeskRequest) -> HttpResponse:
    return _keys(request)


def _keys(request: DeskRequest, *, secret: str = "") -> HttpResponse:
    today = clock.today()
    organs = subjects.directory(today)
    keys = [
        {
            "card": one,
            "organ": organs.card(one.organ_id).short,
            "roles": "、".join(access.ROLES[role].title for role in one.roles if role in access.ROLES),
            "open": one.until is None or one.until > today,
        }
        for one in accounts.api_keys()
    ]
    context = {"tabs": admin_tabs(request.actor, "desk:keys"), "keys": keys, "secret": secret}
    return render(request, "desk/keys.html", context)


@desk_view("keys.manage")
def key_new_page(request: DeskRequest) -> HttpResponse:
    form, today = request.POST, clock.today()
    refused: Refused | None = None
    if request.method == "POST":
        try:
            _, secret = access_actions.create_key(
                by=request.actor,
                name=form.get("name", ""),
                organ_id=asked.need_choice(form.get("organ", ""), "单位", "organ"),
                roles=frozenset(filter(None, [form.get("roles", "")])),
                on=today,
                at=clock.now(),
                until=parse_day(form.get("until", "")),
            )
        except Refused as no:
            refused = no
        else:
            return _keys(request, secret=secret)
    organs = asked.organ_options(subjects.directory(today), None)
    fields: list[dict[str, Any]] = [
        {"name": "name", "label": "用途", "hint": "哪个系统用它，例如“市场监管局处罚系统”"},
        {"name": "organ", "label": "单位", "type": "select", "options": [("", "请选择"), *organs]},
        {
            "name": "roles",
            "label": "角色",
            "type": "select",
            "options": [(name, access.ROLES[name].title) for name in sorted(access.KEY_ROLES, reverse=True)],
            "hint": "机器只能报送或者查看；审核发布要由人来做",
        },
        {
            "name": "until",
            "label": "用到哪一天",
            "type": "date",
            "short": True,
            "optional": True,
            "hint": "不填就一直能用，直到在这里终止",
        },
    ]
    words = {"title": "新建接口密钥", "button": "新建", "lead": "密钥只显示一次，请马上配置到对方系统里。"}
    return form_page(request, words=words, fields=fields, refused=refused, trail=[("接口密钥", reverse("desk:keys"))])


@require_POST
@desk_view("keys.manage")
def key_end(request: DeskRequest, key_id: int) -> HttpResponse:
    access_actions.end_key(by=request.actor, key_id=key_id, on=clock.today(), at=clock.now())
    messages.success(request, "密钥已终止，马上失效。")
    return redirect("desk:keys")
