"""Taking a case in: its opening fact, its number, its first clock, and a receipt code for who has no account."""

import base64
import hmac
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from msgspec import Struct
from msgspec.structs import replace

from jiannuo.access import actions as access
from jiannuo.access.rules import Actor, may
from jiannuo.cases import queries
from jiannuo.cases.actions import demanding
from jiannuo.cases.actions.asking import taken_over
from jiannuo.cases.actions.cleaning import cleaned, named
from jiannuo.cases.actions.handling import OFFICIAL, Whom, carried_by, first_handler, naming, whom
from jiannuo.cases.actions.writing import (
    Given,
    Moment,
    act_on,
    append_step,
    carry_over,
    checked,
    identity,
    person_key,
    write,
)
from jiannuo.cases.models import Case, Counter
from jiannuo.cases.queries import CaseCard
from jiannuo.cases.rules import TICK, Taker
from jiannuo.duties.actions import Upload
from jiannuo.kernel import attachments
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as entries
from jiannuo.ledger import rules as ledger_rules
from jiannuo.ledger.queries import EntryCard
from jiannuo.policy import pack as policy
from jiannuo.policy.flows import Flow
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.queries import Directory

ANONYMOUS = "匿名"
CODE_LENGTH = 16
"""Characters of a receipt code: eighty bits that nobody guesses."""


class Opened(Struct, frozen=True):
    """A case as whoever opened it is told of it; the code is shown and kept nowhere."""

    case_id: int
    number: str
    code: str


@subjects.one_reading()
def open_case(
    flow_id: str,
    *,
    fields: Mapping[str, str],
    taker: Taker,
    on: date,
    at: datetime,
    token: str,
    files: Sequence[Upload] = (),
    record_id: int | None = None,
    under: int | None = None,
) -> Opened:
    """Take a case in, under another where its procedure says so. The same token is the same case, and gives the same receipt code.
    Refuses who may not, and what is wrong.
    """
    flow = flow_of(flow_id)
    files = cleaned(files) if flow.apart or taker.actor is None else named(files)
    for file in files:
        attachments.check(file.name, file.data)
    directory = subjects.directory(on)
    with transaction.atomic():
        record = _record(flow, record_id)
        kind = policy.current().kinds[flow.kind]
        web = flow.by_web if taker.actor is None else {}
        values = checked(kind, {**fields, **taken_over(flow, record), **web}, flow, on)
        if flow.papers and not files:
            fix = "请附上作为依据的文书、照片或者扫描件"
            raise Refused("没有附材料", fix=fix, clause=flow.clause or flow.source, field="papers", code="papers")
        about = naming(whom(flow, kind, values, record, directory, on), flow, kind, values, directory)
        opener = _opener(flow, taker, about, on)
        if opener is None:
            demanding.speaks_for(flow, kind, values, record)
        code = _code(flow_id, token) if opener is None else ""
        about = replace(about, opener=opener[0] if opener else None)
        outer = demanding.outer(flow, values, under, on=on)
        if not entries.present([identity(flow.kind, token)]):
            demanding.stands_open(flow, outer, on=on)
            demanding.may_open(flow, values, record, on=on)
        official = opener[1] if opener else ""
        row = take_in(
            flow, values, about, Moment(on, at, taker.author), token=token, files=files, code=code, official=official,
            apart=fields, parent=outer, is_part=outer is not None,
        )  # fmt: skip
        carry_over(at)
        if taker.actor:
            access.note(
                taker.actor, action="cases.handle", object=f"case:{row.number}", at=at, detail=f"登记{flow.title}"
            )
        return Opened(row.pk, row.number, code)


def follow_record(
    flow_id: str, *, values: Mapping[str, str], record: EntryCard, carrier: str, on: date, at: datetime, token: str
) -> bool:
    """Open the case in which something that follows a record is carried out, inside the caller's transaction; False where it is open
    already. The same token is the same case. The clocks follow once the caller carries them over (`carry_over`).
    """
    flow = flow_of(flow_id)
    if entries.present([identity(flow.kind, token)]):
        return False
    kind, directory = policy.current().kinds[flow.kind], subjects.directory(on)
    about = whom(flow, kind, values, record, directory, on)
    given = checked(kind, values, flow, on)
    take_in(flow, given, about, Moment(on, at, TICK), token=token, handler=carried_by(carrier, about, directory))
    return True


def take_in(
    flow: Flow,
    values: Mapping[str, str],
    about: Whom,
    when: Moment,
    *,
    token: str,
    files: Sequence[Upload] = (),
    code: str = "",
    receipt: bytes | None = None,
    official: str = "",
    apart: Mapping[str, str] | None = None,
    parent: CaseCard | None = None,
    is_part: bool = False,
    handler: int | None = None,
) -> Case:
    """The case with its opening fact and first entry, inside the caller's transaction; the one there is, where the token is known."""
    # Locked before it is looked up: of two at once with one token, the second finds what the first took in.
    counter, known = _counter(flow, when.on), identity(flow.kind, token)
    if had := entries.present([known]).get(known):
        return Case.objects.get(opening=had.link.id)
    directory = subjects.directory(when.on)
    handler = handler or first_handler(flow, about, directory, parent)
    number = _number(flow, counter)
    kind = policy.current().kinds[flow.kind]
    key = OFFICIAL + about.official if about.official else about.record.about if about.record else ""
    about_whom = key or person_key(kind, values)
    opening = write(kind, values, when, organ=handler, number=number, token=token, about=about_whom)
    row = Case(
        flow=flow.id,
        number=number,
        opening_id=opening.id,
        state=flow.first,
        entered_on=when.on,
        handler_id=handler,
        subject_id=about.subject,
        official=about.official,
        record_id=about.record.id if about.record else None,
        opener_id=about.opener,
        opener_official=official,
        receipt=queries.receipt_digest(code) if code else receipt,
        parent_id=parent.id if parent else None,
        is_part=is_part,
        opened_on=when.on,
    )
    extra = _engine(row, directory, parent) | _marked(flow, about, when, number)
    if flow.apart and apart is not None:
        extra["apart"] = _keep_apart(flow, apart, when, handler=handler, number=number, token=token)
    append_step(row, None, opening, Given(files=files), when, extra)
    return row


def _marked(flow: Flow, about: Whom, when: Moment, number: str) -> ledger_rules.Body:
    """Before anybody looks, the record is marked by the opening itself (河南省社会信用条例第四十一条)."""
    if not flow.act or about.record is None:
        return {}
    return {"acted": act_on(flow.act, about.record, when, number=number, words="")}


def _keep_apart(flow: Flow, fields: Mapping[str, str], when: Moment, *, handler: int, number: str, token: str) -> int:
    """Who opened it, sealed in an entry of its own, so that reading the case does not open it."""
    kind = policy.current().kinds[flow.apart]
    told = kind.field_for("disclosure")
    if told and fields.get(told) == ANONYMOUS:
        # Typed before the form was told to ask for nothing: whoever wants no name kept has none kept.
        fields = {told: ANONYMOUS}
    values = checked(kind, fields, flow, when.on)
    return write(kind, values, when, organ=handler, number=number, token=f"{token}/apart", about="").id


def flow_of(flow_id: str) -> Flow:
    """The procedure of that name."""
    flow = policy.current().flows.get(flow_id)
    if flow is None:
        raise Refused("没有这种事项", fix="请从列表进入", code="not_found")
    return flow


def _record(flow: Flow, record_id: int | None) -> EntryCard | None:
    if flow.about not in ("record", "item"):
        return None
    record = entries.entry(record_id or 0)
    if record is not None and flow.about == "item":
        # A list is sent anew whole: what is asked for is the item as it stands on it today.
        record = entries.history(record.identity).versions[-1]
    if record is None or record.kind not in flow.records:
        known = "、".join(policy.current().kinds[kind].short for kind in flow.records)
        what = "哪个事项" if flow.about == "item" else "哪一条记录"
        raise Refused(f"没有指明是{what}", fix=f"请从记录的页面进入；可以是：{known}", code="record", field="record")
    return record


def _opener(flow: Flow, taker: Taker, about: Whom, on: date) -> tuple[int | None, str] | None:
    """The organ, or the official, that opens it for itself; None where it is a citizen, who follows it with a receipt code."""
    actor = taker.actor
    if actor is None:
        if taker.holds_receipt and "public" in flow.opened_by:
            return None
    elif "subject" in flow.opened_by and about.official and actor.official == about.official:
        return None, actor.official
    elif (
        "subject" in flow.opened_by
        and not about.official
        and about.subject in actor.scope
        and may(actor, "cases.handle")
    ):
        return actor.organ_id, ""
    elif may_register(flow, actor=actor, on=on):
        # At the counter or on the telephone it is entered for somebody else, who is given the code.
        return None if "public" in flow.opened_by else (actor.organ_id, "")
    if "lead" in flow.opened_by:
        fix = f"请由{subjects.directory(on).lead.short}的人员登记"
        raise Refused(f"“{flow.title}”由信用办登记", fix=fix, clause=flow.clause or flow.source, code="forbidden")
    fix = "请由当事人用自己的账号提出" if "subject" in flow.opened_by else "请由有权登记的人办理"
    raise Refused(f"您不能提出“{flow.title}”", fix=fix, clause=flow.clause or flow.source, code="forbidden")


def may_register(flow: Flow, *, actor: Actor, on: date) -> bool:
    """Whether the actor may enter a case at the desk that is not the actor's own."""
    if not may(actor, "cases.handle"):
        return False
    directory = subjects.directory(on)
    return "handle" in flow.opened_by or ("lead" in flow.opened_by and directory.lead.id in actor.scope)


def _engine(row: Case, directory: Directory, parent: CaseCard | None) -> ledger_rules.Body:
    """What the table of cases cannot read from the opening fact, so that it can be made again from the ledger."""
    said: ledger_rules.Body = {
        "subject": directory.card(row.subject_id).code if row.subject_id else None,
        "official": row.official or None,
        "about_record": row.record_id,
        "opener": directory.card(row.opener_id).code if row.opener_id else None,
        "opener_official": row.opener_official or None,
        "receipt": bytes(row.receipt).hex() if row.receipt else None,
        "parent": parent.number if parent else None,
        "part": row.is_part or None,
    }
    return {key: value for key, value in said.items() if value is not None}


def _counter(flow: Flow, on: date) -> Counter:
    """The counter of the procedure's year, held until the transaction ends."""
    return Counter.objects.select_for_update().get_or_create(flow=flow.id, year=on.year)[0]


def _number(flow: Flow, counter: Counter) -> str:
    """The next number of the procedure's year: 诉〔2026〕12号."""
    counter.last += 1
    counter.save(update_fields=["last"])
    return f"{flow.mark}〔{counter.year}〕{counter.last}号"


def _code(flow_id: str, token: str) -> str:
    """The receipt code of a sending: the same for the same token, so that a second click does not lose it."""
    digest = hmac.digest(entries.ring()[0], f"receipt:{flow_id}:{token}".encode(), "sha256")
    text = base64.b32encode(digest).decode()[:CODE_LENGTH]
    return "-".join(text[at : at + 4] for at in range(0, CODE_LENGTH, 4))
