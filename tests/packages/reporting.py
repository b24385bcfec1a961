"""Half-yearly reports as tests make them: asked for by the calendar, written, signed, collected."""

from collections.abc import Callable, Mapping
from datetime import date

from jiannuo.access.rules import Actor
from jiannuo.assessment import actions
from jiannuo.assessment.queries.figures import Frame, figures
from jiannuo.assessment.queries.reports import ReportCard, report
from jiannuo.assessment.rules.figures import Figure
from jiannuo.assessment.rules.periods import Period
from jiannuo.assessment.rules.reporting import Typed, fingerprint, mark
from jiannuo.duties import tick
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.rules import OrganCard
from tests.packages.promising import at

H1 = Period(2026, 1)
WORDS: Mapping[str, str] = {
    "overview": "上半年本单位按照方案要求公示行政许可和行政处罚，办理群众反映的事项，总体平稳有序，没有发生重大失信事件。",
    "done": "一是逐项登记承诺，明确责任岗位和办结日期；二是每周核对台账，提前提醒；三是公开办理结果，接受群众监督。",
    "problems": "个别许可公示不够及时，原因是人手不足、交接不清，六月已经整改到位。",
    "next": "七月底前由办公室完成台账逐项核对，八月起每周通报一次。",
}


def day(text: str) -> date:
    return date.fromisoformat(text)


def asked(on: str = "2026-07-01") -> None:
    """The installation has run since January, and the calendar has asked for the first half of the year."""
    tick.run(as_of=day("2026-01-20"), now=at("2026-01-20"))
    tick.run(as_of=day(on), now=at(on))


def card(organ: OrganCard, on: str, period: Period = H1) -> ReportCard:
    found = report(organ.id, period, as_of=day(on))
    assert found is not None
    return found


def own(organ: OrganCard, on: str, period: Period = H1) -> dict[str, Figure]:
    frame = Frame(subjects.directory(day(on)), period, day(on), (organ.id,))
    return {one.id: one for one in figures(frame)[organ.id]}


def write(organ: OrganCard, by: Actor, on: str, **words: str) -> actions.Saved:
    """The words typed over whatever the form showed."""
    draft = card(organ, on).draft
    there = draft.words if draft else {}
    typed = {name: Typed(text, mark(there.get(name, ""))) for name, text in words.items()}
    return actions.save(organ.id, period=H1, typed=typed, actor=by, on=day(on), at=at(on))


def offer(organ: OrganCard, by: Actor, on: str) -> None:
    actions.offer(organ.id, period=H1, actor=by, on=day(on), at=at(on))


def sign(organ: OrganCard, by: Actor, on: str) -> int:
    now = card(organ, on)
    assert now.draft is not None
    seen = fingerprint(now.draft.words, now.draft.stated, list(own(organ, on).values()))
    return actions.sign(organ.id, period=H1, seen=seen, actor=by, on=day(on), at=at(on))


def sent(organ: OrganCard, person: Callable[..., Actor], on: str, **more: str) -> ReportCard:
    """A report written by a clerk and signed by the head."""
    write(organ, person(organ, "clerk"), on, **{**WORDS, **more})
    offer(organ, person(organ, "clerk"), on)
    sign(organ, person(organ, "head"), on)
    return card(organ, on)
