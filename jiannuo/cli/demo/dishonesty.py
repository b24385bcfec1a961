"""Records of dishonesty in the made-up year: told, answered, decided, published, objected to, mended and repaired, with their measures."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from msgspec import Struct

from jiannuo.access.rules import Actor
from jiannuo.cases import actions, queries
from jiannuo.cases.actions import Given
from jiannuo.cases.rules import Taker
from jiannuo.cli.demo.accounts import People
from jiannuo.cli.demo.keeping import picture
from jiannuo.cli.demo.officials import Official
from jiannuo.cli.demo.promises import LEAD
from jiannuo.disclosure import actions as disclosure
from jiannuo.duties.actions import Upload
from jiannuo.kernel.clock import SHANGHAI
from jiannuo.ledger import queries as ledger
from jiannuo.measures import tick as laying
from jiannuo.subjects.queries import Directory

BASIS = "国发〔2016〕76号 三（四）"
Step = tuple[datetime, Callable[[datetime], None]]


class Found(Struct, frozen=True):
    """One thing found: how many days ago it was registered, of whom, on which instrument, and how far it came."""

    days_ago: int
    organ: str
    title: str
    source: str
    instrument: str
    authority: str
    facts: str
    level: str
    course: tuple[tuple[int, str], ...]
    """Days after it was registered, and what was done: a step of the determination, or one named in `FOLLOWED` or `OPENS`."""
    official: bool = False


DECIDED = ((1, "tell"), (5, "plead"), (14, "decide"), (16, "serve"), (17, "release"))
FOUND = (
    Found(
        232, "419926-124", "环卫设备采购款逾期没有支付", "司法判决", "（{year}）青9926民终31号", "澄川市中级人民法院",
        "判决支付货款和利息，判决生效以后三个月没有履行（演示，虚构）", "一般",
        (*DECIDED, (24, "explain"), (38, "report"), (45, "accept"), (50, "notice"), (130, "apply"), (133, "take_up"), (138, "repair")),
    ),
    Found(
        96, "419926-113", "公开承诺的灌溉渠道没有修通", "承诺、义务没有履行", "青政督〔{year}〕7号", "青禾县人民政府",
        "承诺春灌以前修通的两条支渠没有修通，督查两次没有整改（演示，虚构）", "一般",
        (*DECIDED, (22, "explain"), (40, "notice"), (93, "object")),
    ),
    Found(
        6, "419926103", "安置房交付承诺没有兑现", "投诉举报查实", "青信核〔{year}〕12号", "青禾县人民政府办公室",
        "公告承诺的交房时间过去半年，没有交付也没有说明（演示，虚构）", "轻微",
        ((1, "tell"),),
    ),
    Found(
        60, "419926-109", "个人公开承诺的接待日多次没有到场", "问责处理", "青问〔{year}〕5号", "青禾县监察委员会",
        "公开承诺的接待日有三次没有到场，也没有改期说明（演示，虚构）", "轻微",
        ((1, "tell"), (4, "plead"), (12, "decide"), (13, "serve_official")), official=True,
    ),
)  # fmt: skip
FOLLOWED: Mapping[str, tuple[str, str, str]] = {
    "explain": ("rectification", "explain", "subject"),
    "report": ("rectification", "report", "subject"),
    "accept": ("rectification", "accept", "second"),
    "notice": ("measure", "carry_out", "lead"),
    "take_up": ("repair", "accept", "lead"),
    "repair": ("repair", "repair", "second"),
}
"""What is done in the cases that followed from a record: the procedure, the step, and whose turn it is."""
OPENS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "object": ("objection", {"wants": "更正", "reason": "两条支渠中有一条已经在认定以前修通，请核对（演示）"}),
    "apply": (
        "repair",
        {"performed": "货款、利息已经全部付清，付款流程已经改为到期自动提醒（演示）", "commitment": "承诺"},
    ),
}
"""What the one a record is about asks for, and in which words."""
WORDS: Mapping[str, str] = {
    "tell": "拟认定政务失信，事实、依据见告知书；五个工作日内可以陈述申辩（演示）",
    "plead": "事实没有意见，已经安排整改，请从轻（演示）",
    "decide": "陈述申辩的情况已经考虑，事实清楚、依据充分，予以认定（演示）",
    "serve": "认定书已经直接送达，由办公室签收（演示）",
    "serve_official": "认定书已经直接送达本人（演示）",
    "explain": "主要是计划不实、督促不力，已经列出整改清单（演示）",
    "report": "款项和利息已经付清，付款凭证附后（演示）",
    "accept": "凭证核对无误，整改完毕（演示）",
    "notice": "已经通知评优评先的主办单位，回执附后（演示）",
    "take_up": "履行证明和承诺书齐全，予以受理（演示）",
    "repair": "义务已经履行完毕，符合修复条件，准予修复（演示）",
}


@dataclass
class Dishonesty:
    """The records as things to be done at moments of the year."""

    now: datetime
    people: People
    directory: Directory
    heads: Mapping[str, Official]
    """By the organ's code."""
    entries: dict[int, int] = field(default_factory=dict, init=False)
    """Which one → its record, once it is written."""
    opened: dict[int, int] = field(default_factory=dict, init=False)

    def steps(self) -> Iterator[Step]:
        """Each one registered, and what was done about it until today."""
        for number, one in enumerate(FOUND):
            day = self.now.date() - timedelta(days=one.days_ago)
            at = datetime.combine(day, time(10, 10 * number), SHANGHAI)
            yield at, lambda at, one=one, number=number: self._register(number, one, at)  # type: ignore[misc]
            for after, what in one.course:
                when = at + timedelta(days=after, minutes=after)
                if when < self.now:
                    yield when, lambda at, one=one, number=number, what=what: self._do(number, one, what, at)  # type: ignore[misc]

    @property
    def _lead(self) -> Actor:
        return self.people.lead

    @property
    def _second(self) -> Actor:
        return self.people.staff[LEAD].reviewer

    def _register(self, number: int, one: Found, at: datetime) -> None:
        on = at.date()
        organ = self.directory.by_code[one.organ]
        served = on - timedelta(days=40)
        fields = {
            "title": one.title, "source": one.source, "organ": organ.name,
            "official": self.heads[one.organ].code if one.official else "",
            "instrument": one.instrument.format(year=served.year), "authority": one.authority,
            "instrument_on": (served - timedelta(days=3)).isoformat(), "instrument_served_on": served.isoformat(),
            "final_on": (on - timedelta(days=20)).isoformat(), "upheld": "否", "facts": one.facts,
        }  # fmt: skip
        case = actions.open_case(
            "determination", fields=fields, taker=Taker(self.people.staff[LEAD].clerk), on=on, at=at, token=f"found-{number}",
            files=[_paper(one.title)],
        )  # fmt: skip
        self.opened[number] = case.case_id

    def _do(self, number: int, one: Found, what: str, at: datetime) -> None:
        if what == "release":
            disclosure.follow(at=at)
            disclosure.release(entry_ids=[self.entries[number]], actor=self._second, on=at.date(), at=at)
        elif what in OPENS:
            self._open(*OPENS[what], number, one, at)
        elif what in FOLLOWED:
            flow, step, who = FOLLOWED[what]
            for card in queries.of_record([self.entries[number]], as_of=at.date(), flow=flow):
                if any(step == open_step.id for open_step in card.flow.out_of(card.state.id)):
                    self._take(card.id, step, self._who(who, one), at, words=what)
        else:
            self._determine(number, one, what, at)

    def _determine(self, number: int, one: Found, step: str, at: datetime) -> None:
        who = {"plead": "subject", "decide": "second"}.get(step, "lead")
        fields = {"decide": self._decision(number, one, at.date()), "serve": _served(at.date())}
        given = fields.get(step.removesuffix("_official"), {})
        self._take(self.opened[number], step, self._who(who, one), at, fields=given)
        if step.startswith("serve"):
            kind = "official_dishonesty" if one.official else "dishonesty_record"
            (record,) = ledger.cards(ledger.facts().filter(kind=kind).order_by("-pk")[:1])
            self.entries[number] = record.id
            laying.run(as_of=at.date(), now=at)

    def _who(self, who: str, one: Found) -> Actor:
        return {"lead": self._lead, "second": self._second}.get(who) or self._whom(one)

    def _open(self, flow: str, fields: Mapping[str, str], number: int, one: Found, at: datetime) -> None:
        actions.open_case(
            flow, fields=fields, taker=Taker(self._whom(one)), on=at.date(), at=at, token=f"{flow}-{number}",
            files=[_paper(flow)], record_id=self.entries[number],
        )  # fmt: skip

    def _whom(self, one: Found) -> Actor:
        """Whoever speaks for the one it is about."""
        return self.heads[one.organ].actor if one.official else self.people.staff[one.organ].reviewer

    def _take(
        self,
        case_id: int,
        step: str,
        who: Actor,
        at: datetime,
        *,
        fields: Mapping[str, str] | None = None,
        words: str = "",
    ) -> None:
        card = queries.case(case_id, as_of=at.date())
        papers = [_paper(step)] if card and "papers" in card.flow.by_id[step].needs else []
        given = Given(WORDS[words or step], files=papers, fields=fields or {}, token=f"{case_id}-{step}")
        actions.take(case_id, step=step, given=given, taker=Taker(who), on=at.date(), at=at)

    @staticmethod
    def _decision(number: int, one: Found, on: date) -> Mapping[str, str]:
        document = f"青信认〔{on.year}〕{number + 1}号"
        return {"document": document, "level": one.level, "basis": BASIS, "decided_on": on.isoformat()}


def _served(on: date) -> Mapping[str, str]:
    return {"served_on": on.isoformat(), "served_how": "直接送达"}


def _paper(name: str) -> Upload:
    return Upload("文书扫描件（演示）.png", picture(name))
