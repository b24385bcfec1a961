"""我的设置: the address for reminders, when they may come, and the calendar one can subscribe to."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from jiannuo.access import actions as access_actions
from jiannuo.access import queries as accounts
from jiannuo.access import rules as access
from jiannuo.desk import asked
from jiannuo.desk.gate import DeskRequest, desk_view
from jiannuo.exchange import actions as exchange
from jiannuo.kernel import clock
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as ledger


@desk_view(None)
def settings_page(request: DeskRequest) -> HttpResponse:
    return _page(request)


def _page(request: DeskRequest, *, feed: str = "", refused: Refused | None = None) -> HttpResponse:
    context = {
        "contact": accounts.contact(request.actor.user_id or 0),
        "mail_ready": bool(settings.MAIL),
        "hours": [(hour, f"{hour} 点以后") for hour in access.MAIL_HOURS],
        "feed": feed,
        "refusal": refused,
        "typed": request.POST.get("email", ""),
        "errors": {refused.field: refused.message} if refused else {},
    }
    return render(request, "desk/settings.html", context, status=422 if refused else 200)


@require_POST
@desk_view(None)
def settings_act(request: DeskRequest) -> HttpResponse:
    """One change of one's own settings."""
    by, at, act = request.actor, clock.now(), request.POST.get("act", "")
    try:
        if act == "feed":
            token = access_actions.make_feed(by=by, at=at)
            return _page(request, feed=request.build_absolute_uri(reverse("calendar", args=[token])))
        _change(request, act)
    except Refused as no:
        return _page(request, refused=no)
    return redirect("desk:settings")


def _change(request: DeskRequest, act: str) -> None:
    form, by, at = request.POST, request.actor, clock.now()
    key = ledger.ring()[0]
    if act == "email":
        if not settings.MAIL:
            raise Refused("本平台还没有接上邮件服务器", fix="请系统管理员配置后再填", field="email", code="no_mail")
        to, code = access_actions.propose_address(by=by, address=form.get("email", ""), key=key, at=at)
        exchange.post_code(account_id=by.user_id or 0, to=to, code=code, now=at)
        messages.success(request, "验证码已寄出，一般一两分钟就到；请把邮件里的六位数字填在下面。")
    elif act == "code":
        access_actions.prove_address(by=by, code=form.get("code", ""), key=key, at=at)
        messages.success(request, "邮箱已验证，提醒会寄到这里。")
    elif act == "forget":
        access_actions.forget_address(by=by, at=at)
        messages.success(request, "邮箱已删除，不会再寄邮件。")
    elif act == "mail":
        hour = (asked.numbers([form.get("hour", "")]) or [0])[0]
        access_actions.choose_mail(by=by, mail_on=form.get("mail_on") == "on", hour=hour, at=at)
        messages.success(request, "已保存。")
    elif act == "end_feed":
        access_actions.end_feed(by=by, at=at)
        messages.success(request, "日历地址已停用，原来订阅的日历不会再更新。")
