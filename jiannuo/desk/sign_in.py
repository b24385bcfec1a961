"""Signing in and out, and one's own password."""

from django.conf import settings
from django.contrib import auth
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from jiannuo.access import actions as access_actions
from jiannuo.access import queries as access
from jiannuo.access import rules
from jiannuo.desk.gate import DeskRequest, address_of, desk_view, refusal, start
from jiannuo.kernel import clock
from jiannuo.kernel.refusals import Refused

WRONG = Refused(
    "用户名或者口令不对，或者账号已经注销",
    fix="请核对大小写和输入法后再试；连续输错5次，这个用户名要等15分钟。忘了口令，请系统管理员重置",
)
LOCKED = Refused(
    "连续输错5次，这个用户名暂时不能登录",
    fix="请过15分钟再试；忘了口令，请系统管理员重置，重置后马上可以登录",
    clause="GB/T 22239-2019 8.1.4.1（登录失败处理）",
    code="locked",
)


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """A person signs in; every attempt is traced, and five wrong ones close the name for a quarter of an hour."""
    if request.method != "POST":
        if access.actor_of(request.user):
            return redirect(_way_on(request))
        return render(request, "desk/sign_in/login.html", {"next": request.GET.get("next", "")})
    username = rules.fold_username(request.POST.get("username", ""))
    user = auth.authenticate(request, username=username, password=request.POST.get("password", ""))
    actor = access.actor_of(user)
    if user is None or actor is None:
        locked = bool(getattr(request, "axes_locked_out", False))
        access_actions.note(
            username or "（空）",
            action="login.locked" if locked else "login.failed",
            object="session",
            at=clock.now(),
            address=address_of(request),
        )
        context = {"next": request.POST.get("next", ""), "username": username, "refusal": WRONG}
        return render(request, "desk/sign_in/login.html", context, status=422)
    auth.login(request, user)
    start(request, actor, clock.now())
    access_actions.note(actor, action="login", object="session", at=clock.now(), address=address_of(request))
    return redirect("password" if actor.must_change_password else _way_on(request))


def _way_on(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        return wanted
    return resolve_url(settings.LOGIN_REDIRECT_URL)


def locked_out(request: HttpRequest, *_: object) -> HttpResponse:
    """The answer to a name that was tried too often, right password or wrong."""
    return render(request, "429.html", {"refusal": LOCKED}, status=429)


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """The session is gone, here and on the server."""
    if actor := access.actor_of(request.user):
        access_actions.note(actor, action="logout", object="session", at=clock.now(), address=address_of(request))
    auth.logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


@sensitive_post_parameters("old", "new", "again")
@desk_view(None, before_password_change=True)
def password(request: DeskRequest) -> HttpResponse:
    """One changes one's own password; whoever was given a first one must."""
    refused: Refused | None = None
    if request.method == "POST":
        try:
            _change(request)
        except Refused as wrong:
            refused = wrong
        else:
            return redirect(settings.LOGIN_REDIRECT_URL)
    context = {"refusal": refused, "first": request.actor.must_change_password}
    return render(request, "desk/sign_in/password.html", context, status=422 if refused else 200)


def _change(request: DeskRequest) -> None:
    new = request.POST.get("new", "")
    if new != request.POST.get("again", ""):
        raise Refused("两次输入的新口令不一样", fix="请重新输入两次", field="again")
    access_actions.change_password(
        by=request.actor, old=request.POST.get("old", ""), new=new, at=clock.now(), address=address_of(request)
    )
    if isinstance(request.user, AbstractBaseUser):
        request.user.refresh_from_db()
        auth.update_session_auth_hash(request, request.user)


def stale_form(request: HttpRequest, **_: str) -> HttpResponse:
    """A form filled in before signing in again, or sent from elsewhere, is not taken."""
    return refusal(
        request,
        Refused(
            "这一页打开太久了，或者您在别的窗口重新登录过",
            fix="请退回上一页，刷新后再交一次",
            code="forbidden",
        ),
    )
