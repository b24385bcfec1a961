"""Who opened a case: kept apart, opened to who handles it where its opener agreed, else by two people, for a purpose, traced."""

from datetime import date, datetime
from enum import StrEnum

from django.db import transaction
from msgspec import Struct

from jiannuo.access import actions as access
from jiannuo.access.rules import CLAUSE, Actor, check_purpose, may
from jiannuo.cases import queries, rules
from jiannuo.cases.actions.opening import ANONYMOUS
from jiannuo.cases.actions.taking import take
from jiannuo.cases.actions.writing import Given
from jiannuo.cases.queries import OPEN, CaseCard, StepCard
from jiannuo.cases.rules import Taker
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as entries
from jiannuo.ledger.queries import EntryCard
from jiannuo.policy import pack as policy
from jiannuo.policy.flows import Flow, Step

OPENLY = "公开"
PROTECTS = "信访工作条例（2022年）第三十条：不得将检举控告材料和检举控告人的情况透露给被检举控告的人员或者单位"


class Way(StrEnum):
    """How somebody on the desk stands towards knowing who opened a case."""

    NOBODY = "nobody"
    """There is nobody to know: no name was left."""
    OPENLY = "openly"
    """Whoever opened it lets the one who handles it know; a purpose is asked for."""
    ASK = "ask"
    """It has to be asked for, by the step of the table that opens the procedure."""
    WAITS = "waits"
    """Asked, and not decided."""
    AGREED = "agreed"
    """Another person agreed: the one who asked may read it once."""
    CLOSED = "closed"
    """Not for this person."""


class Standing(Struct, frozen=True):
    """How a person stands towards it, and until when they may read."""

    way: Way
    step: str = ""
    """The step of the case with which it is asked for."""
    until: date | None = None
    request: CaseCard | None = None


class Reporter(Struct, frozen=True):
    """Who opened a case, as far as they said."""

    disclosure: str
    name: str
    contact: str


def standing(card: CaseCard, *, actor: Actor, on: date) -> Standing:
    """What the desk offers this person: nothing is opened by asking."""
    done = queries.steps(card)
    apart = _apart(card, done)
    if apart is None:
        return Standing(Way.NOBODY)
    matter = queries.matter(card, done, as_of=on)
    handles = actor.organ_id in matter.answering["handler"] and may(actor, "cases.handle")
    if rules.is_own(matter, actor) or not handles:
        return Standing(Way.CLOSED)
    if _disclosure(apart) == OPENLY:
        return Standing(Way.OPENLY)
    asking = next((step for step in card.flow.steps if step.opens and _reading(step.opens)), None)
    if asking is None:
        return Standing(Way.CLOSED)
    for request in reversed(queries.parts(card, as_of=on)):
        if request.flow.id != asking.opens or request.state.final or _asker(request) != actor.username:
            continue
        reading = _reading(request.flow.id)
        if reading and request.state.id in reading.start:
            until = _until(request)
            if until is None or on <= until:
                return Standing(Way.AGREED, asking.id, until, request)
        else:
            return Standing(Way.WAITS, asking.id, None, request)
    return Standing(Way.ASK if card.state.id in asking.start else Way.CLOSED, asking.id)


@transaction.atomic
def reveal(case_id: int, *, actor: Actor, purpose: str, on: date, at: datetime, address: str = "") -> Reporter:
    """Who opened the case. Refuses in words who may not know; each reading leaves a trace with its purpose, for auditors and its opener.

    Where two people have to agree, it opens once, to the one who asked, until the day the agreement lapses.
    """
    card = queries.case(case_id, as_of=on)
    if card is None:
        raise Refused("没有这件事", fix="请从列表进入", code="not_found")
    found = standing(card, actor=actor, on=on)
    why = check_purpose(purpose) if found.way is Way.OPENLY else ""
    if found.way is Way.AGREED and found.request:
        why = "；".join(_asked(found.request))[:200]
        given = Given("按批准的用途查看了一次", token=f"read/{found.request.number}")
        take(
            found.request.id,
            step=_reading_of(found.request).id,
            given=given,
            taker=Taker(actor, reads=True),
            on=on,
            at=at,
        )
    elif found.way is not Way.OPENLY:
        raise _no(found, actor)
    apart = _apart(card, queries.steps(card))
    opened = entries.personal(apart.id) if apart else {}
    access.note(
        actor, action="reporter.read", object=f"reporter:{card.number}", at=at, organ_id=card.handler_id,
        detail=f"{actor.organ_name}{actor.name}", purpose=why, address=address,
    )  # fmt: skip
    return Reporter(_disclosure(apart), opened.get("name", ""), opened.get("contact", ""))


def _no(found: Standing, actor: Actor) -> Refused:
    message, fix = {
        Way.NOBODY: ("提出人没有留姓名", "要问提出人的，在这件事里用“联系提出人”，他凭回执码看得到"),
        Way.ASK: ("提出人要求保密，还没有批准您看", "请先办“申请查看提出人”，由信用办或者纪检监察机关的另一个人批准"),
        Way.WAITS: (
            "您的申请还没有批准",
            f"请等信用办或者纪检监察机关办理（{found.request.number if found.request else ''}）",
        ),
    }.get(found.way, ("提出人是谁，只有正在承办的人能申请查看", "确需知道的，请由承办单位的人员申请"))
    return Refused(message, fix=fix, clause=PROTECTS if actor.organ_id else CLAUSE, code="forbidden")


def _apart(card: CaseCard, done: list[StepCard]) -> EntryCard | None:
    """The entry that keeps who opened the case; nothing where no name was left."""
    number = done[0].entry.body.get("apart") if done and card.flow.apart else None
    found = entries.entry(int(number)) if number else None
    return None if found is None or _disclosure(found) == ANONYMOUS else found


def _disclosure(apart: EntryCard | None) -> str:
    if apart is None:
        return ANONYMOUS
    kind = policy.current().kinds[apart.kind]
    return str(apart.body.get(kind.field_for("disclosure")) or "")


def _reading(flow_id: str) -> Step | None:
    """The step of a procedure that is taken by reading."""
    flow: Flow = policy.current().flows[flow_id]
    return next((step for step in flow.steps if step.by == "reading"), None)


def _reading_of(request: CaseCard) -> Step:
    found = _reading(request.flow.id)
    assert found is not None, request.flow.id  # noqa: S101 - standing looked
    return found


def _asker(request: CaseCard) -> str:
    first = queries.steps(request)[0]
    return first.entry.author if first.entry.body["step"] == OPEN else ""


def _until(request: CaseCard) -> date | None:
    """The last day of the agreement, by the time limit after which the clock lets it lapse."""
    lapse = next((step for step in request.flow.out_of(request.state.id) if step.by == "clock"), None)
    if lapse is None:
        return None
    pack = policy.current()
    return pack.rule(lapse.after, on=request.entered_on).due(request.entered_on, pack.calendar).due_on


def _asked(request: CaseCard) -> list[str]:
    """The purpose as it was agreed to."""
    said = entries.personal(request.opening.id)
    return [said[name] for name in request.kind.fields_for("title") if said.get(name)]
