"""What the form that opens a case asks for: not what the item it is about says already, nor what its channel tells."""

from msgspec.structs import replace

from jiannuo.ledger.queries import EntryCard
from jiannuo.policy import pack as policy
from jiannuo.policy.flows import Flow
from jiannuo.policy.kinds import Kind


def asked_at_opening(flow: Flow, *, web: bool) -> tuple[Kind, ...]:
    """The kinds of fact with the fields that a form asks for when a case is opened: on the portal, or at the desk."""
    kinds = policy.current().kinds
    known = frozenset(flow.by_web) if web else frozenset[str]()
    known |= _of_item(flow)
    return tuple(
        replace(kind, fields=tuple(field for field in kind.fields if field.id not in known))
        for kind in (kinds[name] for name in (flow.kind, flow.apart) if name)
    )


def taken_over(flow: Flow, item: EntryCard | None) -> dict[str, str]:
    """What the opening takes from the item it is about: every field that both know by the same name."""
    if item is None or flow.about != "item":
        return {}
    return {name: str(item.body.get(name) or "") for name in _of_item(flow)}


def _of_item(flow: Flow) -> frozenset[str]:
    if flow.about != "item":
        return frozenset()
    kinds = policy.current().kinds
    listed = frozenset(name for record in flow.records for name in kinds[record].by_id)
    return listed & kinds[flow.kind].by_id.keys()
