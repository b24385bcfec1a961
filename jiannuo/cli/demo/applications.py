"""What people of the made-up county applied for this autumn: at the counter, on the web, by phone, through the front doors."""

from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta

from msgspec import Struct

from jiannuo.cases import actions
from jiannuo.cases.actions import Given
from jiannuo.cases.rules import Taker
from jiannuo.cli.demo.accounts import Staff
from jiannuo.cli.demo.people import uscc
from jiannuo.cli.demo.services import MATTERS, code, papers
from jiannuo.duties.actions import Upload
from jiannuo.kernel.clock import SHANGHAI
from jiannuo.ledger import queries as ledger
from jiannuo.policy import pack as policy

FLOW, ITEM = "application", "service_item"
CITIZEN = Taker(holds_receipt=True)
PICTURE = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==")
"""A grey point, for every scan of the demonstration."""
Step = tuple[datetime, Callable[[datetime], None]]
Turn = tuple[int, str, str, Mapping[str, str]]
"""Working days after the application, the step, what is said, what its form asks for."""


class Applied(Struct, frozen=True):
    """One application: how many days ago, for what, from where, by whom, with how many of the papers, and how it went."""

    days_ago: int
    matter: str
    channel: str
    type: str
    applicant: str
    papers: int
    course: str


APPLIED = (
    Applied(47, "食品经营许可", "网上", "企业", "青禾县春田食品有限公司（演示）", 8, "licensed"),
    Applied(40, "食品经营许可", "大厅", "个体工商户", "柳溪镇老街小吃店（演示）", 5, "completed"),
    Applied(33, "建筑工程施工许可", "网上", "企业", "青禾县安居建筑有限公司（演示）", 10, "extended"),
    Applied(26, "道路货物运输经营许可", "大厅", "企业", "青禾县通达货运有限公司（演示）", 7, "refused"),
    Applied(14, "食品经营许可", "电话", "企业", "青禾县春田食品有限公司（演示）", 3, "accepted"),
    Applied(8, "公共场所卫生许可", "网上", "个体工商户", "城关镇清泉浴池（演示）", 2, "incomplete"),
    Applied(2, "食品经营许可", "网上", "企业", "青禾县柳岸餐饮有限公司（演示）", 6, "new"),
)
ACCEPT: Turn = (1, "accept", "核对过申请书和附的材料，齐全、合乎法定形式，予以受理", {})
APPROVE: Turn = (3, "approve", "经审查符合法定条件和标准，准予许可（演示）", {})
COURSES: Mapping[str, Sequence[Turn]] = {
    "new": (),
    "accepted": (ACCEPT,),
    "incomplete": ((2, "complete", "", {}),),
    "licensed": (ACCEPT, APPROVE, (5, "license", "申请人到窗口领取许可证，已经签收", {})),
    "completed": (
        (1, "complete", "", {}),
        (6, "supply", "补齐了告知的几份材料", {}),
        (7, "accept", "补正的材料齐全，予以受理", {}),
        (9, "approve", "经现场核查符合条件，准予许可（演示）", {}),
        (10, "license", "邮寄送达，申请人已经签收", {}),
    ),
    "extended": (
        ACCEPT,
        (2, "stop", "需要组织专家评审，预计十日内完成，已书面告知", {"procedure": "专家评审"}),
        (8, "resume", "专家评审结束，意见附卷", {}),
        (9, "extend", "图纸修改后需要重新核对，经负责人批准延长十个工作日", {}),
        (16, "approve", "图纸和现场核对一致，准予许可（演示）", {}),
    ),
    "refused": (
        ACCEPT,
        (
            3,
            "refuse",
            "停车场地不符合规定的面积。不服的，可以六十日内申请行政复议，或者六个月内提起行政诉讼（演示）",
            {},
        ),
    ),
}


class Applications(Struct, frozen=True):
    """The applications as things to be done at moments of the year."""

    now: datetime
    staff: Mapping[str, Staff]

    def steps(self) -> Iterator[Step]:
        """Each application, and what was done about it until today."""
        calendar = policy.current().calendar
        for place, one in enumerate(APPLIED):
            made: dict[str, int] = {}
            at = datetime.combine(self.now.date() - timedelta(days=one.days_ago), time(9, 10 + place), SHANGHAI)
            yield at, lambda at, one=one, made=made, place=place: made.update(case=self._apply(one, place, at))  # type: ignore[misc]
            for turn in COURSES[one.course]:
                when = at
                for _ in range(turn[0]):
                    when += timedelta(days=1)
                    while not calendar.is_workday(when.date()):
                        when += timedelta(days=1)
                if when < self.now:
                    yield when, lambda at, one=one, made=made, turn=turn: self._take(one, made["case"], turn, at)  # type: ignore[misc]

    def _apply(self, one: Applied, place: int, at: datetime) -> int:
        matter = next(each for each in MATTERS if each.name == one.matter)
        item = ledger.cards(ledger.newest([ITEM]).filter(number=code(matter)))[0]
        staff = next(found for organ, found in self.staff.items() if organ.endswith(f"-{matter.organ}"))
        fields = {
            "channel": one.channel,
            "applicant_type": one.type,
            "applicant": one.applicant,
            "uscc": uscc("92" if one.type == "个体工商户" else "91", _known(one)),
            "representative": "演示人",
        }
        files = [Upload("扫描.png", PICTURE, title) for title in papers(matter)[: one.papers]]
        opened = actions.open_case(
            FLOW, fields=fields, taker=CITIZEN if one.channel == "网上" else Taker(staff.clerk), on=at.date(), at=at,
            token=f"demonstration-{FLOW}-{place}", files=files, record_id=item.id,
        )  # fmt: skip
        return opened.case_id

    def _take(self, one: Applied, case_id: int, turn: Turn, at: datetime) -> None:
        _, step, words, fields = turn
        matter = next(each for each in MATTERS if each.name == one.matter)
        staff = next(found for organ, found in self.staff.items() if organ.endswith(f"-{matter.organ}"))
        deciding = policy.current().flows[FLOW].by_id[step].right == "decide"
        taker = CITIZEN if step == "supply" else Taker(staff.head if deciding else staff.clerk)
        missing = papers(matter)[one.papers :]
        files = [Upload("扫描.png", PICTURE, title) for title in missing] if step == "supply" else []
        given = dict(fields)
        if step == "complete":
            words = f"还缺下列材料，请一次补齐：{'、'.join(missing)}"
        if step == "stop":
            given["until"] = (at.date() + timedelta(days=10)).isoformat()
        if step == "license":
            given = _licence(one, case_id, at)
        actions.take(case_id, step=step, given=Given(words, files, given), taker=taker, on=at.date(), at=at)


def _known(one: Applied) -> int:
    """The same applicant has the same code."""
    names = list(dict.fromkeys(each.applicant for each in APPLIED))
    return 900_001 + names.index(one.applicant)


def _licence(one: Applied, case_id: int, at: datetime) -> dict[str, str]:
    first = at.date()
    return {
        "XK_XDR_LB": "个体工商户" if one.type == "个体工商户" else "法人及非法人组织",
        "XK_XKWS": f"{one.matter}决定书",
        "XK_WSH": f"青许〔{first.year}〕{800 + case_id}号",
        "XK_XKLB": "普通",
        "XK_XKZS": f"{one.matter}证",
        "XK_XKBH": f"QH{first.year}{case_id:06}",
        "XK_NR": f"{one.matter}（演示）",
        "XK_YXQZ": first.isoformat(),
        "XK_YXQZI": first.replace(year=first.year + 5, day=min(first.day, 28)).isoformat(),
    }
