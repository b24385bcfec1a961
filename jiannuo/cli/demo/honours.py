"""The made-up county's selection of demonstration units, an honour from outside, and what was said of government and answered."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import partial

from jiannuo.access.rules import Actor
from jiannuo.assessment.actions import proving
from jiannuo.cases import actions, queries
from jiannuo.cases.actions import Given
from jiannuo.cases.rules import Taker
from jiannuo.cli.demo.accounts import Staff
from jiannuo.cli.demo.keeping import picture
from jiannuo.duties.actions import Upload
from jiannuo.kernel.clock import SHANGHAI
from jiannuo.kernel.refusals import Refused
from jiannuo.subjects import queries as subjects

Step = tuple[datetime, Callable[[datetime], None]]
LEAD = "419926-101"
CITIZEN = Taker(holds_receipt=True)
APPLICANTS = (
    ("419926-107", "预算、决算和账款支付按月公开，企业来问当天答复（演示）", 20),
    ("419926-114", "农资补贴承诺逐村张榜，发放前请村民代表核对（演示）", 20),
    ("419926-116", "景区承诺的整改逐项挂牌，办完一项摘一块（演示）", 2),
)
"""Who applies, with what, and how many days after it is evaluated the course goes on."""
EVENTS = (
    ("419926-121", 45, "网传农贸市场的秤不准（演示）", "经检定，一台秤超出误差，已经封存更换；其他十九台逐台检定合格，结果贴在市场门口（演示）"),
    ("419926-112", 8, "网传城乡公交末班车提前收班（演示）", "查了一周的行车记录，两天提前了十五分钟，是调度排班有误，已经改正并向乘客致歉（演示）"),
    ("419926-117", 0, "网传卫生院预约系统打不开（演示）", ""),
)  # fmt: skip


@dataclass
class Honours:
    """What is selected, awarded and answered, as things to be done at moments of the year."""

    now: datetime
    lead: Actor
    staff: Mapping[str, Staff]
    made: dict[str, int] = field(default_factory=dict)

    def steps(self) -> Iterator[Step]:
        """Everything in it until today."""
        first = self._at(70)
        yield first, self._announce
        for number, (organ, practice, after) in enumerate(APPLICANTS):
            # The last one applies so late that its publicity runs today.
            applied = first + timedelta(days=6 + number) if after > 5 else self._at(7)
            yield applied, partial(self._apply, organ, practice)
            yield applied + timedelta(days=3), partial(self._nominate, organ)
            if after > 5:
                yield applied + timedelta(days=4), partial(self._object, organ, number)
                yield applied + timedelta(days=after), partial(self._award, organ)
        yield self._at(100), self._outside
        for organ, days_ago, title, answer in EVENTS:
            yield self._at(days_ago), partial(self._collect, organ, title)
            if answer:
                yield self._at(days_ago) + timedelta(hours=3), partial(self._judge, title)
                yield self._at(days_ago) + timedelta(days=1), partial(self._answer, organ, title, answer)

    def _at(self, days_ago: int) -> datetime:
        return datetime.combine(self.now.date() - timedelta(days=days_ago), time(8, 30), SHANGHAI)

    def _announce(self, at: datetime) -> None:
        fields = {
            "title": f"{at.year}年度政务诚信示范单位评选（演示）",
            "apply_by": (self.now.date() + timedelta(days=20)).isoformat(),
        }
        self.made["selection"] = self._open("selection", fields, Taker(self.lead), at, "selection")
        words = "各乡镇、各部门都可以申报；标准见本页，台账能回答的当场核对（演示）"
        self._take("selection", "announce", words, Taker(self.lead), at)

    def _apply(self, organ: str, practice: str, at: datetime) -> None:
        selection = queries.case(self.made["selection"], as_of=at.date())
        name = subjects.directory(at.date()).by_code[organ].name
        fields = {"selection": selection.number if selection else "", "organ": name, "practice": practice}
        self.made[organ] = self._open("demonstration", fields, Taker(self.staff[organ].reviewer), at, organ)

    def _nominate(self, organ: str, at: datetime) -> None:
        self._take(
            organ, "evaluate", "到现场看过，材料属实，做法有推广的价值（演示）", Taker(self.staff[LEAD].clerk), at
        )
        try:
            self._take(organ, "nominate", "台账核对没有不符合的，做法群众认可，拟授予（演示）", Taker(self.lead), at)
        except Refused as no:
            self._take(organ, "refuse", f"{no.message}，不予授予（演示）", Taker(self.lead), at)

    def _object(self, organ: str, number: int, at: datetime) -> None:
        card = queries.case(self.made[organ], as_of=at.date())
        if card is None or card.state.id != "nominated" or number:
            return
        fields = {"nominee": card.number, "content": "去年问过一次账款，等了两天才回（演示）"}
        self.made["objection"] = self._open("nomination_objection", fields, CITIZEN, at, "objection")
        later = at + timedelta(hours=6)
        self._take(
            "objection", "dismiss", "查了记录，当天已经电话答复，书面答复在第二天（演示）", Taker(self.lead), later
        )

    def _award(self, organ: str, at: datetime) -> None:
        card = queries.case(self.made[organ], as_of=at.date())
        if card is None or card.state.id != "publicized":
            return
        fields = {
            "title": f"{at.year}年度政务诚信示范单位（演示）",
            "authority": subjects.directory(at.date()).by_code["419926-001"].name,
            "document": f"青政示〔{at.year}〕{organ[-3:]}号（演示）",
            "awarded_on": at.date().isoformat(),
            "valid_until": at.date().replace(year=at.year + 2, day=1).isoformat(),
        }
        papers = [Upload("授予决定（演示）.png", picture(f"award{organ}"))]
        self._take(organ, "award", "公示期满，意见都已办结，决定授予（演示）", Taker(self.lead), at, fields, papers)
        card = queries.case(self.made[organ], as_of=at.date())
        for one in queries.parts(card, as_of=at.date()) if card else ():
            if one.flow.id == "honour":
                self.made["honour"] = one.id
                self._confirm(at)

    def _outside(self, at: datetime) -> None:
        name = subjects.directory(at.date()).by_code["419926-110"].name
        fields = {
            "title": "全市生态环境执法大练兵先进集体（演示）",
            "organ": name,
            "authority": "澄川市生态环境局",
            "document": f"澄环〔{at.year}〕31号（演示）",
            "awarded_on": at.date().isoformat(),
        }
        papers = [Upload("表彰文件（演示）.png", picture("outside"))]
        by = Taker(self.staff["419926-110"].reviewer)
        self.made["honour"] = self._open("honour", fields, by, at, "outside", papers)
        self._confirm(at)

    def _confirm(self, at: datetime) -> None:
        self._take("honour", "confirm", "与授予机关的文件逐项核对，一致（演示）", Taker(self.staff[LEAD].reviewer), at)

    def _collect(self, organ: str, title: str, at: datetime) -> None:
        fields = {
            "title": title,
            "organ": subjects.directory(at.date()).by_code[organ].name,
            "seen_on": at.date().isoformat(),
            "seen_at": "8点20分",
            "place": "本地论坛（演示）",
            "summary": "有人发帖反映，跟帖几十条（演示）",
        }
        self.made[title] = self._open("opinion", fields, Taker(self.staff[LEAD].clerk), at, title)

    def _judge(self, title: str, at: datetime) -> None:
        fields = {"level": "一般", "truth": "待核实"}
        self._take(
            title, "judge", "关注的人在增加，请当天核实、明天回应（演示）", Taker(self.staff[LEAD].clerk), at, fields
        )

    def _answer(self, organ: str, title: str, answer: str, at: datetime) -> None:
        by = Taker(self.staff[organ].reviewer)
        self._take(title, "handle", "已经到现场核实，正在处置（演示）", by, at)
        self._take(title, "answer", answer, by, at)
        if (self.now - at).days > 10:
            fields = {"truth": "部分属实", "effect": "平息"}
            self._take(title, "evaluate", "回应及时，跟帖平息；今后每季度抽检（演示）", Taker(self.lead), at, fields)

    def _open(
        self,
        flow: str,
        fields: Mapping[str, str],
        taker: Taker,
        at: datetime,
        token: str,
        files: list[Upload] | None = None,
    ) -> int:
        opened = actions.open_case(
            flow, fields=fields, taker=taker, on=at.date(), at=at, token=f"demonstration-{token}", files=files or []
        )
        return opened.case_id

    def _take(
        self,
        name: str,
        step: str,
        words: str,
        taker: Taker,
        at: datetime,
        fields: Mapping[str, str] | None = None,
        files: list[Upload] | None = None,
    ) -> None:
        given = Given(words, fields=fields or {}, files=files or [])
        proving.take(self.made[name], step=step, given=given, taker=taker, on=at.date(), at=at)
