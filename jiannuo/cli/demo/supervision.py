"""What others ask of the made-up county: deputies' suggestions, proposals, lawsuits, and the leading group's items."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from jiannuo.cli.demo.decisions import MARK, Row
from jiannuo.cli.demo.keeping import Act
from jiannuo.cli.demo.people import person_name
from jiannuo.cli.demo.promises import GOVERNMENT, LEAD, Given, Promises, offices_of
from jiannuo.policy import pack as policy
from jiannuo.subjects.queries import OrganCard

CONGRESS, CONSULTATIVE, JUSTICE, COURT = "419926-407", "419926-408", "419926-106", "419926-405"
ASKED = (
    ("关于增加城区停车位的建议", "124"), ("关于柳溪河沿线治理的建议", "113"), ("关于改善农村教师住宿条件的建议", "102"),
    ("关于开通工业园区公交线路的建议", "112"), ("关于规范校外托管的建议", "102"), ("关于加强农村养老护理员培训的建议", "105"),
    ("关于老旧小区加装电梯的建议", "111"), ("关于农产品冷链物流的建议", "115"), ("关于基层卫生院药品配备的建议", "117"),
    ("关于推广电子营业执照应用的建议", "121"), ("关于秸秆综合利用的建议", "114"), ("关于文物点保护标识的建议", "116"),
    ("关于失业人员技能提升的建议", "108"), ("关于整治电动车充电隐患的建议", "119"), ("关于企业用电报装提速的建议", "103"),
    ("关于公开惠农补贴发放明细的建议", "114"), ("关于压减办事材料的建议", "125"), ("关于严格餐饮油烟治理的建议", "110"),
)  # fmt: skip
FIELDS = ("城建交通", "农业农村", "教育科技", "财贸金融", "社会保障", "生态环境")
OUTCOMES = (
    "驳回诉讼请求", "驳回诉讼请求", "驳回诉讼请求", "驳回诉讼请求", "驳回诉讼请求", "驳回诉讼请求", "驳回起诉", "撤诉", "撤诉", "调解", "撤销", "确认违法", "限期履行",
)  # fmt: skip
SUED = ("109", "121", "104", "111", "108", "110", "112")
TOPICS = ("政务公开", "政务信用信息归集共享", "政务守信践诺机制", "公务员诚信", "失信联合惩戒", "政务诚信考核评价")


@dataclass
class Supervision(Promises):
    """Drawn by the same lot as what the organs promised themselves."""

    def given(self) -> list[Given]:
        """What is sent in; `acts` holds what becomes of it, in no order."""
        self._tasks()
        found = [*self._suggestions(), *self._lawsuits(), *self._documents(), *self._coordinated()]
        return [one for one in found if one.at <= self.now]

    def _suggestions(self) -> Iterator[Given]:
        assigned = self.moment(self.first + timedelta(days=112)).date()
        for at, (title, code) in enumerate(ASKED):
            kind, by = ("suggestion", CONGRESS) if at % 3 else ("proposal", CONSULTATIVE)
            organ, name = self.by_code[f"419926-{code}"], f"{assigned.year}-{at + 1:03}"
            row = {
                "number": name, "title": title.replace("建议", "提案") if kind == "proposal" else title, "content": f"{title}（演示）",
                "field": FIELDS[at % len(FIELDS)], "proposer": person_name(self.lot), "session": f"{assigned.year}年县“两会”（演示）",
                "assigned_on": assigned.isoformat(), "office": "办公室主任", "organ": organ.name, "organ_code": organ.uscc,
                "complex": "是" if at % 7 == 0 else "否", "confirmer": self.by_code[by].name, "remark": MARK,
            }  # fmt: skip
            yield self._sent(by, kind, [row], assigned)
            self._answered(organ, name, assigned, by, complicated=at % 7 == 0)

    def _answered(self, organ: OrganCard, number: str, assigned: date, by: str, *, complicated: bool) -> None:
        if complicated:
            at = self.moment(assigned + timedelta(days=70))
            longer = assigned + timedelta(days=170)
            reason = "涉及多个单位和年度预算，经交办单位同意按六个月办理（演示）"
            self._plan(Act(at, organ.code, number, "amend", organ.code, longer, reason))
        share = self.lot.random()
        if share < 0.06:
            return
        within = (95, 120) if share < 0.14 else (100, 160) if complicated else (35, 88)
        replied = self.moment(assigned + timedelta(days=self.lot.randrange(*within))).date()
        met = replied - timedelta(days=self.lot.randrange(5, 20))
        result = self.lot.choices(("A已解决", "B列入计划", "C留作参考"), weights=(6, 3, 1))[0]
        told = {"met_on": met.isoformat(), "replied_on": replied.isoformat(), "result": result}
        if result == "B列入计划":
            told["planned_by"] = (replied + timedelta(days=240)).isoformat()
        sent = self.moment(replied + timedelta(days=1), 16)
        self._plan(Act(sent, organ.code, number, "submit", organ.code, replied, result=told))
        seen = self.moment(sent.date() + timedelta(days=self.lot.randrange(2, 8)), 15)
        self._plan(Act(seen, organ.code, number, "confirm", by))
        verb = "dispute" if self.lot.random() < 0.12 else "agree"
        self._plan(Act(self.moment(seen.date() + timedelta(days=4), 20), organ.code, number, verb, ""))  # type: ignore[arg-type]

    def _lawsuits(self) -> Iterator[Given]:
        for at in range(26):
            organ = self.by_code[f"419926-{SUED[at % len(SUED)]}"]
            filed = self.first + timedelta(days=self.lot.randrange(5, 330))
            concluded = filed + timedelta(days=self.lot.randrange(50, 170))
            row: Row = {
                "number": f"（{filed.year}）虚26行初{at + 11}号", "stage": "一审", "title": "不服行政行为案（演示）", "cause": "行政行为",
                "field": ("行政处罚", "行政许可", "土地房屋登记", "信息公开", "不履行法定职责")[at % 5], "plaintiff": person_name(self.lot),
                "organ": organ.name, "organ_code": organ.uscc, "court": "青禾县人民法院", "filed_on": filed.isoformat(),
                "confirmer": self.by_code[COURT].name, "remark": MARK,
            }  # fmt: skip
            sent = filed
            if concluded <= self.now.date():
                row, sent = row | self._outcome(organ, row["number"], concluded), concluded
            at_ = self.moment(sent + timedelta(days=2), 9)
            yield Given(at_, COURT, "court_case", (row,), self.moment(at_.date(), 15))

    def _outcome(self, organ: OrganCard, number: str, concluded: date) -> Row:
        outcome = self.lot.choice(OUTCOMES)
        presence = self.lot.choices(("正职负责人", "副职负责人", "负责人未出庭，委托工作人员"), weights=(3, 6, 1))[0]
        row = {"concluded_on": concluded.isoformat(), "outcome": outcome, "appeared": presence}
        if outcome in ("撤销", "确认违法", "限期履行"):
            effective = concluded + timedelta(days=1)
            row |= {
                "effective_on": effective.isoformat(),
                "revealed": "告知听证权利的程序有疏漏，需完善内部审核（演示）",
            }
        if outcome in ("撤销", "限期履行"):
            by = concluded + timedelta(days=60)
            row |= {
                "to_perform": "在期限内重新作出处理决定（演示）",
                "perform_by": by.isoformat(),
                "office": "法制审核科科长",
            }
            done = by - timedelta(days=self.lot.randrange(3, 30))
            sent = self.moment(done, 16)
            self._plan(Act(sent, organ.code, number, "submit", organ.code, done))
            self._plan(Act(self.moment(sent.date() + timedelta(days=4), 15), organ.code, number, "confirm", COURT))
        return row

    def _tasks(self) -> None:
        """The tasks of the annex whose day has come, as those who lead them reported."""
        for task in policy.current().tasks:
            if task.due is not None and task.due < self.now.date():
                to = GOVERNMENT if task.lead[0] == LEAD else LEAD
                self._kept(task.lead[0], f"任务{task.number}", task.due - timedelta(days=12), to)

    def _documents(self) -> Iterator[Given]:
        made = self.moment(self.first + timedelta(days=66)).date()
        for at, topic in enumerate(TOPICS, start=1):
            organ = self.by_code[LEAD]
            due = made + timedelta(days=60 + 45 * at)
            name = f"{made.year}-文-{at}"
            row = {
                "number": name, "title": f"青禾县{topic}办法（演示）", "field": topic, "made_on": made.isoformat(), "due_on": due.isoformat(),
                "office": "信用办主任", "organ": organ.name, "organ_code": organ.uscc, "shown_by": "印发的文件", "remark": MARK,
            }  # fmt: skip
            yield self._sent(LEAD, "normative_document", [row], made)
            if at < 5:
                issued = due - timedelta(days=self.lot.randrange(2, 20))
                told = {"document_number": f"青信办〔{issued.year}〕{at}号", "issued_on": issued.isoformat()}
                sent = self.moment(issued + timedelta(days=1), 16)
                self._plan(Act(sent, LEAD, name, "submit", LEAD, issued, result=told))
                self._plan(Act(self.moment(sent.date() + timedelta(days=3), 15), LEAD, name, "confirm", GOVERNMENT))

    def _coordinated(self) -> Iterator[Given]:
        items = (
            ("统一全县公共信用信息归集口径", "125"),
            ("协调解决停工项目复工手续", "111"),
            ("明确开发区审批权限下放清单", "103"),
        )
        for at, (title, code) in enumerate(items, start=1):
            made, due = self.spell(soonest=80, longest=200)
            organ, name = self.by_code[f"419926-{code}"], f"{made.year}-协-{at}"
            row = {
                "number": name, "title": f"{title}（演示）", "raised_by": "县信用领导小组成员单位", "meeting": "领导小组会议（演示）",
                "quality": "由牵头单位提出方案，会签后印发执行", "made_on": made.isoformat(), "due_on": due.isoformat(), "office": offices_of(organ)[1],
                "organ": organ.name, "organ_code": organ.uscc, "shown_by": "会签件和印发件", "confirmer": self.by_code[LEAD].name, "remark": MARK,
            }  # fmt: skip
            yield self._sent(LEAD, "coordination_item", [row], made)
            if at != 2:
                self._kept(organ.code, name, due - timedelta(days=self.lot.randrange(3, 20)), LEAD)
