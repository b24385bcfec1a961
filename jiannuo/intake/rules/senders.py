"""Who may send a kind: some facts may come only from the organs the law gives them to."""

from collections.abc import Mapping, Sequence

from jiannuo.kernel.refusals import Refused
from jiannuo.policy.kinds import Kind
from jiannuo.subjects.rules import Directory, OrganCard

BODIES = {"personnel": "组织人事部门", "discipline": "纪检监察机关", "leading_group": "领导小组"}


def may_send(kind: Kind, organ: OrganCard, directory: Directory, bodies: Mapping[str, Sequence[str]]) -> bool:
    """Whether an organ, or one that it took over from, is among those a kind may come from."""
    line = [directory.cards[one] for one in directory.line(organ.id)]
    codes = {one.code for one in line}

    def among(sender: str) -> bool:
        if sender == "lead":
            return directory.lead_code in codes
        if sender.startswith("type:"):
            return organ.type == sender.removeprefix("type:")
        return not codes.isdisjoint(bodies.get(sender, (sender,)))

    return not kind.senders or any(map(among, kind.senders))


def demand_open(kind: Kind) -> None:
    """Refuses what only a step of a case may write."""
    if kind.from_case:
        fix = "请在“案件”里办理，由流程里的那一步写下"
        raise Refused(f"“{kind.title}”不能上报", fix=fix, clause=kind.clause or kind.source, code="from_case")


def demand_sender(kind: Kind, organ: OrganCard, directory: Directory, bodies: Mapping[str, Sequence[str]]) -> None:
    """Refuses a kind that does not come from this organ, naming those it comes from."""
    if not may_send(kind, organ, directory, bodies):
        names = [name for sender in kind.senders for name in _named(sender, directory, bodies)]
        message = f"“{kind.title}”不由{organ.short}上报"
        fix = f"由{'、'.join(dict.fromkeys(names))}上报" if names else "请信用办在策略包里写明由哪些机关上报"
        raise Refused(message, fix=fix, clause=kind.clause or kind.source, code="sender", field="organ")


def _named(sender: str, directory: Directory, bodies: Mapping[str, Sequence[str]]) -> list[str]:
    if sender == "lead":
        return [directory.lead.short]
    if sender.startswith("type:"):
        of_type = [card.short for card in directory.organs if card.type == sender.removeprefix("type:")]
        return [*of_type[:3], *(["等"] if len(of_type) > 3 else [])]
    found = [directory.by_code[code] for code in bodies.get(sender, (sender,)) if code in directory.by_code]
    return [card.short for card in found if directory.in_force(card)] or [BODIES.get(sender, sender)]
