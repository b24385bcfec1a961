"""Major decisions the made-up county prepared this year: one decided, one under review, one open to opinions today, one stopped."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from msgspec import Struct

from jiannuo.cases import actions, queries
from jiannuo.cases.actions import Given
from jiannuo.cases.rules import Taker
from jiannuo.cli.demo.accounts import Staff
from jiannuo.cli.demo.complaints import CITIZEN, Step
from jiannuo.cli.demo.keeping import picture
from jiannuo.cli.demo.officials import Official
from jiannuo.disclosure import actions as disclosure
from jiannuo.duties import actions as duties
from jiannuo.duties.actions import Upload
from jiannuo.kernel.clock import SHANGHAI
from jiannuo.ledger import queries as ledger
from jiannuo.subjects import actions as register
from jiannuo.subjects.rules import OrganCard

LEAD, GOVERNMENT, LEGAL, DISCIPLINE = "419926-101", "419926-002", "419926-106", "419926-404"
OFFICIALS: Mapping[str, tuple[str, str, str]] = {
    DISCIPLINE: ("QH-4041", "苏怀谨", "党风政风室主任"),
    GOVERNMENT: ("QH-0021", "韩照野", "办公室主任"),
}
"""Who signs for the organs that report nothing and so have nobody registered."""
POLICY = "公共服务、市场监管、社会管理、环境保护等公共政策和措施"
WORDS: Mapping[str, str] = {
    "announce": "草案和说明全文附后；会影响到的居民、商户和单位都可以提意见（演示）",
    "answer": "您的意见已经研究，采纳情况见公开的结果（演示）",
    "participate": "每一条意见都已答复，采纳的写进了草案，没有采纳的说明了理由（演示）",
    "argue": "请两位专家论证，提出的意见已经吸收（演示）",
    "assess": "听了街道、社区和商户的意见，风险可控（演示）",
    "review": "审查了草案、依据和征求意见的情况，提出两条文字意见，已经采纳（演示）",
    "clear": "评估了定标准、签协议、用资金三个环节（演示）",
    "decide": "会议逐条讨论，有一位组成人员保留不同意见，已经如实记录（演示）",
    "stop": "省里的统一办法已经在起草，本县不再单独制定（演示）",
}
FACTS: Mapping[str, Mapping[str, str]] = {
    "argue": {"experts": "演示专家甲、演示专家乙", "number_of": "2", "conclusion": "必要、可行，建议分步实施"},
    "assess": {"level": "低风险", "conclusion": "已有公示、申诉和应急办法"},
    "review": {"conclusion": "合法", "opinion": "权限、程序、内容合法"},
    "clear": {"conclusion": "没有发现利益输送和权力寻租的漏洞"},
}
PARTS: Mapping[str, tuple[tuple[str, str, str, str], ...]] = {
    "participate": (("drafter", "业务科科长", "经办", "不表决"),),
    "argue": (("drafter", "业务科科长", "论证", "同意"),),
    "assess": (("drafter", "业务科科长", "评估", "同意"),),
    "review": (("legal", "法制科科长", "审查", "同意"),),
    "clear": (("discipline", "党风政风室主任", "评估", "同意"),),
    "decide": (
        ("government", "县政府办公室主任", "主持", "同意"),
        ("drafter", "局长", "表决", "同意"),
        ("legal", "司法局局长", "表决", "不同意，收费标准偏高，建议再降（演示）"),
    ),
}
"""Who took part in a gate: whose official, in which post, how, with what opinion."""
Opinion = tuple[str, str, str, str]
"""What somebody thinks, the organ's gist of it, what becomes of it, and why."""
PARKING: tuple[Opinion, ...] = (
    ("夜里收费的话，老小区没有车位的住户没有地方停", "夜间不应收费，老小区没有车位", "采纳", "改为晚上九点以后免费"),
    ("免费时间太短，接送孩子来不及", "免费时间太短", "部分采纳", "由十五分钟改为三十分钟"),
    ("都不要收费，财政出钱", "一律免费", "没有采纳", "不收费周转不起来，沿街商户反映没有地方停"),
)
SCHOOLS: tuple[Opinion, ...] = (
    ("孩子过马路要绕一个大弯，请按走的路算", "按步行距离而不是直线距离划片", "采纳", "重新按步行路线量过"),
    ("已经上学的孩子不要再换学校", "在校学生不转学", "采纳", "只从今年的一年级开始"),
    ("所有学校都随便选", "取消划片", "没有采纳", "义务教育法规定就近入学"),
)
CLINICS: tuple[Opinion, ...] = (
    ("周六上午人最多，希望早点开门", "", "", ""),
    ("希望有儿科", "", "", ""),
    ("能不能用医保卡", "", "", ""),
)
LIFTS: tuple[Opinion, ...] = (
    ("一楼不用电梯，不该分摊", "一楼不分摊", "采纳", "已经按楼层定系数"),
    ("补助太少，起不了作用", "提高补助", "没有采纳", "省里的统一办法已经在起草"),
)
SURVEY = (("赞成", "赞成", "保密"), ("不赞成", "赞成", "匿名"), ("赞成", "说不清", "公开"))


class Prepared(Struct, frozen=True):
    """One decision: which organ drafts it, how many days ago, what it is, and each further step so many days after the first."""

    drafter: str
    days_ago: int
    title: str
    why: str
    survey: tuple[str, str]
    opinions: tuple[Opinion, ...]
    course: tuple[tuple[int, str], ...]
    document: str = ""


DECISIONS = (
    Prepared(
        "419926-124", 200, "青禾县城区道路停车收费办法", "城区停车位紧张，拟在六条主要道路分时段收费",
        ("您赞成前三十分钟免费吗？", "您赞成夜间免费吗？"), PARKING,
        ((1, "announce"), (36, "answers"), (43, "participate"), (47, "argue"), (55, "assess"), (68, "review"), (75, "clear"),
         (83, "decide"), (88, "release")),
        document="青政〔2026〕21号",
    ),
    Prepared(
        "419926-102", 75, "青禾县城区义务教育学位调整方案", "新建两所小学今年投用，原来的划片不再适用，拟重新划定",
        ("您赞成按步行距离划片吗？", "您赞成新学校先试行一年吗？"), SCHOOLS,
        ((1, "announce"), (36, "answers"), (43, "participate"), (47, "argue"), (55, "assess")),
    ),
    Prepared(
        "419926-117", 12, "青禾县乡镇卫生院周末门诊实施方案", "群众反映周末看病要跑县城，拟在八个乡镇卫生院开周末门诊",
        ("您赞成周末开门诊吗？", "您愿意周末去乡镇卫生院看病吗？"), CLINICS, ((1, "announce"),),
    ),
    Prepared(
        "419926-111", 150, "青禾县既有住宅加装电梯补助办法", "老旧小区加装电梯，各户分摊没有标准，拟由县里补助",
        ("您赞成按楼层分摊吗？", "您赞成县里补助吗？"), LIFTS, ((1, "announce"), (36, "answers"), (45, "stop")),
    ),
)  # fmt: skip


@dataclass
class Preparing:
    """The decisions as things to be done at moments of the year."""

    now: datetime
    staff: Mapping[str, Staff]
    heads: Mapping[str, Official]
    organs: Mapping[str, OrganCard]
    cases: dict[str, int] = field(default_factory=dict)

    def steps(self) -> Iterator[Step]:
        """Each decision opened, and what was done about it until today."""
        yield self.now - timedelta(days=DECISIONS[0].days_ago, hours=9), self._register
        for one in DECISIONS:
            at = datetime.combine(self.now.date() - timedelta(days=one.days_ago), time(9, 40), SHANGHAI)
            yield at, self._doing(one, "open")
            for number in range(len(one.opinions)):
                when = at + timedelta(days=3 + 2 * number)
                if when < self.now:
                    yield when, self._doing(one, "opinion", number)
            for after, step in one.course:
                when = at + timedelta(days=after)
                if when < self.now:
                    yield when, self._doing(one, step)

    def _doing(self, one: Prepared, step: str, number: int = 0) -> Callable[[datetime], None]:
        special = {"answers": self._answers, "release": self._release, "open": self._open}
        if step == "opinion":
            return lambda at: self._opine(one, number, at)
        if step in special:
            return lambda at: special[step](one, at)
        return lambda at: self._take(one, step, at)

    def _open(self, one: Prepared, at: datetime) -> None:
        fields = {"title": one.title, "field": POLICY, "basis": "青政〔2026〕6号（演示）", "why": f"{one.why}（演示）"}
        opened = actions.open_case(
            "major_decision", fields=fields, taker=Taker(self.staff[one.drafter].clerk), on=at.date(), at=at,
            token=f"demonstration-{one.title}", files=[_file(one, "决策草案")],
        )  # fmt: skip
        self.cases[one.title] = opened.case_id

    def _opine(self, one: Prepared, number: int, at: datetime) -> None:
        first, second, disclosure_ = SURVEY[number]
        fields = {
            "content": f"{one.opinions[number][0]}（演示）",
            "answer_1": first,
            "answer_2": second,
            "disclosure": disclosure_,
        }
        if disclosure_ != "匿名":
            fields |= {"name": f"演示居民{number + 1}"}
        actions.open_case(
            "decision_opinion", fields=fields, taker=CITIZEN, on=at.date(), at=at, under=self.cases[one.title],
            token=f"demonstration-{one.title}-{number}",
        )  # fmt: skip

    def _answers(self, one: Prepared, at: datetime) -> None:
        card = queries.case(self.cases[one.title], as_of=at.date())
        opinions = queries.parts(card, as_of=at.date()) if card else []
        for opinion, (_, gist, outcome, reason) in zip(opinions, one.opinions, strict=True):
            fields = {"gist": gist, "outcome": outcome, "reason": f"{reason}（演示）"}
            given = Given(WORDS["answer"], fields=fields)
            taker = Taker(self.staff[one.drafter].clerk)
            actions.take(opinion.id, step="answer", given=given, taker=taker, on=at.date(), at=at)

    def _take(self, one: Prepared, step: str, at: datetime) -> None:
        own = self.staff[one.drafter]
        organ = {"review": LEGAL, "clear": DISCIPLINE, "decide": GOVERNMENT}.get(step)
        actor = self.staff[organ].reviewer if organ else own.reviewer if step in ("participate", "stop") else own.clerk
        facts = dict(FACTS.get(step, {}))
        if step == "announce":
            facts = {"notice": f"就《{one.title}》草案向社会公开征求意见（演示）"}
            facts |= {"question_1": one.survey[0], "question_2": one.survey[1]}
        if step == "decide":
            facts = {
                "document": one.document, "decided_on": at.date().isoformat(), "meeting": "县政府第41次常务会议（演示）",
                "against_most": "否", "content": "六条道路分时段收费，前三十分钟免费，晚上九点以后免费（演示）",
            }  # fmt: skip
        given = Given(WORDS[step], [_file(one, step)], facts, lines=self._lines(one, step))
        actions.take(self.cases[one.title], step=step, given=given, taker=Taker(actor), on=at.date(), at=at)

    def _lines(self, one: Prepared, step: str) -> str:
        organs = {"drafter": one.drafter, "legal": LEGAL, "discipline": DISCIPLINE, "government": GOVERNMENT}
        codes = {who: OFFICIALS[own][0] if own in OFFICIALS else self.heads[own].code for who, own in organs.items()}
        return "\n".join(f"{codes[who]}，{post}，{part}，{said}" for who, post, part, said in PARTS.get(step, ()))

    def _register(self, at: datetime) -> None:
        day = at.date() - timedelta(days=400)
        for organ, (code, name, title) in OFFICIALS.items():
            register.appoint(code=code, name=name, organ=self.organs[organ], title=title, on=day, at=at, by="personnel")

    def _release(self, one: Prepared, at: datetime) -> None:
        """The resolution made public by the lead office's people."""
        duties.follow(opened_at=at, limit=100_000)
        entries = ledger.cards(ledger.facts().filter(kind="decision_resolution", number=one.document))
        disclosure.release(
            entry_ids=[entry.id for entry in entries], actor=self.staff[LEAD].reviewer, on=at.date(), at=at, basis="应当主动公开的决策",
            reason="已核对决策文件",
        )  # fmt: skip


NAMES = {
    "announce": "决策草案", "participate": "意见征集情况报告", "argue": "专家论证报告", "assess": "风险评估报告",
    "review": "合法性审查意见书", "clear": "廉洁性评估意见", "decide": "决策文件", "stop": "终止说明",
}  # fmt: skip


def _file(one: Prepared, step: str) -> Upload:
    name = NAMES.get(step, step)
    return Upload(f"{name}（演示）.png", picture(f"{one.title}{name}"))
