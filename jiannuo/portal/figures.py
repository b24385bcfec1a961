"""The figures of this year beside one another, each leading to its page."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from jiannuo.assessment.queries import litigation, services, suggestions
from jiannuo.assessment.rules.leads import whole_year
from jiannuo.disclosure.queries.released import released
from jiannuo.duties.queries import Share, county
from jiannuo.kernel import clock
from jiannuo.portal import figuring, parts
from jiannuo.portal.answering import public

DECISION = "disclose_decision"


@public
def figures(request: HttpRequest) -> HttpResponseBase:
    today = clock.today()
    first, last = whole_year(today.year)
    period: dict[str, Any] = {"organ_ids": None, "first": first, "last": last, "as_of": today}
    asked = suggestions.suggestions(**period, given=released(suggestions.kinds(), on=today, first=first, last=today))
    suit = litigation.kind()
    sued = litigation.litigation(**period, given=released([suit], on=today)) if suit else None
    handled = services.services(**period)
    tally = county.county(DECISION, first=parts.half_year(today)[0], on=today).total
    half = parts.half_name(today)
    stats = [
        ("suggestions", figuring.share("建议提案按期办复率", asked.on_time, parts.address("suggestions"))),
        ("litigation", figuring.share("行政诉讼败诉率", sued.lost, parts.address("litigation"))) if sued else None,
        ("services", figuring.share("政务服务按时办结率", handled.handling.timeliness, parts.address("services"))),
        ("timeliness", figuring.share(f"{half}公示及时率", Share(tally.on_time, tally.due, "已公示和已到期的决定"), parts.address("timeliness"))),
    ]  # fmt: skip
    about = "全县建议提案办理、行政诉讼、政务服务和公示时效的数字，每个数字都能点开。"
    return render(
        request,
        "portal/figures.html",
        parts.context(
            "数据",
            about,
            trail=parts.trail(),
            tabs=figuring.tabs("figures"),
            year=today.year,
            pages=[(dict(figuring.PAGES)[one[0]], parts.address(one[0]), SAYS[one[0]], one[1]) for one in stats if one],
        ),
    )


SAYS = {
    "suggestions": "代表建议、政协提案：谁承办、哪天答复、见没见面、办成了没有。",
    "litigation": "单位当被告的案件：败诉多少、为什么、负责人出没出庭、判决履行没有。",
    "services": "每件事法定几天、承诺几天、实际几天；减了哪些许可、材料和证明。",
    "timeliness": "每一条应当公示的许可、处罚：最迟哪天、公示了没有。",
}
