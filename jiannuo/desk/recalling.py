"""Taking back: registering that a decision was changed or revoked, and withdrawing what is public."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from jiannuo.access import rules as access
from jiannuo.desk.asked import need_day
from jiannuo.desk.forms import form_page
from jiannuo.desk.gate import DeskRequest, desk_view
from jiannuo.desk.record import decider, entry_of, kind_title
from jiannuo.desk.working import carry_over
from jiannuo.disclosure import actions as disclosure
from jiannuo.kernel import clock
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger.queries import EntryCard
from jiannuo.policy import pack as policy

WITHDRAW_CLAUSE = "中华人民共和国行政处罚法（2021年修订）第四十八条第二款"


@desk_view("record.revoke")
def revoke_page(request: DeskRequest, entry_id: int) -> HttpResponse:
    card = entry_of(request.actor, entry_id)
    access.demand(request.actor, "record.revoke", card.organ_id)
    form = request.POST
    refused: Refused | None = None
    if request.method == "POST":
        try:
            disclosure.revoke(
                entry_id=card.id,
                outcome=form.get("outcome", ""),
                decided_on=need_day(form.get("decided_on", ""), "变更或者撤销日期", "decided_on"),
                decided_by=form.get("decided_by", ""),
                reason=form.get("reason", ""),
                number=form.get("number", ""),
                actor=request.actor,
                on=clock.today(),
                at=clock.now(),
            )
        except Refused as no:
            refused = no
        else:
            carry_over(clock.now())
            messages.success(request, "已登记。还在公示的，由审核员在三个工作日内撤下并公开说明理由。")
            return redirect("desk:record", card.id)
    outcomes = policy.current().kinds[card.kind].codes.get("revocation_type", ())
    fields: list[dict[str, Any]] = [
        {
            "name": "outcome",
            "label": "处理结果",
            "type": "select",
            "options": [("", "请选择"), *((one, one) for one in outcomes)],
        },
        {
            "name": "decided_on",
            "label": "变更或者撤销日期",
            "type": "date",
            "short": True,
            "hint": "撤下公示的期限从这一天的次日起算",
        },
        {"name": "decided_by", "label": "作出机关", "hint": "作出变更、撤销的机关或者人民法院全称"},
        {"name": "number", "label": "变更或者撤销文书号", "optional": True},
        {"name": "reason", "label": "理由", "type": "textarea", "hint": "会向社会公开；不写身份证号、手机号、住址"},
    ]
    words = {
        "title": "登记变更、撤销",
        "button": "登记",
        "lead": "原决定被依法变更、撤销、确认违法或者确认无效的，在这里登记；原来的记录不会删，历史里看得到。",
    }
    return _form_page(request, card, fields, words, refused)


@desk_view("record.withdraw")
def withdraw_page(request: DeskRequest, entry_id: int) -> HttpResponse:
    card = entry_of(request.actor, entry_id)
    access.demand(request.actor, "record.withdraw", decider(card))
    refused: Refused | None = None
    if request.method == "POST":
        try:
            disclosure.withdraw(
                entry_id=card.id,
                reason=request.POST.get("reason", ""),
                law=request.POST.get("law", ""),
                actor=request.actor,
                on=clock.today(),
                at=clock.now(),
            )
        except Refused as no:
            refused = no
        else:
            carry_over(clock.now())
            messages.success(request, "已撤下。门户页面写明撤下的理由和依据，推送给其他网站的撤下通知已排队。")
            return redirect("desk:record", card.id)
    fields: list[dict[str, Any]] = [
        {"name": "law", "label": "撤下的依据", "hint": "写到条、款", "value": WITHDRAW_CLAUSE},
        {
            "name": "reason",
            "label": "撤下的理由",
            "type": "textarea",
            "hint": "会向社会公开；不写身份证号、手机号、住址",
        },
    ]
    words = {
        "title": "撤下公示",
        "button": "撤下",
        "danger": "1",
        "lead": "撤下后，公众看不到内容，只看到撤下的时间、理由和依据。",
    }
    return _form_page(request, card, fields, words, refused)


def _form_page(
    request: DeskRequest, card: EntryCard, fields: list[dict[str, Any]], words: dict[str, str], refused: Refused | None
) -> HttpResponse:
    title = kind_title(policy.current().kinds[card.kind], card)
    trail = [(title, reverse("desk:record", args=[card.id]))]
    return form_page(request, words=words, fields=fields, refused=refused, trail=trail, about=f"{title} {card.number}")
