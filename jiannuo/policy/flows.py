"""A procedure as the pack has it: states, and the steps that lead from one to another. A table, without expressions.

| a step's `by` | who that is |
|---|---|
| opener | whoever opened the case: a citizen with the receipt code, or the organ or official that applied |
| subject | the organ, or the official, that the case is about |
| handler | the organ that has the case on its table |
| lead | the lead office; where the case is about itself, the organ that oversees it |
| oversight | the organ that oversees the lead office |
| personnel, discipline, leading_group, legal, government | a body that `pack.toml` names |
| reading | the person whose step opened the case, as they read who opened the case above it; no button takes it |
| clock | nobody: the tick takes it when `after` has run out since the state began |

A flow may also say, beside its steps:

| key | what it does |
|---|---|
| `act` | what its opening does to the record at once, before anybody looks (标明有异议); whatever ends the case ends the mark too |
| `repairable` | it is not opened before the first day on which the record may be repaired, nor for what is never repaired |
| `final` | the instrument it rests on must stand: for the values `when` of `field`, the time limits `limits`, counted from the day `served`, have run out by the day `final`, unless `upheld` says 是 |
| a step's `when` | for `clock`: not after a time limit but when the record the case is about counts no more (修复、撤下、期满), the term that the opening names is over, or the one it is about may have no honour any more |
| a step's `of` | the step is only there in cases about an organ, or only in those about an official |
| `finds` | the kinds of record that a case it opens may write: from then on it is about that record too, and may end it |
| a step's `asks` | beside `opens`: the kind that opens the other case; what the form asks for is its opening, and not a fact of this case |
| a step's `stays` | the case it opens lies on the table of this one's handler, whoever else would have it |
| a step's `passes_on` | whoever opened this case goes on with the one it opens, by the same receipt code |
| a step's `joins` | it waits until every case opened from this one is closed, and every promise written in it kept or lifted |
| `checklist` | the list of questions (`checklists/*.csv`) that its cases are answered by, and the kind of fact each answer is kept as |
| `within` | it is opened within a case of another `flow`, which a `field` of its opening names by number (or from whose page it comes, where no field does), while that stands in one of `states`; that case may wait for it (`joins`) |
| a step's `carries` | fields of the fact it writes that the case holds already; they are taken over, not asked for again |
| `kept` | the kind of an ordinary record that the case keeps up: the steps' `keeps` write it and bring it up to date, nobody uploads it |
| `only` | what the item must say to be asked for (状态：实施), by field |
| `by_web` | what an opening on the portal says by itself (渠道：网上); its form does not ask for it |
| a step's `fills`, `keeps`, `where`, `once`, `stops`, `goes_on`, `adds`, `lists`, `notice` | see `policy.filling` |
| a step's `lines` | a kind of fact of which it writes one for each line typed in: everybody who took part, with what each said |

Where a step `asks` for a kind that organs upload, what it is given goes through the checks of intake like a row of a file.
"""

from collections.abc import Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Any, Literal, Self

from msgspec import Struct

from jiannuo.policy.filling import Filling
from jiannuo.policy.flow_parts import Checklist, Final, Within

BY: Mapping[str, str] = MappingProxyType(
    {
        "opener": "提出人",
        "subject": "被反映的单位、当事人",
        "handler": "承办单位",
        "lead": "信用办",
        "oversight": "信用办的上级单位",
        "personnel": "组织人事部门",
        "discipline": "纪检监察机关",
        "leading_group": "领导小组",
        "legal": "合法性审查机构",
        "government": "政府办公室",
        "reading": "申请人本人在查看时",
        "clock": "系统按期限自动办理",
    }
)
"""Who may take a step, and what people call them."""
BODIES = ("personnel", "discipline", "leading_group", "legal", "government")
"""Those of them that a county names in `pack.toml`."""
OPENING = "open"
"""What `not_by` calls the opening of a case: whoever opened it may not take the step."""
RIGHTS: Mapping[str, str] = MappingProxyType({"handle": "经办", "decide": "审核决定"})
NEEDS: Mapping[str, str] = MappingProxyType(
    {
        "words": "书面说明",
        "papers": "附材料",
        "organ": "选一个单位",
        "organs": "选几个单位",
        "correction": "原记录已经更正",
        "record": "已经认定并写入记录",
        "no_record": "没有写入记录",
        "overdue": "有一项到期没有办",
        "whole": "登记的各期合计达到协议确定的金额",
        "criteria": "评选标准由台账逐项核对，没有不符合的",
        "eligible": "结果运用答“可以”",
        "answers": "逐项回答检查清单",
        "all_right": "清单每一项都答过，没有不合格的",
        "some_wrong": "清单每一项都答过，有不合格的",
    }
)
HANDS_TO: Mapping[str, str] = MappingProxyType(
    {
        "": "不变",
        "lead": "信用办",
        "superior": "被反映单位的上级或主管单位",
        "subject": "被反映的单位",
        "opener": "提出的单位",
        "chosen": "这一步里选的单位",
        "source": "作出原记录的单位",
        "parent": "承办上一件事的单位",
        "legal": BY["legal"],
        "discipline": BY["discipline"],
        "government": BY["government"],
        "named": "提出时写明的单位",
    }
)
"""Who has the case on its table after a step."""
ABOUT: Mapping[str, str] = MappingProxyType(
    {
        "": "不针对谁",
        "organ": "单位",
        "official": "公务员",
        "record": "一条记录",
        "item": "清单里的一个事项",
    }
)
"""What a case is about. A record brings its own subject: the organ, official or outside party it speaks of. An item of an organ's
public list is asked of that organ and says nothing against it; what the list says of it is taken over, field by field."""
OPENERS: Mapping[str, str] = MappingProxyType(
    {
        "public": "群众和企业在门户提出",
        "subject": "当事人提出",
        "handle": "经办人登记",
        "lead": "信用办登记",
        "case": "由另一件事办出来",
    }
)
SEES: Mapping[str, str] = MappingProxyType({"never": "看不到", "told": "告知以后看得到告知的内容", "whole": "看得到"})
"""What the one a case is about sees of it."""
ACTS: Mapping[str, str] = MappingProxyType(
    {"dispute": "标明有异议", "settlement": "撤去异议标注", "withdrawal": "撤下公示", "repair": "信用修复"}
)
"""What a step, or the opening, may do to the record that the case is about."""
SETTLING = ("settlement", "withdrawal", "repair")
"""The acts after which a record is no longer marked as disputed."""
WHEN: Mapping[str, str] = MappingProxyType(
    {
        "record_ended": "原记录不再计入（修复、撤下、期满）",
        "term_over": "提出时写明的有效期满",
        "barred": "当事人有了不能评优评先的记录",
    }
)
"""What the clock may wait for besides a time limit."""
OF: Mapping[str, str] = MappingProxyType({"": "单位和公务员", "organ": "单位", "official": "公务员"})
"""Whose cases a step is there for."""


class State(Struct, frozen=True):
    """Where a case can stand. A final one ends it."""

    id: str
    title: str
    final: bool
    words: str
    """What whoever opened the case is told while it stands there."""


def counted_from(entry: Mapping[str, Any]) -> dict[str, str]:
    """By clock that a step starts, the step whose day it is counted from."""
    named = entry.get("counted_from", {})
    return dict(named) if isinstance(named, dict) else dict.fromkeys(entry.get("starts", ()), named)


class Step(Struct, frozen=True):
    """One row of the table."""

    id: str
    title: str
    start: frozenset[str]
    """The states it may be taken in."""
    to: str
    """The state it leads to; empty where the state stays."""
    by: str
    right: Literal["handle", "decide"]
    not_by: tuple[str, ...]
    """Steps whose taker may not take this one: two people."""
    requires: tuple[str, ...]
    """Steps that must have been taken before, in any order."""
    needs: tuple[str, ...]
    what: str
    """What its words should say, as the form asks for it."""
    asks: str
    """The kind of fact it writes, whose fields it asks for."""
    starts: tuple[str, ...]
    ends: tuple[str, ...]
    lifts: tuple[str, ...]
    pauses: tuple[str, ...]
    resumes: tuple[str, ...]
    counted_from: Mapping[str, str]
    """By clock it starts, the step from whose day that is counted where it is not its own (延长期限 counts from 受理); `open` is
    the opening. A table may name one step for all of them.
    """
    act: str
    hands_to: str
    answers: bool
    """Its words are the answer to whoever opened the case."""
    tells: bool
    """The one it is about is told of it, and sees the case from then on as far as `sees` goes."""
    public: bool
    """Its words may be read by everybody."""
    opens: str
    """The flow of which it opens a case: one for each organ chosen (`parts`), or one of its own."""
    parts: bool
    joins: bool
    """It waits until every case opened from this one is closed, and every promise written in it kept or lifted."""
    after: str
    """For `clock`: the time limit that has to run out."""
    hint: str
    of: str
    carries: tuple[str, ...]
    when: str
    stays: bool
    passes_on: bool
    filling: Filling
    lines: str
    """The kind of fact it writes for each line typed in."""

    @classmethod
    def read(cls, entry: Mapping[str, Any]) -> Self:
        def several(key: str) -> tuple[str, ...]:
            return tuple(entry.get(key, ()))

        return cls(
            id=entry["id"],
            title=entry["title"],
            start=frozenset(entry["from"]),
            to=entry.get("to", ""),
            by=entry["by"],
            right=entry.get("right", "handle"),
            not_by=several("not_by"),
            requires=several("requires"),
            needs=several("needs"),
            what=entry.get("what", ""),
            asks=entry.get("asks", ""),
            starts=several("starts"),
            ends=several("ends"),
            lifts=several("lifts"),
            pauses=several("pauses"),
            resumes=several("resumes"),
            counted_from=counted_from(entry),
            act=entry.get("act", ""),
            hands_to=entry.get("hands_to", ""),
            answers=bool(entry.get("answers", False)),
            tells=bool(entry.get("tells", False)),
            public=bool(entry.get("public", False)),
            opens=entry.get("opens", ""),
            parts=bool(entry.get("parts", False)),
            joins=bool(entry.get("joins", False)),
            after=entry.get("after", ""),
            hint=entry.get("hint", ""),
            of=entry.get("of", ""),
            carries=several("carries"),
            when=entry.get("when", ""),
            stays=bool(entry.get("stays", False)),
            passes_on=bool(entry.get("passes_on", False)),
            filling=Filling.read(entry),
            lines=entry.get("lines", ""),
        )

    @property
    def turn(self) -> str:
        """Whose turn it is because of it, as `by` names them."""
        return "opener" if self.filling.for_opener else self.by

    def leads_to(self, state: str) -> str:
        """The state a case stands in after the step was taken in one."""
        return self.to or state


class Flow(Struct, frozen=True, dict=True):
    """A procedure: what opens it, where it can stand, what may be done there."""

    id: str
    title: str
    short: str
    source: str
    clause: str
    assumed: str
    kind: str
    """The kind of fact that opens a case."""
    mark: str
    """The character its numbers begin with: 诉〔2026〕12号."""
    opened_by: tuple[str, ...]
    handled_by: str
    """Who has it first: one of HANDS_TO."""
    about: str
    records: tuple[str, ...]
    """The kinds of record it may be about."""
    finds: tuple[str, ...]
    """The kinds of record that the cases it opens may write, and that it is about from then on."""
    apart: str
    """The kind of fact that keeps, sealed and by itself, who opened it; asked for on the same form."""
    papers: bool
    """Whether papers must come with its opening."""
    act: str
    """What its opening does to the record."""
    repairable: bool
    final: Final | None
    checklist: Checklist | None
    within: Within | None
    sees: str
    public: bool
    """Whether the portal lists its cases, without anybody's personal data."""
    kept: str
    """The kind of record that the case keeps up."""
    only: Mapping[str, frozenset[str]]
    """What an item must say to be asked for, by field."""
    by_web: Mapping[str, str]
    """What an opening on the portal says by itself."""
    states: Mapping[str, State]
    first: str
    steps: tuple[Step, ...]

    @classmethod
    def read(cls, name: str, entry: Mapping[str, Any], clause: str = "") -> Self:
        states = {
            key: State(key, one["title"], bool(one.get("final", False)), one.get("words", ""))
            for key, one in entry["state"].items()
        }
        return cls(
            id=name,
            title=entry["title"],
            short=entry["short"],
            source=entry.get("source", ""),
            clause=entry.get("clause", clause),
            assumed=entry.get("assumed", ""),
            kind=entry["kind"],
            mark=entry["mark"],
            opened_by=tuple(entry["opened_by"]),
            handled_by=entry["handled_by"],
            about=entry.get("about", ""),
            records=tuple(entry.get("records", ())),
            finds=tuple(entry.get("finds", ())),
            apart=entry.get("apart", ""),
            papers=bool(entry.get("papers", False)),
            act=entry.get("act", ""),
            repairable=bool(entry.get("repairable", False)),
            final=Final.read(entry["final"]) if "final" in entry else None,
            checklist=Checklist.read(entry["checklist"]) if "checklist" in entry else None,
            within=Within.read(entry["within"]) if "within" in entry else None,
            sees=entry.get("sees", "told"),
            public=bool(entry.get("public", False)),
            kept=entry.get("kept", ""),
            only={name: frozenset(values) for name, values in entry.get("only", {}).items()},
            by_web=dict(entry.get("by_web", {})),
            states=states,
            first=next(iter(states)),
            steps=tuple(Step.read(step) for step in entry["step"]),
        )

    @cached_property
    def by_id(self) -> Mapping[str, Step]:
        return {step.id: step for step in self.steps}

    def called(self, step: str) -> str:
        """What people call a step, the opening among them."""
        return "提出" if step == OPENING else self.by_id[step].title

    def out_of(self, state: str) -> tuple[Step, ...]:
        """The steps that may be taken in a state, in the table's order."""
        return tuple(step for step in self.steps if state in step.start)

    @property
    def backing(self) -> str:
        """What the procedure stands on, in words."""
        return self.source or self.assumed
