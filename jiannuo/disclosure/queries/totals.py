"""How much is public, counted through indexes alone, and where the public records of given entries are."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Count

from jiannuo.disclosure.models import Listing
from jiannuo.ledger.models import Entry


def by_kind() -> dict[str, int]:
    """How many records of each kind are public."""
    return dict(Listing.objects.order_by("kind").values_list("kind").annotate(Count("id")))


def by_organ(organ_ids: Iterable[int] | None = None) -> dict[tuple[int, str], int]:
    """How many records of these organs, or of all, are public, by the organ whose they were and by kind."""
    rows = Listing.objects.order_by("organ", "kind").values_list("organ", "kind").annotate(Count("id"))
    if organ_ids is not None:
        rows = rows.filter(organ__in=list(organ_ids))
    return {(organ, kind): count for organ, kind, count in rows}


def decided(first: date, last: date) -> int:
    """How many public records are of decisions made in a period."""
    return Listing.objects.filter(decided_on__range=(first, last)).count()


def addresses(entry_ids: Iterable[int]) -> dict[int, str]:
    """The lasting address of each of these entries whose record is public now; the others are left out."""
    identities = dict(Entry.objects.filter(pk__in=list(entry_ids)).values_list("pk", "identity"))
    public = set(
        map(bytes, Listing.objects.filter(identity__in=identities.values()).values_list("identity", flat=True))
    )
    return {entry: bytes(identity).hex() for entry, identity in identities.items() if bytes(identity) in public}
