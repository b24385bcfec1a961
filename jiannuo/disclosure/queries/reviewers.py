"""Who decides on what waits: an organ on its own decisions; on what a case found against an organ, never that organ itself."""

from django.db.models import Q

from jiannuo.duties import queries as duties
from jiannuo.ledger.queries import EntryCard
from jiannuo.policy import pack as policy
from jiannuo.policy.kinds import Kind
from jiannuo.subjects.queries import Directory


def reviewer_of(card: EntryCard, kind: Kind, organs: Directory) -> int:
    """The organ whose people decide on a record."""
    if not kind.from_case:
        return card.organ_id
    own = organs.line(organs.heir(card.organ_id).id)
    return organs.lead.id if organs.lead.id not in own else duties.oversight(organs).id


def reaching(reach: frozenset[int] | None, organs: Directory) -> Q:
    """What of the queue is within a reach: nobody decides on what a case found against themselves."""
    if reach is None:
        return Q()
    found = [kind.id for kind in policy.current().kinds.values() if kind.from_case and kind.visibility == "public"]
    of_lead = organs.line(organs.lead.id)
    where = Q(organ__in=reach) & ~Q(kind__in=found)
    if organs.lead.id in reach:
        where |= Q(kind__in=found) & ~Q(organ__in=of_lead)
    if duties.oversight(organs).id in reach:
        where |= Q(kind__in=found, organ__in=of_lead)
    return where
