"""What people of the made-up county complained of this year: how each was routed, answered, and judged by who made it."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, time, timedelta

from msgspec import Struct

from jiannuo.access.rules import Actor
from jiannuo.cases import actions
from jiannuo.cases.actions import Given
from jiannuo.cases.rules import Taker
from jiannuo.kernel.clock import SHANGHAI

CITIZEN = Taker(holds_receipt=True)
OFFICE = "青禾县人民政府办公室"
Step = tuple[datetime, Callable[[datetime], None]]


class Said(Struct, frozen=True):
    """One complaint: how many days ago, of what, about whom, in which words, and how far it came."""

    days_ago: int
    category: str
    against: str
    content: str
    disclosure: str
    course: str
    """`new`, `routed`, `answered`, `solved`, `unsolved`, `refused`."""


SAID = (
    Said(210, "承诺没有兑现", "青禾县交通运输局", "去年说好的两条城乡公交线路还没有开，站牌也没有立（演示）", "公开", "solved"),
    Said(168, "办事拖延、推诿、多次要材料", "柳溪镇人民政府", "办残疾人补贴跑了三趟，每次要的材料都不一样（演示）", "保密", "solved"),
    Said(120, "该公开的没有公开", "青禾县教育体育局", "学位划片的调整说明网上找不到（演示）", "匿名", "silent"),
    Said(96, "合同协议没有履行、拖欠账款", "青禾县水利局", "管网更新的材料款验收三个月了还没有付（演示）", "保密", "unsolved"),
    Said(60, "许可、处罚不公", "青禾县市场监督管理局", "同样的问题，两家店处理不一样，请说明依据（演示）", "公开", "answered"),
    Said(40, "其他", "", "希望县里把路灯修一修，不知道归谁管（演示）", "匿名", "refused"),
    Said(22, "承诺没有兑现", "青禾县住房和城乡建设局", "小区改造说国庆前完工，楼道灯还没有装（演示）", "保密", "routed"),
    Said(9, "办事拖延、推诿、多次要材料", "青禾县自然资源局", "不动产登记窗口当天没有受理，也没有说缺什么（演示）", "公开", "routed"),
    Said(2, "该公开的没有公开", "青禾县财政局", "想看今年的部门预算，网站上打不开（演示）", "匿名", "new"),
)  # fmt: skip
COURSES: Mapping[str, tuple[tuple[int, str, str], ...]] = {
    "new": (),
    "routed": ((2, "route", "已经受理，请承办单位核实情况并在期限内答复"),),
    "answered": ((3, "route", "已经受理，请承办单位核实情况并在期限内答复"), (21, "answer", "到现场核实过，依据和办理情况已经说明，并公布在窗口")),
    "silent": ((3, "route", "已经受理，请承办单位核实情况并在期限内答复"), (18, "answer", "说明已经补发在网站“政策解读”栏目，感谢提醒")),
    "solved": (
        (2, "route", "已经受理，请承办单位核实情况并在期限内答复"),
        (25, "answer", "情况属实，已经整改，请您到现场看一看"),
        (33, "agree", "看过了，已经解决"),
    ),
    "unsolved": (
        (2, "route", "已经受理，请承办单位核实情况并在期限内答复"),
        (20, "answer", "正在办理拨付手续"),
        (26, "disagree", "钱还是没有到账，请催一催"),
        (45, "review", "已督促按合同付清，拨付凭证附后；今后按月核对"),
    ),
    "refused": ((3, "refuse", "路灯由县城市管理局负责，请拨打其服务电话；我们已把您的建议转给它"),),
}  # fmt: skip


class Complaints(Struct, frozen=True):
    """The complaints as things to be done at moments of the year."""

    now: datetime
    lead: Actor
    office: Actor

    def steps(self) -> Iterator[Step]:
        """Each complaint made, and what was done about it until today."""
        for number, one in enumerate(SAID):
            made: dict[str, int] = {}
            day = self.now.date() - timedelta(days=one.days_ago)
            at = datetime.combine(day, time(9 + number % 8, 20), SHANGHAI)
            yield at, lambda at, one=one, made=made, number=number: made.update(case=self._open(one, number, at))  # type: ignore[misc]
            for after, step, words in COURSES[one.course]:
                when = at + timedelta(days=after)
                if when < self.now:
                    yield when, lambda at, made=made, step=step, words=words: self._take(made["case"], step, words, at)  # type: ignore[misc]

    def _open(self, one: Said, number: int, at: datetime) -> int:
        fields = {
            "category": one.category,
            "against": one.against,
            "content": one.content,
            "disclosure": one.disclosure,
        }
        if one.disclosure != "匿名":
            fields |= {"name": f"演示用户{number + 1}"}
        opened = actions.open_case(
            "complaint", fields=fields, taker=CITIZEN, on=at.date(), at=at, token=f"demonstration-{number}"
        )
        return opened.case_id

    def _take(self, case_id: int, step: str, words: str, at: datetime) -> None:
        taker = {"answer": Taker(self.office), "agree": CITIZEN, "disagree": CITIZEN}.get(step, Taker(self.lead))
        organs = [OFFICE] if step == "route" else []
        actions.take(case_id, step=step, given=Given(words, organs=organs), taker=taker, on=at.date(), at=at)
