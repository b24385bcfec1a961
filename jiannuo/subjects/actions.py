"""Write who exists: organs from the pack and from the desk, officials, outside parties. The caller has asked for the right."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import IntegrityError, connection, transaction
from django.db.models import F
from msgspec.structs import replace

from jiannuo.kernel import bulk
from jiannuo.kernel.names import fold_name
from jiannuo.kernel.refusals import Refused
from jiannuo.policy.pack import Pack
from jiannuo.subjects import queries, rules
from jiannuo.subjects.models import OfficeSpell, Official, Organ, OrganSpell
from jiannuo.subjects.rules import Draft, OrganCard, PartyRow, Spell

LOADER = "策略包"


@transaction.atomic
def load_organs(pack: Pack, *, at: datetime) -> int:
    """Bring the organs of the pack in; returns how many spells were added. A second time adds nothing."""
    _lock()
    counting = rules.known(queries.spells(), None)
    codes = {spell.organ_id: spell.code for spell in counting}
    # What a person recorded at the desk stands: the file does not take it back.
    own = [spell for spell in counting if spell.recorded_by == LOADER]
    kept = {(spell.code, spell.since) for spell in counting if spell.recorded_by != LOADER}
    recorded = [(spell.id, rules.as_draft(spell, codes.get(spell.parent_id or 0, ""))) for spell in own]
    wanted = [
        Draft(
            code=organ.code,
            name=organ.name,
            short=organ.short,
            type=organ.type,
            parent=organ.parent,
            uscc=organ.uscc,
            since=organ.since,
            until=organ.until,
            successors=organ.successors,
            aliases=organ.aliases,
            assumed=organ.assumed,
        )
        for organ in pack.organs
    ]
    drafts = rules.changes(recorded, [draft for draft in wanted if (draft.code, draft.since) not in kept])
    _record(drafts, at=at, by=LOADER)
    return len(drafts)


def _lock() -> None:
    """Whoever changes organs waits for whoever was first, and then sees what that one did."""
    list(Organ.objects.select_for_update().order_by("id").values_list("id"))


def _record(drafts: Sequence[Draft], *, at: datetime, by: str) -> None:
    Organ.objects.bulk_create([Organ(code=code) for code in _new_codes(drafts)])
    ids = dict(Organ.objects.values_list("code", "id"))
    OrganSpell.objects.bulk_create(
        OrganSpell(
            organ_id=ids[draft.code],
            name=draft.name,
            short=draft.short,
            type=draft.type,
            parent_id=ids[draft.parent] if draft.parent else None,
            uscc=draft.uscc,
            since=draft.since,
            until=draft.until,
            successors=";".join(draft.successors),
            aliases=";".join(draft.aliases),
            assumed=draft.assumed,
            recorded_at=at,
            recorded_by=by,
            replaces_id=draft.replaces,
        )
        for draft in drafts
    )


def _new_codes(drafts: Iterable[Draft]) -> list[str]:
    held = set(Organ.objects.values_list("code", flat=True))
    return sorted({draft.code for draft in drafts} - held)


@transaction.atomic
def add_organ(draft: Draft, *, reason: str, at: datetime, by: str) -> int:
    """Record an organ that was not there; returns its id."""
    _need_reason(reason)
    rules.check_draft(draft)
    _lock()
    if Organ.objects.filter(code=draft.code).exists():
        raise Refused(f"单位编码{draft.code}已经有了", fix="请换一个编码，或者在该单位下登记新名称", field="code")
    if draft.parent and not Organ.objects.filter(code=draft.parent).exists():
        raise Refused(f"上级单位编码{draft.parent}不存在", fix="请先登记上级单位，或者改正编码", field="parent")
    _record([replace(draft, assumed=draft.assumed or reason)], at=at, by=by)
    return Organ.objects.get(code=draft.code).pk


def add_spell(
    organ_id: int, *, on: date, name: str, short: str = "", reason: str, at: datetime, by: str, **other: str
) -> None:
    """From a day on the organ is called or is something else: the spell that held ends there and a new one begins."""
    _need_reason(reason)
    with transaction.atomic():
        spell, parent = _open_spell(organ_id, on)
        before = rules.as_draft(spell, parent)
        aliases = tuple(dict.fromkeys((*before.aliases, before.short)))
        after = replace(before, name=name, short=short or name, since=on, aliases=aliases, assumed=reason)
        after = replace(after, **other)  # type, parent or uscc
        rules.check_draft(after)
        _record([replace(before, until=on, replaces=spell.id), after], at=at, by=by)


def rename(organ_id: int, *, on: date, name: str, short: str, reason: str, at: datetime, by: str) -> None:
    """From a day on the organ goes by another name."""
    add_spell(organ_id, on=on, name=name, short=short, reason=reason, at=at, by=by)


@transaction.atomic
def merge(organ_ids: Sequence[int], *, into: int, on: date, reason: str, at: datetime, by: str) -> None:
    """From a day on these organs are no more, and their records roll up to the one that took over."""
    _need_reason(reason)
    successor = queries.directory(on).cards.get(into)
    if successor is None or into in organ_ids:
        raise Refused("接续单位不对", fix="请选一个仍然存在、又不在撤并之列的单位", field="into")
    for organ_id in organ_ids:
        _end(organ_id, on=on, successors=(successor.code,), reason=reason, at=at, by=by)


@transaction.atomic
def end(organ_id: int, *, on: date, reason: str, at: datetime, by: str) -> None:
    """From a day on the organ is no more and nobody took over."""
    _need_reason(reason)
    _end(organ_id, on=on, successors=(), reason=reason, at=at, by=by)


def _end(organ_id: int, *, on: date, successors: tuple[str, ...], reason: str, at: datetime, by: str) -> None:
    spell, parent = _open_spell(organ_id, on)
    before = rules.as_draft(spell, parent)
    ended = replace(before, until=on, successors=successors, assumed=reason, replaces=spell.id)
    _record([ended], at=at, by=by)


def _open_spell(organ_id: int, on: date) -> tuple[Spell, str]:
    _lock()
    spells = rules.known(queries.spells(), None)
    own = [spell for spell in spells if spell.organ_id == organ_id]
    last = own[-1] if own else None
    if last is None or last.until is not None:
        raise Refused("这个单位不存在或者已经撤并", fix="请在单位名录里查它的接续单位", field="organ")
    if on <= last.since:
        raise Refused(f"变更日{on}不晚于现名称的起始日{last.since}", fix="请核对批复文件上的日期后再登记", field="on")
    parent = next((spell.code for spell in spells if spell.organ_id == last.parent_id), "")
    return last, parent


def _need_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused("没有写依据", fix="请写明批准文件的名称和文号，或者为什么这样认定", field="reason")


# -- officials -----------------------------------------------------------------------------------------------


@transaction.atomic
def appoint(
    *,
    code: str,
    name: str,
    organ: OrganCard,
    title: str,
    on: date,
    at: datetime,
    by: str,
    document: str = "",
    until: date | None = None,
    end_document: str = "",
) -> int:
    """An official takes an office on a day, and where it is known has left it by `until`; returns the id of the office held."""
    code, name, title = rules.check_office(code, name, title, since=on, until=until)
    official, _ = Official.objects.get_or_create(code=code, defaults={"name": name})
    Official.objects.select_for_update().get(pk=official.pk)
    if official.name != name:
        raise Refused(f"人员编号{code}登记的是{official.name}", fix="请核对编号，不同的人用不同的编号", field="code")
    own = OfficeSpell.objects.filter(official=official, organ_id=organ.id, title=title, replaced_by=None)
    for held in own.exclude(until=F("since")):
        if (held.until is None or on < held.until) and (until is None or held.since < until):
            fix = "不必再登记；日期有误的，先把原来那条作废"
            raise Refused(f"{name}自{held.since}起已任{organ.short}{title}", fix=fix, field="title", code="held")
    office = OfficeSpell.objects.create(
        official=official, organ_id=organ.id, title=title, since=on, until=until, document=document.strip()[:200],
        end_document=end_document.strip()[:200], recorded_at=at, recorded_by=by,
    )  # fmt: skip
    return office.pk


@transaction.atomic
def relieve(office_id: int, *, on: date, at: datetime, by: str, document: str = "") -> None:
    """The official leaves the office on a day: the row that says so takes the place of the open one. What it owes stays owed."""
    office = _held(office_id)
    if office.until is not None:
        raise Refused("这项任职已经免去", fix="请在任职记录里核对", field="office", code="relieved")
    if on < office.since:
        raise Refused(f"免职日{on}早于任职日{office.since}", fix="请核对任免文件上的日期", field="on")
    _replace(office, until=on, end_document=document.strip()[:200], at=at, by=by)


@transaction.atomic
def retract(office_id: int, *, reason: str, at: datetime, by: str) -> None:
    """It was recorded by mistake and never held: the row that says so takes its place, and both stay to be seen."""
    _need_reason(reason)
    office = _held(office_id)
    _replace(office, until=office.since, end_document=f"登记有误：{reason.strip()}"[:200], at=at, by=by)


def _held(office_id: int) -> OfficeSpell:
    office = OfficeSpell.objects.filter(pk=office_id, replaced_by=None).exclude(until=F("since")).first()
    if office is None:
        raise Refused("没有这项任职，或者已经免去、改过", fix="请在任职记录里核对", field="office", code="not_found")
    return office


def _replace(office: OfficeSpell, *, until: date, end_document: str, at: datetime, by: str) -> None:
    try:
        with transaction.atomic():
            OfficeSpell.objects.create(
                official_id=office.official_id, organ_id=office.organ_id, title=office.title, since=office.since,
                until=until, document=office.document, end_document=end_document, recorded_at=at, recorded_by=by,
                replaces=office,
            )  # fmt: skip
    except IntegrityError as twice:
        raise Refused("这项任职刚才已由别人改过", fix="请刷新后核对", field="office", code="twice") from twice


# -- outside parties -----------------------------------------------------------------------------------------


def add_parties(rows: Iterable[PartyRow]) -> None:
    """Add the parties not met before, in one go; those already there stay as first reported."""
    with connection.cursor() as cursor:
        bulk.insert(
            cursor,
            "subjects_party",
            ("key", "type", "name", "folded", "since"),
            ((row.key, row.type, row.name, fold_name(row.name), row.since.isoformat()) for row in rows),
            ignore=True,
        )
