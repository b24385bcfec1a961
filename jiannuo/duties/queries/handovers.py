"""Handing over an office: what it still owes, the list both sides sign, and the lists that are not signed yet (新官理旧账)."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from msgspec import Struct

from jiannuo.access import queries as accounts
from jiannuo.access import rules as access
from jiannuo.access.rules import Actor
from jiannuo.duties.models import Duty
from jiannuo.duties.queries.promises import PromiseCard, cards_of
from jiannuo.duties.rules.handing_over import Handing, Item, Side, Signature, Signed
from jiannuo.kernel.names import fold_name
from jiannuo.ledger import queries as ledger
from jiannuo.ledger.queries import EntryCard
from jiannuo.subjects import queries as subjects

KIND = "handover"


class HandoverCard(Struct, frozen=True):
    """A list of what an office still owes, handed from one official to the next."""

    id: int
    organ_id: int
    office: str
    outgoing: str
    outgoing_name: str
    incoming: str
    incoming_name: str
    on: date
    author: str
    seen_at: datetime
    digest: str
    items: tuple[Item, ...]
    signatures: tuple[Signature, ...]
    record: EntryCard

    def signed(self, side: Side) -> Signature | None:
        """The signature of one side, if it is there."""
        return next((one for one in self.signatures if one.side == side), None)

    @property
    def is_complete(self) -> bool:
        """Whether both sides have signed."""
        return len(self.signatures) == 2

    def waits_for(self, actor: Actor) -> bool:
        """Whether this actor has still to sign for oneself."""
        return bool(actor.official) and (
            (actor.official == self.outgoing and self.signed("outgoing") is None)
            or (actor.official == self.incoming and self.signed("incoming") is None)
        )


class Office(Struct, frozen=True):
    """An office of an organ: who holds it, and how many duties it still owes."""

    title: str
    holders: tuple[str, ...]
    open: int


def handover(entry_id: int) -> HandoverCard | None:
    """The handover of that number with its signatures; nothing where there is none."""
    return next(iter(_cards(ledger.cards(ledger.facts().filter(pk=entry_id, kind=KIND)))), None)


def handovers(organ_ids: Collection[int], *, limit: int = 50) -> tuple[HandoverCard, ...]:
    """The handovers of these organs, the latest first."""
    found = ledger.facts().filter(kind=KIND, organ_id__in=list(organ_ids)).order_by("-happened_on", "-pk")
    return _cards(ledger.cards(found[:limit]))


def of_official(code: str, *, limit: int = 50) -> tuple[HandoverCard, ...]:
    """The handovers an official was part of on either side, the latest first: they are of organs where an office was held."""
    held = subjects.officials(codes=[code]) if code else ()
    found = handovers({office.organ_id for office in held}, limit=500) if held else ()
    return tuple(one for one in found if code in (one.outgoing, one.incoming))[:limit]


def unsigned(actor: Actor) -> tuple[HandoverCard, ...]:
    """The handovers not signed by both that this actor is part of, or whose organ's head this actor is; the oldest first."""
    watched = actor.scope if "head" in actor.roles else frozenset()
    held = subjects.officials(codes=[actor.official]) if actor.official else ()
    organs = watched | {office.organ_id for office in held}
    if not organs:
        return ()
    found = _unsigned().filter(organ_id__in=list(organs)).order_by("happened_on", "pk")
    cards = _cards(ledger.cards(found[:200]))
    return tuple(
        one
        for one in cards
        if one.organ_id in watched or (actor.official and actor.official in (one.outgoing, one.incoming))
    )


def open_handover(organ_ids: Collection[int], office: str) -> HandoverCard | None:
    """The handover of this office that waits to be signed, if there is one."""
    cards = _cards(ledger.cards(_unsigned().filter(organ_id__in=list(organ_ids)).order_by("pk")[:200]))
    return next((one for one in cards if fold_name(one.office) == fold_name(office)), None)


def may_stand_in(actor: Actor, organ_id: int) -> bool:
    """Whether the actor may sign for one who has left: the head of the organ, or who keeps the register of officials."""
    head = bool(access.roles_reaching(actor, "duties.hand_over", (organ_id,)) & {"head"})
    return head or access.may(actor, "offices.manage", organ_id)


def handing(card: HandoverCard) -> Handing:
    """The handover as the rules of signing it see it."""
    return Handing(
        card.outgoing,
        card.incoming,
        card.outgoing_name,
        tuple(Signed(one.side, one.author) for one in card.signatures),
        accounts.usernames_of_officials([card.outgoing]).get(card.outgoing, ""),
    )


def offices(organ_ids: Collection[int], *, on: date) -> tuple[Office, ...]:
    """The offices of an organ by the register and by what they owe, those that owe most first."""
    owed: dict[str, int] = dict(_open(organ_ids).exclude(office="").values_list("office").annotate(Count("pk")))
    held: dict[str, list[str]] = {}
    for one in subjects.officials(organ_ids, on=on):
        held.setdefault(one.title, []).append(one.name)
    titles = {fold_name(title): title for title in (*owed, *held)}
    found = [
        Office(
            title,
            tuple(name for spelt, names in held.items() if fold_name(spelt) == folded for name in names),
            sum(count for spelt, count in owed.items() if fold_name(spelt) == folded),
        )
        for folded, title in titles.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.open, one.title)))


def open_of_office(organ_ids: Collection[int], office: str, *, as_of: date) -> list[PromiseCard]:
    """What an office still owes, by due date. A change of its holder changes none of it."""
    spelt = set(_open(organ_ids).exclude(office="").values_list("office", flat=True).distinct())
    same = [one for one in spelt if fold_name(one) == fold_name(office)]
    return cards_of(_open(organ_ids).filter(office__in=same).order_by("due_on", "pk"), as_of=as_of) if same else []


def _open(organ_ids: Collection[int]) -> QuerySet[Duty]:
    return Duty.objects.filter(debtor__in=list(organ_ids), kept_on=None, lifted_on=None, confirmer__isnull=False)


def _unsigned() -> QuerySet[Any]:
    signed = ledger.facts().filter(kind="signature", refers=OuterRef("pk")).order_by()
    counted = signed.values("refers").annotate(several=Count("pk")).values("several")
    return ledger.facts().annotate(signed=Coalesce(Subquery(counted), 0)).filter(Q(signed__lt=2), kind=KIND)


def _cards(records: Iterable[EntryCard]) -> tuple[HandoverCard, ...]:
    records = list(records)
    acts = ledger.cards(ledger.facts().filter(kind="signature", refers__in=[one.id for one in records]).order_by("pk"))
    return tuple(_card(one, [act for act in acts if act.refers == one.id]) for one in records)


def _card(record: EntryCard, acts: list[EntryCard]) -> HandoverCard:
    body = record.body
    items = zip(*(body[name] for name in ("entries", "duties", "kinds", "numbers", "titles", "dates")), strict=True)
    return HandoverCard(
        id=record.id,
        organ_id=record.organ_id,
        office=body["office"],
        outgoing=body["outgoing"],
        outgoing_name=body["outgoing_name"],
        incoming=body["incoming"],
        incoming_name=body["incoming_name"],
        on=record.happened_on,
        author=record.author,
        seen_at=record.seen_at,
        digest=record.digest,
        items=tuple(Item(int(entry), *rest) for entry, *rest in items),
        signatures=tuple(
            Signature(
                act.body["side"],  # type: ignore[arg-type]  # written by sign alone
                act.author,
                act.seen_at,
                bool(act.body.get("on_behalf")),
                act.reason,
            )
            for act in acts
        ),
        record=record,
    )
