"""What firms of the made-up county were owed this year: one paid by instalments, one found in breach, one untrue, one unlawful, one just come."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from msgspec import Struct

from jiannuo.cases import actions, queries
from jiannuo.cases.actions import Given, Opened
from jiannuo.cases.rules import RECEIPT, Taker
from jiannuo.cli.demo.accounts import People
from jiannuo.cli.demo.complaints import CITIZEN, OFFICE, Step
from jiannuo.cli.demo.keeping import picture
from jiannuo.cli.demo.people import uscc
from jiannuo.disclosure import actions as disclosure
from jiannuo.duties import actions as duties
from jiannuo.duties.actions import Upload
from jiannuo.kernel.clock import SHANGHAI
from jiannuo.policy import pack as policy
from jiannuo.subjects.queries import Directory, OrganCard

FINANCE = "青禾县财政局"


class Act(Struct, frozen=True):
    """One step, so many days after the case came: by whom, in which words, with which fields."""

    after: int
    step: str
    by: str
    words: str = ""
    fields: Mapping[str, str] = {}
    organs: tuple[str, ...] = ()
    days: Mapping[str, int] = {}
    """Fields that are days, so many after the case came."""
    child: str = ""
    """The procedure of the case that this one opened, where the step is taken in that."""


class Owed(Struct, frozen=True):
    """One contract not kept: how many days ago the firm said so, of whom, in which field, how much."""

    days_ago: int
    against: str
    field: str
    owed: str
    firm: str
    content: str
    acts: tuple[Act, ...] = ()


URGE = Act(12, "urge", "reviewer", "验收单和催款函都在案，欠款属实，请在三十日以内付清或者达成协议（演示）")
INSTRUMENT = {
    "title": "合同价款到期没有支付，督促以后拒不整改（演示）", "authority": OFFICE, "upheld": "否",
    "facts": "合同约定的价款到期没有支付，核实属实，督促以后仍然没有支付（演示）",
}  # fmt: skip
OWED = (
    Owed(
        150, "青禾县水利局", "政府采购", "128000.00", "管材", "管网更新的管材已经验收，催了四次，都说等资金安排（演示）",
        (
            URGE,
            Act(14, "ask_bodies", "clerk", "请财政局安排资金，请水利局办结算（演示）", organs=(FINANCE, "青禾县水利局")),
            Act(16, "answer", FINANCE, "两期都已列入支付计划（演示）", child="part"),
            Act(17, "answer", "debtor", "结算已经核对无误（演示）", child="part"),
            Act(20, "conclude", "clerk", "分两期付清，逾期部分按规定付息（演示）", {"number": "青协〔2026〕3号", "sum": "128000.00", "organ_signer": "分管副局长", "firm_signer": "经理"}, days={"signed_on": 19}),
            Act(20, "instalment", "clerk", "", {"number": "青协〔2026〕3号-1", "title": "支付第1期管材款（演示）", "amount": "64000.00", "shown_by": "国库支付凭证"}, days={"due_on": 60}),
            Act(20, "instalment", "clerk", "", {"number": "青协〔2026〕3号-2", "title": "支付第2期管材款（演示）", "amount": "64000.00", "shown_by": "国库支付凭证"}, days={"due_on": 175}),
        ),
    ),
    Owed(
        120, "青禾县住房和城乡建设局", "政府投资", "356000.00", "园林", "绿化工程竣工验收四个月，尾款一直没有支付（演示）",
        (
            URGE,
            Act(30, "decline", "debtor", "负责这个项目的科室已经撤销，经办人也调走了（演示）"),
            Act(33, "confirm", "reviewer", "机构调整、人员变动不能作为不履行的理由，拒不整改，启动认定（演示）", {**INSTRUMENT, "instrument": "青政办核〔2026〕5号"}, days={"instrument_on": 12, "instrument_served_on": 13, "final_on": 13}),
            Act(35, "tell", "clerk", "拟认定违约失信，可以在五个工作日内陈述申辩（演示）", child="determination"),
            Act(38, "plead", "debtor", "资金确有困难，请从轻（演示）", child="determination"),
            Act(50, "decide", "reviewer", "陈述的理由不成立，认定违约失信（演示）", {"document": "青政办认〔2026〕2号", "level": "一般", "basis": "发改财金〔2023〕1103号"}, days={"decided_on": 50}, child="determination"),
            Act(52, "serve", "clerk", "直接送达，并写入记录（演示）", {"served_how": "直接送达"}, days={"served_on": 52}, child="determination"),
        ),
    ),
    Owed(
        95, "青禾县交通运输局", "招标投标", "42000.00", "测绘", "测绘成果已经交了，说质量有问题不付款（演示）",
        (Act(20, "untrue", "reviewer", "成果两次验收不合格，整改通知在案，付款条件没有成就；可以依法提起诉讼（演示）"),),
    ),
    Owed(
        70, "青禾县枣林镇人民政府", "招商引资", "", "食品", "当年会议纪要答应的税收返还一直没有兑现（演示）",
        (Act(15, "unlawful", "reviewer", "承诺返还税收违反公平竞争审查条例，不能照办；前期投入依法评估补偿（演示）", {"number": "青司审〔2026〕8号", "reviewer": "青禾县司法局", "law": "公平竞争审查条例第十条", "compensation": "已建的厂房基础按评估价补偿（演示）"}, days={"concluded_on": 14}),),
    ),
    Owed(
        48, "青禾县城市管理局", "政府采购", "19800.00", "环保", "垃圾桶已经全部送到，货款没有付（演示）",
        (URGE, Act(22, "mend", "debtor", "货款和利息已经通过国库支付（演示）"), Act(24, "agree_mended", "firm", "收到了，谢谢督促")),
    ),
    Owed(4, "青禾县教育体育局", "政府采购", "67500.00", "家具", "课桌椅八月底已经验收，货款没有付（演示）"),
)  # fmt: skip


@dataclass
class Breaches:
    """The breaches as things to be done at moments of the year."""

    now: datetime
    people: People
    directory: Directory

    def steps(self) -> Iterator[Step]:
        """Each contract spoken of, and what was done about it until today."""
        for number, one in enumerate(OWED):
            made: dict[str, Opened] = {}
            day = self.now.date() - timedelta(days=one.days_ago)
            at = datetime.combine(day, time(9 + number, 40), SHANGHAI)
            yield at, lambda at, one=one, made=made, number=number: made.update(case=self._open(one, number, at))  # type: ignore[misc]
            for act in one.acts:
                when = datetime.combine(day + timedelta(days=act.after), time(15), SHANGHAI)
                yield when, lambda at, one=one, made=made, act=act, day=day: self._take(one, made["case"], act, day, at)  # type: ignore[misc]
            if one.acts and one.acts[-1].step in ("instalment", "serve"):
                after = datetime.combine(day + timedelta(days=one.acts[-1].after + 2), time(16), SHANGHAI)
                yield after, lambda at, made=made: self._release(made["case"], at)  # type: ignore[misc]
            if one.acts and one.acts[-1].step == "instalment":
                paid = datetime.combine(day + timedelta(days=58), time(16), SHANGHAI)
                yield paid, lambda at, one=one, made=made: self._pay(one, made["case"], at)  # type: ignore[misc]

    def _open(self, one: Owed, number: int, at: datetime) -> Opened:
        signed, delivered = (at.date() - timedelta(days=several) for several in (260, 130))
        fields = {
            "field": one.field, "against": one.against, "contract": f"青采合〔{signed.year}〕{number + 11}号", "signed_on": signed.isoformat(),
            "owed": one.owed, "small": "是", "delivered_on": delivered.isoformat() if one.owed else "", "content": one.content,
            "firm": f"青禾演示{one.firm}有限公司", "firm_code": uscc("91", 990 + number), "contact": "演示联系人",
        }  # fmt: skip
        return actions.open_case(
            "breach", fields=fields, taker=CITIZEN, on=at.date(), at=at, token=f"demonstration-breach-{number}", files=[paper("合同")]
        )  # fmt: skip

    def _take(self, one: Owed, opened: Opened, act: Act, day: date, at: datetime) -> None:
        who = {"debtor": one.against, FINANCE: FINANCE}.get(act.by, OFFICE)
        staff = self.people.staff[self._organ(who).code]
        actor = staff.clerk if act.by in ("clerk", "debtor", FINANCE) else staff.reviewer
        case_id = opened.case_id
        if act.child:
            card = queries.case(case_id, as_of=at.date())
            parts = queries.parts(card, as_of=at.date()) if card else []
            case_id = next(
                part.id
                for part in parts
                if part.flow.id == act.child and (act.child != "part" or part.handler_id == actor.organ_id)
            )
        days = {name: (day + timedelta(days=several)).isoformat() for name, several in act.days.items()}
        given = Given(
            act.words,
            [paper("材料")],
            {**act.fields, **days},
            act.organs,
            f"{case_id}/{act.step}/{act.fields.get('number', '')}",
        )
        taker = CITIZEN if act.by == "firm" else Taker(actor)
        actions.take(case_id, step=act.step, given=given, taker=taker, on=at.date(), at=at)

    def _release(self, opened: Opened, at: datetime) -> None:
        """What the case wrote for everybody to read is released by the lead office."""
        asked = frozenset(one.id for one in policy.current().filters if one.outcome == "ask")
        card = queries.case(opened.case_id, as_of=at.date())
        if card is None:
            return
        promised = [one.record.id for one in queries.promised(queries.steps(card), as_of=at.date())]
        records = [*promised, *([card.record_id] if card.record_id else [])]
        reviewer = self.people.staff[self.directory.lead.code].reviewer
        disclosure.follow(at=at)
        disclosure.release(
            entry_ids=records, actor=reviewer, on=at.date(), at=at, confirmed=asked, basis="应当公开的履约和失信信息", reason="已核对案卷，不含企业名称，可以公示"
        )  # fmt: skip

    def _pay(self, one: Owed, opened: Opened, at: datetime) -> None:
        """The first instalment, paid in time, and confirmed by the firm."""
        card = queries.case(opened.case_id, as_of=at.date())
        first = next(iter(queries.promised(queries.steps(card), as_of=at.date())), None) if card else None
        if first is None:
            return
        clerk = self.people.staff[self._organ(one.against).code].clerk
        duties.submit(
            first.duty.id, done_on=at.date(), words="已经通过国库支付，凭证附后（演示）", files=[paper("付款凭证")], actor=clerk, on=at.date(), at=at
        )  # fmt: skip
        duties.acknowledge(first.duty.id, done=True, words="收到了（演示）", author=RECEIPT, on=at.date(), at=at)

    def _organ(self, name: str) -> OrganCard:
        return next(card for card in self.directory.organs if card.name == name)


def paper(name: str) -> Upload:
    """A paper that shows nothing but that it is one."""
    return Upload(f"{name}（演示）.png", picture(name))
