"""The made-up county's officials: the offices they hold, what their files hold, two offices handed over, and who looked."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from jiannuo.access import actions as access
from jiannuo.access.rules import INSTALLER, Actor
from jiannuo.cli.demo.accounts import DISCIPLINE, PERSONNEL, People
from jiannuo.cli.demo.decisions import MARK, Row
from jiannuo.cli.demo.promises import LEAD, Given, Promises, offices_of
from jiannuo.cli.demo.year import Send
from jiannuo.disclosure.queries import files
from jiannuo.duties.actions import handing_over
from jiannuo.intake import actions as intake
from jiannuo.intake.actions.registering import HEADINGS
from jiannuo.subjects.queries import OrganCard

STAFFED = frozenset({"department", "police", "town", "subdistrict"})
PERSONAL: dict[str, tuple[str, str, str]] = {
    "419926-102": ("到农村学校听课并当场答复意见", "10所学校", "听课记录和意见答复在校门口公示"),
    "419926-112": ("主持听取公交乘客意见的座谈会", "4场", "每场公布意见和采纳情况"),
    "419926-121": ("到窗口接待办事群众和企业", "12个工作日", "接待日提前公布，接待台账可查"),
}
"""Department → what its head promised in person."""
CHANGES = (("419926-112", "副局长", 70, True), ("419926102", "四级调研员", 5, False))
"""Organ, what the one who leaves becomes, how many days ago, and whether the one who comes has signed."""
MATTERS = ("房产", "投资", "配偶子女从业", "收入")
LATE = "个人有关事项报告迟交20天，提醒谈话后已补报（演示数据）"
TALK = "任职谈话：承诺跟着岗位走，换人不换账（演示数据）"
READINGS = (
    (PERSONNEL, "任前考察，核对诚信情况（演示）", 41),
    (DISCIPLINE, "回复廉政意见，核对有无处分（演示）", 33),
    (LEAD, "核对承诺的责任岗位由谁担任（演示）", 5),
)
"""Who reads the files of the departments named above, what for, and how many days ago."""

Step = tuple[datetime, Callable[[datetime], None]]


class Official(Struct, frozen=True):
    """Somebody who does not exist, in an office, with the account that is theirs."""

    code: str
    organ: OrganCard
    title: str
    since: date
    account: Actor
    until: date | None = None

    @property
    def actor(self) -> Actor:
        """The account as it acts once the official's code is written on it."""
        return replace(self.account, official=self.code)

    def line(self) -> list[str]:
        """The line of the register, in the order of its headings."""
        began = f"青组干〔{self.since.year}〕{self.since.month}号（虚构）"
        ended = f"青组干〔{self.until.year}〕{self.until.month + 20}号（虚构）" if self.until else ""
        until = self.until.isoformat() if self.until else ""
        return [
            self.code, self.account.name, self.organ.name, self.title, self.since.isoformat(), began, until, ended
        ]  # fmt: skip


@dataclass
class Officials(Promises):
    """The head of each organ and the one who answers for what it promises; drawn by the same lot as the promises."""

    people: People = field(kw_only=True)
    heads: dict[str, Official] = field(default_factory=dict, init=False)
    """By the organ's code."""
    answering: dict[str, Official] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        super().__post_init__()
        for organ in self.organs:
            if organ.type in STAFFED:
                staff, (head, _, answering) = self.people.staff[organ.code], offices_of(organ)
                self.heads[organ.code] = self._official(organ, 1, head, staff.head)
                self.answering[organ.code] = self._official(organ, 2, answering, staff.reviewer)

    def _official(self, organ: OrganCard, number: int, title: str, account: Actor) -> Official:
        code = f"QH-{'' if '-' in organ.code else 'X'}{organ.code[-3:]}{number}"
        return Official(code, organ, title, self.first - timedelta(days=self.lot.randrange(60, 1300)), account)

    # -- what is sent in ---------------------------------------------------------------------------------------------

    def given(self) -> list[Given]:
        """What heads promised in person; `acts` holds what becomes of it, in no order."""
        found: list[Given] = []
        for number, (code, (title, measure, quality)) in enumerate(PERSONAL.items(), start=1):
            head, (made, due) = self.heads[code], self.spell(longest=280)
            name = f"{made.year}-个-{number}"
            row = {
                "number": name, "title": title, "promisor": "个人", "official": head.code, "official_name": head.account.name,
                "office": head.title, "field": "政务服务", "quality": quality, "measure": measure, "due_on": due.isoformat(),
                "guarantee": "列入个人年度公开承诺，年底述责述廉时报告", "beneficiary": "全县群众和企业", "shown_by": "台账和公示照片",
                "made_on": made.isoformat(), "organ": head.organ.name, "organ_code": head.organ.uscc, "remark": MARK,
            }  # fmt: skip
            found += [self._sent(code, "commitment", [row], made), *self._life(code, name, made, due, LEAD, ())]
        return [one for one in found if one.at <= self.now]

    def filed(self) -> list[Send]:
        """What the personnel and the discipline office send for the files: nobody releases it. One of seven lacks a training."""
        decided, talked = self._last(2, 12), self.moment(self.first + timedelta(days=150)).date()
        trained = self.moment(self.first + timedelta(days=120)).date()
        heads = list(self.heads.values())
        everybody = [*heads, *self.answering.values()]
        sheets = (
            (PERSONNEL, "appraisal", decided, everybody, self._appraisal),
            (PERSONNEL, "training", trained, [one for at, one in enumerate(everybody) if at % 7], self._training),
            (PERSONNEL, "personal_matter", self._last(1, 20), heads, self._matter),
            (DISCIPLINE, "integrity_record", talked, everybody, self._talk),
        )
        found = []
        for sender, kind, day, about, told in sheets:
            named = {"sender": self.by_code[sender].name, "remark": MARK}
            rows = [
                {
                    "number": f"{day.year}-{at:03}", "official": one.code, "official_name": one.account.name,
                    "organ": one.organ.name, **named, **told(one, at, day),
                }
                for at, one in enumerate(about, start=1)
            ]  # fmt: skip
            found.append(Send(self.moment(day + timedelta(days=3)), sender, kind, tuple(rows), None))
        return [one for one in found if one.at <= self.now]

    def _last(self, month: int, day: int) -> date:
        """The last such day of a year that has been reported by now, and lies in the year that is lived."""
        this_year = date(self.now.year, month, day)
        found = this_year if this_year + timedelta(days=10) <= self.now.date() else date(self.now.year - 1, month, day)
        return max(found, self.first + timedelta(days=2))

    def _appraisal(self, _one: Official, at: int, day: date) -> Row:
        grade = "优秀" if at % 6 == 0 else "称职"
        return {"year": str(day.year - 1), "grade": grade, "decided_on": day.isoformat()}

    def _training(self, _one: Official, at: int, day: date) -> Row:
        form = "集中培训" if at % 3 else "网络学习"
        hours = "16" if at % 3 else "8"
        return {"course": "公务员诚信教育专题班（演示）", "form": form, "hours": hours, "finished_on": day.isoformat(), "passed": "合格"}  # fmt: skip

    def _matter(self, _one: Official, at: int, day: date) -> Row:
        verified = "一致" if at % 5 == 0 else "未抽查"
        content = "编造的内容，只为演示加密保存"
        return {"matter": MATTERS[at % len(MATTERS)], "reported_on": day.isoformat(), "verified": verified, "content": content}  # fmt: skip

    def _talk(self, one: Official, _at: int, day: date) -> Row:
        late = one is self.heads["419926-112"]
        record, result, content = ("其他-提醒谈话", "有问题已整改", LATE) if late else ("廉政谈话", "无问题", TALK)
        return {"record": record, "made_on": day.isoformat(), "result": result, "content": content}

    # -- what is done ------------------------------------------------------------------------------------------------

    def steps(self) -> list[Step]:
        """Offices registered and accounts known as theirs, two offices changing hands, files read; none lies after now."""
        everybody = [*self.heads.values(), *self.answering.values()]
        clerks = [self._incoming(code, ago) for code, _, ago, _ in CHANGES]
        begun = self.moment(self.first + timedelta(days=1), 8)
        found: list[Step] = [(begun, lambda at: self._begin([*everybody, *clerks], at))]
        for coming, (code, becomes, ago, signed) in zip(clerks, CHANGES, strict=True):
            at = self.moment(self.now.date() - timedelta(days=ago), 9)
            found += self._change(self.answering[code], coming, becomes, at, signed=signed)
        for reader, purpose, ago in READINGS:
            at = self.moment(self.now.date() - timedelta(days=ago), 15)
            found.append((at, lambda at, reader=reader, purpose=purpose: self._read(reader, purpose, at)))  # type: ignore[misc]
        return [one for one in found if one[0] <= self.now]

    def _incoming(self, code: str, ago: int) -> Official:
        """Who will take the office over, in the office held until then."""
        organ = self.by_code[code]
        official = self._official(organ, 3, "综合办公室科员", self.people.staff[code].clerk)
        return replace(official, since=min(official.since, self.now.date() - timedelta(days=ago + 200)))

    def _begin(self, officials: Sequence[Official], at: datetime) -> None:
        """Everybody is registered in the first office, and the code is written on the account that is theirs."""
        self._register(officials, at)
        for one in officials:
            if one.account.user_id:
                access.link_official(by=INSTALLER, user_id=one.account.user_id, code=one.code, at=at)

    def _register(self, offices: Sequence[Official], at: datetime) -> None:
        """The personnel office imports a register."""
        text = io.StringIO()
        csv.writer(text).writerows([[words[0] for words in HEADINGS.values()], *(one.line() for one in offices)])
        personnel = self.people.staff[PERSONNEL].clerk
        intake.register_offices(
            text.getvalue().encode(), filename="任免名册（演示）.csv", by=personnel, on=at.date(), at=at
        )

    def _change(
        self, leaving: Official, coming: Official, becomes: str, at: datetime, *, signed: bool
    ) -> Iterator[Step]:
        day = at.date()
        lines = [
            replace(leaving, until=day),
            replace(leaving, title=becomes, since=day),
            replace(coming, title=leaving.title, since=day),
        ]
        yield at, lambda at: self._register(lines, at)
        yield at + timedelta(hours=1), lambda at: self._hand_over(leaving, coming, at, signed=signed)

    def _hand_over(self, leaving: Official, coming: Official, at: datetime, *, signed: bool) -> None:
        number = handing_over.begin(
            leaving.organ.id, office=leaving.title, outgoing=leaving.code, incoming=coming.code, day=at.date(),
            actor=coming.account, on=at.date(), at=at,
        )  # fmt: skip
        for signer in (leaving, coming) if signed else (leaving,):
            handing_over.sign(number, actor=signer.actor, on=at.date(), at=at)

    def _read(self, reader: str, purpose: str, at: datetime) -> None:
        """The files of the heads who promised in person, and of one who answers for an office."""
        actor = self.people.lead if reader == LEAD else self.people.staff[reader].clerk
        for one in (*(self.heads[code] for code in PERSONAL), self.answering["419926-121"]):
            files.open_official(one.code, actor=actor, purpose=purpose, on=at.date(), at=at)
