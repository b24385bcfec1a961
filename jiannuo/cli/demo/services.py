"""The made-up county's matters of service and what was handled: a few thousand cases in a year, most within what was promised."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from msgspec import Struct

from jiannuo.cli.demo.decisions import MARK, Row
from jiannuo.kernel import workdays
from jiannuo.kernel.workdays import Calendar
from jiannuo.subjects.queries import OrganCard


class Matter(Struct, frozen=True):
    """A matter of service: its organ, name, limits in working days, papers, and how many cases a week there are."""

    organ: str
    name: str
    type: str
    statutory: int
    promised: int
    papers: int
    cut: int
    weekly: float
    status: str = "实施"


MATTERS = (
    Matter("121", "企业设立登记", "行政许可", 15, 1, 6, 3, 9), Matter("121", "食品经营许可", "行政许可", 20, 5, 8, 4, 7),
    Matter("121", "个体工商户登记", "行政许可", 15, 1, 4, 2, 12), Matter("109", "不动产转移登记", "行政确认", 30, 3, 9, 4, 10),
    Matter("109", "不动产抵押登记", "行政确认", 30, 1, 6, 3, 6), Matter("104", "居民身份证申领", "行政确认", 60, 15, 2, 0, 14),
    Matter("104", "户口迁移审批", "行政确认", 20, 5, 5, 2, 5), Matter("108", "失业保险金申领", "行政给付", 20, 5, 3, 2, 4),
    Matter("108", "社会保险登记", "行政确认", 15, 1, 3, 2, 8), Matter("105", "最低生活保障审核确认", "行政给付", 45, 22, 7, 2, 3),
    Matter("105", "婚姻登记", "行政确认", 1, 1, 3, 1, 6), Matter("102", "民办学校筹设审批", "行政许可", 30, 15, 12, 3, 0.2),
    Matter("111", "建筑工程施工许可", "行政许可", 7, 3, 10, 4, 1), Matter("111", "公共租赁住房资格审核", "行政给付", 30, 15, 6, 2, 2),
    Matter("112", "道路货物运输经营许可", "行政许可", 20, 3, 7, 3, 3), Matter("117", "公共场所卫生许可", "行政许可", 20, 3, 6, 2, 3),
    Matter("117", "生育登记", "行政确认", 7, 1, 2, 1, 5), Matter("110", "排污许可证核发", "行政许可", 30, 15, 11, 3, 0.5),
    Matter("114", "农药经营许可", "行政许可", 20, 7, 8, 2, 0.6), Matter("123", "医保异地就医备案", "公共服务", 5, 1, 2, 1, 11),
    Matter("124", "临时占用城市道路许可", "行政许可", 20, 5, 6, 2, 1), Matter("119", "烟花爆竹零售经营许可", "行政许可", 20, 7, 7, 1, 0.5),
    Matter("103", "中小企业认定", "行政确认", 20, 7, 5, 2, 0.8), Matter("121", "广告发布登记", "行政许可", 20, 5, 5, 5, 0, "取消"),
)  # fmt: skip
PROOFS = ("无房证明", "同一人证明", "收入证明", "无业证明", "亲属关系证明")
PAPERS = (
    "营业执照", "身份证明", "场所使用证明", "管理制度", "人员名单", "设备清单", "平面图", "授权委托书", "承诺书", "检测报告", "情况说明",
)  # fmt: skip
"""Papers that follow the form of application; made up, as many as the item asks for."""
CHANNELS = ("大厅", "网上", "网上", "移动端", "自助终端")


def code(matter: Matter) -> str:
    """The code of a matter: its organ's and its place among all."""
    return f"419926{matter.organ}{MATTERS.index(matter) + 1:04}"


def papers(matter: Matter) -> tuple[str, ...]:
    """The papers of a matter by name: its form, and the usual ones after it."""
    return (f"{matter.name}申请书", *PAPERS[: matter.papers - 1])


def items(organ: OrganCard, day: date) -> list[Row]:
    """The whole list of an organ's matters."""
    own = [matter for matter in MATTERS if organ.code.endswith(f"-{matter.organ}")]
    return [
        {
            "item_code": code(one), "item_name": one.name, "item_type": one.type, "status": one.status,
            "status_basis": "依据国务院取消行政许可的决定（演示）" if one.status == "取消" else "", "basis": f"{one.name}的法定依据（演示）",
            "statutory_days": str(one.statutory), "promised_days": str(one.promised), "papers": str(one.papers), "papers_cut": str(one.cut),
            "proofs_cancelled": PROOFS[MATTERS.index(one) % len(PROOFS)] if one.cut > 2 else "", "channels": "大厅;网上;电话", "paper_list": ";".join(papers(one)),
            "trips": "0" if one.promised <= 3 else "1", "fee": "不收费", "listed_on": day.isoformat(), "organ": organ.name,
            "organ_code": organ.uscc, "remark": MARK,
        }
        for one in own
    ]  # fmt: skip


def cases(organ: OrganCard, first: date, last: date, calendar: Calendar, lot: Random) -> Iterator[Row]:
    """What an organ accepted between two days, handled by `last` or not yet."""
    days = [day for n in range((last - first).days + 1) if calendar.is_workday(day := first + timedelta(days=n))]
    for matter in (one for one in MATTERS if organ.code.endswith(f"-{one.organ}") and one.weekly):
        for day in days:
            for _ in range(int(matter.weekly / 5 + lot.random())):
                yield _case(matter, organ, day, last, calendar, lot)


def sendings(
    organ: OrganCard, first: date, now: date, calendar: Calendar, lot: Random
) -> Iterator[tuple[date, list[Row]]]:
    """Month by month what was done by its end; on the last day what is still open goes along."""
    every = list(cases(organ, first, now, calendar, lot))
    begun = first
    while begun <= now:
        following = (begun.replace(day=1) + timedelta(days=32)).replace(day=1)
        last = min(following - timedelta(days=1), now)
        own = [row for row in every if begun.isoformat() <= (row["done_on"] or "9999") <= last.isoformat()]
        if last == now:
            own += [row for row in every if not row["done_on"]]
        if own:
            yield last, own
        begun = following


def _case(matter: Matter, organ: OrganCard, day: date, last: date, calendar: Calendar, lot: Random) -> Row:
    promised = workdays.due(calendar, start=day, limit=matter.promised, unit="workday").due_on
    statutory = workdays.due(calendar, start=day, limit=matter.statutory, unit="workday").due_on
    late = lot.random() < 0.03
    taken = matter.promised + lot.randrange(1, 5) if late else lot.randrange(matter.promised + 1)
    done = workdays.due(calendar, start=day, limit=taken, unit="workday").due_on
    handled = done <= last
    return {
        "number": f"{code(matter)}{day:%Y%m%d}{lot.randrange(10**6):06}", "item_code": code(matter),
        "applicant": lot.choice(("自然人", "企业", "个体工商户")), "channel": lot.choice(CHANNELS), "accepted_on": day.isoformat(),
        "statutory_by": max(statutory, promised).isoformat(), "promised_by": promised.isoformat(),
        "done_on": done.isoformat() if handled else "",
        "result": ("不予" if lot.random() < 0.02 else "准予" if matter.type == "行政许可" else "办结") if handled else "",
        "organ": organ.name, "organ_code": organ.uscc, "remark": MARK,
    }  # fmt: skip
