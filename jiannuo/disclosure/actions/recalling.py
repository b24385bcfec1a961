"""Taking back what is public: revocation of the decision (变更、撤销、确认违法), withdrawal (撤下), and what a law seals by its own force."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from jiannuo.access.rules import Actor
from jiannuo.disclosure import rules
from jiannuo.disclosure.actions import acting, index
from jiannuo.disclosure.models import Bookmark, Listing
from jiannuo.disclosure.queries.review import Judged
from jiannuo.duties import actions as duties
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as ledger
from jiannuo.ledger.rules import Body
from jiannuo.policy import pack as policy
from jiannuo.policy.publishing import PublishFilter

WITHDRAW = "withdraw_publication"
CLAUSE = "中华人民共和国行政处罚法（2021年修订）第四十八条第二款"
SYSTEM = "tick"


@transaction.atomic
def revoke(
    *,
    entry_id: int,
    outcome: str,
    decided_on: date,
    decided_by: str,
    reason: str,
    actor: Actor,
    on: date,
    at: datetime,
    number: str = "",
) -> int:
    """Record that the decision itself was changed, revoked or found unlawful; what is public must be withdrawn within the law's days.

    行政处罚法第四十八条第二款: withdrawn within three (working, 第八十五条) days, and the reason said in public.
    """
    acting.one_at_a_time()
    index.follow(at=at)
    (record,) = acting.known([entry_id], on=on)
    acting.allow(actor, "record.revoke", [record])
    _check_revocation(record, outcome, decided_on, on=on)
    by = acting.need_words(decided_by, "作出变更、撤销的机关", field="decided_by")
    words = acting.need_words(reason, "变更、撤销的理由", public=True)
    body: Body = {"outcome": outcome, "decided_by": by, "number": number.strip()}
    (act,) = acting.write(
        "revocation",
        [record],
        author=actor.username,
        on=decided_on,
        at=at,
        rule=acting.rule(WITHDRAW),
        reason=words,
        bodies=[body],
    )
    if Listing.objects.filter(identity=record.card.identity).exists():
        duties.open_for([duties.Owed(act, record.card.organ_id, decided_on)], kind=WITHDRAW, opened_at=at)
    else:
        duties.lift([entry_id], by=act, on=on)
        index.leave([entry_id])
        _nothing_to_withdraw(act, on=on, at=at)
    acting.note(actor, "record.revoke", [act], at=at, detail=f"entry:{entry_id} {outcome}")
    return act


def _check_revocation(record: Judged, outcome: str, decided_on: date, *, on: date) -> None:
    outcomes = policy.current().kinds[record.card.kind].codes.get("revocation_type", ())
    if outcome not in outcomes:
        raise Refused(
            "没有选处理结果", fix=f"请从{'、'.join(outcomes)}中选", clause=CLAUSE, field="outcome", code="outcome"
        )
    if not record.card.happened_on <= decided_on <= on:
        raise Refused(
            f"变更或者撤销日期{decided_on}不对",
            fix=f"应不早于原决定日期{record.card.happened_on}，不晚于今天",
            field="decided_on",
            code="day",
        )
    if record.state in {"revoked", "superseded"}:
        raise Refused("这条记录已经登记过撤销，或者已经有新的版本", fix="请核对最新的版本", code=record.state)


def _nothing_to_withdraw(act: int, *, on: date, at: datetime) -> None:
    """What was withdrawn before its decision was revoked is withdrawn already."""
    duties.catch_up(opened_at=at)
    duties.keep([act], by=act, on=on, kind=WITHDRAW)


@transaction.atomic
def withdraw(*, entry_id: int, reason: str, law: str, actor: Actor, on: date, at: datetime) -> int:
    """Take a record off the list and the search at once; its page says from then on that it was withdrawn, why, and under which law."""
    acting.one_at_a_time()
    words = acting.need_words(reason, "撤下的理由", public=True)
    basis = acting.need_words(law, "撤下的依据", field="law", public=True)
    (record,) = acting.known([entry_id], on=on)
    acting.allow(actor, "record.withdraw", [record])
    if not Listing.objects.filter(identity=record.card.identity).exists():
        raise Refused("这条记录没有在公示", fix="请核对记录页面上的状态", code="not_public")
    (act,) = _withdraw([record], author=actor.username, reason=words, law=basis, rule="withdraw", on=on, at=at)
    acting.note(actor, "record.withdraw", [act], at=at, detail=f"entry:{entry_id} {words}")
    return act


def _withdraw(
    records: Sequence[Judged], *, author: str, reason: str, law: str, rule: str, on: date, at: datetime
) -> list[int]:
    """The act stands on the version that is public, which need not be the newest."""
    identities = [record.card.identity for record in records]
    public = dict(Listing.objects.filter(identity__in=identities).values_list("identity", "entry_id"))
    public = {bytes(identity): entry_id for identity, entry_id in public.items()}
    shown = acting.known([public[identity] for identity in identities], on=on)
    bodies: list[Body] = [{"law": law} for _ in shown]
    acts = acting.write(
        "withdrawal", shown, author=author, on=on, at=at, rule=acting.rule(rule), reason=reason, bodies=bodies
    )
    index.remove(identities)
    for record, act in zip(shown, acts, strict=True):
        if opened := _revocations(record):
            duties.keep(opened, by=act, on=on, kind=WITHDRAW)
    return acts


def _revocations(record: Judged) -> list[int]:
    """The facts that opened the duty to withdraw: acts on the record, and revocations its organ reported by number."""
    reported = Q(refers=None, number=record.card.number, organ=record.card.organ_id) & ~Q(number="")
    found = ledger.facts().filter(Q(refers__identity=record.card.identity) | reported, kind="revocation")
    return list(found.values_list("pk", flat=True))


@transaction.atomic
def cease(*, on: date, at: datetime) -> int:
    """Withdraw what a law keeps from the public on this day though it was public before, and say how much.

    A record is looked at again when a filter has come into force, when it has grown too old, or when the day it
    states itself has passed (治安管理处罚法第一百三十六条, 预防未成年人犯罪法第五十九条, 河南省社会信用条例第十九条).
    """
    acting.one_at_a_time()
    ceased = 0
    for rule in policy.current().filters:
        if rule.outcome != "withhold" or rule.select_by != "publication_date":
            continue
        if not rules.in_force(rule, decided_on=on, on=on):
            continue
        for numbers in acting.chunks(_candidates(rule, on)):
            ceased += _seal(numbers, rule, on=on, at=at)
        Bookmark.objects.get_or_create(name=_swept(rule))
    return ceased


def _swept(rule: PublishFilter) -> str:
    return f"swept:{rule.id}:{rule.since}"[:80]


def _candidates(rule: PublishFilter, on: date) -> Iterable[int]:
    rows = Listing.objects.filter(kind__in=rule.kinds)
    if rule.check in ("past_shown_until", "publicity_over"):
        rows = rows.filter(until__lt=on)
    elif rule.check == "older_than":
        # A day wide of it, for the twenty-ninth of February; the rule itself decides.
        rows = rows.filter(decided_on__lte=on - timedelta(days=365 * int(rule.params["years"])))
    elif Bookmark.objects.filter(name=_swept(rule)).exists():
        return ()
    return list(rows.order_by("pk").values_list("entry_id", flat=True))


def _seal(numbers: Sequence[int], rule: PublishFilter, *, on: date, at: datetime) -> int:
    records = [record for record in acting.known(numbers, on=on) if _bites(record, rule)]
    if not records:
        return 0
    _withdraw(records, author=SYSTEM, reason=rule.reason, law=rule.source, rule=rule.id, on=on, at=at)
    return len(records)


def _bites(record: Judged, rule: PublishFilter) -> bool:
    return any(finding.filter_id == rule.id for finding in record.judgement.findings)
