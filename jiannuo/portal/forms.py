"""Forms of people without an account: known to come from our own page, within a day, without setting a cookie."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest

from jiannuo.access import rules as access
from jiannuo.kernel.refusals import Refused

LASTS_HOURS = 24
_SIGNER = "portal.form"
_STALE = "请回到那一页，重新打开以后再提交"


def token(about: str, *, at: datetime, single: str = "") -> str:
    """What the form carries: what it is about and the hour it was made in, signed. The same within an hour, so that pages can be kept.

    With `single` it tells this one form from every other; `check` gives it back.
    """
    return Signer(salt=_SIGNER).sign(f"{about}~{single}.{_hour(at)}")


def check(request: HttpRequest, about: str, *, at: datetime) -> str:
    """Refuses what another site sends, what is about something else, what is older than a day, and what a robot filled in."""
    if not _from_here(request):
        raise Refused("这次提交不是从本站的页面发出的", fix=_STALE, code="origin")
    try:
        said, _, hour = Signer(salt=_SIGNER).unsign(request.POST.get("token", "")).rpartition(".")
    except BadSignature:
        raise Refused("表单不完整", fix=_STALE, code="token") from None
    named, _, single = said.rpartition("~")
    if named != about or not 0 <= _hour(at) - int(hour) <= LASTS_HOURS:
        raise Refused("这个页面打开太久了", fix=_STALE, code="token")
    if request.POST.get("website", ""):
        raise Refused(
            "“网址”一栏要留空", fix="那一栏是用来识别自动程序的，请清空以后再提交", field="website", code="robot"
        )
    return single


def _hour(at: datetime) -> int:
    return int(at.timestamp() // timedelta(hours=1).total_seconds())


def _from_here(request: HttpRequest) -> bool:
    """By what the browser says of itself; one that says nothing of where the form stood is not believed."""
    if site := request.headers.get("Sec-Fetch-Site"):
        return site == "same-origin"
    origin = request.headers.get("Origin") or request.headers.get("Referer", "")
    parts = urlsplit(origin)
    here = {f"{request.scheme}://{request.get_host()}", *settings.CSRF_TRUSTED_ORIGINS}
    return f"{parts.scheme}://{parts.netloc}" in here


def address_of(request: HttpRequest) -> str:
    """The network address the form came from."""
    return access.network_address(str(request.META.get("REMOTE_ADDR", "")), request.headers.get("X-Forwarded-For", ""))
