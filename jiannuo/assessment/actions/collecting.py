"""What the lead office does with reports: chases those that are missing, sends back with remarks, accepts."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction

from jiannuo.access import actions as access
from jiannuo.access.rules import Actor, demand
from jiannuo.assessment.actions.held import needed
from jiannuo.assessment.queries.reports import ReportCard, reports
from jiannuo.assessment.rules import reporting as rules
from jiannuo.assessment.rules.periods import Period
from jiannuo.duties import actions as duties
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import actions as ledger
from jiannuo.ledger import queries as entries
from jiannuo.ledger import rules as ledger_rules
from jiannuo.policy.reporting import DUTY
from jiannuo.subjects import queries as subjects

LONGEST = 300


@transaction.atomic
def remind(
    organ_ids: Collection[int], *, period: Period, words: str, actor: Actor, on: date, at: datetime
) -> list[int]:
    """The organs that still have to send their report are chased, each once a day; returns which were.

    The act stands in the ledger with its words; whoever tells people follows it from there.
    """
    demand(actor, "reports.collect")
    if not organ_ids:
        raise Refused("没有选单位", fix="请勾选要催的单位", field="organ", code="nothing")
    said = words.strip()[:LONGEST]
    if len(said) < 4:
        raise Refused("没有写催报的话", fix="请写一句，单位的收件箱里会看到", field="words", code="words")
    cards = reports(period, as_of=on, organ_ids=organ_ids)
    wanted = set(rules.chased((card.organ_id, card.state) for card in cards))
    due = [card for card in cards if card.organ_id in wanted and not _chased_on(card, on)]
    if not due:
        fix = "已经报了的不用催；同一个单位一天只催一次"
        raise Refused("选的单位里没有要催的", fix=fix, field="organ", code="nothing")
    ledger.append(_drafts(due, said, actor=actor, on=on), at=at)
    access.note(
        actor, action="reports.collect", object=f"report:{period.name}", at=at, detail=f"催报 {len(due)} 个单位"
    )
    return [card.organ_id for card in due]


def _chased_on(card: ReportCard, on: date) -> bool:
    return any(act.happened_on == on for act in card.reminders)


def _drafts(cards: Collection[ReportCard], words: str, *, actor: Actor, on: date) -> list[ledger_rules.Draft]:
    organs = subjects.directory(on)
    identities = {card.organ_id: ledger_rules.act_identity("reminder", card.duty.entry_id, DUTY) for card in cards}
    records = entries.entries(card.duty.entry_id for card in cards)
    before = entries.present(list(identities.values()))
    drafts = []
    for card in cards:
        had = before.get(identities[card.organ_id])
        record, to = records[card.duty.entry_id], organs.heir(card.organ_id).code
        drafts.append(
            ledger.act(
                "reminder", on=record, organ_code=organs.card(record.organ_id).code, happened_on=on,
                rule=card.duty.rule, author=actor.username, body={"duty": DUTY, "to": to, "words": words},
                of=DUTY, version=had.version + 1 if had else 1,
            )
        )  # fmt: skip
    return drafts


def accept(organ_id: int, *, period: Period, reason: str, actor: Actor, on: date, at: datetime) -> int:
    """The report is accepted: its duty is kept as of the day it was signed."""
    card = needed(organ_id, period, on=on)
    return duties.confirm(card.duty.id, reason=reason, actor=actor, on=on, at=at)


def send_back(organ_id: int, *, period: Period, reason: str, actor: Actor, on: date, at: datetime) -> int:
    """The report goes back with remarks; it may be written in again. One that had come in time has days to be mended."""
    card = needed(organ_id, period, on=on)
    return duties.send_back(card.duty.id, reason=reason, actor=actor, on=on, at=at)
