"""The made-up county's promises: what each organ undertook this year, by when, and how it went."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from msgspec import Struct

from jiannuo.cli.demo.decisions import MARK, Row
from jiannuo.cli.demo.keeping import Act
from jiannuo.kernel.clock import SHANGHAI
from jiannuo.kernel.workdays import Calendar
from jiannuo.subjects.queries import OrganCard

GOVERNMENT, LEAD = "419926-002", "419926-101"
RAIN = "汛期连续降雨，工程停工，经县政府会议研究同意顺延（演示）"


class Matter(Struct, frozen=True):
    """A thing that can be promised: what, how much, to what standard, in which field, shown by what."""

    title: str
    measure: str
    quality: str
    field: str
    shown_by: str
    parts: tuple[str, ...] = ()
    """The milestones on the way."""


DEPARTMENTS: dict[str, tuple[Matter, ...]] = {
    "102": (Matter("新建县第六小学教学楼", "1栋24个班", "通过竣工验收，秋季学期启用", "民生保障", "竣工验收备案表", ("主体封顶", "装修完成")),),
    "103": (Matter("为中小企业办理技改备案", "60家", "材料齐全的3个工作日办结", "营商环境", "备案清单"),),
    "104": (Matter("居民身份证办理提速", "全县23个户籍窗口", "受理后15个工作日内发证", "政务服务", "发证台账"),),
    "105": (Matter("发放高龄津贴", "80岁以上老人6200人", "每季度首月10日前发到卡", "民生保障", "银行代发回单"),),
    "107": (Matter("清偿拖欠中小企业工程款", "3家420万元", "全部付到合同约定账户", "营商环境", "付款凭证", ("付清第一家", "付清第二家")),),
    "108": (Matter("开展职业技能培训", "1500人次", "考核合格率不低于85%", "民生保障", "培训花名册和证书编号"),),
    "109": (Matter("不动产登记一窗办理", "5类业务", "当场受理，3个工作日发证", "政务服务", "办件台账"),),
    "110": (Matter("整治黑臭水体", "2处3.6公里", "透明度、溶解氧连续6个月达标", "民生保障", "第三方监测报告", ("清淤完成", "截污完成")),),
    "111": (Matter("改造老旧小区", "4个小区860户", "外墙、雨污分流、加装充电桩全部完工", "工程建设", "竣工验收单", ("开工", "主体完工")),
            Matter("办理房产证“历史遗留问题”", "2个楼盘312户", "符合条件的全部发证", "民生保障", "发证清单")),
    "112": (Matter("修好柳溪村到县道的路面", "3.2公里", "沥青路面宽5米，两侧有排水沟", "工程建设", "竣工验收单和照片", ("路基完成", "路面完成")),
            Matter("新增城乡公交线路", "2条18个站点", "早晚高峰20分钟一班", "民生保障", "线路批复和时刻表")),
    "113": (Matter("农村饮水管网更新", "7个村11公里", "水质26项检测合格", "民生保障", "水质检测报告", ("材料进场", "铺设完成")),),
    "114": (Matter("建成高标准农田", "1.2万亩", "田间道路、机井、电力配套", "工程建设", "验收意见书", ("机井完成",)),),
    "115": (Matter("兑现招商引资物流补贴", "5家企业86万元", "按协议足额拨付", "营商环境", "拨付凭证"),),
    "116": (Matter("送文化下乡演出", "120场", "每个行政村不少于1场", "民生保障", "演出签收单"),),
    "117": (Matter("乡镇卫生院增设儿科夜间门诊", "4家", "每晚至22点有医师值班", "民生保障", "排班表和门诊量"),),
    "119": (Matter("加油站安全检查全覆盖", "31座", "隐患整改率100%", "依法行政", "检查和复查记录"),),
    "121": (Matter("食品抽检信息按周公布", "每批不少于4个食品大类", "每周五17点前上网", "政务公开", "公布网页"),
            Matter("企业开办一日办结", "全部5个环节", "材料齐全当日领照", "营商环境", "办件台账")),
    "122": (Matter("统计数据发布后公布口径说明", "12期月报", "与数据同时发布", "政务公开", "发布网页"),),
    "123": (Matter("医保报销提速", "4类手工报销", "20个工作日内到账", "政务服务", "拨付台账"),),
    "124": (Matter("新增便民停车泊位", "350个", "划线、编号并对外免费开放", "民生保障", "泊位清单和照片", ("选址公示",)),),
    "125": (Matter("取消没有依据的证明", "17项", "清单公布，窗口不再收取", "政务服务", "清单和窗口抽查记录"),
            Matter("“跨省通办”窗口开办", "58项", "全部线上受理", "政务服务", "办件台账")),
}  # fmt: skip
"""The last three figures of a department's code → what it promised."""

TOWN: tuple[tuple[str, str, str, str, str], ...] = (
    ("就业", "组织村级招聘会", "6场", "每场不少于15家企业", "招聘会签到表"),
    ("养老", "建成村级日间照料中心", "2处", "有床位、有餐食、有专人", "验收单和照片"),
    ("出行", "硬化入户道路", "4.5公里", "水泥路面厚15厘米", "验收单和照片"),
    ("便民服务", "便民服务站延时服务", "每周六上午，代办20项", "在岗不少于2人，代办事项上墙公布", "值班表和代办台账"),
    ("助残", "为残疾人家庭做无障碍改造", "18户", "按一户一策逐户验收", "逐户验收表"),
    ("防火防盗", "更换老旧消防器材和路灯", "器材60套、路灯120盏", "逐村安装并点亮", "安装清单和照片"),
    ("住房", "改造农村危房", "11户", "住建部门鉴定达到B级以上", "鉴定报告"),
)

PROJECTS: tuple[tuple[str, str, str, str, str, int], ...] = (
    ("102", "新建、改扩建公办幼儿园", "5所1350个学位", "秋季学期全部投用", "民生保障", 3200),
    ("117", "为适龄妇女免费筛查“两癌”", "1.8万人", "筛查、告知、随访三到位", "民生保障", 260),
    ("112", "改造农村公路危桥", "9座", "全部通过交工验收", "工程建设", 1850),
    ("105", "建设农村养老服务设施", "32处", "有人管、有饭吃、有活动", "民生保障", 640),
    ("113", "城乡供水一体化管网", "4个乡镇126公里", "24小时供水，水质达标", "工程建设", 5400),
    ("111", "加装既有住宅电梯", "46部", "取得使用登记证", "工程建设", 1380),
    ("108", "城镇新增就业", "7200人", "其中困难人员再就业460人", "民生保障", 900),
    ("110", "农村生活污水治理", "28个村", "出水水质抽检合格", "民生保障", 2100),
    ("124", "新建口袋公园", "6处", "有座椅、有照明、有无障碍通道", "民生保障", 480),
    ("121", "农贸市场改造提升", "3个", "明码标价、快检公示、干净有序", "民生保障", 720),
)


def offices_of(organ: OrganCard) -> tuple[str, str, str]:
    """The titles of an organ's head, of the deputy, and of the one who answers for what the organ promises."""
    if organ.type in ("town", "subdistrict"):
        head = "主任" if organ.type == "subdistrict" else f"{organ.short[-1]}长"
        return head, f"副{head}", f"副{head}"
    head = "主任" if organ.short.endswith(("委", "办")) else "大队长" if organ.short.endswith("大队") else "局长"
    return head, f"副{head}", "业务科科长"


class Given(Struct, frozen=True):
    """Rows that somebody sends on a day."""

    at: datetime
    organ: str
    kind: str
    rows: tuple[Row, ...]
    release_at: datetime


@dataclass
class Promises:
    """Everything promised in the year, drawn by lot, with what became of it."""

    organs: tuple[OrganCard, ...]
    calendar: Calendar
    first: date
    now: datetime
    lot: Random = field(default_factory=lambda: Random(20260302))  # noqa: S311 - a demonstration, no secret

    def __post_init__(self) -> None:
        self.by_code = {organ.code: organ for organ in self.organs}
        self.acts: list[Act] = []

    def given(self) -> list[Given]:
        """What is sent in; `acts` holds what becomes of it, in no order."""
        found: list[Given] = []
        for organ in self.organs:
            for number, matter in enumerate(DEPARTMENTS.get(organ.code[-3:], ()) if "-" in organ.code else (), start=1):
                found += self._commitment(organ, number, matter)
            if organ.type in ("town", "subdistrict"):
                found += self._town(organ)
        found += self._projects()
        return [one for one in found if one.at <= self.now]

    def moment(self, day: date, hour: int = 10) -> datetime:
        """Some time of the first working day from a day on."""
        while not self.calendar.is_workday(day):
            day += timedelta(days=1)
        return datetime.combine(day, time(hour, self.lot.randrange(60)), SHANGHAI)

    def spell(self, *, soonest: int = 60, longest: int = 300) -> tuple[date, date]:
        """The day something is promised and the day it is promised for."""
        made = self.moment(self.first + timedelta(days=self.lot.randrange(3, 150))).date()
        return made, made + timedelta(days=self.lot.randrange(soonest, longest))

    def _sent(self, organ: str, kind: str, rows: Sequence[Row], made: date) -> Given:
        at = self.moment(made, 9)
        return Given(at, organ, kind, tuple(rows), self.moment(made, 15))

    # -- commitments -------------------------------------------------------------------------------------------------

    def _commitment(self, organ: OrganCard, number: int, matter: Matter) -> Iterator[Given]:
        made, due = self.spell(longest=280)
        name = f"{made.year}-承-{organ.code[-3:]}-{number}"
        row = {
            "number": name, "title": matter.title, "promisor": "单位", "office": offices_of(organ)[2], "field": matter.field,
            "quality": matter.quality, "measure": matter.measure, "due_on": due.isoformat(),
            "guarantee": "经费列入年度预算，科长负责，每月在单位公示栏公布进度", "beneficiary": "全县群众和企业",
            "shown_by": matter.shown_by, "made_on": made.isoformat(), "source": f"{organ.short}{made.year}年度公开承诺书",
            "organ": organ.name, "organ_code": organ.uscc, "remark": MARK,
        }  # fmt: skip
        yield self._sent(organ.code, "commitment", [row], made)
        yield from self._life(organ.code, name, made, due, LEAD, matter.parts)

    def _town(self, organ: OrganCard) -> Iterator[Given]:
        for number, (field_, title, measure, quality, shown) in enumerate(self.lot.sample(TOWN, 4), start=1):
            made, due = self.spell(longest=290)
            name = f"{made.year}-乡-{organ.code[-3:]}-{number}"
            row = {
                "number": name, "title": title, "field": field_, "measure": measure, "quality": quality, "made_on": made.isoformat(),
                "due_on": due.isoformat(), "office": offices_of(organ)[2], "guarantee": "纳入年度预算，村务公开栏按月公布", "beneficiary": f"{organ.short}群众",
                "shown_by": shown, "organ": organ.name, "organ_code": organ.uscc, "remark": MARK,
            }  # fmt: skip
            yield self._sent(organ.code, "town_commitment", [row], made)
            yield from self._life(organ.code, name, made, due, LEAD, ())

    def _projects(self) -> Iterator[Given]:
        made = self.moment(self.first + timedelta(days=70)).date()
        for number, (code, title, measure, quality, field_, amount) in enumerate(PROJECTS, start=1):
            organ, due = self.by_code[f"419926-{code}"], made + timedelta(days=self.lot.randrange(150, 290))
            name = f"{made.year}-实-{number:02}"
            row = {
                "number": name, "title": title, "level": "县", "field": field_, "measure": measure, "quality": quality,
                "made_on": made.isoformat(), "due_on": due.isoformat(), "office": offices_of(organ)[0], "beneficiary": "全县群众",
                "amount": str(amount), "document": f"青政〔{made.year}〕9号（虚构）", "shown_by": "验收单、花名册和照片", "organ": organ.name,
                "organ_code": organ.uscc, "confirmer": self.by_code[GOVERNMENT].name, "remark": MARK,
            }  # fmt: skip
            yield self._sent(GOVERNMENT, "livelihood_project", [row], made)
            yield from self._life(organ.code, name, made, due, GOVERNMENT, ("方案批复", "完成过半"))

    # -- what became of them -----------------------------------------------------------------------------------------

    def _life(
        self, organ: str, number: str, made: date, due: date, confirmer: str, parts: Sequence[str]
    ) -> Iterator[Given]:
        rows = self._milestones(organ, number, made, due, parts)
        if rows:
            yield self._sent(organ, "milestone", rows, made + timedelta(days=1))
        first_due = due
        if self.lot.random() < 0.14:
            due = due + timedelta(days=self.lot.randrange(20, 75))
            at = self.moment(made + (first_due - made) * 0.6, 11)
            self._plan(Act(at, organ, number, "amend", organ, due, RAIN))
        last = self._kept_parts(organ, rows, confirmer)
        share = self.lot.random()
        if share < 0.08 or last is None:
            return
        late = self.lot.randrange(3, 30) if share < 0.18 else -self.lot.randrange(1, 25)
        self._kept(organ, number, max(due + timedelta(days=late), last + timedelta(days=3)), confirmer)

    def _milestones(self, organ: str, number: str, made: date, due: date, parts: Sequence[str]) -> list[Row]:
        step = (due - made) / (len(parts) + 1)
        sent = made + timedelta(days=1)
        return [
            {
                "parent": number, "number": f"{number}-{at}", "title": title, "shown_by": "监理签认单和照片", "made_on": sent.isoformat(),
                "due_on": (made + step * at).isoformat(), "organ": self.by_code[organ].name, "remark": MARK,
            }
            for at, title in enumerate(parts, start=1)
        ]  # fmt: skip

    def _kept_parts(self, organ: str, rows: Sequence[Row], confirmer: str) -> date | None:
        """The day the last milestone was reached; None where one never was."""
        last = self.first
        for row in rows:
            due = date.fromisoformat(row["due_on"])
            if self.lot.random() < 0.06:
                return None
            last = max(
                due + timedelta(days=self.lot.randrange(-12, 4)), date.fromisoformat(row["made_on"]) + timedelta(days=3)
            )
            last = self._kept(organ, row["number"], last, confirmer)
        return last

    def _kept(self, organ: str, number: str, done: date, confirmer: str) -> date:
        """Sent in a day or two after it was done, now and then sent back first, confirmed within the week."""
        sent = self.moment(done + timedelta(days=self.lot.randrange(2)), 16)
        self._plan(Act(sent, organ, number, "submit", organ, min(done, sent.date())))
        seen = self.moment(sent.date() + timedelta(days=self.lot.randrange(1, 6)), 14)
        if self.lot.random() < 0.08:
            self._plan(Act(seen, organ, number, "send_back", confirmer))
            again = self.moment(seen.date() + timedelta(days=3), 10)
            self._plan(Act(again, organ, number, "submit", organ, again.date()))
            seen = self.moment(again.date() + timedelta(days=2), 15)
        self._plan(Act(seen, organ, number, "confirm", confirmer))
        if self.lot.random() < 0.3:
            for days in range(self.lot.randrange(1, 5)):
                verb = "dispute" if self.lot.random() < 0.15 else "agree"
                self._plan(Act(self.moment(seen.date() + timedelta(days=3 + days), 20), organ, number, verb, ""))  # type: ignore[arg-type]
        return seen.date()

    def _plan(self, one: Act) -> None:
        if one.at <= self.now:
            self.acts.append(one)
