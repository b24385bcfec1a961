"""The made-up county's inspections of this year: whom the lead office looked at, what it saw, what was mended in time and what not."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from functools import partial

from msgspec import Struct

from jiannuo.access.rules import Actor
from jiannuo.cases import actions, queries
from jiannuo.cases.actions import Answer, Given
from jiannuo.cases.rules import Taker
from jiannuo.cli.demo.accounts import Staff
from jiannuo.cli.demo.keeping import picture
from jiannuo.duties.actions import Upload
from jiannuo.kernel.clock import SHANGHAI
from jiannuo.policy import pack as policy
from jiannuo.subjects import queries as subjects

Step = tuple[datetime, Callable[[datetime], None]]


class Looked(Struct, frozen=True):
    """One inspection: of whom, how many days ago, what was wrong by item, and how far it came."""

    organ: str
    days_ago: int
    wrong: Mapping[str, str]
    course: str
    """`planned`, `begun`, `passed`, `notified`, `reported`, `mended`, `unmended`."""


LOOKED = (
    Looked("419926-121", 150, {"J08": "窗口抽到一件多收了一份营业执照复印件（演示）"}, "mended"),
    Looked("419926-107", 132, {}, "passed"),
    Looked("419926-102", 118, {"J04": "到期的承诺有一件没有完成，材料里的照片是去年的（演示）", "J10": "半年报告的培训人数与签到表差三人（演示）"}, "unmended"),
    Looked("419926-106", 30, {"J02": "网上的权力清单少了两项（演示）"}, "reported"),
    Looked("419926-113", 21, {"J01": "抽查的两份决定超过七个工作日才公开（演示）", "J11": "新入职的两人没有参加培训（演示）"}, "notified"),
    Looked("419926-110", 6, {}, "begun"),
    Looked("419926-114", 0, {}, "planned"),
)  # fmt: skip
COURSES: Mapping[str, tuple[tuple[int, str, str], ...]] = {
    "planned": (),
    "begun": ((0, "check", ""),),
    "passed": ((0, "check", ""), (1, "pass", "十二项逐项看过，没有不合格的（演示）")),
    "notified": ((0, "check", ""), (1, "notify", "照清单发现的问题，请书面说明原因，在期限内改好（演示）")),
    "reported": (
        (0, "check", ""),
        (1, "notify", "照清单发现的问题，请书面说明原因，在期限内改好（演示）"),
        (6, "explain", "清单调整以后没有及时更新，由办公室负责补上（演示）"),
        (20, "report", "已经补上并逐项核对过，截图附后（演示）"),
    ),
    "mended": (
        (0, "check", ""),
        (1, "notify", "照清单发现的问题，请书面说明原因，在期限内改好（演示）"),
        (5, "explain", "窗口人员换岗，没有看新的材料清单；已经培训（演示）"),
        (18, "report", "窗口的材料清单已经换新，退还了多收的复印件（演示）"),
        (24, "accept", "到窗口看过，再抽五件，没有多收材料（演示）"),
    ),
    "unmended": (
        (0, "check", ""),
        (1, "notify", "照清单发现的问题，请书面说明原因，在期限内改好（演示）"),
        (9, "explain", "工程队中途退场，正在另找（演示）"),
        (28, "report", "工程已经复工，报告数字已经更正（演示）"),
        (34, "fail", "到现场看，仍没有完工；报告的数字已经改对（演示）"),
    ),
}  # fmt: skip
PLAN = "demonstration-plan"
BY_ORGAN = frozenset({"explain", "report"})
PAPERED = frozenset({"report"})


class Inspections(Struct, frozen=True):
    """The inspections as things to be done at moments of the year."""

    now: datetime
    lead: Actor
    staff: Mapping[str, Staff]

    def steps(self) -> Iterator[Step]:
        """The plan, its batch, and each inspection until today."""
        made: dict[str, int] = {}
        begun = self._at(max(one.days_ago for one in LOOKED) + 20)
        yield begun, partial(self._plan, made)
        for one in LOOKED:
            first = self._at(one.days_ago)
            for after, step, words in COURSES[one.course]:
                when = first + timedelta(days=after)
                if when < self.now:
                    yield when, partial(self._take, made, one, step, words)

    def _at(self, days_ago: int) -> datetime:
        return datetime.combine(self.now.date() - timedelta(days=days_ago), time(9, 40), SHANGHAI)

    def _plan(self, made: dict[str, int], at: datetime) -> None:
        directory, year = subjects.directory(at.date()), self.now.year
        fields = {"year": str(year), "title": f"{year}年度政务诚信督导检查计划（演示）"}
        taker, on = Taker(self.lead), at.date()
        plan = actions.open_case("inspection_plan", fields=fields, taker=taker, on=on, at=at, token=PLAN)
        batch = {
            "title": f"{year}年度政务诚信督导检查",
            "inspector": directory.lead.name,
            "planned_by": date(year, 12, 20).isoformat(),
        }
        organs = [one.organ for one in LOOKED]
        given = Given("抽查重点部门和承诺较多的乡镇，年底前查完（演示）", fields=batch, organs=organs)
        actions.take(plan.case_id, step="list", given=given, taker=taker, on=on, at=at)
        words = "今年检查七个单位，照公开的十二项清单逐项看；结果与考核挂钩，逐个单位公开（演示）"
        actions.take(plan.case_id, step="announce", given=Given(words), taker=taker, on=on, at=at)
        card = queries.case(plan.case_id, as_of=on)
        for one in queries.parts(card, as_of=on) if card else ():
            made[directory.card(one.subject_id or 0).code] = one.id

    def _take(self, made: Mapping[str, int], one: Looked, step: str, words: str, at: datetime) -> None:
        by = self.staff[one.organ].reviewer if step in BY_ORGAN else self.lead
        files = [Upload("整改照片（演示）.png", picture(one.organ))] if step in PAPERED else []
        given = Given(words, files=files, answers=_answers(one) if step == "check" else ())
        actions.take(made[one.organ], step=step, given=given, taker=Taker(by), on=at.date(), at=at)


def _answers(one: Looked) -> list[Answer]:
    """Every item; of an inspection that has only begun, the first five."""
    pack = policy.current()
    checklist = pack.flows["inspection"].checklist
    items = list(pack.checklists[checklist.items]) if checklist else []
    return [
        Answer(item, "不合格", one.wrong[item], [Upload("现场.png", picture(f"{one.organ}{item}"))])
        if item in one.wrong
        else Answer(item, "合格")
        for item in (items[:5] if one.course == "begun" else items)
    ]
