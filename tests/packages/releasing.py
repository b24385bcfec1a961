"""A county's rows sent in and released, as tests of disclosure need them."""

from collections.abc import Callable
from typing import Any

import pytest

from jiannuo.access.rules import Actor
from jiannuo.disclosure import actions, queries
from jiannuo.duties import actions as duty_actions
from jiannuo.intake.queries import BatchCard
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as ledger
from jiannuo.subjects.rules import OrganCard
from tests.packages.conftest import NOW, TODAY

Send = Callable[..., BatchCard]
ASKED = ("social_impact", "summary_possible_2021")
YES: dict[str, Any] = {"confirmed": ASKED, "basis": "上级机关要求公开", "reason": "核对案卷，适用普通程序"}
ORDINARY = {"CF_NR": "罚款5000元。", "CF_NR_FK": "0.5"}


def person(organ: OrganCard, *roles: str, username: str = "reviewer") -> Actor:
    """Someone of that organ with these roles."""
    return Actor(None, username, username, organ.id, organ.short, frozenset(roles), frozenset({organ.id}))


def sent(send: Send, *rows: dict[str, Any], **more: Any) -> list[int]:
    """Sends rows in and returns the numbers of their entries."""
    before, _ = ledger.head()
    batch = send(rows, **more)
    assert batch.rejected == 0, batch
    duty_actions.follow(opened_at=NOW)
    return [entry.id for entry in ledger.since(before, kinds=[more.get("kind", "penalty_legal")], limit=10_000)]


def released(send: Send, reviewer: Actor, *rows: dict[str, Any]) -> list[int]:
    """Sends rows in, releases them all, and returns the numbers of their entries."""
    entries = sent(send, *rows)
    assert not actions.release(entry_ids=entries, actor=reviewer, on=TODAY, at=NOW, **YES).refused
    return entries


def refusal(**given: Any) -> Refused:
    """The words a release is refused with."""
    with pytest.raises(Refused) as refused:
        actions.release(on=TODAY, at=NOW, **given)
    return refused.value


def found(question: str) -> list[int]:
    """The entries a public search finds."""
    return [row.entry_id for row in queries.find(question, on=TODAY).rows]
