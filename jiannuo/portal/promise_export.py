"""The promises a list is narrowed to, as a table to take away."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from jiannuo.disclosure.queries import promises
from jiannuo.disclosure.queries.promises import PublicPromise
from jiannuo.duties.rules import SUSPENDED_UNTIL, Standing
from jiannuo.intake.rules import workbooks
from jiannuo.kernel import clock
from jiannuo.kernel.refusals import Refused
from jiannuo.portal import disclosures, parts
from jiannuo.portal.answering import public
from jiannuo.portal.promises import EXPORT_LIMIT, Asked

HEADINGS = (
    "类别", "承诺事项", "领域", "承诺单位", "责任岗位", "受益人", "兑现期限", "原定期限", "状态", "待核实", "兑现日期",
    "节点", "已核实节点", "说属实", "说不属实", "公示日期", "地址",
)  # fmt: skip


@public
def promises_export(request: HttpRequest, form: str) -> HttpResponseBase:
    if form not in disclosures.FORMS:
        raise Refused(f"不能导出为“{form}”", fix="可以导出为 csv 或者 xlsx", field="form")
    today = clock.today()
    asked = Asked(request, on=today)
    lines = (_line(one, request) for one in promises.every(asked.narrowed, on=today, limit=EXPORT_LIMIT))
    response: HttpResponseBase
    if form == "csv":
        response = StreamingHttpResponse(disclosures.csv_lines(HEADINGS, lines), content_type=disclosures.FORMS[form])
    else:
        book = workbooks.export(HEADINGS, lines, title="承诺")
        response = HttpResponse(book, content_type=disclosures.FORMS[form])
    response["Content-Disposition"] = f'attachment; filename="promises-{today:%Y%m%d}.{form}"'
    response["Cache-Control"] = "no-store"
    return response


def _line(one: PublicPromise, request: HttpRequest) -> list[str]:
    due_on = "中止" if one.due_on >= SUSPENDED_UNTIL else one.due_on.isoformat()
    words = {
        Standing.KEPT: "按期兑现",
        Standing.KEPT_LATE: "逾期兑现",
        Standing.BROKEN: "逾期未兑现",
        Standing.LIFTED: "依法免除",
    }
    return [
        *(one.kind_short, one.title, one.field, one.organ, one.office, one.beneficiary),
        due_on,
        one.first_due_on.isoformat() if one.first_due_on else "",
        words.get(one.standing, "进行中"),
        "是" if one.waits else "",
        one.kept_on.isoformat() if one.kept_on else "",
        *map(str, (one.progress.whole, one.progress.done, one.agreed, one.disputed)),
        one.published_on.isoformat(),
        request.build_absolute_uri(parts.address("promise", one.identity)),
    ]
