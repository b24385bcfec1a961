"""Acting on a promise: evidence in, confirmed or sent back by somebody else, dates moved in the open. One act, one entry."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from msgspec import Struct

from jiannuo.access import actions as access
from jiannuo.access.rules import CLAUSE, Actor, demand
from jiannuo.duties.actions.following import catch_up
from jiannuo.duties.models import Duty
from jiannuo.duties.queries.promises import acts_of, undertaking
from jiannuo.duties.rules import Undertaking
from jiannuo.duties.rules import undertaking as may
from jiannuo.duties.rules.particulars import particulars
from jiannuo.kernel import attachments
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import actions as ledger
from jiannuo.ledger import queries as entries
from jiannuo.ledger import rules as ledger_rules
from jiannuo.ledger.queries import EntryCard
from jiannuo.policy import pack as policy
from jiannuo.subjects import queries as subjects

EVIDENCE = frozenset({*attachments.BEGINNINGS, "json"})
"""The types that are kept; what a person sends was checked more strictly before."""
CREDITOR = "creditor"
"""Who confirms what is owed to somebody outside."""
PUBLIC = "public"
"""The author of what somebody said without an account."""


class Upload(Struct, frozen=True):
    """A file as it came with a form or a program's call."""

    name: str
    data: bytes
    title: str = ""
    """What the form asked it for, where it asked for each by name."""


class Authority(Struct, frozen=True):
    """Who allowed a date to move, by which document."""

    organ: str
    number: str


def submit(
    duty_id: int,
    *,
    done_on: date,
    words: str,
    files: Sequence[Upload],
    actor: Actor,
    on: date,
    at: datetime,
    result: Mapping[str, str] | None = None,
    token: str = "",
    made: Sequence[Upload] = (),
) -> int:
    """The debtor says what was done on which day, and shows it. `result` are values the kind asks for besides, by name.

    The same sending again, told by its `token`, is the same act. What the platform made itself (`made`) is kept as it is: a
    report is handed in so, by who may sign it, and in no other way.
    """
    for file in files:
        attachments.check(file.name, file.data)
        may.not_personal(file.name, "文件名", field="evidence")
    with transaction.atomic():
        duty, record, promise = held_of(duty_id, at)
        _submitting(actor, duty, promise, made=bool(made), on=on)
        if token and (sent := _sent(duty, token)):
            return sent
        grace = policy.current().rule("submit_evidence", on=on)
        calendar = policy.current().calendar
        may.may_submit(promise, done_on, files=len(files) + len(made), on=on, grace=grace, calendar=calendar)
        said = may.need_words(promise, words, "办理情况", field="words")
        kind = policy.current().kinds.get(record.kind)
        asked = particulars(kind, duty.kind, result or {}, today=on, clause=promise.clause) if kind else {}
        kept = [
            ledger.keep_evidence(
                file.data, name=file.name, types=EVIDENCE, limit=attachments.LARGEST, at=at, by=actor.username
            )
            for file in (*files, *made)
        ]  # fmt: skip
        body: ledger_rules.Body = {
            **asked,
            "done_on": done_on.isoformat(),
            "submitted_on": on.isoformat(),
            "words": said,
            "evidence": [card.digest for card in kept],
            "files": [card.name for card in kept],
            **({"token": token} if token else {}),
        }
        return write("performance", duty, record, actor=actor, on=done_on, at=at, body=body)


def confirm(
    duty_id: int, *, reason: str, actor: Actor, on: date, at: datetime, publish: bool = False, seen: int | None = None
) -> int:
    """Somebody other than the debtor accepts the evidence that waits: the promise is kept as of the day it was done.

    With `publish` the files may be seen by everybody. `seen` is the sending that was looked at: no other is accepted by it.
    """
    with transaction.atomic():
        duty, record, promise = held_of(duty_id, at)
        _confirming(actor, duty, promise, on)
        may.may_confirm(promise, actor.organ_id)
        if policy.current().duties[duty.kind].confirmed_by == CREDITOR and duty.submitted_on:
            calendar, silent = policy.current().calendar, policy.current().rule("creditor_silent", on=duty.submitted_on)
            may.creditor_first(promise, silent.due(duty.submitted_on, calendar).due_on, on=on)
        may.same_evidence(promise, seen=seen, waiting=duty.submitted_id)
        said = may.need_words(promise, reason, "核实情况", field="reason")
        sent = entries.entry(duty.submitted_id or 0)
        may.not_sender(promise, sent_by=sent.author if sent else "", username=actor.username)
        body: ledger_rules.Body = {
            "kept_on": sent.happened_on.isoformat() if sent else on.isoformat(),
            "performance": sent.digest if sent else "",
            "publish": publish,
        }
        return write("confirmation", duty, record, actor=actor, on=on, at=at, body=body, reason=said)


def send_back(duty_id: int, *, reason: str, actor: Actor, on: date, at: datetime, seen: int | None = None) -> int:
    """The evidence that waits does not show it: back to the debtor with what is missing. The clock never stopped,
    save where the kind gives days to mend what had come in time.
    """
    with transaction.atomic():
        duty, record, promise = held_of(duty_id, at)
        _confirming(actor, duty, promise, on)
        may.may_confirm(promise, actor.organ_id)
        may.same_evidence(promise, seen=seen, waiting=duty.submitted_id)
        said = may.need_words(promise, reason, "退回的理由和还缺什么", field="reason")
        return write("rejection", duty, record, actor=actor, on=on, at=at, reason=said)


def reopen(duty_id: int, *, reason: str, actor: Actor, on: date, at: datetime) -> int:
    """What was confirmed proved untrue: it is owed again, under its old date."""
    with transaction.atomic():
        duty, record, promise = held_of(duty_id, at)
        _confirming(actor, duty, promise, on)
        may.may_reopen(promise, actor.organ_id)
        said = may.need_words(promise, reason, "撤销确认的理由", field="reason")
        return write("reopening", duty, record, actor=actor, on=on, at=at, reason=said)


def amend(
    duty_id: int, *, due_on: date, authority: Authority, reason: str, actor: Actor, on: date, at: datetime
) -> int:
    """The date moves in public: who allowed it, by which document, why, the old day and the new."""
    with transaction.atomic():
        duty, record, promise = held_of(duty_id, at)
        _demand(actor, "duties.amend", duty.debtor_id, on)
        _not_agreed(duty, promise)
        may.may_amend(promise, due_on, on=on, longest=_longest(duty), is_simple=_is_simple(record))
        said = may.need_words(promise, reason, "变更的理由", field="reason")
        body: ledger_rules.Body = {
            "due_was": duty.due_on.isoformat(),
            "due_on": due_on.isoformat(),
            **_authority(promise, authority),
        }
        return write("amendment", duty, record, actor=actor, on=on, at=at, body=body, reason=said)


def suspend(
    duty_id: int, *, since: date, until: date, authority: Authority, reason: str, actor: Actor, on: date, at: datetime
) -> int:
    """It stands still from a day on, for a cause the law knows; the days until it goes on are added to its date.

    It goes on by itself on the day `until` at the latest, when the tick says so.
    """
    with transaction.atomic():
        duty, record, promise = held_of(duty_id, at)
        _demand(actor, "duties.amend", duty.debtor_id, on)
        _not_agreed(duty, promise)
        may.may_suspend(promise, since, until, on=on, halts=_halts(on))
        said = may.need_words(promise, reason, "中止的理由", field="reason")
        body: ledger_rules.Body = {
            "due_was": duty.due_on.isoformat(),
            "until": until.isoformat(),
            **_authority(promise, authority),
        }
        return write("suspension", duty, record, actor=actor, on=since, at=at, body=body, reason=said)


def resume(duty_id: int, *, since: date, reason: str, actor: Actor, on: date, at: datetime) -> int:
    """It goes on from a day."""
    with transaction.atomic():
        duty, record, promise = held_of(duty_id, at)
        _demand(actor, "duties.amend", duty.debtor_id, on)
        may.may_resume(promise, since, on=on)
        said = may.need_words(promise, reason, "恢复的理由", field="reason")
        return write("resumption", duty, record, actor=actor, on=since, at=at, reason=said)


def exempt(duty_id: int, *, authority: Authority, reason: str, actor: Actor, on: date, at: datetime) -> int:
    """It is owed no more, by law or by who may say so; said by who confirms it, never by who owes it."""
    with transaction.atomic():
        duty, record, promise = held_of(duty_id, at)
        _confirming(actor, duty, promise, on)
        may.may_lift(promise, actor.organ_id)
        said = may.need_words(promise, reason, "免除的理由", field="reason")
        body: ledger_rules.Body = dict(_authority(promise, authority))
        return write("lifting", duty, record, actor=actor, on=on, at=at, body=body, reason=said)


def respond(
    duty_id: int, *, agreed: bool, words: str, author: str, on: date, at: datetime, satisfaction: str = ""
) -> int:
    """Somebody it was promised to, or anybody at all, says whether it was done. What they wrote is sealed: the debtor never reads it.

    `satisfaction` is the word with which the proposer of a suggestion judges its answer.
    """
    with transaction.atomic():
        duty, record, promise = held_of(duty_id, at)
        said = words.strip()[: may.LONGEST_WORDS]
        if not agreed:
            said = may.need_words(promise, words, "哪里不属实", field="words", public=False)
        body: ledger_rules.Body = {"answer": "agreed" if agreed else "disputed"}
        if satisfaction:
            body["satisfaction"] = satisfaction
        return write("response", duty, record, actor=author, on=on, at=at, body=body, private=said)


def held_of(duty_id: int, at: datetime) -> tuple[Duty, EntryCard, Undertaking]:
    """The duty as the ledger has it by now, held until this transaction ends, with the record that opened it."""
    catch_up(opened_at=at)
    duty = Duty.objects.select_for_update().filter(pk=duty_id, confirmer__isnull=False).first()
    record = entries.entry(duty.entry_id) if duty else None
    if duty is None or record is None:
        raise Refused("没有这项承诺", fix="请从列表进入", code="not_found")
    return duty, record, undertaking(duty, on=at.date())


def _submitting(actor: Actor, duty: Duty, promise: Undertaking, *, made: bool, on: date) -> None:
    is_report = policy.current().duties[duty.kind].family == "report"
    _demand(actor, "reports.sign" if is_report else "duties.perform", duty.debtor_id, on)
    if is_report and not made:
        fix = "请在“半年报告”里写好，由单位负责人签发"
        raise Refused("半年报告不能这样提交", fix=fix, clause=promise.clause, code="report")


def _sent(duty: Duty, token: str) -> int | None:
    return next((act.id for act in acts_of(duty) if act.body.get("token") == token), None)


def _demand(actor: Actor, action: str, organ_id: int, on: date) -> None:
    """The debtor's own people, or those of the organ that took over from it."""
    demand(actor, action, organ_id)
    heir = subjects.directory(on).heir(organ_id)
    if actor.organ_id is not None and heir.id not in actor.scope:
        raise Refused(f"这一项由{heir.short}办理", fix="请由该单位的人员办理", clause=CLAUSE, code="forbidden")


def _confirming(actor: Actor, duty: Duty, promise: Undertaking, on: date) -> None:
    may.not_own(promise, actor.organ_id)
    demand(actor, "duties.confirm", duty.confirmer_id)
    to = subjects.directory(on).heir(duty.confirmer_id or 0)
    if to.id not in actor.scope:
        raise Refused(f"这一项由{to.short}确认", fix="请由该单位的人员办理", clause=CLAUSE, code="forbidden")


def _not_agreed(duty: Duty, promise: Undertaking) -> None:
    """What was agreed with somebody outside is moved by nobody's act alone."""
    if policy.current().duties[duty.kind].confirmed_by == CREDITOR:
        fix = "双方另签了协议的，请核实单位依法免除这一期，再登记新的一期"
        raise Refused("协议约定的期限不能由一方变更", fix=fix, clause=promise.clause, code="agreed")


def _halts(on: date) -> may.Halts:
    pack = policy.current()
    return may.Halts(pack.rule("register_halt", on=on), pack.rule("longest_halt", on=on), pack.calendar)


def _longest(duty: Duty) -> date | None:
    pack = policy.current()
    name = pack.duties[duty.kind].longest
    if not name:
        return None
    try:
        return pack.rule(name, on=duty.started_on).due(duty.started_on, pack.calendar).due_on
    except LookupError:
        return None


def _is_simple(record: EntryCard) -> bool:
    """The record says that it is not one of those for which the law has a longer limit."""
    kind = policy.current().kinds.get(record.kind)
    name = kind.field_for("complex") if kind else ""
    return bool(name) and record.body.get(name) == "否"


def _authority(promise: Undertaking, authority: Authority) -> dict[str, str]:
    if not authority.organ.strip() or not authority.number.strip():
        fix = "请写批准的机关和文件（文号或者会议纪要），公众会看到"
        raise Refused("没有写谁批准的、凭哪份文件", fix=fix, clause=promise.clause, field="authority", code="authority")
    for text in (authority.organ, authority.number):
        may.not_personal(text, "批准的机关和文件", field="authority")
    return {"authority": authority.organ.strip()[:200], "document": authority.number.strip()[:200]}


def write(
    kind: str,
    duty: Duty,
    record: EntryCard,
    *,
    actor: Actor | str,
    on: date,
    at: datetime,
    body: ledger_rules.Body | None = None,
    reason: str = "",
    private: str = "",
) -> int:
    """The act is appended and carried over at once, with a trace of who did it. Its number."""
    author = actor if isinstance(actor, str) else actor.username
    before = entries.present([ledger_rules.act_identity(kind, record.id, duty.kind)])
    draft = ledger.act(
        kind, on=record, organ_code=subjects.directory(at.date()).card(record.organ_id).code, happened_on=on, rule=duty.rule,
        author=author, reason=reason, body={**(body or {}), "duty": duty.kind}, of=duty.kind,
        version=next((one.version for one in before.values()), 0) + 1,
    )  # fmt: skip
    if kind == "response":
        draft = draft._replace(visibility="restricted", private=ledger_rules.salted({"words": private}))
    (number,) = ledger.append([draft], at=at)
    catch_up(opened_at=at)
    if isinstance(actor, Actor):
        access.note(
            actor,
            action=ACTION[kind],
            object=f"duty:{duty.pk}",
            at=at,
            organ_id=duty.debtor_id,
            detail=f"{ledger_rules.ACTS[kind]} {record.number}",
        )
    return number


ACTION: Mapping[str, str] = {
    "performance": "duties.perform",
    "confirmation": "duties.confirm",
    "rejection": "duties.confirm",
    "reopening": "duties.confirm",
    "lifting": "duties.confirm",
    "amendment": "duties.amend",
    "suspension": "duties.amend",
    "resumption": "duties.amend",
}
