"""The records that figures count, and what became of the duties they opened."""

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from msgspec import Struct

from jiannuo.duties import queries as duties
from jiannuo.duties.queries.explaining import warning_days
from jiannuo.duties.rules import Clock, Standing, standing
from jiannuo.ledger import queries as ledger
from jiannuo.ledger.queries import EntryCard
from jiannuo.policy import pack as policy
from jiannuo.policy.kinds import Kind

Bodies = Sequence[EntryCard]


def kinds_opening(*duty_kinds: str) -> tuple[Kind, ...]:
    """The kinds of record that open one of these duties."""
    return tuple(kind for kind in policy.current().kinds.values() if set(duty_kinds) & set(kind.opens))


def records(
    kinds: Iterable[Kind], *, organ_ids: Collection[int] | None, given: Sequence[EntryCard] | None
) -> list[EntryCard]:
    """The versions to count: those given, as the public may read them, or the newest of each record in the ledger."""
    names = [kind.id for kind in kinds]
    wanted = None if organ_ids is None else frozenset(organ_ids)
    if given is not None:
        return [card for card in given if card.kind in names and (wanted is None or card.organ_id in wanted)]
    found = ledger.newest(names)
    if wanted is not None:
        found = found.filter(organ_id__in=sorted(wanted))
    return ledger.cards(found)


def said(card: EntryCard, kind: Kind, role: str) -> str:
    """What a record of a kind says in the field that fills a role; several choices stand joined by a semicolon."""
    value: Any = card.body.get(kind.field_for(role))
    return ";".join(map(str, value)) if isinstance(value, list) else str(value or "")


class Owed(Struct, frozen=True):
    """How the duty of a record stands on a day, as figures count it."""

    kind: str
    due_on: date
    first_due_on: date | None
    kept_on: date | None
    standing: Standing
    waits: bool
    agreed: int
    disputed: int
    accepted: dict[str, Any]
    """What was told with the evidence that was accepted."""


ROW = (
    "entry__identity", "kind", "started_on", "due_on", "first_due_on", "kept_on", "lifted_on", "submitted_on", "agreed",
    "disputed", "kept_by_id",
)  # fmt: skip


def owed(
    identities: Collection[bytes], duty_kinds: Collection[str], *, as_of: date, told: bool = False
) -> dict[bytes, list[Owed]]:
    """The duties of these kinds that these records opened, by record; with `told` also what the accepted evidence told."""
    pack = policy.current()
    warn = {kind: warning_days(pack, kind, as_of=as_of) for kind in duty_kinds if kind in pack.duties}
    rows = duties.owed().filter(kind__in=list(warn), entry__identity__in=list(identities), started_on__lte=as_of)
    accepted = _accepted(identities, duty_kinds) if told else {}
    found: dict[bytes, list[Owed]] = {}
    for identity, kind, started, due, first_due, kept, lifted, shown, agreed, disputed, kept_by in rows.values_list(
        *ROW
    ):
        clock = Clock(started, due, kept, lifted, shown)
        stands = standing(clock, pack.calendar, as_of=as_of, warn=warn[kind])
        done = kept if kept and kept <= as_of else None
        waits = shown is not None and done is None
        one = Owed(
            kind, due, first_due, done, stands, waits, agreed, disputed, accepted.get(kept_by, {}) if done else {}
        )
        found.setdefault(bytes(identity), []).append(one)
    return found


def _accepted(identities: Collection[bytes], duty_kinds: Collection[str]) -> dict[int, dict[str, Any]]:
    """What the evidence told that each confirmation accepted, by the confirmation's number."""
    acts = ledger.facts().filter(kind__in=("performance", "confirmation"), refers__identity__in=list(identities))
    told: dict[str, dict[str, Any]] = {}
    confirmed: dict[int, str] = {}
    for number, kind, raw, digest in acts.order_by("pk").values_list("pk", "kind", "body", "digest"):
        body: dict[str, Any] = json.loads(raw)
        if body.get("duty") not in duty_kinds:
            continue
        if kind == "performance":
            told[bytes(digest).hex()] = body
        else:
            confirmed[number] = body.get("performance", "")
    return {number: told.get(digest, {}) for number, digest in confirmed.items()}
