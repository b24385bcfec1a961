"""The page of an outside party that has a code: everything public about it. Natural persons have none."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from jiannuo.disclosure import queries as disclosure
from jiannuo.kernel import clock
from jiannuo.portal import parts
from jiannuo.portal.answering import nothing_here, number, public

CODES = {
    "uscc": "统一社会信用代码",
    "reg": "工商注册号",
    "org": "组织机构代码",
    "tax": "税务登记号",
    "institution": "事业单位证书号",
    "social": "社会组织登记证号",
}


@public
def party(request: HttpRequest, key: str) -> HttpResponseBase:
    found = disclosure.party(key, on=clock.today(), page=number(request.GET, "page", 1))
    if found is None:
        raise nothing_here(
            "没有关于这个主体的公示",
            fix="请用名称或者统一社会信用代码再查一次；自然人的记录依法不汇总展示，只能按文号查到单条公示",
        )
    scheme = key.partition(":")[0]
    rows = found.records.rows
    return render(
        request,
        "portal/party.html",
        parts.context(
            found.name,
            f"{found.name}（{found.code}）的全部公开记录：行政许可、行政处罚。",
            trail=parts.trail(("信息公示", "portal:disclosures")),
            party=found,
            facts=[
                {"label": CODES[scheme], "value": found.code, "code": True},
                {"label": "类别", "value": found.type or "—"},
                {"label": "公开记录", "value": f"{found.records.total_words} 条"},
            ],
            columns=parts.PARTY_COLUMNS,
            rows=parts.record_rows(rows, parts.PARTY_COLUMNS),
            pager=parts.pager(found.records),
        ),
    )
