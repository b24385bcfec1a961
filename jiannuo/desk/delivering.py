"""推送情况: what has reached which site, what waits, what was refused and why."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from jiannuo.access import actions as access_actions
from jiannuo.desk import asked
from jiannuo.desk.gate import DeskRequest, address_of, desk_view
from jiannuo.exchange import actions as exchange_actions
from jiannuo.exchange import queries as exchange
from jiannuo.exchange.queries import DeliveryCard, SiteCard
from jiannuo.kernel import clock

LIMIT = 50
COLUMNS = (
    {"label": "公示、撤下的记录"},
    {"label": "网站", "short": True},
    {"label": "试过", "number": True},
    {"label": "为什么没送到"},
    {"label": "下次再试", "nowrap": True},
    {"label": "情况"},
)


@desk_view("exchange.read")
def deliveries_page(request: DeskRequest) -> HttpResponse:
    sites = exchange.sites()
    if request.method == "POST":
        return _again(request, {site.id: site for site in sites})
    asked_for = request.GET.get("site", "")
    site = asked_for if asked_for in {one.id for one in sites} else ""
    troubles = exchange.troubles(site=site, limit=LIMIT + 1, after=asked.number(request, "after"))
    context = {
        "sites": sites,
        "columns": COLUMNS,
        "rows": [_row(one) for one in troubles[:LIMIT]],
        "after": troubles[LIMIT - 1].id if len(troubles) > LIMIT else 0,
    }
    return render(request, "desk/deliveries.html", context)


def _row(one: DeliveryCard) -> dict[str, Any]:
    failed = one.state == "failed"
    state = {"standing": "refused" if failed else "warning", "standing_label": "被拒收" if failed else "会自动再试"}
    title = {"text": f"第 {one.entry_id} 号", "url": reverse("desk:record", args=[one.entry_id])}
    next_at = "—" if failed else one.next_at
    return {
        "cells": [title, one.site_name, one.attempts, one.trouble, next_at, state],
        "state": "overdue" if failed else "",
    }


def _again(request: DeskRequest, sites: dict[str, SiteCard]) -> HttpResponse:
    site = request.POST.get("site", "")
    if site in sites:
        several = exchange_actions.send_again(now=clock.now(), site=site)
        access_actions.note(
            request.actor, action="exchange.read", object=f"site:{site}", at=clock.now(), detail=f"重新发送{several}条", address=address_of(request)
        )  # fmt: skip
        messages.success(request, f"{sites[site].name}：{several} 条重新排队，马上再送。")
    return redirect("desk:deliveries")
