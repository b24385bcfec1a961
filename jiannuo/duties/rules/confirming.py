"""Which organ confirms what another owes, and which looks after the lead office itself."""

from jiannuo.policy import pack as policy
from jiannuo.subjects.rules import Directory, OrganCard


def confirmer(organ_id: int, debtor_id: int, organs: Directory) -> int:
    """Who confirms: the organ meant, or where that is the debtor itself, who oversees the lead office, or else the lead office."""
    own = organs.line(organs.heir(debtor_id).id) | {debtor_id}
    for one in (organs.heir(organ_id).id, oversight(organs).id, organs.lead.id):
        if one not in own:
            return one
    return organ_id


def confirms_words(kind: str, organ: str) -> str:
    """Who confirms a kind of duty, in words; `organ` is the one that stands for it."""
    outside = policy.current().duties[kind].confirmed_by == "creditor"
    return f"收款、受益的企业（{organ}督促）" if outside else organ


def oversight(organs: Directory) -> OrganCard:
    """The organ that looks after what the lead office itself owes: named in the pack, else the government's own office."""
    named = policy.current().about.get("oversight", "")
    offices = [card for card in organs.organs if card.type == "office"]
    return organs.by_code.get(named) or next(iter(offices), organs.lead)
