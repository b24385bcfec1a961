"""What figures on public pages are counted from: of each record the version that was released, and nothing else."""

from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import Q

from jiannuo.disclosure.models import Listing
from jiannuo.ledger import queries as ledger
from jiannuo.ledger.queries import EntryCard
from jiannuo.policy.kinds import Kind


def released(
    kinds: Iterable[Kind],
    *,
    on: date,
    organ_ids: Collection[int] | None = None,
    first: date | None = None,
    last: date | None = None,
) -> list[EntryCard]:
    """The public versions of the records of these kinds and organs that happened in a period, in the order of publication."""
    found = Listing.objects.filter(Q(until=None) | Q(until__gte=on), kind__in=[kind.id for kind in kinds])
    if organ_ids is not None:
        found = found.filter(organ__in=sorted(organ_ids))
    if first is not None and last is not None:
        found = found.filter(decided_on__range=(first, last))
    return [
        ledger.card(row) for row in found.order_by("pk").values_list(*(f"entry__{name}" for name in ledger.COLUMNS))
    ]
