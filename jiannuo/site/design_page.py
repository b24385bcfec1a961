"""The page /design/ that shows every component in every state, with made-up content only."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from msgspec import Struct

from jiannuo.documents.figures import Figure
from jiannuo.site.templatetags.design import STANDINGS

_SHANGHAI = ZoneInfo("Asia/Shanghai")
_DUE = date(2026, 10, 9)
_FIRM = "青禾县丰谷粮油有限公司"


class Page(Struct, frozen=True):
    """What the pager needs to know of a page of results."""

    number: int
    has_next: bool
    count: int
    capped: bool = False
    last: int | None = None

    @property
    def label(self) -> str:
        return f"分页，共 {self.count} 条"


def design_page(request: HttpRequest) -> HttpResponse:
    """Everything a page may be made of, side by side, so that a change is seen where it matters."""
    return render(request, "design.html", samples())


def samples() -> dict[str, Any]:
    """Made-up content for every component, under the names the components take."""
    context: dict[str, Any] = {"standings": list(STANDINGS)}
    for part in (_moving, _numbers, _charts, _table, _record, _forms, _tasks, _document, _versions):
        context |= part()
    return context


def _moving() -> dict[str, Any]:
    kinds = [("penalty_legal", "行政处罚（法人）"), ("licence_legal", "行政许可（法人）")]
    return {
        "trail": [("首页", "/"), ("信息公示", "/design/")],
        "title_actions": [
            {"label": "导出表格", "url": "#", "icon": "download"},
            {"label": "新建上报", "url": "#", "kind": "primary", "icon": "upload"},
        ],
        "search_examples": [("丰谷", "#"), ("青市监罚字〔2026〕12号", "#"), ("9141", "#")],
        "filters": [
            {"name": "kind", "label": "类别", "value": "penalty_legal", "options": kinds},
            {"name": "organ", "label": "单位", "value": "", "options": [("scjg", "县市场监督管理局")]},
            {"name": "since", "label": "决定日期自", "kind": "date", "value": "2026-01-01"},
            {"name": "until", "label": "至", "kind": "date", "value": ""},
        ],
        "chips": [
            {"name": "kind", "value": "penalty_legal", "label": "类别：行政处罚（法人）"},
            {"name": "since", "value": "2026-01-01", "label": "2026-01-01 起"},
        ],
        "pages": [
            Page(number=3, has_next=True, count=1000, capped=True),
            Page(number=2, has_next=True, count=1284, last=65),
            Page(number=1, has_next=False, count=7, last=1),
        ],
        "tabs": [
            {"label": "全部", "url": "#", "current": True, "count": 1284},
            {"label": "行政许可", "url": "#", "current": False, "count": 1041},
            {"label": "行政处罚", "url": "#", "current": False, "count": 243},
        ],
        "steps": [
            {"label": "选择类别", "state": "done", "url": "#"},
            {"label": "上传表格", "state": "done", "url": "#"},
            {"label": "核对结果", "state": "current"},
            {"label": "提交审核", "state": "ahead"},
        ],
    }


def _numbers() -> dict[str, Any]:
    return {
        "share": Decimal("0.983"),
        "low": Decimal("0.714"),
        "poor": Decimal("0.42"),
        "tally": [
            {"label": "可以入账", "count": 36, "share": Decimal("0.837"), "tone": "good", "url": "#"},
            {"label": "入账并提醒", "count": 2, "share": Decimal("0.047"), "tone": "warn", "url": "#"},
            {"label": "不予接收", "count": 4, "share": Decimal("0.093"), "tone": "bad", "url": "#"},
            {"label": "未变", "count": 1, "share": Decimal("0.023"), "tone": "plain"},
        ],
    }


def _charts() -> dict[str, Any]:
    organs = ("县市场监督管理局", "县自然资源局", "县住房和城乡建设局", "县城市管理局")
    rates = ((Decimal("96.1"), Decimal("98.3")), (Decimal("71.4"), 88), (93, Decimal("95.2")), (None, 42))
    quarters = (("第一季度", (1204, 88, 12)), ("第二季度", (1377, 61, 4)), ("第三季度", (1295, 40, 45)))
    months = tuple((f"{month}月", (1000 + month * 37 % 213,)) for month in range(1, 12))
    return {
        "charts": [
            Figure(
                kind="bar", title="双公示按期率", unit="%", series=("2025年", "2026年"),
                rows=tuple(zip(organs, rates, strict=True)),
            ),
            Figure(
                kind="stacked", title="本年各季度公示", unit="条", series=("按期", "迟报", "超期未公示"), rows=quarters
            ),
            Figure(kind="line", title="本年各月公示", unit="条", series=("公示",), rows=months),
        ]
    }  # fmt: skip


def _table() -> dict[str, Any]:
    def row(number: str, name: str, fine: int, decided: str, standing: str, state: str = "") -> dict[str, Any]:
        title = {"text": number, "url": "#", "sub": "县市场监督管理局"}
        return {"cells": [title, name, fine, decided, {"standing": standing}], "state": state}

    return {
        "columns": [
            {"label": "决定文书号", "key": "number"},
            {"label": "行政相对人"},
            {"label": "罚款（元）", "key": "amount", "number": True},
            {"label": "决定日期", "key": "decided", "nowrap": True},
            {"label": "公示"},
        ],
        "rows": [
            row("青市监罚字〔2026〕12号", _FIRM, 5000, "2026-09-03", "on_time"),
            row("青市监罚字〔2026〕11号", "青禾县老槐树餐馆", 12000, "2026-08-21", "late", "late"),
            row("青市监罚字〔2026〕9号", "青禾县明理建材经营部", 186500, "2026-08-10", "overdue", "overdue"),
            row("青市监罚字〔2026〕7号", "青禾县长青农资店", 800, "2026-07-30", "withdrawn", "withdrawn"),
        ],
    }


def _record() -> dict[str, Any]:
    published = datetime(2026, 9, 8, 9, 30, tzinfo=_SHANGHAI)
    return {
        "due_on": _DUE,
        "started": date(2026, 9, 24),
        "skipped": [
            {"day": date(2026, 9, 26), "why": "周六"},
            {"day": date(2026, 10, 1), "why": "国庆节放假（国办发明电〔2025〕7号）"},
        ],
        "fields": [
            {"label": "行政处罚决定书文号", "value": "青市监罚字〔2026〕12号"},
            {"label": "行政相对人名称", "value": _FIRM, "url": "#"},
            {"label": "统一社会信用代码", "value": "91410599MA00000000", "code": True, "hint": "校验位相符"},
            {"label": "法定代表人", "value": "周**", "masked": "自然人姓名依法不全部公开"},
            {"label": "公示状态", "standing": "disclosed"},
            {"label": "违法事实", "value": "销售的散装食用油未标明生产日期，货值金额 1,260 元。"},
            {"label": "备注", "value": ""},
        ],
        "events": [
            {"on": published, "title": "公示", "who": "县信用办 审核员", "current": True, "standing": "on_time"},
            {
                "on": date(2026, 9, 7),
                "title": "更正：罚款金额由 500 元改为 5,000 元",
                "who": "县市场监督管理局 填报员",
                "text": "理由：原表按万元填写。",
                "url": "#",
            },
            {"on": date(2026, 9, 3), "title": "作出决定", "who": "县市场监督管理局", "seen": published},
        ],
    }


def _forms() -> dict[str, Any]:
    return {
        "kinds": [("penalty_legal", "行政处罚（法人）"), ("penalty_natural", "行政处罚（自然人）")],
        "answers": [("release", "公示"), ("return", "退回修改")],
        "wrong": [("id_code", "统一社会信用代码：校验位不符"), ("id_number_wrong", "文号：缺少右括号")],
    }


def _tasks() -> dict[str, Any]:
    return {
        "tasks": [
            {
                "title": "公示 3 条行政处罚决定",
                "url": "#",
                "due_on": date(2026, 9, 25),
                "left": "已超 2 个工作日",
                "standing": "overdue",
                "meta": "青市监罚字〔2026〕9号等 · 县市场监督管理局",
                "action": "去公示",
            },
            {
                "title": "审核 9 条节前到期的许可",
                "url": "#",
                "due_on": date(2026, 9, 30),
                "left": "还有 1 个工作日",
                "standing": "due_soon",
                "meta": "县住房和城乡建设局送审",
                "why": "9 月 21 日作出决定，七个工作日内公示，9 月 30 日届满，在国庆假期之前。",
                "action": "去审核",
            },
            {
                "title": "上报第三季度权责清单变动",
                "url": "#",
                "due_on": date(2027, 1, 8),
                "left": "还有 68 个工作日",
                "standing": "open",
                "provisional": True,
                "meta": "各单位",
            },
        ],
    }


def _document() -> dict[str, Any]:
    works = {
        "id": "3.2",
        "what": "works",
        "text": "行政许可和行政处罚等信用信息，自作出行政决定之日起七个工作日内公示。",
        "carried": [("双公示", "#"), ("公开目录", "#")],
        "who": "各有关单位",
        "standing": "on_time",
        "standing_label": "按期 98.3%",
    }
    people = {
        "id": "3.3",
        "what": "people",
        "text": "各单位主要负责人要定期听取汇报，研究解决工作中的问题。",
        "who": "各单位主要负责人",
        "note": "平台留有会议记录的登记处",
    }
    aim = {
        "id": "3.1",
        "what": "aim",
        "text": "坚持公开为常态、不公开为例外，说到做到，让群众看得见、查得到、信得过。",
    }
    return {
        "document_parts": [
            {"level": "heading1", "clauses": [{"id": "3", "text": "三、公开与承诺"}]},
            {"level": "plain", "clauses": [aim, works, people]},
        ]
    }


def _versions() -> dict[str, Any]:
    changed = [("实施依据", "办法第八条", "条例第十二条"), ("法定时限", "20 个工作日", "15 个工作日")]
    return {
        "differences": [
            {"what": "same", "title": "食品经营许可", "code": "XK-0012", "depth": 0},
            {"what": "changed", "title": "食品经营许可变更", "code": "XK-0012-2", "depth": 1, "fields": changed},
            {"what": "added", "title": "食品经营许可延续", "code": "XK-0012-3", "depth": 1},
            {"what": "removed", "title": "散装食品经营备案", "code": "BA-0003", "depth": 0},
        ],
        "difference_counts": {"added": 1, "removed": 1, "changed": 1, "same": 1},
    }
