"""May these receive it? Asked by a program, answered on record with the purpose, as at the desk."""

from datetime import date

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import ConfigDict, Field

from jiannuo.api.batches import Token
from jiannuo.api.keys import actor
from jiannuo.api.shapes import Text
from jiannuo.kernel import clock
from jiannuo.measures import actions
from jiannuo.measures.queries import MOST, AnswerCard
from jiannuo.measures.rules import Asked

router = Router(tags=["结果运用"])


class SubjectIn(Schema):
    """A subject as whoever asks names it; a code goes before a name."""

    model_config = ConfigDict(extra="forbid")

    name: Text = Field("", max_length=200, description="单位、企业名称或者公务员姓名")
    code: Text = Field("", max_length=64, description="单位编码、统一社会信用代码或者人员编号")


class EligibilityIn(Schema):
    """What is asked, of whom, and why."""

    model_config = ConfigDict(extra="forbid")

    use: Text = Field(
        max_length=20, description="honour 评优评先，project 项目，fund 财政资金，pilot 试点示范，procurement 政府采购"
    )
    purpose: Text = Field(max_length=200, description="查询的目的，会记下来")
    subjects: list[SubjectIn] = Field(min_length=1, max_length=MOST)


class FactOut(Schema):
    """Why it is answered so."""

    measure: str
    record: str
    source: str
    ends_on: date | None
    disputed: bool


class AnswerOut(Schema):
    """The answer for one subject, in the order asked."""

    name: str
    code: str
    answer: str = Field(description="yes 可以，no 不可以，ask 由决定的单位核实")
    why: str
    ends_on: date | None
    facts: list[FactOut]


class EligibilityOut(Schema):
    """The answers, and the certificate they are on record under."""

    certificate: str = Field(description="证明编号，可以在门户核验")
    digest: str
    answers: list[AnswerOut]


@router.post("/eligibility", response=EligibilityOut, summary="能不能评优、立项、用款、试点、参加采购")
def eligibility(request: HttpRequest, body: EligibilityIn, key: Token = None) -> EligibilityOut:
    asked = [Asked(one.name, one.code) for one in body.subjects]
    at = clock.now()
    token = key or at.isoformat()
    done = actions.ask(
        asked, use=body.use, purpose=body.purpose, actor=actor(request), on=clock.today(), at=at, token=token
    )
    return EligibilityOut(
        certificate=done.certificate.number, digest=done.certificate.digest, answers=[_out(one) for one in done.answers]
    )


def _out(one: AnswerCard) -> AnswerOut:
    facts = [FactOut(**{name: getattr(fact, name) for name in FactOut.model_fields}) for fact in one.facts]
    code = one.key.partition(":")[2] or one.asked.code
    return AnswerOut(name=one.name, code=code, answer=one.word, why=one.why, ends_on=one.ends_on, facts=facts)
