"""Handing over an office: the list of what it owes is frozen in the ledger, and each side signs it once."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from jiannuo.access import actions as access
from jiannuo.access.rules import Actor, demand
from jiannuo.duties.actions.following import catch_up
from jiannuo.duties.queries import handovers
from jiannuo.duties.rules import handing_over as rules
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import actions as ledger
from jiannuo.ledger import queries as entries
from jiannuo.ledger import rules as ledger_rules
from jiannuo.policy import pack as policy
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.queries import OfficialCard
from jiannuo.subjects.rules import official_key


@transaction.atomic
def begin(
    organ_id: int, *, office: str, outgoing: str, incoming: str, day: date, actor: Actor, on: date, at: datetime
) -> int:
    """The list of what the office still owes, frozen for both sides to sign; returns the entry. Nothing it owes changes."""
    demand(actor, "duties.hand_over", organ_id)
    catch_up(opened_at=at)
    organs = subjects.directory(on)
    organ = organs.heir(organ_id)
    line = organs.line(organ.id)
    office = office.strip()[:100]
    if not office:
        raise Refused("没有选岗位", fix="请选交接的是哪个岗位", field="office")
    rules.check_parties(outgoing, incoming)
    known = subjects.officials_by_code((outgoing, incoming))
    leaving, coming = _of(known, outgoing, line, "outgoing"), _of(known, incoming, line, "incoming")
    began = min(one.since for one in leaving.offices if one.organ_id in line)
    rules.check_day(day, on=on, since=began)
    if waiting := handovers.open_handover(line, office):
        fix = f"请先签完{waiting.on}由{waiting.outgoing_name}移交{waiting.incoming_name}的那一份"
        raise Refused(f"“{office}”还有一份没有签完的交接单", fix=fix, clause=rules.CLAUSE, code="open", field="office")
    owed = handovers.open_of_office(line, office, as_of=on)
    body: ledger_rules.Body = {
        "office": office,
        "outgoing": outgoing,
        "outgoing_name": leaving.name,
        "incoming": incoming,
        "incoming_name": coming.name,
        "duties": [one.record.digest for one in owed],
        "entries": [str(one.record.id) for one in owed],
        "kinds": [one.duty.what for one in owed],
        "numbers": [one.record.number for one in owed],
        "titles": [one.title for one in owed],
        "dates": [one.duty.due_on.isoformat() for one in owed],
    }
    identity = ledger_rules.identity("handover", organ.code, office, outgoing, incoming, day.isoformat())
    if entries.present([identity]):
        raise Refused("这次交接已经登记过", fix="请在交接列表里查看", code="twice")
    draft = ledger_rules.Draft(
        kind=handovers.KIND, organ_id=organ.id, organ_code=organ.code, happened_on=day,
        rule=f"{policy.current().id}#handover", source=ledger_rules.Source(actor.username), identity=identity, body=body,
        about=official_key(outgoing),
    )  # fmt: skip
    (number,) = ledger.append([draft], at=at)
    detail = f"{office}：{leaving.name} → {coming.name}，{len(owed)}项"
    access.note(actor, action="duties.hand_over", object=f"entry:{number}", at=at, organ_id=organ.id, detail=detail)
    return number


@transaction.atomic
def sign(entry_id: int, *, actor: Actor, reason: str = "", on: date, at: datetime) -> int:
    """One side signs; for one who has no account any more the organ's head or the personnel office does, and says why."""
    card = handovers.handover(entry_id)
    if card is None:
        raise Refused("没有这份交接单", fix="请从交接列表进入", code="not_found")
    signer = rules.Signer(actor.username, actor.official, handovers.may_stand_in(actor, card.organ_id))
    side = rules.side_of(handovers.handing(card), signer)
    own = card.outgoing if side == "outgoing" else card.incoming
    on_behalf = actor.official != own
    why = rules.check_reason(reason) if on_behalf else ""
    draft = ledger.act(
        "signature", on=card.record, organ_code=subjects.directory(on).card(card.organ_id).code, happened_on=on,
        rule=f"{policy.current().id}#handover", author=actor.username, reason=why, of=side,
        body={"side": side, "official": own, "on_behalf": on_behalf},
    )  # fmt: skip
    try:
        with transaction.atomic():
            (number,) = ledger.append([draft], at=at)
    except IntegrityError as twice:
        raise Refused(f"{rules.SIDES[side]}已经签过了", fix="不必再签", clause=rules.CLAUSE, code="twice") from twice
    access.note(
        actor,
        action="duties.hand_over",
        object=f"entry:{card.id}",
        at=at,
        organ_id=card.organ_id,
        detail=f"{rules.SIDES[side]}签收{'（代签）' if on_behalf else ''}：{card.office}",
    )
    return number


def _of(known: dict[str, OfficialCard], code: str, line: frozenset[int], field: str) -> OfficialCard:
    """The official, where an office of this organ is or was held."""
    card = known.get(code)
    if card is None or not any(one.organ_id in line for one in card.offices):
        raise Refused(
            f"人员名录里没有编号{code}在本单位的任职",
            fix="请组织人事先登记任免，再办交接",
            clause=rules.CLAUSE,
            field=field,
            code="official",
        )
    return card
