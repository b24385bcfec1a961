"""The reviewer's three answers to a record that waits: release it (公示), send it back (退回), keep it from the public (不予公示)."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.db import transaction
from msgspec import Struct

from jiannuo.access.rules import Actor
from jiannuo.disclosure.actions import acting, index
from jiannuo.disclosure.actions.acting import Done, Refusal
from jiannuo.disclosure.models import Listing
from jiannuo.disclosure.queries.review import Judged
from jiannuo.duties import actions as duties
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger.rules import Body
from jiannuo.policy import pack as policy

TWO_PERSONS = "公示须经填报和审核两人办理"

NOT_WAITING = {
    "public": ("这条记录已经公示", "不必再办；内容有误的，请填报员报送更正"),
    "revoked": ("原决定已经变更、撤销或者确认违法", "不能再公示；有新的决定的，请另行报送"),
    "superseded": ("这条记录已经有更正后的版本", "请审核最新的版本"),
    "returned": ("这条记录已经退回", "请等填报员更正后重新报送"),
    "withheld": ("这条记录已经决定不予公示", "不必再办；要改为公示的，请从这条记录放行"),
    "delisted": ("这一项已经移出清单", "不必再办；要恢复的，请重新报送整份清单"),
    "repaired": ("这条记录已经信用修复", "不必再办；有新的失信的，另行认定"),
    "withdrawn": ("这条记录已经撤下", "不必再办；要恢复公示的，请从这条记录放行"),
}


class Answers(Struct, frozen=True):
    """What a reviewer answers to the questions the rules ask: which are confirmed, on what basis, for what reason."""

    confirmed: frozenset[str] = frozenset()
    basis: str = ""
    reason: str = ""


@transaction.atomic
def release(
    *,
    entry_ids: Sequence[int],
    actor: Actor,
    on: date,
    at: datetime,
    confirmed: Collection[str] = (),
    basis: str = "",
    reason: str = "",
) -> Done:
    """Make records public: in the ledger, the list and the search at once, with the duty kept. Whoever sent one in cannot release it.

    `confirmed` names the filters whose question the reviewer answers with yes, `basis` the ground of publication where
    one must be chosen. Records the rules keep back are refused one by one with the rule; a single one raises Refused.
    """
    answers = Answers(frozenset(confirmed), basis.strip(), reason.strip())
    acting.one_at_a_time()
    index.follow(at=at)
    acts: list[int] = []
    refused: list[Refusal] = []
    for numbers in acting.chunks(entry_ids):
        records = acting.known(numbers, on=on)
        acting.allow(actor, "release.decide", records)
        passed: list[Judged] = []
        for record in records:
            try:
                check_release(record, actor, answers)
            except Refused as refusal:
                if len(entry_ids) == 1:
                    raise
                refused.append(Refusal.of(record.card.id, refusal))
            else:
                passed.append(record)
        acts += _publish(passed, actor, answers, on=on, at=at)
    acting.note(actor, "release.decide", acts, at=at, detail=f"公示{len(acts)}条，未通过{len(refused)}条")
    return Done(tuple(acts), tuple(refused))


def check_release(record: Judged, actor: Actor, answers: Answers) -> None:
    """Refuses what may not be released: not waiting, one's own, kept back by a rule, or with a question unanswered."""
    _check_state(record, frozenset({"waiting", "returned", "withheld", "withdrawn"}))
    if record.card.author == actor.username:
        raise Refused("这条记录是您自己报送的", fix="请同单位另一位审核员审核", clause=TWO_PERSONS, code="two_persons")
    if kept := record.judgement.withholding:
        seen = f"（{kept.seen}）" if kept.seen else ""
        raise Refused(f"{kept.title}：{kept.reason}{seen}", fix=kept.fix, clause=kept.source, code=kept.filter_id)
    if asked := record.judgement.unanswered(answers.confirmed):
        seen = f"（{asked[0].seen}）" if asked[0].seen else ""
        raise Refused(
            f"{asked[0].title}：{asked[0].reason}{seen}",
            fix=asked[0].fix,
            clause=asked[0].source,
            code=asked[0].filter_id,
        )
    for finding in record.judgement.findings:
        if finding.bases and not answers.basis:
            raise Refused(
                "没有选择公开依据",
                fix=f"请选一项或者另写：{'；'.join(finding.bases)}",
                clause=finding.source,
                field="basis",
                code="basis",
            )
        if not finding.bases and not answers.reason:
            raise Refused(
                f"“{finding.title}”要写明确认的理由",
                fix="请写明核对了什么、为什么可以公示",
                clause=finding.source,
                field="reason",
                code="reason",
            )


def _check_state(record: Judged, allowed: frozenset[str]) -> None:
    if record.state not in allowed:
        message, fix = NOT_WAITING[record.state]
        raise Refused(message, fix=fix, code=record.state)


def _publish(records: Sequence[Judged], actor: Actor, answers: Answers, *, on: date, at: datetime) -> list[int]:
    if not records:
        return []
    bodies = [_answered(record, answers) for record in records]
    acts = acting.write(
        "publication",
        records,
        author=actor.username,
        on=on,
        at=at,
        rule=acting.rule("publish"),
        reason=answers.reason,
        bodies=bodies,
    )
    numbers = [record.card.id for record in records]
    opened = {name for kind in {record.kind.id: record.kind for record in records}.values() for name in kind.opens}
    for kind in filter(keeps, sorted(opened)):
        duties.keep(numbers, by=acts, on=on, kind=kind)
    index.leave(numbers)
    index.remove(record.card.identity for record in records if record.card.version > 1 or record.state != "waiting")
    index.add([index.Publication(record.card, act, on) for record, act in zip(records, acts, strict=True)])
    return acts


def keeps(duty: str) -> bool:
    """True for a kind of duty that publishing keeps."""
    return policy.current().duties[duty].kept_by == "publication"


def _answered(record: Judged, answers: Answers) -> Body:
    asked: list[str] = [finding.filter_id for finding in record.judgement.findings]
    if not asked:
        return {}
    return {"confirmed": asked, "basis": answers.basis}


@transaction.atomic
def send_back(*, entry_ids: Sequence[int], reason: str, actor: Actor, on: date, at: datetime) -> Done:
    """Give records back to whoever sent them in, with the reason; the duty to publish runs on."""
    words = acting.need_words(reason, "退回的理由")
    return _turn_away(
        "return", entry_ids, actor, on=on, at=at, rule="return", reason=words, body={}, states=frozenset({"waiting"})
    )


@transaction.atomic
def withhold(*, entry_ids: Sequence[int], rule: str, reason: str, actor: Actor, on: date, at: datetime) -> Done:
    """Decide that records are not for the public, under a filter of the pack or a law named in words; the duty to publish falls away."""
    words = acting.need_words(reason, "不予公示的理由")
    law = acting.need_words(rule, "不予公示的依据", field="rule")
    filters = {one.id: one for one in policy.current().filters}
    body: Body = {
        "law": filters[law].source if law in filters else law,
        "title": filters[law].title if law in filters else "",
    }
    states = frozenset({"waiting", "returned"})
    name = law if law in filters else "withhold"
    done = _turn_away("withholding", entry_ids, actor, on=on, at=at, rule=name, reason=words, body=body, states=states)
    return done


def _turn_away(
    kind: str,
    entry_ids: Sequence[int],
    actor: Actor,
    *,
    on: date,
    at: datetime,
    rule: str,
    reason: str,
    body: Body,
    states: frozenset[str],
) -> Done:
    acting.one_at_a_time()
    index.follow(at=at)
    acts: list[int] = []
    for numbers in acting.chunks(entry_ids):
        records = acting.known(numbers, on=on)
        acting.allow(actor, "release.decide", records)
        for record in records:
            _check_state(record, states)
        if kind == "withholding":
            _refuse_while_public(records)
        made = acting.write(
            kind,
            records,
            author=actor.username,
            on=on,
            at=at,
            rule=acting.rule(rule),
            reason=reason,
            bodies=[body] * len(records),
        )
        if kind == "withholding":
            duties.lift(numbers, by=made, on=on)
        index.leave(numbers)
        acts += made
    acting.note(actor, "release.decide", acts, at=at, detail=f"{kind} {reason}")
    return Done(tuple(acts))


def _refuse_while_public(records: Sequence[Judged]) -> None:
    public = Listing.objects.filter(
        identity__in=[record.card.identity for record in records if record.card.version > 1]
    )
    if public.exists():
        raise Refused("这条记录的前一版本还在公示", fix="请先撤下前一版本，再决定更正的版本不予公示", code="public")
