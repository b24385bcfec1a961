"""The consolidated reports that went to the county government, and who reported on time."""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import content_disposition_header

from jiannuo.assessment.queries import consolidated
from jiannuo.assessment.queries.consolidated import SentCard
from jiannuo.assessment.queries.reports import ReportCard, periods, reports
from jiannuo.assessment.rules.periods import period
from jiannuo.assessment.rules.reporting import OPEN, State
from jiannuo.kernel import clock
from jiannuo.policy import pack as policy
from jiannuo.portal import parts
from jiannuo.portal.answering import public
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.queries import Directory

COLUMNS = (
    {"label": "报告"},
    {"label": "文号"},
    {"label": "报送日期", "nowrap": True},
    {"label": "文件", "short": True},
)
ORGAN_COLUMNS = (
    {"label": "单位"},
    {"label": "期限", "nowrap": True},
    {"label": "报送日期", "nowrap": True},
    {"label": "报送情况"},
)


@public
def reports_page(request: HttpRequest) -> HttpResponseBase:
    today = clock.today()
    several = periods()
    asked = request.GET.get("period", "")
    of = next((one for one in several if one.name == asked), several[0] if several else None)
    organs = subjects.directory(today)
    cards = reports(of, as_of=today) if of else []
    cards.sort(key=lambda card: organs.card(card.organ_id).code)
    in_time = sum(card.is_mending or (card.state not in OPEN and not card.days_late) for card in cards)
    return render(
        request,
        "portal/reports.html",
        parts.context(
            "政务诚信情况报告",
            f"{policy.current().about['county']}各单位每半年报送政务诚信建设情况，汇总后报县人民政府。",
            trail=parts.trail(),
            columns=COLUMNS,
            rows=[_sent(one) for one in consolidated.sent()],
            of=of,
            tabs=[
                {"label": one.title, "url": parts.address("reports", period=one.name), "current": one == of}
                for one in several
            ],
            organ_columns=ORGAN_COLUMNS,
            organ_rows=[_organ(card, organs) for card in cards],
            in_time=in_time,
            asked_for=len(cards),
        ),
    )


def _sent(one: SentCard) -> parts.Row:
    url = parts.address("report_file", one.period.name)
    return parts.Row((one.title, one.number, one.sent_on, parts.Cell("PDF", url) if "pdf" in one.files else "—"))


def _organ(card: ReportCard, organs: Directory) -> parts.Row:
    organ = organs.card(card.organ_id)
    late = card.days_late
    if card.state is State.LIFTED:
        cell = parts.Cell(standing="unchanged", standing_label="免报")
    elif card.is_mending:
        cell = parts.Cell(standing="open", standing_label="已按时报送、退回修改中")
    elif card.state in OPEN:
        cell = parts.Cell(
            standing="overdue" if late else "open", standing_label=f"逾期{late}天未报" if late else "未到期"
        )
    else:
        cell = parts.Cell(standing="late" if late else "on_time", standing_label=f"迟报{late}天" if late else "按期")
    name = parts.Cell(organ.name, parts.address("organ", organ.code))
    due = parts.Cell(f"{card.called_for}", sub=f"{card.due_on}前改好" if card.is_mending else "")
    return parts.Row((name, due, (card.state not in OPEN and card.sent_on) or "—", cell))


@public
def report_file(_request: HttpRequest, name: str) -> HttpResponseBase:
    """The file that was sent, as it was."""
    for one in consolidated.sent(period(name)):
        if "pdf" in one.files:
            response = HttpResponse(consolidated.file_of(one, "pdf"), content_type="application/pdf")
            disposition = content_disposition_header(as_attachment=False, filename=f"{one.title}.pdf")
            response.headers["Content-Disposition"] = disposition or ""
            return response
    raise Http404
