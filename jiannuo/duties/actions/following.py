"""Duties follow the ledger: what an entry opens, keeps or lifts, carried over once however often and wherever it is run."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from django.db import transaction

from jiannuo.duties.actions.opening import Owed, keep, lift, open_for
from jiannuo.duties.models import Bookmark, Duty
from jiannuo.kernel import days
from jiannuo.ledger import queries as ledger
from jiannuo.ledger.queries import EntryCard
from jiannuo.policy import pack as policy

ACTS = ("publication", "withholding", "withdrawal")
CHUNK = 5000


class Carried(NamedTuple):
    """The duty a record has already: the version that carries it, and whether it is kept."""

    entry_id: int
    version: int
    kept: bool


def follow(*, opened_at: datetime, limit: int = CHUNK) -> int:
    """Carry over the next entries of the ledger and return how many there were.

    The bookmark moves in the same transaction as the duties and its row is locked first: killed anywhere, run again,
    or run by two at once, nothing is lost and nothing doubled. What intake or release already did is left as it is.
    """
    opening = {name: kind.opens for name, kind in policy.current().kinds.items() if kind.opens}
    with transaction.atomic():
        mark = Bookmark.objects.select_for_update().get(pk=1)
        head, _ = ledger.head()
        if head == mark.entry:
            return 0
        entries = ledger.since(mark.entry, kinds=(*opening, *ACTS), limit=limit)
        for name, run in groupby(entries, key=lambda one: one.kind):
            if name in ACTS:
                _close(list(run))
            else:
                _open(list(run), opening[name], opened_at)
        mark.entry = entries[-1].id if len(entries) == limit else head
        mark.save(update_fields=["entry"])
    return len(entries)


def _open(entries: Sequence[EntryCard], kinds: Iterable[str], opened_at: datetime) -> None:
    newest = {one.identity: one for one in entries}
    kept_on_field = policy.current().kinds[entries[0].kind].field_for("kept_on")
    for kind in kinds:
        known = _of_records(newest, kind)
        owed = []
        for identity, one in newest.items():
            had = known.get(identity)
            if had and had.version >= one.version:
                continue
            kept_on = days.parse_day(one.body.get(kept_on_field) or "") if kept_on_field else None
            corrects = had.entry_id if had else None
            owed.append(Owed(one.id, one.organ_id, one.happened_on, corrects, kept_on))
        if entries[0].kind == "revocation":
            owed = _of_published(owed, {one.id: one for one in entries})
        open_for(owed, kind=kind, opened_at=opened_at)


def _of_published(owed: Sequence[Owed], revocations: Mapping[int, EntryCard]) -> list[Owed]:
    """A revoked decision is withdrawn where it was public; where it was not, it need no longer be disclosed."""
    found = []
    for one in owed:
        duties = _duties_revoked(revocations[one.entry_id])
        if any(had.kept for had in duties):
            found.append(one)
        else:
            lift([had.entry_id for had in duties], by=one.entry_id, on=one.started_on)
    return found


def _duties_revoked(revocation: EntryCard) -> list[Carried]:
    """The duties to publish the decision that a revocation is about: the record it refers to, or its organ's of that number."""
    if revocation.refers is not None:
        return list(_duties_about([revocation]).values())
    if not revocation.number:
        return []
    rows = Duty.objects.filter(
        kind__in=_kept_by("publication"), entry__number=revocation.number, entry__organ=revocation.organ_id
    )
    return [
        Carried(entry, version, kept is not None)
        for entry, version, kept in rows.values_list("entry_id", "entry__version", "kept_on")
    ]


def _close(acts: Sequence[EntryCard]) -> None:
    closing = lift if acts[0].kind == "withholding" else keep
    if acts[0].kind == "withdrawal":
        _close_withdrawals(acts)
        return
    duties = _duties_about(acts)
    kinds = _kept_by("publication")
    for day, group in groupby(sorted(acts, key=lambda act: (act.happened_on, act.id)), key=lambda act: act.happened_on):
        pairs = [(duties[act.id].entry_id, act.id) for act in group if act.id in duties]
        for kind in kinds:
            closing([one for one, _ in pairs], by=[act for _, act in pairs], on=day, kind=kind)


def _close_withdrawals(acts: Sequence[EntryCard]) -> None:
    for act in acts:
        record = ledger.entry(act.refers) if act.refers else None
        revocations = Duty.objects.filter(entry__refers__identity=record.identity) if record else Duty.objects.none()
        for kind in _kept_by("withdrawal"):
            entry_ids = list(revocations.filter(kind=kind, kept_on=None).values_list("entry_id", flat=True))
            keep(entry_ids, by=act.id, on=act.happened_on, kind=kind)


def _kept_by(act: str) -> list[str]:
    return [name for name, duty in policy.current().duties.items() if duty.kept_by == act]


def _duties_about(acts: Sequence[EntryCard]) -> dict[int, Carried]:
    """For each act, the duty to publish of the record it refers to, whichever version carries the duty now."""
    records = ledger.entries(act.refers for act in acts if act.refers)
    identities = {act.id: records[act.refers].identity for act in acts if act.refers in records}
    known: dict[bytes, Carried] = {}
    for kind in _kept_by("publication"):
        known |= _of_records(set(identities.values()), kind)
    return {act_id: known[identity] for act_id, identity in identities.items() if identity in known}


def _of_records(identities: Iterable[bytes], kind: str) -> dict[bytes, Carried]:
    wanted = list(identities)
    rows = (
        Duty.objects.filter(kind=kind, entry__identity__in=wanted)
        .order_by("entry__version")
        .values_list("entry__identity", "entry_id", "entry__version", "kept_on")
    )
    return {bytes(identity): Carried(entry, version, kept is not None) for identity, entry, version, kept in rows}
