"""Who may take which step of a case, when. Pure: a case as it stands and who asks, a refusal in words or nothing out."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from msgspec import Struct

from jiannuo.access.rules import CLAUSE, Actor, may
from jiannuo.kernel import workdays
from jiannuo.kernel.personal import Found, find_personal
from jiannuo.kernel.refusals import Refused
from jiannuo.kernel.workdays import Calendar, Due, Pause
from jiannuo.policy.checklists import Question
from jiannuo.policy.flows import BODIES, BY, OF, OPENING, RIGHTS, Flow, State, Step

OWN_CASE = "发改财金〔2023〕1103号：反映一个单位的事，由它的上级或者主管单位核实，不由它自己办理"
SHORTEST_WORDS = 6
LONGEST_WORDS = 5000
MOST_FILES = 10
TICK = "tick"
"""Who takes what the clock takes."""
RECEIPT = "receipt"
"""The author of what somebody did with a receipt code, without an account."""


class Matter(Struct, frozen=True):
    """A case as the rules of its steps see it."""

    flow: Flow
    number: str
    state: State
    answering: Mapping[str, frozenset[int]]
    """For each `by` of the table, the organs that stand for it today, with those they took over."""
    subject: frozenset[int]
    """The organ it is about, with those it took over and the one that took it over."""
    official: str
    """The code of the official it is about."""
    opener_official: str
    takers: Mapping[str, str]
    """Step → who took it last; the opening with them."""
    cases_open: int
    """Of the cases opened from it, how many are not closed."""
    promises_open: int
    """Of the promises written in it, how many are neither kept nor lifted."""
    told: bool
    said: Mapping[str, object] = {}
    """What its opening says in the open, by field."""


class Run(Struct, frozen=True):
    """How the working days of a case run: when they stand still, and by how many they grew."""

    pauses: tuple[Pause, ...] = ()
    added: int = 0


class Taker(Struct, frozen=True):
    """Who asks for a step: an account, the holder of the receipt code, or the clock (neither)."""

    actor: Actor | None = None
    holds_receipt: bool = False
    reads: bool = False
    """Whether the account is about to read who opened the case above this one."""

    @property
    def author(self) -> str:
        """Under which name the ledger keeps what was done."""
        return self.actor.username if self.actor else RECEIPT if self.holds_receipt else TICK


def run_of(happened: Iterable[tuple[Step, date, str]], *, added: int) -> Run:
    """From the day of a step that stops them until the day it named, or the day before one from which they go on, if that is sooner:
    what takes longer than the applicant was told counts (行政许可法第四十五条).
    """
    pauses: list[Pause] = []
    for step, on, until in happened:
        if step.filling.stops:
            pauses.append(Pause(on, date.fromisoformat(until), step.title))
        elif step.filling.goes_on and pauses and pauses[-1].last >= on:
            last = pauses.pop()
            before = on - timedelta(days=1)
            pauses += [Pause(last.first, before, last.why)] if before >= last.first else []
    return Run(tuple(pauses), added)


def last_day(calendar: Calendar, start: date, limit: int, run: Run) -> Due:
    """The last of so many working days after a day, those left out on which they stood still."""
    return workdays.due(calendar, start=start, limit=limit + run.added, unit="workday", pauses=run.pauses)


def open_steps(matter: Matter, taker: Taker) -> tuple[Step, ...]:
    """The steps that this taker may take now."""
    return tuple(step for step in matter.flow.out_of(matter.state.id) if why_not(matter, step, taker) is None)


def may_take(matter: Matter, step: Step, taker: Taker) -> None:
    """Refuses a step that cannot be taken now, or not by this taker."""
    if matter.state.id not in step.start:
        states = "、".join(matter.flow.states[one].title for one in matter.flow.states if one in step.start)
        raise _no(
            matter,
            f"这件事现在是“{matter.state.title}”，不能{step.title}",
            f"“{step.title}”要在“{states}”时办；请刷新页面，看别人是不是已经办了",
            "state",
        )
    if refused := why_not(matter, step, taker):
        raise refused


def why_not(matter: Matter, step: Step, taker: Taker) -> Refused | None:
    """Why the taker may not take the step, apart from where the case stands; nothing where they may."""
    if step.by == "clock":
        return None if taker.author == TICK else _no(matter, f"“{step.title}”由系统按期限办理", "不必办", "forbidden")
    if taker.author == TICK:
        return _no(matter, f"“{step.title}”要由{BY[step.by]}来办", "请等有权办理的人", "forbidden")
    if not step.filling.applies(matter.said):
        values = "、".join(value for several in step.filling.where.values() for value in sorted(several))
        return _no(matter, f"“{step.title}”只用于“{values}”的事", "请刷新页面，按列出的步骤办理", "where")
    if step.filling.once and step.id in matter.takers:
        return _no(matter, f"“{step.title}”只能办一次，已经办过", "没有一次告知、一次办完的，不能再办", "once")
    if (step.of == "official") != bool(matter.official) and step.of:
        return _no(matter, f"“{step.title}”只用于{OF[step.of]}的事", "请刷新页面，按列出的步骤办理", "of")
    refused = _wrong_person(matter, step, taker)
    if refused:
        return refused
    for other in step.not_by:
        if matter.takers.get(other) == taker.author:
            done = matter.flow.called(other)
            return _no(matter, f"“{done}”是您办的，“{step.title}”要由另一个人办", "请同单位另一位有权的人办理", "two")
    if missing := [matter.flow.by_id[one].title for one in step.requires if one not in matter.takers]:
        return _no(matter, f"还没有办：{'、'.join(missing)}", f"这几步都办过，才能“{step.title}”", "requires")
    if step.joins and matter.cases_open:
        message = f"由这件事办出来的，还有{matter.cases_open}件没有办结"
        return _no(matter, message, "请等它们都办结以后再办这一步", "parts")
    if step.joins and matter.promises_open:
        message = f"协议的履行还有{matter.promises_open}期没有确认"
        return _no(matter, message, "请等每一期都确认履行以后再办这一步", "promises")
    return None


def _wrong_person(matter: Matter, step: Step, taker: Taker) -> Refused | None:
    who = BY[step.by]
    if taker.actor is None:
        return None if step.by == "opener" else _no(matter, f"“{step.title}”由{who}办理", "请等答复", "forbidden")
    actor = taker.actor
    if step.by == "reading":
        mine = taker.reads and matter.takers.get(OPENING) == actor.username
        return (
            None
            if mine
            else _no(matter, f"“{step.title}”由申请人本人办理", "请由申请人本人在原来那件事里查看", "forbidden")
        )
    if step.by == "opener" and matter.opener_official and actor.official == matter.opener_official:
        return None
    if step.by == "subject" and matter.official:
        mine = actor.official == matter.official
        return None if mine else _no(matter, f"“{step.title}”由当事人本人办理", "请当事人用本人账号办理", "forbidden")
    if step.by not in ("subject", "opener") and is_own(matter, actor):
        return Refused("这件事是反映您单位或者您本人的，您不能办理", fix=f"由{who}办理", clause=OWN_CASE, code="own")
    organs = matter.answering.get(step.by, frozenset())
    if actor.organ_id is None or actor.organ_id not in organs:
        return Refused(f"“{step.title}”由{who}办理", fix="请由该单位的人员办理", clause=CLAUSE, code="forbidden")
    if not any(may(actor, f"cases.{step.right}", organ) for organ in organs):
        right = RIGHTS[step.right]
        return Refused(f"您没有{right}的权限", fix=f"请本单位有“{right}”权限的人办理", clause=CLAUSE, code="forbidden")
    return None


def is_own(matter: Matter, actor: Actor) -> bool:
    """Whether the case is about the actor, or about the actor's own organ."""
    return actor.organ_id in matter.subject or bool(matter.official and actor.official == matter.official)


def may_read(matter: Matter, involved: frozenset[int], actor: Actor) -> bool:
    """Whether someone on the desk may see the case: those who handle or handled it, who opened it, who oversees all, and the one it
    is about as far as the procedure lets them.
    """
    if not may(actor, "cases.read") and not actor.official:
        return False
    if actor.official and actor.official in (matter.official, matter.opener_official):
        return (
            matter.flow.sees != "never" and (matter.told or matter.flow.sees == "whole")
        ) or actor.official == matter.opener_official
    if actor.organ_id in matter.subject:
        return matter.flow.sees == "whole" or (matter.flow.sees == "told" and matter.told)
    if not may(actor, "cases.read"):
        return False
    everywhere = matter.answering.get("lead", frozenset()) | matter.answering.get("oversight", frozenset())
    return actor.organ_id in involved | everywhere | _asked_now(matter)


def _asked_now(matter: Matter) -> frozenset[int]:
    """The bodies whose step it is, who have it on nobody's table of theirs."""
    asked = [
        matter.answering.get(step.by, frozenset()) for step in matter.flow.out_of(matter.state.id) if step.by in BODIES
    ]
    return frozenset().union(*asked)


def words_of(matter: Matter, step: Step, text: str) -> str:
    """The words without blanks around them; refuses none where the step needs them, and too few or too many to be read.

    What the clock does says what is told of the state it leads to, so that nothing closes in silence.
    """
    if step.by == "clock":
        return text.strip() or matter.flow.states[step.leads_to(matter.state.id)].words
    words = text.strip()
    if not words and "words" not in step.needs:
        return ""
    if not SHORTEST_WORDS <= len(words) <= LONGEST_WORDS:
        what = step.what or "情况"
        fix = f"请用{SHORTEST_WORDS}到{LONGEST_WORDS}个字写明{what}"
        raise _no(matter, f"{what}没有写清楚", fix, "words", field="words")
    if matter.flow.public and step.public and (found := next(filter(_certain, find_personal(words)), None)):
        fix = "请删去个人信息后再提交"
        raise _no(matter, f"这一步的说明会向社会公开，其中有{found.what}“{found.text}”", fix, "personal", field="words")
    return words


ANSWERED_WRONG = "不合格"
"""The answer that must say what was seen and show it."""


def whole_answer(
    matter: Matter, questions: Mapping[str, Question], item: str, result: str, words: str, photos: int
) -> None:
    """Refuses an answer to what is not asked, and one that finds fault without saying and showing what was seen."""
    if item not in questions:
        raise _no(
            matter, f"清单里没有“{item[:16]}”这一项", "请刷新页面，照现行的清单回答", "checklist", field="answers"
        )
    if result != ANSWERED_WRONG:
        return
    if len(words.strip()) < SHORTEST_WORDS:
        fix = f"请用{SHORTEST_WORDS}个字以上写明在哪里、看到了什么"
        raise _no(matter, f"{item}不合格，没有写明情况", fix, "checklist", field=item)
    if not photos:
        raise _no(matter, f"{item}不合格，没有照片", "请当场拍一张再提交", "checklist", field=item)


def some_answers(matter: Matter, items: Sequence[str]) -> None:
    """Refuses a sending without an answer, and two answers to one item."""
    if not items:
        raise _no(matter, "一项也没有回答", "请至少选一项的结果再提交", "checklist", field="answers")
    if twice := sorted({one for one in items if items.count(one) > 1}):
        raise _no(matter, f"{'、'.join(twice)}答了两次", "一次提交里每项只答一次", "checklist", field="answers")


def conclude(matter: Matter, step: Step, questions: Mapping[str, Question], results: Mapping[str, str]) -> None:
    """Refuses a conclusion while an item is not answered, and one that the answers contradict."""
    if missing := [item for item in questions if item not in results]:
        fix = "请先在“现场检查”里答完，不适用的答“不适用”"
        raise _no(matter, f"还有{len(missing)}项没有回答：{'、'.join(missing)}", fix, "checklist")
    wrong = [item for item in questions if results[item] == ANSWERED_WRONG]
    if wrong and "all_right" in step.needs:
        raise _no(matter, f"有不合格的：{'、'.join(wrong)}", "请改办告知问题、要求整改的一步", "checklist")
    if not wrong and "some_wrong" in step.needs:
        raise _no(matter, "清单各项没有不合格的", "请改办检查合格的一步", "checklist")


def need_files(matter: Matter, step: Step, count: int) -> None:
    """Refuses a step that needs papers and has none, or more than anybody reads."""
    if "papers" in step.needs and not count:
        raise _no(
            matter, "没有附材料", step.hint or "请附上能证明的材料：文书、照片、文件扫描件", "papers", field="papers"
        )
    if count > MOST_FILES:
        raise _no(
            matter, f"一次最多附{MOST_FILES}份材料", "请合并成一个PDF，或者只附最要紧的几份", "papers", field="papers"
        )


def _certain(found: Found) -> bool:
    return found.certain


def _no(matter: Matter, message: str, fix: str, code: str, *, field: str = "") -> Refused:
    return Refused(message, fix=fix, clause=matter.flow.clause or matter.flow.source, field=field, code=code)
