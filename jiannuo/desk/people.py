"""Who did something, by the name colleagues know them by."""

from collections.abc import Iterable, Mapping

from jiannuo.access import queries as accounts
from jiannuo.duties import actions as duties
from jiannuo.duties.queries.invited import BENEFICIARY

NOBODY: Mapping[str, str] = {"tick": "系统按期限核对", duties.PUBLIC: "群众", BENEFICIARY: "受益人、提出人"}
"""Authors that are no account, in words."""


def called(authors: Iterable[str]) -> Mapping[str, str]:
    """Author as the ledger knows it → the name on the account; a machine's key keeps its own."""
    asked = frozenset(authors) - {""}
    known = accounts.names(asked - NOBODY.keys())
    return {one: NOBODY.get(one) or known.get(one) or one for one in asked}
