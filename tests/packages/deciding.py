"""A major decision as tests prepare it: drafted, consulted on, argued, assessed, reviewed, decided by the people of the made-up county."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from jiannuo.access.rules import Actor
from jiannuo.cases import tick
from jiannuo.cases.actions import Opened
from jiannuo.duties.actions import Upload
from jiannuo.subjects.rules import OrganCard
from tests.packages.casework import CITIZEN, opened, taken
from tests.packages.filing import DIRECTOR, FOLLOWER, appointed
from tests.packages.promising import PNG, at, person

Organs = Callable[[str], OrganCard]
DRAFTER, LEGAL = "青禾县住房和城乡建设局", "青禾县司法局"
DISCIPLINE, GOVERNMENT = "青禾县监察委员会", "青禾县人民政府办公室"
DRAFT = Upload("决策草案.png", PNG.data)
DECISION: Mapping[str, str] = {
    "title": "青禾县城区公共停车收费办法（草案）",
    "field": "公共服务、市场监管、社会管理、环境保护等公共政策和措施",
    "basis": "河南省定价目录；青政〔2026〕6号（虚构）",
    "why": "城区停车位紧张，拟在六条主要道路分时段收费，前三十分钟免费",
}
NOTICE: Mapping[str, str] = {
    "notice": "向社会公开征求意见，主要想听收费时段和标准",
    "question_1": "您赞成前三十分钟免费吗？",
    "question_2": "您赞成夜间免费吗？",
}
HEARING: Mapping[str, str] = {
    "held_on": "2026-04-20", "place": "县政府二楼会议室", "notice": "听证收费标准，城区居民可以报名",
}  # fmt: skip
RESOLUTION: Mapping[str, str] = {
    "document": "青政〔2026〕21号",
    "decided_on": "2026-05-20",
    "meeting": "县政府第41次常务会议",
    "against_most": "否",
    "content": "自2026年7月1日起在六条道路分时段收费，前三十分钟免费，夜间免费",
}
FACTS: Mapping[str, Mapping[str, str]] = {
    "announce": NOTICE,
    "announce_urgent": NOTICE,
    "call_hearing": HEARING,
    "argue": {"experts": "高工甲，市规划院；教授乙，某大学", "number_of": "2", "conclusion": "可行，建议分时段定价"},
    "assess": {"level": "低风险", "conclusion": "社会稳定风险低，已有公示和申诉办法"},
    "review": {"conclusion": "合法", "opinion": "权限、程序、内容合法"},
    "clear": {"conclusion": "没有利益输送的漏洞，收费全额上缴"},
    "decide": RESOLUTION,
}
"""What the fact of each step is filled in with."""
PEOPLE: Mapping[str, str] = {
    "hearing_record": "QH-0101，停车管理科科长，主持，不表决",
    "participate": "QH-0101，停车管理科科长，经办，不表决",
    "argue": "QH-0101，停车管理科科长，论证，同意",
    "assess": "QH-0101\t停车管理科科长\t评估\t同意",
    "review": "QH-0102,法制科科长,审查,同意",
    "clear": "QH-0102，法制科科长，评估，同意",
    "decide": "QH-0101，副县长，表决，同意\nQH-0102，副县长，表决，不同意，收费标准偏高，建议再降",
    "reject": "QH-0102，副县长，表决，不同意，收费标准偏高，建议再降",
}
"""Who took part in each step."""
OPINION: Mapping[str, str] = {
    "content": "夜里也收费的话，住老小区的没有地方停",
    "answer_1": "赞成",
    "answer_2": "说不清",
    "disclosure": "保密",
    "name": "城关居民甲",
    "contact": "13900000000",
}
ANSWER: Mapping[str, str] = {
    "gist": "夜间不应收费，老小区没有车位",
    "outcome": "采纳",
    "reason": "改为夜间免费，写入第六条",
}


@dataclass(frozen=True, slots=True)
class County:
    """Who takes part: the drafting office's two people, and who reviews, assesses and decides."""

    drafter: Actor
    chief: Actor
    legal: Actor
    discipline: Actor
    government: Actor

    def who(self, step: str) -> Actor:
        """Who takes a step, as the law has it."""
        special = {"review": self.legal, "unlawful": self.legal, "clear": self.discipline, "not_clear": self.discipline}
        of_meeting = dict.fromkeys(("decide", "reject", "postpone"), self.government)
        chiefs = dict.fromkeys(
            ("announce_urgent", "participate", "no_argument", "no_risk", "stop", "submit_again"), self.chief
        )
        return (special | of_meeting | chiefs).get(step, self.drafter)


def county(organs: Organs) -> County:
    """The people of the made-up county, and two officials of its register."""
    appointed(organs(DRAFTER), DIRECTOR, title="停车管理科科长")
    appointed(organs(LEGAL), FOLLOWER, title="法制科科长")
    return County(
        person(organs(DRAFTER), "clerk", "reviewer", username="drafter"),
        person(organs(DRAFTER), "head", "reviewer", username="chief"),
        person(organs(LEGAL), "reviewer", username="legal"),
        person(organs(DISCIPLINE), "reviewer", username="discipline"),
        person(organs(GOVERNMENT), "reviewer", username="government"),
    )


def drafted(people: County, on: str = "2026-03-02", token: str = "", **more: str) -> Opened:
    """A decision whose draft is ready."""
    return opened("major_decision", {**DECISION, **more}, by=people.drafter, on=on, files=[DRAFT], token=token)


def done(people: County, case_id: int, step: str, on: str, **given: Any) -> None:
    """A step taken by whom the law has it, with everything it needs."""
    by = given.pop("by", people.who(step))
    given = {"files": [DRAFT], "fields": FACTS.get(step, {}), "lines": PEOPLE.get(step, ""), **given}
    taken(case_id, step, by=by, on=on, **given)


def said(decision: int, on: str = "2026-03-10", token: str = "", **more: str) -> Opened:
    """An opinion of a citizen."""
    given = {**OPINION, **more}
    return opened("decision_opinion", given, by=CITIZEN, on=on, token=token or f"opinion-{on}", under=decision)


def answered(people: County, opinion: Opened, on: str, **more: str) -> None:
    """The answer of the drafting office."""
    taken(opinion.case_id, "answer", by=people.drafter, on=on, fields={**ANSWER, **more})


def consulted(people: County, on: str = "2026-04-02") -> int:
    """A decision whose thirty days are over: announced on 2 March, the last day is 1 April."""
    case_id = drafted(people).case_id
    done(people, case_id, "announce", "2026-03-02")
    tick.run(as_of=date.fromisoformat(on), now=at(on))
    return case_id


ALL = (
    ("participate", "2026-04-10"), ("argue", "2026-04-15"), ("assess", "2026-04-20"), ("review", "2026-05-06"),
    ("clear", "2026-05-12"), ("decide", "2026-05-20"),
)  # fmt: skip
"""The gates, each on its day."""


def prepared(people: County, until: str = "decide") -> int:
    """A decision that has come as far as a gate, that one passed."""
    case_id = consulted(people)
    for step, on in ALL:
        done(people, case_id, step, on)
        if step == until:
            break
    return case_id
