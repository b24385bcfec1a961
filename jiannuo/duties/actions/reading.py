"""Reading what is restricted of a promise: the files sent as evidence, and what people wrote. Each reading leaves a trace."""

from datetime import date, datetime

from msgspec import Struct

from jiannuo.access import actions as access
from jiannuo.access.rules import CLAUSE, Actor
from jiannuo.duties.models import Duty
from jiannuo.duties.queries.promises import acts_of, undertaking
from jiannuo.duties.rules import reading as may
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as ledger

PURPOSE_CLAUSE = "中华人民共和国个人信息保护法第六条（目的明确、最小必要）"


class EvidenceFile(Struct, frozen=True):
    """A file as it was sent in."""

    name: str
    type: str
    data: bytes


class Answer(Struct, frozen=True):
    """What somebody said of a promise, and on which day."""

    on: date
    agreed: bool
    words: str


def read_evidence(duty_id: int, *, act_id: int, place: int, actor: Actor, at: datetime, address: str) -> EvidenceFile:
    """A file of what the debtor sent in, for those who may read the promise; who took it is written down first."""
    duty = _readable(duty_id, actor)
    sent = next((act for act in acts_of(duty) if act.id == act_id and act.kind == "performance"), None)
    digests, names = (list(sent.body.get(name) or []) for name in ("evidence", "files")) if sent else ([], [])
    kept = ledger.evidence(digests[place]) if 0 <= place < len(digests) else None
    if sent is None or kept is None:
        raise Refused("没有这份佐证材料", fix="请从承诺的页面点文件名", code="not_found")
    access.note(
        actor, action="evidence.read", object=f"duty:{duty.pk}", at=at, organ_id=duty.debtor_id,
        detail=f"{sent.number} {names[place]}", address=address,
    )  # fmt: skip
    return EvidenceFile(names[place], kept.type, ledger.evidence_bytes(kept.digest))


def read_answers(duty_id: int, *, purpose: str, actor: Actor, at: datetime, address: str) -> tuple[Answer, ...]:
    """What people wrote about a promise, the latest first, for a purpose written down first; never for the organ it is about."""
    duty = _readable(duty_id, actor)
    promise = undertaking(duty, on=at.date())
    if not may.may_read_answers(actor, duty.confirmer_id, promise.debtors):
        fix = "反映情况的话只给确认单位和信用办看；承诺单位看得到属实、不属实各有几人"
        raise Refused("您不能看群众写了什么", fix=fix, clause=CLAUSE, code="forbidden")
    if not purpose.strip():
        fix = "请写明为什么要看，例如“核实排水沟是不是没有做”；查看会留下记录"
        raise Refused("没有写查看的目的", fix=fix, clause=PURPOSE_CLAUSE, field="purpose", code="purpose")
    access.note(
        actor, action="answers.read", object=f"duty:{duty.pk}", at=at, organ_id=duty.debtor_id, purpose=purpose.strip(),
        address=address,
    )  # fmt: skip
    said = [act for act in acts_of(duty) if act.kind == "response"]
    return tuple(
        Answer(act.happened_on, act.body.get("answer") == "agreed", ledger.personal(act.id).get("words", ""))
        for act in reversed(said)
    )


def _readable(duty_id: int, actor: Actor) -> Duty:
    duty = Duty.objects.filter(pk=duty_id, confirmer__isnull=False).first()
    if duty is None or not may.may_read(actor, duty.debtor_id, duty.confirmer_id):
        raise Refused("没有这项承诺，或者不在您的范围内", fix="请从列表进入", clause=CLAUSE, code="forbidden")
    return duty
