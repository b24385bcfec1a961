"""提出人是谁: how somebody who handles a case stands towards knowing who opened it, and the one page that shows it, once and for a purpose."""

from collections.abc import Mapping

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from jiannuo.cases import actions as cases
from jiannuo.cases.actions import Reporter, Way
from jiannuo.desk.case import facts, reading_of
from jiannuo.desk.gate import DeskRequest, address_of, desk_view
from jiannuo.kernel import clock
from jiannuo.kernel.refusals import Refused
from jiannuo.subjects import queries as subjects

SAYS: Mapping[Way, str] = {
    Way.NOBODY: "提出人没有留姓名。要问他的，用“联系提出人”，他凭回执码看得到。",
    Way.OPENLY: "提出人同意承办单位知道他是谁。写明用途就能看，每次查看都记下来，提出人看得到。",
    Way.ASK: "提出人要求保密。确需知道的，先申请，写明用途，由信用办或者纪检监察机关的另一个人批准，批准以后您本人看一次。",
    Way.WAITS: "您的申请还在等批准。",
    Way.AGREED: "已经批准您看一次。看了以后记下来，提出人看得到。",
    Way.CLOSED: "提出人是谁，只有正在承办的人能申请查看。",
}


@never_cache
@desk_view("cases.handle")
def reporter_page(request: DeskRequest, case_id: int) -> HttpResponse:
    """Who opened the case, to whom the procedure lets know it."""
    found, today, now = reading_of(request, case_id), clock.today(), clock.now()
    refused: Refused | None = None
    reporter: Reporter | None = None
    if request.method == "POST":
        purpose = request.POST.get("purpose", "")
        try:
            reporter = cases.reveal(
                case_id, actor=request.actor, purpose=purpose, on=today, at=now, address=address_of(request)
            )
        except Refused as no:
            refused = no
    standing = cases.standing(found.card, actor=request.actor, on=today)
    asks = standing.way is Way.ASK and any(one.id == standing.step for one in found.open_steps)
    context = {
        "title": "提出人是谁",
        "about": f"{found.card.flow.short} {found.card.number}",
        "says": SAYS[standing.way],
        "reporter": reporter,
        "refusal": refused,
        "openly": standing.way is Way.OPENLY,
        "agreed": standing.way is Way.AGREED,
        "until": standing.until,
        "ask": reverse("desk:case_step", args=[case_id, standing.step]) if asks else "",
        "facts": facts(found.card, subjects.directory(today)),
        "back": reverse("desk:case", args=[case_id]),
        "trail": [("案件", reverse("desk:cases")), (found.card.number, reverse("desk:case", args=[case_id]))],
    }
    return render(request, "desk/reporter.html", context, status=422 if refused else 200)
