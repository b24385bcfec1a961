"""Whom a case is about, and on whose table it lies: never on that of the one it is about."""

from collections.abc import Mapping, Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from jiannuo.cases import rules
from jiannuo.cases.queries import CaseCard
from jiannuo.duties.queries import oversight
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as entries
from jiannuo.ledger.queries import EntryCard
from jiannuo.policy import pack as policy
from jiannuo.policy.flows import Flow, Step
from jiannuo.policy.kinds import Kind
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.queries import Directory

OFFICIAL = "official:"
"""How the key of an official begins."""


class Whom(Struct, frozen=True):
    """Whom a case is about: an organ, an official of it, a record; and the organ that opened it."""

    subject: int | None = None
    official: str = ""
    record: EntryCard | None = None
    opener: int | None = None
    named: int | None = None
    """The organ that the opening names to handle it."""


def naming(about: Whom, flow: Flow, kind: Kind, values: Mapping[str, str], directory: Directory) -> Whom:
    """With the organ that the opening names to handle it. Refuses an unknown one, and the very one it is about."""
    field = kind.field_for("handler")
    if not field or not values.get(field):
        return about
    clause = flow.clause or flow.source
    named = directory.find(values[field])
    if named is None:
        raise Refused(
            f"没有“{values[field][:60]}”这个单位", fix="请从名单里选", clause=clause, field=field, code="organ"
        )
    heir = directory.heir(named.id)
    if about.subject and heir.id in directory.line(directory.heir(about.subject).id):
        fix = f"请把{heir.short}单列一次，写明由它的上级办理"
        raise Refused(f"{heir.short}不能办自己的事", fix=fix, clause=rules.OWN_CASE, field=field, code="own")
    return replace(about, named=heir.id)


def whom(
    flow: Flow, kind: Kind, values: Mapping[str, str], record: EntryCard | None, directory: Directory, on: date
) -> Whom:
    """As the form or the record says; of an official, the organ is the one where the office is held."""
    if flow.about == "item":
        return Whom(record=record)
    if record is not None:
        # What says something of an outside party is not about the organ that said it.
        of_party = bool(record.about) and not official_of(record.about)
        return Whom(None if of_party else directory.heir(record.organ_id).id, official_of(record.about), record)
    official = values.get(kind.field_for("official"), "") if flow.about == "official" else ""
    field = kind.field_for("organ_name")
    text = values.get(field, "") if field else ""
    named = directory.find(text) if text else None
    if text and named is None:
        # Taken in as it is, nobody would know that it must not be handed to this very organ.
        fix = "请从名单里选；名单里没有的，把名称写在情况里，这一栏空着"
        raise Refused(
            f"没有“{text[:60]}”这个单位", fix=fix, clause=flow.clause or flow.source, field=field, code="organ"
        )
    if official and named is None:
        known = subjects.official(official)
        office = next(iter(known.last(on)), None) if known else None
        return Whom(directory.heir(office.organ_id).id if office else None, official)
    return Whom(directory.heir(named.id).id if named else None, official)


def official_of(about: str) -> str:
    """The official's code that the key names; empty where it names somebody else."""
    return about.removeprefix(OFFICIAL) if about.startswith(OFFICIAL) else ""


def first_handler(flow: Flow, about: Whom, directory: Directory, parent: CaseCard | None) -> int:
    """Who has the case first."""
    to = _towards(flow.handled_by, about, directory)
    return to if to is not None else parent.handler_id if parent else directory.lead.id


def carried_by(name: str, about: Whom, directory: Directory) -> int:
    """The organ that carries out a measure; never the one it is laid on."""
    found = _towards(name, about, directory)
    lead = _towards("lead", about, directory) or directory.lead.id
    own = directory.line(directory.heir(about.subject).id) if about.subject else frozenset[int]()
    return found if found is not None and found not in own else lead


def next_handler(card: CaseCard, step: Step, chosen: Sequence[int], directory: Directory) -> int:
    """Who has it after a step."""
    if step.hands_to == "chosen":
        return chosen[0]
    record = entries.entry(card.record_id) if step.hands_to == "source" and card.record_id else None
    about = Whom(card.subject_id, card.official, record, card.opener_id)
    if step.hands_to == "named":
        about = naming(about, card.flow, card.kind, card.opening.body, directory)
    to = _towards(step.hands_to, about, directory)
    return to if to is not None else card.handler_id


def _towards(who: str, about: Whom, directory: Directory) -> int | None:
    own = directory.line(directory.heir(about.subject).id) if about.subject else frozenset[int]()
    lead = directory.lead.id if directory.lead.id not in own else oversight(directory).id
    if who == "lead" or (who == "superior" and not about.subject):
        return lead
    if who == "superior" and about.subject:
        return superior(about.subject, directory)
    if who == "source":
        return _decider(about.record, directory) if about.record else None
    organ = {"subject": about.subject, "opener": about.opener, "named": about.named}.get(who) or _body(who, directory)
    return directory.heir(organ).id if organ else None


def _body(name: str, directory: Directory) -> int | None:
    """The first of the organs that the county names for a body."""
    codes = policy.current().bodies.get(name, ())
    return next((directory.by_code[code].id for code in codes if code in directory.by_code), None)


def _decider(record: EntryCard, directory: Directory) -> int:
    """The organ that made a record: the one it names as having decided, else the one it belongs to; of what a case found and names
    nobody, the lead office, or who oversees it.
    """
    kind = policy.current().kinds[record.kind]
    named = directory.find(str(record.body.get(kind.field_for("decider")) or "")) if kind.field_for("decider") else None
    if kind.from_case and named is None:
        own = directory.line(directory.heir(record.organ_id).id)
        return directory.lead.id if directory.lead.id not in own else oversight(directory).id
    return directory.heir(named.id if named else record.organ_id).id


def superior(organ_id: int, directory: Directory) -> int:
    """The body that verifies what is said against an organ: its parent, or where that is the government itself, the government's
    own office; never the organ itself (发改财金〔2023〕1103号).
    """
    card = directory.heir(organ_id)
    parent = directory.heir(card.parent_id) if card.parent_id else None
    if parent is not None and parent.type != "government" and parent.id != card.id:
        return parent.id
    over = oversight(directory)
    return over.id if over.id != card.id else directory.lead.id


def chosen_organs(card: CaseCard, step: Step, named: Sequence[str], directory: Directory) -> list[int]:
    """The organs a step names, as they stand today. Refuses unknown ones, and handing a case to the one it is about."""
    if not {"organ", "organs"} & set(step.needs):
        return []
    clause = card.flow.clause or card.flow.source
    found = {text: directory.find(text) for text in named if text.strip()}
    for text, organ in found.items():
        if organ is None:
            raise Refused(f"没有“{text}”这个单位", fix="请从名单里选", clause=clause, field="organs", code="organ")
    ids = list(dict.fromkeys(directory.heir(organ.id).id for organ in found.values() if organ))
    if not ids or ("organ" in step.needs and len(ids) != 1):
        fix = "请选一个单位" if "organ" in step.needs else "请至少选一个单位"
        raise Refused("没有选交给哪个单位", fix=fix, clause=clause, field="organs", code="organ")
    own = directory.line(directory.heir(card.subject_id).id) if card.subject_id else frozenset[int]()
    if own & set(ids) and not step.parts:
        fix = "请选它的上级或者主管单位"
        raise Refused("不能交给被反映的单位自己办", fix=fix, clause=rules.OWN_CASE, field="organs", code="own")
    return ids
