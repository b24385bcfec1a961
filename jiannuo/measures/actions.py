"""Laying measures on whom a record is about, each once; and answering whether a subject may receive something, on record."""

import base64
import hmac
from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from msgspec import Struct

from jiannuo.access import actions as access
from jiannuo.access.rules import Actor, demand
from jiannuo.cases import actions as cases
from jiannuo.cases.actions import Given
from jiannuo.cases.queries import CaseCard, cards, record_ended, standing_in
from jiannuo.cases.rules import Taker
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import actions as ledger
from jiannuo.ledger import queries as entries
from jiannuo.ledger import rules as ledger_rules
from jiannuo.ledger.queries import EntryCard
from jiannuo.measures import queries
from jiannuo.measures.models import Bookmark
from jiannuo.measures.queries import CERTIFICATE, AnswerCard, CertificateCard
from jiannuo.measures.rules import CLAUSE, Asked
from jiannuo.policy import pack as policy
from jiannuo.policy.measures import USES
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.queries import Directory
from jiannuo.subjects.rules import official_key

HONOUR = "honour"
SHORTEST_PURPOSE = 4
CHUNK = 500
CODE_LENGTH = 12


@transaction.atomic
def follow(*, on: date, at: datetime) -> tuple[bool, int]:
    """Draw the consequences of what has come since the last time: whether there is more, and how many measures were laid."""
    mark, _ = Bookmark.objects.select_for_update().get_or_create(pk=1)
    head, _moved = entries.head()
    if mark.entry >= head:
        return False, 0
    kinds = sorted({kind for one in policy.current().measures.values() if one.flow for kind in one.causes})
    came = entries.since(mark.entry, kinds=kinds, limit=CHUNK)
    laid = sum(_lay(record, on=on, at=at) for record in came)
    if laid:
        cases.carry_over(at)
    more = len(came) == CHUNK
    mark.entry = came[-1].id if more else head
    mark.save(update_fields=["entry"])
    return more, laid


def _lay(record: EntryCard, *, on: date, at: datetime) -> int:
    """The measures of one record; none where it is gone already, none twice, none for a version that another took the place of."""
    newer = entries.facts().filter(identity=record.identity, version__gt=record.version)
    if newer.exists() or record_ended(record, as_of=on) is not None:
        return 0
    laid = 0
    for effect in queries.effects_of(record):
        if effect.measure.flow:
            values = {
                "measure": effect.measure.title,
                "name": effect.measure.id,
                "cause": record.number,
                "starts_on": effect.starts_on.isoformat(),
                "ends_on": effect.ends_on.isoformat() if effect.ends_on else "",
            }
            token = f"{record.identity.hex()}/{effect.measure.id}"
            laid += cases.follow_record(
                effect.measure.flow,
                values=values,
                record=record,
                carrier=effect.measure.carried_by,
                on=on,
                at=at,
                token=token,
            )
    return laid


def end_barred(*, on: date, at: datetime) -> int:
    """Take the steps that wait until the one a case is about is barred from honours; returns how many were taken."""
    directory, ended = subjects.directory(on), 0
    for flow in policy.current().flows.values():
        for step in flow.steps:
            # First whether there are any: this is asked every second, and the cards of none cost as much as those of many.
            if step.when != "barred" or not (waiting := standing_in(flow.id, step.start)).exists():
                continue
            standing = cards(waiting, as_of=on, owing=False)
            keyed = [(card, _key(card, directory)) for card in standing]
            found = queries.barred({key for _, key in keyed}, use=HONOUR, on=on) if keyed else {}
            for card, key in keyed:
                if key in found:
                    effect = min(found[key], key=lambda one: one.starts_on)
                    words = f"{effect.number}认定的记录有效，{effect.measure.title}，自即日起撤销"
                    given = Given(words, token=f"{flow.id}/{step.id}")
                    day = max(effect.starts_on, card.entered_on)
                    cases.take(card.id, step=step.id, given=given, taker=Taker(), on=day, at=at)
                    ended += 1
    return ended


def _key(card: CaseCard, directory: Directory) -> str:
    """Whom a case is about, as eligibility knows them."""
    return official_key(card.official) if card.official else f"organ:{directory.heir(card.subject_id or 0).code}"


class Certified(Struct, frozen=True):
    """The answers and the certificate they are on record under."""

    certificate: CertificateCard
    answers: tuple[AnswerCard, ...]


@transaction.atomic
def ask(
    asked: Sequence[Asked],
    *,
    use: str,
    purpose: str,
    actor: Actor,
    on: date,
    at: datetime,
    token: str,
    address: str = "",
) -> Certified:
    """Answer for each subject, and put the asking with its purpose on record; the same token is the same asking."""
    demand(actor, "eligibility.ask")
    why = purpose.strip()[:200]
    if len(why) < SHORTEST_PURPOSE:
        fix = "请写明为什么要问，例如“2026年度先进集体评选”；谁、何时、为什么问，都会记下来"
        raise Refused("没有写查询的目的", fix=fix, clause=CLAUSE, field="purpose", code="purpose")
    if not asked:
        raise Refused("没有写要问谁", fix="请至少填一个名称或者代码", field="names", code="empty")
    answers = tuple(queries.eligibility(asked, use=use, actor=actor, on=on))
    lines = [f"{one.key or '未查到'}|{one.word}|{one.ends_on or ''}" for one in answers]
    # The same form with other names on it, or with another answer, is another asking.
    identity = ledger_rules.identity(CERTIFICATE, actor.username, token, use, *lines)
    known = entries.present([identity]).get(identity)
    entry_id = known.link.id if known else _certify(lines, use, actor, (on, at), identity)
    card = queries.certificate_of(entries.entries([entry_id])[entry_id])
    access.note(
        actor, action="eligibility.ask", object=f"certificate:{card.number}", at=at, organ_id=actor.organ_id, purpose=why,
        detail=f"{USES[use]}，{len(answers)}个", address=address,
    )  # fmt: skip
    return Certified(card, answers)


def _certify(lines: list[str], use: str, actor: Actor, when: tuple[date, datetime], identity: bytes) -> int:
    on, at = when
    organ = _organ(actor, on)
    digest = hmac.digest(entries.ring()[0], b"certificate:" + identity, "sha256")
    code = base64.b32encode(digest).decode()[:CODE_LENGTH]
    draft = ledger_rules.Draft(
        kind=CERTIFICATE,
        organ_id=organ[0],
        organ_code=organ[1],
        happened_on=on,
        rule=f"{policy.current().id}#eligibility",
        source=ledger_rules.Source(actor.username),
        identity=identity,
        number=f"核〔{on.year}〕{code[:4]}-{code[4:8]}-{code[8:]}",
        body={"use": use, "answers": lines},
        visibility=entries.CLOSED,
    )
    return ledger.append([draft], at=at)[0]


def _organ(actor: Actor, on: date) -> tuple[int, str]:
    directory = subjects.directory(on)
    card = directory.card(actor.organ_id) if actor.organ_id is not None else directory.lead
    return card.id, card.code
